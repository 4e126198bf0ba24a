"""Inputs from type hints: every kind of hint, bounds everywhere, edges, speed and shrinking."""

from __future__ import annotations

import collections.abc as abc
import enum
import math
import re
import signal
import sys
import typing
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Optional,
    Required,
    TypedDict,
    TypeVar,
    Union,
)

import annotated_types as at
import numpy
import pytest
from conftest import Project
from hypothesis import given
from hypothesis import strategies as st

from parity import CannotRun, Cases
from parity.inputs import array_draws, fast_hypothesis, hints, source_values
from parity.inputs.strategies import (
    MOST_LETTERS,
    THOROUGH,
    Made,
    Port,
    edge_cases,
    fresh,
    make,
    shrink,
    smaller,
    strategy,
)
from parity.values import columns


def port(*wanted: Any, constants: tuple[Any, ...] = (), cases: Cases | None = None) -> Port:
    """A port with one parameter for each hint: x0, x1, …"""
    names = [f"x{n}" for n in range(len(wanted))]
    scope: dict[str, Any] = {}
    exec(f"def f({', '.join(names)}): pass", scope)
    given = dict(zip(names, wanted, strict=True))
    return Port(Path("cases/unit.py"), scope["f"], given, cases or Cases(), [], constants)


def made(hint: Any, count: int = 400, **more: Any) -> list[Any]:
    """What is made for one parameter."""
    return [case.arguments[0] for case in make(port(hint, **more), count, 1, lambda: None)]


def edges(hint: Any) -> list[Any]:
    return [case[0] for case in edge_cases(port(hint), 1)]


class Color(enum.Enum):
    RED = "red"
    GREEN = 2
    BOTH = ("red", 2)
    NOTHING = None
    OTHER = object()  # cannot cross


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Point(NamedTuple):
    x: float
    ok: bool


class Options(TypedDict):
    name: str
    size: NotRequired[Annotated[int, at.Ge(3)]]
    flag: NotRequired[bool]


class Loose(TypedDict, total=False):
    must: Required[float]
    may: Literal["a", "b"]


class Tree(TypedDict):
    value: float
    children: list[Tree]


Meters = NewType("Meters", float)
Small = NewType("Small", Annotated[int, at.Interval(ge=0, lt=10)])  # type: ignore[valid-newtype]
Number = TypeVar("Number", int, str)
Bounded = TypeVar("Bounded", bound=float)


# --- each kind of hint ------------------------------------------------------------------------


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
    (Number, is_a(int, str)),
    (list[Bounded], is_list(is_a(float))),
]


