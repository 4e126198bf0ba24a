"""The values of a kind: a Hypothesis strategy, and the values at its edges."""

from __future__ import annotations

import itertools
import math
import operator
import random
import sys
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from parity.inputs.bounds import Bounds
from parity.inputs.hints import (
    Alias,
    Bytes,
    Choice,
    Flag,
    Function,
    HashOf,
    Kind,
    ListOf,
    Member,
    NamedTuple,
    Nothing,
    Number,
    Record,
    Reference,
    Text,
    TupleOf,
    Union,
    Unknown,
    shown,
)
from parity.inputs.texts import ORDINARY, KnownTexts, mutate_text

MOST_COMBINED = 64  # edge values of one tuple or record, if its parts have more in all
MOST_FALSE = 8  # false values for each known key, and known keys
LEAST, MOST = -(2**63), 2**64 - 1  # the integers of Perl
SMALL = 2**31  # most integers are smaller, so that a product of two is still one in Perl
LARGEST_LIST = 1000  # items of an edge value
LONGEST_TEXT = 1000  # characters of one
MOST_MATCHING = 400  # edge values that match a pattern, or nearly
MOST_LENGTHS = 24  # numbers of the sources that are taken for lengths of texts

FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 5e-324, -5e-324, 2.2250738585072014e-308]
FLOATS += [sys.float_info.max, -sys.float_info.max, math.inf, -math.inf, math.nan]
FLOATS += [2.0**53, 2.0**53 + 2, -(2.0**63), 1e-17]
INTEGERS = [0, 1, -1, 2, 255, 256, 2**31 - 1, -(2**31), 2**32, 2**53, 2**53 + 1]
INTEGERS += [2**63 - 1, 2**63, -(2**63)]
TEXTS = ["", "0", "0.0", "00", "0 but true", "1", "a\n", "0\n", " 12 ", "1abc", "1_0", "0x1f"]
TEXTS += ["1e3", "inf", "nan", "é", "É", "\u3042", "\U0001f600", "aB c"]
# What Perl and Python take for a letter, a digit, a blank or a line end in different places.
TEXTS += ["\u039f\u03a3", "\u03a3 a", "stra\u00dfe", "\u0130", "\u0149", "\ufb01", "\u01c6"]
TEXTS += ["\x1ca\x1c", "a\x1fb", "\u00a0a\u00a0", "a\x85b", "a\u2028", "\u3000a", "a\x0bb\x0c"]
TEXTS += ["\u0661\u0662", "\u00b2", "a\r\n", "\ta ", "a\n\n", "\n", "0/0", "0 a", "a,,b,,", "_a-b"]
BYTES = [text.encode() for text in TEXTS] + [b"\xff\x00"]
EDGES: dict[type, Sequence[Any]] = {float: FLOATS, int: INTEGERS, str: TEXTS, bytes: BYTES}

CLOSED = (Nothing, Flag, Choice, Member)  # all of their values are edges


class NoValues(Exception):
    """No value is known for a kind; the text says why."""


class AdmitsNothing(NoValues):
    """No value is within the bounds of a kind."""

    def __init__(self) -> None:
        super().__init__("its bounds admit nothing")


@dataclass(frozen=True)
class Values:
    """The values of a kind."""

    strategy: SearchStrategy[Any]
    edges: list[Any]


