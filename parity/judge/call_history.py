"""What differs only after other calls: a short sequence of calls that shows it."""

from __future__ import annotations

import contextlib
import pickle
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from parity.calls.sides import Sides
from parity.errors import CannotRun
from parity.inputs import strategies
from parity.judge import bulk
from parity.judge.retry import run_isolated
from parity.processes import child
from parity.processes.child import Progress
from parity.steps import Step
from parity.task import Task
from parity.values import literals

MOST = 20_000  # calls before it
TRIES = 48  # of shorter sequences: a few calls far apart are found, a counter needs them all
SECONDS = 10.0  # for all of them


def calls_before(task: Task, number: int, called: int) -> dict[str, Any]:
    """The report's fields of it; empty where no sequence of these cases shows it again.

    called: so many cases had been called; one that was called with many is judged after all.
    Raises Lost. Where it differs alone after all, why and how to reproduce it is among the fields.
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
        report = {}
        with contextlib.suppress(Lost):  # then these calls do not show it
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


class Lost(Exception):
    """A process ended that looked for the calls; the text says how."""


def _watched(
    function: Callable[..., dict[Any, Any]], task: Task, *arguments: Any
) -> dict[Any, Any]:
    """What the function finds. Raises Lost."""
    try:
        found: dict[Any, Any] = run_isolated(function, task, *arguments).result
        return found
    except child.Stopped as stopped:
        raise Lost(f"{stopped.step.text}: the process {stopped.why}") from None
    except CannotRun as error:
        raise Lost(str(error)) from None


def _drawn(progress: Progress, task: Task, numbers: Sequence[int]) -> dict[int, bytes]:
    """These cases, drawn once and not for each try; nothing where they cannot be kept."""
    with Sides(progress, task) as sides, contextlib.suppress(pickle.PicklingError, AttributeError):
        progress.step(Step.DRAW)
        made = bulk.made(sides, numbers)
        return {n: pickle.dumps(strategies.fresh(one.arguments)) for n, one in made.items()}
    return {}


def differs(
    progress: Progress, task: Task, numbers: Sequence[int], drawn: Mapping[int, bytes]
) -> dict[str, Any]:
    """The report's fields, if the last of these cases differs after the others; or nothing."""
    with Sides(progress, task) as sides:
        progress.step(Step.DRAW)
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
