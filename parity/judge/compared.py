"""The outcomes of a batch compared: which rows differ, and which Perl's integers explain."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from parity.calls.sides import Exchange, Sides
from parity.errors import CannotRun
from parity.judge.array_filter import candidates
from parity.judge.comparability import other_storage
from parity.judge.equality import Comparison, Difference
from parity.judge.explained import explained
from parity.outcome import Outcome
from parity.values.copies import leaves


@dataclass(frozen=True)
class ComparedCase:
    """One case, as both sides did it.

    vivified: the places in the arguments that mere reading created in Perl. storage: whether Perl
    does something else where it stores a text in its other way.
    """

    arguments: tuple[Any, ...]
    perl: Outcome
    port: Outcome
    difference: Difference | None = None
    explained: bool = False
    vivified: Sequence[str] = field(default_factory=list)
    storage: bool = False

    def differs(self, strict: bool) -> bool:
        """Whether the case speaks against the port. strict: see Task."""
        if strict and self.vivified:
            return True
        return self.difference is not None and (strict or not self.explained)


def compare(sides: Sides, rules: Comparison, exchange: Exchange) -> dict[int, ComparedCase]:
    """The rows that the arrays cannot tell to be equal, compared by the exact rules.

    Raises CannotRun for a value that cannot cross, and where results cannot be compared.
    """
    stored = other_storage(sides, rules, exchange)
    found = {}
    chosen = candidates(exchange, rules)
    chosen[list(stored)] = True
    rows = chosen.nonzero()[0]
    for row, case in zip(rows.tolist(), exchange.batch.take(rows).cases(), strict=True):
        perl, port = exchange.row(row, case)
        try:
            difference = rules.difference(perl, port)
            vivified = rules.vivified
            if difference and row in stored and not rules.difference(stored[row], port):
                difference = None
        except CannotRun as error:
            raise CannotRun(f"{error}, on {sides.described(case)}") from None
        found[row] = ComparedCase(
            case, perl, port, difference, vivified=vivified, storage=row in stored
        )
    if sides.task.explain:
        differing = [
            row
            for row, case in found.items()
            if case.difference and any(isinstance(one, float) for one in leaves(case.arguments))
        ]
        for row in explained(sides, rules, exchange, differing):
            found[row] = replace(found[row], explained=True)
    return found


def compare_cases(
    sides: Sides, rules: Comparison, cases: Sequence[tuple[Any, ...]]
) -> list[ComparedCase]:
    """Both sides called with these cases, one batch for each run of as many arguments."""
    found: list[ComparedCase] = []
    for _, group in itertools.groupby(cases, len):
        exchange = sides.call_cases(list(group))
        compared = compare(sides, rules, exchange)
        for row in range(len(exchange.batch)):
            plain = ComparedCase(exchange.batch.case(row), *exchange.row(row))
            found.append(compared.get(row, plain))
    return found


def compare_case(sides: Sides, rules: Comparison, case: tuple[Any, ...]) -> ComparedCase:
    """Both sides called with one case."""
    return compare_cases(sides, rules, [case])[0]
