"""Making a differing case small. Runs in a child."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from parity.calls.sides import Sides
from parity.errors import CannotRun
from parity.inputs.shrink import shrink
from parity.judge import known
from parity.judge.compared import ComparedCase, compare_case
from parity.judge.counterexample import counterexample
from parity.judge.run_cases import cases_of, rules_for
from parity.outcome import Unfinished
from parity.processes.child import Progress
from parity.steps import Step
from parity.task import STRATEGY_CASES, Task
from parity.verdict import Counterexample

SHRINKING = 15.0  # seconds


def minimise(progress: Progress, task: Task, number: int) -> Counterexample | None:
    """The smallest case that is found, starting with this one; None if it does not differ alone."""
    with Sides(progress, task) as sides:
        rules = rules_for(sides)
        progress.step(Step.DRAW)
        drawn = cases_of(sides).by_number([number])[number]
        best = compare_case(sides, rules, drawn.arguments)
        if not best.differs(task.strict):
            return None
        found: list[ComparedCase] = [best]

        def differs(arguments: tuple[Any, ...]) -> bool:
            tried = compare_case(sides, rules, arguments)
            if not tried.differs(task.strict) or known.covers(sides, arguments):
                return False
            found.append(tried)
            return True

        with contextlib.suppress(CannotRun, Unfinished):
            until = time.monotonic() + SHRINKING
            count = min(task.cases, STRATEGY_CASES)
            shrink(sides.port, count, task.input_seed, drawn, differs, until)
        return counterexample(sides, found[-1])
