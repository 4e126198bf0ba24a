"""What the sources of both sides tell of inputs: numbers, texts, and regular expressions."""

from __future__ import annotations

import ast
import contextlib
import itertools
import math
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from parity.project import perl_source

MOST_OWN = 1000  # numbers, and texts, of the pair's own sources
MOST_CONSTANTS = 200  # of those of the files around them
MOST_PATTERNS = 32
MOST_FACTORS = 6  # numbers of which products are made
LONGEST_TEXT = 40
LARGEST = 2**62  # of the whole numbers that have neighbours

Source = tuple[str, Literal["perl", "python"]]  # a text, and its language
Pattern = tuple[str, str]  # a regular expression, and its flags

_IN_PYTHON = {  # what Perl writes in another way, of what a text in ASCII may match
    r"\\z": r"\\Z",
    r"\\[KG]": "",
    r"\\h": r"[ \\t]",
    r"\\R": r"\\n",
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
_UNKNOWN = re.compile(r"(?<!\\)(?:\\\\)*[$@][\w{]|\[:\^?\w+:\]")  # interpolated, or a class
_FLAGS = {"I": "i", "IGNORECASE": "i", "M": "m", "MULTILINE": "m"}
_FLAGS |= {"S": "s", "DOTALL": "s", "X": "x", "VERBOSE": "x"}


@dataclass(frozen=True)
class SourceValues:
    """What stands in sources.

    constants: numbers and texts, those of the pair's own sources first. own_texts: those texts of
    the pair's own sources. patterns: regular expressions, as Python writes them.
    """

    constants: Sequence[Any] = ()
    own_texts: Sequence[str] = ()
    patterns: Sequence[str] = ()


def read(own: Sequence[Source], files: Sequence[Source]) -> SourceValues:
    """The values in the sources of a sub and its port, and in the files around them."""
    here, around = list(map(_read, own)), list(map(_read, files))
    both = [*_constants(here, MOST_OWN), *_constants(around, MOST_CONSTANTS)]
    constants = {(type(value), repr(value)): value for value in both}
    texts = dict.fromkeys(text for one in here for text in one.texts)
    written = [pattern for one in (*here, *around) for pattern in one.patterns]
    return SourceValues(list(constants.values()), list(texts)[:MOST_OWN], _patterns(written))


@dataclass
class _Found:
    """What stands in one source."""

    numbers: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)


def _read(source: Source) -> _Found:
    text, language = source
    found = _perl(text) if language == "perl" else _python(text)
    found.texts = [part for text in found.texts for part in _parts(text)]
    return found


def _parts(text: str) -> Iterator[str]:
    """A text, unless it is long; and its words, where it is a list of words."""
    if len(text) <= LONGEST_TEXT:
        yield text
    words = text.split()
    if len(words) > 2:
        yield from (word for word in words if len(word) <= LONGEST_TEXT)


def _perl(source: str) -> _Found:
    numbers, texts = perl_source.literals(source.encode("utf-8", "surrogatepass"))
    return _Found(numbers, texts, perl_source.patterns(source.encode("utf-8", "surrogatepass")))


def _python(source: str) -> _Found:
    found = _Found()
    try:
        tree = ast.parse(textwrap.dedent(source))
    except (SyntaxError, ValueError):
        return found
    others = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (pattern := _pattern(node)):
            found.patterns.append(pattern)
            others.add(id(node.args[0]))
        if not isinstance(node, ast.Constant) or id(node) in others:
            continue
        value = node.value
        if isinstance(value, str | bytes):
            found.texts.append(value if isinstance(value, str) else value.decode("latin-1"))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            with contextlib.suppress(OverflowError):
                found.numbers.append(float(value))
    return found


def _pattern(call: ast.Call) -> Pattern | None:
    """The regular expression of a call of a function of `re`."""
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="re")), args=[ast.Constant(value=str(text)), *_]
        ):
            names = [node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute)]
            return text, "".join(_FLAGS.get(name, "") for name in names)
    return None


def _constants(sources: Sequence[_Found], most: int) -> list[Any]:
    """Numbers and texts, at most so many of each, and then the numbers' neighbours.

    A branch that depends on one value is nearly never hit by chance; the value stands in the code.
    A wrong guess here costs nothing.
    """
    numbers = list(dict.fromkeys(number for one in sources for number in one.numbers))[:most]
    texts = list(dict.fromkeys(text for one in sources for text in one.texts))[:most]
    found: list[Any] = []
    for number in numbers:
        found.append(number)
        if _is_whole(number):
            found.append(int(number))
    for text in texts:
        found += [text, text.encode("utf-8", "surrogatepass")]
    whole = list(dict.fromkeys(int(number) for number in numbers if _is_whole(number)))
    for one, other in itertools.combinations_with_replacement(whole[:MOST_FACTORS], 2):
        if 1 < one * other < LARGEST:
            found += [one * other + step for step in (0, 1, -1)]
    for number in numbers[:MOST_CONSTANTS]:
        near = [math.nextafter(number, math.inf), math.nextafter(number, -math.inf)]
        found += [-number, *near, *(-one for one in near)]
        if _is_whole(number):
            steps = [sign * int(number) + step for sign in (1, -1) for step in (0, 1, -1)]
            found += [*steps, *map(float, steps)]
    return found


def _is_whole(number: float) -> bool:
    return number.is_integer() and abs(number) < LARGEST


def _patterns(written: Sequence[Pattern]) -> list[str]:
    """The regular expressions that mean something to Python."""
    found: dict[str, None] = {}
    for text, flags in written:
        kept = "".join(flag for flag in "imsx" if flag in flags)
        for perl, python in _IN_PYTHON.items():
            text = re.sub(perl, python, text)
        text = (f"(?{kept})" if kept else "") + text
        with contextlib.suppress(re.error, OverflowError, RecursionError):
            if not _UNKNOWN.search(text) and re.compile(text):
                found[text] = None
    return list(found)[:MOST_PATTERNS]
