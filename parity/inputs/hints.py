"""What a type hint says of a value: how to draw one, and which ones lie at its edges."""

from __future__ import annotations

import collections.abc as abc
import enum
import itertools
import math
import operator
import random
import re
import string
import sys
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

MOST_COMBINED = 64  # edge values of one tuple or TypedDict, if its parts have more in all
MOST_FALSE = 8  # values that are no truth, for each of so many keys
LEAST, MOST = -(2**63), 2**64 - 1  # the integers of Perl
OWN = 32  # of the texts that are known, those that most likely belong to this function
SMALL = 2**31  # most integers are smaller: a product of two is still one in Perl

FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 5e-324, -5e-324, 2.2250738585072014e-308]
FLOATS += [sys.float_info.max, -sys.float_info.max, math.inf, -math.inf, math.nan]
FLOATS += [2.0**53, 2.0**53 + 2, -(2.0**63), 1e-17]
INTEGERS = [0, 1, -1, 2, 255, 256, 2**31 - 1, -(2**31), 2**32, 2**53, 2**53 + 1]
INTEGERS += [2**63 - 1, 2**63, -(2**63)]
TEXTS = ["", "0", "0.0", "00", "0 but true", "1", "a\n", "0\n", " 12 ", "1abc", "1_0", "0x1f"]
TEXTS += ["1e3", "inf", "nan", "é", "É", "\u3042", "\U0001f600", "aB c"]
BYTES = [text.encode() for text in TEXTS] + [b"\xff\x00"]
EDGES: dict[Any, Sequence[Any]] = {float: FLOATS, int: INTEGERS, str: TEXTS, bytes: BYTES}

KINDS = (string.digits + "00", string.ascii_lowercase, string.ascii_uppercase)
ALIKE = {one: kind + len(kind) * one for kind in KINDS for one in kind}  # half of them the same

LISTS = (list, abc.Sequence, abc.MutableSequence, abc.Collection, abc.Iterable, abc.Reversible)
HASHES = (dict, abc.Mapping, abc.MutableMapping)
WRAPPERS = tuple(
    getattr(typing, name)
    for name in ("Required", "NotRequired", "ReadOnly", "Final", "ClassVar")
    if hasattr(typing, name)
)


class Unknown(Exception):
    """No value is known for a hint; the text says why."""


@dataclass(frozen=True)
class Values:
    """The values of a hint."""

    strategy: SearchStrategy[Any]
    edges: list[Any]


@dataclass(frozen=True)
class Bounds:
    """What annotated-types says of a value; checks: all of it."""

    low: tuple[float, bool] | None = None  # the bound, and whether it is left out
    high: tuple[float, bool] | None = None
    multiple: float | None = None
    shortest: int = 0
    longest: int | None = None
    checks: tuple[Callable[[Any], Any], ...] = ()

    @staticmethod
    def of(metadata: Sequence[Any]) -> Bounds:
        """The bounds in the metadata of an Annotated hint, the innermost first."""
        lows: list[tuple[Any, bool]] = []
        highs: list[tuple[Any, bool]] = []
        multiples: list[Any] = []
        shortest, longest = [0], []
        checks: list[Callable[[Any], Any]] = []
        for one in _flat(metadata):
            match one:
                case annotated_types.Gt(gt=limit):
                    lows.append((limit, True))
                    checks.append(partial(operator.lt, limit))
                case annotated_types.Ge(ge=limit):
                    lows.append((limit, False))
                    checks.append(partial(operator.le, limit))
                case annotated_types.Lt(lt=limit):
                    highs.append((limit, True))
                    checks.append(partial(operator.gt, limit))
                case annotated_types.Le(le=limit):
                    highs.append((limit, False))
                    checks.append(partial(operator.ge, limit))
                case annotated_types.MultipleOf(multiple_of=limit):
                    multiples.append(limit)
                    checks.append(partial(_divides, limit))
                case annotated_types.MinLen(min_length=limit):
                    shortest.append(limit)
                    checks.append(partial(_at_least, limit))
                case annotated_types.MaxLen(max_length=limit):
                    longest.append(limit)
                    checks.append(partial(_at_most, limit))
                case annotated_types.Predicate(func=function):
                    checks.append(function)
        return Bounds(
            max(lows, default=None),
            min(highs, key=lambda high: (high[0], not high[1]), default=None),
            multiples[0] if multiples else None,
            max(shortest),
            min(longest, default=None),
            tuple(checks),
        )

    def admit(self, value: Any) -> bool:
        """Whether a value is within all of them."""
        try:
            return all(check(value) for check in self.checks)
        except (TypeError, ValueError, OverflowError):  # a bound for another kind of value
            return False

    @property
    def only_sizes(self) -> bool:
        """Whether they are about a length, if about anything."""
        lengths = (_at_least, _at_most)
        return all(isinstance(one, partial) and one.func in lengths for one in self.checks)

    @property
    def sizes(self) -> dict[str, Any]:
        """The bounds of a length, as Hypothesis names them."""
        if self.longest is not None and self.longest < self.shortest:
            raise Unknown("its bounds admit nothing")
        return {"min_size": self.shortest, "max_size": self.longest}


