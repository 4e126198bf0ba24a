"""The format in which Python and perl talk: frames, values and columns. codec.pl is its Perl end.

A frame is a head of three unsigned 32-bit little-endian numbers, then the payload:

    length of the payload | the same, all bits flipped | check sum of the payload

The check sum takes the payload as 32-bit little-endian words, padded with zero bytes: starting with
0, for each word, sum = (sum * 0x2545F491 + word) modulo 4294967291, the largest prime below 2**32.

The payload is one value. A value is one letter and what belongs to it; a *size* is an unsigned
32-bit number, everything is little-endian:

    n                      undef, None
    T  F                   Perl's true and false, True and False
    d  8 bytes             a double
    i  8 bytes             a signed integer
    u  8 bytes             an unsigned integer of 2**63 or more
    s  size, bytes         text, as UTF-8 (lone surrogates allowed)
    b  size, bytes         bytes; from Perl: text of characters up to U+00FF, one byte each
    l  size, values        an array reference, a list or tuple
    h  size, pairs         a hash reference, a dict; each pair a key (s or b) and a value
    f  size, bytes         a function, by its Perl name
    w  value, value        only from Perl: a scalar that is a number and a text
    x  size, bytes         only from Perl: something that cannot cross, by its type's name

A column holds many values. It is one letter, their count as a size, and what belongs to it; *sizes*
are as many sizes as there are values:

    d  8 bytes each                  doubles; then the count and the rows of those that are integers
                                     of 2**53 or more, and these as values
    i  8 bytes each                  signed integers; only to Perl
    b  1 byte each                   true and false
    s  size, bytes                   texts as UTF-8 with a separator between them; then the count
                                     and the rows of those that are not ASCII, from Perl always 0
    l  sizes, column                 lists, and the items of all of them
    h  sizes, column s, column       hashes, with their keys, sorted, and their values
    r  column s, a column each       hashes with just these keys, sorted, or without some of them
    o  1 byte each, column           0 for undef, 2 for a missing key, 1 for the column's next value
    n                                undef
    m  values                        values of more than one kind

Columns follow a frame without a check sum of their own: a pipe does not damage, and the sum of a
column would cost Perl more than the calls. The frame's sum guards against a process that printed
into the pipe. Nothing is ever evaluated. A damaged frame gives a WireError, never a wrong value: a
changed byte, or two words that changed places (unless they are the same modulo the prime), always
changes the check sum; anything else goes unnoticed about once in 2**32, and has to keep the
structure intact besides.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

import numpy as np

from parity.values import columns
from parity.values.arrays import Array
from parity.values.columns import (
    Column,
    Flags,
    Hashes,
    Integers,
    Lists,
    Mixed,
    Nothing,
    Numbers,
    Optional,
    Records,
    Texts,
)
from parity.values.perl_values import Dual, Function, Uncrossable, characters

HEAD = struct.Struct("<III")
_FACTOR, _PRIME = 0x2545F491, 4294967291
_SIZE = struct.Struct("<I")
_COLUMN = struct.Struct("<cI")
_DOUBLE = struct.Struct("<d")
_SIGNED = struct.Struct("<q")
_UNSIGNED = struct.Struct("<Q")
MAX_LENGTH = 2**30
MAX_DEPTH = columns.MAX_DEPTH
Names = Callable[[Any], str | None]  # a paired function's Perl name; None for anything else


class WireError(Exception):
    """A message that is damaged, or a value that cannot cross (with its place)."""


# --- frames -----------------------------------------------------------------------------------


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


def no_names(function: Any) -> str | None:
    """No function is paired."""
    return None


# --- values -----------------------------------------------------------------------------------


def encode(value: Any, names: Names = no_names) -> bytes:
    """A value as bytes. Raises WireError, with the place, for a value that cannot cross."""
    out = bytearray()
    _put(out, value, names, "", 0)
    return bytes(out)


def _put(out: bytearray, value: Any, names: Names, path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise WireError(f"a value nested more than {MAX_DEPTH} deep cannot cross to Perl")
    if isinstance(value, Enum):
        value = value.value
    if value is None:
        out += b"n"
    elif value is True or value is False:
        out += b"T" if value else b"F"
    elif isinstance(value, float):
        out += b"d" + _DOUBLE.pack(value)
    elif isinstance(value, int):
        out += _integer(value, path)
    elif isinstance(value, str | bytes):
        out += _text(value)
    elif isinstance(value, list | tuple):
        out += b"l" + _SIZE.pack(len(value))
        for index, item in enumerate(value):
            _put(out, item, names, f"{path}[{index}]", depth + 1)
    elif isinstance(value, Mapping):
        out += b"h" + _SIZE.pack(len(value))
        if len(set(map(characters, value))) < len(value):
            raise _refusal("a dict with two keys that are one in Perl", path)
        for key, item in value.items():
            if not isinstance(key, str | bytes):
                raise _refusal(f"a dict key of type {type(key).__name__} (keys are text)", path)
            out += _text(key)
            _put(out, item, names, f"{path}.{key!s}" if path else str(key), depth + 1)
    elif (name := names(value)) is not None:
        data = name.encode()
        out += b"f" + _SIZE.pack(len(data)) + data
    else:
        raise _refusal(f"a value of type {type(value).__name__}", path)


def _integer(value: int, path: str) -> bytes:
    if -(2**63) <= value < 2**63:
        return b"i" + _SIGNED.pack(value)
    if 0 <= value < 2**64:
        return b"u" + _UNSIGNED.pack(value)
    raise _refusal(f"the integer {value}, which needs more than 64 bits,", path)


def _text(text: str | bytes) -> bytes:
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return (b"s" if isinstance(text, str) else b"b") + _SIZE.pack(len(data)) + data


def _refusal(what: str, path: str) -> WireError:
    return WireError(f"{what} cannot cross to Perl{' at ' + path if path else ''}")


def decode(payload: bytes) -> Any:
    """The value in a payload: text is str, or bytes where Perl's characters are all below 256.

    Raises WireError for a damaged one.
    """
    reader = _Reader(payload)
    value = reader.value()
    if reader.position != len(payload):
        left = len(payload) - reader.position
        raise WireError(f"damaged message: {left} bytes are left over")
    return value


class _Reader:
    """Reads values and columns from bytes, one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.position = data, 0

    def take(self, count: int) -> int:
        """Go past so many bytes; gives where they start."""
        start = self.position
        self.position = start + count
        if self.position > len(self.data):
            raise WireError("damaged message: it ends in the middle of a value")
        return start

    def size(self) -> int:
        return int(_SIZE.unpack_from(self.data, self.take(4))[0])

    def octets(self) -> bytes:
        count = self.size()
        start = self.take(count)
        return self.data[start : start + count]

    def array(self, kind: str, count: int) -> Array:
        start = self.take(count * np.dtype(kind).itemsize)
        return np.frombuffer(self.data, kind, count, start)

    def value(self, depth: int = 0) -> Any:
        if depth > MAX_DEPTH + 10:
            raise WireError("damaged message: it is nested too deeply")
        start = self.take(1)
        match tag := self.data[start : start + 1]:
            case b"d":
                return _DOUBLE.unpack_from(self.data, self.take(8))[0]
            case b"n":
                return None
            case b"i":
                return _SIGNED.unpack_from(self.data, self.take(8))[0]
            case b"u":
                return _UNSIGNED.unpack_from(self.data, self.take(8))[0]
            case b"b":
                return self.octets()
            case b"s":
                return _decoded(self.octets())
            case b"l":
                return [self.value(depth + 1) for _ in range(self.size())]
            case b"h":
                return self.hash(depth)
            case b"T" | b"F":
                return tag == b"T"
            case b"w":
                return _dual(self.value(depth + 1), self.value(depth + 1))
            case b"f" | b"x":
                name = self.octets().decode("utf-8", "replace")
                return Function(name) if tag == b"f" else Uncrossable(name)
        raise WireError(f"damaged message: unknown letter {tag!r}")

    def hash(self, depth: int) -> dict[str | bytes, Any]:
        result: dict[str | bytes, Any] = {}
        seen: set[str] = set()
        for _ in range(self.size()):
            key = self.value(depth + 1)
            if not isinstance(key, str | bytes):
                raise WireError("damaged message: a key that is not text")
            if characters(key) in seen:
                raise WireError("damaged message: a key that is there twice")
            seen.add(characters(key))
            result[key] = self.value(depth + 1)
        return result

    def column(self) -> Column:
        letter, count = _COLUMN.unpack_from(self.data, self.take(_COLUMN.size))
        match letter:
            case b"d":
                numbers = self.array("<f8", count)
                rows = self.array("<u4", self.size()).tolist()
                return Numbers(numbers, {row: self.value() for row in rows})
            case b"i":
                return Integers(self.array("<i8", count))
            case b"b":
                return Flags(self.array("?", count))
            case b"s":
                joined = self.octets()
                self.array("<u4", self.size())
                return Texts(count, joined)
            case b"l":
                return Lists(self.array("<u4", count), self.column())
            case b"h":
                return Hashes(self.array("<u4", count), self.texts(), self.column())
            case b"r":
                keys = tuple(self.texts().values())
                return Records(count, keys, tuple(self.column() for _ in keys))
            case b"o":
                return Optional(self.array("u1", count), self.column())
            case b"n":
                return Nothing(count)
            case b"m":
                return Mixed([self.value() for _ in range(count)])
        raise WireError(f"damaged message: unknown column {letter!r}")

    def texts(self) -> Texts:
        found = self.column()
        if not isinstance(found, Texts):
            raise WireError("damaged message: keys that are not text")
        return found


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise WireError("damaged message: its text is not UTF-8") from None


