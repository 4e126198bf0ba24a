"""Many values at once: a column holds one argument, or the results, of a whole batch of cases.

Both ends make columns of what they have and Python compares them as arrays. A column of values that
are not all of one kind cannot be made; then, and for each row that is not surely the same, the
cases are judged one by one. A column that is missing costs time only.

As bytes it is a letter, the count of its values as an unsigned 32-bit number, and what belongs to
it; *sizes* are as many such numbers as there are values, everything is little-endian:

    d  8 bytes each                  doubles; from Perl there follows (with a count of their own)
                                     which are of size 2**53 to 2**64, and those as integers
    i  8 bytes each                  signed integers; only to Perl
    b  1 byte each                   True and False; only to Perl
    s  length, bytes                 texts as UTF-8 with a separator between them; to Perl there
                                     follows (with a count of their own) which are not ASCII
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
import operator
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from parity.perl import codec

HEAD = struct.Struct("<cI")
SIZE = struct.Struct("<I")
MARK = bytes([0x1E, 0x00, 0x1F, 0x01])  # between texts; no text that holds it is in a column
SEPARATOR = MARK.decode()
MOST_KEYS = 16  # of hashes as records
ABSENT = object()  # in the place of a value whose key is not there
EXACT = 2.0**53  # below this size a double holds every integer
NOTHING = {type(None), type(ABSENT)}
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Column:
    """Values of one kind.

    letter: see above. numbers: of `d`, `i`, `b`, `o`. sizes: of `l`, `h`. texts: of `s`. inner:
    columns inside this one. large: of `d` from Perl, which numbers are of size 2**53 to 2**64, and
    those as integers (their 64 bits). whole: of `d` from Python, whether an integer is in it.
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


def of(values: Sequence[Any], whole: bool = False, depth: int = 1) -> Column | None:
    """The column of these values, None where they are not of one kind.

    whole: for arguments, so that integers stay integers. Of results all numbers become doubles, and
    none may be there twice: a list that is used again for each result shows the last one only.
    depth: how deep in others these are.
    """
    if depth > codec.MAX_DEPTH:
        return None
    kinds = set(map(type, values))
    count = len(values)
    if kinds <= {float, int} and not (whole and len(kinds) > 1):
        try:
            if whole and kinds == {int}:
                return Column("i", count, np.array(values, np.int64))
            packed = struct.pack(f"<{count}d", *values)  # several times as fast as np.array
            return Column("d", count, np.frombuffer(packed), whole=int in kinds)
        except (OverflowError, struct.error):
            return None
    if kinds == {bool} and whole:
        return Column("b", count, np.array(values, bool))
    if kinds == {str}:
        return _texts(values)
    if kinds <= {list, dict} and not whole and len(set(map(id, values))) < count:
        return None
    if kinds == {list}:
        inner = of(list(itertools.chain.from_iterable(values)), whole, depth + 1)
        sizes = np.fromiter(map(len, values), "<u4", count)
        return inner and Column("l", count, sizes=sizes, inner=(inner,))
    if kinds == {dict}:
        return _hashes(values, whole, depth + 1)
    if kinds == {type(None)}:
        return Column("n", count)
    if kinds & NOTHING and len(kinds) > len(kinds & NOTHING):
        return _optional(values, whole, depth)
    return None


def _texts(values: Sequence[str]) -> Column | None:
    texts = SEPARATOR.join(values).encode("utf-8", "surrogatepass")
    return from_texts(texts, len(values))


def from_texts(texts: bytes, count: int) -> Column | None:
    """The column of so many texts with separators; None where there are more."""
    if texts.count(MARK) != max(count, 1) - 1:
        return None
    return Column("s", count, texts=texts)


def _hashes(values: Sequence[dict[Any, Any]], whole: bool, depth: int) -> Column | None:
    count = len(values)
    names: set[Any] = set()
    for value in values:
        names.update(value)
        if len(names) > MOST_KEYS:
            break
    try:
        if len(names) <= MOST_KEYS:
            keys = sorted(names)
            inner = [_texts(keys)]
            some = ([value.get(key, ABSENT) for value in values] for key in keys)
            inner += (of(one, whole, depth) for one in some)
            return None if None in inner else Column("r", count, inner=tuple(inner))  # type: ignore[arg-type]
        rows = list(map(sorted, values))
        row = _texts(list(itertools.chain.from_iterable(rows)))
    except TypeError:  # a key that is no text
        return None
    flat = [value[key] for value, keys in zip(values, rows, strict=True) for key in keys]
    sizes = np.fromiter(map(len, rows), "<u4", count)
    items = of(flat, whole, depth)
    return row and items and Column("h", count, sizes=sizes, inner=(row, items))


def _optional(values: Sequence[Any], whole: bool, depth: int) -> Column | None:
    there = [value for value in values if value is not None and value is not ABSENT]
    kinds = [0 if value is None else 2 if value is ABSENT else 1 for value in values]
    inner = of(there, whole, depth)
    return inner and Column("o", len(values), np.array(kinds, np.uint8), inner=(inner,))