@dataclass
class Builder:
    """Builds the values of kinds.

    constants: the numbers and texts in the sources. texts: what texts are made of. callables: the
    paired functions that fit a Callable hint. usual: whether EDGES are among the edge values.
    """

    constants: Sequence[Any] = ()
    texts: KnownTexts = field(default_factory=KnownTexts)
    callables: Callable[[Any], Sequence[Callable[..., Any]]] = lambda hint: ()
    usual: bool = True
    _named: dict[Hashable, Values | None] = field(default_factory=dict)
    _loops: int = 0  # references met

    def values(self, kind: Kind) -> Values:
        """The values of a kind. Raises NoValues."""
        made = self._unbounded(kind)
        bounds = kind.bounds
        if isinstance(kind, Union) or not bounds:  # its arms have the bounds of a union
            return made
        edges = [value for value in made.edges if bounds.admit(value)]
        if not edges and isinstance(kind, CLOSED):
            raise AdmitsNothing
        return Values(made.strategy.filter(bounds.admit), edges)

    def _unbounded(self, kind: Kind) -> Values:
        """Values that keep those bounds of a kind that a strategy can be told."""
        match kind:
            case Nothing():
                return Values(st.none(), [None])
            case Flag():
                return Values(st.booleans(), [False, True])
            case Choice(values):
                return _chosen(values)
            case Member():
                return _members(kind)
            case Number(type=own):
                make: Any = _floats if own is float else _integers
                return self._scalar(kind, own, make(kind.bounds))
            case Text():
                return self._scalar(kind, str, self._texts(kind.bounds))
            case Bytes():
                return self._scalar(kind, bytes, self._binaries(kind.bounds))
            case Function(hint):
                return _chosen(self.callables(hint))
            case Union(arms):
                return self._union(arms, kind.bounds)
            case Alias(name, target):
                return self._by_name(name, lambda: self.values(target))
            case Record(made_by):
                return self._by_name(made_by, lambda: self._record(kind))
            case NamedTuple(made_by):
                return self._by_name(made_by, lambda: self._named_tuple(kind))
            case Reference(name):
                return self._by_name(name, lambda: self.values(kind.target))
            case TupleOf(parts):
                return self._tuple(parts)
            case ListOf():
                return self._list(kind)
            case HashOf():
                return self._hash(kind)
            case Unknown(why):
                raise NoValues(why)
        raise NoValues(f"nothing is known of {kind}")

    def _by_name(self, name: Hashable, build: Callable[[], Values]) -> Values:
        """What has a name may stand inside itself; None while it is being built."""
        if name not in self._named:
            self._named[name] = None
            try:
                self._named[name] = build()
            finally:
                if self._named[name] is None:
                    del self._named[name]
        found = self._named[name]
        if found is None:
            self._loops += 1
            return Values(st.deferred(lambda: self._named[name].strategy), [])  # type: ignore[union-attr]
        return found

    def _union(self, arms: Sequence[Kind], bounds: Bounds) -> Values:
        found: list[Values] = []
        for arm in arms:
            try:
                found.append(self.values(arm))
            except AdmitsNothing:  # bounds need not have a meaning for each arm
                if not bounds:
                    raise
        if not found:
            raise AdmitsNothing
        edges = itertools.chain(*(one.edges for one in found))
        return Values(st.one_of([one.strategy for one in found]), list(edges))

    def _scalar(self, kind: Kind, own: type, drawn: SearchStrategy[Any] | None) -> Values:
        """Numbers or texts: those drawn, and the edges, the constants, and the bounds' values."""
        bounds, near = kind.bounds, []
        if isinstance(kind, Number):
            for limit in (bounds.low, bounds.high):
                if limit is not None and math.isfinite(limit[0]):
                    near += [limit[0], *_neighbours(own, limit[0])]
        if bounds.multiple:
            near += [sign * bounds.multiple for sign in (1, -1)]
        near = [own(value) for value in near if own is float or value == int(value)]
        constants = (value for value in self.constants if type(value) is own)
        usual = EDGES[own] if self.usual else ()
        more = self._known_texts if own is str else ()
        edges = [value for value in (*usual, *near, *constants, *more) if bounds.admit(value)]
        if own is int:
            edges = [value for value in edges if LEAST <= value <= MOST]
        strategies = [] if drawn is None else [drawn]
        if not strategies and not edges:
            raise AdmitsNothing
        if edges:
            strategies.append(st.sampled_from(edges))
        return Values(st.one_of(strategies), edges)

    @cached_property
    def _known_texts(self) -> list[str]:
        """Long texts, and for each pattern of the sources those that match it, or nearly."""
        in_turn = itertools.chain(*itertools.zip_longest(*self.texts.matching))
        matching = [text for text in in_turn if text is not None]
        return [*_long_texts(self.constants), *matching[:MOST_MATCHING]]

    def _texts(self, bounds: Bounds) -> SearchStrategy[str]:
        sizes = _sizes(bounds)
        drawn = [st.text(**sizes)]
        drawn += [st.text(letters, **sizes) for letters in self._alphabets]
        if self.texts.groups:
            known = st.one_of(list(map(st.sampled_from, self.texts.groups)))
            mutated = st.builds(mutate_text, known, st.just(self.texts), st.integers(0, 2**32))
            parts = st.one_of([known, mutated, st.sampled_from(ORDINARY), *drawn[1:]])
            several = st.lists(parts, max_size=5)
            whole = st.builds(str.join, st.sampled_from(self.texts.separators), several)
            drawn += [known, mutated, mutated, whole.map(lambda text: text[: bounds.longest])]
        return st.one_of(drawn)

    @cached_property
    def _alphabets(self) -> list[str]:
        """A few letters each, so that the same one comes again and again."""
        letters = sorted(set("".join(self.texts.own)))
        own = random.Random(0).sample(letters, min(3, len(letters)))
        return [" a0", "".join(own) or "ab"]

    def _binaries(self, bounds: Bounds) -> SearchStrategy[bytes]:
        return st.binary(**_sizes(bounds)) | self._texts(bounds).map(str.encode)

    def _list(self, kind: ListOf) -> Values:
        loops, bounds = self._loops, kind.bounds
        items = self.values(kind.item)
        limits = {bounds.shortest, bounds.longest or 0}
        sizes = {value for value in self.constants if type(value) is int} | limits
        edges: list[Any] = [[], items.edges, *([item] for item in items.edges)]
        if items.edges:
            fitting = sorted(size for size in sizes if 0 < size <= LARGEST_LIST)
            edges += ([items.edges[0]] * size for size in fitting)
            most, least = bounds.longest or len(items.edges), max(bounds.shortest, 1)
            if not bounds.admit(items.edges) and least <= most <= LARGEST_LIST:
                for start in range(0, len(items.edges), most):  # all of them, in parts
                    part = items.edges[start : start + most]
                    edges.append([*part, *[part[-1]] * (least - len(part))])
        lists = partial(st.lists, items.strategy)
        strategy = _sized(lists, bounds, self._loops > loops)
        if kind.type is tuple:
            return Values(strategy.map(tuple), [tuple(value) for value in edges])
        return Values(strategy, edges)

    def _tuple(self, parts: Sequence[Kind]) -> Values:
        built = list(map(self.values, parts))
        strategy = st.tuples(*[part.strategy for part in built])
        return Values(strategy, combined([part.edges for part in built]))

    def _hash(self, kind: HashOf) -> Values:
        loops = self._loops
        keys, values = self.values(kind.key), self.values(kind.value)
        if not all(isinstance(key, str | bytes) for key in keys.edges):
            raise NoValues(
                f"a key of a Perl hash is always text: write dict[str, …], not {kind.key_hint}"
            )
        edges: list[Any] = [{}, *({k: v} for k, v in _side_by_side([keys.edges, values.edges]))]
        false = [one for one in values.edges if not one or one in ("0", b"0")][:MOST_FALSE]
        own = [one for one in keys.edges if one not in TEXTS and one not in BYTES][:MOST_FALSE]
        edges += [{one: nothing} for one in own for nothing in false]
        if values.edges:
            some = keys.edges[: kind.bounds.longest]
            edges.append(dict(zip(some, itertools.cycle(values.edges), strict=False)))
        hashes = partial(st.dictionaries, keys.strategy, values.strategy)
        return Values(_sized(hashes, kind.bounds, self._loops > loops), edges)

    def _record(self, kind: Record) -> Values:
        built = {name: self.values(one) for name, one in kind.fields.items()}
        needed = {name: one for name, one in built.items() if name in kind.required}
        optional = {name: one for name, one in built.items() if name not in kind.required}
        strategy = st.fixed_dictionaries(
            {name: one.strategy for name, one in needed.items()},
            optional={name: one.strategy for name, one in optional.items()},
        )
        both = {name: one.edges for name, one in (needed | optional).items() if one.edges}
        if not needed.keys() <= both.keys():
            return Values(strategy, [])
        edges = [dict(zip(both, line, strict=True)) for line in combined(list(both.values()))]
        absent = [{name} for name in both if name in optional]
        absent.append(set(optional))
        edges += [{k: v for k, v in edges[0].items() if k not in names} for names in absent]
        return Values(strategy, edges)

    def _named_tuple(self, kind: NamedTuple) -> Values:
        parts, made_by = self._tuple(list(kind.fields.values())), kind.type
        return Values(
            parts.strategy.map(lambda values: made_by(*values)),
            [made_by(*values) for values in parts.edges],
        )