def _dual(number: Any, text: Any) -> Dual:
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise WireError("damaged message: a number that is not one")
    if not isinstance(text, str | bytes):
        raise WireError("damaged message: a text that is not one")
    return Dual(number, text)


# --- columns ----------------------------------------------------------------------------------


def pack(column: Column, names: Names = no_names) -> bytes:
    """A column as bytes. Raises WireError for a value that cannot cross."""

    def head(letter: bytes) -> bytes:
        return _COLUMN.pack(letter, column.count)

    match column:
        case Numbers(numbers=numbers, wide=wide):
            rows = np.array(list(wide), "<u4").tobytes()
            integers = b"".join(map(encode, wide.values()))
            return head(b"d") + numbers.tobytes() + _SIZE.pack(len(wide)) + rows + integers
        case Integers(array=array):
            return head(b"i") + array.astype("<i8").tobytes()
        case Flags(array=array):
            return head(b"b") + array.tobytes()
        case Nothing():
            return head(b"n")
        case Texts(joined=joined):
            rows = column.wide_rows().astype("<u4").tobytes()
            texts = _SIZE.pack(len(joined)) + joined
            return head(b"s") + texts + _SIZE.pack(len(rows) // 4) + rows
        case Lists(sizes=sizes, items=items):
            return head(b"l") + sizes.astype("<u4").tobytes() + pack(items, names)
        case Hashes(sizes=sizes, keys=keys, items=items):
            return head(b"h") + sizes.astype("<u4").tobytes() + pack(keys) + pack(items, names)
        case Records(keys=keys, fields=fields):
            joined = columns.SEPARATOR.join(keys).encode("utf-8", "surrogatepass")
            return (
                head(b"r")
                + pack(Texts(len(keys), joined))
                + b"".join(pack(one, names) for one in fields)
            )
        case Optional(kinds=kinds, present=present):
            return head(b"o") + kinds.tobytes() + pack(present, names)
        case Mixed(objects=objects):
            return head(b"m") + b"".join(encode(value, names) for value in objects)
    raise TypeError(column)


def unpack(data: bytes) -> list[Column]:
    """The columns in these bytes. Raises WireError for damaged ones."""
    reader, found = _Reader(data), []
    while reader.position < len(data):
        found.append(reader.column())
    return found


def as_perl_returns(value: Any, names: Names = no_names) -> Any:
    """A Python value as it would come back from Perl unchanged."""
    return decode(encode(value, names))
