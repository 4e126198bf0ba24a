"""Judging the pairs: run all cases, make a difference small, and see that it shows again."""

from __future__ import annotations

import contextlib
import inspect
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from parity.calls.sides import Case, Sides, run_again
from parity.errors import CannotRun, DoesNotLoad, UsageError
from parity.inputs.strategies import Made, scalars, shrink, smaller
from parity.judge import bulk, call_history, coverage, first_difference, known, numpy_version
from parity.judge.equality import Comparison, Difference, Failure
from parity.judge.retry import run_isolated
from parity.perl.process import Outcome, PerlDied
from parity.processes import child
from parity.processes.child import Progress, Stopped, isolated
from parity.programs import judge as programs
from parity.steps import Step
from parity.task import FIRST, Task
from parity.values import literals
from parity.verdict import (
    COULD_NOT_RUN,
    DIFFERS,
    IDENTICAL,
    MOST_NOTES,
    CallResult,
    Counterexample,
    Shown,
    SideOfCall,
    Verdict,
)

FILES = (Step.LOAD_PERL, Step.IMPORT)
AGAIN = 1.0  # seconds in which a few cases are called again
SHRINKING = 15.0  # seconds in which a failing input is made smaller


@dataclass
class Tally:
    """What the cases of one pair, or of a part of them, came to.

    last: the number of the last one judged. called: so many had been called when it was.
    """

    cases: int = 0
    last: int = 0
    called: int = 0
    known: int = 0
    failed: int = 0
    explained: int = 0
    worst: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)
    differing: dict[str, Any] | None = None
    vectorized: dict[str, Any] | None = None
    coverage: dict[str, Any] | None = None

    def note(self, text: str) -> None:
        """Remember something that the user should know; once, and not too much."""
        if text not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(text)

    def both_failed(self, perl: Outcome) -> None:
        """Count a case in which both sides failed."""
        self.failed += 1
        if self.failed == 1:
            self.note(f"both fail: {literals.perl_literal(perl.value)}")
        if perl.is_object:
            self.note("what is in the object that Perl dies with is not compared, only its class")


# --- one pair ---------------------------------------------------------------------------------


def judge(task: Task) -> Verdict:
    """The verdict on a pair, or on a part of its cases."""
    start = time.monotonic()
    entry: dict[str, Any] = {"verdict": COULD_NOT_RUN}
    try:
        if task.pair.program:
            found = programs.judge(task)
            return replace(found, seconds=round(time.monotonic() - start, 3))
        entry = _judge(task)
    except DoesNotLoad as error:
        entry |= {"reason": str(error), "loads": False}
    except (CannotRun, UsageError) as error:
        entry["reason"] = str(error)
    except child.ChildFailed as error:
        entry["reason"] = f"parity itself failed: {str(error).strip().splitlines()[-1]}"
    entry |= {"name": task.pair.name, "seconds": round(time.monotonic() - start, 3)}
    return _verdict(entry)


def _verdict(entry: dict[str, Any]) -> Verdict:
    """The verdict that these fields of the report say, and what is for people only."""
    verdict = replace(Verdict.from_json(entry), loads=entry.get("loads", True))
    if verdict.worst_explained:
        shown = _people_see(entry["worst_explained"]["shown"])
        worst = replace(verdict.worst_explained, shown=shown)
        verdict = replace(verdict, worst_explained=worst)
    if verdict.counterexample:
        verdict = replace(verdict, counterexample=_counterexample(entry))
    return verdict


def _counterexample(entry: dict[str, Any]) -> Counterexample:
    found = Counterexample.from_json(entry)
    return replace(found, shown=_people_see(entry["shown"]))


def _people_see(shown: dict[str, Any]) -> Shown:
    (perl, bits), (python, others) = shown["perl"], shown["python"]
    return Shown(shown["input"], (perl, bits), (python, others), tuple(shown.get("after", ())))


def call(task: Task, texts: Sequence[str]) -> CallResult:
    """Both sides on arguments given as Python literals. Raises CannotRun and UsageError."""
    try:
        found = run_isolated(call_once, task, tuple(texts)).result
    except Stopped as stopped:
        if stopped.step in FILES:
            raise _cannot_run(task, stopped) from None
        raise CannotRun(f"{stopped.step.text} {stopped.why} on {', '.join(texts)}") from None
    difference = _counterexample(found["difference"]) if found["difference"] else None
    perl, python = (_side(found[side]) for side in ("perl", "python"))
    return CallResult(perl, python, difference, found["explained"], found["known"])


