"""Large runs: batches of cases that both sides do as columns.

What is not surely the same in both is left to be judged one by one, as every case of a small run.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from parity import arrays, columns, inputs
from parity.columns import Column
from parity.inputs import Made, Port
from parity.sides import Sides, has_two_storages

FIRST = 300  # cases of a run that are judged one by one
BATCH = 2000


@dataclass(frozen=True)
class Batch:
    """Some cases. first: the number of the first one. made: those that a strategy made."""

    first: int
    columns: list[Column] | None
    made: list[Made] | None = None

    def __len__(self) -> int:
        return len(self.made) if self.made is not None else (self.columns or [])[0].count

    def cases(self) -> list[tuple[Any, ...]]:
        """The cases, made anew."""
        if self.made is not None:
            return [inputs.fresh(made.arguments) for made in self.made]
        return list(zip(*map(columns.values, self.columns or ()), strict=True))


def batches(
    port: Port, count: int, number: int, first: int, tick: Callable[[], None]
) -> Iterator[Batch]:
    """The cases of a run after its `first` ones, up to `count` in all; number: the seed."""
    if first < FIRST and not port.cases.arrays:
        return  # there are no more than these
    draw = arrays.drawer(port)
    index = 0
    while first < count:
        size = min(BATCH, count - first)
        chance = np.random.default_rng([number, index])
        if draw is not None:
            yield Batch(first, draw(chance, size))
        else:
            made = inputs.more(port, int(chance.integers(2**63)), size, tick)
            if not made:
                return
            cases = [one.arguments for one in made]
            drawn = [columns.of(one, whole=True) for one in zip(*cases, strict=False)]
            sound = len({len(case) for case in cases}) == 1 and None not in drawn
            yield Batch(first, drawn if sound else None, made)  # type: ignore[arg-type]
            size = len(made)
        first, index = first + size, index + 1


def run(sides: Sides, found: Iterator[Batch], many: bool) -> Iterator[tuple[Batch, columns.Array]]:
    """Both sides on each batch, perl at the same time as the port; and the doubts that are left.

    Of each row 0 where both did the same, 2 where they did not, 1 where it is not known. These rows
    have to be judged before the next batch is asked for, so that both sides do the same calls.
    many: whether batches may be done at once; else all is left to be judged.
    """
    truth = sides.port.hints.get("return") is bool
    batch = _next(sides, found)
    while batch is not None:
        if not many or not batch.columns:
            yield batch, np.ones(len(batch), np.uint8)
            batch = _next(sides, found)
            continue
        sides.progress.step("the cases in bulk", batch.first)
        sides.perl.send_columns(
            sides.task.pair.perl.name, sides.context, truth, batch.columns, len(batch)
        )
        python, *theirs = _port(sides, batch, truth)
        following = _next(sides, found)
        sides.progress.step("the cases in bulk", batch.first)
        perl, noted, *ours = sides.perl.receive_columns()
        doubts = np.ones(len(batch), np.uint8)
        if perl and python and not noted and theirs[1] == ours[1]:
            doubts[:] = 0
            for both in zip(perl, python, strict=True):
                np.maximum(doubts, columns.doubts(*both), out=doubts)
            failed = [set(theirs[0]), set(ours[0])]
            doubts[list(failed[0] | failed[1])] = 1
            doubts[list(failed[0] ^ failed[1])] = 2
            if not all(map(columns.is_ascii, batch.columns)):
                stored = [has_two_storages(case) for case in batch.cases()]
                doubts = np.maximum(doubts, stored)
        yield batch, doubts
        batch = following


def _next(sides: Sides, found: Iterator[Batch]) -> Batch | None:
    sides.progress.step("making the inputs")
    return next(found, None)


def _port(sides: Sides, batch: Batch, truth: bool) -> tuple[list[Column], list[int], list[int]]:
    """The port on a batch, as Perl.receive_columns has the sub; nothing where it printed."""
    given = batch.columns or []
    arguments = [columns.values(column) for column in given]
    mutable = [number for number, column in enumerate(given) if column.inner]
    before = [_pieces(arguments[number]) for number in mutable]
    results: list[Any] = []
    failed: list[int] = []
    calls = map(sides.port.function, *arguments)
    while len(results) < len(batch):
        try:
            results.extend(calls)
        except Exception:
            failed.append(len(results))
            results.append(None)
        except BaseException:  # it is called again, alone, and then it is told
            return [], [], []
    sides.leave_if_forked()
    if sides.printed() or len(failed) == len(batch):
        return [], [], []
    if failed:  # something else in their place, so that the rest may be a column
        good = min(set(range(len(batch))).difference(failed))
        for row in failed:
            results[row] = results[good]
    if sides.context == "void":
        results = [None] * len(batch)
    elif sides.context == "list":
        results = [list(one) if isinstance(one, tuple) else one for one in results]
    elif truth and set(map(type, results)) == {bool}:
        results = list(map(int, results))
    after = [_pieces(arguments[number]) for number in mutable]
    same = [_same(*both) for both in zip(before, after, strict=True)]
    changed = [number for number, one in zip(mutable, same, strict=True) if not one]
    found = [columns.of(results), *(columns.of(arguments[number]) for number in changed)]
    return [one for one in found if one] if None not in found else [], failed, changed


def _pieces(values: Sequence[Any]) -> list[list[Any]]:
    """All that a port could change: what is in the lists and hashes, and how much."""
    kinds = set(map(type, values))
    found: list[list[Any]] = []
    for kind in (list, dict) if kinds & {list, dict} else ():
        some = [list(value) for value in values if type(value) is kind]
        inner = list(itertools.chain.from_iterable(some))
        found += [list(map(len, some)), inner, *_pieces(inner)]
        if kind is dict:
            hashes = [value.values() for value in values if type(value) is dict]
            inner = list(itertools.chain.from_iterable(hashes))
            found += [inner, *_pieces(inner)]
    return found


def _same(left: list[list[Any]], right: list[list[Any]]) -> bool:
    """The very same objects; sizes above 256 may be others, and then it is no matter."""
    return len(left) == len(right) and all(
        len(one) == len(other) and all(map(operator.is_, one, other))
        for one, other in zip(left, right, strict=True)
    )


def made(sides: Sides, numbers: Sequence[int]) -> list[Made]:
    """Cases of a run by their numbers, those that there are."""
    task, tick = sides.task, sides.progress.tick
    first = inputs.make(sides.port, min(task.cases, FIRST), task.number, tick)
    found = {number: first[number] for number in numbers if number < len(first)}
    left = {number for number in numbers if number >= len(first)}
    count = task.cases if left else 0
    for batch in batches(sides.port, count, task.number, len(first), tick):
        tick()
        here = {number for number in left if number < batch.first + len(batch)}
        cases = (batch.made or [Made(case) for case in batch.cases()]) if here else []
        found |= {number: cases[number - batch.first] for number in here}
        left -= here
        if not left:
            break
    return [found[number] for number in numbers if number in found]
