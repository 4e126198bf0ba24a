"""What differs only after other calls: the shortest sequence of calls that shows it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from typing import Any

from parity import CannotRun, bulk, isolate, values
from parity.isolate import Progress, isolated
from parity.sides import Sides, Task
from parity.worker import PerlDied

MOST = 20_000  # calls before it
SECONDS = 20.0  # for making the sequence short


def shortest(task: Task, number: int, called: int) -> dict[str, Any]:
    """The report's fields of it; empty where no sequence of these cases shows it again.

    called: so many cases had been called; one that was called with many is judged after all.
    """
    until = time.monotonic() + SECONDS
    before, size = list(range(max(task.numbers.start, number - MOST), called)), 1
    everything = _watched(task, [*before, number])
    if not everything:
        return {}
    while size < len(before) and not _watched(task, [*before[-size:], number]):
        size *= 2  # what matters is seldom long ago
    before, size = before[-size:], max(1, size // 2)
    while before and size and time.monotonic() < until:
        for start in range(0, len(before), size):
            fewer = before[:start] + before[start + size :]
            if _watched(task, [*fewer, number]):
                before = fewer
                break
        else:
            size //= 2
    found = _watched(task, [*before, number]) or everything
    return found


def _watched(task: Task, numbers: Sequence[int]) -> dict[str, Any]:
    with contextlib.suppress(isolate.Stopped, CannotRun, PerlDied):
        timeout, memory = task.timeout, task.settings.memory
        found: dict[str, Any] = isolated(differs, task, numbers, timeout=timeout, memory=memory)
        return found
    return {}


def differs(progress: Progress, task: Task, numbers: Sequence[int]) -> dict[str, Any]:
    """The report's fields, if the last of these cases differs after the others; or nothing."""
    with Sides(progress, task) as sides:
        progress.step("making the inputs")
        cases = [made.arguments for made in bulk.made(sides, numbers)]
        *before, last = sides.run(cases)
        if not sides.differs(last):
            return {}
        report = sides.report(last)
        del report["arguments"], report["reproduce"], report["why"]
        calls = [[values.to_json(a, sides.name) for a in case.arguments] for case in before]
        report["after"] = calls
        report["shown"]["after"] = [sides.described(case.arguments) for case in before]
        return report
