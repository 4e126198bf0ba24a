"""Making a differing case small.

Hypothesis makes small what its strategies can draw. What it doesn't find again is made small here,
one value at a time: texts, lists and hashes lose parts, numbers come closer to zero. Bounds in the
type hints hold; so do the ranges that are seen in what `Cases.arrays` draws.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from hypothesis import Phase
from hypothesis.database import InMemoryExampleDatabase

from parity.errors import CannotRun
from parity.inputs import array_draws
from parity.inputs.fast_hypothesis import as_test, run_test
from parity.inputs.hints import ANY, admits, deletable_depth
from parity.inputs.port import DrawnCase, Port
from parity.inputs.strategies import strategy
from parity.values.copies import leaves

SAMPLE = 1000  # cases of `Cases.arrays` that show its ranges
EXACT = 2.0**53  # below this size each whole number is a double

Arguments = tuple[Any, ...]


def shrink(
    port: Port,
    count: int,
    seed: int,
    case: DrawnCase,
    differs: Callable[[Arguments], bool],
    until: float,
) -> Arguments:
    """The smallest differing case that is found, starting with this one.

    count: cases that Hypothesis draws to find it again. until: when to stop, by time.monotonic().
    Raises what `differs` raises.
    """
    search = _Search(case.arguments, differs, until)
    alone = port.cases.inputs is not None and port.cases.arrays is None
    if case.arguments:
        with search.limited_to(1.0 if alone else 0.5), contextlib.suppress(_Found, CannotRun):
            _by_hypothesis(port, count, seed, case, search)
    if search.error:
        raise search.error
    if not alone:
        _by_values(port, seed, search)
        if search.error:
            raise search.error
    return search.best


class _Found(Exception):
    pass


@dataclass
class _Search:
    """The smallest differing case so far. After `until`, or an error, nothing differs."""

    best: Arguments
    differs: Callable[[Arguments], bool]
    until: float
    successful: bool = False
    error: Exception | None = None

    def __call__(self, arguments: Arguments) -> bool:
        """Whether a case differs; then it is the best."""
        if self.error or time.monotonic() > self.until:
            return False
        try:
            found = self.differs(arguments)
        except Exception as error:
            self.error = error
            return False
        if found:
            self.best, self.successful = arguments, True
        return found

    @contextlib.contextmanager
    def limited_to(self, share: float) -> Iterator[None]:
        """Within this, only a share of the time is there."""
        until, now = self.until, time.monotonic()
        self.until = now + share * (until - now)
        try:
            yield
        finally:
            self.until = until


def _by_hypothesis(port: Port, count: int, seed: int, case: DrawnCase, search: _Search) -> None:
    """Find a differing case again and let Hypothesis shrink it. Raises _Found or CannotRun."""

    def test(arguments: Arguments) -> None:
        if search(arguments):
            raise _Found

    phases = (Phase.reuse, Phase.generate, Phase.shrink)
    # The second time, what is in this case is drawn often.
    own = replace(
        port, constants=list(leaves(case.arguments)), own_texts=(), patterns=(), usual=False
    )
    for one in (port, own):
        whole = as_test(strategy(one), test, seed, count, phases, InMemoryExampleDatabase())
        if case.entropy is not None:
            with contextlib.suppress(Exception):  # it fails, and is kept to start from
                whole.hypothesis.fuzz_one_input(case.entropy)
        run_test(whole)


# --- one value at a time ----------------------------------------------------------------------


def _by_values(port: Port, seed: int, search: _Search) -> None:
    """Delete parts; where Hypothesis found nothing, bring numbers closer to zero as well."""
    by_hypothesis, fits = search.successful, _fitting(port, seed, search.best)
    before: Arguments | None = None
    while before is not search.best:
        before = search.best
        tries = deletions(port, before)
        if not by_hypothesis:
            tries = itertools.chain(tries, simpler(before))
        any(fits(arguments) and search(arguments) for arguments in tries)


def _fitting(port: Port, seed: int, case: Arguments) -> Callable[[Arguments], bool]:
    """What tells whether a case keeps to the type hints and to the ranges of `Cases.arrays`."""
    pairs = zip(port.kinds, case, strict=False)
    kinds = [kind if admits(kind, value) else ANY for kind, value in pairs]
    ranges: list[_Range] = []
    if port.cases.arrays is not None and (draw := array_draws.drawer(port)):
        sample = draw(np.random.default_rng(seed), SAMPLE)
        ranges = [_Range.of([*column.values()]) for column in sample]

    def fits(arguments: Arguments) -> bool:
        hinted = all(map(admits, kinds, arguments))
        return hinted and all(r.admits(a) for r, a in zip(ranges, arguments, strict=False))

    return fits


@dataclass
class _Range:
    """What is seen of an argument: its numbers' range and signs, and per depth the least length."""

    low: float = math.inf
    high: float = -math.inf
    signs: set[int] = field(default_factory=set)
    lengths: dict[int, int] = field(default_factory=dict)

    @staticmethod
    def of(values: list[Any]) -> _Range:
        found = _Range()
        for value in values:
            numbers = [one for one in leaves(value) if type(one) in (int, float) and one == one]
            found.low, found.high = min([found.low, *numbers]), max([found.high, *numbers])
            found.signs.update((one > 0) - (one < 0) for one in numbers)
            for depth, length in _lengths(value):
                found.lengths[depth] = min(length, found.lengths.get(depth, length))
        return found

    def admits(self, value: Any) -> bool:
        """Whether a value is like those seen, or a little beyond: a sample misses the ends."""
        own, beyond = _Range.of([value]), (self.high - self.low) / 100
        inside = own.low >= self.low - beyond and own.high <= self.high + beyond
        long = all(length >= self.lengths.get(at, 0) for at, length in own.lengths.items())
        return inside and long and own.signs <= self.signs


