"""Which rows of a batch differ: arrays find those that may, the exact rules decide.

A row that is no candidate is equal by the rules of equality.py. Where two columns are not of one
kind, all their rows are candidates.
"""

from __future__ import annotations

import operator

import numpy as np

from parity.calls.sides import Exchange, Sides
from parity.errors import CannotRun
from parity.judge.equality import Comparison, Difference
from parity.outcome import BatchOutcome, as_column
from parity.values.arrays import Array, spread
from parity.values.columns import (
    PRESENT,
    Column,
    Flags,
    Hashes,
    Integers,
    Lists,
    Nothing,
    Numbers,
    Optional,
    Records,
    Texts,
)


def differences(sides: Sides, exchange: Exchange, rules: Comparison) -> dict[int, Difference]:
    """The rows that differ, and how. Raises CannotRun for a value that cannot cross."""
    found = {}
    rows = candidates(exchange, rules).nonzero()[0]
    for row, case in zip(rows.tolist(), exchange.batch.take(rows).cases(), strict=True):
        try:
            difference = rules.difference(*exchange.row(row, case))
        except CannotRun as error:
            raise CannotRun(f"{error}, on {sides.described(case)}") from None
        if difference:
            found[row] = difference
    return found


def candidates(exchange: Exchange, rules: Comparison) -> Array:
    """Per row: whether the outcomes of both sides may differ."""
    left, right = exchange.left, exchange.right
    found = np.zeros(len(exchange.batch), bool)
    if not rules.void:
        found |= _results_may_differ(left, right, rules)
    for table in (left.failures, right.failures, left.printed, right.printed):
        found[list(table)] = True
    for number in left.changed.keys() | right.changed.keys():
        given = exchange.batch.columns[number]
        both = (as_column(side.changed.get(number, given)) for side in (left, right))
        found |= may_differ(*both)
    return found


def _results_may_differ(left: BatchOutcome, right: BatchOutcome, rules: Comparison) -> Array:
    perl, port = left.column, right.column
    if rules.returns_bool and isinstance(port, Flags):
        perl = _as_flags(perl)
    found = may_differ(perl, port)
    if rules.listed and rules.tuples and isinstance(right.results, list):
        found |= np.array([type(value) is not tuple for value in right.results], bool)
    return found


def _as_flags(column: Column) -> Column:
    """Perl's truth of each value, where an array can tell."""
    match column:
        case Numbers(numbers=numbers):
            return Flags(numbers != 0)
        case Nothing(count=count):
            return Flags(np.zeros(count, bool))
        case Texts():
            return Flags(np.array([text not in (b"", b"0") for text in column.parts()], bool))
    return column


def may_differ(left: Column, right: Column) -> Array:
    """Per row: whether the values may differ."""
    everything = np.ones(left.count, bool)
    match left, right:
        case Numbers(), Numbers():
            return _numbers(left, right)
        case (Flags(array=one), Flags(array=other)) | (Integers(array=one), Integers(array=other)):
            return np.asarray(one != other)
        case Nothing(), Nothing():
            return ~everything
        case Texts(), Texts():
            if left.joined == right.joined:
                return ~everything
            both = left.parts(), right.parts()
            return np.fromiter(map(operator.ne, *both), bool, left.count)
        case Lists(), Lists():
            return _sized(left, right, left.sizes, right.sizes)
        case Hashes(), Hashes():
            return _sized(left, right, left.sizes, right.sizes)
        case Optional(), Optional():
            return _sized(left, right, left.kinds, right.kinds)
        case Records(keys=keys), Records() if keys == right.keys:
            found = ~everything
            for field, same in zip(left.fields, right.fields, strict=True):
                found |= may_differ(field, same)
            return found
    return everything


def _numbers(left: Numbers, right: Numbers) -> Array:
    """Other bits, but for those of a nan; or wide integers that are not the same."""
    found: Array = left.numbers.view(np.uint64) != right.numbers.view(np.uint64)
    if found.any():
        found &= ~(np.isnan(left.numbers) & np.isnan(right.numbers))
    for row in left.wide.keys() | right.wide.keys():
        found[row] |= left.wide.get(row) != right.wide.get(row)
    return found


def _sized(left: Column, right: Column, sizes: Array, others: Array) -> Array:
    """Of columns with columns inside: other sizes, or items that may differ."""
    if not np.array_equal(sizes, others):
        found = np.asarray(sizes != others)
        rows = np.equal(sizes, others).nonzero()[0]
        found[rows] = may_differ(left.take(rows), right.take(rows))
        return found
    match left, right:
        case Optional(kinds=kinds), Optional():
            found = np.zeros(left.count, bool)
            found[kinds == PRESENT] = may_differ(left.present, right.present)
            return found
        case Hashes(), Hashes():
            inside = may_differ(left.keys, right.keys) | may_differ(left.items, right.items)
            return spread(inside, sizes)
        case Lists(), Lists():
            return spread(may_differ(left.items, right.items), sizes)
    return np.ones(left.count, bool)