@pytest.mark.parametrize(("hint", "right"), KINDS, ids=[str(hint) for hint, _ in KINDS])
def test_every_kind_of_hint_has_values(hint: Any, right: Callable[[Any], bool]) -> None:
    values = made(hint)
    assert values and all(map(right, values)), [v for v in values if not right(v)][:3]
    # With nothing but draws, too.
    drawn = make(
        port(hint, cases=Cases(st.tuples(hints.Reader().values(hint).strategy))),
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


def test_where_a_bool_stands_in_a_hint() -> None:
    with_bool = [bool, list[bool], dict[str, bool], tuple[bool, int], bool | None, Options, Point]
    with_bool += [Annotated[list[bool], at.MinLen(1)], Literal[True], list[list[Point]]]
    assert all(hints.mentions(hint, bool) for hint in with_bool)
    without = [int, list[int], None, Any, Tree, Literal[1], Annotated[int, True], Color]
    assert not any(hints.mentions(hint, bool) for hint in without)


def test_plain_values_become_what_the_port_wants() -> None:
    assert hints.typed(Color, "red") is Color.RED
    assert hints.typed(Color, ("red", 2)) is Color.BOTH
    assert hints.typed(Level, 2) is Level.HIGH
    assert hints.typed(Level, 2.0) == 2.0
    assert hints.typed(list[Level | None], [2, None, 3]) == [Level.HIGH, None, 3]
    assert hints.typed(dict[str, Color], {"a": 2}) == {"a": Color.GREEN}
    assert hints.typed(tuple[Level, ...], (1, 2)) == (Level.LOW, Level.HIGH)
    assert hints.typed(tuple[float, Color], (1.0, 2)) == (1.0, Color.GREEN)
    assert type(hints.typed(list[Point], [(1.0, True)])[0]) is Point
    assert hints.typed(None, [1]) == [1]
    assert hints.typed(int | list[Color], 2) == 2
    assert hints.typed(int | list[Color], [2]) == [Color.GREEN]


def test_a_copy_of_a_named_tuple_is_one() -> None:
    assert type(fresh([Point(1.0, True)])[0]) is Point


# --- making many, fast, and the same again ----------------------------------------------------


@st.composite
def vectors(draw: st.DrawFn) -> tuple[list[float], list[str]]:
    length = draw(st.integers(0, 4).filter(lambda n: n != 3))
    numbers = draw(st.lists(st.floats(), min_size=length, max_size=length))
    return numbers, draw(st.lists(st.text() | st.builds(str, st.integers()), max_size=3))


STRATEGIES: list[st.SearchStrategy[tuple[Any, ...]]] = [
    vectors(),
    st.tuples(st.dictionaries(st.text(), st.floats(0, 1), max_size=4)),
    st.tuples(st.sampled_from("abc"), st.lists(st.integers(), unique=True)),
    st.tuples(st.recursive(st.booleans(), lambda inner: st.lists(inner, max_size=3))),
    st.tuples(st.binary(), st.shared(st.integers(), key="a"), st.shared(st.integers(), key="a")),
    st.tuples(st.from_regex(r"[a-z]+\d"), st.fixed_dictionaries({"x": st.floats(allow_nan=False)})),
    strategy(port(str, str, list[float], list[float], constants=("key=", 256))),
]


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda one: str(one)[:40])
def test_the_fast_way_makes_what_hypothesis_makes_from_the_same_bytes(
    strategy: st.SearchStrategy[Any],
) -> None:
    where = replace(port(), function=lambda *arguments: None, cases=Cases(strategy))
    cases = make(where, 400, 1, lambda: None)
    fast = [case for case in cases if case.entropy is not None]
    assert len(fast) == len(cases) - THOROUGH > 300

    again: list[Any] = []
    replay = given(strategy)(lambda case: again.append(case)).hypothesis.fuzz_one_input
    for case in fast:
        replay(case.entropy)
    assert list(map(repr, again)) == [repr(case.arguments) for case in fast]


def test_the_slow_way_takes_over_where_they_would_not_agree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(self: fast_hypothesis.Source) -> Any:
        raise AttributeError("the insides have changed")

    monkeypatch.setattr(fast_hypothesis.Source, "draw", broken)
    cases = make(port(list[float], str), 700, 1, lambda: None)
    assert len(cases) == 700 and sum(case.entropy is not None for case in cases) > 200


@pytest.mark.parametrize("hint", [float, list[str], Options, Tree])
def test_the_same_seed_makes_the_same_cases(hint: Any) -> None:
    first, again, other = (
        list(map(repr, make(port(hint), 500, seed, lambda: None))) for seed in (1, 1, 2)
    )
    assert first == again and first != other and len(first) == 500


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (r"$x =~ /^\d+-[a-z]{2}\z/ or die", [r"^\d+-[a-z]{2}\Z"]),
        (r"return unless /a|b/i && $y !~ m/c\/d/;", [r"(?i)a|b", r"c\/d"]),
        (r"(my $t = $s) =~ s/ +$/ /g; my @p = split /\s*,\s*/, $t;", [" +$", r"\s*,\s*"]),
        (r"my $word = qr{(\w{2,}) = }x; s{<b>}{}g", [r"(?x)(\w{2,}) = ", "<b>"]),
        ("$x =~ /^$prefix/; $x =~ /a(/; $x / 2 + $y / 3", []),
        (r"$x =~ m~a/\d+~i; qr|b!| && m{c}", [r"(?i)a/\d+", "b!", "c"]),
        (r"$x =~ /\A(?<k>[[:upper:]]+)\h\k<k>\z/", [r"\A(?P<k>[A-Z]+)[ \t](?P=k)\Z"]),
        (r"$x =~ /^\$[0-9]+\\\@a$/; $x =~ /a\\$b/", [r"^\$[0-9]+\\\@a$"]),
        (r"$x =~ m(^(?:a|b)$) && m[[0-9]x] && m<y>", [r"^(?:a|b)$", "[0-9]x", "y"]),
        ("$x =~ / a # one\n b /x; qr/ c\n d /ix", ["(?x) a # one\n b ", "(?ix) c\n d "]),
        (r"$x =~ /[[:punct:]]/; f(%m, one, 2)", []),
        (r"$x =~ /\p{Lu}\p{Ll}+\x{42}\K[^[:space:][:digit:]]/", [r"[A-Z][a-z]+\x42[^\s0-9]"]),
    ],
)
def test_regular_expressions_of_perl(source: str, found: list[str]) -> None:
    assert source_values.patterns((source, "perl")) == found


