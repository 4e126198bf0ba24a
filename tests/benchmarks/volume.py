"""What a large run costs, as ratios measured in one run: python tests/benchmarks/volume.py

The yardstick is the bare work: the sub called in a loop in Perl, plus the port in a loop in Python,
with the same values. Each figure is the median of three rounds, in each of which both are measured.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

import parity
from parity.calls.sides import Sides
from parity.inputs import array_draws
from parity.perl import codec
from parity.processes.child import Progress, isolated
from parity.project import pairs, settings
from parity.task import Task

ROUNDS = 3
SMALL, LARGE = 10_000, 1_000_000  # cases; what starting costs is in both
VALUES = 2_000  # of the bare loops, again and again

PERL = r"""
use strict;
use warnings;

sub liner { my ($x) = @_; return 3 * $x + 2 }
sub sigmoid { my ($x) = @_; return 1 / (1 + exp(-$x)) }

sub cross_entropy_cost_derivative {
    my ($outputs, $desired) = @_;
    my @slopes;
    for (my $i = 0; $i < @$outputs; $i++) {
        $slopes[$i] = ($outputs->[$i] - $desired->[$i]) / ($outputs->[$i] * (1 - $outputs->[$i]));
    }
    return \@slopes;
}

sub mul_mat {
    my ($one, $other) = @_;
    my ($rows, $inner, $columns) = ($one->{rows}, $other->{rows}, $other->{columns});
    my @values;
    for (my $column = 0; $column < $columns; $column++) {
        for (my $row = 0; $row < $rows; $row++) {
            my $sum = 0;
            for (my $i = 0; $i < $inner; $i++) {
                $sum += $one->{values}[$row + $rows * $i] * $other->{values}[$i + $inner * $column];
            }
            push @values, $sum;
        }
    }
    return {rows => $rows, columns => $columns, values => \@values};
}

