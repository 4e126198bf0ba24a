"""Values of type hints: every kind of hint, bounds everywhere, edges that cover everything."""

from __future__ import annotations

import collections.abc as abc
import math
import sys
import typing
from collections.abc import Callable, Iterator
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Optional,
    TypedDict,
    TypeVar,
    Union,
)

import annotated_types as at
import pytest
from hypothesis import strategies as st
from samples import (
    Bounded,
    Color,
    Level,
    Loose,
    Meters,
    Options,
    Point,
    Small,
    Tree,
    edges,
    made,
    port,
)
from samples import Number as NumberVariable

from parity import CannotRun, Cases
from parity.inputs.hints import (
    read,
)
from parity.inputs.strategies import edge_cases, make
from parity.inputs.values import Builder


def is_list(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: type(value) is list and all(map(check, value))


def is_a(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: type(value) in kinds


def is_options(value: Any) -> bool:
    size, flag = value.get("size", 3), value.get("flag", True)
    keys = {"name"} <= value.keys() <= {"name", "size", "flag"}
    return keys and type(value["name"]) is str and size >= 3 and type(flag) is bool


def is_tree(value: Any) -> bool:
    return type(value["value"]) is float and all(map(is_tree, value["children"]))


KINDS: list[tuple[Any, Callable[[Any], bool]]] = [
    (int, is_a(int)),
    (float, is_a(float)),
    (bool, is_a(bool)),
    (str, is_a(str)),
    (bytes, is_a(bytes)),
    (None, is_a(type(None))),
    (list[float], is_list(is_a(float))),
    (list[list[int]], is_list(is_list(is_a(int)))),
    (typing.List[bool], is_list(is_a(bool))),  # noqa: UP006
    (abc.Sequence[int], is_list(is_a(int))),
    (abc.Iterable[int], is_list(is_a(int))),
    (abc.Collection[str], is_list(is_a(str))),
    (tuple[float, str], lambda v: is_a(float)(v[0]) and is_a(str)(v[1]) and len(v) == 2),
    (tuple[int, ...], lambda v: type(v) is tuple and all(type(i) is int for i in v)),
    (tuple[()], lambda v: v == ()),
    (dict[str, float], lambda v: is_list(is_a(str))(list(v)) and is_a(dict)(v)),
    (dict[Literal["a", "b"], int], lambda v: v.keys() <= {"a", "b"}),
    (abc.Mapping[str, list[int]], lambda v: all(map(is_list(is_a(int)), v.values()))),
    (Literal[1, "a", None, True], lambda v: v in (1, "a", None, True)),
    (int | str, is_a(int, str)),
    (Union[int, list[str]], is_a(int, list)),  # noqa: UP007
    (Optional[float], is_a(float, type(None))),  # noqa: UP045
    (list[float | None], is_list(is_a(float, type(None)))),
    (Color, lambda v: isinstance(v, Color) and v is not Color.OTHER),
    (Level, is_a(Level)),
    (Options, is_options),
    (Loose, lambda v: type(v["must"]) is float and v.get("may", "a") in "ab"),
    (list[Options], is_list(is_options)),
    (Tree, is_tree),
    (Point, lambda v: type(v) is Point and type(v.ok) is bool),
    (Meters, is_a(float)),
    (list[Small], is_list(lambda v: 0 <= v < 10)),
    (NumberVariable, is_a(int, str)),
    (list[Bounded], is_list(is_a(float))),
]


@pytest.mark.parametrize(("hint", "right"), KINDS, ids=[str(hint) for hint, _ in KINDS])
def test_every_kind_of_hint_has_values(hint: Any, right: Callable[[Any], bool]) -> None:
    values = made(hint)
    assert values and all(map(right, values)), [v for v in values if not right(v)][:3]
    # With nothing but draws, too.
    drawn = make(
        port(hint, cases=Cases(st.tuples(Builder().values(read(hint)).strategy))),
        150,
        2,
        lambda: None,
    )
    assert drawn and all(right(case.arguments[0]) for case in drawn)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="`type X = …` is of 3.12")
def test_type_aliases() -> None:
    scope: dict[str, Any] = {"Annotated": Annotated, "at": at}
    exec("type Row = list[Annotated[int, at.Ge(5)]]\ntype Json = list[Json] | float\n", scope)
    exec("type Pair[T] = tuple[T, T]\n", scope)
    row, json, pair = scope["Row"], scope["Json"], scope["Pair"]
    assert all(n >= 5 for rows in made(list[row]) for part in rows for n in part)
    assert any(type(v) is list and any(type(i) is list for i in v) for v in made(json))
    assert all(type(a) is type(b) is int for a, b in made(pair[int]))


def test_integers_are_mostly_small_and_reach_the_ends() -> None:
    values = made(int, 1000)
    assert sum(abs(value) <= 2**31 for value in values) > 600
    assert {2**63 - 1, 2**63, -(2**63), 0, 2**53 + 1} <= set(values)
    assert all(-(2**63) <= value < 2**64 for value in values)


def test_texts_have_perls_edges_and_characters_of_all_planes() -> None:
    edge = edges(str)
    assert {"", "0", "0.0", "00", "0 but true", " 12 "} <= set(edge)
    assert any(text.endswith("\n") and text[:-1] for text in edge)
    drawn = [text for text in made(str, 1000) if text not in edge]
    assert any(ord(character) > 0xFFFF for text in drawn for character in text)


def test_floats_have_both_zeros_and_no_number() -> None:
    shown = {repr(value) for value in edges(float)}
    assert {"0.0", "-0.0", "inf", "-inf", "nan", "5e-324"} <= shown


# --- bounds -----------------------------------------------------------------------------------

Positive = Annotated[float, at.Gt(0)]
Digit = Annotated[int, at.Interval(ge=0, le=9)]
Three = Annotated[list[Digit], at.Len(3, 3)]


class Sized(TypedDict):
    digit: Digit
    rows: NotRequired[list[Three]]


def is_digit(value: Any) -> bool:
    return type(value) is int and 0 <= value <= 9


def is_three(value: Any) -> bool:
    return len(value) == 3 and all(map(is_digit, value))


BOUNDS: list[tuple[Any, Callable[[Any], bool]]] = [
    (Positive, lambda v: v > 0),
    (Annotated[float, at.Ge(0), at.Lt(1)], lambda v: 0 <= v < 1),
    (
        Annotated[float, at.Interval(gt=1e300, lt=1.0000001e300)],
        lambda v: 1e300 < v < 1.0000001e300,
    ),
    (Annotated[float, at.MultipleOf(0.25)], lambda v: v % 0.25 == 0),
    (Annotated[float, at.IsFinite.__metadata__[0]], math.isfinite),
    (Annotated[int, at.Gt(2**40)], lambda v: v > 2**40),
    (Annotated[int, at.Lt(-(2**40))], lambda v: v < -(2**40)),
    (Annotated[int, at.Ge(2**63)], lambda v: 2**63 <= v < 2**64),
    (Annotated[int, at.Gt(0.5), at.Lt(1.5)], lambda v: v == 1),
    (Annotated[int, at.MultipleOf(1000), at.Gt(0)], lambda v: v > 0 and v % 1000 == 0),
    (Annotated[int, at.Predicate(lambda n: n % 2 == 1)], lambda v: v % 2 == 1),
    (Annotated[str, at.Len(2, 3)], lambda v: 2 <= len(v) <= 3),
    (Annotated[bytes, at.MinLen(4)], lambda v: len(v) >= 4),
    (Annotated[str, at.MaxLen(0)], lambda v: v == ""),
    (Annotated[Literal[1, 2, 3], at.Gt(1)], lambda v: v in (2, 3)),
    (Annotated[Level, at.Gt(1)], lambda v: v is Level.HIGH),
    (Annotated[int | float | None, at.Ge(7)], lambda v: v is not None and v >= 7),
    (Annotated[list[int], at.MinLen(2)], lambda v: len(v) >= 2),
    (
        Annotated[dict[str, Digit], at.Len(1, 2)],
        lambda v: 1 <= len(v) <= 2 and all(map(is_digit, v.values())),
    ),
    (Annotated[tuple[Digit, ...], at.MinLen(1)], lambda v: v and all(map(is_digit, v))),
    (Annotated[Annotated[int, at.Ge(1)], at.Le(3)], lambda v: 1 <= v <= 3),
    (Annotated[Meters, at.Gt(5)], lambda v: v > 5),
    (Annotated[int, "a note", at.Ge(4)], lambda v: v >= 4),
    (Three, is_three),
    (list[Digit], lambda v: all(map(is_digit, v))),
    (list[Three | None], lambda v: all(i is None or is_three(i) for i in v)),
    (tuple[Digit, list[Positive]], lambda v: is_digit(v[0]) and all(i > 0 for i in v[1])),
    (dict[str, Three], lambda v: all(map(is_three, v.values()))),
    (dict[Annotated[str, at.MinLen(1)], int], lambda v: all(v.keys())),
    (Sized, lambda v: is_digit(v["digit"]) and all(map(is_three, v.get("rows", [])))),
    (
        list[dict[str, tuple[Digit, Digit]]],
        lambda v: all(is_digit(n) for d in v for t in d.values() for n in t),
    ),
]


@pytest.mark.parametrize(("hint", "within"), BOUNDS)
def test_bounds_hold_everywhere(hint: Any, within: Callable[[Any], bool]) -> None:
    edge = edges(hint)
    values = made(hint, len(edge) + 300, constants=(5, 77, 5.5, -3, "abc", "", b"xy"))
    assert edge and all(map(within, edge)), edge
    assert values and all(map(within, values)), [v for v in values if not within(v)][:3]


def test_the_bounds_themselves_are_edges() -> None:
    assert {100, 101, 999} <= set(edges(Annotated[int, at.Ge(100), at.Lt(1000)]))
    assert {math.nextafter(0.7, 1), 0.9} <= set(edges(Annotated[float, at.Gt(0.7), at.Le(0.9)]))
    lengths = {len(value) for value in edges(Annotated[list[int], at.Len(2, 6)])}
    assert {2, 6} <= lengths


NOTHING = [
    Annotated[int, at.Gt(5), at.Lt(3)],
    Annotated[float, at.Gt(1), at.Lt(1)],
    Annotated[int, at.Ge(2**64)],
    Annotated[int, at.Gt(1), at.Lt(2)],
    Annotated[int, at.MultipleOf(10), at.Interval(gt=10, lt=20)],
    Annotated[str, at.Len(3, 2)],
    Annotated[list[int], at.MinLen(3), at.MaxLen(2)],
    Annotated[Literal[1, 2], at.Gt(2)],
    Annotated[Level, at.Lt(0)],
    Annotated[bool, at.Gt(1)],
    list[Annotated[int, at.Gt(5), at.Lt(3)]],
    dict[str, Annotated[int | float, at.Gt(5), at.Lt(3)]],
]


@pytest.mark.parametrize("hint", NOTHING, ids=str)
def test_bounds_that_admit_nothing_are_one_error(hint: Any) -> None:
    with pytest.raises(CannotRun, match=r"parameter x0, .*: its bounds admit nothing; write in"):
        made(hint)


# --- edges cover everything -------------------------------------------------------------------


def test_edges_cover_arms_values_members_and_keys() -> None:
    assert {type(v) for v in edges(int | str | None | list[bool])} == {int, str, type(None), list}
    assert set(edges(Literal["a", "b", 3])) == {"a", "b", 3}
    assert set(edges(Color)) == {Color.RED, Color.GREEN, Color.BOTH, Color.NOTHING}
    assert {frozenset(v) for v in edges(Options)} >= {
        frozenset({"name"}),
        frozenset({"name", "size"}),
        frozenset({"name", "flag"}),
        frozenset({"name", "size", "flag"}),
    }
    assert {v.get("may") for v in edges(Loose)} == {"a", "b", None}
    assert {v.get("flag") for v in edges(Options)} == {True, False, None}
    assert {item for v in edges(list[Literal["p", "q"]]) for item in v} == {"p", "q"}
    assert {type(v["k"]) for v in made(dict[Literal["k"], int | str]) if v} == {int, str}
    assert {v.ok for v in edges(Point)} == {True, False}


def test_every_edge_value_is_in_a_case_of_several_parameters() -> None:
    cases = edge_cases(port(str, int, float), 1)
    for index, hint in enumerate((str, int, float)):
        assert {repr(case[index]) for case in cases} == set(map(repr, edges(hint)))


# --- hints that are not enough ----------------------------------------------------------------


class Plain:
    def __init__(self, x: int) -> None:
        self.x = x


ADVICE = r"write in cases/unit.py: from hypothesis import .*; from parity import Cases; f = Cases\("
UNKNOWN: list[tuple[Any, str]] = [
    (Any, "nothing is known of Any"),
    (object, "nothing is known of object"),
    (Plain, "nothing is known of Plain"),
    (list[Plain], "nothing is known of Plain"),
    (complex, "nothing is known of complex"),
    (set[int], "nothing is known of set"),
    (Iterator[int], "nothing is known of"),
    (TypeVar("Free"), "nothing is known of ~Free"),
    (int | Plain, "nothing is known of Plain"),
    (list, r"it is not said what it holds: write list\[float\]"),
    (dict, r"it is not said what it holds: write dict\[str, float\]"),
    (tuple, r"it is not said what it holds: write tuple\[float\]"),
    (dict[int, float], r"a key of a Perl hash is always text: write dict\[str, "),
    (abc.Mapping[float, int], r"a key of a Perl hash is always text: write dict\[str, "),
    (dict[str | int, int], r"a key of a Perl hash is always text: write dict\[str, "),
]


@pytest.mark.parametrize(("hint", "said"), UNKNOWN, ids=[str(hint) for hint, _ in UNKNOWN])
def test_an_unknown_hint_says_what_to_write(hint: Any, said: str) -> None:
    with pytest.raises(CannotRun, match=f"parameter x0, hinted .*{said}.*; {ADVICE}") as caught:
        made(hint)
    assert "\n" not in str(caught.value)


# --- what the comparison and the command line ask of hints ------------------------------------


def test_known_keys_have_values_that_are_no_truth() -> None:
    found = [case[0] for case in edge_cases(port(dict[str, int | None], constants=("rate",)), 1)]
    assert {"rate": 0} in found and {"rate": None} in found
