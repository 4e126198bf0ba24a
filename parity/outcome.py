"""What calls did, on either side: of one call an Outcome, of a batch of calls a BatchOutcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from parity.errors import ParityError
from parity.values import columns
from parity.values.arrays import Array
from parity.values.columns import Column
from parity.values.perl_values import Failure


@dataclass(frozen=True)
class Outcome:
    """What one call did.

    value: the result, None for a call that failed. arguments: the arguments after the call.
    tainted: a box met an operator that has a meaning for integers only (see ieee_box.pl).
    nondeterminism: what no port can know that the sub asked for, like "rand"; "" for nothing.
    """

    value: Any
    failure: Failure | None
    arguments: list[Any]
    printed: bytes = b""
    warnings: tuple[str, ...] = ()
    tainted: bool = False
    nondeterminism: str = ""

    @property
    def shown(self) -> Any:
        """The failure, or the value that was returned."""
        return self.failure or self.value


@dataclass(frozen=True)
class BatchOutcome:
    """What the calls of a batch did; what is by row has the rows only in which there is something.

    results: a column, or the objects that the port returned; of a failed call it means nothing.
    changed: the arguments that were changed, by number, likewise.
    """

    results: Column | list[Any]
    changed: Mapping[int, Column | list[Any]] = field(default_factory=dict)
    failures: Mapping[int, Failure] = field(default_factory=dict)
    printed: Mapping[int, bytes] = field(default_factory=dict)
    warnings: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    tainted: frozenset[int] = frozenset()
    nondeterminism: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def column(self) -> Column:
        """The results as a column."""
        return as_column(self.results)

    @cached_property
    def _values(self) -> list[Any]:
        return as_values(self.results)

    @cached_property
    def _changed_values(self) -> dict[int, list[Any]]:
        return {number: as_values(column) for number, column in self.changed.items()}

    def row(self, row: int, given: Sequence[Any]) -> Outcome:
        """What the call of a row did. given: its arguments, which stand for the unchanged ones."""
        after = [
            self._changed_values[number][row] if number in self.changed else argument
            for number, argument in enumerate(given)
        ]
        failure = self.failures.get(row)
        return Outcome(
            None if failure else self._values[row],
            failure,
            after,
            self.printed.get(row, b""),
            self.warnings.get(row, ()),
            row in self.tainted,
            self.nondeterminism.get(row, ""),
        )

    def take(self, rows: Array) -> BatchOutcome:
        """The outcomes of these rows, which are in order."""
        places = {row: place for place, row in enumerate(rows.tolist())}

        def chosen(table: Mapping[int, Any]) -> dict[int, Any]:
            return {places[row]: value for row, value in table.items() if row in places}

        return BatchOutcome(
            _take(self.results, rows),
            {number: _take(column, rows) for number, column in self.changed.items()},
            chosen(self.failures),
            chosen(self.printed),
            chosen(self.warnings),
            frozenset(chosen(dict.fromkeys(self.tainted))),
            chosen(self.nondeterminism),
        )


def as_column(values: Column | list[Any]) -> Column:
    """Values as a column."""
    return columns.of(values) if isinstance(values, list) else values


def as_values(column: Column | list[Any]) -> list[Any]:
    """A column as values."""
    return column if isinstance(column, list) else column.values()


def _take(column: Column | list[Any], rows: Array) -> Column | list[Any]:
    if isinstance(column, list):
        return [column[row] for row in rows.tolist()]
    return column.take(rows)


class Unfinished(ParityError):
    """A batch could not be finished. number: of its first case in the run; 0 where it has none."""

    number = 0


class PerlDied(Unfinished):
    """The perl process ended; the text says how. outside: by a signal that comes from outside."""

    outside = False


class SubExited(PerlDied):
    """The sub called exit; the text says so."""


class Unseparated(Unfinished):
    """What the calls of a batch did cannot be told apart: they have to be made one by one."""

    def __init__(self, text: str = "not all that is printed belongs to a call,") -> None:
        super().__init__(text)
