"""What a Perl value, or a failed call, is in Python where no built-in type will do."""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass
from typing import Any

_OBJECT = re.compile(r"object:[\w:]+")


@dataclass(frozen=True)
class Dual:
    """A Perl scalar that is a number and a text at once."""

    number: float | int
    text: str | bytes


@dataclass(frozen=True)
class Function:
    """A Perl code reference, by the full name of its sub."""

    name: str


@dataclass(frozen=True)
class Uncrossable:
    """A Perl value that has no Python counterpart, by its type's name."""

    type: str


@dataclass(frozen=True)
class Failure:
    """A call that failed. type: the exception's, or "die" for Perl. value: its text, or data.

    domain: it divided by zero, or left the domain of a logarithm or a square root.
    """

    type: str
    value: Any
    domain: bool = False

    @property
    def is_object(self) -> bool:
        """Whether Perl died with an object that has no text: the value names its class."""
        return isinstance(self.value, str) and _OBJECT.fullmatch(self.value) is not None


def characters(text: Any) -> Any:
    """Perl's text as str: bytes are characters up to U+00FF. Anything else as it is."""
    return text.decode("latin-1") if isinstance(text, bytes) else text


def same_double(a: float, b: float) -> bool:
    """Whether two doubles have the same 64 bits; every nan is the same as every other."""
    return struct.pack("d", a) == struct.pack("d", b) or (math.isnan(a) and math.isnan(b))


def is_latin1_text(value: Any) -> bool:
    """Whether a value is text whose highest character is one of 0x80 to 0xFF."""
    return isinstance(value, str) and not value.isascii() and max(map(ord, value)) < 256
