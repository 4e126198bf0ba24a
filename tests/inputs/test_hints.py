"""The tree of a type hint, and the functions over it."""

from __future__ import annotations

import math
from typing import (
    Annotated,
    Any,
    Literal,
    NewType,
    NotRequired,
    TypedDict,
)

import annotated_types as at
import pytest
from samples import (
    Color,
    Level,
    Meters,
    Options,
    Point,
    Small,
    Tree,
)

from parity.inputs.bounds import Bounds
from parity.inputs.hints import (
    ANY,
    ListOf,
    Number,
    Reference,
    Text,
    Unknown,
    admits,
    coerce,
    contains_type,
    deletable_depth,
    element,
    is_bool,
    read,
)


def test_where_a_bool_stands_in_a_hint() -> None:
    with_bool = [bool, list[bool], dict[str, bool], tuple[bool, int], bool | None, Options, Point]
    with_bool += [Annotated[list[bool], at.MinLen(1)], Literal[True], list[list[Point]]]
    assert all(contains_type(read(hint), bool) for hint in with_bool)
    without = [int, list[int], None, Any, Tree, Literal[1], Annotated[int, True], Color]
    assert not any(contains_type(read(hint), bool) for hint in without)


def test_plain_values_become_what_the_port_wants() -> None:
    assert coerce(read(Color), "red") is Color.RED
    assert coerce(read(Color), ("red", 2)) is Color.BOTH
    assert coerce(read(Level), 2) is Level.HIGH
    assert coerce(read(Level), 2.0) == 2.0
    assert coerce(read(list[Level | None]), [2, None, 3]) == [Level.HIGH, None, 3]
    assert coerce(read(dict[str, Color]), {"a": 2}) == {"a": Color.GREEN}
    assert coerce(read(tuple[Level, ...]), (1, 2)) == (Level.LOW, Level.HIGH)
    assert coerce(read(tuple[float, Color]), (1.0, 2)) == (1.0, Color.GREEN)
    assert type(coerce(read(list[Point]), [(1.0, True)])[0]) is Point
    assert coerce(read(None), [1]) == [1]
    assert coerce(read(int | list[Color]), 2) == 2
    assert coerce(read(int | list[Color]), [2]) == [Color.GREEN]


class Inner(TypedDict):
    bools: list[bool | None]
    tree: NotRequired[Tree]


def test_the_tree_of_a_hint() -> None:
    bounded = read(Annotated[list[int | None], at.MinLen(2)])
    assert isinstance(bounded, ListOf) and bounded.bounds.shortest == 2
    assert bounded.item == read(int | None) != read(int) == Number(int)
    assert read(Annotated[str, "a note"]) == Text() != read(Annotated[str, at.MaxLen(3)])
    assert read(Annotated[int, at.Ge(3)]) == read(Annotated[int, at.Ge(3)])
    assert read(list) == Unknown("of list it is not said what it holds: write list[float]")
    assert element(bounded, 0).bounds == Bounds()


def test_bounds_around_a_union_or_another_name_stand_at_what_is_meant() -> None:
    for hint in (Annotated[int | float, at.Ge(7)], Annotated[Small, at.Ge(7)]):
        assert admits(read(hint), 8) and not admits(read(hint), 6)
    assert not admits(read(Annotated[Small, at.Ge(7)]), 10)


def test_a_hint_inside_itself_is_a_reference() -> None:
    children = element(read(Tree), "children")
    inner = element(children, 0)
    assert isinstance(inner, Reference) and inner.target == read(Tree)
    assert element(element(element(inner, "children"), 5), "value") == Number(float)
    assert contains_type(children, float) and not contains_type(children, str)


def test_the_kind_of_an_element() -> None:
    assert element(read(Inner), "bools") == read(list[bool | None])
    assert element(read(Inner), "missing") is ANY
    assert element(read(tuple[int, str]), 1) == Text()
    assert element(read(tuple[int, str]), 2) is ANY
    assert element(read(tuple[int, ...]), 7) == Number(int)
    assert element(read(dict[str, bool]), "a") == read(bool)
    assert element(read(dict[str, bool]), 0) is ANY is element(read(list[bool]), "a")
    assert is_bool(element(read(Point), 1)) and not is_bool(element(read(Point), 0))
    assert is_bool(element(read(list[bool] | dict[str, int]), 0))
    assert element(read(Any), 0) is ANY is element(read(Literal["ab"]), 0)


@pytest.mark.parametrize(
    ("hint", "wanted"),
    [
        (bool, True),
        (bool | None, True),
        (Literal[True, False], True),
        (Literal[True, 1], False),
        (NewType("Yes", bool), True),
        (bool | int, False),
        (list[bool], False),
        (Any, False),
    ],
)
def test_what_is_a_bool(hint: Any, wanted: bool) -> None:
    assert is_bool(read(hint)) == wanted


ADMITTED: list[tuple[Any, Any, Any]] = [
    (float, 1.0, 1),
    (int, 1, True),
    (bool, False, 0),
    (str, "a", b"a"),
    (None, None, 0),
    (Literal[1, "a"], 1, True),
    (Color, Color.RED, "red"),
    (list[int], [1, 2], [1, 2.0]),
    (list[int], [], ()),
    (tuple[int, ...], (1, 2), [1, 2]),
    (tuple[int, str], (1, "a"), (1, "a", "b")),
    (dict[str, int], {"a": 1}, {"a": "b"}),
    (dict[str, int], {}, []),
    (Options, {"name": "a", "size": 3}, {"name": "a", "size": 2}),
    (Options, {"name": "a"}, {"size": 3}),
    (Point, Point(1.0, True), (1.0, True)),
    (int | None, None, "a"),
    (Tree, {"value": 1.0, "children": []}, {"value": 1.0, "children": [{"value": 1.0}]}),
    (Annotated[list[Annotated[int, at.Lt(5)]], at.MinLen(1)], [4], [5]),
    (Annotated[list[int], at.MinLen(1)], [4], []),
    (Meters, 1.0, "1"),
]


@pytest.mark.parametrize(("hint", "good", "bad"), ADMITTED, ids=str)
def test_what_a_hint_admits(hint: Any, good: Any, bad: Any) -> None:
    assert admits(read(hint), good) and not admits(read(hint), bad)
    assert admits(ANY, good) and admits(ANY, bad)


@pytest.mark.parametrize(
    ("hint", "depth"),
    [
        (float, math.inf),
        (list[list[str]], math.inf),
        (dict[str, list[Annotated[int, at.Ge(0)]]], 2),
        (list[Options], 1),
        (list[int] | Literal["a"], 0),
        (Annotated[list[int], at.MaxLen(3)], 0),
        (tuple[int, ...], 0),
        (Meters, 0),
        (Any, 0),
    ],
)
def test_how_deep_parts_may_be_left_out(hint: Any, depth: float) -> None:
    assert deletable_depth(read(hint)) == depth