def _divides(step: Any, value: Any) -> bool:
    return bool(value % step == 0)


def _at_least(length: int, value: Any) -> bool:
    return len(value) >= length


def _at_most(length: int, value: Any) -> bool:
    return len(value) <= length


def _flat(metadata: Sequence[Any]) -> Iterator[Any]:
    for one in metadata:
        if isinstance(one, annotated_types.GroupedMetadata):
            yield from _flat(list(one))
        else:
            yield one


@dataclass
class Reader:
    """Reads hints.

    constants: the numbers and texts that stand in the sources. texts: what texts are made of.
    callables: the paired functions that fit a Callable hint. usual: whether the edge values of
    EDGES are taken besides.
    """

    constants: Sequence[Any] = ()
    texts: Sequence[str] = ()
    callables: Callable[[Any], Sequence[Callable[..., Any]]] = lambda hint: ()
    usual: bool = True
    _named: dict[Any, Values | None] = field(default_factory=dict)
    _loops: int = 0

    def values(self, hint: Any, bounds: Sequence[Any] = ()) -> Values:
        """The values of a hint. bounds: metadata that stands around it. Raises Unknown."""
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self.values(arguments[0], (*hint.__metadata__, *bounds))
        if origin in WRAPPERS:
            return self.values(arguments[0], bounds)
        arms = union(hint)
        if arms is not None:
            return self._union(arms, bounds)
        if (meant := alias(hint)) is not None:
            return self._by_name((hint, repr(bounds)), lambda: self.values(meant, bounds))
        return self._bounded(hint, Bounds.of(bounds))

    def _bounded(self, hint: Any, bounds: Bounds) -> Values:
        """Values within bounds: as drawn within what can be told beforehand, and checked."""
        made = self._plain(hint, bounds)
        edges = [value for value in made.edges if bounds.admit(value)]
        strategy = made.strategy
        if bounds.checks:
            strategy = strategy.filter(bounds.admit)
        if not edges and _is_closed(hint):
            raise Unknown("its bounds admit nothing")
        return Values(strategy, edges)

    def _plain(self, hint: Any, bounds: Bounds) -> Values:
        origin, arguments = get_origin(hint), get_args(hint)
        base = origin or hint
        if hint is None or hint is type(None):
            return Values(st.none(), [None])
        if hint is bool:
            return Values(st.booleans(), [False, True])
        if origin is Literal:
            return _chosen(arguments)
        if hint in EDGES:
            return self._scalar(hint, bounds)
        if base is abc.Callable:
            return _chosen(self.callables(hint))
        if not isinstance(base, type):
            raise Unknown(f"nothing is known of {shown(hint)}")
        if issubclass(base, enum.Enum):
            members = [member for member in base if is_plain(member.value)]
            if not members:
                raise Unknown(f"no value of {shown(hint)} can cross to Perl")
            return _chosen(members)
        if hasattr(base, "__required_keys__"):
            return self._by_name(hint, lambda: self._typed_dict(hint))
        if issubclass(base, tuple) and hasattr(base, "_fields"):
            return self._by_name(hint, lambda: self._named_tuple(hint))
        if base in (*LISTS, *HASHES, tuple) and not (arguments or hint == tuple[()]):
            raise Unknown(f"of {shown(hint)} it is not said what it holds: write {_filled(base)}")
        if base is tuple and not (len(arguments) == 2 and arguments[1] is ...):
            return self._tuple([self.values(one) for one in arguments])
        if base in LISTS or base is tuple:
            made = self._list(arguments[0], bounds)
            if base is not tuple:
                return made
            return Values(made.strategy.map(tuple), [tuple(value) for value in made.edges])
        if base in HASHES:
            return self._hash(arguments, bounds)
        raise Unknown(f"nothing is known of {shown(hint)}")

    def _by_name(self, name: Any, read: Callable[[], Values]) -> Values:
        """What has a name may stand inside itself; None while it is being read."""
        if name not in self._named:
            self._named[name] = None
            try:
                self._named[name] = read()
            finally:
                if self._named[name] is None:
                    del self._named[name]
        found = self._named[name]
        if found is None:
            self._loops += 1
            return Values(st.deferred(lambda: self._named[name].strategy), [])  # type: ignore[union-attr]
        return found

    def _union(self, arms: Sequence[Any], bounds: Sequence[Any]) -> Values:
        found: list[Values] = []
        for arm in arms:
            try:
                found.append(self.values(arm, bounds))
            except Unknown as unknown:  # bounds need not have a meaning for each arm
                if not bounds or "admit nothing" not in str(unknown):
                    raise
        if not found:
            raise Unknown("its bounds admit nothing")
        edges = itertools.chain(*(one.edges for one in found))
        return Values(st.one_of([one.strategy for one in found]), list(edges))

    def _scalar(self, hint: Any, bounds: Bounds) -> Values:
        make = {float: _floats, int: _integers, str: self._texts, bytes: self._binaries}[hint]
        made = make(bounds)
        near = []
        for limit in (bounds.low, bounds.high):
            if limit is not None and hint in (float, int) and math.isfinite(limit[0]):
                near += [limit[0], *_neighbours(hint, limit[0])]
        if bounds.multiple:
            near += [sign * bounds.multiple for sign in (1, -1)]
        near = [hint(value) for value in near if hint is float or value == int(value)]
        own = (value for value in self.constants if type(value) is hint)
        usual = EDGES[hint] if self.usual else ()
        edges = [value for value in (*usual, *near, *own) if bounds.admit(value)]
        if hint is int:
            edges = [value for value in edges if LEAST <= value <= MOST]
        drawn = [] if made is None else [made]
        if not drawn and not edges:
            raise Unknown("its bounds admit nothing")
        if edges:
            drawn.append(st.sampled_from(edges))
        return Values(st.one_of(drawn), edges)

    def _texts(self, bounds: Bounds) -> SearchStrategy[str]:
        drawn = [st.text(**bounds.sizes)]
        drawn += [st.text(letters, **bounds.sizes) for letters in self._alphabets]
        if self.texts:
            known, all_of_them = st.sampled_from(self.texts[:OWN]), st.just(self.texts)
            drawn += [known, st.builds(varied, known, all_of_them, st.integers(0, 2**32))]
            several = st.lists(st.sampled_from(self.texts) | known, max_size=5)
            whole = st.builds(str.join, st.sampled_from(["", "\n", " "]), several)
            drawn.append(whole.map(lambda text: text[: bounds.longest]))
        return st.one_of(drawn)

    @cached_property
    def _alphabets(self) -> list[str]:
        """A few letters each, so that the same one comes again and again."""
        letters = sorted(set("".join(self.texts[:OWN])))
        own = random.Random(0).sample(letters, min(3, len(letters)))
        return [" a0", "".join(own) or "ab"]

    def _binaries(self, bounds: Bounds) -> SearchStrategy[bytes]:
        return st.binary(**bounds.sizes) | self._texts(bounds).map(str.encode)

    def _list(self, hint: Any, bounds: Bounds) -> Values:
        loops = self._loops
        items = self.values(hint)
        sizes = {value for value in self.constants if type(value) is int and 0 < value <= 1000}
        sizes |= {size for size in (bounds.shortest, bounds.longest) if size and size <= 1000}
        edges: list[Any] = [[], items.edges, *([item] for item in items.edges)]
        if items.edges:
            edges += ([items.edges[0]] * size for size in sorted(sizes))
            most, least = bounds.longest or len(items.edges), max(bounds.shortest, 1)
            if not bounds.admit(items.edges) and least <= most <= 1000:  # all of them, in parts
                for start in range(0, len(items.edges), most):
                    part = items.edges[start : start + most]
                    edges.append([*part, *[part[-1]] * (least - len(part))])
        lists = partial(st.lists, items.strategy)
        return Values(self._sized(lists, bounds, self._loops > loops), edges)

    def _sized(self, strategy: Callable[..., Any], bounds: Bounds, inside: bool) -> Any:
        """A collection. inside: what it holds leads back to it, so that it has to stay small."""
        if inside and not bounds.shortest:
            return st.one_of(strategy(max_size=0), strategy(max_size=min(bounds.longest or 3, 3)))
        return strategy(**bounds.sizes)

    def _tuple(self, parts: Sequence[Values]) -> Values:
        strategy = st.tuples(*[part.strategy for part in parts])
        return Values(strategy, combined([part.edges for part in parts]))

    def _hash(self, arguments: Sequence[Any], bounds: Bounds) -> Values:
        key, value = arguments
        loops = self._loops
        keys, values = self.values(key), self.values(value)
        if not all(isinstance(characters, str | bytes) for characters in keys.edges):
            raise Unknown(f"a key of a Perl hash is always text: write dict[str, …], not {key}")
        edges: list[Any] = [{}, *({k: v} for k, v in _side_by_side([keys.edges, values.edges]))]
        false = [one for one in values.edges if not one or one in ("0", b"0")][:MOST_FALSE]
        own = [one for one in keys.edges if one not in TEXTS and one not in BYTES][:MOST_FALSE]
        edges += [{one: nothing} for one in own for nothing in false]
        if values.edges:
            some = keys.edges[: bounds.longest]
            edges.append(dict(zip(some, itertools.cycle(values.edges), strict=False)))
        hashes = partial(st.dictionaries, keys.strategy, values.strategy)
        return Values(self._sized(hashes, bounds, self._loops > loops), edges)

    def _typed_dict(self, hint: Any) -> Values:
        needed: dict[str, Values] = {}
        optional: dict[str, Values] = {}
        for name, (one, must) in keys(hint).items():
            (needed if must else optional)[name] = self.values(one)
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

    def _named_tuple(self, hint: Any) -> Values:
        hints = typing.get_type_hints(hint, include_extras=True)
        parts = self._tuple([self.values(hints.get(name, Any)) for name in hint._fields])
        return Values(
            parts.strategy.map(lambda values: hint(*values)), [hint(*v) for v in parts.edges]
        )


