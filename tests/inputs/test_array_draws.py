"""Cases from NumPy's generators: the hints that are known, their bounds, and both sides on them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence  # noqa: F401 (Mapping is in a text)
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import annotated_types as at
import numpy as np
import pytest
from conftest import Project, Run
from samples import array_values, port

from parity import Cases
from parity.inputs import array_draws
from parity.inputs.port import Port
from parity.values import columns

CASES = 5_000
RUN = 2_000  # cases of a run


class Item(TypedDict):
    """A hash."""

    price: float | None
    names: NotRequired[list[str]]
    note: NotRequired[str | None]


class Tree(TypedDict):
    """A hash that holds others like it."""

    left: Tree | None


def drawn(hint: Any, count: int, constants: Sequence[Any] = ("key",)) -> list[Any] | None:
    """So many values for a parameter of this hint, if arrays are known for it."""

    def f(x: Any) -> None:
        pass

    port = Port(Path("cases/unit.py"), f, {"x": hint}, Cases(), [], constants)
    draw = array_draws.drawer(port)
    if draw is None:
        return None
    (column,) = draw(np.random.default_rng(1), count)
    found = column.values()
    assert repr(columns.of(found, keep_integers=True).values()) == repr(found)
    rows = np.arange(count)[::3]
    assert repr(column.take(rows).values()) == repr(found[::3])
    return found


KNOWN: dict[str, Callable[[list[Any]], bool]] = {
    "float | None": lambda v: set(map(type, v)) == {float, type(None)},
    "int | None": lambda v: None in v and len(set(v)) > CASES / 2,
    "dict[str, float]": lambda v: (
        {} in v
        and len({key for one in v for key in one}) > 16
        and sum("key" in one for one in v) > 20
        and all(list(one) == sorted(one) for one in v)
    ),
    "Mapping[str, list[bool]]": lambda v: (
        {b for one in v for some in one.values() for b in some} == {True, False}
    ),
    "list[dict[str, str | None]]": lambda v: any(
        None in one.values() for some in v for one in some
    ),
    "Item": lambda v: (
        all({"price"} <= one.keys() <= {"price", "names", "note"} for one in v)
        and len({tuple(one) for one in v}) == 4
        and any(one.get("note", 1) is None for one in v)
    ),
    "Literal['a', 'b']": lambda v: set(v) == {"a", "b"},
    "Literal[1, 2, 7]": lambda v: set(v) == {1, 2, 7},
    "list[Literal[True]]": lambda v: {b for one in v for b in one} == {True},
    "Annotated[str, at.Len(2, 4)]": lambda v: {len(one) for one in v} == {2, 3, 4},
    "Annotated[list[int], at.MinLen(3)]": lambda v: min(map(len, v)) == 3 and max(map(len, v)) > 10,
    "Sequence[float]": lambda v: [] in v,
}


@pytest.mark.parametrize("name", KNOWN)
def test_values_are_those_of_the_hint(name: str) -> None:
    hint = eval(name)
    values = drawn(hint, CASES)
    assert values is not None and len(values) == CASES
    assert KNOWN[name](values)
    assert [len(drawn(hint, count) or []) for count in (0, 1, 2)] == [0, 1, 2]


@pytest.mark.parametrize(
    "hint",
    [
        Tree,
        Annotated[str, at.Predicate(str.isascii)],
        float | str,
        Literal[1, "a"],
        dict[Literal["a"], int],
        tuple[int, int],
    ],
)
def test_strategies_draw_the_others(hint: Any) -> None:
    assert drawn(hint, 10) is None


HEAD = """
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, NotRequired, TypedDict

import annotated_types as at


class Item(TypedDict):
    price: float | None
    names: NotRequired[list[str]]
    note: NotRequired[str | None]
"""


CALLED = [name for name in KNOWN if not name.startswith("Literal")]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """One run of a pair for each hint, in which both sides give back what they are given."""
    folder = tmp_path_factory.mktemp("called")
    project = Project(folder, "perl")
    for number, hint in enumerate(CALLED):
        calls = folder / f"calls{number}"
        project.pair(
            "sub f { return $_[0] }",
            f"{HEAD}\n\ndef f(x: {hint}) -> {hint}:\n    f.calls += 1\n"
            f"    if f.calls % 100 == 0:\n        Path({str(calls)!r}).write_text(str(f.calls))\n"
            "    return x\n\n\nf.calls = 0\n",
            f"unit{number}",
        )
    return folder, project.run(cases=RUN)


@pytest.mark.parametrize("number", range(len(CALLED)), ids=CALLED)
def test_both_sides_are_given_the_same_once(run: tuple[Path, Run], number: int) -> None:
    folder, done = run
    entry = done.pair(f"unit{number}.f")
    assert (entry["verdict"], entry["cases"]) == ("identical", RUN), entry
    calls = int((folder / f"calls{number}").read_text())
    assert RUN <= calls < 1.1 * RUN  # few are called again


@pytest.mark.parametrize("hint", ["Item", "dict[str, float]"])
def test_a_side_that_is_wrong_for_some_of_them_is_found(tmp_path: Path, hint: str) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub f { my ($x) = @_; my @some = ref $x eq 'HASH' ? %$x : @$x;"
        " return @some % 5 == 4 ? 'other' : $x }",
        f"{HEAD}\n\ndef f(x: {hint}) -> {hint}:\n    return x\n",
    )
    entry = project.run(cases=RUN).pair("unit.f")
    assert (entry["verdict"], entry["perl"]) == ("differs", "other"), entry


def test_items_of_a_list_in_other_spellings() -> None:
    (lists,) = array_values(port(list[str]), 3000)
    pairs = [pair for some in lists for pair in itertools.pairwise(some) if pair[0]]
    assert any(one == other for one, other in pairs)
    assert any(one != other and one.lower() == other.lower() for one, other in pairs)
    (choices,) = array_values(port(list[Literal["a", "b"]]), 3000)
    assert {item for some in choices for item in some} == {"a", "b"}
    (bounded,) = array_values(port(list[Annotated[str, at.Len(2, 4)]]), 3000)
    assert {len(item) for some in bounded for item in some} == {2, 3, 4}


def test_in_some_cases_all_numbers_are_small() -> None:
    one, lists = array_values(port(int, list[int]), 3000)
    both = zip(one, lists, strict=True)
    assert sum({n, *some} <= set(range(13)) for n, some in both) > 300
