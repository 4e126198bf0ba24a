"""When two results are equal, and what is said where they are not."""

from __future__ import annotations

import math
from typing import Any

import pytest
from outcomes import arguments, failed, in_short, results, returned

from parity import CannotRun
from parity.judge.equality import Comparison, Difference
from parity.outcome import Failure, Outcome
from parity.values.perl_values import Function, Uncrossable

# --- lists and hashes -------------------------------------------------------------------------

PARTED = [
    # Perl, Python, where, why, what is there
    ([1.0, 2.0], [1.0, 3.0], "[1]", "", (2.0, 3.0)),
    ([1.0, 2.0, 3.0], [0.0, 2.0, 0.0], "[0]", "", (1.0, 0.0)),
    ([[1.0], [2.0, 3.0]], [[1.0], [2.0, 4.0]], "[1][1]", "", (3.0, 4.0)),
    ([1.0], (2.0,), "[0]", "", (1.0, 2.0)),
    ([1.0], [], "the result", "of length 1 in Perl, 0 in Python", ([1.0], [])),
    ([], [1.0], "the result", "of length 0 in Perl, 1 in Python", ([], [1.0])),
    ([1.0, 2.0], [9.0], "[0]", "", (1.0, 9.0)),
    ([[], [1.0]], [[], []], "[1]", "of length 1 in Perl, 0 in Python", ([1.0], [])),
    ([None], [], "the result", "of length 1 in Perl, 0 in Python", ([None], [])),
    ([[]], [], "the result", "of length 1 in Perl, 0 in Python", ([[]], [])),
    (1.0, [1.0], "the result", "Python has a list, Perl a number", (1.0, [1.0])),
    (None, [], "the result", "Python has a list, Perl undef", (None, [])),
    ({}, [], "the result", "Python has a list, Perl a hash", ({}, [])),
    ([], {}, "the result", "Python has a dict, Perl a list", ([], {})),
    (b"x", {}, "the result", "Python has a dict, Perl text", (b"x", {})),
    ([1.0], 1.0, "the result", "Perl has a list, Python a number", ([1.0], 1.0)),
    ({}, None, "the result", "Perl has a hash, Python undef", ({}, None)),
    ([], None, "the result", "Perl has a list, Python undef", ([], None)),
    ([], "", "the result", "Perl has a list, Python text", ([], "")),
    ({b"a": 1.0}, {"a": 2.0}, "a", "", (1.0, 2.0)),
    (
        {b"values": [0.0, 1.0, 2.0, 3.0]},
        {"values": [0.0, 1.0, 2.0, 4.0]},
        "values[3]",
        "",
        (3.0, 4.0),
    ),
    ([{b"a": {b"b": [1.0]}}], [{"a": {"b": [2.0]}}], "[0].a.b[0]", "", (1.0, 2.0)),
    ({b"a b": [1.0]}, {"a b": [2.0]}, "{'a b'}[0]", "", (1.0, 2.0)),
    ({b"a": {b"": 1.0}}, {"a": {"": 2.0}}, "a{''}", "", (1.0, 2.0)),
    ({b"1": {b"b": 1.0}}, {"1": {"b": 2.0}}, "{'1'}.b", "", (1.0, 2.0)),
    ({b"\xe9": 1.0}, {"é": 2.0}, "é", "", (1.0, 2.0)),
    ({"あ": 1.0}, {"あ": 2.0}, "あ", "", (1.0, 2.0)),
    ({}, {"a": None}, "a", "Perl has no key 'a'", ({}, {"a": None})),
    ({b"a": None}, {}, "a", "Python has no key 'a'", ({b"a": None}, {})),
    ({b"a": {}}, {}, "a", "Python has no key 'a'", ({b"a": {}}, {})),
    ({b"a": []}, {}, "a", "Python has no key 'a'", ({b"a": []}, {})),
    ({b"a": 1.0}, {"A": 1.0}, "A", "Perl has no key 'A'", ({b"a": 1.0}, {"A": 1.0})),
    ([{b"x y": 1.0}], [{}], "[0]{'x y'}", "Python has no key 'x y'", ({b"x y": 1.0}, {})),
    (
        {b"b": 1.0, b"a": 1.0},
        {"b": 2.0, "a": 2.0},
        "b",  # in the port's order
        "",
        (1.0, 2.0),
    ),
    (
        {b"1": 1.0},
        {1: 1.0},
        "the result",
        "Python's key 1 is an integer; a key of a Perl hash is always text",
        ({b"1": 1.0}, {1: 1.0}),
    ),
    (
        [{b"x": {b"1.5": 1.0}}],
        [{"x": {1.5: 1.0}}],
        "[0].x",
        "Python's key 1.5 is a number; a key of a Perl hash is always text",
        ({b"1.5": 1.0}, {1.5: 1.0}),
    ),
]


