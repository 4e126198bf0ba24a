"""What a case costs, as ratios measured in one run: python tests/benchmarks/speed.py

The yardstick is the bare work: `liner` called in a loop, in one perl and in one Python.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from parity.calls.sides import Sides
from parity.inputs.strategies import make
from parity.processes.child import isolated
from parity.project import pairs, settings
from parity.task import Task

ROOT = Path(__file__).parents[2]
ROUNDS = 5
LOOP = 'require "./perl_reference/derivative.pl"; my $n = shift; liner(0.5) for 1 .. $n'


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def bare_perl(count: int) -> float:
    """Seconds a call takes in a loop, without perl's start."""

    def run(calls: int) -> object:
        return subprocess.run(["perl", "-e", LOOP, str(calls)], cwd=ROOT, check=True)

    return (seconds(lambda: run(count)) - seconds(lambda: run(1))) / count


def bare_python(count: int) -> float:
    from pybackprop.derivative import liner

    def run() -> None:
        for _ in range(count):
            liner(0.5)

    return seconds(run) / count


def process_a_case(count: int) -> float:
    def run() -> None:
        for _ in range(count):
            subprocess.run(["perl", "-e", LOOP, "1"], cwd=ROOT, check=True)

    return seconds(run) / count


def harness(progress: object, task: Task) -> tuple[float, float]:
    """Seconds a case: to make it, and to run and judge it."""
    with Sides(progress, task) as sides:
        start = time.perf_counter()
        cases = make(sides.port, task.cases, task.number, lambda: None)
        made = time.perf_counter() - start
        chance = random.Random(1)
        plain = [(chance.uniform(-100, 100),) for _ in range(10_000)]
        start = time.perf_counter()
        for first in range(0, len(plain), task.batch):
            list(sides.run(plain[first : first + task.batch]))
        return made / len(cases), (time.perf_counter() - start) / len(plain)


def main() -> None:
    here = settings.load(ROOT)
    found = pairs.find(here)
    pair = next(pair for pair in found.pairs if pair.name == "derivative.liner")
    task = Task(here, pair, found.pairs, cases=1000, seed=1)
    rows = []
    for _ in range(ROUNDS):
        bare = bare_perl(500_000) + bare_python(500_000)
        making, judging = isolated(harness, task, timeout=600, memory=4096)
        each = process_a_case(100)
        rows.append((making / bare, judging / bare, each / (making + judging), each / judging))
    names = (
        "making a case : bare Perl + Python call",
        "running and judging a case : bare Perl + Python call",
        "one perl process a case : making, running and judging a case",
        "one perl process a case : running and judging a case",
    )
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        median, low, high = statistics.median(column), min(column), max(column)
        print(f"{name:62} {median:8.1f}   ({low:.1f} to {high:.1f}, {ROUNDS} rounds)")


if __name__ == "__main__":
    main()
