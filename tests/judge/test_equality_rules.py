"""How the outcomes of a pair are compared: what its settings and its port's hints say."""

from __future__ import annotations

import math
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from outcomes import arguments, results, returned

from parity import CannotRun, Cases
from parity.judge.equality import Comparison, rules_of
from parity.project import pairs
from parity.project.settings import Declared
from parity.project.source import Source
from parity.values.perl_values import Function, Uncrossable

# --- the rules of a pair ----------------------------------------------------------------------


def port(values: list[float], on: bool, *, size: int = 1) -> bool:
    """A port."""
    return on


def both(x: float) -> tuple[float, float]:
    return x, x


def nothing(x: float) -> None:
    pass


def rules(function: Any, context: str = "", text_numbers: bool = False) -> Comparison:
    """The rules of a pair with this port; context: as the settings declare it."""
    declared = Declared(context=context)
    source = Source(None, Path("unit.py"), "f", 0, 0)
    pair = pairs.Pair("unit.f", source, source, declared)
    return rules_of(lambda f: "main::f", function, pair, Cases(text_numbers=text_numbers))


def test_the_rules_of_a_port_are_those_of_its_hints() -> None:
    found = rules(port)
    assert (found.parameters, found.result) == (("values", "on", "size"), bool)
    assert found.hints == (Any, bool, Any)  # no other hint is of use
    assert found.names(len) == "main::f"
    assert (found.listed, found.tuples, found.void) == (False, True, False)
    assert not found.text_numbers
    assert found.returns_bool
    assert rules(port, text_numbers=True).text_numbers


@pytest.mark.parametrize(
    ("function", "context", "listed", "tuples", "void"),
    [
        (port, "", False, True, False),
        (both, "", True, True, False),
        (nothing, "", False, True, True),
        (port, "list", True, False, False),
        (both, "scalar", False, False, False),
        (port, "void", False, False, True),
    ],
)
def test_the_context_comes_from_the_settings_or_the_hint(
    function: Any, context: str, listed: bool, tuples: bool, void: bool
) -> None:
    found = rules(function, context)
    assert (found.listed, found.tuples, found.void) == (listed, tuples, void)


def test_a_port_without_a_signature_has_rules() -> None:
    found = rules(max)
    assert (found.parameters, found.result, found.hints) == ((), Any, ())
    assert not found.returns_bool


def test_two_runs_of_the_sub_are_compared_as_they_are() -> None:
    found = Comparison(result=bool, listed=True, void=True, text_numbers=True).between_perls
    assert (found.result, found.listed, found.void) == (Any, False, True)
    assert found.text_numbers
    assert results(5.0, 5.0, result=bool) is None
    between = Comparison(result=bool).between_perls
    assert between.difference(returned(5.0), returned(6.0)) is not None
    listed = Comparison(listed=True).between_perls
    assert listed.difference(returned([5.0]), returned([5.0])) is None


def test_list_context_that_the_settings_declare_takes_a_list() -> None:
    assert results([1.0], [1.0], listed=True, tuples=False) is None
    assert results([1.0], (1.0,), listed=True, tuples=False) is None
    assert results([], None, listed=True, tuples=False) is None
    found = results([1.0], 1.0, listed=True, tuples=False)
    assert found is not None
    assert found.why == "called in list context, the port returned float, not a tuple or a list"


class Color(Enum):
    RED = "red"
    LIST = ("a", "b")


def test_a_member_is_its_value() -> None:
    assert results(b"red", Color.RED) is None
    assert results([b"a", b"b"], Color.LIST) is None
    assert results(b"blue", Color.RED) is not None
    assert arguments([{b"x": b"red"}], [{"x": Color.RED}]) is None


def test_an_argument_that_neither_side_changed_is_not_looked_at() -> None:
    same = [Uncrossable("GLOB")]
    assert arguments([same], [same]) is None


def test_an_anonymous_sub_cannot_cross() -> None:
    with pytest.raises(CannotRun, match=r"Perl's result \[0\] is .* anonymous sub"):
        results([Function("main::__ANON__")], [math.sin])
    with pytest.raises(CannotRun, match=r"Perl's argument a is .*\(GLOB\)"):
        arguments([{b"a": Uncrossable("GLOB")}], [{"a": 1.0}])