# --- combining edge values --------------------------------------------------------------------


def combined(parts: Sequence[Sequence[Any]], most: int = MOST_COMBINED) -> list[Any]:
    """Every combination of edge values, or as many as hold each value; none if a part has none."""
    if not all(parts):
        return [] if parts else [()]
    if math.prod(map(len, parts)) <= most:
        return list(itertools.product(*parts))
    return _side_by_side(parts)


def _side_by_side(parts: Sequence[Sequence[Any]]) -> list[Any]:
    """Each value of each part; the shorter parts start again."""
    if not all(parts):
        return []
    longest = max(map(len, parts))
    return [tuple(part[n % len(part)] for part in parts) for n in range(longest)]


# --- single kinds -----------------------------------------------------------------------------


def _chosen(values: Sequence[Any]) -> Values:
    return Values(st.sampled_from(list(values)) if values else st.nothing(), list(values))


def _members(kind: Member) -> Values:
    members = [member for member in kind.type if _crosses(member.value)]
    if not members:
        raise NoValues(f"no value of {shown(kind.type)} can cross to Perl")
    return _chosen(members)


def _crosses(value: Any) -> bool:
    """Whether an Enum's value can cross to Perl."""
    if isinstance(value, list | tuple):
        return all(map(_crosses, value))
    if isinstance(value, dict):
        return all(isinstance(k, str | bytes) and _crosses(v) for k, v in value.items())
    return value is None or isinstance(value, bool | int | float | str | bytes)


