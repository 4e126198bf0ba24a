"""What the sources of both sides tell of inputs: numbers, texts, and regular expressions."""

from __future__ import annotations

import contextlib
import math
import re
from typing import Any, Literal

from parity.project import perl_source

MOST_CONSTANTS = 200
MOST_PATTERNS = 4

Text = tuple[str, Literal["perl", "python"]]  # a source, and its language

_NUMBER = re.compile(r"(?<![\w.])(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TEXT = re.compile(r"'([^'\\\n]{0,40})'|\"([^\"\\\n]{0,40})\"")
_PATTERN = re.compile(r"\bre\.[a-z]+\(\s*r?(['\"])((?:(?!\1)[^\\\n]|\\.)+)\1")
LONGEST_TEXT = 40
_UNKNOWN = re.compile(r"(?<!\\)(?:\\\\)*[$@][\w{]|\[:\^?\w+:\]")  # interpolated, or a class
_IN_PYTHON = {  # what Perl writes in another way, of what a text in ASCII may match
    r"\\z": r"\\Z",
    r"\\K": "",
    r"\\h": r"[ \\t]",
    r"\\x\{([0-9A-Fa-f]{2})\}": r"\\x\1",
    r"\(\?<([A-Za-z_]\w*)>": r"(?P<\1>",
    r"\\k[<{](\w+)[>}]": r"(?P=\1)",
    r"\\p\{Lu\}": "[A-Z]",
    r"\\p\{Ll\}": "[a-z]",
    r"\\p\{L\}": "[A-Za-z]",
    r"\\p\{Nd?\}": "[0-9]",
    r"\[:upper:\]": "A-Z",
    r"\[:lower:\]": "a-z",
    r"\[:alpha:\]": "A-Za-z",
    r"\[:alnum:\]": "A-Za-z0-9",
    r"\[:digit:\]": "0-9",
    r"\[:xdigit:\]": "0-9A-Fa-f",
    r"\[:space:\]": r"\\s",
}


def constants(*sources: Text) -> list[Any]:
    """The numbers and texts that stand in sources, and the numbers' neighbours.

    A branch that depends on one value is nearly never hit by chance; the value stands in the code.
    A wrong guess here costs nothing.
    """
    found: dict[tuple[type, Any], Any] = {}

    def add(value: Any) -> None:
        found.setdefault((type(value), value), value)

    for text, language in sources:
        numbers, texts = (_perl_literals if language == "perl" else _python_literals)(text)
        for number in numbers:
            for signed in (number, -number):
                add(signed)
                add(math.nextafter(signed, math.inf))
                add(math.nextafter(signed, -math.inf))
                if number.is_integer() and abs(number) < 2**62:
                    for near in (0, 1, -1):
                        add(int(signed) + near)
                        add(signed + near)
        for literal in texts:
            add(literal)
            add(literal.encode())
    return list(found.values())[:MOST_CONSTANTS]


def _perl_literals(source: str) -> tuple[list[float], list[str]]:
    numbers, texts = perl_source.literals(source.encode())
    return numbers, [text for text in texts if len(text) <= LONGEST_TEXT]


def _python_literals(source: str) -> tuple[list[float], list[str]]:
    numbers = [float(digits.replace("_", "")) for digits in _NUMBER.findall(source)]
    return numbers, [single or double for single, double in _TEXT.findall(source)]


def patterns(*sources: Text) -> list[str]:
    """The regular expressions that stand in sources, those that mean something to Python."""
    found: dict[str, None] = {}
    for source, language in sources:
        written = perl_source.patterns(source.encode()) if language == "perl" else _python(source)
        for text, flags in written:
            kept = "".join(flag for flag in "imsx" if flag in flags)
            for perl, python in _IN_PYTHON.items():
                text = re.sub(perl, python, text)
            text = (f"(?{kept})" if kept else "") + text
            with contextlib.suppress(re.error, OverflowError, RecursionError):
                if not _UNKNOWN.search(text) and re.compile(text):
                    found[text] = None
    return list(found)[:MOST_PATTERNS]


def _python(source: str) -> list[tuple[str, str]]:
    return [(match[2], "") for match in _PATTERN.finditer(source)]
