"""Whether a sub's results can be compared at all; where not, CannotRun says why.

A result is not comparable if it depends on how Perl stores a text, on the order of a hash's keys,
on the time, or on random numbers without a seed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from parity.calls.sides import Exchange, Sides
from parity.errors import CannotRun
from parity.inputs.cases import batch_of
from parity.judge.array_filter import differences
from parity.judge.equality import Comparison
from parity.outcome import Outcome, PerlDied
from parity.perl import hash_order
from parity.values import literals

CONFIRMED = 3  # rows of a batch that are looked at again, each in perls of its own


def other_storage(sides: Sides, rules: Comparison, exchange: Exchange) -> dict[int, Outcome]:
    """What the sub does with a text stored in Perl's other way, by row, where that differs.

    A text of characters 0x80 to 0xFF has two storages: one byte a character, which all have that
    come from Python, and UTF-8. Raises CannotRun where the sub ends with the other.
    """
    latin1 = np.zeros(len(exchange.batch), bool)
    for column in exchange.batch.columns:
        latin1 |= column.has_latin1_text()
    rows = latin1.nonzero()[0]
    if not len(rows):
        return {}
    batch = exchange.batch.take(rows)
    try:
        upgraded = sides.sub.upgraded(sides.calls(batch))
    except PerlDied as died:
        raise CannotRun(f"with texts stored as UTF-8, {died}") from None
    both = Exchange(batch, exchange.left.take(rows), upgraded, sides.sub_name)
    differing = differences(sides, both, rules.between_perls)
    found: dict[int, Outcome] = {}
    for row in differing:
        case = batch.case(row)
        # What was called before may make the difference, and a kill from outside.
        ways = {"storage": "plain"}, {"storage": "upgraded"}
        if len(found) >= CONFIRMED or _differ_afresh(sides, rules, case, *ways):
            found[int(rows[row])] = both.row(row, case)[1]
    return found


def check_hash_order(sides: Sides, rules: Comparison, case: tuple[Any, ...]) -> None:
    """The sub has to do the same with the keys of its hashes in another order."""
    for seed in hash_order.OTHERS:
        found = _differ_afresh(sides, rules, case, {"hash_seed": 0}, {"hash_seed": seed})
        if found:
            order = " ".join(f"{k}={v}" for k, v in hash_order.environment(seed).items())
            raise CannotRun(
                "the sub's result depends on the order in which Perl keeps the keys of a hash: "
                f"on {sides.described(case)} it is {literals.perl_literal(found.perl)}, and with "
                f"{order} {literals.perl_literal(found.python)}; let it sort the keys"
            )


def _differ_afresh(
    sides: Sides, rules: Comparison, case: tuple[Any, ...], one: Any, other: Any
) -> Any:
    """The difference between two perls of their own, started and called in these ways."""
    batch = batch_of([case])
    calls = sides.calls(batch)
    try:
        left, right = (sides.sub.fresh(calls, **way) for way in (one, other))
    except PerlDied as died:
        raise CannotRun(f"{died} on {sides.described(case)}") from None
    found = differences(sides, Exchange(batch, left, right, sides.sub_name), rules.between_perls)
    return found.get(0)


def refuse_nondeterminism(sides: Sides, asked: str, case: tuple[Any, ...]) -> None:
    """Raises CannotRun for a sub that asked for the time, or for random numbers."""
    text = f"not comparable: the sub asks for {asked} on {sides.described(case)}"
    if "time" in asked:
        raise CannotRun(f"{text}; let it take the time as an argument")
    if sides.task.settings.seed:
        raise CannotRun(text)
    raise CannotRun(
        f"{text}; say in [tool.parity] what seeds both sides: srand = 1 and seed = "
        '"MODULE:FUNCTION", for a port that draws from Perl\'s generator'
    )
