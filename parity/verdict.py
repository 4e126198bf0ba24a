"""What parity says of a pair, as data: the report's PAIR is `Verdict.to_json()`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args, get_type_hints

IDENTICAL: Literal["identical"] = "identical"
DIFFERS: Literal["differs"] = "differs"
COULD_NOT_RUN: Literal["could not run"] = "could not run"
Outcome = Literal["identical", "differs", "could not run"]

# A value as strict JSON that loses no bit: what values.literals.to_json makes.
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

FOR_PEOPLE: Any = {"json": False}
VALUE: Any = {"json": "null, too"}


class Record:
    """A dataclass that becomes a JSON object: its fields in order.

    A field whose default is None is left out where it is None. A VALUE, which may be null, is there
    where `where` is. A field FOR_PEOPLE is never there.
    """

    def to_json(self) -> dict[str, Any]:
        """This record, and the records in it, as what `json.dumps` takes."""
        found = {}
        for one in fields(self):  # type: ignore[arg-type]
            value = getattr(self, one.name)
            there = value is not None or one.default is not None
            if one.metadata == VALUE:
                there = getattr(self, "where", None) is not None
            if there and one.metadata != FOR_PEOPLE:
                found[one.name] = value.to_json() if isinstance(value, Record) else value
        return found

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> Any:
        """The record that `to_json` made this of. Raises TypeError where a field is missing."""
        hints, given = get_type_hints(cls), {}
        for one in fields(cls):  # type: ignore[arg-type]
            value = table.get(one.name)
            arms = (hints[one.name], *get_args(hints[one.name]))
            kinds = [arm for arm in arms if _is_record(arm)]
            if value is not None:
                given[one.name] = kinds[0].from_json(value) if kinds else value
        return cls(**given)


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)


@dataclass(frozen=True)
class Shown:
    """An input and both values as people read them: Python literals, and for numbers their bits.

    after: the calls that have to come before.
    """

    input: str
    perl: tuple[str, str]
    python: tuple[str, str]
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class FirstStep(Record):
    """The innermost paired call that differs on the way of a counterexample, or why none does."""

    pair: str
    input: list[Json] | None = None
    perl: Json = field(default=None, metadata=VALUE)
    python: Json = field(default=None, metadata=VALUE)
    where: str | None = None
    why: str = ""
    reproduce: str | None = None


@dataclass(frozen=True)
class Counterexample(Record):
    """An input on which the sides differ. Its fields stand in the pair itself.

    input: the arguments. perl, python: what was compared. where, why: the place, and in words what
    is wrong there. reproduce: the command that shows it. after: the arguments of the calls that
    have to come before it. arguments: the input as literals of the command line.
    """

    input: list[Json]
    perl: Json
    python: Json
    where: str
    why: str
    reproduce: str
    shown: Shown = field(metadata=FOR_PEOPLE)
    first_step: FirstStep | None = None
    after: list[list[Json]] | None = None
    arguments: tuple[str, ...] = field(default=(), metadata=FOR_PEOPLE)


@dataclass(frozen=True)
class WorstExplained(Record):
    """The explained case in which the numbers lie farthest apart.

    distance: relative to the larger number; 0 where only the sign of a zero differs.
    """

    input: list[Json]
    perl: Json
    python: Json
    where: str
    distance: float
    shown: Shown | None = field(default=None, metadata=FOR_PEOPLE)


@dataclass(frozen=True)
class NumpyVerdict(Record):
    """The judgement of a NumPy version: within the derived bound, or where it is not.

    worst_share: the largest share of its bound that a number used.
    """

    verdict: Literal["within bound", "differs", "could not run"]
    cases: int | None = None
    undecided: int | None = None
    where: str | None = None
    python: Json = field(default=None, metadata=VALUE)
    numpy: Json = field(default=None, metadata=VALUE)
    input: list[Json] | None = None
    worst_share: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class PortCoverage(Record):
    """Lines and branches of the port that the cases reached; or `reason`, why that is not known."""

    lines: int | None = None
    of_lines: int | None = None
    branches: int | None = None
    of: int | None = None
    missing: list[str] | None = None
    reason: str | None = None


@dataclass(frozen=True)
class SubCoverage(Record):
    """Lines of the sub that the cases reached; or `reason`, why that is not known."""

    lines: int | None = None
    of: int | None = None
    missing: list[str] | None = None
    not_measurable: list[str] | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Coverage(Record):
    """What the cases reached on both sides; `reason` where nothing could be measured."""

    cases: int
    python: PortCoverage | None = None
    perl: SubCoverage | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Verdict(Record):
    """The verdict on one pair.

    name: the port's, as "file.function"; programs are "programs.NAME". cases: how many were judged.
    explained: those that differ by Perl's integer arithmetic only. known: those under a known
    difference. failed: those in which both sides failed. seconds: how long it took.
    reason: why the pair could not run. loads: whether its files load; else the exit status is 2.
    """

    name: str
    verdict: Outcome
    cases: int = 0
    explained: int = 0
    known: int | None = None
    failed: int | None = None
    seconds: float = 0.0
    reason: str | None = None
    counterexample: Counterexample | None = None
    worst_explained: WorstExplained | None = None
    notes: list[str] | None = None
    vectorized: NumpyVerdict | None = None
    coverage: Coverage | None = None
    loads: bool = field(default=True, metadata=FOR_PEOPLE)

    def to_json(self) -> dict[str, Any]:
        """The pair as it stands in the report: the counterexample's fields are the pair's own."""
        table = super().to_json()
        found = table.pop("counterexample", {})
        order = (
            "name verdict cases explained known failed seconds reason input perl python where why"
        )
        keys = [*order.split(), "first_step", "after", "reproduce", "worst_explained", "notes"]
        both = {**table, **found}
        return {key: both[key] for key in (*keys, "vectorized", "coverage") if key in both}
