"""Cases by the thousand: values of the same kinds as values.py draws, from NumPy's generators."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from parity.errors import CannotRun
from parity.inputs.bounds import Bounds
from parity.inputs.hints import (
    Alias,
    Choice,
    Flag,
    HashOf,
    Kind,
    ListOf,
    Nothing,
    Number,
    Record,
    Text,
    Union,
)
from parity.inputs.port import Port
from parity.inputs.relations import random_of, relate_columns, same_typed_pairs
from parity.inputs.texts import KnownTexts, mutated_texts, respell
from parity.inputs.values import EDGES, SMALL, TEXTS
from parity.values import columns
from parity.values.arrays import Array, distinct
from parity.values.columns import (
    Column,
    Flags,
    Hashes,
    Integers,
    Lists,
    Mixed,
    Numbers,
    Optional,
    Records,
    Texts,
)

MOST_OWN = 512  # forms of a batch's texts that are made of those in the sources
FEW = 5_000  # texts of a batch, most of which have these forms; fewer in a larger batch
LONGEST = 10  # items of a list, characters of most texts
MOST_LEAST = 1000  # that a list or a text has to have at least
KEYS = 24  # names for the keys of hashes that are drawn at once, and as many from the sources
NONE, ABSENT = 0, 2  # instead of a value: undef, or no key
LETTERS = np.frombuffer(b" \n\t09-.,;:_\"'aeABZ" + bytes(range(32, 127)), np.uint8)
Drawn = Callable[[np.random.Generator, int], Array]
# The last argument, `common`, holds 64 random bits a case. All arguments share them, so that lists
# get equal lengths and texts equal letters.
Draw = Callable[[np.random.Generator, int, Array], Column]


class NoArrays(Exception):
    """NumPy cannot draw values of a kind."""


def drawer(port: Port) -> Callable[[np.random.Generator, int], list[Column]] | None:
    """What draws so many cases, a column an argument. None where only a strategy can."""
    own = port.cases.arrays
    if own is not None:
        return lambda rng, count: _given(own, rng, count)
    if port.cases.inputs is not None:
        return None
    try:
        if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in port.parameters):
            return None
        arrays = _Arrays(port.constants, port.texts)
        draws = [arrays.draw(kind) for kind in port.kinds]
    except (NoArrays, CannotRun):
        return None
    pairs = same_typed_pairs(port)

    def rows(rng: np.random.Generator, count: int) -> list[Column]:
        common = _bits(rng, count)
        found = [draw(rng, count, common) for draw in draws]
        if pairs:
            source, target = pairs[int(rng.integers(len(pairs)))]
            found[target] = relate_columns(rng, found[source], found[target])
        return found

    return rows


def _bits(rng: np.random.Generator, count: int) -> Array:
    return rng.integers(0, 2**64, count, np.uint64)


def _given(own: Callable[..., Any], rng: np.random.Generator, count: int) -> list[Column]:
    """What a cases file gives. Raises CannotRun where that is not so many cases."""
    try:
        found = [from_array(one) for one in own(rng, count)]
    except CannotRun:
        raise
    except Exception as error:
        raise CannotRun(f"Cases.arrays: {error}") from None
    for column in found:
        if column.count != count:
            raise CannotRun(f"Cases.arrays gives {column.count} values where {count} are wanted")
    return found


def from_array(value: Any) -> Column:
    """A column from what a cases file gives: see `Cases.arrays`."""
    if isinstance(value, Mapping):
        fields = {key: from_array(one) for key, one in value.items()}
        keys = sorted(fields)
        return Records(fields[keys[0]].count, tuple(keys), tuple(fields[key] for key in keys))
    if isinstance(value, np.ndarray) and value.ndim > 1:
        sizes = np.full(len(value), value.shape[1], "<u4")
        items = value.reshape(len(value) * value.shape[1], *value.shape[2:])
        return Lists(sizes, from_array(items))
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        if value.dtype.kind == "u" and (value > 2**63 - 1).any():
            raise CannotRun("Cases.arrays gives integers past 2**63 - 1")
        if value.dtype.kind == "f":
            return Numbers(value.astype("<f8"))
        return Flags(value) if value.dtype.kind == "b" else Integers(value.astype("<i8"))
    return columns.of(list(value), keep_integers=True)


def optional(port: Port) -> int:
    """How many of the arguments that are drawn may be left out."""
    if port.cases.arrays is not None:
        return 0
    return sum(parameter.default is not parameter.empty for parameter in port.parameters)


@dataclass(frozen=True)
class _Arrays:
    """Makes what draws values of kinds; constants and texts are as values.Builder has them."""

    constants: Sequence[Any]
    texts: KnownTexts

    def draw(self, kind: Kind) -> Draw:
        """What draws values of a kind. Raises NoArrays."""
        bounds = kind.bounds
        short = bounds.only_lengths and bounds.shortest <= MOST_LEAST
        match kind:
            case Alias(_, target):
                return self.draw(target)
            case Number(type=own):
                return _numbers(own, bounds, self.constants)
            case Text() if short:
                return self._texts(bounds)
            case ListOf(item, type=made) if short and made is list:
                return _lists(self.draw(item), bounds, spelled=isinstance(item, Text))
            case Flag() if not bounds:
                return lambda rng, count, common: Flags(rng.random(count) < 0.5)
            case Choice(values) if not bounds:
                return _chosen(values)
            case HashOf(key, value) if not bounds and key == Text():
                return self._hashes(self.draw(value))
            case Record() if not bounds:
                return self._records(kind)
            case Union((arm, Nothing()) | (Nothing(), arm)) if not bounds:
                return _maybe(self.draw(arm), NONE)
        raise NoArrays

    def _texts(self, bounds: Bounds) -> Draw:
        edges = [one for one in (*TEXTS, *self.constants) if type(one) is str]
        return _texts(edges, self.texts, bounds)

    def _hashes(self, values: Draw) -> Draw:
        texts = self._texts(Bounds())
        own = [one for one in self.constants if type(one) is str and columns.SEPARATOR not in one]

        def hashes(rng: np.random.Generator, count: int, common: Array) -> Column:
            drawn = texts(rng, KEYS, _bits(rng, KEYS)).values()
            drawn += random_of(rng).sample(own, min(len(own), KEYS))
            names = [one.encode("utf-8", "surrogatepass") for one in sorted({*drawn, "0", "é"})]
            rows = np.repeat(np.arange(count), rng.integers(0, LONGEST + 1, count))
            keys = np.sort(rows * len(names) + rng.integers(0, len(names), len(rows)))
            keys = distinct(keys)
            sizes = np.bincount(keys // len(names), minlength=count).astype("<u4")
            found = columns.MARK.join([names[key] for key in (keys % len(names)).tolist()])
            inner = values(rng, len(keys), _inside(rng, common, sizes))
            return Hashes(sizes, Texts(len(keys), found), inner)

        return hashes

    def _records(self, kind: Record) -> Draw:
        fields = dict(sorted(kind.fields.items()))
        if not fields or len(fields) > columns.MAX_KEYS:
            raise NoArrays
        draws = [
            self.draw(one) if name in kind.required else _maybe(self.draw(one), ABSENT)
            for name, one in fields.items()
        ]

        def records(rng: np.random.Generator, count: int, common: Array) -> Column:
            found = tuple(one(rng, count, common) for one in draws)
            return Records(count, tuple(fields), found)

        return records


def _maybe(draw: Draw, instead: int) -> Draw:
    """What draws values, and now and then nothing instead: undef, or no key."""

    def maybe(rng: np.random.Generator, count: int, common: Array) -> Column:
        found = draw(rng, count, common)
        kinds, there = np.ones(count, np.uint8), found
        if isinstance(found, Optional):
            kinds, there = found.kinds.copy(), found.present
        before = kinds == 1
        kinds[rng.random(count) < 1 / 8] = instead
        return Optional(kinds, there.take(np.nonzero(kinds[before] == 1)[0]))

    return maybe


def _chosen(values: Sequence[Any]) -> Draw:
    """What draws one of these. Raises NoArrays where they are not all of one kind."""
    if len(set(map(type, values))) > 1 or type(values[0]) not in (str, int, bool):
        raise NoArrays
    if isinstance(columns.of(values, keep_integers=True), Mixed):
        raise NoArrays

    def chosen(rng: np.random.Generator, count: int, common: Array) -> Column:
        some = [values[place] for place in rng.integers(0, len(values), count).tolist()]
        found = columns.of(some or values, keep_integers=True)
        return found if count else found.take(np.zeros(0, np.int64))

    return chosen


def _numbers(kind: type, bounds: Bounds, constants: Sequence[Any]) -> Draw:
    if bounds.multiple or len(bounds.checks) > bool(bounds.low) + bool(bounds.high):
        raise NoArrays
    dtype: Any = np.float64 if kind is float else np.int64
    some: list[Any] = [one for one in (*EDGES[kind], *constants) if type(one) is kind]
    some = [one for one in some if bounds.admit(one) and (kind is float or abs(one) < 2**63)]
    edges = np.array(some, dtype)
    draw: Drawn = _any_doubles if kind is float else _any_integers
    if bounds.checks:
        draw = _between(kind, bounds)

    def numbers(rng: np.random.Generator, count: int, common: Array) -> Column:
        found = draw(rng, count)
        if len(edges):
            chosen = rng.random(count) < 1 / 64
            found[chosen] = rng.choice(edges, int(chosen.sum()))
        if not bounds.checks:  # in some cases all numbers are small, and near each other
            small = common >> np.uint64(61) < (2 if kind is int else 1)
            found[small] = rng.integers(0, 13, int(small.sum()))
        return Numbers(found) if kind is float else Integers(found)

    return numbers


def _between(kind: type, bounds: Bounds) -> Drawn:
    """What draws numbers within bounds, each as likely as the others."""
    largest = 1e6 if kind is float else SMALL
    low, left_out = bounds.low or (max(-largest, (bounds.high or (0,))[0] - largest), False)
    high, right_out = bounds.high or (low + largest, False)
    if kind is float and math.isfinite(high - low) and low < high:

        def doubles(rng: np.random.Generator, count: int) -> Array:
            found = low + (high - low) * rng.random(count)
            where = rng.random(count) < 1 / 8
            found[where] = _decimals(rng, found[where])
            outside = (found <= low) if left_out else (found < low)
            outside |= (found >= high) if right_out else (found > high)
            found[outside] = low / 2 + high / 2
            return found

        return doubles
    first = math.floor(low) + 1 if left_out else math.ceil(low)
    last = math.ceil(high) - 1 if right_out else math.floor(high)
    if kind is int and -(2**62) < first <= last < 2**62:
        return lambda rng, count: rng.integers(first, last, count, endpoint=True)
    raise NoArrays


def _decimals(rng: np.random.Generator, numbers: Array) -> Array:
    """Numbers with a few decimal places: amounts of money, and what lies between two of them."""
    powers = 10.0 ** rng.integers(0, 4, len(numbers))
    rounded: Array = np.rint(numbers * powers) / powers
    return rounded


def _any_doubles(rng: np.random.Generator, count: int) -> Array:
    """Some are random bits, most of middling size; some are small whole numbers, or decimals."""
    bits = rng.integers(0, 2**64, count, np.uint64)
    kind = rng.integers(0, 16, count, np.uint8)
    exponent = rng.integers(1023 - 40, 1023 + 41, count, np.uint64) << np.uint64(52)
    middling = (bits & np.uint64(0x800F_FFFF_FFFF_FFFF)) | exponent
    found = np.where(kind < 6, bits, middling).view(np.float64)
    where = kind == 15
    found[where] = np.copysign(rng.integers(0, 101, int(where.sum())), found[where])
    where = kind == 14
    found[where] = _decimals(rng, rng.uniform(-1000, 1000, int(where.sum())))
    return found


def _any_integers(rng: np.random.Generator, count: int) -> Array:
    """Half of them evenly below 2**31 in size, the others of all magnitudes; some small."""
    found = rng.integers(-(2**31), 2**31, count)
    kind = rng.integers(0, 16, count)
    where = kind < 8
    powers = rng.uniform(0, 31, int(where.sum()))
    found[where] = rng.choice([-1, 1], int(where.sum())) * (2.0**powers).astype(np.int64)
    where = kind == 0
    found[where] = rng.integers(-100, 101, int(where.sum()))
    return found


def _texts(some: Sequence[str], known: KnownTexts, bounds: Bounds) -> Draw:
    edges = [one for one in some if columns.SEPARATOR not in one and bounds.admit(one)]
    shortest, longest = _sizes(bounds)

    def texts(rng: np.random.Generator, count: int, common: Array) -> Column:
        lengths = rng.integers(shortest, longest + 1, count)
        size = len(columns.MARK)
        marks = np.cumsum(lengths + size)[:-1] - size
        letters = rng.choice(LETTERS, int(lengths.sum()) + size * len(marks))
        few = count // 4  # of these each has three letters only
        bits = np.repeat(common[:few], lengths[:few] + size)[: len(letters)]
        bits >>= rng.choice(np.array([0, 16, 32], np.uint64), len(bits))
        letters[: len(bits)] = LETTERS[bits.astype(np.uint16) % np.uint16(len(LETTERS))]
        for place, byte in enumerate(columns.MARK):
            letters[marks + place] = byte
        found = letters.tobytes().split(columns.MARK)
        rows = np.nonzero(rng.random(count) < 1 / 100)[0]
        for row, other in zip(rows, _unusual(rng, lengths[rows], edges), strict=True):
            found[row] = other.encode("utf-8", "surrogatepass")
        rows = np.nonzero(rng.random(count) < (3 / 4 if count <= FEW else 1 / 8))[0]
        own = mutated_texts(known, bounds, random_of(rng), min(len(rows), MOST_OWN))
        if own:
            chosen = rng.integers(0, len(own), len(rows)).tolist()
            respelled = respell(rng, [own[which] for which in chosen])
            for place, text in zip(rows.tolist(), respelled, strict=True):
                found[place] = text
        return Texts(count, columns.MARK.join(found))

    return texts


def _with_spellings(rng: np.random.Generator, items: Texts, sizes: Array) -> Texts:
    """The items of lists, some of them as the one before, or that in capitals or small letters."""
    chosen = rng.random(items.count) < 1 / 8
    chosen[np.cumsum(sizes)[sizes > 0] - sizes[sizes > 0]] = False  # the first ones of their lists
    texts = items.values()
    for place in np.nonzero(chosen)[0].tolist():
        before = texts[place - 1]
        other = [before, before.upper(), before.lower(), before.title()][place % 4]
        texts[place] = other if len(other) == len(before) else before
    changed = columns.of(texts)
    return changed if isinstance(changed, Texts) else items


def _inside(rng: np.random.Generator, common: Array, sizes: Array) -> Array:
    """Bits for what is inside of lists or hashes: of each its own, but for the highest ones."""
    bits = np.repeat(common, sizes)
    own = _bits(rng, len(bits)) & np.uint64(2**60 - 1)
    return (bits & ~np.uint64(2**60 - 1)) | own


def _sizes(bounds: Bounds) -> tuple[int, int]:
    """The shortest and the longest that is drawn."""
    longest = bounds.shortest + LONGEST
    return bounds.shortest, longest if bounds.longest is None else min(longest, bounds.longest)


def _unusual(rng: np.random.Generator, lengths: Array, edges: Sequence[str]) -> list[str]:
    """One in three is an edge value, one of Latin letters, one of any characters."""
    kinds = rng.integers(0, 3, len(lengths))
    points = rng.integers(0, 0x20000, int(lengths.sum()))
    points[np.repeat(kinds, lengths) == 1] %= 0x250
    points[(points >= 0xD800) & (points < 0xE000)] = 0x3042  # no lone surrogates
    characters = iter(map(chr, points.tolist()))
    found = ["".join(itertools.islice(characters, length)) for length in lengths.tolist()]
    for row in np.nonzero(kinds == 0)[0].tolist() if edges else ():
        found[row] = edges[int(rng.integers(0, len(edges)))]
    return found


def _lists(items: Draw, bounds: Bounds, spelled: bool) -> Draw:
    """What draws lists. spelled: whether an item may be another one in capitals."""
    shortest, longest = _sizes(bounds)

    def lists(rng: np.random.Generator, count: int, common: Array) -> Column:
        own = rng.integers(shortest, longest + 1, count)
        same = shortest + (common % np.uint64(longest + 1 - shortest)).astype(np.int64)
        own = np.where(rng.random(count) < 0.7, same, own)  # two have it every other time
        total = int(own.sum())
        inner = items(rng, total, _inside(rng, common, own))
        if spelled and isinstance(inner, Texts):
            inner = _with_spellings(rng, inner, own)
        return Lists(own.astype("<u4"), inner)

    return lists
