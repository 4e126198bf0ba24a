"""What parity says of a pair, as data: the report's PAIR is `Verdict.to_json()`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, Literal, Self, get_args, get_origin, get_type_hints

IDENTICAL: Literal["identical"] = "identical"
DIFFERS: Literal["differs"] = "differs"
COULD_NOT_RUN: Literal["could not run"] = "could not run"
Outcome = Literal["identical", "differs", "could not run"]

# A value as strict JSON that loses no bit: what values.literals.to_json makes.
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

MOST_NOTES = 5  # of a pair

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
        for one in json_fields(type(self)):
            value = getattr(self, one.name)
            there = value is not None or one.default is not None
            if one.metadata == VALUE:
                there = getattr(self, "where", None) is not None
            if there:
                found[one.name] = value.to_json() if isinstance(value, Record) else value
        return found

    @classmethod
    def from_json(cls, table: Any) -> Self:
        """The record that `to_json` made this of, without what is FOR_PEOPLE.

        Raises TypeError if it is not one: a field is missing or has another type.
        """
        if not isinstance(table, Mapping):
            raise TypeError(f"{table!r} is not an object")
        hints = get_type_hints(cls)
        there = [one.name for one in json_fields(cls) if one.name in table]
        return cls(**{name: _typed(table[name], hints[name]) for name in there})


def json_fields(kind: type[Record]) -> list[Field[Any]]:
    """The fields of a record that its JSON has."""
    return [one for one in fields(kind) if one.metadata != FOR_PEOPLE]  # type: ignore[arg-type]


def is_json(hint: Any) -> bool:
    """Whether a type hint is `Json`: any value."""
    return any(get_origin(arm) is dict for arm in get_args(hint))


def _typed(value: Any, hint: Any) -> Any:
    """The value that JSON has for a field of this type. Raises TypeError."""
    arms = get_args(hint)
    if is_json(hint) or (value is None and type(None) in arms):
        return value
    if type(None) in arms:
        return _typed(value, next(arm for arm in arms if arm is not type(None)))
    if isinstance(hint, type) and issubclass(hint, Record):
        return hint.from_json(value)
    if get_origin(hint) is list:
        if not isinstance(value, list):
            raise TypeError(f"{value!r} is not a list")
        return [_typed(one, arms[0]) for one in value]
    if get_origin(hint) is Literal:
        fits = value in arms
    else:
        fits = isinstance(value, (int, float) if hint is float else hint)
        fits = fits and (hint is bool or not isinstance(value, bool))
    if not fits:
        raise TypeError(f"{value!r} is not {hint}")
    return value


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
    shown: Shown | None = field(default=None, metadata=FOR_PEOPLE)
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

    @property
    def share(self) -> float:
        """How much was reached, 0 to 1, on the side that reached less; 0 if it is not known."""
        port, sub = self.python, self.perl
        if not port or not sub or port.reason is not None or sub.reason is not None:
            return 0.0
        counts = [
            ((port.lines, port.branches), (port.of_lines, port.of)),
            ((sub.lines,), (sub.of,)),
        ]
        sums = [[sum(one or 0 for one in some) for some in pair] for pair in counts]
        return min(reached / of if of else 1.0 for reached, of in sums)


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

    @classmethod
    def from_json(cls, table: Any) -> Self:
        """The verdict that `to_json` made this of. Raises TypeError."""
        found = "where" in table
        return super().from_json({**table, "counterexample": table} if found else table)


@dataclass(frozen=True)
class SideOfCall:
    """What one side did in a call.

    value: the result, or the failure, as a Python literal. hex: a number's bits. arguments: the
    arguments afterwards, as literals. changed: whether they are not as before.
    """

    value: str
    hex: str
    arguments: tuple[str, ...]
    changed: bool
    printed: str
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class CallResult:
    """What both sides of a pair did with the same arguments.

    difference: None where they did the same, or what Perl's integer arithmetic explains: then
    `explained`. known: what to write into the cases file where a difference is meant; else "".
    """

    perl: SideOfCall
    python: SideOfCall
    difference: Counterexample | None
    explained: bool
    known: str
