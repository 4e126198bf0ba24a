"""The cases of a run in batches, and which of them are surely the same on both sides.

Both sides do a whole batch as columns; what is not surely the same is left to be judged one by one.
So are the first cases in any case: what a side does at its first call only is lost where it is
called again.
"""

from __future__ import annotations

import itertools
import marshal
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from parity.calls.sides import Sides, failure
from parity.errors import CannotRun
from parity.inputs import array_draws, strategies
from parity.inputs.strategies import Made, Port
from parity.judge.equality import Comparison
from parity.perl.process import Many, Outcome, Perl, PerlDied
from parity.steps import Step
from parity.task import FIRST
from parity.values import columns
from parity.values.columns import Array, Column

ALONE = 100  # of them are judged one by one
BATCH = 50_000  # cases that are drawn at once, and called at once unless they are slow
PROBE = 100  # cases that are drawn to see how much is in them
SIZES = (BATCH, 25_000, 12_500, 5_000, 2_500, 1_000, 500, 250, 100)  # fewer where they hold much
MOST = 50_000  # numbers in them: more are slower, for they leave the processor's caches
MOST_RETURNED = 2_000_000  # numbers in what is returned at once
LEAST = 100  # cases that are called at once, but judged alone after all
FEWER = 2_000  # cases where a strategy has to draw them
ONCE = ("native", "ieee")  # in boxes; what another run would explain is judged alone


