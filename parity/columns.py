"""Many values at once: a column holds one argument, or the results, of a whole batch of cases.

Both ends make columns of what they have and Python compares them as arrays. A column of values that
are not all of one kind cannot be made; then, and for each row that is not surely the same, the
cases are judged one by one. So a column is never wrong, only sometimes of no use.

As bytes it is a letter, the count of its values as an unsigned 32-bit number, and what belongs to
it; *sizes* are as many such numbers as there are values, everything is little-endian:

    d  8 bytes each                  doubles; from Perl there follows (with a count of their own)
                                     which are of size 2**53 to 2**63, and those as integers
    i  8 bytes each                  signed integers; only to Perl
    b  1 byte each                   True and False; only to Perl
    s  sizes, bytes                  texts, as UTF-8
    l  sizes, column                 lists, and all their items in a row
    h  sizes, column s, column       hashes, with their keys, sorted, and their values in a row
    r  column s, a column each       hashes with just these keys, sorted, or without some of them
    o  1 byte each, column           0 for undef, 2 for a key that is not there, 1 for the next
                                     value of the column
    n                                undef

There is no check sum: damage does not make two different columns the same.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

HEAD = struct.Struct("<cI")
LARGE = struct.Struct("<I")
MOST_KEYS = 16  # of hashes as records
ABSENT = object()  # in the place of a value whose key is not there
EXACT = 2.0**53  # below this size a double holds every integer
NOTHING = {type(None), type(ABSENT)}
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Column:
    """Values of one kind.

    letter: see above. numbers: of `d`, `i`, `b`, `o`. sizes: of `s`, `l`, `h`. texts: of `s`, all
    in a row. inner: columns inside this one. large: of `d` from Perl, which numbers are of size
    2**53 to 2**63, and those as integers. whole: of `d` from Python, whether an integer is in it.
    """

    letter: str
    count: int
    numbers: Array | None = None
    sizes: Array | None = None
    texts: bytes = b""
    inner: tuple[Column, ...] = ()
    large: tuple[Array, Array] | None = None
    whole: bool = False


# --- making columns ---------------------------------------------------------------------------


def of(values: Sequence[Any], whole: bool = False) -> Column | None:
    """The column of these values, None where they are not of one kind.

    whole: integers stay integers, as they have to for Perl; else all numbers become doubles.
    """
    kinds = set(map(type, values))
    count = len(values)
    if kinds <= {float, int} and not (whole and len(kinds) > 1):
        try:
            if whole and kinds == {int}:
                return Column("i", count, np.array(values, np.int64))
            return Column("d", count, np.array(values, float), whole=int in kinds)
        except OverflowError:
            return None
    if kinds == {bool} and whole:
        return Column("b", count, np.array(values, bool))
    if kinds == {str}:
        return _texts(values)
    if kinds == {list}:
        inner = of(list(itertools.chain.from_iterable(values)), whole)
        sizes = np.fromiter(map(len, values), "<u4", count)
        return inner and Column("l", count, sizes=sizes, inner=(inner,))
    if kinds == {dict}:
        return _hashes(values, whole)
    if kinds == {type(None)}:
        return Column("n", count)
    if kinds & NOTHING and len(kinds) > len(kinds & NOTHING):
        return _optional(values, whole)
    return None


def _texts(values: Sequence[str]) -> Column:
    encoded = [value.encode("utf-8", "surrogatepass") for value in values]
    sizes = np.fromiter(map(len, encoded), "<u4", len(values))
    return Column("s", len(values), sizes=sizes, texts=b"".join(encoded))


def _hashes(values: Sequence[dict[Any, Any]], whole: bool) -> Column | None:
    if any(type(key) is not str for value in values for key in value):
        return None
    count = len(values)
    names = sorted(set().union(*values))
    if len(names) <= MOST_KEYS:
        records = [of([value.get(key, ABSENT) for value in values], whole) for key in names]
        if None in records:
            return None
        return Column("r", count, inner=(_texts(names), *records))  # type: ignore[arg-type]
    keys = [sorted(value) for value in values]
    flat = [value[key] for value, some in zip(values, keys, strict=True) for key in some]
    inner = of(flat, whole)
    sizes = np.fromiter(map(len, keys), "<u4", count)
    row = _texts(list(itertools.chain.from_iterable(keys)))
    return inner and Column("h", count, sizes=sizes, inner=(row, inner))


def _optional(values: Sequence[Any], whole: bool) -> Column | None:
    there = [value for value in values if value is not None and value is not ABSENT]
    kinds = [0 if value is None else 2 if value is ABSENT else 1 for value in values]
    inner = of(there, whole)
    return inner and Column("o", len(values), np.array(kinds, np.uint8), inner=(inner,))


# --- as bytes, and as values ------------------------------------------------------------------


def to_bytes(column: Column) -> bytes:
    """A column as it goes to Perl."""
    parts = [HEAD.pack(column.letter.encode(), column.count)]
    for array in (column.sizes, column.numbers):
        if array is not None:
            parts.append(array.tobytes())
    return b"".join([*parts, column.texts, *map(to_bytes, column.inner)])


def from_bytes(data: bytes, at: int = 0) -> tuple[Column, int]:
    """A column that came from Perl, and where it ends."""
    letter, count = HEAD.unpack_from(data, at)
    letter, at = letter.decode("latin-1"), at + HEAD.size

    def array(kind: str) -> Array:
        nonlocal at
        found = np.frombuffer(data, kind, count, at)
        at += found.nbytes
        return found

    if letter == "d":
        doubles = array("<f8")
        (count_large,) = LARGE.unpack_from(data, at)
        at += LARGE.size
        large = np.frombuffer(data, "<u4", count_large, at)
        at += large.nbytes
        integers = np.frombuffer(data, "<i8", count_large, at)
        end = at + integers.nbytes
        return Column(letter, count, doubles, large=(large, integers)), end
    if letter == "s":
        sizes = array("<u4")
        end = at + int(sizes.sum(dtype=np.int64))
        return Column(letter, count, sizes=sizes, texts=data[at:end]), end
    counts = array("<u4") if letter in "lh" else None
    numbers = array("u1") if letter == "o" else None
    wanted = {"l": 1, "h": 2, "r": 1, "o": 1}.get(letter, 0)
    inner: list[Column] = []
    while len(inner) < wanted:
        one, at = from_bytes(data, at)
        inner.append(one)
        if letter == "r" and len(inner) == 1:
            wanted += one.count
    return Column(letter, count, numbers, counts, inner=tuple(inner)), at


def values(column: Column) -> list[Any]:
    """The values of a column, all of them new."""
    if column.letter == "o":
        there = iter(values(column.inner[0]))
        kinds = column.numbers.tolist()  # type: ignore[union-attr]
        return [next(there) if kind == 1 else None if kind == 0 else ABSENT for kind in kinds]
    if column.numbers is not None:
        return list(column.numbers.tolist())
    if column.letter == "n":
        return [None] * column.count
    if column.letter == "s":
        assert column.sizes is not None
        parts = _cut(column.texts, column.sizes)
        return [part.decode("utf-8", "surrogatepass") for part in parts]
    inner = [values(one) for one in column.inner]
    if column.letter == "r":
        keys, *records = inner
        if not keys:
            return [{} for _ in range(column.count)]
        absent = any(2 in one.numbers for one in column.inner if one.letter == "o")  # type: ignore[operator]
        rows = [dict(zip(keys, row, strict=True)) for row in zip(*records, strict=True)]
        if not absent:
            return rows
        return [{k: v for k, v in row.items() if v is not ABSENT} for row in rows]
    assert column.sizes is not None
    if column.letter == "l":
        return _cut(inner[0], column.sizes)
    both = zip(*(_cut(one, column.sizes) for one in inner), strict=True)
    return [dict(zip(keys, some, strict=True)) for keys, some in both]


def is_ascii(column: Column) -> bool:
    """Whether there is no text in it but ASCII."""
    return column.texts.isascii() and all(map(is_ascii, column.inner))


def _cut(row: Any, sizes: Array) -> list[Any]:
    ends = np.cumsum(sizes).tolist()
    return [row[start:end] for start, end in zip([0, *ends], ends, strict=False)]


# --- comparing --------------------------------------------------------------------------------


def doubts(perl: Column, python: Column) -> Array:
    """Of each row 0 where it is surely the same in both, 2 where it surely is not, else 1."""
    found = np.zeros(perl.count, np.uint8)
    if (perl.letter, perl.count) != (python.letter, python.count):
        return found + 1
    if perl.sizes is not None and not np.array_equal(perl.sizes, python.sizes):  # type: ignore[arg-type]
        return found + np.where(perl.sizes == python.sizes, 1, 2).astype(np.uint8)
    if perl.letter == "d":
        return _numbers(perl, python)
    if perl.letter == "s":
        if perl.texts != python.texts:
            left, right = (np.frombuffer(one.texts, np.uint8) for one in (perl, python))
            _spread(perl, (left != right) * np.uint8(2), found)
        return found
    if perl.letter == "o" and not np.array_equal(perl.numbers, python.numbers):  # type: ignore[arg-type]
        return found + np.where(perl.numbers == python.numbers, 1, 2).astype(np.uint8)
    inner = [doubts(*both) for both in zip(perl.inner, python.inner, strict=False)]
    if perl.letter == "r":
        keys, *inner = inner
        if keys.any() or len(perl.inner) != len(python.inner):
            return found + 1
        for one in inner:
            np.maximum(found, one, out=found)
        return found
    if perl.letter == "o":
        found[perl.numbers == 1] = inner[0]
        return found
    for one in inner:
        _spread(perl, one, found)
    return found


def _spread(column: Column, items: Array, rows: Array) -> None:
    """Take over what was found of the items to the rows that they belong to."""
    if items.any():
        np.maximum.at(rows, np.repeat(np.arange(column.count), column.sizes), items)  # type: ignore[arg-type]


def _numbers(perl: Column, python: Column) -> Array:
    left, right = perl.numbers, python.numbers
    assert left is not None and right is not None and perl.large is not None
    found: Array = (left.view(np.uint64) != right.view(np.uint64)) * np.uint8(2)
    if found.any():
        found[np.isnan(left) & np.isnan(right)] = 0
    # Past 2**53 Perl's number may be an integer that the double does not hold, or Python's may.
    large, integers = perl.large
    if len(large):
        lost = large[integers != left[large].astype(np.int64)]
        found[lost] = np.maximum(found[lost], 1)
    size = np.abs(left)
    beyond = (size >= EXACT) if python.whole else (size >= 2.0**63) & (size < 2.0**64)
    np.maximum(found, beyond, out=found)
    return found
