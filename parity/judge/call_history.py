"""What differs only after other calls: a short sequence of calls that shows it.

One process loads both sides and calls nothing. For each try it forks, and so does its perl, so that
the copies begin as fresh as it is.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from parity.calls.sides import Sides
from parity.inputs.cases import AdaptiveBatches, Call, Case, alike
from parity.inputs.port import DrawnCase
from parity.judge.compared import compare_case
from parity.judge.counterexample import counterexample
from parity.judge.equality import Comparison
from parity.judge.run_cases import cases_of, rules_for
from parity.outcome import PerlDied
from parity.processes.child import Progress, Stopped
from parity.steps import Step
from parity.task import Task
from parity.values import literals
from parity.verdict import Counterexample

MAX_CALLS = 20_000  # before the case
TRIES = 48  # of shorter sequences: a few calls far apart are found, a counter needs them all
FRUITLESS = 2 + 4 + 8  # tries in a row: then none of eight parts can be left out
SECONDS = 10.0  # for all tries


def calls_before(progress: Progress, task: Task, number: int) -> Counterexample | None:
    """The case with the calls that have to come before it; None if no sequence shows it again.

    If it differs alone after all, there are none. Raises PerlDied where a copy was killed.
    """
    with Sides(progress, task) as sides:
        progress.step(Step.DRAW)
        numbers = range(max(task.numbers.start, number - MAX_CALLS), number + 1)
        drawn = cases_of(sides).by_number(numbers)
        calls = [Call(case.arguments) for case in drawn.values()]
        return _Search(sides).shortest(Case(tuple(calls), number))


class _Search:
    """Tries sequences of calls, each in a copy of this process."""

    def __init__(self, sides: Sides) -> None:
        self._sides, self._rules, self._tries = sides, rules_for(sides), TRIES + 1
        self._until = time.monotonic() + SECONDS
        self._found: Counterexample | None = None

    def shortest(self, case: Case) -> Counterexample | None:
        """The counterexample with the fewest calls that is found in time."""
        *before, last = case.calls
        try:
            if self._shows(before, last):
                self._shorten(before, last)
        except Stopped as stopped:
            if self._found is None:
                raise PerlDied(f"{stopped.step.text}: the process {stopped.why}") from None
        return self._found

    def _shorten(self, before: list[Call], last: Call) -> None:
        size = 1
        while size < len(before) and not self._shows(before[-size:], last):
            size *= 2  # what matters is seldom long ago
        before, size = before[-size:], max(1, size // 2)
        fruitless = 0
        while size and fruitless < FRUITLESS:
            start = 0
            while start < len(before) and fruitless < FRUITLESS:
                fewer = before[:start] + before[start + size :]
                if self._shows(fewer, last):
                    before, fruitless = fewer, 0
                else:
                    start, fruitless = start + size, fruitless + 1
            size //= 2

    def _shows(self, before: Sequence[Call], last: Call) -> bool:
        """Whether the last call differs after these; not tried once it has taken too long."""
        if not self._tries or (self._found and time.monotonic() > self._until):
            return False
        self._tries -= 1
        found: Counterexample | None = self._sides.in_copy(
            _differs, self._rules, Case((*before, last))
        )
        self._found = found or self._found
        return found is not None


def _differs(sides: Sides, rules: Comparison, case: Case) -> Counterexample | None:
    """The counterexample, if the last call differs after the others."""
    *before, last = case.calls
    batches = alike(0, [DrawnCase(call.arguments) for call in before])
    for _ in sides.call_each(AdaptiveBatches(batches, sides.task.timeout / 4)):
        pass
    compared = compare_case(sides, rules, last.arguments)
    if not compared.differs(sides.task.strict):
        return None
    found = counterexample(sides, compared)
    if not before:
        return found
    assert found.shown
    after = [
        [literals.to_json(argument, sides.name) for argument in call.arguments] for call in before
    ]
    described = tuple(sides.described(call.arguments) for call in before)
    return replace(found, after=after, shown=replace(found.shown, after=described))