def _side(shown: dict[str, Any]) -> SideOfCall:
    lists = {key: tuple(shown[key]) for key in ("arguments", "warnings")}
    return SideOfCall(**{**shown, **lists})


def _judge(task: Task) -> dict[str, Any]:
    try:
        ran = run_isolated(run_cases, task)
    except Stopped as stopped:
        raise _cannot_run(task, stopped) from None
    tally: Tally = ran.result
    if ran.perl_died:
        raise CannotRun(f"{ran.perl_died}; not again when the cases were called one by one")
    if ran.once:
        tally.note(f"{ran.once}; not so when the cases were judged again")
    for step, ended in ran.skipped.items():
        if step is Step.NUMPY:
            reason = str(_cannot_run(task, ended))
            tally.vectorized = {"verdict": COULD_NOT_RUN, "reason": reason}
        elif step is Step.COVERAGE:
            tally.coverage = {"cases": 0, "reason": f"the process {ended.why}"}
        elif ended.outside and tally.differing:
            raise CannotRun(
                "whether Perl's integer arithmetic explains a difference is not known: "
                f"{step.text}: the process {ended.why}"
            )
    if tally.coverage and tally.coverage.get("python", {}).get("missing"):
        again = _further("what the cases reach at first calls", tally, reach_afresh, task)
        tally.coverage = max(tally.coverage, again or tally.coverage, key=coverage.share)
    found = tally.differing or {}
    if "arguments" in found:  # else it is no case, but a known difference that has changed
        found = _further("a smaller input", tally, minimise, task, tally.last) or found
        found |= _looked_into(task, found["arguments"], tally)
    entry: dict[str, Any] = {
        "verdict": DIFFERS if found else IDENTICAL,
        "cases": tally.cases,
        "explained": tally.explained,
        "known": tally.known,
        "failed": tally.failed,
        "notes": tally.notes,
        "worst_explained": tally.worst,
        "vectorized": tally.vectorized,
        "coverage": tally.coverage,
    }
    return {key: value for key, value in entry.items() if value is not None} | found


def _further(
    what: str, tally: Tally, function: Callable[..., Any], task: Task, *arguments: Any
) -> Any:
    """What else is to be known of a pair; None, and a note, where its process ends."""
    try:
        ran = run_isolated(function, task, *arguments)
        lost = next((one for one in ran.skipped.values() if one.outside), None)
        if lost is None:
            return ran.result
        why = f"{lost.step.text}: the process {lost.why}"
    except Stopped as stopped:
        why = f"{stopped.step.text}: the process {stopped.why}"
    except CannotRun as error:
        why = str(error)
    tally.note(f"{what} is not known: {why}")
    return None


def _looked_into(task: Task, texts: Sequence[str], tally: Tally) -> dict[str, Any]:
    """What else is known of a difference: its first step, or the calls that have to come before."""
    again = _further("whether it differs alone", tally, call_once, task, tuple(texts))
    if again is None:
        return {}
    if again["difference"]:
        step = _further("the first step", tally, first_difference.first_step, task, texts)
        return {"first_step": step} if step else {}
    number = tally.last
    try:
        after = call_history.calls_before(task, number, max(number, tally.called))
    except call_history.Lost as lost:
        tally.note(f"which calls have to come before is not known: {lost}")
        return {"why": "not again when called alone", "reproduce": run_again(task)}
    why = "only after other calls: one side keeps state between calls"
    if not after:
        why = "not again, neither alone nor after the same calls: one side is not deterministic"
        if number - task.numbers.start > call_history.MOST:
            why = (
                f"not again, neither alone nor after the {call_history.MOST:,} calls before it: "
                "one side keeps state between calls, or is not deterministic"
            )
    return {"why": why, "reproduce": run_again(task)} | after


def _cannot_run(task: Task, stopped: Stopped) -> CannotRun:
    """What is said of a pair whose process ended again and again."""
    if stopped.step in FILES:
        side = task.pair.perl if stopped.step is Step.LOAD_PERL else task.pair.python
        return DoesNotLoad(f"{side.file} does not load: the process {stopped.why}")
    text = f"{stopped.step.text} {stopped.why}"
    if stopped.step in (Step.PERL, Step.PORT, Step.NUMPY):
        with contextlib.suppress(Stopped, CannotRun, PerlDied, child.ChildFailed):
            arguments = isolated(show_case, task, stopped.case, timeout=60.0, memory=4096)
            text += f" on {arguments}"
    return CannotRun(text)


# --- what runs in the child -------------------------------------------------------------------


