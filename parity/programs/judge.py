"""The verdict on a pair of programs: a Perl script and its port, run on the same input.

Standard output and error, the exit status and the files left behind are compared. Each run has a
fresh folder, of the same path on both sides.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from parity.calls.loading import search
from parity.declarations import Run
from parity.errors import CannotRun
from parity.inputs.port import DrawnCase, Port
from parity.inputs.shrink import shrink
from parity.inputs.strategies import make
from parity.judge.counterexample import run_again
from parity.judge.equality import Difference
from parity.judge.retry import run_isolated
from parity.perl import hash_order
from parity.processes import orphans, scratch
from parity.processes.child import Progress, Stopped
from parity.programs.cases import described, encode, program_cases
from parity.programs.compare import Comparison, as_text
from parity.programs.run import Result, Runner, Side
from parity.steps import LOADING, Step
from parity.task import Task
from parity.values import literals
from parity.verdict import DIFFERS, IDENTICAL, Counterexample, Shown, Verdict

SHRINKING = 15.0  # seconds in which a failing case is made smaller


def judge(task: Task) -> Verdict:
    """The verdict on a pair of programs, without `seconds`. Raises CannotRun."""
    orphans.adopt()
    timeout = task.timeout + LOADING  # each run has its own inside
    with scratch.folder() as base:
        folder, task = Path(base).resolve(), replace(task, one_by_one=0)
        try:
            found: Verdict = run_isolated(_judge, task, folder, timeout=timeout).result
        except Stopped as stopped:
            raise CannotRun(f"{stopped.step.text} {stopped.why}") from None
        finally:
            orphans.kill()
    return found


def _judge(progress: Progress, task: Task, base: Path) -> Verdict:
    """The same, in a child."""
    shutil.rmtree(base / "run", ignore_errors=True)  # left by a child that was killed
    progress.step(Step.IMPORT)
    orphans.adopt()
    os.environ.update(task.settings.env)
    search(task.settings.python)
    port, judged = program_cases(task), _Judge(progress, task, base)
    progress.step(Step.DRAW)
    assert task.pair.program
    examples = len(port.cases.examples)
    count = examples + min(task.cases, task.pair.program.cases)
    made = [DrawnCase(example) for example in port.cases.examples]
    if port.cases.inputs is not None:
        made = make(port, count, task.input_seed, progress.tick)
    verdict = Verdict(task.pair.name, IDENTICAL, cases=len(made), failed=0, notes=[])
    failed = 0
    for number, case in enumerate(made):
        (run,) = case.arguments
        perl, python, difference = judged.run(run)
        failed += bool(perl.status and python.status)
        if difference:
            judged.check_repeats(run, perl, python)
            found = judged.minimise(port, count, case) if number >= examples else None
            shown = _counterexample(task, *(found or (run, difference)))
            verdict = replace(verdict, verdict=DIFFERS, cases=number + 1, notes=None)
            return replace(verdict, failed=failed, counterexample=shown)
    none = ["no case in which the programs exit with status 0"] if failed == len(made) else []
    return replace(verdict, failed=failed, notes=none)


class _Judge:
    """Runs and compares both programs."""

    def __init__(self, progress: Progress, task: Task, base: Path) -> None:
        assert task.pair.program
        self._task = task
        self._runner = Runner(task, base, progress.tick)
        names = [encode(name) for name in task.pair.program.names]
        self._comparison = Comparison(task.pair.perl.file, names)

    def run(self, run: Run) -> tuple[Result, Result, Difference | None]:
        """Both sides on a case, and their difference."""
        perl, python = self._runner.both(run)
        return perl, python, self._comparison.difference(perl, python)

    def check_repeats(self, run: Run, perl: Result, python: Result) -> None:
        """Run both sides again. Raises CannotRun if a side's result varies."""
        firsts: dict[Side, Result] = {"Perl": perl, "Python": python}
        for side, first in firsts.items():
            for hash_seed in (0, *hash_order.OTHERS[:2]):
                again = self._runner.one(side, run, "again", hash_seed)
                found = self._comparison.difference(first, again)
                if found:
                    order = " with the keys of a hash in another order" if hash_seed else ""
                    raise CannotRun(
                        f"not comparable: two runs of the {side} program on the same input differ"
                        f"{order}: {found.where} on {described(run)}"
                    )

    def minimise(self, port: Port, count: int, case: DrawnCase) -> tuple[Run, Difference] | None:
        """The smallest differing case found within SHRINKING seconds."""
        found: list[tuple[Run, Difference]] = []

        def differs(arguments: tuple[Any, ...]) -> bool:
            (run,) = arguments
            perl, python, difference = self.run(run)
            if difference:
                self.check_repeats(run, perl, python)
                found.append((run, difference))
            return difference is not None

        with contextlib.suppress(CannotRun):
            until = time.monotonic() + SHRINKING
            shrink(port, count, self._task.input_seed, case, differs, until)
        return found[-1] if found else None


def _counterexample(task: Task, run: Run, difference: Difference) -> Counterexample:
    texts = [as_text(encode(text)) or "" for text in (*run.arguments, run.stdin)]
    files = {name: as_text(encode(text)) or "" for name, text in run.files.items()}
    perl, python = difference.perl, difference.python
    return Counterexample(
        input=literals.to_json([texts[:-1], texts[-1], files]),
        perl=literals.to_json(perl),
        python=literals.to_json(python),
        where=difference.where,
        why=difference.why,
        reproduce=run_again(task),
        shown=Shown(described(run), (literals.literal(perl), ""), (literals.literal(python), "")),
    )