@pytest.mark.parametrize(("perl", "python", "where", "why", "at"), PARTED, ids=repr)
def test_where_structures_part(perl: Any, python: Any, where: str, why: str, at: Any) -> None:
    assert results(perl, python) == Difference(where, why, perl, python, at)


def test_equal_structures() -> None:
    perl = {b"a": [1.0, [], {}], b"\xe9": None, "あ": {b"x": b"y"}}
    python = {"あ": {"x": "y"}, "é": None, "a": (1, (), {})}
    assert results(perl, python) is None
    assert results({b"a": 1.0}, {b"a": 1.0}) is None


def test_two_keys_that_are_one_in_perl() -> None:
    assert results({b"a": 2.0}, {"a": 1.0, b"a": 2.0}) is not None


# --- errors -----------------------------------------------------------------------------------

DIVISION = failed("die", "Illegal division by zero", domain=True)
BOTH_FAIL = [
    (failed("die", "no data"), failed("ValueError", "no data", domain=True)),
    (failed("die", "no data"), failed("RuntimeError", "no data")),
    (failed("die", "no data"), failed("RuntimeError", "no data\n")),
    (failed("die", "x"), failed("KeyError", "x")),  # args[0], not str(KeyError)
    (failed("die", "5"), failed("KeyError", 5)),
    (failed("die", ""), failed("RuntimeError", "")),
    (DIVISION, failed("ZeroDivisionError", "float division by zero", domain=True)),
    (DIVISION, failed("ValueError", "math domain error", domain=True)),
    (failed("die", {b"code": 5.0}), failed("Failure", {"code": 5})),
    (failed("die", [1.0, b"a"]), failed("Failure", (1.0, "a"))),
    (failed("die", 5.0), failed("Failure", 5)),
    (failed("die", "object:My::Error"), failed("Error", "whatever")),
    (failed("die", "object:Error"), failed("Error", "")),
]


@pytest.mark.parametrize(("perl", "python"), BOTH_FAIL, ids=in_short)
def test_matching_failures(perl: Outcome, python: Outcome) -> None:
    assert Comparison().difference(perl, python) is None


FAIL_OTHERWISE = [
    (failed("die", "no data"), failed("ValueError", "no such data", domain=True)),
    (failed("die", "no data"), failed("ValueError", "", domain=True)),
    (failed("die", "no data"), failed("KeyError", "'no data'")),
    (failed("die", "no data"), failed("NameError", "name 'x' is not defined")),
    (failed("die", "no data"), failed("ZeroDivisionError", "division by zero", domain=True)),
    (DIVISION, failed("NameError", "name 'x' is not defined")),
    (DIVISION, failed("TypeError", "unsupported operand")),
    (DIVISION, failed("OverflowError", "math range error")),
    (DIVISION, failed("NameError", "Illegal division by zero")),
    (DIVISION, failed("RuntimeError", "Illegal division by zero")),
    (failed("die", {b"code": 5.0}), failed("Failure", {"code": 6})),
    (failed("die", {b"code": 5.0}), failed("Failure", "code")),
    (failed("die", "object:My::Error"), failed("NameError", "name 'x' is not defined")),
    (failed("die", "object:My::Error"), failed("MyError", "")),
    (failed("die", "My::Error"), failed("Error", "")),
]


@pytest.mark.parametrize(("perl", "python"), FAIL_OTHERWISE, ids=in_short)
def test_failures_that_do_not_match(perl: Outcome, python: Outcome) -> None:
    found = Comparison().difference(perl, python)
    assert found is not None
    assert (found.where, found.why) == ("the error", "the errors differ")


def test_only_one_side_fails() -> None:
    found = Comparison().difference(failed("die", "no data"), returned("no data"))
    assert found is not None
    assert (found.where, found.why) == ("the error", "only Perl fails")
    assert found.python == "no data"
    found = Comparison().difference(returned(1.0), failed("ValueError", 1.0, domain=True))
    assert found is not None
    assert (found.where, found.why) == ("the error", "only Python fails")
    assert found.perl == 1.0
    assert Comparison(void=True).difference(returned(1.0), failed("ValueError", "x")) is not None


