"""Pairs judged in parts, side by side, and the verdicts of the parts put together."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace

from parity.processes.child import Died
from parity.task import STRATEGY_CASES, Task
from parity.verdict import COULD_NOT_RUN, IDENTICAL, MOST_NOTES, Verdict, WorstExplained

# What judges tasks from the left of a queue, to which more may be added: yields each with its
# verdict or with how its process ended, and (None, None) now and then.
Results = Generator[tuple[Task | None, Verdict | Died | None], None, None]
Executor = Callable[[deque[Task]], Results]


def judged(
    tasks: Sequence[Task], executor: Executor, progress: Callable[[int, int], object]
) -> Generator[Verdict, None, None]:
    """The verdicts of the pairs, of each when those of all its parts are there.

    progress: told now and then how many parts are done, and how many there are.
    """
    in_order = sorted(tasks, key=lambda task: not task.pair.program)  # programs take long
    parts = {task.pair.name: task.parts() for task in in_order}
    found: dict[str, dict[int, Verdict]] = {name: {} for name in parts}
    waiting = deque(part for some in parts.values() for part in some)
    again: set[tuple[str, int]] = set()
    done, whole = 0, len(waiting)
    with contextlib.closing(executor(waiting)) as results:
        for task, verdict in results:
            done += task is not None
            progress(done, whole)
            if task is None or verdict is None or task.pair.name not in found:
                continue
            if isinstance(verdict, Died):
                if (task.pair.name, task.part) not in again:  # once may have been an accident
                    again.add((task.pair.name, task.part))
                    waiting.appendleft(task)
                    done -= 1
                    continue
                reason = f"parity's process for it {verdict}"
                verdict = Verdict(task.pair.name, COULD_NOT_RUN, reason=reason)
            here = found[task.pair.name]
            here[task.part] = verdict
            those = _enough(here, len(parts[task.pair.name]))
            if those:
                del found[task.pair.name]
                if len(those) < len(parts[task.pair.name]):  # nobody wants the others
                    kept = [one for one in waiting if one.pair.name != task.pair.name]
                    done += len(waiting) - len(kept)
                    waiting.clear()
                    waiting.extend(kept)
                yield those[0] if task.pair.program else together(those)


def _enough(verdicts: Mapping[int, Verdict], count: int) -> list[Verdict]:
    """Those of a pair's parts up to the first that says no; none while some are missing."""
    those = []
    for part in range(count):
        if part not in verdicts:
            return []
        those.append(verdicts[part])
        ended = part == 0 and verdicts[part].cases < STRATEGY_CASES  # there are no more
        if verdicts[part].verdict != IDENTICAL or ended:
            break
    return those


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """One verdict of those of a pair's parts, the last of which decides."""
    first, last = verdicts[0], verdicts[-1]
    notes = dict.fromkeys(note for one in verdicts for note in one.notes or [])
    whole = replace(
        last,
        cases=sum(one.cases for one in verdicts),
        explained=sum(one.explained for one in verdicts),
        known=_sum([one.known for one in verdicts]),
        failed=_sum([one.failed for one in verdicts]),
        seconds=round(sum(one.seconds for one in verdicts), 3),
        notes=list(notes)[:MOST_NOTES] or (first.notes if last.notes is None else last.notes),
        worst_explained=_worst([one.worst_explained for one in verdicts]),
        vectorized=last.vectorized or first.vectorized,
        coverage=last.coverage or first.coverage,
    )
    return _with_cases_that_say_something(whole)


def _with_cases_that_say_something(verdict: Verdict) -> Verdict:
    """The verdict, but that none is "identical" of which no case returned and was compared."""
    known, failed, cases = verdict.known or 0, verdict.failed or 0, verdict.cases
    why = ""
    if known and known == cases:
        why = f"known differences cover all {cases} cases"
    elif failed and failed == cases - known:
        said = "; ".join((verdict.notes or [])[:1])
        why = f"no case returned: both sides failed in all {failed} ({said})"
    if verdict.verdict != IDENTICAL or not why:
        return verdict
    return replace(verdict, verdict=COULD_NOT_RUN, reason=why)


def _sum(counts: Sequence[int | None]) -> int | None:
    there = [count for count in counts if count is not None]
    return sum(there) if there else None


def _worst(some: Sequence[WorstExplained | None]) -> WorstExplained | None:
    there = [one for one in some if one is not None]
    return max(there, key=lambda one: one.distance, default=None)
