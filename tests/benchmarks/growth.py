"""How time and memory grow with the number of cases: python tests/benchmarks/growth.py

Time is that of a run over what it would be on a straight line from the smallest to the largest run:
1 where it grows as the cases do. Memory is that of the largest process of a run.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from volume import project

ROUNDS = 5
COUNTS = [10_000, 100_000, 1_000_000, 10_000_000]


def run(root: Path, name: str, count: int) -> tuple[float, float]:
    """Seconds, and MiB of the largest process."""
    words = [sys.executable, "-m", "parity", "run", f"unit.{name}", "--seed", "1"]
    start = time.perf_counter()
    process = subprocess.Popen([*words, "--cases", str(count)], cwd=root, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    return time.perf_counter() - start, used.ru_maxrss / 1024


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "liner"
    with tempfile.TemporaryDirectory() as folder:
        project(Path(folder))
        times: dict[int, list[float]] = {count: [] for count in COUNTS}
        memory: dict[int, list[float]] = {count: [] for count in COUNTS}
        for _ in range(ROUNDS):
            for count in COUNTS:
                seconds, size = run(Path(folder), name, count)
                times[count].append(seconds)
                memory[count].append(size)
    print(f"{'cases':>12} {'seconds':>9} {'straight line':>15} {'memory':>9}")
    least, *_, most = COUNTS
    for count in COUNTS:
        share = (count - least) / (most - least)
        ratios = [
            one / (first + share * (last - first))
            for one, first, last in zip(times[count], times[least], times[most], strict=True)
        ]
        seconds, size = (statistics.median(some[count]) for some in (times, memory))
        print(f"{count:12,} {seconds:9.2f} {statistics.median(ratios):15.2f} {size:5.0f} MiB")


if __name__ == "__main__":
    main()
