"""All cases of a pair, or of a part of them, up to the first that differs. Runs in a child."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from parity.calls.sides import Exchange, Sides
from parity.errors import CannotRun
from parity.inputs.cases import AdaptiveBatches, Batch, RunCases, alike
from parity.judge import coverage, known, numpy_version
from parity.judge.comparability import check_hash_order, refuse_nondeterminism
from parity.judge.compared import ComparedCase, compare
from parity.judge.counterexample import counterexample
from parity.judge.equality import Comparison, rules_of
from parity.judge.explained import distance
from parity.processes.child import Progress
from parity.steps import Step
from parity.task import Task
from parity.values import literals
from parity.values.perl_values import Failure
from parity.verdict import MOST_NOTES, Counterexample, Coverage, NumpyVerdict, WorstExplained

REPEATING = 1.0  # seconds in which few possible inputs are called again


@dataclass
class Tally:
    """What the cases came to. last: the number of the case that differs.

    two_storages: cases in which Perl's result depends on how it stores a text.

    is_known_difference: what differs is no case, but a known difference that has changed.
    """

    cases: int = 0
    known: int = 0
    failed: int = 0
    explained: int = 0
    two_storages: int = 0
    last: int = 0
    worst: WorstExplained | None = None
    notes: list[str] = field(default_factory=list)
    counterexample: Counterexample | None = None
    is_known_difference: bool = False
    vectorized: NumpyVerdict | None = None
    coverage: Coverage | None = None

    def note(self, text: str) -> None:
        """Remember something that the user should know; once, and not too much."""
        if text not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(text)


def run_cases(progress: Progress, task: Task) -> Tally:
    """Run all cases, up to the first that differs."""
    tally = Tally()
    with Sides(progress, task) as sides:
        rules = rules_for(sides)
        for name in sides.port.left_out:
            what = "keyword arguments" if name.startswith("**") else "keyword-only parameter"
            tally.note(f"the port's {what} {name} {'are' if '*' in name else 'is'} never given")
        if not task.part:
            tally.counterexample = known.changed(sides, rules)
        if tally.counterexample:
            tally.is_known_difference = True
            return tally
        progress.step(Step.DRAW)
        cases = cases_of(sides)
        longest = task.timeout / 4
        judge = Judging(sides, rules, tally)
        judge.all_of(AdaptiveBatches(cases.batches(), longest, task.one_by_one))
        if not tally.counterexample:
            judge.repeated(cases)
            _note_storage(tally)
        if task.part:
            return tally
        first = [one.arguments for one in cases.first]
        if task.vectorized:
            tally.vectorized = numpy_version.judge(sides, rules, first)
        if task.coverage and not tally.counterexample:
            tally.coverage = reached(sides, first)
    return tally


def _note_storage(tally: Tally) -> None:
    """Tell of results that depend on how Perl stores a text. Raises CannotRun if most do."""
    if not tally.two_storages:
        return
    text = (
        f"in {tally.two_storages} cases Perl's result depends on how it stores the characters 0x80 "
        "to 0xFF, and the port does what one of the two gives; to have one result, utf8::upgrade "
        "the text there, or `use feature 'unicode_strings'`, or hint IsAscii[str]"
    )
    if 2 * tally.two_storages > tally.cases:
        raise CannotRun(text)
    tally.note(text)


def rules_for(sides: Sides) -> Comparison:
    """How the outcomes of this pair are compared."""
    port = sides.port
    return rules_of(sides.sub_name, port.function, sides.task.pair, port.cases)


def cases_of(sides: Sides) -> RunCases:
    """The cases of the task."""
    task = sides.task
    return RunCases(sides.port, task.cases, task.numbers, task.input_seed, sides.progress.tick)


def reached(sides: Sides, cases: Sequence[tuple[Any, ...]]) -> Coverage:
    """What the cases reach that no known difference covers, and the examples of these."""
    examples = [one.example for one in sides.port.cases.known]
    others = [case for case in cases if not known.covers(sides, case)]
    return coverage.measure(sides, [*examples, *others])


def reach_afresh(progress: Progress, task: Task) -> Coverage:
    """What the cases reach where nothing has been called before: a port may keep state."""
    with Sides(progress, task) as sides:
        return reached(sides, [one.arguments for one in cases_of(sides).first])


@dataclass
class Judging:
    """Judges batches and counts what they came to."""

    sides: Sides
    rules: Comparison
    tally: Tally

    def all_of(self, batches: AdaptiveBatches) -> None:
        """Judge batches up to the first case that differs."""
        for exchange in self.sides.call_each(batches):
            if self.batch(exchange):
                return

    def repeated(self, cases: RunCases) -> None:
        """Call few possible inputs again. They count only where one differs."""
        start, first = time.monotonic(), len(cases.first)
        aside = Judging(self.sides, self.rules, Tally())
        batches = AdaptiveBatches(alike(first, cases.repeated), REPEATING)
        for exchange in self.sides.call_each(batches):
            if time.monotonic() - start > REPEATING:
                return
            if aside.batch(exchange):
                self.tally.cases += aside.tally.cases
                self.tally.last = aside.tally.last
                self.tally.counterexample = aside.tally.counterexample
                return

    def batch(self, exchange: Exchange) -> bool:
        """Judge a batch. Whether one of its cases differs: the last one that counts.

        Raises CannotRun where its results cannot be compared.
        """
        sides, tally, batch = self.sides, self.tally, exchange.batch
        compared = compare(sides, self.rules, exchange)
        covered = self._covered(batch)
        failed = exchange.left.failures.keys() & exchange.right.failures.keys()
        told = {*compared, *failed, *exchange.left.warnings, *exchange.left.nondeterminism}
        stop = len(batch)
        for row in sorted(told - covered):
            case = compared.get(row) or ComparedCase(batch.case(row), *exchange.row(row))
            if case.perl.nondeterminism:
                refuse_nondeterminism(sides, case.perl.nondeterminism, case.arguments)
            self._count(case)
            if case.differs(sides.task.strict):
                check_hash_order(sides, self.rules, case.arguments)
                tally.counterexample = counterexample(sides, case)
                tally.last, stop = batch.first + row, row + 1
                break
        tally.cases += stop
        tally.known += sum(row < stop for row in covered)
        return tally.counterexample is not None

    def _covered(self, batch: Batch) -> set[int]:
        """The rows that known differences cover."""
        if not self.sides.port.cases.known:
            return set()
        cases = enumerate(batch.cases())
        return {row for row, case in cases if known.covers(self.sides, case)}

    def _count(self, case: ComparedCase) -> None:
        tally = self.tally
        if case.perl.failure and case.port.failure:
            self._both_failed(case.perl.failure)
        if case.perl.warnings:
            tally.note(f"Perl warns: {case.perl.warnings[0]}")
        if case.vivified:
            place = case.vivified[0]
            tally.note(f"reading creates {place or 'an element'} in an argument in Perl only")
        if case.storage and not case.difference:
            tally.two_storages += 1
        if case.explained:
            tally.explained += 1
            self._keep_worst(case)

    def _both_failed(self, perl: Failure) -> None:
        self.tally.failed += 1
        if self.tally.failed == 1:
            self.tally.note(f"both fail: {literals.perl_literal(perl.value)}")
        if perl.is_object:
            self.tally.note(
                "what is in the object that Perl dies with is not compared, only its class"
            )

    def _keep_worst(self, case: ComparedCase) -> None:
        """Keep the explained case in which the numbers lie farthest apart."""
        assert case.difference
        apart = distance(case.difference)
        if self.tally.worst and apart <= self.tally.worst.distance:
            return
        found = counterexample(self.sides, case)
        self.tally.worst = WorstExplained(
            found.input, found.perl, found.python, found.where, apart, found.shown
        )