def test_regular_expressions_of_python() -> None:
    source = r"""re.sub(r"['0-9]+", "", x); re.compile('a"b')"""
    assert source_values.patterns((source, "python")) == [r"['0-9]+", 'a"b']


def test_texts_of_the_forms_in_the_sources() -> None:
    where = replace(port(str), patterns=(r"^[A-Z]{2}[0-9]{3}\Z", "(?", "(?<=x)(?=y)"))
    texts = [case.arguments[0] for case in make(where, 1000, 1, lambda: None)]
    exact = {text for text in texts if re.fullmatch("[A-Z]{2}[0-9]{3}", text)}
    near = {text for text in texts if re.fullmatch("[A-Z]{1,3}[0-9]{2,4}", text)} - exact
    assert len(exact) > 20 and len(near) > 5


@pytest.mark.parametrize("pattern", [r"\b(\w+\s*)*\b:", "(?:(?:a{50}){50}){50}", "(?", "(?!)"])
def test_patterns_that_are_of_no_use(pattern: str) -> None:
    before = signal.getsignal(signal.SIGALRM)
    assert all(len(text) <= MOST_LETTERS for text in replace(port(str), patterns=[pattern]).texts)
    assert signal.getsignal(signal.SIGALRM) == before


@pytest.mark.parametrize("hint", [str, bytes, list[float], float, int])
def test_arguments_of_the_same_kind_are_made_of_each_other(hint: Any) -> None:
    first, last = 0, 0
    for case in make(port(hint, bool, hint), 1000, 1, lambda: None):
        one, _, other = map(repr, case.arguments)
        first += len(one) > 10 and one == other
        last += len(one) > 10 and one != other and sorted(one) == sorted(other)
    assert first > 10
    assert last > 10 or hint in (float, int)


@pytest.mark.parametrize(
    ("container", "item"), [(list[str], str), (list[float], float), (dict[str, int], str)]
)
def test_an_argument_is_an_item_of_another(container: Any, item: Any) -> None:
    where = port(container, item)
    cases = [case.arguments for case in make(where, 1000, 1, lambda: None)]
    draw = array_draws.drawer(where)
    assert draw
    drawn = draw(numpy.random.default_rng(1), 1000)
    for some in (cases, list(zip(*map(columns.values, drawn), strict=True))):
        texts = [(set(map(repr, one)), repr(other)) for one, other in some]
        assert sum(other in one and len(other) > 6 for one, other in texts) > 5


def test_known_texts_are_drawn_in_other_cases_and_with_line_ends() -> None:
    where = port(str, constants=("Shipped",))
    draw = array_draws.drawer(where)
    assert draw
    chance = numpy.random.default_rng(1)
    drawn = [text for _ in range(3) for text in columns.values(draw(chance, 3000)[0])]
    for texts in ([case.arguments[0] for case in make(where, 3000, 1, lambda: None)], drawn):
        for wanted in ("shipped", "SHIPPED", "sHIPPED"):
            assert wanted in texts, wanted
    varied = {hints.varied("Shipped", ["Shipped"], number) for number in range(1, 2000)}
    assert {"\nhipped", "Shi\nped", "Shippe\n"} <= varied


def test_known_keys_have_values_that_are_no_truth() -> None:
    found = [case[0] for case in edge_cases(port(dict[str, int | None], constants=("rate",)), 1)]
    assert {"rate": 0} in found and {"rate": None} in found