# --- reading hints ----------------------------------------------------------------------------


def union(hint: Any) -> tuple[Any, ...] | None:
    """The arms of a union; of a type variable its constraints."""
    if get_origin(hint) in (Union, types.UnionType):
        return get_args(hint)
    return getattr(hint, "__constraints__", None) or None


def alias(hint: Any) -> Any:
    """What a NewType, a `type X = …` or a type variable with a bound stands for; else None."""
    if isinstance(hint, type) and not isinstance(hint, types.GenericAlias):
        return None
    for name in ("__supertype__", "__bound__"):
        if (meant := getattr(hint, name, None)) is not None:
            return meant
    origin = get_origin(hint) or hint
    if type(origin).__name__ != "TypeAliasType":
        return None
    return origin.__value__[get_args(hint)] if get_args(hint) else origin.__value__


def keys(hint: Any) -> dict[str, tuple[Any, bool]]:
    """The keys of a TypedDict: of each its hint, and whether it has to be there."""
    found = {}
    for name, one in typing.get_type_hints(hint, include_extras=True).items():
        must = name in hint.__required_keys__
        inner = one
        while get_origin(inner) in (*WRAPPERS, Annotated):  # texts as hints hide it from the class
            if get_origin(inner) in (typing.Required, typing.NotRequired):
                must = get_origin(inner) is typing.Required
            inner = get_args(inner)[0]
        found[name] = (one, must)
    return found


