"""Judging the pairs: run all cases, make a difference small, and see that it shows again."""

from __future__ import annotations

import contextlib
import inspect
import operator
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from parity.calls.sides import PART, Case, Sides, Task, run_again
from parity.errors import CannotRun, DoesNotLoad, UsageError
from parity.inputs.port import DrawnCase
from parity.inputs.shrink import shrink
from parity.inputs.strategies import warm_up
from parity.judge import bulk, call_history, coverage, first_difference, known, numpy_version
from parity.judge.equality import Comparison, Difference, Failure
from parity.perl.process import Outcome, PerlDied
from parity.processes import child
from parity.processes.child import Died, Progress, Stopped, isolated, side_by_side
from parity.programs import compare
from parity.values import literals
from parity.values.copies import leaves

LOADING_PHASES = ("loading the Perl file", "importing a Python module")
MOST_NOTES = 5  # of a pair
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
    perl_died: str | None = None
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


def judge(task: Task) -> dict[str, Any]:
    """The verdict on a pair, as it stands in the report."""
    start = time.monotonic()
    entry: dict[str, Any] = {"name": task.pair.name, "verdict": "could not run", "cases": 0}
    entry["explained"] = 0
    try:
        entry |= compare.judge(task) if task.pair.program else _judge(task)
    except DoesNotLoad as error:
        entry |= {"reason": str(error), "load": False}
    except (CannotRun, UsageError) as error:
        entry["reason"] = str(error)
    except child.ChildFailed as error:
        entry["reason"] = f"parity itself failed: {str(error).strip().splitlines()[-1]}"
    entry["seconds"] = round(time.monotonic() - start, 3)
    return entry


def call(task: Task, texts: Sequence[str]) -> dict[str, Any]:
    """Both sides on arguments given as Python literals, for `parity call`."""
    result: dict[str, Any] = _watched(call_once, task, tuple(texts))
    return result


def _judge(task: Task) -> dict[str, Any]:
    tally = _watched(run_cases, task)
    entry: dict[str, Any] = {
        "cases": tally.cases,
        "explained": tally.explained,
        "known": tally.known,
        "failed": tally.failed,
        "notes": tally.notes,
    }
    if tally.worst:
        entry["worst_explained"] = tally.worst
    if tally.vectorized:
        entry["vectorized"] = tally.vectorized
    if tally.coverage:
        entry["coverage"] = tally.coverage
        if tally.coverage.get("python", {}).get("missing"):
            timeout, memory = task.timeout, task.settings.memory
            with contextlib.suppress(Stopped, CannotRun):
                again = isolated(reach_afresh, task, timeout=timeout, memory=memory)
                entry["coverage"] = max(tally.coverage, again, key=coverage.share)
    if tally.perl_died:
        raise CannotRun(f"{tally.perl_died}; not again when the cases were called one by one")
    if tally.differing:
        found: dict[str, Any] = tally.differing
        if "arguments" in found:  # else it is no case, but a known difference that has changed
            with contextlib.suppress(CannotRun):  # a smaller input may do worse than differ
                found = _watched(minimise, task, tally.last) or found
            found |= _looked_into(task, found.pop("arguments"), tally)
        return entry | {"verdict": "differs"} | found
    return entry | {"verdict": "identical"}


def _looked_into(task: Task, texts: Sequence[str], tally: Tally) -> dict[str, Any]:
    """What else is known of a difference: its first step, or the calls that have to come before."""
    with contextlib.suppress(CannotRun):
        if call(task, texts)["difference"]:
            step = _watched(first_difference.first_step, task, texts)
            return {"first_step": step} if step else {}
    number = tally.last
    after = call_history.calls_before(task, number, max(number, tally.called))
    why = "only after other calls: one side keeps state between calls"
    if not after:
        why = "not again, neither alone nor after the same calls: one side is not deterministic"
        if number - task.numbers.start > call_history.MOST:
            why = (
                f"not again, neither alone nor after the {call_history.MOST:,} calls before it: "
                "one side keeps state between calls, or is not deterministic"
            )
    return {"why": why, "reproduce": run_again(task)} | after