# --- as bytes, and as values ------------------------------------------------------------------


def to_bytes(column: Column) -> bytes:
    """A column as it goes to Perl."""
    parts = [HEAD.pack(column.letter.encode(), column.count)]
    for array in (column.sizes, column.numbers):
        if array is not None:
            parts.append(array.tobytes())
    if column.letter == "s":
        others = distinct(_wide(column)[0]).astype("<u4").tobytes()
        parts += [SIZE.pack(len(column.texts)), column.texts, SIZE.pack(len(others) // 4), others]
    return b"".join([*parts, *map(to_bytes, column.inner)])


def from_bytes(data: bytes, at: int = 0) -> tuple[Column, int]:
    """A column that came from Perl, and where it ends. Raises ValueError where it is ambiguous."""
    letter, count = HEAD.unpack_from(data, at)
    letter, at = letter.decode("latin-1"), at + HEAD.size

    def array(kind: str) -> Array:
        nonlocal at
        found = np.frombuffer(data, kind, count, at)
        at += found.nbytes
        return found

    if letter == "d":
        doubles = array("<f8")
        (count_large,) = SIZE.unpack_from(data, at)
        at += SIZE.size
        large = np.frombuffer(data, "<u4", count_large, at)
        at += large.nbytes
        integers = np.frombuffer(data, "<i8", count_large, at)
        end = at + integers.nbytes
        return Column(letter, count, doubles, large=(large, integers)), end
    if letter == "s":
        start = at + SIZE.size
        end = start + SIZE.unpack_from(data, at)[0]
        found = from_texts(data[start:end], count)
        if found is None:
            raise ValueError("a text with the separator in it")
        return found, end
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
        return _parts(column.texts.decode("utf-8", "surrogatepass"), SEPARATOR, column.count)
    first = column.inner[0]
    if column.letter == "l" and first.numbers is not None and first.letter != "o":
        sizes = set(column.sizes.tolist())  # type: ignore[union-attr]
        if len(sizes) == 1:  # the usual ones, in less time
            return list(first.numbers.reshape(column.count, *sizes).tolist())
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


def _parts(texts: Any, separator: Any, count: int) -> list[Any]:
    return list(texts.split(separator)) if count else []


def _cut(row: Any, sizes: Array) -> list[Any]:
    ends = np.cumsum(sizes).tolist()
    return [row[start:end] for start, end in zip([0, *ends], ends, strict=False)]


# --- comparing --------------------------------------------------------------------------------


def doubts(perl: Column, python: Column) -> Array:
    """Of each row 0 where it is surely the same in both, 2 where it surely is not, else 1."""
    found = np.zeros(perl.count, np.uint8)
    if (perl.letter, perl.count) != (python.letter, python.count):
        return found + 1
    forms = [one.numbers if one.letter == "o" else one.sizes for one in (perl, python)]
    if not np.array_equal(*forms):  # type: ignore[arg-type]
        rows = np.equal(*forms).nonzero()[0]  # type: ignore[arg-type]
        found += 2
        found[rows] = doubts(take(perl, rows), take(python, rows))
        return found
    if perl.letter == "d":
        return _numbers(perl, python)
    if perl.letter == "s":
        if perl.texts != python.texts:
            both = (_parts(one.texts, MARK, one.count) for one in (perl, python))
            found[np.fromiter(map(operator.ne, *both), bool, perl.count)] = 2
        return found
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


def _same_shape(left: Column, right: Column) -> bool:
    """Whether all values of one have their place in the other, but for what is inside them."""
    if (left.letter, left.count) != (right.letter, right.count):
        return False
    if left.letter == "r" and left.inner[0].texts != right.inner[0].texts:
        return False
    if left.letter == "o" and not np.array_equal(left.numbers, right.numbers):  # type: ignore[arg-type]
        return False
    return np.array_equal(left.sizes, right.sizes)  # type: ignore[arg-type]


def _spread(column: Column, items: Array, rows: Array) -> None:
    """Take over what was found of the items to the rows that they belong to."""
    if items.any():
        np.maximum.at(rows, np.repeat(np.arange(column.count), column.sizes), items)  # type: ignore[arg-type]


def _numbers(perl: Column, other: Column) -> Array:
    left, right = perl.numbers, other.numbers
    assert left is not None and right is not None and perl.large is not None
    found: Array = (left.view(np.uint64) != right.view(np.uint64)) * np.uint8(2)
    if found.any():
        found[np.isnan(left) & np.isnan(right)] = 0
    # Past 2**53 a number of Perl's may be an integer that no double holds, and so may Python's.
    large, integers = perl.large
    if len(large):
        theirs = _integers(left[large])
        if other.large is not None:  # Perl's, too
            theirs = other.large[1] if np.array_equal(large, other.large[0]) else ~integers
        lost = large[integers != theirs]
        found[lost] = np.maximum(found[lost], 1)
    if other.whole:
        np.maximum(found, np.abs(left) >= EXACT, out=found)
    return found


def _integers(doubles: Array) -> Array:
    """Doubles of size 2**53 to 2**64 as integers: their 64 bits."""
    with np.errstate(invalid="ignore"):
        signed, unsigned = doubles.astype(np.int64), doubles.astype(np.uint64).view(np.int64)
    return np.where(doubles < 2.0**63, signed, np.where(doubles < 2.0**64, unsigned, 0))


# --- parts of columns -------------------------------------------------------------------------


def size(column: Column) -> int:
    """How much is in it: how many numbers, and letters in pairs."""
    if column.inner:
        return sum(map(size, column.inner))
    return len(column.texts) // 2 or column.count


def has_doubles(column: Column) -> bool:
    """Whether there may be numbers in it that are no integers to Perl."""
    return column.letter == "d" or any(map(has_doubles, column.inner))


def take(column: Column, rows: Array) -> Column:
    """The column of these rows, which are in order."""
    if column.letter == "r":
        keys, *records = column.inner
        return replace(column, count=len(rows), inner=(keys, *(take(one, rows) for one in records)))
    items, sizes = rows, column.sizes
    if sizes is not None:
        ends = np.cumsum(sizes, dtype=np.int64)[rows]
        sizes = sizes[rows]
        after = np.cumsum(sizes, dtype=np.int64)
        items = np.repeat(ends - after, sizes) + np.arange(sizes.sum(dtype=np.int64))
    elif column.letter == "o":
        there = np.equal(column.numbers, 1)  # type: ignore[arg-type]
        items = (np.cumsum(there) - 1)[rows][there[rows]]
        if len(items) == len(rows):  # as `of` has it
            return take(column.inner[0], items)
    texts = b""
    if column.letter == "s":
        marks = _marks(column)
        starts = np.append(0, marks + len(MARK))[rows].tolist()
        ends = np.append(marks, len(column.texts))[rows].tolist()
        texts = MARK.join([column.texts[a:b] for a, b in zip(starts, ends, strict=True)])
    numbers = None if column.numbers is None else column.numbers[rows]
    large = column.large
    if large is not None:
        places = np.searchsorted(rows, large[0])
        kept = places < len(rows)
        kept[kept] = rows[places[kept]] == large[0][kept]
        large = (places[kept], large[1][kept])
    inner = tuple(take(one, items) for one in column.inner)
    return Column(column.letter, len(rows), numbers, sizes, texts, inner, large, column.whole)


def two_storages(column: Column) -> Array:
    """Of each row whether there is text of characters 0x80 to 0xFF in it: see sides.py."""
    found = np.zeros(column.count, np.uint8)
    if column.letter == "s":
        rows, firsts = _wide(column)
        found[rows] = 1
        found[rows[firsts >= 0xC4]] = 0  # the first byte of a character past 0xFF
        return found
    for one in column.inner:
        items = two_storages(one)
        if column.letter == "o":
            found[np.equal(column.numbers, 1)] = items  # type: ignore[arg-type]
        elif column.sizes is not None:
            _spread(column, items, found)
        else:  # a record; where a key has two, they all have
            np.maximum(found, items if len(items) == len(found) else items.any(), out=found)
    return found


def distinct(numbers: Array) -> Array:
    """Numbers from 0 on, in order, each once; np.unique loads all of numpy.ma for it."""
    return numbers[np.diff(numbers, prepend=-1) > 0]


def _wide(column: Column) -> tuple[Array, Array]:
    """The rows and the bytes of texts that are not ASCII."""
    data = np.frombuffer(column.texts, np.uint8)
    places = (data >= 0x80).nonzero()[0]
    return np.searchsorted(_marks(column), places) if len(places) else places, data[places]


def _marks(column: Column) -> Array:
    """Where the separators of texts are."""
    data = np.frombuffer(column.texts, np.uint8)
    starts = max(len(data) - len(MARK) + 1, 0)
    found = [data[i : i + starts] == byte for i, byte in enumerate(MARK)]
    marks: Array = np.logical_and.reduce(found).nonzero()[0]
    return marks


def distances(perl: Column, python: Column) -> Array:
    """Of each row how far numbers in it are apart at most, relative to the larger one."""
    found = np.zeros(perl.count)
    if not _same_shape(perl, python):
        return found + 1.0
    if perl.letter == "d":
        left, right = perl.numbers, python.numbers
        assert left is not None and right is not None
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            apart = np.abs(left - right) / np.maximum(np.abs(left), np.abs(right))
        same = (left == right) | (np.isnan(left) & np.isnan(right))
        return np.where(same, 0.0, np.where(np.isfinite(apart), apart, 1.0))
    for one, other in zip(perl.inner, python.inner, strict=True):
        apart = distances(one, other)
        if perl.letter == "o":
            found[np.equal(perl.numbers, 1)] = apart  # type: ignore[arg-type]
        elif perl.sizes is not None:
            _spread(perl, apart, found)
        elif one.letter != "s":
            np.maximum(found, apart, out=found)
    return found
