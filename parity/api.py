"""parity as a library: `Project`, `run` and `call`, which the command line uses, too.

    import parity

    project = parity.Project("path/to/project")
    for verdict in parity.run(project, ["stock.*"], cases=1000, seed=1):
        print(verdict.name, verdict.verdict)

Safe in any host: pairs are judged in processes of their own, which end with the host's.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from parity.errors import CannotRun, UsageError
from parity.parts import Executor, Results, judged
from parity.perl import version
from parity.processes import host
from parity.processes.child import ChildFailed, Died
from parity.project import pairs, settings
from parity.project.pairs import Pair
from parity.task import Task
from parity.verdict import CallResult, Verdict

JUDGE = host.Remote("parity.judging:judge")
CALL = host.Remote("parity.judge.pair:call")


class Project:
    """What belongs together, as [tool.parity] says. Runs nothing."""

    def __init__(
        self, path: str | Path = ".", *, perl: str | None = None, timeout: float | None = None
    ) -> None:
        """The project of a folder, or of the nearest above it that has [tool.parity].

        perl: the perl to run, with options if any. timeout: seconds a call may take. Both are those
        of the settings if None. Raises UsageError where the settings or the files are wrong.
        """
        self.settings = settings.override(settings.load(Path(path)), exe=perl, timeout=timeout)
        self.found = pairs.find(self.settings)

    @property
    def pairs(self) -> list[Pair]:
        """The pairs of functions, in the order of the Perl files and of the subs in them."""
        return self.found.pairs

    @property
    def programs(self) -> list[Pair]:
        """The pairs of programs."""
        return self.found.programs

    def select(self, names: Sequence[str | Pair] = ()) -> list[Pair]:
        """The pairs of these names: cost, cost.*, matrix.mul_mat, Acme::Stock. Without one: all.

        A pair stands for itself. Raises UsageError where there is none of a name.
        """
        given = [name for name in names if isinstance(name, Pair)]
        texts = [name for name in names if isinstance(name, str)]
        named = pairs.select(self.found, texts) if texts or not names else []
        return [*given, *(pair for pair in named if pair not in given)]

    def pair(self, name: str) -> Pair:
        """The one pair of functions of this name. Raises UsageError."""
        found = [pair for pair in self.pairs if pair.name == name] or self.select([name])
        if len(found) > 1:
            raise UsageError(f"{name} names {len(found)} pairs; name one, such as {found[0].name}")
        if found[0].program:
            raise UsageError(
                f"{found[0].name} is a program: it takes its cases from programs.py only"
            )
        return found[0]

    @cached_property
    def perl_version(self) -> str:
        """Like "5.36.0". Raises PerlUnusable where there is no perl that can be compared."""
        return version.check(self.settings.exe)


def run(
    project: Project,
    names: str | Sequence[str | Pair] = (),
    *,
    cases: int = 1000,
    seed: int | None = None,
    jobs: int | None = None,
    strict: bool = False,
    vectorized: bool = True,
    coverage: bool = True,
    scheduler: str | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Generator[Verdict, None, None]:
    """Judge the pairs of these names, all without one; yields each verdict as soon as it is there.

    cases: how many a pair; the examples and the edge values are run in any case. seed: the same
    one makes the same cases; None draws one. jobs: processes at a time; None: one for each core.
    strict: explained cases and vivified data are differences. vectorized: judge NumPy versions,
    too. coverage: measure what the cases reach. scheduler: the address of a Dask scheduler, whose
    cluster then judges. progress: called now and then with how many parts of pairs are done, and of
    how many; what it raises ends the run.

    Where the iterator is closed, what still runs is killed. Raises UsageError and PerlUnusable.
    """
    for name, number, least in (("cases", cases, 1), ("seed", seed, 0), ("jobs", jobs, 1)):
        if number is not None and (type(number) is not int or number < least):
            raise UsageError(f"{name} = {number!r} is not a whole number of {least} or more")
    chosen = project.select([names] if isinstance(names, str) else names)
    exe = project.settings.exe
    assert project.perl_version
    seed = new_seed() if seed is None else seed
    tasks = [
        Task(project.settings, pair, project.pairs, cases, seed, strict, vectorized, coverage)
        for pair in chosen
    ]
    executor: Executor
    if scheduler is None:
        jobs = jobs or cores()
        executor = partial(_here, jobs)
    else:
        from parity.processes import dask

        executor = dask.at(scheduler, partial(version.check, exe), JUDGE)
    return judged(tasks, executor, progress or (lambda done, whole: None))


def call(project: Project, name: str, *arguments: Any, strict: bool = False) -> CallResult:
    """Call both sides of a pair with these arguments.

    arguments: numbers, texts, bytes, lists, tuples, dicts, None, and functions that are ports.
    Raises UsageError where the arguments or the name are wrong, PerlUnusable, and CannotRun where
    a side ends its process, does not load, or returns what cannot be compared.
    """
    from parity.values import literals

    pair = project.pair(name)

    def port(function: Any) -> str | None:
        code = getattr(function, "__code__", None)
        return next(
            (
                other.name
                for other in project.pairs
                if code
                and other.python.name == function.__qualname__
                and Path(code.co_filename) == other.python.file
            ),
            None,
        )

    texts = [literals.literal(argument, port) for argument in arguments]
    return call_texts(project, pair.name, texts, strict=strict)


def call_texts(
    project: Project, name: str, texts: Sequence[str], *, strict: bool = False
) -> CallResult:
    """Call both sides with arguments given as texts, as the command line has them.

    texts: Python literals, JSON, @FILE, and names of paired functions. Raises as `call` does.
    """
    pair = project.pair(name)
    assert project.perl_version
    task = Task(project.settings, pair, project.pairs, 1, 0, strict)
    try:
        result: CallResult = host.call(CALL, task, tuple(texts))
    except (ChildFailed, Died) as error:
        raise CannotRun(f"parity itself failed: {error}") from None
    return result


def new_seed() -> int:
    """A seed that is not known before."""
    return int.from_bytes(os.urandom(4), "little")


def cores() -> int:
    """How many processes may run at a time."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _here(jobs: int, waiting: deque[Task]) -> Results:
    """An executor: so many tasks at a time, each in a process of its own."""
    return host.run(JUDGE, waiting, jobs)
