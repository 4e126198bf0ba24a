"""Columns: the values of one argument, or the results, of a whole batch of cases.

A column of values of one kind holds them as arrays, so that both sides can be compared at once. A
column of mixed kinds holds plain Python values. `of` makes the column that fits, `values` gives the
values back.
"""

from __future__ import annotations

import itertools
import struct
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from parity.values.arrays import Array, cut, distinct, item_places, spread
from parity.values.copies import deep_copy, leaves
from parity.values.perl_values import is_latin1_text

MARK = bytes([0x1E, 0x00, 0x1F, 0x01])  # between texts; a text that holds it makes a mixed column
SEPARATOR = MARK.decode()
MAX_KEYS = 16  # of hashes as records
MAX_DEPTH = 200  # of lists and hashes inside others
EXACT = 2**53  # below this size a double holds every integer
ABSENT = object()  # in place of a value whose key is missing
UNDEF, PRESENT, MISSING_KEY = 0, 1, 2  # the kinds of an Optional


class Column(ABC):
    """The values of one argument, or the results, of a batch. count: how many."""

    count: int

    @abstractmethod
    def values(self) -> list[Any]:
        """The values, all of them new objects."""

    @abstractmethod
    def take(self, rows: Array) -> Column:
        """The column of these rows, which are in order."""

    def size(self) -> int:
        """How much is in it: numbers, and half of the characters."""
        return self.count

    def has_doubles(self) -> bool:
        """Whether there may be numbers in it that are no integers to Perl."""
        return False

    def has_latin1_text(self) -> Array:
        """Per row: whether a text's highest character is one of 0x80 to 0xFF.

        Perl stores such a text in one of two ways.
        """
        return np.zeros(self.count, bool)


