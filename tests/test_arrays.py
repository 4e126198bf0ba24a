"""Cases from NumPy's generators: the hints that are known, their bounds, and both sides on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence  # noqa: F401 (Mapping is in a text)
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import annotated_types as at
import numpy as np
import pytest
from conftest import Project

from parity import Cases
from parity.inputs import array_draws
from parity.inputs.port import Port
from parity.judge import bulk
from parity.values import columns

CASES = 5_000


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
    found = columns.values(column)
    again = columns.of(found, whole=True)
    few = count < 3  # so few need not be a column, and are judged alone then
    assert few or (again and repr(columns.values(again)) == repr(found))
    rows = np.arange(count)[::3]
    assert repr(columns.values(columns.take(column, rows))) == repr(found[::3])
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


@pytest.mark.parametrize("hint", [name for name in KNOWN if not name.startswith("Literal")])
def test_both_sides_are_given_the_same_once(tmp_path: Path, hint: str) -> None:
    project = Project(tmp_path, "perl")
    calls = tmp_path / "calls"
    project.pair(
        "my $calls = 0;\nsub right { return $_[0] }\n"
        f"sub wrong {{ return ++$calls > {bulk.FIRST + 20} ? 'other' : $_[0] }}",
        f"{HEAD}\n\ndef wrong(x: {hint}) -> {hint}:\n    return x\n\n\n"
        f"def right(x: {hint}) -> {hint}:\n    right.calls += 1\n    if right.calls % 100 == 0:\n"
        f"        Path({str(calls)!r}).write_text(str(right.calls))\n"
        "    return x\n\n\nright.calls = 0\n",
    )
    run = project.run(cases=CASES)
    right, wrong = run.pair("unit.right"), run.pair("unit.wrong")
    assert (right["verdict"], right["cases"]) == ("identical", CASES), right
    if "bool" not in hint and "True" not in hint:  # which no column of results holds
        assert int(calls.read_text()) < 1.1 * CASES  # few are judged again, alone
    assert (wrong["verdict"], wrong["perl"]) == ("differs", "other"), wrong
