"""The wire between Python and the Perl worker: frames, and the values in them.

A frame is a head of three unsigned 32-bit little-endian numbers, then the payload:

    length of the payload | the same, all bits flipped | check sum of the payload

The check sum takes the payload as 32-bit little-endian words, padded with zero bytes: starting with
0, for each word, sum = (sum * 0x2545F491 + word) modulo 4294967291, the largest prime below 2**32.

The payload is one value. A value is one letter and what belongs to it; a *size* is an unsigned
32-bit little-endian number, everything is little-endian:

    n                      undef, None
    T  F                   Perl's true and false, True and False
    d  8 bytes             a double
    i  8 bytes             a signed integer
    u  8 bytes             an unsigned integer of 2**63 or more
    s  size, bytes         text, as UTF-8 (lone surrogates allowed)
    b  size, bytes         bytes; from Perl: text of characters up to U+00FF, one byte each
    l  size, values        an array reference, a list or tuple
    D  size, 8 bytes each  the same, all of them doubles
    h  size, pairs         a hash reference, a dict; each pair a key (s or b) and a value
    f  size, bytes         a function, by its Perl name
    w  value, value        only from Perl: a scalar that is a number and a text
    x  size, bytes         only from Perl: something that cannot cross, by its type's name

Nothing is ever evaluated. Damage gives a WireError, never a wrong value: a changed byte, or two
words that changed places (unless they are the same modulo the prime), always changes the check sum;
anything else goes unnoticed about once in 2**32, and has to keep the structure intact besides.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

import numpy as np

HEAD = struct.Struct("<III")
_FACTOR, _PRIME = 0x2545F491, 4294967291
_SIZE = struct.Struct("<I")
_DOUBLE = struct.Struct("<d")
_SIGNED = struct.Struct("<q")
_UNSIGNED = struct.Struct("<Q")
MAX_LENGTH = 2**30
MAX_DEPTH = 200


class WireError(Exception):
    """A message that is damaged, or a value that cannot cross (with its place)."""


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
    """A Perl value that has no Python counterpart."""

    type: str


def check_sum(payload: bytes) -> int:
    """The check sum of a payload: its words times the powers of the factor, modulo the prime."""
    words = np.frombuffer(payload + b"\0" * (-len(payload) % 4), "<u4").astype(np.uint64)
    return int((words * _powers(len(words)) % _PRIME).sum()) % _PRIME


@lru_cache(maxsize=8)
def _powers(count: int) -> np.ndarray[Any, Any]:
    """The last `count` powers of the factor, falling to 1."""
    powers = np.ones(1, np.uint64)
    while len(powers) < count:
        factor = pow(_FACTOR, len(powers), _PRIME)
        powers = np.concatenate([powers * np.uint64(factor) % np.uint64(_PRIME), powers])
    return powers[len(powers) - count :]


def frame(payload: bytes) -> bytes:
    """A payload with its head before it."""
    if len(payload) > MAX_LENGTH:
        raise WireError(f"a message of {len(payload):,} bytes is too long (at most {MAX_LENGTH:,})")
    length = len(payload)
    return HEAD.pack(length, length ^ 0xFFFFFFFF, check_sum(payload)) + payload


def payload_length(head: bytes) -> int:
    """The length of the payload that follows this head."""
    if len(head) != HEAD.size:
        raise WireError("damaged message: the head is cut short")
    length, flipped, _ = HEAD.unpack(head)
    if length ^ flipped != 0xFFFFFFFF or length > MAX_LENGTH:
        raise WireError("damaged message: its length is not credible")
    return int(length)


def unframe(message: bytes) -> bytes:
    """The payload of a whole message."""
    length = payload_length(message[: HEAD.size])
    payload = message[HEAD.size :]
    if len(payload) != length:
        raise WireError(f"damaged message: {len(payload)} bytes where {length} should be")
    if check_sum(payload) != HEAD.unpack(message[: HEAD.size])[2]:
        raise WireError("damaged message: the check sum does not fit")
    return payload


def encode(value: Any, names: Callable[[Any], str | None] = lambda function: None) -> bytes:
    """A value as bytes. names: gives a paired function's Perl name, None for anything else.

    Raises WireError, with the place, for a value that cannot cross.
    """
    out = bytearray()

    def refuse(what: str, path: str) -> WireError:
        return WireError(f"{what} cannot cross to Perl{' at ' + path if path else ''}")

    def put_text(text: str | bytes) -> None:
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        out.extend(b"s" if isinstance(text, str) else b"b")
        out.extend(_SIZE.pack(len(data)))
        out.extend(data)

    def put(value: Any, path: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise refuse(f"a value nested more than {MAX_DEPTH} deep", "")
        if isinstance(value, Enum):
            value = value.value
        if value is None:
            out.extend(b"n")
        elif value is True or value is False:
            out.extend(b"T" if value else b"F")
        elif isinstance(value, float):
            out.extend(b"d" + _DOUBLE.pack(value))
        elif isinstance(value, int):
            if -(2**63) <= value < 2**63:
                out.extend(b"i" + _SIGNED.pack(value))
            elif 0 <= value < 2**64:
                out.extend(b"u" + _UNSIGNED.pack(value))
            else:
                raise refuse(f"the integer {value}, which needs more than 64 bits,", path)
        elif isinstance(value, str | bytes):
            put_text(value)
        elif isinstance(value, list | tuple):
            if value and all(type(item) is float for item in value):
                out.extend(b"D" + _SIZE.pack(len(value)))
                out.extend(struct.pack(f"<{len(value)}d", *value))
                return
            out.extend(b"l" + _SIZE.pack(len(value)))
            for index, item in enumerate(value):
                put(item, f"{path}[{index}]", depth + 1)
        elif isinstance(value, Mapping):
            out.extend(b"h" + _SIZE.pack(len(value)))
            if len(set(map(characters, value))) < len(value):
                raise refuse("a dict with two keys that are one in Perl", path)
            for key, item in value.items():
                if not isinstance(key, str | bytes):
                    raise refuse(f"a dict key of type {type(key).__name__} (keys are text)", path)
                put_text(key)
                put(item, f"{path}.{key!s}" if path else str(key), depth + 1)
        elif (name := names(value)) is not None:
            data = name.encode()
            out.extend(b"f" + _SIZE.pack(len(data)) + data)
        else:
            raise refuse(f"a value of type {type(value).__name__}", path)

    put(value, "", 0)
    return bytes(out)


def decode(payload: bytes) -> Any:
    """The value in a payload: text is str, or bytes where Perl's characters are all below 256."""
    end = len(payload)
    position = 0

    def take(count: int) -> int:
        nonlocal position
        start = position
        position = start + count
        if position > end:
            raise WireError("damaged message: it ends in the middle of a value")
        return start

    def size() -> int:
        return int(_SIZE.unpack_from(payload, take(4))[0])

    def octets() -> bytes:
        count = size()
        start = take(count)
        return payload[start : start + count]

    def get(depth: int) -> Any:
        if depth > MAX_DEPTH + 10:
            raise WireError("damaged message: it is nested too deeply")
        start = take(1)
        tag = payload[start : start + 1]
        if tag == b"d":
            return _DOUBLE.unpack_from(payload, take(8))[0]
        if tag == b"n":
            return None
        if tag == b"i":
            return _SIGNED.unpack_from(payload, take(8))[0]
        if tag == b"u":
            return _UNSIGNED.unpack_from(payload, take(8))[0]
        if tag == b"b":
            return octets()
        if tag == b"s":
            try:
                return octets().decode("utf-8", "surrogatepass")
            except UnicodeDecodeError:
                raise WireError("damaged message: its text is not UTF-8") from None
        if tag == b"l":
            return [get(depth + 1) for _ in range(size())]
        if tag == b"D":
            count = size()
            return list(struct.unpack_from(f"<{count}d", payload, take(8 * count)))
        if tag == b"h":
            result: dict[str | bytes, Any] = {}
            seen: set[str] = set()
            for _ in range(size()):
                key = get(depth + 1)
                if not isinstance(key, str | bytes):
                    raise WireError("damaged message: a key that is not text")
                if characters(key) in seen:
                    raise WireError("damaged message: a key that is there twice")
                seen.add(characters(key))
                result[key] = get(depth + 1)
            return result
        if tag in (b"T", b"F"):
            return tag == b"T"
        if tag == b"w":
            number, text = get(depth + 1), get(depth + 1)
            if isinstance(number, bool) or not isinstance(number, int | float):
                raise WireError("damaged message: a number that is not one")
            if not isinstance(text, str | bytes):
                raise WireError("damaged message: a text that is not one")
            return Dual(number, text)
        if tag in (b"f", b"x"):
            name = octets().decode("utf-8", "replace")
            return Function(name) if tag == b"f" else Uncrossable(name)
        raise WireError(f"damaged message: unknown letter {tag!r}")

    value = get(0)
    if position != end:
        raise WireError(f"damaged message: {end - position} bytes are left over")
    return value


def characters(text: Any) -> Any:
    """Perl's text as str: bytes are characters up to U+00FF."""
    return text.decode("latin-1") if isinstance(text, bytes) else text


def same_double(a: float, b: float) -> bool:
    """The same 64 bits; every nan is the same as every other."""
    return _DOUBLE.pack(a) == _DOUBLE.pack(b) or (math.isnan(a) and math.isnan(b))