@dataclass(frozen=True)
class Numbers(Column):
    """Doubles. wide: the exact integers, by row, of those that are integers of 2**53 or more."""

    numbers: Array
    wide: Mapping[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:  # type: ignore[override]
        return len(self.numbers)

    def values(self) -> list[Any]:
        found: list[Any] = self.numbers.tolist()
        for row, integer in self.wide.items():
            found[row] = integer
        return found

    def take(self, rows: Array) -> Numbers:
        wide = {}
        if self.wide:
            wide = {
                place: self.wide[row] for place, row in enumerate(rows.tolist()) if row in self.wide
            }
        return Numbers(self.numbers[rows], wide)

    def has_doubles(self) -> bool:
        return True


@dataclass(frozen=True)
class Packed(Column):
    """Values that an array holds as they are."""

    array: Array

    @property
    def count(self) -> int:  # type: ignore[override]
        return len(self.array)

    def values(self) -> list[Any]:
        return list(self.array.tolist())

    def take(self, rows: Array) -> Column:
        return type(self)(self.array[rows])


class Integers(Packed):
    """Signed integers of 64 bits. Arguments only: a result's integers are Numbers."""


class Flags(Packed):
    """True and False."""


@dataclass(frozen=True)
class Nothing(Column):
    """None throughout."""

    count: int

    def values(self) -> list[Any]:
        return [None] * self.count

    def take(self, rows: Array) -> Nothing:
        return Nothing(len(rows))


@dataclass(frozen=True)
class Texts(Column):
    """Texts as UTF-8 (lone surrogates allowed), joined by MARK."""

    count: int
    joined: bytes

    def values(self) -> list[Any]:
        text = self.joined.decode("utf-8", "surrogatepass")
        return text.split(SEPARATOR) if self.count else []

    def parts(self) -> list[bytes]:
        return self.joined.split(MARK) if self.count else []

    def take(self, rows: Array) -> Texts:
        starts = np.append(0, self._marks + len(MARK))[rows].tolist()
        ends = np.append(self._marks, len(self.joined))[rows].tolist()
        parts = [self.joined[a:b] for a, b in zip(starts, ends, strict=True)]
        return Texts(len(rows), MARK.join(parts))

    def size(self) -> int:
        return len(self.joined) // 2 or self.count

    def has_latin1_text(self) -> Array:
        found = np.zeros(self.count, bool)
        rows, firsts = self._wide
        found[rows] = True
        found[rows[firsts >= 0xC4]] = False  # the first byte of a character past 0xFF
        return found

    def wide_rows(self) -> Array:
        return distinct(self._wide[0])

    @cached_property
    def _wide(self) -> tuple[Array, Array]:
        data = np.frombuffer(self.joined, np.uint8)
        places = (data >= 0x80).nonzero()[0]
        return np.searchsorted(self._marks, places) if len(places) else places, data[places]

    @cached_property
    def _marks(self) -> Array:
        data = np.frombuffer(self.joined, np.uint8)
        starts = max(len(data) - len(MARK) + 1, 0)
        found = [data[i : i + starts] == byte for i, byte in enumerate(MARK)]
        marks: Array = np.logical_and.reduce(found).nonzero()[0]
        return marks


@dataclass(frozen=True)
class Lists(Column):
    """Lists. sizes: of each; items: those of all lists in a row."""

    sizes: Array
    items: Column

    @property
    def count(self) -> int:  # type: ignore[override]
        return len(self.sizes)

    def values(self) -> list[Any]:
        sizes = set(self.sizes.tolist())
        if len(sizes) == 1 and isinstance(self.items, Numbers) and not self.items.wide:
            return list(self.items.numbers.reshape(self.count, *sizes).tolist())  # less time
        return cut(self.items.values(), self.sizes)

    def take(self, rows: Array) -> Lists:
        return Lists(self.sizes[rows], self.items.take(item_places(self.sizes, rows)))

    def size(self) -> int:
        return self.items.size()

    def has_doubles(self) -> bool:
        return self.items.has_doubles()

    def has_latin1_text(self) -> Array:
        return spread(self.items.has_latin1_text(), self.sizes)


@dataclass(frozen=True)
class Hashes(Column):
    """Hashes. sizes: of each; keys, items: those of all hashes in a row, sorted by key."""

    sizes: Array
    keys: Texts
    items: Column

    @property
    def count(self) -> int:  # type: ignore[override]
        return len(self.sizes)

    def values(self) -> list[Any]:
        both = (cut(column.values(), self.sizes) for column in (self.keys, self.items))
        return [dict(zip(*pair, strict=True)) for pair in zip(*both, strict=True)]

    def take(self, rows: Array) -> Hashes:
        places = item_places(self.sizes, rows)
        return Hashes(self.sizes[rows], self.keys.take(places), self.items.take(places))

    def size(self) -> int:
        return self.keys.size() + self.items.size()

    def has_doubles(self) -> bool:
        return self.items.has_doubles()

    def has_latin1_text(self) -> Array:
        found = self.keys.has_latin1_text() | self.items.has_latin1_text()
        return spread(found, self.sizes)


@dataclass(frozen=True)
class Records(Column):
    """Hashes with the same few keys, sorted; a field is an Optional where some lack its key."""

    count: int
    keys: tuple[str, ...]
    fields: tuple[Column, ...]

    def values(self) -> list[Any]:
        if not self.keys:
            return [{} for _ in range(self.count)]
        columns = [one.values() for one in self.fields]
        rows = [dict(zip(self.keys, row, strict=True)) for row in zip(*columns, strict=True)]
        if not any(isinstance(one, Optional) and one.lacks_keys() for one in self.fields):
            return rows
        return [{key: v for key, v in row.items() if v is not ABSENT} for row in rows]

    def take(self, rows: Array) -> Records:
        return Records(len(rows), self.keys, tuple(one.take(rows) for one in self.fields))

    def size(self) -> int:
        keys = len(SEPARATOR.join(self.keys).encode("utf-8", "surrogatepass"))
        return (keys // 2 or len(self.keys)) + sum(one.size() for one in self.fields)

    def has_doubles(self) -> bool:
        return any(one.has_doubles() for one in self.fields)

    def has_latin1_text(self) -> Array:
        found = np.zeros(self.count, bool)
        for key, one in zip(self.keys, self.fields, strict=True):
            found |= one.has_latin1_text()
            if is_latin1_text(key):
                found |= one.kinds != MISSING_KEY if isinstance(one, Optional) else True
        return found


@dataclass(frozen=True)
class Optional(Column):
    """Values of one kind, and undef or missing keys between them.

    kinds: UNDEF, PRESENT or MISSING_KEY for each row; present: the values that there are.
    """

    kinds: Array
    present: Column

    @property
    def count(self) -> int:  # type: ignore[override]
        return len(self.kinds)

    def values(self) -> list[Any]:
        present = iter(self.present.values())
        instead = {UNDEF: None, MISSING_KEY: ABSENT}
        return [next(present) if kind == PRESENT else instead[kind] for kind in self.kinds.tolist()]

    def take(self, rows: Array) -> Column:
        there = self.kinds == PRESENT
        items = self.present.take((np.cumsum(there) - 1)[rows][there[rows]])
        return items if there[rows].all() else Optional(self.kinds[rows], items)

    def size(self) -> int:
        return self.present.size()

    def has_doubles(self) -> bool:
        return self.present.has_doubles()

    def has_latin1_text(self) -> Array:
        found = np.zeros(self.count, bool)
        found[self.kinds == PRESENT] = self.present.has_latin1_text()
        return found

    def lacks_keys(self) -> bool:
        return bool((self.kinds == MISSING_KEY).any())


@dataclass(frozen=True)
class Mixed(Column):
    """Values of more than one kind, as they are."""

    objects: Sequence[Any]

    @property
    def count(self) -> int:  # type: ignore[override]
        return len(self.objects)

    def values(self) -> list[Any]:
        return [deep_copy(value) for value in self.objects]

    def take(self, rows: Array) -> Mixed:
        return Mixed([self.objects[row] for row in rows.tolist()])

    def size(self) -> int:
        return sum(1 for _ in leaves(list(self.objects)))

    def has_doubles(self) -> bool:
        return any(isinstance(value, float) for value in leaves(list(self.objects)))

    def has_latin1_text(self) -> Array:
        found = [any(map(is_latin1_text, leaves(value))) for value in self.objects]
        return np.array(found, bool)


# --- making columns ---------------------------------------------------------------------------


def of(values: Sequence[Any], *, keep_integers: bool = False, depth: int = 1) -> Column:
    """The column of these values.

    keep_integers: for arguments, in which a Python integer has to reach Perl as an integer.
    depth: how deep in lists and hashes the values are.
    """
    kinds = set(map(type, values))
    count = len(values)
    if depth > MAX_DEPTH or (depth > 4 and {list, dict} & kinds and _are_shared(values)):
        return Mixed(values)
    if kinds <= {float, int}:
        return _numbers(values, kinds, keep_integers)
    if kinds == {bool}:
        return Flags(np.array(values, bool))
    if kinds == {str}:
        return from_texts(SEPARATOR.join(values).encode("utf-8", "surrogatepass"), values)
    if kinds <= {list, tuple} and (kinds == {list} or not keep_integers):
        items = of(list(itertools.chain(*values)), keep_integers=keep_integers, depth=depth + 1)
        return Lists(np.fromiter(map(len, values), "<u4", count), items)
    if kinds == {dict}:
        return _hashes(values, keep_integers, depth + 1)
    if kinds == {type(None)}:
        return Nothing(count)
    gaps = kinds & {type(None), type(ABSENT)}
    if gaps and len(kinds) > len(gaps):
        present = [value for value in values if value is not None and value is not ABSENT]
        inner = of(present, keep_integers=keep_integers, depth=depth)
        if not isinstance(inner, Mixed):
            codes = {id(None): UNDEF, id(ABSENT): MISSING_KEY}
            numbers = [codes.get(id(value), PRESENT) for value in values]
            return Optional(np.array(numbers, np.uint8), inner)
    return Mixed(values)


def _numbers(values: Sequence[Any], kinds: set[type], keep_integers: bool) -> Column:
    if keep_integers and int in kinds:
        if len(kinds) > 1:
            return Mixed(values)
        try:
            return Integers(np.array(values, np.int64))
        except OverflowError:
            return Mixed(values)
    try:
        packed = struct.pack(f"<{len(values)}d", *values)  # several times as fast as np.array
    except (OverflowError, struct.error):
        return Mixed(values)
    wide = {}
    if int in kinds:
        wide = {n: v for n, v in enumerate(values) if type(v) is int and abs(v) >= EXACT}
    return Numbers(np.frombuffer(packed), wide)


def from_texts(joined: bytes, values: Sequence[str]) -> Column:
    """The column of these texts, which `joined` holds; mixed where one of them holds MARK."""
    if joined.count(MARK) != max(len(values), 1) - 1:
        return Mixed(values)
    return Texts(len(values), joined)


def _hashes(values: Sequence[dict[Any, Any]], keep_integers: bool, depth: int) -> Column:
    names: set[Any] = set()
    for value in values:
        names.update(value)
        if len(names) > MAX_KEYS:
            break
    if not all(type(name) is str and SEPARATOR not in name for name in names):
        return Mixed(values)
    if len(names) <= MAX_KEYS:
        keys = tuple(sorted(names))
        rows = ([value.get(key, ABSENT) for value in values] for key in keys)
        found = [of(row, keep_integers=keep_integers, depth=depth) for row in rows]
        if any(isinstance(one, Mixed) and id(ABSENT) in map(id, one.objects) for one in found):
            return Mixed(values)
        return Records(len(values), keys, tuple(found))
    try:
        ordered = list(map(sorted, values))
        texts = of(list(itertools.chain(*ordered)))
    except TypeError:  # keys of different types
        return Mixed(values)
    if not isinstance(texts, Texts):
        return Mixed(values)
    flat = [value[key] for value, keys in zip(values, ordered, strict=True) for key in keys]
    sizes = np.fromiter(map(len, ordered), "<u4", len(values))
    return Hashes(sizes, texts, of(flat, keep_integers=keep_integers, depth=depth))


# --- helpers ----------------------------------------------------------------------------------


def _are_shared(values: Sequence[Any]) -> bool:
    """Whether an object occurs twice: at some depth, only one that leads back to itself does."""
    return len(set(map(id, values))) < len(values)
