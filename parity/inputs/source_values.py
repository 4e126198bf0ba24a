"""What the sources of both sides tell of inputs: numbers, texts, and regular expressions."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Iterator
from typing import Any

MOST_CONSTANTS = 200
MOST_PATTERNS = 4

_NUMBER = re.compile(r"(?<![\w.$@%])(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TEXT = re.compile(r"'([^'\\\n]{0,40})'|\"([^\"\\\n$@]{0,40})\"")
_PERL_PATTERN = re.compile(
    r"(?:[=!]~\s*[ms]?|\b(?:m|s|qr)|\b(?:split|grep|if|unless|and|or|not|return)[\s(]+|[(,;{]\s*)"
    r"/((?:[^/\\\n]|\\.)+)/([a-z]*)"
)
_BETWEEN_OTHERS = re.compile(r"\b(?:m|qr)([~!#|%])((?:(?!\1)[^\\\n]|\\.)+)\1([a-z]*)")
_OVER_LINES = re.compile(
    r"(?:[=!]~\s*[ms]?|\bqr|\bsplit[\s(]+)/((?:[^/\\]|\\.)+)/([a-wyz]*x[a-z]*)"
)
_IN_BRACKETS = [
    re.compile(
        rf"\b{word}{o}((?:[^{o}{c}\\]|\\.|{o}(?:[^{o}{c}\\]|\\.|{o}[^{o}{c}]*{c})*{c})+){c}([a-z]*)"
    )
    for o, c, word in (
        (r"\{", r"\}", "(?:m|s|qr)"),
        (r"\(", r"\)", "(?:m|qr)"),
        (r"\[", r"\]", "(?:m|qr)"),
        ("<", ">", "(?:m|qr)"),
    )
]
_PYTHON_PATTERN = re.compile(r"\bre\.[a-z]+\(\s*r?(['\"])((?:(?!\1)[^\\\n]|\\.)+)\1")
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


def constants(*sources: str) -> list[Any]:
    """The numbers and texts that stand in sources of any language, and their neighbours.

    A branch that depends on one value is nearly never hit by chance; the value stands in the code.
    A wrong guess here costs nothing.
    """
    found: dict[tuple[type, Any], Any] = {}

    def add(value: Any) -> None:
        found.setdefault((type(value), value), value)

    for source in sources:
        for digits in _NUMBER.findall(source):
            number = float(digits.replace("_", ""))
            for signed in (number, -number):
                add(signed)
                add(math.nextafter(signed, math.inf))
                add(math.nextafter(signed, -math.inf))
                if number.is_integer() and abs(number) < 2**62:
                    for near in (0, 1, -1):
                        add(int(signed) + near)
                        add(signed + near)
        for single, double in _TEXT.findall(source):
            add(single or double)
            add((single or double).encode())
    return list(found.values())[:MOST_CONSTANTS]


def patterns(*sources: str) -> list[str]:
    """The regular expressions that stand in sources, those that mean something to Python."""
    found: dict[str, None] = {}
    for source in sources:
        for text, flags in _written(source):
            kept = "".join(flag for flag in "imsx" if flag in flags)
            for perl, python in _IN_PYTHON.items():
                text = re.sub(perl, python, text)
            text = (f"(?{kept})" if kept else "") + text
            with contextlib.suppress(re.error, OverflowError, RecursionError):
                if not _UNKNOWN.search(text) and re.compile(text):
                    found[text] = None
    return list(found)[:MOST_PATTERNS]


def _written(source: str) -> Iterator[tuple[str, str]]:
    """Regular expressions as they are written, and their flags."""
    for way in (_PERL_PATTERN, _OVER_LINES, *_IN_BRACKETS):
        yield from ((match[1], match[2]) for match in way.finditer(source))
    yield from ((match[2], match[3]) for match in _BETWEEN_OTHERS.finditer(source))
    yield from ((match[2], "") for match in _PYTHON_PATTERN.finditer(source))
