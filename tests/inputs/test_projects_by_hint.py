"""Inputs from type hints, through the command."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Project

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
