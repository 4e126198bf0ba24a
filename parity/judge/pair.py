"""The verdict on one pair: all its cases, a difference made small, and what else is known of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from parity.errors import CannotRun, DoesNotLoad
from parity.judge.call_history import MAX_CALLS, calls_before
from parity.judge.counterexample import run_again
from parity.judge.first_difference import first_step
from parity.judge.minimise import minimise
from parity.judge.one_call import call_once, show_case
from parity.judge.retry import Ran, run_isolated
from parity.judge.run_cases import Tally, reach_afresh, run_cases
from parity.outcome import Unfinished
from parity.processes.child import ChildFailed, Stopped, isolated
from parity.steps import LOADING, Step
from parity.task import Task
from parity.verdict import (
    COULD_NOT_RUN,
    DIFFERS,
    IDENTICAL,
    CallResult,
    Counterexample,
    Coverage,
    NumpyVerdict,
    Verdict,
)

FILES = (Step.LOAD_PERL, Step.IMPORT)


def call(task: Task, texts: Sequence[str]) -> CallResult:
    """Both sides on arguments given as Python literals. Raises CannotRun and UsageError."""
    try:
        found: CallResult = run_isolated(call_once, task, tuple(texts)).result
    except Stopped as stopped:
        if stopped.step in FILES:
            raise _cannot_run(task, stopped) from None
        raise CannotRun(f"{stopped.step.text} {stopped.why} on {', '.join(texts)}") from None
    return found


def judge(task: Task) -> Verdict:
    """The verdict on a pair, or on a part of its cases, without `seconds`. Raises CannotRun."""
    try:
        ran = run_isolated(run_cases, task)
    except Stopped as stopped:
        raise _cannot_run(task, stopped) from None
    tally: Tally = ran.result
    if ran.perl_died:
        raise CannotRun(f"{ran.perl_died}; not again when the cases were called one by one")
    if ran.once:
        tally.note(f"{ran.once}; not so when the cases were judged again")
    _note_what_was_skipped(task, tally, ran)
    if tally.coverage and tally.coverage.python and tally.coverage.python.missing:
        again = _further("what the cases reach at first calls", tally, reach_afresh, task)
        tally.coverage = max(tally.coverage, again or tally.coverage, key=lambda one: one.share)
    found = tally.counterexample
    if found and not tally.is_known_difference:
        found = _further("a smaller input", tally, minimise, task, tally.last) or found
        found = _looked_into(task, found, tally)
    return Verdict(
        task.pair.name,
        DIFFERS if found else IDENTICAL,
        tally.cases,
        tally.explained,
        tally.known,
        tally.failed,
        counterexample=found,
        worst_explained=tally.worst,
        notes=tally.notes,
        vectorized=tally.vectorized,
        coverage=tally.coverage,
    )


def _note_what_was_skipped(task: Task, tally: Tally, ran: Ran) -> None:
    for step, stopped in ran.skipped.items():
        if step is Step.NUMPY:
            reason = str(_cannot_run(task, stopped))
            tally.vectorized = NumpyVerdict(COULD_NOT_RUN, reason=reason)
        elif step is Step.COVERAGE:
            tally.coverage = Coverage(0, reason=f"the process {stopped.why}")


def _further(
    what: str,
    tally: Tally,
    function: Callable[..., Any],
    task: Task,
    *arguments: Any,
    timeout: float | None = None,
) -> Any:
    """What else is to be known of a pair; None, and a note, if its process ends."""
    try:
        return run_isolated(function, task, *arguments, timeout=timeout).result
    except Stopped as stopped:
        why = f"{stopped.step.text}: the process {stopped.why}"
    except CannotRun as error:
        why = str(error)
    tally.note(f"{what} is not known: {why}")
    return None


def _looked_into(task: Task, found: Counterexample, tally: Tally) -> Counterexample:
    """The counterexample with its first step, or with the calls that have to come before it."""
    again = _further("whether it differs alone", tally, call_once, task, found.arguments)
    if again is None:
        return found
    if again.difference:
        step = _further("the first step", tally, first_step, task, found.arguments)
        return replace(found, first_step=step)
    number, notes = tally.last, len(tally.notes)
    history: Counterexample | None
    what, longer = "which calls have to come before", task.timeout + LOADING
    history = _further(what, tally, calls_before, task, number, timeout=longer)
    if history and not history.after:  # it differs alone after all
        return history
    why = "only after other calls: one side keeps state between calls"
    if not history:
        history, why = found, "not again when called alone"
        if len(tally.notes) == notes:
            why = "not again, neither alone nor after the same calls: one side is not deterministic"
            if number - task.numbers.start > MAX_CALLS:
                why = (
                    f"not again, neither alone nor after the {MAX_CALLS:,} calls before it: "
                    "one side keeps state between calls, or is not deterministic"
                )
    return replace(history, why=why, reproduce=run_again(task))


def _cannot_run(task: Task, stopped: Stopped) -> CannotRun:
    """What is said of a pair whose process ended again and again."""
    if stopped.step in FILES:
        side = task.pair.perl if stopped.step is Step.LOAD_PERL else task.pair.python
        return DoesNotLoad(f"{side.file} does not load: the process {stopped.why}")
    text = f"{stopped.step.text} {stopped.why}"
    if stopped.step in (Step.PERL, Step.PORT, Step.NUMPY):
        with contextlib.suppress(Stopped, CannotRun, Unfinished, ChildFailed):
            arguments = isolated(show_case, task, stopped.case, timeout=60.0, memory=4096)
            text += f" on {arguments}"
    return CannotRun(text)