def run_cases(progress: Progress, task: Task) -> Tally:
    """Run all cases, up to the first that differs."""
    tally = Tally()
    with Sides(progress, task) as sides:
        for name in sides.port.left_out:
            what = "keyword arguments" if name.startswith("**") else "keyword-only parameter"
            tally.note(f"the port's {what} {name} {'are' if '*' in name else 'is'} never given")
        tally.differing = known.broken(sides) if not task.part else None
        if tally.differing:
            return tally
        progress.step(Step.DRAW)
        made = bulk.first(sides)
        _judge_batches(tally, sides, bulk.batches(sides, made))
        if not tally.differing:
            _judge_again(tally, sides, made)
        if task.part:
            return tally
        cases = [one.arguments for one in made]
        if task.vectorized:
            tally.vectorized = numpy_version.judge(sides, cases)
        if task.coverage and not tally.differing:
            tally.coverage = _reached(sides, cases)
    return tally


def _reached(sides: Sides, cases: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    examples = [one.example for one in sides.port.cases.known]
    return coverage.measure(sides, [*examples, *(c for c in cases if not known.covers(sides, c))])


def reach_afresh(progress: Progress, task: Task) -> dict[str, Any]:
    """What the cases reach where nothing has been called before: a port may keep state."""
    with Sides(progress, task) as sides:
        return _reached(sides, [one.arguments for one in bulk.first(sides)])


def _judge_batches(tally: Tally, sides: Sides, batches: Iterable[bulk.Batch]) -> None:
    """Judge the cases that are not surely the same on both sides, and count the others."""
    declared = sides.port.cases.known
    for judged in bulk.run(sides, batches):
        batch, doubts = judged.batch, judged.doubts
        rows = doubts.nonzero()[0]
        cases, stop = batch.cases(rows), len(batch)
        for start in range(0, len(rows), sides.task.batch):
            some = slice(start, start + sides.task.batch)
            numbers = (batch.first + rows[some]).tolist()
            tally.called = batch.first + len(batch) if judged.at_once else 0
            if _judge_cases(tally, sides, cases[some], numbers, doubts[rows[some]].tolist()):
                stop = tally.last - batch.first
                break
        same = (doubts[:stop] == 0).nonzero()[0]
        tally.cases += len(same)
        tally.explained += int((judged.explained < stop).sum())
        if declared:
            tally.known += sum(known.covers(sides, case) for case in batch.cases(same))
        for row, perl in judged.failed.items():
            if row < stop:
                tally.both_failed(perl)
        if stop < len(batch):
            return


def _judge_cases(
    tally: Tally,
    sides: Sides,
    cases: Sequence[tuple[Any, ...]],
    numbers: Sequence[int],
    doubts: Sequence[int] = (),
) -> bool:
    """Judge cases one by one, up to one that differs.

    numbers: theirs in the run. doubts: 2 or more for one that differed when called with many.
    """
    try:
        judged = list(sides.run(cases, numbers))
    except PerlDied as died:
        where = f" on {sides.described(cases[0])}" if len(cases) == 1 else ""
        raise PerlDied(f"{died}{where}") from None
    for number, case, doubt in zip(numbers, judged, doubts or [0] * len(judged), strict=False):
        tally.cases, tally.last = tally.cases + 1, number
        if known.covers(sides, case.arguments):
            tally.known += 1
            continue
        if case.perl.chance:
            raise CannotRun(_not_comparable(sides, case))
        _count(tally, sides, case)
        if sides.differs(case) or (doubt >= 2 and not case.difference):
            sides.check_hash_order(case)
            tally.differing = sides.report(case, "" if sides.differs(case) else "the result")
            return True
    return False


def _judge_again(tally: Tally, sides: Sides, made: Sequence[Made]) -> None:
    """Judge the cases again where there are few. They count only where one differs."""
    cases = [one.arguments for one in bulk.again(sides, made)]
    aside, start, size, since = Tally(), 0, 1, time.monotonic()
    while start < len(cases) and time.monotonic() - since < AGAIN:
        numbers = range(len(made) + start, len(made) + len(cases))
        if _judge_cases(aside, sides, cases[start : start + size], numbers):
            tally.cases, tally.last = tally.cases + aside.cases, aside.last
            tally.differing = aside.differing
            return
        start, size = start + size, min(2 * size, sides.task.batch)


def _not_comparable(sides: Sides, case: Case) -> str:
    text = (
        f"not comparable: the sub asks for {case.perl.chance} on {sides.described(case.arguments)}"
    )
    if "time" in case.perl.chance:
        return f"{text}; let it take the time as an argument"
    if sides.task.settings.seed:
        return text
    return (
        f"{text}; say in [tool.parity] what seeds both sides: srand = 1 and seed = "
        '"MODULE:FUNCTION", for a port that draws from Perl\'s generator'
    )


def _count(tally: Tally, sides: Sides, case: Case) -> None:
    if case.perl.error and case.python.error:
        tally.both_failed(case.perl)
    if case.perl.warnings:
        tally.note(f"Perl warns: {case.perl.warnings[0]}")
    if case.vivified:
        place = case.vivified[0]
        tally.note(f"reading creates {place or 'an element'} in an argument in Perl only")
    if case.explained:
        tally.explained += 1
        report = sides.report(case)
        report["distance"] = _distance(case.difference)
        if tally.worst is None or report["distance"] > tally.worst["distance"]:
            tally.worst = {
                key: report[key]
                for key in ("input", "perl", "python", "where", "distance", "shown")
            }


def _distance(difference: Difference | None) -> float:
    """How far two numbers are apart, relative to the larger; 0 for the sign of a zero."""
    assert difference is not None
    left, right = difference.at
    if not all(isinstance(number, int | float) for number in (left, right)):
        return 0.0
    size = max(abs(left), abs(right))
    apart = abs(left - right) / size if size else 0.0
    return apart if apart == apart and apart != float("inf") else 1.0


def minimise(progress: Progress, task: Task, number: int) -> dict[str, Any]:
    """Make a differing case small: the report's fields of it. Empty if it does not differ alone."""
    with Sides(progress, task) as sides:
        progress.step(Step.DRAW)
        case = bulk.made(sides, [number])[number]
        (best,) = sides.run([case.arguments])
        if not sides.differs(best):
            return {}
        until = time.monotonic() + SHRINKING
        found: list[Case] = [best]

        def test(arguments: tuple[Any, ...]) -> None:
            if time.monotonic() > until:
                return
            (tried,) = sides.run([arguments])
            if sides.differs(tried) and not known.covers(sides, arguments):
                found.append(tried)
                raise _Differs

        with contextlib.suppress(_Differs, CannotRun, PerlDied):
            if case.arguments:
                shrink(sides.port, min(task.cases, FIRST), task.number, case, test)
        before, until = 0, until + SHRINKING
        while before < len(found):
            before = len(found)
            with contextlib.suppress(_Differs, CannotRun, PerlDied):
                for arguments in smaller(sides.port, found[-1].arguments):
                    test(arguments)
        return sides.report(found[-1])


class _Differs(Exception):
    pass


def call_once(progress: Progress, task: Task, texts: tuple[str, ...]) -> dict[str, Any]:
    """Both sides on arguments given as literals: what each did, and whether that differs."""
    with Sides(progress, task) as sides:
        arguments = sides.parse(texts)
        try:
            inspect.signature(sides.port.function).bind(*arguments)
        except TypeError as error:
            raise UsageError(f"{task.pair.name}: {error}") from None
        (case,) = sides.run([arguments])
        report = sides.report(case) if sides.differs(case) else None
        results = report and not report["where"].startswith(("argument", "the printed"))
        return {
            "perl": _shown(case.perl, sides, arguments),
            "python": _shown(case.python, sides, arguments),
            "difference": report,
            "known": known.suggestion(sides, case) if results else "",
            "explained": case.explained,
        }


def _shown(outcome: Outcome, sides: Sides, given: Sequence[Any]) -> dict[str, Any]:
    shown = literals.perl_texts(Failure.of(outcome))
    texts = sides.arguments(literals.perl_texts(outcome.arguments))
    after, before = (Outcome(list(some), "", [], b"") for some in (outcome.arguments, given))
    same = texts == sides.arguments(given) or not Comparison(names=sides.sub).difference(
        after, before
    )
    return {
        "value": literals.literal(shown, sides.name),
        "hex": literals.hexadecimal(shown),
        "arguments": texts,
        "changed": not same,
        "printed": outcome.printed.decode("utf-8", "backslashreplace"),
        "warnings": list(outcome.warnings),
    }


def show_case(progress: Progress, task: Task, number: int) -> str:
    """A case in one line, with what to do where the type hints made it."""
    with Sides(progress, task) as sides:
        arguments = bulk.made(sides, [number])[number].arguments
        if sides.port.cases.inputs:
            return sides.described(arguments)
        bounds = "bound the type hint (Annotated[int, annotated_types.Interval(ge=0, le=99)]), or "
        numbers = any(type(one) in (int, float) for one in scalars(list(arguments)))
        advice = f"; where that is not meant, {bounds if numbers else ''}{sides.port.advice}"
        return f"{sides.described(arguments)}{advice}"