sub letters { my ($text) = @_; my %n; $n{$_}++ for split //, $text; return \%n }
sub reversed { my ($text) = @_; return scalar reverse $text }

1;
"""

PYTHON = """
import math


def liner(x: float) -> float:
    return 3 * x + 2


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def cross_entropy_cost_derivative(outputs: list[float], desired: list[float]) -> list[float]:
    slopes = []
    for i in range(len(outputs)):
        slopes.append((outputs[i] - desired[i]) / (outputs[i] * (1 - outputs[i])))
    return slopes


def mul_mat(one: dict, other: dict) -> dict:
    rows, inner, columns = one["rows"], other["rows"], other["columns"]
    values = []
    for column in range(columns):
        for row in range(rows):
            total = 0.0
            for i in range(inner):
                total += one["values"][row + rows * i] * other["values"][i + inner * column]
            values.append(total)
    return {"rows": rows, "columns": columns, "values": values}


def letters(text: str) -> dict[str, int]:
    count: dict[str, int] = {}
    for letter in text:
        count[letter] = count.get(letter, 0) + 1
    return count


def reversed(text: str) -> str:
    return text[::-1]
"""

CASES = """
import numpy as np
from hypothesis import strategies as st
from parity import Cases

tens = st.lists(st.floats(0.01, 0.99), min_size=10, max_size=10)
one = {"rows": 4, "columns": 3, "values": [0.5] * 12}
other = {"rows": 3, "columns": 2, "values": [0.5] * 6}


def matrices(chance, count, rows, columns):
    values = chance.normal(size=(count, rows * columns))
    return {"rows": np.full(count, rows), "columns": np.full(count, columns), "values": values}


sigmoid = Cases(
    st.tuples(st.floats(-700, 700)),
    arrays=lambda chance, count: (chance.normal(scale=5, size=count),),
)
cross_entropy_cost_derivative = Cases(
    st.tuples(tens, tens),
    arrays=lambda chance, count: tuple(chance.uniform(0.01, 0.99, (count, 10)) for _ in "ab"),
)
mul_mat = Cases(
    st.just((one, other)),
    arrays=lambda chance, count: (matrices(chance, count, 4, 3), matrices(chance, count, 3, 2)),
)
"""

# The bare loop in Perl: the values are read from a file, and the loop alone is timed.
LOOP = r"""
use POSIX ();
my ($folder, $file, $name, $rounds, @data) = @ARGV;
require "$folder/$_.pl" for qw(codec columns);
require $file;
my @columns = map {
    open my $in, '<:raw', $_ or die;
    local $/;
    my $data = <$in>;
    (Parity::Columns::unpack_column(\$data, 0))[0];
} @data;
my $sub = \&{"main::$name"};
my $start = POSIX::clock();
if (@columns == 1) {
    my $result;
    for (1 .. $rounds) { for my $x (@{$columns[0]}) { $result = $sub->($x) } }
}
else {
    my ($xs, $ys) = @columns;
    my $result;
    for (1 .. $rounds) { for my $i (0 .. $#{$xs}) { $result = $sub->($xs->[$i], $ys->[$i]) } }
}
print((POSIX::clock() - $start) / POSIX::CLOCKS_PER_SEC());
"""
FOLDER = Path(codec.__file__).parent
NAMES = ["liner", "sigmoid", "cross_entropy_cost_derivative", "mul_mat", "letters", "reversed"]


def bare(progress: Progress, task: Task, rounds: int) -> float:
    """Seconds a case in the bare loops: Perl's and Python's."""
    with Sides(progress, task) as sides, tempfile.TemporaryDirectory() as folder:
        draw = array_draws.drawer(sides.port)
        assert draw
        drawn = draw(np.random.default_rng(1), VALUES)
        files = []
        for number, column in enumerate(drawn):
            files.append(Path(folder) / str(number))
            files[-1].write_bytes(codec.pack(column))
        words = [str(FOLDER), str(task.pair.perl.file), task.pair.python.name, str(rounds)]
        command = ["perl", "-e", LOOP, *words, *map(str, files)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        function: Any = sides.port.function
        values = [column.values() for column in drawn]
        start = time.process_time()
        if len(values) == 1:
            for _ in range(rounds):
                for x in values[0]:
                    function(x)
        else:
            for _ in range(rounds):
                for x, y in zip(*values, strict=True):
                    function(x, y)
        return (float(done.stdout) + time.process_time() - start) / rounds / VALUES


def run(progress: Progress, root: Path, name: str, count: int, cores: int) -> float:
    """Seconds a run takes on so many cores."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    start = time.perf_counter()
    options: Any = {"cases": count, "seed": 1, "jobs": cores, "vectorized": False}
    (found,) = parity.run(parity.Project(root), [name], coverage=False, **options)
    assert (found.verdict, found.cases) == ("identical", count), found
    return time.perf_counter() - start


def project(root: Path) -> Any:
    """The settings of the project above, written into this folder."""
    for name, text in (
        ("perl/unit.pl", PERL),
        ("port/unit.py", PYTHON),
        ("tests/cases/unit.py", CASES),
        ("pyproject.toml", '[tool.parity]\nperl = "perl"\npython = "port"\n'),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return settings.load(root)


def marginal(here: Any, pair: Any, found: Any, cores: int, large: int = LARGE) -> float:
    """Seconds a case takes in a large run."""
    times = [
        isolated(run, here.root, pair.name, count, cores, timeout=600, memory=0)
        for count in (SMALL, large)
    ]
    return float(times[1] - times[0]) / (large - SMALL)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = project(Path(folder))
        found = pairs.find(here).pairs
        print("wall time of a large run : bare loops        two cores             one core")
        for name in sys.argv[1:] or NAMES:
            pair = next(pair for pair in found if pair.python.name == name)
            ratios: dict[int, list[float]] = {2: [], 1: []}
            for _ in range(ROUNDS):
                yardstick = isolated(bare, task(here, pair, found, 1), 50, timeout=600, memory=0)
                for cores, column in ratios.items():
                    column.append(marginal(here, pair, found, cores) / yardstick)
            texts = [
                f"{statistics.median(some):6.2f} ({min(some):.2f} to {max(some):.2f})"
                for some in ratios.values()
            ]
            print(f"{name:40} {texts[0]:>22} {texts[1]:>22}", flush=True)


def task(here: Any, pair: Any, found: Any, count: int) -> Task:
    return Task(here, pair, found, count, seed=1, vectorized=False, coverage=False)


if __name__ == "__main__":
    main()
