"""A type hint, read once into a tree of kinds.

`read` is the only place that takes hints apart. What depends on a hint is a function over the tree,
with one `match` each:

    contains_type, is_bool, element, coerce, admits, deletable_depth: here
    edge values and Hypothesis strategies: values.py, `Builder.values`
    NumPy draws: array_draws.py, `_Arrays.draw`

To add a kind of hint, write a dataclass below, return it from `_Reading._plain`, and add an arm to
each `match` whose default does not fit. This file imports neither Hypothesis nor NumPy: comparing
values needs it, too, and so do commands that draw nothing.
"""

from __future__ import annotations

import collections.abc as abc
import enum
import itertools
import math
import types
import typing
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, get_args, get_origin

from parity.inputs.bounds import Bounds

LISTS = (list, abc.Sequence, abc.MutableSequence, abc.Collection, abc.Iterable, abc.Reversible)
HASHES = (dict, abc.Mapping, abc.MutableMapping)
WRAPPERS = tuple(
    getattr(typing, name)
    for name in ("Required", "NotRequired", "ReadOnly", "Final", "ClassVar")
    if hasattr(typing, name)
)


@dataclass(frozen=True)
class Kind:
    """A node of the tree. bounds: those of the value itself, not of its parts."""

    bounds: Bounds = field(default_factory=Bounds, kw_only=True)


@dataclass(frozen=True)
class Number(Kind):
    """A float or an int."""

    type: type[float | int]


@dataclass(frozen=True)
class Text(Kind):
    """A str."""


@dataclass(frozen=True)
class Bytes(Kind):
    """A bytes."""


@dataclass(frozen=True)
class Flag(Kind):
    """A bool."""


@dataclass(frozen=True)
class Nothing(Kind):
    """None."""


@dataclass(frozen=True)
class Choice(Kind):
    """One of the values of a Literal."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Member(Kind):
    """A member of an Enum."""

    type: type[enum.Enum]


@dataclass(frozen=True)
class ListOf(Kind):
    """A list of any length, or where `type` is tuple, a tuple of any length."""

    item: Kind
    type: type = list


@dataclass(frozen=True)
class HashOf(Kind):
    """A dict. key_hint: as it was written, for messages."""

    key: Kind
    value: Kind
    key_hint: Any = field(default=str, compare=False, kw_only=True)


@dataclass(frozen=True)
class Record(Kind):
    """A TypedDict. required: the keys that must be there."""

    type: Any
    fields: Mapping[str, Kind]
    required: frozenset[str]


@dataclass(frozen=True)
class TupleOf(Kind):
    """A tuple of fixed length."""

    parts: tuple[Kind, ...]


@dataclass(frozen=True)
class NamedTuple(Kind):
    """A named tuple."""

    type: Any
    fields: Mapping[str, Kind]


@dataclass(frozen=True)
class Union(Kind):
    """A union, or a type variable's constraints. Its bounds stand at the arms, too."""

    arms: tuple[Kind, ...]


@dataclass(frozen=True)
class Function(Kind):
    """A Callable."""

    hint: Any


@dataclass(frozen=True)
class Alias(Kind):
    """A NewType, a `type X = …` or a type variable's bound. Its bounds stand at the target."""

    name: Hashable
    target: Kind


@dataclass(frozen=True)
class Reference(Kind):
    """An Alias, Record or NamedTuple inside itself. named: the kinds of its tree by name."""

    name: Hashable
    named: Mapping[Hashable, Kind | None] = field(repr=False, compare=False)

    @property
    def target(self) -> Kind:
        """What it stands for."""
        found = self.named[self.name]
        assert found is not None  # the tree is complete when `read` returns
        return found


@dataclass(frozen=True)
class Unknown(Kind):
    """A hint of whose values nothing is known."""

    why: str


def read(hint: Any) -> Kind:
    """The tree of a hint. What is not understood is `Unknown`."""
    return _Reading().read(hint)


# --- reading ----------------------------------------------------------------------------------


