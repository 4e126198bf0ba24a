"""What people use instead of the harness, as ratios: python tests/benchmarks/instead.py

A ratio is the time of a case in the other way : the time of a case more in a large run of the
harness (see volume.py). It is the median of five rounds, in each of which both are measured.

The other ways compare the bits of the results and nothing else, and get their inputs for nothing:
the harness's time has the making of its inputs in it.
"""

from __future__ import annotations

import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from volume import PYTHON, marginal, project, task

from parity.calls.sides import Sides, Task
from parity.inputs.cases import RunCases
from parity.processes.child import Progress, isolated
from parity.project import pairs

ROUNDS = 5
CASES = 8_000  # of the other ways; a case costs them the same in each run
BATCH = 2_000  # of JSON; more at once do not make it quicker

# In these scripts FROM_PERL is the sub's result for a case and FROM_PORT the port's, both packed;
# a case comes as its doubles in a row.
PROCESS = r"""
require './perl/unit.pl';
my $data = pack 'H*', shift;
my $case = [ARGUMENTS];
print unpack 'H*', FROM_PERL;
"""
ROUND_TRIPS = r"""
require './perl/unit.pl';
while (sysread STDIN, my $data, SIZE) {
    my $case = [ARGUMENTS];
    syswrite STDOUT, FROM_PERL;
}
"""
BATCHES = r"""
use JSON::PP;
require './perl/unit.pl';
$| = 1;
while (my $line = <STDIN>) {
    print encode_json([map { NAME(@$_) } @{decode_json($line)}]), "\n";
}
"""
# Calling py_call_function is quicker than what `use Inline Python` makes: a sub that calls it.
ONE_PROCESS = r"""
use Inline::Python qw(py_eval py_call_function);
use Time::HiRes qw(time);
require './perl/unit.pl';
py_eval("import sys; sys.path.insert(0, 'port'); from unit import NAME");
open my $in, '<:raw', 'NAME.doubles' or die;
my ($differing, @cases) = 0;
while (read $in, my $data, SIZE) { push @cases, [ARGUMENTS] }
my $start = time;
for (1 .. 10) {
    for my $case (@cases) { $differing++ if FROM_PERL ne FROM_PORT }
}
printf '%.9f %d', (time - $start) / 10 / @cases, $differing;
"""
BY_HAND = r"""
import os
import struct
import subprocess
from pathlib import Path

from hypothesis import given, settings, strategies as st
from port.unit import NAME

cases = [x for x, in struct.iter_unpack("<d", Path("NAME.doubles").read_bytes())]


@settings(max_examples=int(os.environ["EXAMPLES"]), deadline=None)
@given(st.sampled_from(cases))
def test_NAME(x):
    argument = struct.pack("<d", x).hex()
    done = subprocess.run(["perl", "NAME.pl", argument], capture_output=True, text=True)
    assert done.stdout == struct.pack("<d", NAME(x)).hex()
"""


