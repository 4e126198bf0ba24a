"""Cases by the thousand: the same kinds of values as `hints` draws, from NumPy's generators."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

import numpy as np

from parity.errors import CannotRun
from parity.inputs import hints, strategies
from parity.inputs.strategies import Port
from parity.values import columns
from parity.values.columns import Array, Column

MOST_OWN = 256  # forms of a batch's texts that are made of those in the sources
LEAST_RELATED = 16  # arguments of a batch that are made of others, at least
LONGEST = 10  # items of a list, characters of most texts
MOST_LEAST = 1000  # that a list or a text has to have at least
KEYS = 16  # names for the keys of hashes that are drawn at once, and as many from the sources
DEEPEST = 20  # hints inside others
NONE, ABSENT = 0, 2  # instead of a value: undef, or no key
LETTERS = np.frombuffer(b" \n\t09-.,;:_\"'aeABZ" + bytes(range(32, 127)), np.uint8)
Drawn = Callable[[np.random.Generator, int], Array]
# In the cases of one batch all arguments are drawn with the same 64 random bits a case, for those
# that belong together: of one length, of the same letters.
Draw = Callable[[np.random.Generator, int, Array], Column]


def drawer(port: Port) -> Callable[[np.random.Generator, int], list[Column]] | None:
    """What draws so many cases, a column an argument. None where only a strategy can."""
    own = port.cases.arrays
    if own is not None:
        return lambda chance, count: _given(own, chance, count)
    if port.cases.inputs is not None:
        return None
    try:
        reader = Reader(port.constants, port.texts)
        draws = [reader.draw(port.hint(parameter)) for parameter in port.parameters]
        if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in port.parameters):
            return None
    except (hints.Unknown, CannotRun):
        return None
    pairs = strategies.alike(port)

    def rows(chance: np.random.Generator, count: int) -> list[Column]:
        common = _bits(chance, count)
        found = [draw(chance, count, common) for draw in draws]
        if pairs:
            source, target = pairs[int(chance.integers(len(pairs)))]
            found[target] = _related(chance, found[source], found[target])
        return found

    return rows


def _bits(chance: np.random.Generator, count: int) -> Array:
    return chance.integers(0, 2**64, count, np.uint64)


def _random(chance: np.random.Generator) -> random.Random:
    """A generator with the ways of Python's own."""
    return random.Random(int(chance.integers(2**63)))


