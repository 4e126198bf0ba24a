"""What is done where the process that judges a pair hangs or dies.

Killed once it is run again, for that may have come from outside. Then it does without what killed
it: without a part of the judgement, or case by case in place of many at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from parity.errors import CannotRun
from parity.perl.process import PerlDied
from parity.processes.child import Stopped, isolated
from parity.steps import Step
from parity.task import Task

ONE_BY_ONE: Mapping[str, Any] = {"batch": 1}
# What is changed in a task, one after the other, where its process ended at a step.
REMEDIES: Mapping[Step, tuple[Mapping[str, Any], ...]] = {
    Step.LOAD_PERL: (),
    Step.IMPORT: (),
    Step.BOXES: (ONE_BY_ONE, {"explain": False}),
    Step.NUMPY: ({"vectorized": False},),
    Step.COVERAGE: ({"coverage": False},),
}
KNOWN = (Step.START, Step.DRAW, Step.PORT)  # where the case that hangs is known, or there is none


@dataclass
class Ran:
    """What a function returned in a child, and what came in between.

    skipped: what ended the steps that were left out. once: what ended a process once only, in
    words. perl_died: how perl died twice with many cases; they were then called one by one.
    """

    result: Any = None
    skipped: dict[Step, Stopped] = field(default_factory=dict)
    once: str = ""
    perl_died: str = ""


def run_isolated(
    function: Callable[..., Any], task: Task, *arguments: Any, timeout: float | None = None
) -> Ran:
    """function(progress, task, *arguments) in a child.

    timeout: seconds without progress, in place of the task's. Raises what the function raises;
    where nothing helps Stopped, or CannotRun for a perl that dies.
    """
    ran, accident = Ran(), True
    limit, memory = timeout or task.timeout, task.settings.memory
    while True:
        try:
            ran.result = isolated(function, task, *arguments, timeout=limit, memory=memory)
            return ran
        except PerlDied as died:
            stopped, died_of = Stopped(str(died), Step.PERL), str(died)
        except Stopped as caught:
            stopped, died_of = caught, ""
        ran.once = died_of or f"{stopped.step.text}: the process {stopped.why}"
        if accident and not stopped.hangs:
            accident = False
            continue
        less = _less(task, stopped)
        if less is None:
            raise CannotRun(died_of) if died_of else stopped
        if less.batch == task.batch:
            ran.skipped[stopped.step], ran.once = stopped, ""
        elif died_of:
            ran.perl_died = died_of
        task = less


def _less(task: Task, stopped: Stopped) -> Task | None:
    """The task without what ended its process; None where there is nothing to do without."""
    if stopped.hangs and stopped.step in KNOWN:
        return None
    for remedy in REMEDIES.get(stopped.step, (ONE_BY_ONE,)):
        less = replace(task, **remedy)
        if less != task:
            return less
    return None
