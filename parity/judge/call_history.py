"""What differs only after other calls: a short sequence of calls that shows it."""

from __future__ import annotations

import contextlib
import pickle
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from parity.calls.sides import Sides, Task
from parity.errors import CannotRun
from parity.judge import bulk
from parity.perl.process import PerlDied
from parity.processes import child
from parity.processes.child import Progress, isolated
from parity.values import literals
from parity.values.copies import deep_copy

MOST = 20_000  # calls before it
TRIES = 48  # of shorter sequences: a few calls far apart are found, a counter needs them all
SECONDS = 10.0  # for all of them


def calls_before(task: Task, number: int, called: int) -> dict[str, Any]:
    """The report's fields of it; empty where no sequence of these cases shows it again.

    called: so many cases had been called; one that was called with many is judged after all.
    Where it differs alone after all, why and how to reproduce it is among the fields.
    """
    until, tries = time.monotonic() + SECONDS, iter(range(TRIES))
    for end in dict.fromkeys((number, called)):  # those before it, or all that had been called
        before, size = list(range(max(task.numbers.start, number - MOST), end)), 1
        drawn = _watched(_drawn, task, [*before, number])
        found = _watched(differs, task, [*before, number], drawn)
        if found:
            break
    else:
        return {}

    def shows(calls: Sequence[int]) -> bool:
        """Whether the case differs after these, too; no more is tried where it took too long."""
        nonlocal found
        if next(tries, None) is None or time.monotonic() > until:
            return False
        report = _watched(differs, task, [*calls, number], drawn)
        found = report or found
        return bool(report)

    while size < len(before) and not shows(before[-size:]):
        size *= 2  # what matters is seldom long ago
    before, size = before[-size:], max(1, size // 2)
    while size:
        start = 0
        while start < len(before):
            fewer = before[:start] + before[start + size :]
            if shows(fewer):
                before = fewer
            else:
                start += size
        size //= 2
    return found


def _watched(
    function: Callable[..., dict[Any, Any]], task: Task, *arguments: Any
) -> dict[Any, Any]:
    with contextlib.suppress(child.Stopped, CannotRun, PerlDied):
        timeout, memory = task.timeout, task.settings.memory
        found: dict[Any, Any] = isolated(function, task, *arguments, timeout=timeout, memory=memory)
        return found
    return {}


def _drawn(progress: Progress, task: Task, numbers: Sequence[int]) -> dict[int, bytes]:
    """These cases, drawn once and not for each try; nothing where they cannot be kept."""
    with Sides(progress, task) as sides, contextlib.suppress(pickle.PicklingError, AttributeError):
        progress.step("making the inputs")
        made = bulk.made(sides, numbers)
        return {n: pickle.dumps(deep_copy(one.arguments)) for n, one in made.items()}
    return {}


def differs(
    progress: Progress, task: Task, numbers: Sequence[int], drawn: Mapping[int, bytes]
) -> dict[str, Any]:
    """The report's fields, if the last of these cases differs after the others; or nothing."""
    with Sides(progress, task) as sides:
        progress.step("making the inputs")
        cases = [pickle.loads(drawn[number]) for number in numbers if number in drawn]
        cases = cases or [made.arguments for made in bulk.made(sides, numbers).values()]
        *before, last = sides.run(cases)
        if not sides.differs(last):
            return {}
        report = sides.report(last)
        del report["arguments"]
        if before:
            del report["reproduce"], report["why"]
            calls = [[literals.to_json(a, sides.name) for a in case.arguments] for case in before]
            report["after"] = calls
            report["shown"]["after"] = [sides.described(case.arguments) for case in before]
        return report