def _watched(function: Callable[..., Any], task: Task, *arguments: Any) -> Any:
    """Run in a child.

    One that dies is run once more, for it may have been killed from outside; then case by case, to
    know the input.
    """
    timeout, memory = task.timeout, task.settings.memory
    accident, once, died = True, "", None  # what happened once; how perl died with many cases
    while True:
        try:
            result = isolated(function, task, *arguments, timeout=timeout, memory=memory)
        except Stopped as stopped:
            once = f"{stopped.phase}: the process {stopped.why}"
            if accident and not stopped.hangs:
                accident = False
                continue
            if stopped.phase == "the Perl sub in boxes" and task.explain and task.batch == 1:
                return _watched(function, replace(task, explain=False), *arguments)
            if stopped.phase == "the NumPy version":
                result = _watched(function, replace(task, vectorized=False), *arguments)
                reason = _where_it_stopped(task, stopped)
                result.vectorized = {"verdict": "could not run", "reason": reason}
                return result
            if stopped.phase == coverage.PHASE:
                result = _watched(function, replace(task, coverage=False), *arguments)
                if isinstance(result, Tally):
                    result.coverage = {"cases": 0, "reason": f"the process {stopped.why}"}
                return result
            if stopped.phase in LOADING_PHASES:
                file = task.pair.perl.file if "Perl" in stopped.phase else task.pair.python.file
                raise DoesNotLoad(f"{file} does not load: the process {stopped.why}") from None
            called = stopped.phase.startswith(("the Perl sub", "the cases in bulk"))
            if task.batch > 1 and (called or not stopped.hangs):
                task = replace(task, batch=1)
                continue
            if function is call_once:
                texts = ", ".join(arguments[0])
                raise CannotRun(f"{stopped.phase} {stopped.why} on {texts}") from None
            raise CannotRun(_where_it_stopped(task, stopped)) from None
        if not isinstance(result, Tally):
            return result
        if result.perl_died is None:
            if once and not died:
                result.note(f"{once}; not so when the cases were judged again")
            result.perl_died = died
            return result
        once = result.perl_died
        if accident:
            accident = False
        elif task.batch > 1:
            task, died = replace(task, batch=1), once
        else:
            raise CannotRun(once)


def _where_it_stopped(task: Task, stopped: Stopped) -> str:
    text = f"{stopped.phase} {stopped.why}"
    if stopped.phase in ("the Perl sub", "the Python port", "the NumPy version"):
        with contextlib.suppress(Stopped, CannotRun, child.ChildFailed):
            arguments = isolated(show_case, task, stopped.case, timeout=60.0, memory=4096)
            text += f" on {arguments}"
    return text


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
        progress.step("making the inputs")
        made = bulk.first(sides)
        try:
            _judge_batches(tally, sides, bulk.batches(sides, made))
            if not tally.differing:
                _judge_again(tally, sides, made)
        except PerlDied as died:
            tally.perl_died = str(died)
            return tally
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


def _judge_again(tally: Tally, sides: Sides, made: Sequence[DrawnCase]) -> None:
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
        progress.step("making the inputs")
        case = bulk.made(sides, [number])[number]
        (best,) = sides.run([case.arguments])
        if not sides.differs(best):
            return {}
        found: list[Case] = [best]

        def differs(arguments: tuple[Any, ...]) -> bool:
            (tried,) = sides.run([arguments])
            if not sides.differs(tried) or known.covers(sides, arguments):
                return False
            found.append(tried)
            return True

        with contextlib.suppress(CannotRun, PerlDied):
            until = time.monotonic() + 2 * SHRINKING
            shrink(sides.port, min(task.cases, bulk.FIRST), task.number, case, differs, until)
        return sides.report(found[-1])


def call_once(progress: Progress, task: Task, texts: tuple[str, ...]) -> dict[str, Any]:
    """Both sides on arguments given as literals: what each did, and whether that differs."""
    with Sides(progress, task) as sides:
        arguments = sides.parse(texts)
        try:
            inspect.signature(sides.port.function).bind(*arguments)
        except TypeError as error:
            raise UsageError(f"{task.pair.name}: {error}") from None
        try:
            (case,) = sides.run([arguments])
        except PerlDied as died:
            raise CannotRun(str(died)) from None
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
        numbers = any(type(one) in (int, float) for one in leaves(list(arguments)))
        advice = f"; where that is not meant, {bounds if numbers else ''}{sides.port.advice}"
        return f"{sides.described(arguments)}{advice}"


# --- many pairs, and many cases ----------------------------------------------------------------