@dataclass(frozen=True)
class Batch:
    """Some cases. first: the number of the first one. drawn: them, or made: those of a strategy.

    optional: how many of the last arguments are left out in some of those that are drawn.
    alone: whether all of them are judged one by one.
    """

    first: int
    drawn: Sequence[Column] = ()
    made: list[Made] | None = None
    optional: int = 0
    alone: bool = False

    @cached_property
    def columns(self) -> Sequence[Column]:
        """A column an argument; none where a strategy made what is no column."""
        if self.made is None:
            return self.drawn
        cases = [one.arguments for one in self.made]
        if len(set(map(len, cases))) != 1:
            return ()
        some = [columns.of(one, whole=True) for one in zip(*cases, strict=True)]
        return [one for one in some if one] if None not in some else ()

    def values(self) -> list[list[Any]]:
        """The arguments, all of them new; of its columns each a list."""
        if self.made is None:
            return [columns.values(column) for column in self.drawn]
        return list(map(list, zip(*self.cases(range(len(self))), strict=True)))

    def __len__(self) -> int:
        return len(self.made) if self.made is not None else self.drawn[0].count

    def part(self, start: int, stop: int) -> Batch:
        """Some of its cases."""
        if (start, stop) == (0, len(self)):
            return self
        if self.made is not None:
            return Batch(self.first + start, made=self.made[start:stop], alone=self.alone)
        rows = np.arange(start, stop)
        return Batch(self.first + start, [columns.take(column, rows) for column in self.drawn])

    def stretches(self) -> Iterator[Batch]:
        """Itself in parts, each with arguments of the same kinds, and as many."""
        if self.made is None and not self.optional:
            yield self
            return
        kinds: list[Any] = self._given() if self.made is None else list(map(_kinds, self.made))
        stop = 0
        for kind, some in itertools.groupby(kinds):
            start, stop = stop, stop + len(list(some))
            part = self.part(start, stop)
            yield part if self.made else Batch(part.first, part.drawn[:kind])

    def _given(self) -> list[int]:
        """How many arguments each of the cases has that are drawn: first some, then more."""
        count, least = len(self), len(self.drawn) - self.optional
        return [least + row * (self.optional + 1) // count for row in range(count)]

    def cases(self, rows: Array | range) -> list[tuple[Any, ...]]:
        """The cases in these rows, which are in order, made anew."""
        if self.made is not None:
            return [strategies.fresh(self.made[row].arguments) for row in rows]
        some = [columns.take(column, np.asarray(rows)) for column in self.drawn]
        found = list(zip(*map(columns.values, some), strict=True))
        if self.optional:
            given = self._given()
            found = [case[: given[row]] for row, case in zip(rows, found, strict=True)]
        return found


class Draws:
    """The cases of one part of a run that are drawn in batches, each without those before it.

    numbers: theirs in the run. number: the seed.
    """

    def __init__(self, port: Port, numbers: range, number: int, tick: Callable[[], None]) -> None:
        self._port, self._numbers, self._number, self._tick = port, numbers, number, tick
        self._draw = array_draws.drawer(port)

    @cached_property
    def _size(self) -> int:
        if self._draw is None:
            return FEWER
        some = self._draw(np.random.default_rng(self._number), PROBE)
        each = sum(map(columns.size, some)) / PROBE
        return next((size for size in SIZES if size * each <= MOST), SIZES[-1])

    def __iter__(self) -> Iterator[Batch]:
        number = self._numbers.start
        while number < self._numbers.stop:
            yield from self.holding(number).stretches()
            number = (self.index(number) + 1) * self._size

    def index(self, number: int) -> int:
        """Which batch holds a case, by its number in the run."""
        return number // self._size

    def holding(self, number: int) -> Batch:
        """The batch that holds a case."""
        index = self.index(number)
        first = max(self._numbers.start, index * self._size)
        count = min(self._numbers.stop, (index + 1) * self._size) - first
        chance = np.random.default_rng([self._number, index])
        if self._draw is not None:
            drawn = self._draw(chance, count)
            return Batch(first, drawn, optional=array_draws.optional(self._port))
        made = strategies.more(self._port, int(chance.integers(2**63)), count, self._tick)
        return Batch(first, made=sorted(made, key=_kinds))


@dataclass(frozen=True)
class Judged:
    """A batch that both sides did.

    explained: the rows in which they differ by Perl's integers only. doubts: of each row 0 where
    that is all, 2 or more where the sides did not do the same, 1 where it is not known. These rows
    have to be judged before the next batch is asked for, so that both sides do the same calls.
    failed: the others in which both failed, and how Perl did. at_once: whether it has been called.
    """

    batch: Batch
    doubts: Array
    failed: dict[int, Outcome]
    explained: Array
    at_once: bool = True


class Pieces:
    """What is called at once of batches: one case, and then more.

    As many as take less than `longest` seconds and return less than MOST_RETURNED numbers; fewer
    where there is no column of it, for one value of another kind spoils that of all.
    """

    def __init__(self, batches: Iterable[Batch], longest: float) -> None:
        self._batches, self._longest, self._size = batches, longest, 1

    def __iter__(self) -> Iterator[Batch]:
        for batch in self._batches:
            stop = 0
            while stop < len(batch):
                start, stop = stop, min(stop + self._size, len(batch))
                yield batch.part(start, stop)

    def took(self, seconds: float, returned: float = 0, largest: int = BATCH) -> None:
        """A case took so long and returned so much. By tens, so that another run does the same."""
        most = 1 / max(seconds / self._longest, returned / MOST_RETURNED, 1e-9)
        if 10 * self._size < most:
            self._size = min(10 * self._size, largest)
        elif self._size > most or self._size > largest:
            self._size = max(1, self._size // 10)


def run(sides: Sides, batches: Iterable[Batch]) -> Iterator[Judged]:
    """Both sides on each batch, perl at the same time as the port; less of it if it takes long."""
    worst = -1.0  # how far the sides were apart at most where that is explained
    task = sides.task
    many = task.batch > 1 and task.settings.srand is None and not task.strict
    many &= not task.pair.declared.method  # for it a column would have to hold the class
    pieces = Pieces(batches, task.timeout / 4)
    found = iter(pieces)
    batch = _next(sides, found)
    while batch is not None:
        since = time.monotonic()
        if not many or batch.alone or not batch.columns:
            yield Judged(batch, np.ones(len(batch), np.uint8), {}, np.zeros(0), at_once=False)
            pieces.took((time.monotonic() - since) / len(batch))
            batch = _next(sides, found)
            continue
        sides.progress.step(Step.BATCH, batch.first)
        _send(sides, sides.perl, batch.columns)
        python = _port(sides, batch)
        following = _next(sides, found)
        sides.progress.step(Step.BATCH, batch.first)
        (perl,) = sides.perl.receive_columns()
        doubts, explained = _doubts(perl, python, len(batch), sides.comparison), np.zeros(0)
        known = sides.port.cases.known
        if known:  # these may be known, and then they do not count as failed
            doubts[list(perl.failed)] |= 1
        if task.explain and not known and perl.columns and doubts.any():
            explained, apart = _explained(sides, batch.columns, perl, python, doubts)
            if len(explained) and apart.max() > worst:  # this one is judged alone, to be shown
                worst = apart.max()
                explained = np.delete(explained, apart.argmax())
            doubts[explained] = 0
        stored = np.maximum.reduce([*map(columns.two_storages, batch.columns)])
        if stored.any():
            _check_storage(sides, batch.columns, perl, stored.nonzero()[0], doubts)
        failed = {row: one for row, one in perl.failed.items() if not doubts[row]}
        seconds = (time.monotonic() - since) / len(batch)
        returned = sum(map(columns.size, perl.columns)) / len(batch)
        pieces.took(seconds, returned, BATCH if perl.columns and python.columns else LEAST)
        yield Judged(batch, doubts, failed, explained)
        batch = following


def _send(
    sides: Sides, perl: Perl, arguments: Sequence[Column], storages: Sequence[str] = ("plain",)
) -> None:
    name = sides.task.pair.perl.name
    perl.send_columns(name, sides.context, _truth(sides), arguments, storages)


def _truth(sides: Sides) -> bool:
    return sides.port.hints.get("return") is bool


def _next(sides: Sides, found: Iterator[Batch]) -> Batch | None:
    sides.progress.step(Step.DRAW)
    return next(found, None)


def _port(sides: Sides, batch: Batch) -> Many:
    """What the port does with a batch."""
    given = batch.columns
    arguments = batch.values()
    inner = [number for number, column in enumerate(given) if column.inner]
    before = [_packed(arguments[number]) for number in inner]  # no call changes a number or a text
    results: list[Any] = []
    failed: dict[int, Outcome] = {}
    unsure: list[int] = []
    calls = map(sides.port.function, *arguments)
    while len(results) < len(batch):
        try:
            results.extend(calls)
            if len(results) < len(batch):  # map takes a StopIteration of the port's for its end
                unsure.append(len(results))
                raise RuntimeError
        except MemoryError:  # of results that are kept only here
            return Many([], {}, [])
        except Exception as caught:
            value, error, domain = failure(caught)
            failed[len(results)] = Outcome(value, error, [], b"", domain)
            results.append(None)
        except BaseException:  # it is called again, alone, and then it is told
            return Many([], {}, [])
    sides.leave_if_forked()
    if sides.printed() or len(failed) == len(batch):
        return Many([], {}, [])
    if failed:  # something else in their place, so that the rest may be a column
        good = min(set(range(len(batch))).difference(failed))
        for row in failed:
            results[row] = strategies.fresh(results[good])
    if sides.context == "void":
        results = [None] * len(batch)
    elif sides.context == "list":
        if set(map(type, results)) != {tuple}:
            return Many([], {}, [])
        results = list(map(list, results))
    elif _truth(sides):
        if set(map(type, results)) != {bool}:
            return Many([], {}, [])
        results = list(map(int, results))
    changed = []
    try:
        for number, packed in zip(inner, before, strict=True):
            values = arguments[number]
            if _packed(values) != packed and _changed(values, given[number]):
                changed.append(number)
        found = [columns.of(results), *(columns.of(arguments[number]) for number in changed)]
    except RecursionError:  # a value leads back to itself
        return Many([], {}, [])
    some = [one for one in found if one] if None not in found else []
    return Many(some, failed, changed, unsure)


def _doubts(perl: Many, other: Many, count: int, comparison: Comparison) -> Array:
    """Of each row whether perl and the port, or another perl, did the same."""
    if not perl.columns or not other.columns or perl.changed != other.changed:
        return np.ones(count, np.uint8)
    results, *arguments = zip(perl.columns, other.columns, strict=True)
    found = columns.doubts(*results)
    for row in perl.failed.keys() & other.failed:
        found[row] = not _alike(comparison, perl.failed[row], other.failed[row])
    found[list(perl.failed.keys() ^ other.failed)] = 2
    for both in arguments:  # what reading creates in Perl makes no difference
        np.maximum(found, columns.doubts(*both) != 0, out=found)
    found[[*perl.unsure, *other.unsure]] |= 1
    return found


def _alike(comparison: Comparison, perl: Outcome, other: Outcome) -> bool:
    """Whether two calls surely failed in the same way."""
    try:
        return comparison.errors(perl, other) is None
    except CannotRun:
        return False


def _explained(
    sides: Sides, arguments: Sequence[Column], perl: Many, python: Many, doubts: Array
) -> tuple[Array, Array]:
    """The rows in which Perl in IEEE doubles does what the port does, and how far it was apart.

    As Sides.run has it for a few.
    """
    returned = doubts.copy()
    returned[[*perl.failed, *python.failed]] = 0
    rows = returned.nonzero()[0]
    nothing = rows[:0], np.zeros(0)
    if not any(map(columns.has_doubles, arguments)):  # then nothing would be in a box
        return nothing
    if not len(rows) or not python.columns or perl.changed != python.changed:
        return nothing
    sides.progress.step(Step.BOXES)
    try:
        _send(sides, sides.boxed(), [columns.take(one, rows) for one in arguments], ONCE)
        native, ieee = sides.boxed().receive_columns()
    except (PerlDied, CannotRun):
        sides.drop_boxed()
        return nothing
    ours, theirs = perl.take(rows), python.take(rows)
    sound = _doubts(ieee, theirs, len(rows), sides.comparison) == 0
    sound &= _doubts(ours, native, len(rows), sides.between_perls) == 0
    sound[[*native.failed, *ieee.failed]] = False
    both = zip(ours.columns, theirs.columns, strict=True)
    apart = np.max([columns.distances(*one) for one in both], axis=0)
    return rows[sound], apart[sound]


def _check_storage(
    sides: Sides,
    arguments: Sequence[Column],
    perl: Many,
    rows: Array,
    doubts: Array,
) -> None:
    """Leave the rows to be judged alone where text stored as UTF-8 may make a difference."""
    sides.progress.step(Step.PERL)
    _send(sides, sides.upgraded(), [columns.take(one, rows) for one in arguments], ["upgraded"])
    (upgraded,) = sides.upgraded().receive_columns()
    found = _doubts(perl.take(rows), upgraded, len(rows), sides.between_perls)
    doubts[rows] = np.maximum(doubts[rows], found != 0)


def _packed(values: list[Any]) -> bytes:
    """All that is in these values; the same values may be packed in another way."""
    try:
        return marshal.dumps(values, 2)  # later versions note what is there twice
    except ValueError:  # something else is in them
        return b""


def _changed(values: Sequence[Any], column: Column) -> bool:
    """Whether these are no longer the values of a column."""
    now = columns.of(values, whole=True)
    return now is None or columns.to_bytes(now) != columns.to_bytes(column)


def first(sides: Sides) -> list[Made]:
    """The cases that strategies draw; only the first part of a run has some."""
    task = sides.task
    if task.part:
        return []
    made = strategies.make(sides.port, min(task.cases, FIRST), task.number, sides.progress.tick)
    return made[:ALONE] + sorted(made[ALONE:], key=_kinds)


def again(sides: Sides, made: Sequence[Made]) -> list[Made]:
    """The first cases in another order, where there are few: 100 calls in all may show state."""
    task, left = sides.task, min(sides.task.cases, ALONE) - len(made)
    if task.part or not made or left <= 0 or sides.port.cases.arrays:
        return []
    return random.Random(task.number).choices(made, k=left)


def batches(sides: Sides, made: list[Made]) -> Iterator[Batch]:
    """All cases of the part, of which these are the first."""
    yield Batch(0, made=made[:ALONE], alone=True)
    yield from Batch(ALONE, made=made[ALONE:]).stretches()
    yield from _draws(sides, len(made))


def _kinds(one: Made) -> str:
    """A letter an argument: what may be in one column has the same."""
    return "".join(
        "d" if type(a) is float else "." if type(a) is not int else "i" if abs(a) < 2**63 else "I"
        for a in one.arguments
    )


def _draws(sides: Sides, done: int) -> Draws:
    """The other cases of the part, after so many first ones."""
    task, numbers = sides.task, sides.task.numbers
    enough = done >= FIRST or task.part or sides.port.cases.arrays  # else there are no more
    start = max(done, numbers.start) if enough else numbers.stop
    left = range(start, max(start, numbers.stop))
    return Draws(sides.port, left, task.number, sides.progress.tick)


def made(sides: Sides, numbers: Sequence[int]) -> dict[int, Made]:
    """Cases of the part by their numbers, those that there are."""
    drawn = first(sides)
    found = dict(enumerate([*drawn, *again(sides, drawn)]))
    others = _draws(sides, len(drawn))
    left = sorted(set(numbers) - found.keys())
    for _, some in itertools.groupby(left, others.index):
        sides.progress.tick()
        here = list(some)
        batch = others.holding(here[0])
        rows = np.array([number - batch.first for number in here])
        rows = rows[rows < len(batch)]  # a strategy may have given up a few
        if batch.made is None:
            found |= zip(here, map(Made, batch.cases(rows)), strict=False)
        else:
            found |= zip(here, [batch.made[row] for row in rows], strict=False)
    return {number: found[number] for number in numbers if number in found}