def _lengths(value: Any, depth: int = 0) -> Iterator[tuple[int, int]]:
    if isinstance(value, str | bytes | list | tuple | dict):
        yield depth, len(value)
    if isinstance(value, list | tuple | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _lengths(one, depth + 1)


def simpler(arguments: Arguments) -> Iterator[Arguments]:
    """Cases with a simpler number in place of one, wherever it stands or in one place only."""
    numbers = [one for one in leaves(list(arguments)) if type(one) in (int, float)]
    places: dict[str, list[int]] = {}
    for place, number in enumerate(numbers):
        places.setdefault(repr(number), []).append(place)
    for same in places.values():
        for number in simpler_numbers(numbers[same[0]]):
            for group in [same] + [[one] for one in same if len(same) > 1]:
                others = (number if n in group else one for n, one in enumerate(numbers))
                yield tuple(_replaced(one, others) for one in arguments)


def _replaced(value: Any, numbers: Iterator[Any]) -> Any:
    """A value with other numbers in place of its own, in the order of `leaves`."""
    if type(value) in (int, float):
        return next(numbers)
    if isinstance(value, dict):
        return {key: _replaced(one, numbers) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, numbers) for one in value]
    if isinstance(value, tuple):
        items = [_replaced(one, numbers) for one in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    return value


def simpler_numbers(value: float) -> Iterator[float]:
    """Simpler numbers of the same type, the simplest first.

    Simple is zero, then what is whole, has few digits, is small, is positive.
    """
    if value != value or math.isinf(value):
        some: list[float] = [0.0, 1.0, EXACT, -EXACT]
    elif isinstance(value, int) or (value.is_integer() and abs(value) < EXACT):
        whole = abs(int(value))
        steps = (whole - (whole >> shift) for shift in range(whole.bit_length()))
        some = [number for step in steps for number in (step, -step)]
    else:
        _, exponent = math.frexp(value)
        some = [sign * 2.0**power for power in (0, exponent // 2) for sign in (1, -1)]
        some = [0.0, *some, float(math.trunc(value)), *(round(value, n) for n in range(1, 4))]
        some += [value - value / 2**shift for shift in range(1, 53)]
        some.append(abs(value))
    some.append(-value)
    for number in dict.fromkeys(map(type(value), some)):
        if _simplicity(number) < _simplicity(value):
            yield number


def _simplicity(value: float) -> tuple[float, ...]:
    """The less, the simpler."""
    if not math.isfinite(value):
        return 2 + (value != value), 0, 0, value < 0
    digits = 0 if value == int(value) else len(repr(value))
    return digits > 0, digits, abs(value), math.copysign(1, value) < 0


def deletions(port: Port, arguments: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Cases with parts of texts, lists and hashes left out, of one argument or at once of all.

    Texts that only together make a case, Hypothesis does not make small. The larger parts first.
    """
    levels = [deletable_depth(kind) for kind, _ in zip(port.kinds, arguments, strict=False)]
    free = [n for n, deep in enumerate(levels) if deep]
    if not free:
        return
    size = longest = max(_longest(arguments[n]) for n in free)
    while size:
        for start in range(0, longest, size):
            for group in [[n] for n in free] + [free]:
                done = [arguments]
                for depth in range(3):
                    changed = list(arguments)
                    for n in group:
                        if depth < levels[n]:
                            changed[n] = _without(arguments[n], start, start + size, depth)
                    if tuple(changed) not in done:
                        done.append(tuple(changed))
                        yield done[-1]
        size //= 2


def _longest(value: Any) -> int:
    """The length of the longest text, list or hash in it."""
    inside = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    own = len(value) if isinstance(value, str | bytes | list | dict) else 0
    return max([own, *map(_longest, inside)])


def _without(value: Any, start: int, stop: int, depth: int) -> Any:
    """A value without these items or letters; or its items without them, as deep as there are."""
    sized = (str, bytes, list, dict)
    inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    if depth and any(isinstance(one, sized) for one in inner):
        if isinstance(value, dict):
            return {k: _without(v, start, stop, depth - 1) for k, v in value.items()}
        return [_without(one, start, stop, depth - 1) for one in value]
    if isinstance(value, dict):
        return {k: v for at, (k, v) in enumerate(value.items()) if not start <= at < stop}
    part: Any = value
    return part[:start] + part[stop:] if isinstance(value, sized) else value