def _related(chance: np.random.Generator, source: Column, target: Column) -> Column:
    """The target, in some rows made of the source, or one of its items or keys."""
    rows = chance.integers(0, source.count, source.count // 64 + LEAST_RELATED)
    places, there, ways = rows, source, _random(chance)
    if source.sizes is not None:
        rows = rows[source.sizes[rows] > 0]
        ends = np.cumsum(source.sizes, dtype=np.int64)[rows]
        places, there = ends - 1 - chance.integers(0, source.sizes[rows]), source.inner[0]
    if there.letter != target.letter:
        return target
    if there.numbers is not None and target.numbers is not None:
        target.numbers[rows] = there.numbers[places]
    elif there.letter == "s":
        texts, others = columns.values(target), columns.values(there)
        for row, place in zip(rows.tolist(), places.tolist(), strict=True):
            texts[row] = (
                others[place] if there is not source else strategies.made_of(others[place], ways)
            )
        return columns.of(texts) or target
    return target


def _given(own: Callable[..., Any], chance: np.random.Generator, count: int) -> list[Column]:
    """What a cases file gives. Raises CannotRun where that is not so many cases."""
    try:
        found = [from_array(one) for one in own(chance, count)]
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
        inner = [from_array(one) for one in value.values()]
        keys = columns.of(sorted(value))
        order = [inner[list(value).index(key)] for key in sorted(value)]
        assert keys
        return Column("r", order[0].count, inner=(keys, *order))
    if isinstance(value, np.ndarray) and value.ndim > 1:
        sizes = np.full(len(value), value.shape[1], "<u4")
        items = value.reshape(len(value) * value.shape[1], *value.shape[2:])
        return Column("l", len(value), sizes=sizes, inner=(from_array(items),))
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        if value.dtype.kind == "u" and (value > 2**63 - 1).any():
            raise CannotRun("Cases.arrays gives integers past 2**63 - 1")
        letter, kind = {"f": ("d", "<f8"), "b": ("b", "?")}.get(value.dtype.kind, ("i", "<i8"))
        return Column(letter, len(value), value.astype(kind))
    found = columns.of(list(value), whole=True)
    if found is None:
        raise CannotRun(
            "Cases.arrays gives values of more than one kind for one argument, or a text with "
            f"{columns.SEPARATOR!r} in it, which parity uses itself"
        )
    return found


def optional(port: Port) -> int:
    """How many of the arguments that are drawn may be left out."""
    if port.cases.arrays is not None:
        return 0
    return sum(parameter.default is not parameter.empty for parameter in port.parameters)


@dataclass(frozen=True)
class Reader:
    """Reads hints; constants and texts are as hints.Reader has them."""

    constants: Sequence[Any]
    texts: Sequence[str]

    def draw(self, hint: Any, metadata: Sequence[Any] = (), depth: int = 0) -> Draw:
        """What draws values of a hint. Raises Unknown. depth: how deep in others it is."""
        origin, inner, depth = get_origin(hint), get_args(hint), depth + 1
        if depth > DEEPEST:
            raise hints.Unknown("a hint that leads back to itself")
        if origin is Annotated:
            return self.draw(inner[0], (*hint.__metadata__, *metadata), depth)
        if origin in hints.WRAPPERS:
            return self.draw(inner[0], metadata, depth)
        if (meant := hints.alias(hint)) is not None:
            return self.draw(meant, metadata, depth)
        bounds = hints.Bounds.of(metadata)
        if hint in (float, int):
            return _numbers(hint, bounds, self.constants)
        if bounds.only_sizes and bounds.shortest <= MOST_LEAST:
            if hint is str:
                return self._texts(bounds)
            if origin in hints.LISTS:
                return _lists(self.draw(inner[0], (), depth), bounds)
        if not bounds.checks:
            if hint is bool:
                return lambda chance, count, common: Column("b", count, chance.random(count) < 0.5)
            if origin is Literal:
                return _chosen(inner)
            if origin in hints.HASHES and inner[0] is str:
                return self._hashes(self.draw(inner[1], (), depth))
            if hasattr(hint, "__required_keys__"):
                return self._records(hint, depth)
            arms = hints.union(hint) or ()
            if len(arms) == 2 and type(None) in arms:
                (arm,) = (one for one in arms if one is not type(None))
                return _maybe(self.draw(arm, (), depth), NONE)
        raise hints.Unknown(f"no arrays are known for {hints.shown(hint)}")

    def _texts(self, bounds: hints.Bounds) -> Draw:
        edges = (one for one in (*hints.TEXTS, *self.constants) if type(one) is str)
        return _texts(list(edges), self.texts, bounds)

    def _hashes(self, values: Draw) -> Draw:
        texts = self._texts(hints.Bounds())
        own = [one for one in self.constants if type(one) is str and columns.SEPARATOR not in one]

        def hashes(chance: np.random.Generator, count: int, common: Array) -> Column:
            drawn = columns.values(texts(chance, KEYS, _bits(chance, KEYS)))
            drawn += _random(chance).sample(own, min(len(own), KEYS))
            names = [one.encode("utf-8", "surrogatepass") for one in sorted({*drawn, "0", "é"})]
            rows = np.repeat(np.arange(count), chance.integers(0, LONGEST + 1, count))
            keys = np.sort(rows * len(names) + chance.integers(0, len(names), len(rows)))
            keys = columns.distinct(keys)
            sizes = np.bincount(keys // len(names), minlength=count).astype("<u4")
            found = columns.MARK.join([names[key] for key in (keys % len(names)).tolist()])
            inner = values(chance, len(keys), _bits(chance, len(keys)))
            return Column(
                "h", count, sizes=sizes, inner=(Column("s", len(keys), texts=found), inner)
            )

        return hashes

    def _records(self, hint: Any, depth: int) -> Draw:
        fields = dict(sorted(hints.keys(hint).items()))
        keys = columns.of(list(fields))
        if not keys or len(fields) > columns.MOST_KEYS:
            raise hints.Unknown(f"no arrays are known for {hints.shown(hint)}")
        draws = [self.draw(one, (), depth) for one, _ in fields.values()]
        musts = [must for _, must in fields.values()]
        draws = [d if must else _maybe(d, ABSENT) for d, must in zip(draws, musts, strict=True)]

        def records(chance: np.random.Generator, count: int, common: Array) -> Column:
            return Column("r", count, inner=(keys, *(one(chance, count, common) for one in draws)))

        return records


def _maybe(draw: Draw, instead: int) -> Draw:
    """What draws values, and now and then nothing instead: undef, or no key."""

    def maybe(chance: np.random.Generator, count: int, common: Array) -> Column:
        found = draw(chance, count, common)
        kinds, there = np.ones(count, np.uint8), found
        if found.letter == "o":
            assert found.numbers is not None
            kinds, there = found.numbers.copy(), found.inner[0]
        before = kinds == 1
        kinds[chance.random(count) < 1 / 8] = instead
        kept = columns.take(there, np.nonzero(kinds[before] == 1)[0])
        return Column("o", count, kinds, inner=(kept,))

    return maybe


def _chosen(values: Sequence[Any]) -> Draw:
    """What draws one of these. Raises Unknown where they are not all of one kind."""
    if len(set(map(type, values))) > 1 or type(values[0]) not in (str, int, bool):
        raise hints.Unknown("no arrays are known for values of more than one kind")
    if columns.of(values, whole=True) is None:
        raise hints.Unknown("no arrays are known for these values")

    def chosen(chance: np.random.Generator, count: int, common: Array) -> Column:
        some = [values[place] for place in chance.integers(0, len(values), count).tolist()]
        found = columns.of(some, whole=True) if count else columns.of(values, whole=True)
        assert found
        return found if count else columns.take(found, np.zeros(0, np.int64))

    return chosen


def _numbers(kind: type, bounds: hints.Bounds, constants: Sequence[Any]) -> Draw:
    if bounds.multiple or len(bounds.checks) > bool(bounds.low) + bool(bounds.high):
        raise hints.Unknown("no arrays are known for these bounds")
    dtype: Any = np.float64 if kind is float else np.int64
    some: list[Any] = [one for one in (*hints.EDGES[kind], *constants) if type(one) is kind]
    some = [one for one in some if bounds.admit(one) and (kind is float or abs(one) < 2**63)]
    edges = np.array(some, dtype)
    draw: Drawn = _any_doubles if kind is float else _any_integers
    if bounds.checks:
        draw = _between(kind, bounds)

    def numbers(chance: np.random.Generator, count: int, common: Array) -> Column:
        found = draw(chance, count)
        if len(edges):
            chosen = chance.random(count) < 1 / 64
            found[chosen] = chance.choice(edges, int(chosen.sum()))
        return Column("d" if kind is float else "i", count, found)

    return numbers


def _between(kind: type, bounds: hints.Bounds) -> Drawn:
    """What draws numbers within bounds, each as likely as the others."""
    largest = 1e6 if kind is float else hints.SMALL
    low, left_out = bounds.low or (max(-largest, (bounds.high or (0,))[0] - largest), False)
    high, right_out = bounds.high or (low + largest, False)
    if kind is float and math.isfinite(high - low) and low < high:

        def doubles(chance: np.random.Generator, count: int) -> Array:
            found = low + (high - low) * chance.random(count)
            where = chance.random(count) < 1 / 8
            found[where] = _decimals(chance, found[where])
            outside = (found <= low) if left_out else (found < low)
            outside |= (found >= high) if right_out else (found > high)
            found[outside] = low / 2 + high / 2
            return found

        return doubles
    first = math.floor(low) + 1 if left_out else math.ceil(low)
    last = math.ceil(high) - 1 if right_out else math.floor(high)
    if kind is int and -(2**62) < first <= last < 2**62:
        return lambda chance, count: chance.integers(first, last, count, endpoint=True)
    raise hints.Unknown("no arrays are known for these bounds")


def _decimals(chance: np.random.Generator, numbers: Array) -> Array:
    """Numbers with a few decimal places: amounts of money, and what lies between two of them."""
    powers = 10.0 ** chance.integers(0, 4, len(numbers))
    rounded: Array = np.rint(numbers * powers) / powers
    return rounded


def _any_doubles(chance: np.random.Generator, count: int) -> Array:
    """Some are random bits, most of middling size; some are small whole numbers, or decimals."""
    bits = chance.integers(0, 2**64, count, np.uint64)
    kind = chance.integers(0, 16, count, np.uint8)
    exponent = chance.integers(1023 - 40, 1023 + 41, count, np.uint64) << np.uint64(52)
    middling = (bits & np.uint64(0x800F_FFFF_FFFF_FFFF)) | exponent
    found = np.where(kind < 6, bits, middling).view(np.float64)
    where = kind == 15
    found[where] = np.copysign(chance.integers(0, 101, int(where.sum())), found[where])
    where = kind == 14
    found[where] = _decimals(chance, chance.uniform(-1000, 1000, int(where.sum())))
    return found


def _any_integers(chance: np.random.Generator, count: int) -> Array:
    """Half of them evenly below 2**31 in size, the others of all magnitudes; some small."""
    found = chance.integers(-(2**31), 2**31, count)
    kind = chance.integers(0, 16, count)
    where = kind < 8
    powers = chance.uniform(0, 31, int(where.sum()))
    found[where] = chance.choice([-1, 1], int(where.sum())) * (2.0**powers).astype(np.int64)
    where = kind == 0
    found[where] = chance.integers(-100, 101, int(where.sum()))
    return found


def _texts(some: Sequence[str], known: Sequence[str], bounds: hints.Bounds) -> Draw:
    edges = [one for one in some if columns.SEPARATOR not in one and bounds.admit(one)]
    shortest, longest = _sizes(bounds)

    def texts(chance: np.random.Generator, count: int, common: Array) -> Column:
        lengths = chance.integers(shortest, longest + 1, count)
        size = len(columns.MARK)
        marks = np.cumsum(lengths + size)[:-1] - size
        letters = chance.choice(LETTERS, int(lengths.sum()) + size * len(marks))
        few = count // 4  # of these each has three letters only
        bits = np.repeat(common[:few], lengths[:few] + size)[: len(letters)]
        bits >>= chance.choice(np.array([0, 16, 32], np.uint64), len(bits))
        letters[: len(bits)] = LETTERS[bits.astype(np.uint16) % np.uint16(len(LETTERS))]
        for place, byte in enumerate(columns.MARK):
            letters[marks + place] = byte
        found = letters.tobytes().split(columns.MARK)
        rows = np.nonzero(chance.random(count) < 1 / 100)[0]
        for row, other in zip(rows, _unusual(chance, lengths[rows], edges), strict=True):
            found[row] = other.encode("utf-8", "surrogatepass")
        rows = np.nonzero(chance.random(count) < 1 / 8)[0]
        some = _varied(known, bounds, chance, min(len(rows), MOST_OWN))
        if some:
            chosen = chance.integers(0, len(some), len(rows)).tolist()
            own = _respelled(chance, [some[which] for which in chosen])
            for place, text in zip(rows.tolist(), own, strict=True):
                found[place] = text
        return Column("s", count, texts=columns.MARK.join(found))

    return texts


def _respelled(chance: np.random.Generator, texts: Sequence[bytes]) -> list[bytes]:
    """These texts, most of them with other digits, some with other letters, in the same places."""
    letters = np.frombuffer(columns.MARK.join(texts), np.uint8).copy()
    sizes = np.fromiter(map(len, texts), np.int64, len(texts)) + len(columns.MARK)
    for first, count, share in ((48, 10, 0.5), (65, 26, 0.1), (97, 26, 0.1)):
        changed = np.repeat(chance.random(len(texts)) < share, sizes)[: len(letters)]
        changed &= (letters >= first) & (letters < first + count)
        changed &= chance.random(len(letters)) < 0.5
        letters[changed] = first + chance.integers(0, count, int(changed.sum()))
    return letters.tobytes().split(columns.MARK)


def _varied(
    known: Sequence[str], bounds: hints.Bounds, chance: np.random.Generator, count: int
) -> list[bytes]:
    """Texts of the forms that the sources know, as UTF-8."""
    if not known:
        return []
    ways = _random(chance)
    texts = [
        hints.varied(ways.choice(known[: hints.OWN]), known, ways.getrandbits(32))
        for _ in range(count)
    ]
    fitting = [one for one in texts if columns.SEPARATOR not in one and bounds.admit(one)]
    return [one.encode("utf-8", "surrogatepass") for one in fitting]


def _sizes(bounds: hints.Bounds) -> tuple[int, int]:
    """The shortest and the longest that is drawn."""
    longest = bounds.shortest + LONGEST
    return bounds.shortest, longest if bounds.longest is None else min(longest, bounds.longest)


def _unusual(chance: np.random.Generator, lengths: Array, edges: Sequence[str]) -> list[str]:
    """One in three is an edge value, one of Latin letters, one of any characters."""
    kinds = chance.integers(0, 3, len(lengths))
    points = chance.integers(0, 0x20000, int(lengths.sum()))
    points[np.repeat(kinds, lengths) == 1] %= 0x250
    points[(points >= 0xD800) & (points < 0xE000)] = 0x3042  # no lone surrogates
    characters = iter(map(chr, points.tolist()))
    found = ["".join(itertools.islice(characters, length)) for length in lengths.tolist()]
    for row in np.nonzero(kinds == 0)[0].tolist() if edges else ():
        found[row] = edges[int(chance.integers(0, len(edges)))]
    return found


def _lists(items: Draw, bounds: hints.Bounds) -> Draw:
    shortest, longest = _sizes(bounds)

    def lists(chance: np.random.Generator, count: int, common: Array) -> Column:
        own = chance.integers(shortest, longest + 1, count)
        same = shortest + (common % np.uint64(longest + 1 - shortest)).astype(np.int64)
        own = np.where(chance.random(count) < 0.7, same, own)  # two have it every other time
        total = int(own.sum())
        inner = items(chance, total, _bits(chance, total))
        return Column("l", count, sizes=own.astype("<u4"), inner=(inner,))

    return lists