def _sized(collection: Callable[..., Any], bounds: Bounds, recursive: bool) -> Any:
    """A collection. recursive: it may hold itself, and so must stay small."""
    if recursive and not bounds.shortest:
        longest = min(bounds.longest or 3, 3)
        return st.one_of(collection(max_size=0), collection(max_size=longest))
    return collection(**_sizes(bounds))


def _sizes(bounds: Bounds) -> dict[str, Any]:
    """The bounds of a length, as Hypothesis names them."""
    if bounds.longest is not None and bounds.longest < bounds.shortest:
        raise AdmitsNothing
    return {"min_size": bounds.shortest, "max_size": bounds.longest}


def _long_texts(constants: Sequence[Any]) -> list[str]:
    """Texts just as long as a number of the sources, or by one more or less."""
    numbers = [one for one in constants if type(one) is int and 3 < one <= LONGEST_TEXT]
    lengths = [number + step for number in numbers[:MOST_LENGTHS] for step in (0, 1, -1)]
    lines = ("x", "Some words. ", "a bc def ghij ")
    found = [(line * length)[: length - 1] + "x" for length in lengths for line in lines]
    return list(dict.fromkeys(found))


def _neighbours(kind: type, limit: float) -> list[float]:
    if kind is int:
        return [math.floor(limit), math.ceil(limit), math.floor(limit) - 1, math.ceil(limit) + 1]
    return [math.nextafter(limit, sign * math.inf) for sign in (1, -1)]


def _integers(bounds: Bounds) -> SearchStrategy[int] | None:
    low, high = LEAST, 2**63 - 1
    if bounds.low is not None and bounds.low[0] > -math.inf:
        low = max(low, math.floor(bounds.low[0]) + 1 if bounds.low[1] else math.ceil(bounds.low[0]))
    if bounds.high is not None and bounds.high[0] < math.inf:
        most = math.ceil(bounds.high[0]) - 1 if bounds.high[1] else math.floor(bounds.high[0])
        high = min(MOST, most)
    elif low > high:  # an integer without a sign
        high = MOST
    if high >= -SMALL and low < SMALL:
        low, high = max(low, -SMALL), min(high, SMALL - 1)
    elif low >= SMALL:
        high = min(high, low + SMALL)
    else:
        low = max(low, high - SMALL)
    step = bounds.multiple
    if step and step == int(step):
        first, last = -(-low // int(step)), high // int(step)
        return (
            st.integers(first, last).map(partial(operator.mul, int(step)))
            if first <= last
            else None
        )
    return st.integers(low, high) if low <= high else None


def _floats(bounds: Bounds) -> SearchStrategy[float] | None:
    low, high = bounds.low, bounds.high
    if bounds.multiple:
        step = bounds.multiple
        first = max(-SMALL, math.floor(low[0] / step)) if low else -SMALL
        last = min(SMALL, math.ceil(high[0] / step)) if high else SMALL
        return st.integers(first, last).map(lambda n: float(n * step)) if first <= last else None
    least, most = (low or (-math.inf, False)), (high or (math.inf, False))
    if least[0] > most[0] or (least[0] == most[0] and (least[1] or most[1])):
        return None
    a, b = float(least[0]), float(most[0])
    if least[1]:
        a = math.nextafter(a, math.inf)
    if most[1]:
        b = math.nextafter(b, -math.inf)
    if a > b:
        return None
    return st.floats(a, b) if low or high else st.floats()
