"""Of the faults that porters make, how many a run finds: python tests/benchmarks/recall.py

The pairs are those of tests/ports/faults. The wrong port of each is judged with each number of
cases and each seed, and so is the right one. Found is a wrong port whose verdict is "differs";
accused is a right one. Prints both, what could not run, and the CPU time (of all processes, with
what starting costs) that a pair took.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from ports.faults import ALL, Fault, write

CASES = [100, 1_000, 10_000]
SEEDS = [1, 2, 3, 4, 5]
SIDES = {"wrong": True, "right": False}

# A process for each run, so that its CPU time is known when it has ended.
JUDGE = """
import json, sys
import parity
folder, options = json.loads(sys.argv[1])
for verdict in parity.run(parity.Project(folder), **options):
    print(json.dumps(verdict.to_json()), flush=True)
"""

Verdicts = dict[str, dict[str, Any]]


@dataclass
class Findings:
    """What runs with one number of cases said of all pairs, by the seed, and what they cost."""

    cases: int
    wrong: dict[int, Verdicts] = field(default_factory=dict)
    right: dict[int, Verdicts] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def found(self, name: str) -> list[int]:
        """The seeds with which a wrong port is found."""
        return [seed for seed, those in self.wrong.items() if those[name]["verdict"] == "differs"]

    def said(self, name: str, verdict: str, side: str = "right") -> dict[int, dict[str, Any]]:
        """What is said of a port by those runs that came to a verdict, by the seed."""
        some = {seed: those[name] for seed, those in getattr(self, side).items()}
        return {seed: one for seed, one in some.items() if one["verdict"] == verdict}

    def cost(self, side: str, pairs: int) -> float:
        """CPU seconds a pair."""
        return self.seconds[side] / (pairs * len(self.wrong))


def judge(folder: Path, cases: int, seed: int, jobs: int) -> tuple[Verdicts, float]:
    """The verdicts on all pairs of a project, and the CPU seconds of all processes."""
    options = {"cases": cases, "seed": seed, "jobs": jobs}
    words = [sys.executable, "-c", JUDGE, json.dumps([str(folder), options])]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    verdicts = {}
    for line in process.stdout:
        one = json.loads(line)
        verdicts[one["name"].partition(".")[0]] = one
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"a run of {folder.name} ports ended with status {process.returncode}")
    return verdicts, used.ru_utime + used.ru_stime


def measure(faults: list[Fault], options: argparse.Namespace, console: Console) -> list[Findings]:
    """Judge all pairs with all numbers of cases and all seeds."""
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        for side, wrong in SIDES.items():
            write(Path(folder) / side, faults, wrong)
        for cases in options.cases:
            some = Findings(cases)
            measured.append(some)
            for seed in options.seeds:
                for side in SIDES:
                    with console.status(f"{cases:,} cases, seed {seed}: the {side} ports"):
                        found, seconds = judge(Path(folder) / side, cases, seed, options.jobs)
                    getattr(some, side)[seed] = found
                    some.seconds[side] += seconds
    return measured


def show(faults: list[Fault], measured: list[Findings], console: Console) -> None:
    """Print the table, and the names of what was not found and of what was accused."""
    table = Table(box=None, title=f"{len(faults)} faults", title_justify="left")
    heads = ["with each seed", "with some", "never", "accused", "could not run"]
    for head in ["cases", *heads, "CPU s a wrong pair", "a right one"]:
        table.add_column(head, justify="right")
    for some in measured:
        counts = [len(some.found(one.name)) for one in faults]
        every = sum(count == len(some.wrong) for count in counts)
        never = counts.count(0)
        blamed, failed = (
            sum(bool(some.said(one.name, verdict)) for one in faults)
            for verdict in ("differs", "could not run")
        )
        numbers = [every, len(faults) - every - never, never, blamed, failed]
        cost = [f"{some.cost(side, len(faults)):.2f}" for side in SIDES]
        table.add_row(f"{some.cases:,}", *map(str, numbers), *cost)
    console.print(table)
    heads = " / ".join(f"{some.cases:,}" for some in measured)
    console.print(
        f"\n[bold]Not found with each seed[/] (seeds with which it was, at {heads} cases)"
    )
    for one in faults:
        found = [len(some.found(one.name)) for some in measured]
        if any(number < len(some.wrong) for number, some in zip(found, measured, strict=True)):
            console.print(f"  {one.name:24} {' / '.join(map(str, found))}  {one.fault}")
    lists = {
        "Right ports accused": ("differs", "right"),
        "Right ports that could not run": ("could not run", "right"),
        "Wrong ports that could not run": ("could not run", "wrong"),
    }
    for title, said in lists.items():
        console.print(f"\n[bold]{title}[/] (runs)")
        for one in faults:
            runs = [run for some in measured for run in some.said(one.name, *said).values()]
            if runs:
                console.print(f"  {one.name:24} {len(runs)}  {reason(runs[0])}", highlight=False)


def reason(run: dict[str, Any]) -> str:
    """Why a port is not identical, with the input that is shown."""
    if run["verdict"] == "could not run":
        return str(run["reason"])
    sides = f"Perl {run['perl']!r}, Python {run['python']!r}"
    return f"{run['input']!r}: {run['where']}: {sides}"


def table(faults: list[Fault], measured: list[Findings]) -> dict[str, Any]:
    """All that was measured, for --json."""
    return {
        str(some.cases): {
            "cpu_seconds": {side: some.cost(side, len(faults)) for side in SIDES},
            "faults": {
                one.name: {
                    "fault": one.fault,
                    "found": some.found(one.name),
                    "accused": named(some.said(one.name, "differs")),
                    "could_not_run": named(some.said(one.name, "could not run")),
                }
                for one in faults
            },
        }
        for some in measured
    }


def named(runs: dict[int, dict[str, Any]]) -> dict[int, str]:
    return {seed: reason(run) for seed, run in runs.items()}


def chosen(patterns: list[str]) -> list[Fault]:
    """The faults whose name fits one of the patterns."""
    return [one for one in ALL if any(fnmatch.fnmatchcase(one.name, some) for some in patterns)]


def arguments(words: Iterable[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, nargs="+", default=CASES, metavar="N")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, metavar="N")
    parser.add_argument("--only", nargs="+", default=["*"], metavar="PATTERN", help="as 'md_*'")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes at a time")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all that was measured")
    return parser.parse_args(None if words is None else list(words))


def main() -> None:
    options, console = arguments(), Console(soft_wrap=True)
    faults = chosen(options.only)
    if not faults:
        raise SystemExit(f"no fault is named {' or '.join(options.only)}")
    measured = measure(faults, options, console)
    show(faults, measured, console)
    if options.json:
        options.json.write_text(json.dumps(table(faults, measured), indent=2) + "\n")


if __name__ == "__main__":
    main()
