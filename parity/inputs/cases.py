"""The cases of a run: which there are, by number, and how they are cut into batches.

A case is a list of calls. A function's case has one; a case that needs calls before it has more.
"""

from __future__ import annotations

import bisect
import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from parity.inputs import array_draws, strategies
from parity.inputs.port import DrawnCase, Port
from parity.task import STRATEGY_CASES
from parity.values import columns
from parity.values.arrays import Array
from parity.values.columns import Column
from parity.values.copies import deep_copy

UNSORTED = 100  # of them, in the order in which they were drawn; the others sorted by kind
BATCH = 50_000  # cases that arrays draw at once
EARLY = (1_000, 2_000, 5_000, 10_000, 20_000)  # where the first blocks of cases end
SAMPLE = 100  # cases that are drawn to see how much is in them
SIZES = (BATCH, 25_000, 12_500, 5_000, 2_500, 1_000, 500, 250, 100)  # fewer where they hold much
MAX_NUMBERS = 50_000  # in a batch: more leave the processor's caches
STRATEGY_BATCH = 2_000  # cases that a strategy draws at once
MAX_RETURNED = 2_000_000  # numbers in the results of one batch


@dataclass(frozen=True)
class Call:
    """A call of a function with these arguments."""

    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Case:
    """The calls that lead to a result, the judged one last. number: the case's in the run."""

    calls: tuple[Call, ...]
    number: int = 0

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The arguments of the call that is judged."""
        return self.calls[-1].arguments


@dataclass(frozen=True)
class Batch:
    """Cases that are called together. first: the number of the first one.

    Either columns, of cases that arrays drew, or drawn, cases that a strategy or a person made; all
    have as many arguments.
    """

    first: int
    drawn: Sequence[DrawnCase] | None = None
    given: Sequence[Column] = ()

    @cached_property
    def columns(self) -> Sequence[Column]:
        """A column an argument."""
        if self.drawn is None:
            return self.given
        arguments = zip(*(one.arguments for one in self.drawn), strict=True)
        return [columns.of(one, keep_integers=True) for one in arguments]

    def __len__(self) -> int:
        return len(self.drawn) if self.drawn is not None else self.given[0].count

    def arguments(self) -> list[list[Any]]:
        """The arguments, all of them new objects: a list of values for each."""
        if self.drawn is None:
            return [column.values() for column in self.given]
        copies = (deep_copy(one.arguments) for one in self.drawn)
        return list(map(list, zip(*copies, strict=True)))

    def take(self, rows: Array) -> Batch:
        """The batch of these rows, which are in order; its numbers mean nothing."""
        if self.drawn is None:
            return Batch(0, None, [column.take(rows) for column in self.given])
        return Batch(0, [self.drawn[row] for row in rows.tolist()])

    def part(self, start: int, stop: int) -> Batch:
        """The cases from one row to another."""
        if (start, stop) == (0, len(self)):
            return self
        if self.drawn is not None:
            return Batch(self.first + start, self.drawn[start:stop])
        rows = np.arange(start, stop)
        return Batch(self.first + start, None, [column.take(rows) for column in self.given])

    def case(self, row: int) -> tuple[Any, ...]:
        """The arguments of one case, all of them new objects."""
        return self.take(np.array([row])).cases()[0]

    def cases(self) -> list[tuple[Any, ...]]:
        """The arguments of each case."""
        return list(zip(*self.arguments(), strict=True)) or [()] * len(self)


def batch_of(cases: Sequence[tuple[Any, ...]]) -> Batch:
    """A batch of these cases, which have as many arguments."""
    return Batch(0, list(map(DrawnCase, cases)))


def alike(first: int, drawn: Sequence[DrawnCase]) -> Iterator[Batch]:
    """These cases in batches, each of cases with arguments of the same kinds, and as many."""
    for _, group in itertools.groupby(drawn, _kinds):
        some = list(group)
        yield Batch(first, some)
        first += len(some)


def _kinds(case: DrawnCase) -> str:
    """A letter an argument: what fits into one column has the same."""
    return "".join(
        "d" if type(a) is float else "." if type(a) is not int else "i" if abs(a) < 2**63 else "I"
        for a in case.arguments
    )


@dataclass(frozen=True)
class RunCases:
    """The cases of a run with these numbers; those from 0 on begin with what strategies draw.

    wanted: how many cases the whole run is to have. seed: the same seed, the same cases.
    tick: called now and then while cases are drawn.
    """

    port: Port
    wanted: int
    numbers: range
    seed: int
    tick: Callable[[], None] = field(default=lambda: None)

    @cached_property
    def first(self) -> list[DrawnCase]:
        """The examples, the edge values, and what strategies draw."""
        if self.numbers.start:
            return []
        count = min(self.wanted, STRATEGY_CASES)
        drawn = strategies.make(self.port, count, self.seed, self.tick)
        return drawn[:UNSORTED] + sorted(drawn[UNSORTED:], key=_kinds)

    @cached_property
    def repeated(self) -> list[DrawnCase]:
        """For fewer than 100 possible inputs: the same inputs in random order, to expose state."""
        left = min(self.wanted, UNSORTED) - len(self.first)
        if not self.first or left <= 0 or self.port.cases.arrays:
            return []
        return random.Random(self.seed).choices(self.first, k=left)

    def batches(self) -> Iterator[Batch]:
        """All cases, without the repeated ones."""
        yield from alike(0, self.first[:UNSORTED])
        yield from alike(UNSORTED, self.first[UNSORTED:])
        stop = self._drawn.start
        while stop < self._drawn.stop:
            block = self._block_of(stop)
            yield from self._block(block)
            stop = block.stop

    def by_number(self, numbers: Sequence[int]) -> dict[int, DrawnCase]:
        """The cases with these numbers, as far as there are such."""
        found = dict(enumerate([*self.first, *self.repeated]))
        left = sorted(number for number in set(numbers) - found.keys() if number in self._drawn)
        for block, some in itertools.groupby(left, self._block_of):
            self.tick()
            wanted = set(some)
            for batch in self._block(block):
                here = wanted.intersection(range(batch.first, batch.first + len(batch)))
                for number in here:
                    row = number - batch.first
                    if batch.drawn is not None:
                        found[number] = batch.drawn[row]
                    else:
                        found[number] = DrawnCase(batch.case(row))
        return {number: found[number] for number in numbers if number in found}

    # The cases after the first ones come in blocks with numbers of their own. A block is always
    # drawn whole, so that a longer run with the same seed has all cases of a shorter one.

    @cached_property
    def _drawn(self) -> range:
        """The numbers of the cases after the first ones."""
        start, stop = max(len(self.first), self.numbers.start), self.numbers.stop
        more = len(self.first) >= STRATEGY_CASES or self.numbers.start or self.port.cases.arrays
        return range(start, max(start, stop)) if more else range(stop, stop)

    @cached_property
    def _draw(self) -> Any:
        return array_draws.drawer(self.port)

    @cached_property
    def _size(self) -> int:
        if self._draw is None:
            return STRATEGY_BATCH
        sample = self._draw(np.random.default_rng(self.seed), SAMPLE)
        each = sum(column.size() for column in sample) / SAMPLE
        return next((size for size in SIZES if size * each <= MAX_NUMBERS), SIZES[-1])

    def _block_of(self, number: int) -> range:
        """The numbers of the block with a case: short ones first, then all of the same size."""
        start = number // self._size * self._size
        ends = [end for end in EARLY if end < self._size] if not start else []
        bounds = [start, *ends, start + self._size]
        place = bisect.bisect_right(bounds, number)
        return range(bounds[place - 1], bounds[place])

    def _block(self, block: range) -> Iterator[Batch]:
        first = block.start or len(self.first)
        for batch in self._whole(first, block.stop - first, [self.seed, block.start]):
            start, stop = max(batch.first, self._drawn.start), batch.first + len(batch)
            stop = min(stop, self._drawn.stop)
            if start < stop:
                yield batch.part(start - batch.first, stop - batch.first)

    def _whole(self, first: int, count: int, seeds: list[int]) -> Iterator[Batch]:
        """So many cases; the first one has this number."""
        rng = np.random.default_rng(seeds)
        if self._draw is None:
            drawn = strategies.more(self.port, int(rng.integers(2**63)), count, self.tick)
            yield from alike(first, sorted(drawn, key=_kinds))
            return
        given = self._draw(rng, count)
        optional = array_draws.optional(self.port)
        start = 0
        for number in range(optional + 1):  # first those without the optional arguments
            end = -(-count * (number + 1) // (optional + 1))
            columns = given[: len(given) - optional + number]
            if start < end and columns:
                yield Batch(first, None, columns).part(start, end)
            elif start < end:
                yield Batch(first + start, [DrawnCase(())] * (end - start))
            start = end


class AdaptiveBatches:
    """Splits batches so that one call of both sides takes at most `longest` seconds.

    one_by_one: cases from this number on are called alone.
    """

    def __init__(
        self, batches: Iterable[Batch], longest: float, one_by_one: int | None = None
    ) -> None:
        self._batches, self._longest, self._size = batches, longest, 1
        self._one_by_one = one_by_one

    def __iter__(self) -> Iterator[Batch]:
        for batch in self._batches:
            stop = 0
            while stop < len(batch):
                start, stop = stop, min(stop + self._size, len(batch))
                alone = self._one_by_one
                if alone is not None and batch.first + stop > alone:
                    stop = max(start + 1, min(stop, alone - batch.first))
                yield batch.part(start, stop)

    def took(self, seconds: float, returned: float) -> None:
        """A case took so long and returned so many numbers.

        The size changes by a factor of ten: coarse, so that repeated runs choose alike.
        """
        largest = 1 / max(seconds / self._longest, returned / MAX_RETURNED, 1e-9)
        if 10 * self._size < largest:
            self._size = min(10 * self._size, BATCH)
        elif self._size > largest:
            self._size = max(1, self._size // 10)
