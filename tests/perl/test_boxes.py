"""Numbers in boxes: with IEEE's operators they calculate like Python, with Perl's like Perl."""

from __future__ import annotations

import itertools
import math
import random
from pathlib import Path
from typing import Any

import pytest

from parity.outcome import BatchOutcome
from parity.perl.process import Calls, Perl
from parity.values import columns
from parity.values.perl_values import same_double

# Every operation on every pair of the operands, then chains of three and five: one call evaluates
# thousands of operations, each of which Python does as well.
CHAINS = """
    my ($values, $signs) = @_;
    my @results;
    for my $x (@$values) {
        for my $y (@$values) {
            for my $z (@$signs) {
                push @results, $x + $y * $z, $x - $y * -$z, ($x - $y) * $z - $x,
                    -($x * $y + $z) * $x, (($x + $y) * $z - $y) * $x + $z;
                push @results, (-$x / $y + $z) * $y if $y != 0;
            }
        }
    }
    return \\@results;
"""
OPERATIONS = 2 + 3 + 3 + 4 + 5
NASTY = [0.0, -0.0, 1.0, -1.0, 3.0, -7.0, 0.1, 5e-324, -5e-324, 2.2250738585072014e-308, 1e-17]
NASTY += [2.0**31, 2.0**32 + 1, 2.0**52 + 0.5, 2.0**53 - 1, 2.0**53, -(2.0**53) - 2, 2.0**60 + 256]
NASTY += [2.0**63, -(2.0**63), 2.0**63 - 1024, 2.0**64, -(2.0**64), 1e19, 123456789.0 * 2**20]
NASTY += [1e308, -1.7976931348623157e308, math.inf, -math.inf, math.nan, 94906267.0, -3037000500.0]
THIRD = [0.0, -0.0, 1.0, -3.0, 2.0**53 + 2, -(2.0**62), 0.3, 1e300, 5e-324, -math.inf]


def chains(values: list[float], signs: list[float]) -> list[float]:
    """CHAINS in Python's floats."""
    results = []
    for x, y, z in itertools.product(values, values, signs):
        results += [x + y * z, x - y * -z, (x - y) * z - x]
        results += [-(x * y + z) * x, ((x + y) * z - y) * x + z]
        if y != 0:
            results.append((-x / y + z) * y)
    return results


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "chains.pl"
    file.write_text(f"use strict;\nuse warnings;\nsub chains {{ {CHAINS} }}\n1;\n")
    return file


def operands(count: int) -> list[list[float]]:
    """The nasty values and their like: whole numbers of every size, powers of two, their sums."""
    chance = random.Random(1)

    def one() -> float:
        kind = chance.randrange(4)
        if kind == 0:
            return chance.choice(NASTY)
        if kind == 1:
            return float(chance.randint(-(2 ** chance.randint(1, 70)), 2 ** chance.randint(1, 70)))
        if kind == 2:
            return chance.choice([-1.0, 1.0]) * 2.0 ** chance.randint(-1074, 1023)
        return chance.uniform(-1, 1) * 2.0 ** chance.randint(-60, 80)

    return [NASTY, *([one() for _ in range(32)] for _ in range(count - 1))]


def call(perl: Perl, values: list[float], *storages: str) -> list[BatchOutcome]:
    """What CHAINS does with these operands, in each storage."""
    given = [columns.of([operand]) for operand in (values, THIRD)]
    return perl.call(Calls("main::chains", "scalar", None, 1, given), *storages)


def result(outcome: BatchOutcome) -> list[Any]:
    assert not outcome.failures and not outcome.tainted
    return list(outcome.column.values()[0])


def test_boxes_calculate_like_python(file: Path, exe: str) -> None:
    count = differing_plain = 0
    with Perl(exe, file, kind="boxed") as boxed, Perl(exe, file) as plain:
        for some in operands(7):
            expected = chains(some, THIRD)
            ieee = result(call(boxed, some, "ieee")[0])
            perls = result(call(plain, some)[0])
            assert len(ieee) == len(expected) > 50_000
            assert [pair for pair in zip(ieee, expected, strict=True) if not same(*pair)] == []
            count += len(expected)
            differing_plain += sum(not same(*p) for p in zip(perls, expected, strict=True))
    assert count * OPERATIONS / 5 > 1_000_000
    assert differing_plain > 1000  # so it is the boxes that make them equal


def test_boxes_with_perls_operators_change_nothing(file: Path, exe: str) -> None:
    with Perl(exe, file, kind="boxed") as boxed, Perl(exe, file) as plain:
        for some in operands(3):
            _, native = call(boxed, some, "native", "native")  # the first leaves flags in constants
            both = zip(result(native), result(call(plain, some)[0]), strict=True)
            assert [pair for pair in both if not same(*pair)] == []


def same(left: Any, right: Any) -> bool:
    """The same double; a Perl integer past 2**53 is none."""
    if isinstance(left, float) and isinstance(right, float):
        return same_double(left, right)
    return type(left) is type(right) and left == right