def run(
    tasks: Sequence[Task], jobs: int, scheduler: str | None = None
) -> Iterator[dict[str, Any] | int]:
    """The verdicts as they come; now and then how many parts are done, so that it can be shown.

    jobs: processes at a time; or with a scheduler's address its cluster's.
    """
    if not tasks:
        return
    if scheduler is not None:
        from parity.processes import dask

        yield from apart(tasks, dask.at(scheduler, tasks[0].settings.exe))
        return
    with child.uninterrupted():
        get_ready(tasks[0])
    yield from apart(tasks, on_this_machine(jobs))


def get_ready(task: Task) -> None:
    """Load once what each pair's process would load."""
    coverage.warm_up()
    warm_up(task.settings.report.parent / "hypothesis")


# What judges tasks from the left of a queue, to which more may be added: yields each with its entry
# or with what killed its process, and (None, None) now and then.
Executor = Callable[[deque[Task]], Iterator[tuple[Task | None, Any]]]


def on_this_machine(jobs: int) -> Executor:
    """So many tasks at a time, each in a process of its own."""
    return lambda waiting: side_by_side(judge, waiting, jobs)


def apart(tasks: Sequence[Task], executor: Executor) -> Iterator[dict[str, Any] | int]:
    """The verdicts of the pairs, of each when all of its parts are there."""
    in_order = sorted(tasks, key=lambda task: not task.pair.program)  # programs take long
    parts = {task.pair.name: parts_of(task) for task in in_order}
    found: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in parts}
    waiting = deque(part for some in parts.values() for part in some)
    again: set[tuple[str, int]] = set()
    done = 0
    for task, entry in executor(waiting):
        done += task is not None
        yield done
        if task is None or task.pair.name not in found:
            continue
        if isinstance(entry, Died):
            if (task.pair.name, task.part) not in again:  # once may have been an accident
                again.add((task.pair.name, task.part))
                waiting.appendleft(task)
                done -= 1
                continue
            reason = f"parity's process for it {entry}"
            entry = {"name": task.pair.name, "verdict": "could not run", "reason": reason}
            entry |= {"cases": 0, "explained": 0, "seconds": 0.0}
        here = found[task.pair.name]
        here[task.part] = entry
        those = _enough(here, len(parts[task.pair.name]))
        if those:
            del found[task.pair.name]
            if len(those) < len(parts[task.pair.name]):  # nobody wants the others
                kept = [one for one in waiting if one.pair.name != task.pair.name]
                done += len(waiting) - len(kept)
                waiting.clear()
                waiting.extend(kept)
            yield those[0] if task.pair.program else _together(those)


def parts_of(task: Task) -> list[Task]:
    """A task in parts, each with some of its cases. They are the same however many processes."""
    count = 1 if task.pair.program else -(-task.cases // PART)
    return [replace(task, part=part) for part in range(count)]


def _enough(entries: dict[int, dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The entries of a pair's parts up to the first that says no; none while some are missing."""
    those = []
    for part in range(count):
        if part not in entries:
            return []
        those.append(entries[part])
        ended = part == 0 and entries[part]["cases"] < bulk.FIRST  # there are no more
        if entries[part]["verdict"] != "identical" or ended:
            break
    return those


def _together(entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One entry of those of a pair's parts, the last of which decides."""
    entry = entries[0] | entries[-1]
    for key in ("cases", "explained", "known", "failed", "seconds"):
        if key in entry:
            entry[key] = round(sum(one.get(key, 0) for one in entries), 3)
    notes = dict.fromkeys(note for one in entries for note in one.get("notes", []))
    worst = [one["worst_explained"] for one in entries if "worst_explained" in one]
    if notes:
        entry["notes"] = list(notes)[:MOST_NOTES]
    if worst:
        entry["worst_explained"] = max(worst, key=operator.itemgetter("distance"))
    if entry["verdict"] == "identical":
        known, failed, cases = (entry.get(key, 0) for key in ("known", "failed", "cases"))
        why = ""
        if known and known == cases:
            why = f"known differences cover all {cases} cases"
        elif failed and failed == cases - known:
            said = "; ".join(entry["notes"][:1])
            why = f"no case returned: both sides failed in all {failed} ({said})"
        if why:
            entry |= {"verdict": "could not run", "reason": why}
    return entry
