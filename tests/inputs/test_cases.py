"""The cases of a run: found again by number, in columns, in batches of a fitting size."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict, get_type_hints

import pytest
from annotated_types import Predicate
from conftest import CASES, Project

from parity import Cases
from parity.inputs.cases import (
    BATCH,
    MAX_RETURNED,
    SIZES,
    STRATEGY_BATCH,
    AdaptiveBatches,
    Batch,
    RunCases,
)
from parity.inputs.port import Port
from parity.perl import codec
from parity.task import PART
from parity.values import columns

Ascii = Annotated[str, Predicate(str.isascii)]  # for which no arrays are known
NUMBERS = range(300, 2500)


class Record(TypedDict, total=False):
    """A hash with keys that may be missing."""

    a: Ascii
    b: list[float]


def left_out(x: float, y: float = 1.0, z: float = 2.0) -> None:
    """Has arguments that may be left out."""


def records(x: Record, y: float | None) -> None:
    """Has a hash and an undef."""


def hashes(x: dict[Literal["a", "b", "c"], list[str]], y: list[list[bool]]) -> None:
    """Has hashes and lists inside others."""


def cases_of(function: Callable[..., None]) -> RunCases:
    hints = get_type_hints(function, include_extras=True)
    port = Port(Path("cases/unit.py"), function, hints, Cases(), [], [])
    return RunCases(port, NUMBERS.stop, NUMBERS, 1)


@cache
def batches_of(function: Callable[..., None]) -> list[Batch]:
    return list(cases_of(function).batches())


@pytest.mark.parametrize("function", [left_out, records, hashes])
def test_a_case_is_found_again_by_its_number(function: Callable[..., None]) -> None:
    seen: list[int] = []
    wanted: dict[int, tuple[Any, ...]] = {}
    for batch in batches_of(function):
        cases = batch.cases()
        rows = (0, len(batch) // 2, len(batch) - 1)
        wanted |= {batch.first + row: cases[row] for row in rows}
        seen += range(batch.first, batch.first + len(batch))
    assert seen == list(NUMBERS)
    found = cases_of(function).by_number(list(wanted))
    assert {number: repr(one.arguments) for number, one in found.items()} == {
        number: repr(arguments) for number, arguments in wanted.items()
    }


@pytest.mark.parametrize("function", [left_out, records, hashes])
def test_what_is_drawn_comes_in_columns(function: Callable[..., None]) -> None:
    batches = batches_of(function)
    assert len(batches) <= 3 * 3  # blocks, and numbers or kinds of arguments
    assert len({len(batch.columns) for batch in batches}) == (3 if function is left_out else 1)
    for batch in batches:
        for column in batch.columns:
            assert not isinstance(column, columns.Mixed)
            again = columns.of(column.values(), keep_integers=True)
            assert codec.pack(again) == codec.pack(column)


@pytest.mark.parametrize(
    ("seconds", "returned", "sizes"),
    [
        (1e-7, 1, [1, 10, 100, 1_000, 10_000, BATCH, BATCH]),
        (1e-3, 1, [1, 10, 100, 100]),
        (1.0, 1, [1, 1]),
        (1e-7, MAX_RETURNED / 20, [1, 10, 10]),
    ],
)
def test_as_many_are_called_at_once_as_cost_little(
    seconds: float, returned: float, sizes: list[int]
) -> None:
    batches = AdaptiveBatches([Batch(0, None, [columns.of([0.0] * 200_000)])], 1.0)
    found = []
    for batch in itertools.islice(batches, len(sizes)):
        found.append(len(batch))
        batches.took(seconds, returned)
    assert found == sizes
    batches.took(10.0, 1)
    assert len(next(iter(batches))) == max(1, sizes[-1] // 10)


def test_from_one_number_on_cases_are_called_alone() -> None:
    batches = AdaptiveBatches([Batch(0, None, [columns.of([0.0] * 120)])], 1.0, one_by_one=115)
    found = []
    for batch in batches:
        found.append(len(batch))
        batches.took(1e-7, 1)
    assert found == [1, 10, 100, 4, *[1] * 5]


def test_parts_repeat_no_case() -> None:
    assert not any(PART % size for size in (*SIZES, STRATEGY_BATCH))


# --- arrays of a cases file -------------------------------------------------------------------

HEAD = f"import numpy as np\n{CASES}"
WRONG = {
    "past_int64": ("np.full(n, 2**63, np.uint64),", "gives integers past 2**63 - 1"),
    "too_few": ("np.zeros(n // 2),", "values where"),
    "no_tuple": ("np.zeros(n)", "not iterable"),
    "raises": ("1 / 0,", "division by zero"),
}
MIXED = {  # such a column holds plain values
    "kinds": "[1, 'a'] * (n // 2) + [1] * (n % 2),",
    "separator": f"[{columns.SEPARATOR!r}] * n,",
}


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    project = Project(tmp_path_factory.mktemp("arrays"), "perl")
    project.pair(
        """
        sub f {
            my ($m, $v, $t, $i) = @_;
            die 'shape' if $m->{rows} != @{$m->{values}} || @$v != 3 || $t !~ /^[ab]$/ || ref $i;
            return $m->{values}[0] * $v->[2];
        }
        """,
        "def f(m: dict[str, object], v: list[float], t: str, i: int) -> float:\n"
        "    return m['values'][0] * v[2]\n",
        "right",
    )
    project.file(
        "cases/right.py",
        f"{HEAD}f = Cases(\n"
        "    st.just(({'rows': 2, 'values': [1.5, 2.5]}, [1.5, 0.5, 2.0], 'a', 3)),\n"
        "    arrays=lambda rng, n: (\n"
        "        {'values': rng.random((n, 2)), 'rows': np.full(n, 2)},\n"
        "        rng.random((n, 3)),\n"
        "        rng.choice(['a', 'b'], n).tolist(),\n"
        "        rng.integers(0, 5, n),\n    ),\n)\n",
    )
    given = {name: gives for name, (gives, _) in WRONG.items()} | MIXED
    for name, gives in given.items():
        project.pair("sub f { return 1 }", "def f(x: int) -> int:\n    return 1\n", name)
        project.file(
            f"cases/{name}.py",
            f"{HEAD}f = Cases(st.tuples(st.integers(0, 9)), arrays=lambda rng, n: ({gives}))\n",
        )
    return project.pairs(cases=5000, coverage=False)


def test_arrays_of_a_cases_file(entries: dict[str, Any]) -> None:
    entry = entries["right.f"]
    assert (entry["verdict"], entry["failed"]) == ("identical", 0), entry
    assert entry["cases"] > 4000  # the strategy has a single one


@pytest.mark.parametrize("name", WRONG)
def test_wrong_arrays_of_a_cases_file(entries: dict[str, Any], name: str) -> None:
    assert WRONG[name][1] in entries[f"{name}.f"]["reason"]


@pytest.mark.parametrize("name", MIXED)
def test_arrays_of_mixed_kinds(entries: dict[str, Any], name: str) -> None:
    entry = entries[f"{name}.f"]
    assert (entry["verdict"], entry["cases"]) == ("identical", 5000), entry


def text_and_number(x: str, n: int) -> None:
    """Has a text and a number."""


@pytest.mark.parametrize("function", [text_and_number, records, hashes])
def test_a_longer_run_has_the_cases_of_a_shorter_one(function: Callable[..., None]) -> None:
    kinds = get_type_hints(function)

    def cases(count: int) -> set[str]:
        port = Port(Path("cases.py"), function, kinds, Cases(), [], ["some", 60])
        run = RunCases(port, count, range(count), 1)
        return {repr(case) for batch in run.batches() for case in batch.cases()}

    shorter = cases(700), cases(1_000), cases(3_456)
    for one, other in itertools.pairwise([*shorter, cases(7_000)]):
        assert one <= other