class _Reading:
    """The reading of one hint."""

    def __init__(self) -> None:
        self._named: dict[Hashable, Kind | None] = {}  # None while it is being read

    def read(self, hint: Any, metadata: Sequence[Any] = ()) -> Kind:
        """The kind of a hint with the metadata of the Annotated hints around it."""
        origin, inner = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self.read(inner[0], (*hint.__metadata__, *metadata))
        if origin in WRAPPERS:
            return self.read(inner[0], metadata)
        if (arms := _arms(hint)) is not None:
            kinds = tuple(self.read(arm, metadata) for arm in arms)
            return Union(kinds, bounds=Bounds.of(metadata))
        if (meant := _target(hint)) is not None:
            name = (hint, repr(metadata))
            return self._by_name(name, lambda: Alias(name, self.read(meant, metadata)))
        kind, bounds = self._plain(hint), Bounds.of(metadata)
        return replace(kind, bounds=bounds) if bounds else kind

    def _plain(self, hint: Any) -> Kind:
        """The kind of a hint that stands for itself."""
        origin, inner = get_origin(hint), get_args(hint)
        base = origin or hint
        if hint is None or hint is type(None):
            return Nothing()
        if hint is float or hint is int:
            return Number(hint)
        if hint in SCALARS:
            return SCALARS[hint]()
        if origin is Literal:
            return Choice(inner)
        if base is abc.Callable:
            return Function(hint)
        if not isinstance(base, type):
            return Unknown(f"nothing is known of {shown(hint)}")
        if issubclass(base, enum.Enum):
            return Member(base)
        if hasattr(base, "__required_keys__"):
            return self._by_name(hint, lambda: self._record(hint))
        if issubclass(base, tuple) and hasattr(base, "_fields"):
            return self._by_name(hint, lambda: self._named_tuple(hint))
        if base in (*LISTS, *HASHES, tuple) and not (inner or hint == tuple[()]):
            return Unknown(f"of {shown(hint)} it is not said what it holds: write {_filled(base)}")
        if base is tuple and not (len(inner) == 2 and inner[1] is ...):
            return TupleOf(tuple(map(self.read, inner)))
        if base in LISTS or base is tuple:
            return ListOf(self.read(inner[0]), tuple if base is tuple else list)
        if base in HASHES:
            return HashOf(self.read(inner[0]), self.read(inner[1]), key_hint=inner[0])
        return Unknown(f"nothing is known of {shown(hint)}")

    def _by_name(self, name: Hashable, kind: Callable[[], Kind]) -> Kind:
        """A kind that may stand inside itself."""
        if name not in self._named:
            self._named[name] = None
            self._named[name] = kind()
        return self._named[name] or Reference(name, self._named)

    def _record(self, hint: Any) -> Kind:
        fields, required = {}, set(hint.__required_keys__)
        for name, one in typing.get_type_hints(hint, include_extras=True).items():
            fields[name] = self.read(one)
            inner = one
            while get_origin(inner) in (*WRAPPERS, Annotated):  # hidden from the class if quoted
                if get_origin(inner) is typing.Required:
                    required.add(name)
                elif get_origin(inner) is typing.NotRequired:
                    required.discard(name)
                inner = get_args(inner)[0]
        return Record(hint, fields, frozenset(required))

    def _named_tuple(self, hint: Any) -> Kind:
        hints = typing.get_type_hints(hint, include_extras=True)
        fields = {name: self.read(hints.get(name, Any)) for name in hint._fields}
        return NamedTuple(hint, fields)


SCALARS: dict[Any, type[Kind]] = {str: Text, bytes: Bytes, bool: Flag}


def _arms(hint: Any) -> tuple[Any, ...] | None:
    """The arms of a union; of a type variable its constraints."""
    if get_origin(hint) in (typing.Union, types.UnionType):
        return get_args(hint)
    return getattr(hint, "__constraints__", None) or None


def _target(hint: Any) -> Any:
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


def shown(hint: Any) -> str:
    """A hint in words."""
    if isinstance(hint, type) and not get_args(hint):
        return hint.__qualname__
    return str(hint).replace("typing.", "")


def _filled(base: type) -> str:
    return f"{base.__name__}[{'str, float' if base in HASHES else 'float'}]"


# --- functions over the tree ------------------------------------------------------------------

ANY = read(Any)


def contains_type(kind: Kind, wanted: type, seen: frozenset[Hashable] = frozenset()) -> bool:
    """Whether values of a type may stand anywhere in values of a kind."""
    inside: abc.Iterable[Kind] = ()
    match kind:
        case Number(type=own):
            return own is wanted
        case Text() | Bytes() | Flag() | Nothing():
            return TYPES[type(kind)] is wanted
        case Choice(values):
            return any(isinstance(value, wanted) for value in values)
        case ListOf(item):
            inside = (item,)
        case HashOf(key, value):
            inside = (key, value)
        case Record(_, fields) | NamedTuple(_, fields):
            inside = fields.values()
        case TupleOf(parts) | Union(parts):
            inside = parts
        case Alias(_, target):
            inside = (target,)
        case Reference(name) if name not in seen:
            inside, seen = (kind.target,), seen | {name}
    return any(contains_type(one, wanted, seen) for one in inside)


TYPES = {Text: str, Bytes: bytes, Flag: bool, Nothing: type(None)}


def is_bool(kind: Kind) -> bool:
    """Whether it is a bool, or None."""
    match kind:
        case Flag():
            return True
        case Choice(values):
            return all(type(value) is bool for value in values)
        case Union(arms):
            return all(is_bool(arm) for arm in arms if not isinstance(arm, Nothing))
        case Alias() | Reference():
            return is_bool(kind.target)
    return False