class Work:
    """A function's cases, and the other ways: each returns seconds a case.

    Each makes sure that it found no difference, so that it is known to have done the work.
    """

    def __init__(self, root: Path, name: str, cases: list[tuple[Any, ...]]) -> None:
        self.root, self.name, self.cases = root, name, cases
        names: dict[str, Any] = {}
        exec(PYTHON, names)
        self.port: Callable[..., Any] = names[name]
        self.data = [b"".join(map(packed, case)) for case in cases]
        (root / f"{name}.doubles").write_bytes(b"".join(self.data))
        (root / f"{name}.pl").write_text(self.script(PROCESS))

    def script(self, text: str) -> str:
        vectors = isinstance(self.cases[0][0], list)
        pack = "pack('d*', @{%s})" if vectors else "pack('d', %s)"
        both = "[unpack 'd10', $data], [unpack 'x80 d10', $data]"
        for word, meaning in (
            ("FROM_PERL", pack % "NAME(@$case)"),
            ("FROM_PORT", pack % "py_call_function('__main__', 'NAME', @$case)"),
            ("ARGUMENTS", both if vectors else "unpack 'd', $data"),
            ("SIZE", str(len(self.data[0]))),
            ("NAME", self.name),
        ):
            text = text.replace(word, meaning)
        return text

    @contextmanager
    def perl(self, script: str) -> Iterator[tuple[Any, Any]]:
        """The pipes to and from a perl that lives on."""
        command, pipe = ["perl", "-e", self.script(script)], subprocess.PIPE
        with subprocess.Popen(command, cwd=self.root, stdin=pipe, stdout=pipe) as perl:
            yield perl.stdin, perl.stdout

    def process_a_case(self) -> float:
        start, count = time.perf_counter(), 200
        for data, case in zip(self.data[:count], self.cases, strict=False):
            command = ["perl", f"{self.name}.pl", data.hex()]
            done = subprocess.run(command, cwd=self.root, capture_output=True, text=True)
            assert bytes.fromhex(done.stdout) == packed(self.port(*case))
        return (time.perf_counter() - start) / count

    def round_trip_a_case(self) -> float:
        cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, [min(cores)])  # on two cores each waits for the other to wake up
        with self.perl(ROUND_TRIPS) as (to_perl, from_perl):
            request, answer = to_perl.fileno(), from_perl.fileno()
            for data, case in zip(self.data, self.cases, strict=True):
                os.write(request, data)
                result = packed(self.port(*case))
                assert os.read(answer, 100) == result
                if case is self.cases[0]:
                    start = time.perf_counter()  # perl has started
        os.sched_setaffinity(0, cores)
        return (time.perf_counter() - start) / (len(self.cases) - 1)

    def inline_python(self) -> float:
        command = ["perl", "-e", self.script(ONE_PROCESS)]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=True)
        seconds, differing = done.stdout.split()
        assert differing == "0"
        return float(seconds)

    def pytest_and_hypothesis(self) -> float:
        (self.root / "test_by_hand.py").write_text(self.script(BY_HAND))
        command = [sys.executable, "-m", "pytest", "test_by_hand.py"]
        times, counts = [], (20, 270)  # what starting costs is in both
        for count in counts:
            start = time.perf_counter()
            with_count = {**os.environ, "EXAMPLES": str(count)}
            subprocess.run(command, cwd=self.root, env=with_count, capture_output=True, check=True)
            times.append(time.perf_counter() - start)
        return (times[1] - times[0]) / (counts[1] - counts[0])

    def batches_of_json(self) -> float:
        same = 0
        with self.perl(BATCHES) as (to_perl, from_perl):
            for first in range(0, len(self.cases), BATCH):
                cases = self.cases[first : first + BATCH]
                to_perl.write(json.dumps(cases).encode() + b"\n")
                to_perl.flush()
                results = [packed(self.port(*case)) for case in cases]  # perl works as well
                answers = map(packed, json.loads(from_perl.readline()))
                same += sum(map(bytes.__eq__, results, answers))
                if not first:
                    start = time.perf_counter()  # perl has started
        assert same < len(self.cases)  # JSON::PP writes 15 digits of a number: bits are lost
        return (time.perf_counter() - start) / (len(self.cases) - BATCH)


def packed(value: Any) -> bytes:
    numbers = value if type(value) is list else [value]
    return struct.pack(f"<{len(numbers)}d", *numbers)


def drawn(progress: Progress, task: Task) -> list[tuple[Any, ...]]:
    """Cases of the harness's run, from its own batches.

    The harness does them all. Left out here are numbers so large that a right port would differ,
    for Perl reckons with integers there, or that JSON has none for.
    """
    with Sides(progress, task) as sides:
        count = 2 * CASES
        drawn = RunCases(sides.port, count, range(count), task.input_seed, progress.tick)
        cases = [case for batch in drawn.batches() for case in batch.cases()]
    plain = [case for case in cases if type(case[0]) is list or abs(case[0]) < 2.0**50]
    return plain[:CASES]


# Starting a process costs the same with each function, so these are measured with liner alone.
SLOW = {
    "one perl process a case": Work.process_a_case,
    "pytest, Hypothesis, subprocess": Work.pytest_and_hypothesis,
}
QUICK = {
    "Inline::Python": Work.inline_python,
    "one round trip a case": Work.round_trip_a_case,
    "JSON::PP in batches": Work.batches_of_json,
}


def main() -> None:
    if subprocess.run(["perl", "-MInline::Python", "-e", "1"], capture_output=True).returncode:
        del QUICK["Inline::Python"]
        print("Inline::Python is left out: apt-get install libinline-python-perl")
    print(f"{'':60} {'µs a case':>9}   {'harness':>7} {'ratio':>10}")
    with tempfile.TemporaryDirectory() as folder:
        here = project(Path(folder))
        found = pairs.find(here).pairs
        for name, large, ways in (
            ("liner", 2_000_000, QUICK | SLOW),
            ("cross_entropy_cost_derivative", 500_000, QUICK),
        ):
            pair = next(pair for pair in found if pair.python.name == name)
            cases = isolated(drawn, task(here, pair, found, 1), timeout=600, memory=0)
            work = Work(Path(folder), name, cases)
            harness: list[float] = []
            others: dict[str, list[float]] = {way: [] for way in ways}
            for _ in range(ROUNDS):
                harness.append(marginal(here, pair, found, 2, large))
                for way, measure in ways.items():
                    others[way].append(measure(work))
            for way, times in others.items():
                each, own = (statistics.median(some) * 1e6 for some in (times, harness))
                ratios = [one / other for one, other in zip(times, harness, strict=True)]
                texts = [f"{ratio:.2f}" for ratio in (min(ratios), max(ratios))]
                print(
                    f"{way:30} {name:29} {each:9.2f}   {own:7.2f} "
                    f"{statistics.median(ratios):10.2f} ({' to '.join(texts)})",
                    flush=True,
                )


if __name__ == "__main__":
    main()
