"""The bounds of a type hint: what annotated-types says of a value."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import annotated_types

Limit = tuple[float, bool]  # a bound, and whether it is itself excluded


@dataclass(frozen=True)
class Bounds:
    """Bounds of a number or of a length.

    rules: the metadata they come from; two are equal if these are. checks: predicates, one a rule.
    """

    rules: tuple[Any, ...] = ()
    low: Limit | None = None
    high: Limit | None = None
    multiple: float | None = None
    shortest: int = 0
    longest: int | None = None
    checks: tuple[Callable[[Any], Any], ...] = field(default=(), compare=False)

    @staticmethod
    def of(metadata: Sequence[Any]) -> Bounds:
        """The bounds in the metadata of an Annotated hint, innermost first."""
        lows: list[tuple[Any, bool]] = []
        highs: list[tuple[Any, bool]] = []
        multiples: list[Any] = []
        shortest, longest = [0], []
        rules: list[Any] = []
        checks: list[Callable[[Any], Any]] = []
        for rule in _flat(metadata):
            check: Callable[[Any], Any]
            match rule:
                case annotated_types.Gt(gt=limit):
                    lows.append((limit, True))
                    check = partial(operator.lt, limit)
                case annotated_types.Ge(ge=limit):
                    lows.append((limit, False))
                    check = partial(operator.le, limit)
                case annotated_types.Lt(lt=limit):
                    highs.append((limit, True))
                    check = partial(operator.gt, limit)
                case annotated_types.Le(le=limit):
                    highs.append((limit, False))
                    check = partial(operator.ge, limit)
                case annotated_types.MultipleOf(multiple_of=limit):
                    multiples.append(limit)
                    check = partial(_divides, limit)
                case annotated_types.MinLen(min_length=limit):
                    shortest.append(limit)
                    check = partial(_at_least, limit)
                case annotated_types.MaxLen(max_length=limit):
                    longest.append(limit)
                    check = partial(_at_most, limit)
                case annotated_types.Predicate(func=function):
                    check = function
                case _:  # a note that means something to another tool
                    continue
            rules.append(rule)
            checks.append(check)
        return Bounds(
            tuple(rules),
            max(lows, default=None),
            min(highs, key=lambda high: (high[0], not high[1]), default=None),
            multiples[0] if multiples else None,
            max(shortest),
            min(longest, default=None),
            tuple(checks),
        )

    def __bool__(self) -> bool:
        return bool(self.rules)

    def admit(self, value: Any) -> bool:
        """Whether a value is within all bounds."""
        try:
            return all(check(value) for check in self.checks)
        except (TypeError, ValueError, OverflowError):  # a bound for another kind of value
            return False

    @property
    def only_lengths(self) -> bool:
        """Whether every bound is about a length."""
        lengths = (_at_least, _at_most)
        return all(isinstance(one, partial) and one.func in lengths for one in self.checks)


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