def element(kind: Kind, key: int | str) -> Kind:
    """The kind of an item, by its number or key; ANY where it is not known."""
    match kind:
        case ListOf(item) if not isinstance(key, str):
            return item
        case HashOf(_, value) if isinstance(key, str):
            return value
        case Record(_, fields):
            return fields.get(str(key), ANY)
        case TupleOf(parts) if isinstance(key, int) and key < len(parts):
            return parts[key]
        case NamedTuple(_, fields) if isinstance(key, int) and key < len(fields):
            return list(fields.values())[key]
        case Union(arms):
            found = [one for one in (element(arm, key) for arm in arms) if one is not ANY]
            return Union(tuple(found)) if found else ANY
        case Alias() | Reference():
            return element(kind.target, key)
    return ANY


def coerce(kind: Kind, value: Any) -> Any:
    """A plain value as the port wants it: an Enum's member for its value, a named tuple.

    Returns the object itself if nothing in it was converted, so that the next arm of a union is
    tried.
    """
    match kind:
        case Union(arms):
            changed = (made for arm in arms if (made := coerce(arm, value)) is not value)
            return next(changed, value)
        case Alias() | Reference():
            return coerce(kind.target, value)
        case Member(members):
            same = (m for m in members if type(m.value) is type(value) and m.value == value)
            return next(same, value)
        case Choice(values) if value not in values:
            same = (m for m in values if isinstance(m, enum.Enum) and m.value == value)
            return next(same, value)
        case Record(_, fields) if isinstance(value, dict):
            made = {k: coerce(fields.get(k, ANY), v) for k, v in value.items()}
            return _unless_same(made, value)
        case HashOf(key, inner) if isinstance(value, dict):
            made = {coerce(key, k): coerce(inner, v) for k, v in value.items()}
            return _unless_same(made, value)
        case NamedTuple(made_by, fields) if isinstance(value, tuple) and len(value) == len(fields):
            return made_by(*map(coerce, fields.values(), value))
        case TupleOf(parts) if isinstance(value, list | tuple) and len(value) == len(parts):
            return _unless_same(type(value)(map(coerce, parts, value)), value)
        case ListOf(item) if isinstance(value, list | tuple):
            return _unless_same(type(value)(coerce(item, one) for one in value), value)
    return value


def _unless_same(made: Any, value: Any) -> Any:
    """What was made of a list, tuple or dict; that itself if all of its items are the same."""
    pairs = [(made, value)]
    if isinstance(value, dict):
        pairs = [(made.keys(), value.keys()), (made.values(), value.values())]
    flat = itertools.chain(*(zip(new, old, strict=False) for new, old in pairs))
    return value if len(made) == len(value) and all(a is b for a, b in flat) else made


def admits(kind: Kind, value: Any) -> bool:
    """Whether a value is of a kind, and within its bounds."""
    if kind.bounds and not isinstance(kind, Union) and not kind.bounds.admit(value):
        return False
    match kind:
        case Number(type=own):
            return type(value) is own
        case Text() | Bytes() | Flag() | Nothing():
            return type(value) is TYPES[type(kind)]
        case Choice(values):
            return any(type(one) is type(value) and one == value for one in values)
        case Member(own):
            return isinstance(value, own)
        case ListOf(item, type=made):
            same = type(value) is made
            return same and all(admits(item, one) for one in value)
        case HashOf(key, inner):
            held = isinstance(value, dict)
            return held and all(admits(key, k) and admits(inner, v) for k, v in value.items())
        case Record(_, fields, required):
            known = isinstance(value, dict) and required <= value.keys() <= fields.keys()
            return known and all(admits(fields[k], v) for k, v in value.items())
        case TupleOf(parts):
            long = isinstance(value, tuple) and len(value) == len(parts)
            return long and all(map(admits, parts, value))
        case NamedTuple(made_by, fields):
            return isinstance(value, made_by) and all(map(admits, fields.values(), value))
        case Union(arms):
            return any(admits(arm, value) for arm in arms)
        case Alias() | Reference():
            return admits(kind.target, value)
    return True


def deletable_depth(kind: Kind) -> float:
    """How many levels of lists, hashes and texts may lose any of their parts."""
    if kind.bounds:
        return 0
    match kind:
        case Number() | Text() | Bytes() | Flag() | Nothing():
            return math.inf
        case ListOf(item, type=made) if made is list:
            return 1 + deletable_depth(item)
        case HashOf(key, value):
            return 1 + min(deletable_depth(key), deletable_depth(value))
        case Union(arms):
            return min(map(deletable_depth, arms))
    return 0