def test_parts_are_left_out_of_lists_of_what_has_a_form() -> None:
    where = port(list[Annotated[str, at.MinLen(2)]])
    made = list(smaller(where, (["ab", "cd"],)))
    assert {repr(one) for (one,) in made} == {"[]", "['cd']", "['ab']"}


def test_parts_are_left_out_of_one_argument_or_of_all() -> None:
    where = port(str, list[str], dict[str, list[int]], int)
    arguments = ("ab", ["abcd", "ef"], {"x": [1, 2], "y": []}, 7)
    made = list(smaller(where, arguments))
    for one in (
        ("", *arguments[1:]),
        ("b", *arguments[1:]),
        ("ab", ["ef"], *arguments[2:]),
        ("ab", ["acd", "e"], *arguments[2:]),
        ("ab", arguments[1], {"y": []}, 7),
        ("ab", arguments[1], {"x": [2], "y": []}, 7),
        ("b", ["ef"], {"y": []}, 7),
        ("b", ["bcd", "f"], {"x": [2], "y": []}, 7),
    ):
        assert one in made, one
    assert arguments not in made


@pytest.mark.parametrize("hint", [Annotated[str, at.MinLen(1)], Options, Literal["ab"], Color])
def test_nothing_is_left_out_of_what_has_a_form(hint: Any) -> None:
    assert list(smaller(port(hint), ("ab",))) == []
    assert list(smaller(port(str, cases=Cases(st.tuples(st.just("ab")))), ("ab",))) == []


def test_draws_that_are_given_up_are_not_cases() -> None:
    even = st.tuples(st.integers().filter(lambda n: n % 2 == 0))
    cases = make(port(int, cases=Cases(even)), 300, 1, lambda: None)
    assert len(cases) > 200 and all(case.arguments[0] % 2 == 0 for case in cases)


def test_a_strategy_that_fails_is_one_line() -> None:
    def fail(value: float) -> tuple[float]:
        if value > 1e9:
            raise RuntimeError("boom")
        return (value,)

    cases = Cases(st.floats(0, 1e10).map(fail))
    with pytest.raises(CannotRun, match=r"making the inputs failed: RuntimeError: boom$"):
        make(port(float, cases=cases), 1000, 1, lambda: None)


def smallest(where: Port, case: Made, fails: Callable[[Any], bool]) -> Any:
    """What a failing case is made to."""
    found: list[Any] = []

    def test(arguments: tuple[Any, ...]) -> None:
        if fails(arguments):
            found.append(arguments)
            raise ValueError

    with pytest.raises(ValueError):
        shrink(where, 1000, 1, case, test)
    return found[-1]


def test_a_failing_case_from_random_bytes_is_made_small() -> None:
    where = port(list[float], str)

    def fails(arguments: Any) -> bool:
        return len(arguments[0]) >= 2 and bool(arguments[0][1] > 1000) and len(arguments[1]) > 2

    cases = make(where, 1000, 1, lambda: None)
    case = next(one for one in cases if one.entropy is not None and fails(one.arguments))
    numbers, text = smallest(where, case, fails)
    assert len(numbers) == 2 and numbers[1] == 1001.0 and len(text) == 3


# --- through the command ----------------------------------------------------------------------

TYPES = """\
import enum
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import annotated_types as at


"""


def judged(project: Project, perl: str, python: str, **options: Any) -> dict[str, Any]:
    project.pair(f"sub f {{ {perl} }}", TYPES + python + "\n")
    return project.run(**options).pair("unit.f")


