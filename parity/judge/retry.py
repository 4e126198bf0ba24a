"""What is done if the process that judges a pair hangs or dies.

A process that was killed runs again, for that may have come from outside. Then it runs without what
stopped it: without a part of the judgement, or case by case in place of many at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from parity.errors import CannotRun
from parity.outcome import PerlDied, SubExited, Unfinished
from parity.processes.child import Stopped, isolated
from parity.steps import Step
from parity.task import Task

KILLS = 2  # from outside, after which a process runs again unchanged


@dataclass
class Ran:
    """What a function returned in a child, and what came in between.

    skipped: what stopped the steps that were left out. once: what stopped a process that then ran
    unchanged, or with its cases one by one, in words. perl_died: how perl died before the cases
    were called one by one.
    """

    result: Any = None
    skipped: dict[Step, Stopped] = field(default_factory=dict)
    once: str = ""
    perl_died: str = ""


def run_isolated(
    function: Callable[..., Any], task: Task, *arguments: Any, timeout: float | None = None
) -> Ran:
    """function(progress, task, *arguments) in a child.

    timeout: seconds without progress, in place of the task's. Raises what the function raises; if
    nothing helps Stopped, or CannotRun for a perl that dies.
    """
    ran, runs = Ran(), 0
    limit, memory = timeout or task.timeout, task.settings.memory
    while True:
        runs += 1
        try:
            ran.result = isolated(function, task, *arguments, timeout=limit, memory=memory)
            return ran
        except Unfinished as error:
            unfinished: Unfinished | None = error
            stopped = _as_stopped(error)
        except Stopped as error:
            unfinished, stopped = None, error
        once = stopped.why if unfinished else f"{stopped.step.text}: the process {stopped}"
        if runs <= _runs_again(unfinished, stopped):
            ran.once = once
            continue
        less = _less(task, stopped)
        if less is None:
            raise CannotRun(stopped.why) if unfinished else stopped
        ran.once = ""
        if less.one_by_one == task.one_by_one:
            ran.skipped[stopped.step] = stopped
        elif isinstance(unfinished, PerlDied):
            ran.perl_died = stopped.why
        elif not unfinished:
            ran.once = once
        task, runs = less, 0


def _as_stopped(error: Unfinished) -> Stopped:
    outside = isinstance(error, PerlDied) and error.outside
    return Stopped(str(error), Step.PERL, error.number, outside=outside)


def _runs_again(unfinished: Unfinished | None, stopped: Stopped) -> int:
    """So many times does the process run again unchanged."""
    if stopped.hangs or (unfinished and not isinstance(unfinished, PerlDied)):
        return 0
    if isinstance(unfinished, SubExited):
        return 0
    return KILLS if stopped.outside else 1


def _less(task: Task, stopped: Stopped) -> Task | None:
    """The task without what stopped its process; None if there is nothing to do without."""
    alone = task.one_by_one is not None
    match stopped.step:
        case Step.PERL | Step.PORT | Step.BOXES if not alone:
            return replace(task, one_by_one=stopped.case)
        case Step.BOXES if task.explain and not stopped.outside:
            return replace(task, explain=False)
        case Step.NUMPY if task.vectorized:
            return replace(task, vectorized=False)
        case Step.COVERAGE if task.coverage:
            return replace(task, coverage=False)
    return None
