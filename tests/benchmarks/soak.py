"""Kills processes of runs, and sees that no verdict is wrong: soak.py --seconds N

    python tests/benchmarks/soak.py --seconds 1800 --jobs 2

It judges a small project of right and wrong ports again and again. In every other run it kills one
process, in the others several: with SIGKILL, or in half of the cases, but never for the command
itself, with SIGTERM. Which kind of process, and when, is drawn; kinds that were killed less often
come more often. A verdict has to be the true one or "could not run". The first that is neither, a
traceback, a process or a temporary folder left behind, or a run that never ends, is printed with
all that was killed, and makes exit status 1.

--only KIND kills processes of one kind alone (may be given again), --step TEXT only those that are
at a step whose name has that text in it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from soak_processes import KINDS, Process, kill, processes, started_in
from soak_project import TRUTHS, Truth, write

CASES = 400  # of each pair
POLL = 0.004  # seconds between two looks for a process to kill
GRACE = 8.0  # seconds that processes have to end after the command
LONGEST = 20.0  # times as long as an undisturbed run that a run may take
ENDING = ("root", "other")  # with these a run ends before others can be killed
CRASHES = ("Traceback", "Fatal Python error", "Exception ignored", "parity itself failed")


class Wrong(Exception):
    """What must not happen; the text says what."""


@dataclass(frozen=True)
class Killed:
    """A process that was killed, and how many seconds after the start of its run."""

    process: Process
    step: str
    number: signal.Signals
    seconds: float

    def __str__(self) -> str:
        name, one = self.number.name, self.process
        victim = f"{one.pid}, {one.kind}, at {self.step!r}"
        return f"{self.seconds:.3f} s: {name} to {victim}: {one.command}"


@dataclass
class Run:
    """A run of the command. report: None where it wrote none."""

    killed: list[Killed] = field(default_factory=list)
    status: int = 0
    seconds: float = 0.0
    output: str = ""
    report: dict[str, Any] | None = None

    @property
    def survived(self) -> bool:
        """Whether the command itself was not killed."""
        return all(one.process.kind != "root" for one in self.killed)


@dataclass(frozen=True)
class Plan:
    """A kill to come: of the process of a kind that comes after so many others, at an age.

    Where that one does not become so old, it is the next one that does.
    """

    kind: str
    after: int
    age: float
    number: signal.Signals


class Killer:
    """Kills processes of one run as planned. there: the processes that may be killed."""

    def __init__(self, plans: list[Plan], there: Callable[[int], list[Process]]) -> None:
        self.killed: list[Killed] = []
        self._plans, self._there = plans, there
        self._born: dict[str, dict[int, float]] = {kind: {} for kind in KINDS}

    def watch(self, root: int, seconds: float) -> None:
        """Kill what is to be killed now."""
        there = self._there(root) if self._plans else []
        for one in there:
            self._born[one.kind].setdefault(one.pid, seconds)
        for plan in list(self._plans):
            born = self._born[plan.kind]
            for one in there:
                if one.kind != plan.kind or list(born).index(one.pid) < plan.after:
                    continue
                if seconds - born[one.pid] < plan.age:
                    continue
                step = one.step()
                if kill(one, plan.number):
                    self.killed.append(Killed(one, step, plan.number, seconds))
                    self._plans.remove(plan)
                    break


class Project:
    """The project in a folder, and runs of it."""

    def __init__(self, base: Path, jobs: int) -> None:
        self.base, self.root, self.temporary = base, base / "project", base / "temporary"
        self.report, self.output = base / "report.json", base / "output"
        self.mark = f"SOAK_RUN={base}"
        self.temporary.mkdir()
        write(self.root)
        self._words = [sys.executable, "-m", "parity", "run", "--jobs", str(jobs), "--seed", "1"]
        self._words += ["--cases", str(CASES), "--json", str(self.report)]
        self._env = {**os.environ, "SOAK_RUN": str(base), "TMPDIR": str(self.temporary)}
        self._env |= {"COLUMNS": "200", "PYTHONFAULTHANDLER": "1"}

    def run(self, watch: Callable[[int, float], None], limit: float) -> Run:
        """Run the command, calling watch(pid, seconds) all the time. Raises Wrong at the limit."""
        run, start = Run(), time.monotonic()
        self.report.unlink(missing_ok=True)
        with self.output.open("wb") as output:
            process = subprocess.Popen(
                self._words,
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self._env,
                start_new_session=True,
            )
        try:
            while process.poll() is None:
                run.seconds = time.monotonic() - start
                if run.seconds > limit:
                    raise Wrong(f"the run has not ended after {limit:.0f} s")
                watch(process.pid, run.seconds)
                time.sleep(POLL)
        finally:
            process.kill()
            run.status = process.wait()
        run.output = self.output.read_text("utf-8", "replace")
        if self.report.exists():
            run.report = json.loads(self.report.read_text("utf-8"))
        return run

    def left(self, seconds: float) -> dict[int, str]:
        """The processes that are still there, at the latest after so many seconds."""
        until = time.monotonic() + seconds
        while (left := started_in(self.base, self.mark)) and time.monotonic() < until:
            time.sleep(0.05)
        return left

    def end_all(self) -> None:
        """Kill what is left of all runs."""
        while left := started_in(self.base, self.mark):
            for pid, command in left.items():
                kill(Process("", command, (pid,)), signal.SIGKILL)
            time.sleep(0.05)


class Soak:
    """Runs with kills, what was killed, and what the verdicts were.

    Of an undisturbed run: usual, its seconds; expected, its verdicts; lives, by kind the seconds
    that each process was there.
    """

    def __init__(self, project: Project, options: argparse.Namespace) -> None:
        self.project, self.options = project, options
        self.chance = random.Random(options.seed)
        self.kills: Counter[tuple[str, str, str]] = Counter()
        self.runs: Counter[str] = Counter()  # by how many kills were made
        self.verdicts: Counter[tuple[str, bool]] = Counter()  # mode, whether it is the true one
        self.expected: dict[str, dict[str, Any]] = {}
        self.lives: dict[str, list[float]] = {}
        self.usual = 0.0
        self.last = Run()

    def undisturbed(self) -> None:
        """One run without kills, whose verdicts have to be the true ones."""
        lives: dict[tuple[str, int], tuple[float, float]] = {}

        def watch(pid: int, seconds: float) -> None:
            for one in self._there(pid):
                first, _ = lives.get((one.kind, one.pid), (seconds, seconds))
                lives[one.kind, one.pid] = (first, seconds)

        self.last = self.project.run(watch, 600.0)
        self.usual = self.last.seconds
        for (kind, _), (first, last) in lives.items():
            self.lives.setdefault(kind, []).append(last - first)
        assert self.last.report, self.last.output
        self.expected = {pair["name"]: pair for pair in self.last.report["pairs"]}
        self._check_left()
        for name, truth in TRUTHS.items():
            if wrong := _wrong(truth, self.expected.get(name, {})):
                raise Wrong(f"without any kill, {name}: {wrong}")
        if not self.lives:
            raise Wrong("there is no such process to kill")

    def once(self, mode: str) -> None:
        """One run with one kill, or with many, and all checks."""
        count = 1 if mode == "single" else self.options.kills_a_run
        killer = Killer([self._plan(mode) for _ in range(count)], self._there)
        killed = killer.killed
        self.last = Run(killed)
        run = self.project.run(killer.watch, 60 + LONGEST * self.usual)
        run.killed = killed
        self.last = run
        self.runs["one" if len(killed) == 1 else "several" if killed else "none"] += 1
        for one in killed:
            self.kills[one.process.kind, one.step, one.number.name] += 1
        self._check_left()
        self._check(mode)

    def _plan(self, mode: str) -> Plan:
        """A kill at a random moment; a kind that was killed less often comes more often."""
        kinds = [kind for kind in self.lives if mode == "single" or kind not in ENDING]
        kinds = kinds or list(self.lives)
        done = Counter({kind: 0 for kind in kinds})
        for (kind, _, _), count in self.kills.items():
            done[kind] += count
        (kind,) = self.chance.choices(kinds, [1 / (1 + done[kind]) for kind in kinds])
        number = self.chance.choice([signal.SIGKILL, signal.SIGTERM])
        after = self.chance.randrange(len(self.lives[kind]))
        age = self.chance.uniform(0, self.lives[kind][after])
        return Plan(kind, after, age, signal.SIGKILL if kind == "root" else number)

    def _there(self, root: int) -> list[Process]:
        """The processes of a run that may be killed."""
        kinds = self.options.only or KINDS
        there = [one for one in processes(root) if one.kind in kinds]
        return [one for one in there if not self.options.step or self.options.step in one.step()]

    def _check_left(self) -> None:
        """No process is left, and no temporary folder of a command that came to its end."""
        if left := self.project.left(GRACE):
            raise Wrong(f"{len(left)} processes are left: {left}")
        folders = sorted(path.name for path in self.project.temporary.iterdir())
        for name in folders:
            path = self.project.temporary / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if folders and self.last.survived:
            raise Wrong(f"temporary files are left: {folders}")

    def _check(self, mode: str) -> None:
        """Each verdict is the true one, or that the pair could not run."""
        run = self.last
        text = run.output + json.dumps(run.report)
        if crash := next((crash for crash in CRASHES if crash in text), None):
            raise Wrong(f"{crash!r} stands in what it said")
        if not run.survived:
            return
        if run.report is None:
            if run.status != 3 or all(one.process.kind != "other" for one in run.killed):
                raise Wrong(f"no report; exit status {run.status}")
            self.verdicts[mode, False] += len(TRUTHS)
            return  # the perl that is asked for its version was killed
        found = {pair["name"]: pair for pair in run.report["pairs"]}
        if found.keys() != TRUTHS.keys():
            raise Wrong(f"verdicts on other pairs: {sorted(found.keys() ^ TRUTHS.keys())}")
        for name, truth in TRUTHS.items():
            if wrong := _wrong(truth, found[name], self.expected[name]):
                raise Wrong(f"{name}: {wrong}: {json.dumps(found[name], ensure_ascii=False)}")
            if len(run.killed) == 1 or mode != "single":
                self.verdicts[mode, found[name]["verdict"] == truth.verdict] += 1

    def show(self, console: Console) -> None:
        """The tables."""
        table = Table("process", "step", "SIGKILL", "SIGTERM", title="Kills")
        names = ("SIGKILL", "SIGTERM")
        for column in table.columns[2:]:
            column.justify = "right"
        for kind in KINDS:
            steps = sorted({step for one, step, _ in self.kills if one == kind})
            whole = [sum(self.kills[kind, step, name] for step in steps) for name in names]
            table.add_row(kind, "all", *map(str, whole), style="bold")
            for step in steps:
                counts = [self.kills[kind, step, name] for name in names]
                table.add_row("", step or "–", *map(str, counts))
        console.print(table)
        runs = ", ".join(f"{count} with {what}" for what, count in sorted(self.runs.items()))
        console.print(f"{self.kills.total()} kills in {self.runs.total()} runs ({runs} killed)")
        for mode in ("single", "many"):
            true, other = self.verdicts[mode, True], self.verdicts[mode, False]
            if true + other:
                share = f"{true / (true + other):.1%}"
                console.print(
                    f"{mode}: {true} true verdicts, {other} that could not run: {share} true"
                )

    def explain(self, console: Console, wrong: Wrong) -> None:
        """All that is known of what went wrong."""
        run = self.last
        lines = [f"WRONG: {wrong}", f"run {self.runs.total()} of --seed {self.options.seed}"]
        lines += [f"killed after {one}" for one in run.killed]
        lines += [f"exit status {run.status}, after {run.seconds:.1f} s; it said:", run.output]
        lines += [f"kept: the project {self.project.root}, the report {self.project.report}"]
        for line in lines:
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def _wrong(truth: Truth, found: dict[str, Any], expected: dict[str, Any] | None = None) -> str:
    """What is wrong of a verdict; "" where nothing is. expected: that of an undisturbed run."""
    if found.get("verdict") == "could not run":
        return "" if found.get("reason") else "no reason"
    numpy = found.get("vectorized", {}).get("verdict", "")
    numpy = truth.numpy if numpy == "could not run" else numpy
    told = Truth(found.get("verdict", ""), found.get("where", ""), found.get("why", ""), numpy)
    if told != truth:
        return f"{told}, not {truth}"
    for key in ("cases", "explained", "known", "failed") if expected else ():
        if expected and found.get(key) != expected.get(key):
            return f"{key}: {found.get(key)}, not {expected.get(key)}"
    return ""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="how long it runs")
    parser.add_argument("--jobs", type=int, default=1, help="of each run")
    parser.add_argument("--kills-a-run", type=int, default=5, help="in every other run")
    parser.add_argument("--seed", type=int, default=1, help="of what is killed, and when")
    parser.add_argument("--only", action="append", choices=KINDS, help="kill this kind alone")
    parser.add_argument("--step", default="", help="kill only at a step with this in its name")
    return parser.parse_args()


def main() -> int:
    options, console = arguments(), Console()
    base = Path(tempfile.mkdtemp(prefix="soak-")).resolve()
    project = Project(base, options.jobs)
    soak, status, until = Soak(project, options), 0, time.monotonic() + options.seconds
    try:
        soak.undisturbed()
        modes = ("single", "many")
        while time.monotonic() < until:
            soak.once(modes[soak.runs.total() % 2])
    except Wrong as wrong:
        status = 1
        soak.explain(console, wrong)
    except KeyboardInterrupt:
        status = 130
    finally:
        project.end_all()
    soak.show(console)
    if status != 1:
        shutil.rmtree(base)
    return status


if __name__ == "__main__":
    sys.exit(main())
