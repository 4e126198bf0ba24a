"""Differences that Perl's integer arithmetic explains: see the README, "Perl's integers".

The sub is called again with its numbers in boxes, whose operators calculate in IEEE doubles. Where
it then does what the port does, both are the same calculation. A control run, in boxes with Perl's
own operators, has to do first what the plain run did.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from parity.calls.sides import Exchange, Sides
from parity.errors import CannotRun
from parity.judge.array_filter import differences
from parity.judge.equality import Comparison, Difference
from parity.outcome import BatchOutcome, PerlDied, SubExited
from parity.steps import Step
from parity.values.arrays import Array


def explained(sides: Sides, rules: Comparison, exchange: Exchange, rows: Sequence[int]) -> set[int]:
    """Which of these differing rows Perl's integer arithmetic explains. Raises CannotRun.

    A number that crossed as an integer is in no box: rows without a double do not belong here.
    """
    if not rows:
        return set()
    sides.progress.step(Step.BOXES, exchange.batch.first)
    return _explained(sides, rules, exchange, np.array(rows))


def _explained(sides: Sides, rules: Comparison, exchange: Exchange, rows: Array) -> set[int]:
    try:
        return _same_in_boxes(sides, rules, exchange, rows)
    except (SubExited, CannotRun):  # in boxes, the sub of one of these rows does something else
        if len(rows) == 1:
            return set()
        alone = (_explained(sides, rules, exchange, rows[[place]]) for place in range(len(rows)))
        return set().union(*alone)
    except PerlDied as died:
        case = sides.described(exchange.batch.case(int(rows[0])))
        text = f"in boxes, which tell whether a difference counts, {died}"
        raise CannotRun(f"{text} on {case}") from None


def _same_in_boxes(sides: Sides, rules: Comparison, exchange: Exchange, rows: Array) -> set[int]:
    batch = exchange.batch.take(rows)
    *native, ieee = runs = sides.sub.boxed(sides.calls(batch))

    def differ(left: BatchOutcome, right: BatchOutcome, by: Comparison) -> dict[int, Difference]:
        return differences(sides, Exchange(batch, left, right, sides.sub_name), by)

    perl, between = exchange.left.take(rows), rules.between_perls
    against = set(differ(ieee, exchange.right.take(rows), rules))
    against |= differ(perl, native[0], between).keys() & differ(perl, native[1], between).keys()
    for row, found in differ(native[0], native[1], between).items():
        if not all(isinstance(one, int | float) for one in found.at):
            against.add(row)  # no arithmetic, but state
    against = against.union(*(run.tainted for run in runs))
    return {int(row) for place, row in enumerate(rows) if place not in against}


def distance(difference: Difference) -> float:
    """How far two numbers are apart, relative to the larger; 0 for the sign of a zero."""
    left, right = difference.at
    if not all(isinstance(number, int | float) for number in (left, right)):
        return 0.0
    size = max(abs(left), abs(right))
    apart = abs(left - right) / size if size else 0.0
    return apart if math.isfinite(apart) else 1.0