def test_after_equal_failures_arguments_and_output_count() -> None:
    no = Failure("Error", "no")
    perl = Outcome(None, Failure("die", "no"), [[1.0]], b"a")
    assert Comparison().difference(perl, Outcome(None, no, [[1.0]], b"a")) is None
    found = Comparison().difference(perl, Outcome(None, no, [[2.0]], b"a"))
    assert found is not None
    assert found.where == "argument [0][0] after the call"
    found = Comparison().difference(perl, Outcome(None, no, [[1.0]], b"b"))
    assert found is not None
    assert found.where == "the printed output"


# --- the printed output -----------------------------------------------------------------------

PRINTED = [
    (b"", b"", True),
    (b"3.5\n", b"3.5\n", True),
    (b"3.5\n", b"3.5", False),
    (b"", b"\n", False),
    (b"\xe9\n", "é\n".encode(), True),  # Perl's one byte for a small character
    ("é".encode(), "é".encode(), True),
    ("あ\n".encode(), "あ\n".encode(), True),
    (b"\xe9", "è".encode(), False),
    (b"\xe9", "éあ".encode(), False),
    (b"\xff", "ÿ".encode(), True),
    (b"\xff", b"\xff", True),
    (b"\xff", b"\xfe", False),  # written to the buffer below sys.stdout
    (b"", b"\xff", False),
    (b"\xe3\x81", b"", False),
    (b"0", b"-0", False),
]


@pytest.mark.parametrize(("perl", "python", "equal"), PRINTED, ids=repr)
def test_the_printed_output(perl: bytes, python: bytes, equal: bool) -> None:
    found = Comparison().difference(returned(1.0, [], perl), returned(1.0, [], python))
    assert (found is None) == equal
    if found:
        assert found.where == "the printed output"


# --- context ----------------------------------------------------------------------------------


def test_list_context() -> None:
    assert results([1.0, b"a"], (1.0, "a"), listed=True) is None
    assert results([], (), listed=True) is None
    assert results([], None, listed=True) is None
    assert results([[1.0]], ([1.0],), listed=True) is None
    found = results([1.0, 2.0], (1.0, 3.0), listed=True)
    assert found is not None
    assert found.where == "[1]"
    found = results([1.0], None, listed=True)
    assert found is not None
    found = results([None], None, listed=True)
    assert found is not None
    found = results([1.0], [1.0], listed=True)
    assert found is not None
    assert found.why == "annotated as a tuple, the port returned list"


def test_a_tuple_in_scalar_context() -> None:
    found = results(2.0, (1.0, 2.0))
    assert found is not None
    assert found.where == "the result"
    assert "annotate the port's result as a tuple" in found.why
    assert results([1.0, 2.0], (1.0, 2.0)) is None


def test_void_context() -> None:
    assert results(1.0, None, void=True) is None
    assert results(b"", None, void=True) is None
    assert results([1.0], "x", void=True) is None
    assert arguments([1.0], [2.0], void=True) is not None


# --- functions, and what cannot cross ---------------------------------------------------------


def test_functions() -> None:
    names = {math.sin: "main::sine", math.cos: "main::cosine"}.get
    assert results([Function("main::sine")], [math.sin], names=names) is None
    found = results([Function("main::sine")], [math.cos], names=names)
    assert found is not None
    assert (found.where, found.why) == ("[0]", "Perl has the sub main::sine")
    assert results(Function("main::sine"), math.exp, names=names) is not None
    assert results(Function("main::sine"), "main::sine", names=names) is not None
    assert results(1.0, math.sin, names=names) is not None


@pytest.mark.parametrize(
    ("perl", "place"),
    [
        (Uncrossable("GLOB"), ""),
        ([1.0, Uncrossable("GLOB")], r"\[1\]"),
        ({b"a": [Uncrossable("GLOB")]}, r"a\[0\]"),
    ],
)
def test_what_cannot_cross_cannot_be_judged(perl: Any, place: str) -> None:
    python = [1.0, None] if isinstance(perl, list) else {"a": [1.0]}
    with pytest.raises(CannotRun, match=f"Perl's result ?{place} is of a kind .*GLOB"):
        results(perl, python)
    with pytest.raises(CannotRun, match="GLOB"):
        arguments([perl], [python])
    with pytest.raises(CannotRun, match="GLOB"):
        Comparison().difference(failed("die", perl), failed("Error", python))