RIGHT = {
    "list_of_bools": (
        "my ($v) = @_; return [map { $_ > 0 ? 'yes' : '' } @$v]",
        "def f(v: list[float]) -> list[bool]:\n    return [x > 0 for x in v]",
    ),
    "dict_of_bools": (
        "my ($v) = @_; return { some => scalar(@$v), none => !@$v }",
        "def f(v: list[float]) -> dict[str, bool]:\n    return {'some': bool(v), 'none': not v}",
    ),
    "tuple_with_a_bool": (
        "my ($v) = @_; return (scalar(@$v), 7)",
        "def f(v: list[float]) -> tuple[bool, int]:\n    return bool(v), 7",
    ),
    "bools_as_arguments": (
        "my ($v) = @_; $_ = $_ ? 0 : 5 for @$v; return scalar @$v",
        "def f(v: list[bool]) -> int:\n    v[:] = [not x for x in v]\n    return len(v)",
    ),
    "order_of_keys": (
        "my ($h) = @_; return { b => 1, a => 2, map { ($_ => 1) } keys %$h }",
        "def f(h: dict[str, int]) -> dict[str, int]:\n"
        "    return {'a': 2, 'b': 1} | {k: 1 for k in reversed(h)}",
    ),
    "nested_bounds": (
        "my ($h) = @_; my $s = 0; for (values %$h) { $s += 1 / $_->[0] } return @{[%$h]} / 2",
        "def f(h: Mapping[str, tuple[Annotated[float, at.Gt(0)], int]]) -> int:\n"
        "    [1 / one[0] for one in h.values()]\n    return len(h)",
    ),
    "typed_dict": (
        "my ($o) = @_; return exists $o->{size} ? $o->{size} / 3 : length $o->{name}",
        "class O(TypedDict):\n    name: str\n    size: NotRequired[Annotated[int, at.Ge(3)]]\n\n\n"
        "def f(o: O) -> float:\n    return o['size'] / 3 if 'size' in o else len(o['name'])",
    ),
    "enum": (
        "my ($c, $v) = @_; $v = [@$v, 'red'] if $c eq 'red'; return { color => $c, all => $v }",
        "class Color(enum.Enum):\n    RED = 'red'\n    BLUE = 'blue'\n\n\n"
        "def f(c: Color, v: list[Color]) -> dict[str, Any]:\n"
        "    return {'color': c, 'all': [*v, Color.RED] if c is Color.RED else v}",
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_ports(project: Project, name: str) -> None:
    pair = judged(project, *RIGHT[name])
    assert pair["verdict"] == "identical", pair
    assert pair["cases"] > pair["failed"]


WRONG = {
    "a_bool_in_a_list": (
        "my ($v) = @_; return [map { $_ >= 0 } @$v]",
        "def f(v: list[float]) -> list[bool]:\n    return [x > 0 for x in v]",
        "not the same truth in Perl",
    ),
    "undef_for_a_bool_in_data": (
        "my ($x) = @_; return [undef]",
        "def f(x: float) -> list[bool]:\n    return [False]",
        "Perl has undef",
    ),
    "integer_that_became_a_double": (
        "my ($n) = @_; return $n * 3",
        "def f(n: int) -> int:\n    return n * 3",
        "Perl's integer became a double",
    ),
    "one_literal": (
        "my ($m) = @_; return $m eq 'slow' ? 1 : 0",
        "def f(m: Literal['fast', 'slow', 'off']) -> int:\n    return 0",
        "",
    ),
    "an_absent_key": (
        "my ($o) = @_; return exists $o->{b} ? 1 : 0",
        "class O(TypedDict, total=False):\n    a: int\n    b: int\n\n\n"
        "def f(o: O) -> int:\n    return 1",
        "",
    ),
    "another_member": (
        "my ($c) = @_; return 'red'",
        "class Color(enum.Enum):\n    RED = 'red'\n    BLUE = 'blue'\n\n\n"
        "def f(c: Color) -> Color:\n    return c",
        "",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_ports(project: Project, name: str) -> None:
    perl, python, why = WRONG[name]
    pair = judged(project, perl, python, cases=60)
    assert pair["verdict"] == "differs", pair
    assert why in pair["why"]
    shown = project.parity(*pair["reproduce"].split()[1:2], "unit.f", *map(repr, pair["input"]))
    assert shown.status == 1 and "differs" in shown.out, shown


def test_hints_that_are_not_enough(project: Project) -> None:
    pair = judged(project, "return 1", "def f(h: dict[int, float]) -> int:\n    return 1")
    assert pair["verdict"] == "could not run"
    assert (
        "parameter h, hinted dict[int, float]: a key of a Perl hash is always text"
        in pair["reason"]
    )
    pair = judged(project, "return 1", "def f(x: Any) -> int:\n    return 1")
    assert f"write in {project.root}/cases/unit.py: from hypothesis import" in pair["reason"]