def mentions(hint: Any, wanted: type, seen: tuple[Any, ...] = ()) -> bool:
    """Whether a type stands anywhere in a hint."""
    if hint is wanted or isinstance(hint, wanted):  # a value of it in a Literal
        return True
    if any(hint is one for one in seen):
        return False
    seen = (*seen, hint)
    inner = list(get_args(hint)[:1] if get_origin(hint) is Annotated else get_args(hint))
    meant = alias(hint)
    inner += [] if meant is None else [meant]
    if isinstance(hint, type) and (hasattr(hint, "__required_keys__") or hasattr(hint, "_fields")):
        inner += typing.get_type_hints(hint).values()
    return any(mentions(one, wanted, seen) for one in inner)


def bare(hint: Any) -> Any:
    """A hint without what stands around it: Annotated, NotRequired and the like, another name."""
    if get_origin(hint) is Annotated or get_origin(hint) in WRAPPERS:
        return bare(get_args(hint)[0])
    meant = alias(hint)
    return hint if meant is None else bare(meant)


def item(hint: Any, key: int | str) -> Any:
    """The hint of an item, by its number or key; Any where it is not known."""
    if hint is Any:
        return Any
    hint = bare(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if (arms := union(hint)) is not None:
        found = [one for one in (item(arm, key) for arm in arms) if one is not Any]
        return Union[tuple(found)] if found else Any  # noqa: UP007
    if hasattr(hint, "__required_keys__"):
        return keys(hint).get(str(key), (Any,))[0]
    if hasattr(hint, "_fields"):
        there = isinstance(key, int) and key < len(hint._fields)
        return typing.get_type_hints(hint).get(hint._fields[key], Any) if there else Any
    if origin is tuple and ... not in inner:
        return inner[key] if isinstance(key, int) and key < len(inner) else Any
    if isinstance(key, str):
        return inner[1] if origin in HASHES and inner else Any
    return inner[0] if origin in (*LISTS, tuple) and inner else Any


def is_truth(hint: Any) -> bool:
    """Whether it is a bool, or None."""
    hint = bare(hint)
    if (arms := union(hint)) is not None:
        return all(is_truth(arm) for arm in arms if arm is not type(None))
    if get_origin(hint) is Literal:
        return all(type(one) is bool for one in get_args(hint))
    return hint is bool


def free_levels(hint: Any) -> float:
    """Of how many levels of its lists, hashes and texts any part may be left out."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated or alias(hint) is not None:
        return 0
    if (arms := union(hint)) is not None:
        return min(map(free_levels, arms))
    if origin in (*LISTS, *HASHES):
        return 1 + min(map(free_levels, inner))
    return math.inf if hint in EDGES or hint in (bool, None, type(None)) else 0


def typed(hint: Any, value: Any) -> Any:
    """A plain value as the port wants it: an Enum's member for its value, a named tuple."""
    hint = bare(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    for arm in union(hint) or ():
        if (changed := typed(arm, value)) is not value:
            return changed
    base = origin or hint
    if isinstance(base, type) and issubclass(base, enum.Enum):
        same = [m for m in base if type(m.value) is type(value) and m.value == value]
        return same[0] if same else value
    if origin is Literal:
        members = [one for one in arguments if isinstance(one, enum.Enum) and one.value == value]
        return members[0] if members and value not in arguments else value
    if isinstance(value, dict) and hasattr(base, "__required_keys__"):
        hints = typing.get_type_hints(base)
        return _same({k: typed(hints.get(k, Any), v) for k, v in value.items()}, value)
    if isinstance(value, dict) and base in HASHES and arguments:
        made = {typed(arguments[0], k): typed(arguments[1], v) for k, v in value.items()}
        return _same(made, value)
    if isinstance(value, tuple) and hasattr(base, "_fields") and len(value) == len(base._fields):
        hints = typing.get_type_hints(base)
        return base(*(typed(hints[n], v) for n, v in zip(base._fields, value, strict=True)))
    if isinstance(value, list | tuple) and base in (*LISTS, tuple) and arguments:
        each = arguments if len(arguments) == len(value) and ... not in arguments else None
        pairs = zip(each or itertools.repeat(arguments[0]), value, strict=False)
        return _same(type(value)(typed(one, item) for one, item in pairs), value)
    return value


def _same(made: Any, value: Any) -> Any:
    """The value itself where nothing in it changed: a union's next arm may have a better word."""
    old = value.items() if isinstance(value, dict) else value
    new = made.items() if isinstance(made, dict) else made
    flat = zip(new, old, strict=True)
    if isinstance(value, dict):
        return value if all(a is c and b is d for (a, b), (c, d) in flat) else made
    return value if all(a is b for a, b in flat) else made


def shown(hint: Any) -> str:
    """A hint in words."""
    return (
        hint.__qualname__
        if isinstance(hint, type) and not get_args(hint)
        else str(hint).replace("typing.", "")
    )


def is_plain(value: Any) -> bool:
    """Whether an Enum's value can cross."""
    if isinstance(value, list | tuple):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(k, str | bytes) and is_plain(v) for k, v in value.items())
    return value is None or isinstance(value, bool | int | float | str | bytes)


def _is_closed(hint: Any) -> bool:
    """Whether the edge values are all values that there are."""
    closed = hint is None or hint is bool or hint is type(None) or get_origin(hint) is Literal
    return closed or (isinstance(hint, type) and issubclass(hint, enum.Enum))


def _filled(base: type) -> str:
    return f"{base.__name__}[{'str, float' if base in HASHES else 'float'}]"


# --- values -----------------------------------------------------------------------------------


def combined(parts: Sequence[Sequence[Any]], most: int = MOST_COMBINED) -> list[Any]:
    """Every combination of edge values, or as many as hold each value; none if a part has none."""
    if not all(parts):
        return [] if parts else [()]
    if math.prod(map(len, parts)) <= most:
        return list(itertools.product(*parts))
    return _side_by_side(parts)


def _side_by_side(parts: Sequence[Sequence[Any]]) -> list[Any]:
    """Each value of each part; the shorter ones start again."""
    if not all(parts):
        return []
    longest = max(map(len, parts))
    return [tuple(part[n % len(part)] for part in parts) for n in range(longest)]


def _chosen(values: Sequence[Any]) -> Values:
    return Values(st.sampled_from(list(values)) if values else st.nothing(), list(values))


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


def varied(text: str, others: Sequence[str], number: int) -> str:
    """A text of much the same form. others: texts to take parts from. number: how; 0 for itself."""
    if not number:
        return text
    chance = random.Random(number)
    way = chance.randrange(4)
    if way < 2:  # other digits and letters
        kinds = (ALIKE.get(one, one) for one in text)
        text = "".join(kind[int(len(kind) * chance.random())] for kind in kinds)
    elif way == 2 and re.search(
        "[0-9]", text
    ):  # another number, the source's own, in most places of as many digits
        numbers = [one for one in others if one.isdecimal()] or ["0"]

        def number_for(found: re.Match[str]) -> str:
            short = [one.zfill(len(found[0])) for one in numbers if len(one) <= len(found[0])]
            return chance.choice([found[0], *(short if chance.random() < 0.75 else numbers)])

        text = re.sub("[0-9]+", number_for, text)
    elif way == 2:  # in another case
        text = chance.choice([str.upper, str.lower, str.capitalize, str.swapcase])(text)
    else:  # the end of another text
        other = chance.choice(others)
        text = text[: chance.randrange(len(text) + 1)] + other[chance.randrange(len(other) + 1) :]
    at = chance.randrange(2 * len(text) + 1)  # in half of them a character more, less, or another
    return (
        text[:at]
        + chance.choice(["", 2 * text[at : at + 1], chance.choice(" \n")])
        + text[at + 1 :]
    )
