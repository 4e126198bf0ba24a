"""When two results are equal, and what is said where they are not."""

from __future__ import annotations

import copy
import math
import struct
from typing import Annotated, Any, Literal, NamedTuple, NewType, TypedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity import CannotRun
from parity.calls.sides import failure
from parity.judge.equality import Comparison, Difference, scalar_difference
from parity.perl.codec import Dual, Function, Uncrossable
from parity.perl.process import Outcome, message

INF, NAN = math.inf, math.nan
OTHER_NAN = struct.unpack("<d", bytes.fromhex("010000000000f8ff"))[0]


def returned(value: Any, arguments: list[Any] | None = None, printed: bytes = b"") -> Outcome:
    return Outcome(value, "", arguments or [], printed)


def failed(error: str, value: Any, domain: bool = False) -> Outcome:
    return Outcome(value, error, [], b"", domain)


def in_short(outcome: Outcome) -> str:
    return f"{outcome.error} {outcome.value}"


def results(perl: Any, python: Any, **how: Any) -> Difference | None:
    """The difference of two returned values."""
    return Comparison(**how).difference(returned(perl), returned(python))


def arguments(perl: list[Any], python: list[Any], **how: Any) -> Difference | None:
    """The difference of the arguments after the call."""
    return Comparison(**how).difference(returned(1.0, perl), returned(1.0, python))


# --- scalars ----------------------------------------------------------------------------------

EQUAL = [
    (0.0, 0.0),
    (-0.0, -0.0),
    (0.1, 0.1),
    (5e-324, 5e-324),
    (1.7976931348623157e308, 1.7976931348623157e308),
    (INF, INF),
    (-INF, -INF),
    (NAN, NAN),
    (NAN, OTHER_NAN),
    # A Perl integer equals the Python number of the same value.
    (1.0, 1),
    (1, 1.0),
    (0.0, 0),
    (0, 0.0),
    (0, 0),
    (2**53 + 1, 2**53 + 1),
    (2**60, 2.0**60),
    (2.0**60, 2**60),
    (2**64 - 1, 2**64 - 1),
    (-(2**63), -(2.0**63)),
    # Text: the port's type decides, bytes are characters.
    (b"", ""),
    (b"1", "1"),
    (b"1", b"1"),
    (b"\xe9", "é"),
    (b"\xe9", b"\xe9"),
    ("é", b"\xe9"),
    ("あ", "あ"),
    ("\ud800", "\ud800"),
    # A number that is a text at once matches either.
    (Dual(3.0, b"3"), 3),
    (Dual(3.0, b"3"), 3.0),
    (Dual(3.0, b"3"), "3"),
    (Dual(3.0, b"3"), b"3"),
    (Dual(NAN, b"NaN"), NAN),
    (Dual(2**53 + 1, b"9007199254740993"), 2**53 + 1),
    # Perl's true is 1 and True, its false 0, False and "".
    (True, True),
    (True, 1),
    (True, 1.0),
    (1.0, True),
    (1, True),
    (True, "1"),
    (True, b"1"),
    (False, False),
    (False, 0),
    (False, 0.0),
    (0.0, False),
    (0, False),
    (False, ""),
    (False, b""),
    (b"", False),
    ("", False),
    (None, None),
]


@pytest.mark.parametrize(("perl", "python"), EQUAL, ids=repr)
def test_equal_scalars(perl: Any, python: Any) -> None:
    assert scalar_difference(perl, python) is None
    assert results(perl, python) is None
    assert results([[perl]], [[python]]) is None
    assert arguments([perl], [python]) is None


UNEQUAL = [
    (0.1 + 0.2, 0.3, ""),
    (1.0, math.nextafter(1.0, 2.0), ""),
    (0.0, 5e-324, ""),
    (-0.0, 0.0, ""),
    (0.0, -0.0, ""),
    (INF, -INF, ""),
    (INF, 1.7976931348623157e308, ""),
    (NAN, 0.0, ""),
    (1.0, NAN, ""),
    (0, -0.0, "the integer 0 is not -0.0"),
    (-0.0, 0, "the integer 0 is not -0.0"),
    (False, -0.0, "the integer 0 is not -0.0"),
    (1, 2, ""),
    (1.0, 2, ""),
    (2**53 + 1, 2.0**53, ""),
    (2.0**53, 2**53 + 1, "Perl's integer became a double"),
    (-(2.0**63), -(2**63) - 1, "Perl's integer became a double"),
    (b"1", 1, "Perl has the text '1', Python an integer"),
    (b"1", 1.0, "Perl has the text '1', Python a number"),
    ("あ", 1.0, "Perl has the text 'あ', Python a number"),
    (b"nan", NAN, "Perl has the text 'nan', Python a number"),
    (1.0, "1", "Perl has a number, Python text"),
    (1, b"1", "Perl has a number, Python text"),
    (b"", 0, "Perl has the text '', Python an integer"),
    (0.0, "", "Perl has a number, Python text"),
    (b"1", True, "Perl has the text '1', Python a bool"),
    (b"0", False, "Perl has the text '0', Python a bool"),
    (b"", True, ""),
    (True, False, ""),
    (False, True, ""),
    (True, 0.0, ""),
    (True, 2, ""),
    (True, "", ""),
    (False, "0", ""),
    (False, "1", ""),
    (5.0, True, ""),
    (b"a", "b", ""),
    (b"a", "A", ""),
    (b"1.0", "1", ""),
    (b"\xe9", "e\u0301", ""),
    (b"\xc3\xa9", "é", ""),
    (b"\xe9", b"\xc3\xa9", ""),
    (b"a", "a ", ""),
    (Dual(3.0, b"3"), 4, ""),
    (Dual(3.0, b"3"), "3.0", ""),
    (Dual(0.0, b"0"), -0.0, ""),
    (None, 0.0, "Perl has undef, Python a number"),
    (None, 0, "Perl has undef, Python an integer"),
    (None, "", "Perl has undef, Python text"),
    (None, False, "Perl has undef, Python a bool"),
    (0.0, None, "Perl has a number, Python undef"),
    (b"", None, "Perl has text, Python undef"),
    (False, None, "Perl has a bool, Python undef"),
    (1.0, {1.0}, "Python has a value of type set, which equals nothing in Perl"),
    (1.0, 1 + 0j, "Python has a value of type complex, which equals nothing in Perl"),
]


@pytest.mark.parametrize(("perl", "python", "why"), UNEQUAL, ids=repr)
def test_unequal_scalars(perl: Any, python: Any, why: str) -> None:
    assert scalar_difference(perl, python) == why
    found = results([1.0, perl], [1.0, python])
    assert found is not None
    assert (found.where, found.why) == ("[1]", why)
    assert found.at[0] is perl
    assert found.at[1] is python
    assert arguments([perl], [python]) is not None


TRUE = [1.0, -1.0, 5, NAN, INF, True, b"1", b"0.0", b"00", b" ", b"0E0", "あ", Dual(5.0, b"5")]
FALSE = [0.0, -0.0, 0, False, b"", b"0", "", "0", None, Dual(0.0, b"0")]


@pytest.mark.parametrize("perl", TRUE, ids=repr)
def test_what_perl_takes_for_true(perl: Any) -> None:
    assert results(perl, True, result=bool) is None
    found = results(perl, False, result=bool)
    assert found is not None
    assert found.where == "the result"


@pytest.mark.parametrize("perl", FALSE, ids=repr)
def test_what_perl_takes_for_false(perl: Any) -> None:
    assert results(perl, False, result=bool) is None
    found = results(perl, True, result=bool)
    assert found is not None
    assert found.where == "the result"


@pytest.mark.parametrize("perl", [[], [0.0], {}, {b"a": None}], ids=repr)
def test_a_reference_is_true(perl: Any) -> None:
    assert results(perl, True, result=bool) is None
    assert results(perl, False, result=bool) is not None


def test_truth_counts_only_where_the_port_has_a_bool() -> None:
    assert results(5.0, True) is not None
    assert results(5.0, 6.0, result=bool) is not None
    assert results(b"0", None, result=bool) is not None
    found = Comparison(result=bool).difference(returned(1.0, [5.0]), returned(True, [True]))
    assert found is not None
    assert found.where == "argument [0] after the call"
    both = Comparison(result=bool, hints=(bool,))
    assert both.difference(returned(1.0, [5.0]), returned(True, [True])) is None


class Flags(TypedDict, total=False):
    """A hash with bools."""

    on: Annotated[bool, "a switch"]
    size: int
    inner: Flags


class Pair(NamedTuple):
    """A tuple with a bool."""

    on: bool
    size: int


Flag = NewType("Flag", bool)


@pytest.mark.parametrize(
    ("hint", "perl", "python", "same"),
    [
        (list[bool], [5.0, b""], [True, False], True),
        (list[bool], [None], [False], False),
        (list[Flag], [[]], [True], True),
        (tuple[bool, int], [5.0, 2], (True, 2), True),
        (tuple[bool, int], [1, 5.0], (True, True), False),
        (tuple[bool, ...], [1, 5.0], (True, True), True),
        (Pair, [5.0, 2], Pair(True, 2), True),
        (Pair, [1, 2], Pair(True, True), False),
        (dict[str, bool | str], {b"on": 1, b"label": b"text"}, {"on": True, "label": True}, False),
        (dict[str, bool | str], {b"on": 1, b"off": b""}, {"on": True, "off": False}, True),
        (dict[str, list[bool]], {b"a": [7]}, {"a": [True]}, True),
        (Flags, {b"on": 7}, {"on": True}, True),
        (Flags, {b"size": 7}, {"size": True}, False),
        (Flags, {b"inner": {b"on": 7}}, {"inner": {"on": True}}, True),
        (Flags, {b"inner": {b"size": 7}}, {"inner": {"size": True}}, False),
        (bool | None, 5.0, True, True),
        (bool | None, None, False, False),
        (bool | None, None, None, True),
        (int | bool, 5.0, True, False),
        (int | bool, 1, True, True),
        (int | bool, b"", False, True),
        (list[bool] | None, [5.0], [True], True),
        (list[int] | dict[str, bool], [5.0], [True], False),
        (list[bool] | dict[str, float], [5.0], [True], True),
        (Pair | list[bool], [1, 2, 5.0], [1, 2, True], True),
        (Pair | dict[str, bool], {b"on": 5.0}, {"on": True}, True),
        (Literal[True, False], 5.0, True, True),
        (Literal[True, 0], 5.0, True, False),
    ],
)
def test_truth_counts_only_where_the_hint_is_bool(
    hint: Any, perl: Any, python: Any, same: bool
) -> None:
    assert (results(perl, python, result=hint) is None) == same


NUMBERS_AS_TEXT = [
    (b"3", 3),
    (b"3", 3.0),
    ("3", 3.0),
    (b"-1", -1),
    (b"0.1", 0.1),
    (b"0.3", 0.1 + 0.2),  # Perl writes 15 digits
    (b"1e+20", 1e20),
    (b"1e-05", 1e-5),
    (b"9007199254740993", 2**53 + 1),
    (b"9.00719925474099e+15", 2.0**53),
    (b"Inf", INF),
    (b"-Inf", -INF),
    (b"NaN", NAN),
    (b"1", True),
    (b"", False),
]


@pytest.mark.parametrize(("perl", "python"), NUMBERS_AS_TEXT, ids=repr)
def test_numbers_as_text(perl: Any, python: Any) -> None:
    assert scalar_difference(perl, python, text_numbers=True) is None
    assert results([perl], [python], text_numbers=True) is None
    assert arguments([{b"a": perl}], [{"a": python}], text_numbers=True) is None


def test_numbers_as_text_are_still_compared() -> None:
    assert scalar_difference(b"3", 4, text_numbers=True)
    assert scalar_difference(b"3.0", 3.0, text_numbers=True)
    assert scalar_difference(b"inf", INF, text_numbers=True)
    assert scalar_difference(b"x", NAN, text_numbers=True)
    assert scalar_difference(3.0, 3.0, text_numbers=True) is None
    assert scalar_difference(0.3, 0.1 + 0.2, text_numbers=True) == ""
    assert scalar_difference(3.0, "3", text_numbers=True)


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


# --- arguments after the call -----------------------------------------------------------------

CHANGED = [
    ([1.0, 2.0], [1.0, 3.0], "argument y after the call"),
    ([[1.0, 2.0]], [[1.0, 3.0]], "argument x[1] after the call"),
    ([{b"a": 1.0}], [{"a": 2.0}], "argument x.a after the call"),
    ([{b"a b": 1.0}], [{"a b": 2.0}], "argument x{'a b'} after the call"),
    ([0.0, 0.0, [1.0]], [0.0, 0.0, [2.0]], "argument [2][0] after the call"),
    ([0.0, 0.0, {b"k": 1.0}], [0.0, 0.0, {"k": 2.0}], "argument [2].k after the call"),
    ([[1.0]], [[]], "argument x after the call"),
    ([[]], [[1.0]], "argument x after the call"),
    ([{b"a": [1.0]}], [{}], "argument x.a after the call"),
]


@pytest.mark.parametrize(("perl", "python", "where"), CHANGED, ids=repr)
def test_a_change_in_place_is_a_result(perl: list[Any], python: list[Any], where: str) -> None:
    found = arguments(perl, python, parameters=("x", "y"))
    assert found is not None
    assert found.where == where


def test_the_result_comes_before_the_arguments() -> None:
    found = Comparison().difference(returned(1.0, [1.0]), returned(2.0, [2.0]))
    assert found is not None
    assert found.where == "the result"


VIVIFIED = [
    # What mere reading creates in Perl: the argument there, in Python, and its places.
    ({b"a": {}}, {}, ["a"]),
    ({b"a": []}, {}, ["a"]),
    ({b"a": {b"b": {b"c": []}}}, {}, ["a"]),
    ({b"a": {b"b": {}}}, {"a": {}}, ["a.b"]),
    ({b"b c": {}, b"a": []}, {}, ["a", "{'b c'}"]),
    ([{}], [], ["[0]"]),
    ([1.0, None, {}], [1.0], ["[1]"]),
    ([1.0, [None, []]], [1.0], ["[1]"]),
    ({b"a": []}, {"a": None}, ["a"]),
    ([{}, 1.0], [None, 1.0], ["[0]"]),
    ({b"a": [{b"b": []}]}, {"a": [{}]}, ["a[0].b"]),
]


@pytest.mark.parametrize(("perl", "python", "places"), VIVIFIED, ids=repr)
def test_what_reading_created_is_noted(perl: Any, python: Any, places: list[str]) -> None:
    comparison = Comparison(parameters=("x",))
    assert comparison.difference(returned(1.0, [perl]), returned(1.0, [python])) is None
    assert comparison.vivified == places
    assert comparison.difference(returned(1.0), returned(1.0)) is None
    assert comparison.vivified == []
    assert results(perl, python) is not None  # in a result it is a difference


NOT_VIVIFIED = [
    ({b"a": None}, {}),
    ({b"a": 0.0}, {}),
    ({b"a": b""}, {}),
    ({b"a": [None]}, {}),
    ({b"a": {b"b": None}}, {}),
    ({b"a": {b"b": {}, b"c": 1.0}}, {}),
    ([1.0, None], [1.0]),
    ([1.0, {}, None], [1.0]),
    ([1.0, 2.0, {}], [1.0]),
    ([[1.0]], [None]),
    ({}, {"a": {}}),  # the port's own
    ([], [{}]),
    (None, []),
    ({b"a": {}}, {"a": 0.0}),
    ({b"a": {}}, {"a": []}),
]


@pytest.mark.parametrize(("perl", "python"), NOT_VIVIFIED, ids=repr)
def test_what_reading_did_not_create_is_a_difference(perl: Any, python: Any) -> None:
    assert arguments([perl], [python]) is not None


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
    perl = Outcome("no", "die", [[1.0]], b"a")
    assert Comparison().difference(perl, Outcome("no", "Error", [[1.0]], b"a")) is None
    found = Comparison().difference(perl, Outcome("no", "Error", [[2.0]], b"a"))
    assert found is not None
    assert found.where == "argument [0][0] after the call"
    found = Comparison().difference(perl, Outcome("no", "Error", [[1.0]], b"b"))
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


# --- properties -------------------------------------------------------------------------------

scalars = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers(-(2**63), 2**64 - 1)
    | st.text(max_size=4)
    | st.binary(max_size=4)
)
keys = st.sampled_from(["a", "rate", "名前"]) | st.text(max_size=3)
structures = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=15,
)
Steps = tuple[Any, ...]


def leaves(value: Any, steps: Steps = ()) -> list[Steps]:
    """The way to each scalar, and to each empty list or dict."""
    if isinstance(value, list) and value:
        return [leaf for i, item in enumerate(value) for leaf in leaves(item, (*steps, i))]
    if isinstance(value, dict) and value:
        return [leaf for key, item in value.items() for leaf in leaves(item, (*steps, key))]
    return [steps]


def written(steps: Steps) -> str:
    """The path to a place."""
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step.isidentifier():
            path += f".{step}" if path else step
        else:
            path += f"{{{step!r}}}"
    return path


def at(value: Any, steps: Steps) -> Any:
    for step in steps:
        value = value[step]
    return value


def other(value: Any) -> Any:
    """The nearest value that is not equal."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            return 1.7976931348623157e308
        return -value if value == 0 else math.nextafter(value, math.inf)
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, bytes):
        return value + b"x"
    return 0.0 if value is None else None


def changed(value: Any, steps: Steps) -> Any:
    """A copy with another value at the place."""
    if not steps:
        return other(value)
    result = copy.deepcopy(value)
    at(result, steps[:-1])[steps[-1]] = other(at(result, steps))
    return result


@given(structures)
@settings(max_examples=150)
def test_a_value_equals_itself(value: Any) -> None:
    assert results(value, copy.deepcopy(value)) is None
    assert results(value, copy.deepcopy(value), text_numbers=True) is None
    comparison = Comparison()
    perl, python = returned(0.0, [value]), returned(0.0, [copy.deepcopy(value)])
    assert comparison.difference(perl, python) is None
    assert comparison.vivified == []


@given(structures, st.data())
@settings(max_examples=200)
def test_every_changed_leaf_is_found(value: Any, data: st.DataObject) -> None:
    steps = data.draw(st.sampled_from(leaves(value)))
    new = changed(value, steps)
    path = written(steps)
    for perl, python in ((value, new), (new, value)):
        found = results(perl, python)
        assert found is not None
        assert found.where == (path or "the result")
        assert found.at[0] is at(perl, steps)
        assert found.at[1] is at(python, steps)
        assert found.perl is perl
        assert found.python is python


@given(structures, st.data())
@settings(max_examples=100)
def test_every_changed_leaf_of_an_argument_is_found(value: Any, data: st.DataObject) -> None:
    steps = data.draw(st.sampled_from(leaves(value)))
    old = at(value, steps)
    if old in ([], {}):
        return  # may be what reading created
    found = arguments([0.0, value], [0.0, changed(value, steps)], parameters=("x", "y"))
    path = written(steps)
    joint = "" if not path or path[0] in "[{" else "."
    assert found is not None
    assert found.where == f"argument y{joint}{path} after the call"


@given(structures, st.data())
@settings(max_examples=100)
def test_a_longer_list_and_another_key_are_found(value: Any, data: st.DataObject) -> None:
    value = {"list": [value], "hash": {"x": value}}
    longer = copy.deepcopy(value)
    longer["list"].append(data.draw(structures))
    more = copy.deepcopy(value)
    more["hash"]["new"] = data.draw(structures)
    for where, new in (("list", longer), ("hash.new", more)):
        for perl, python in ((value, new), (new, value)):
            found = results(perl, python)
            assert found is not None
            assert found.where == where


class Failing(Exception):
    """An exception whose text cannot be made."""

    def __str__(self) -> str:
        return str(self.args[5])


class OfItsOwn(Exception):
    """An exception that says its text in its own way."""

    def __str__(self) -> str:
        return f"E{self.args[0]}"


@pytest.mark.parametrize(
    ("error", "value"),
    [
        (ValueError("no", 2), "no"),
        (KeyError("x"), "x"),
        (RuntimeError(), ""),
        (RuntimeError({"code": 1}), {"code": 1}),
        (OfItsOwn(1), "E1"),
        (OfItsOwn([1]), [1]),
        (Failing("no"), "no"),
        (OSError(2, "No such file"), "[Errno 2] No such file"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), None),
    ],
)
def test_what_an_exception_says(error: Exception, value: Any) -> None:
    assert failure(error)[0] == (str(error) if value is None else value)


HERE = __file__


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"no at {HERE} line 3.\n", "no"),
        (f"no at {HERE} line 3, <STDIN> line 7.\n", "no"),
        (f"look at this at {HERE} line 3.\n", "look at this"),
        (f"failed:\n\tx 1 at {HERE} line 3.\n", "failed:\n\tx 1"),
        ("no at (eval 12) line 1.\n", "no"),
        (f"no at {HERE} line 3.\n\tmain::f(1) called at {HERE} line 9\n", "no"),
        (f"no at {HERE} line 3.\n\teval {{...}} called at {HERE} line 9\n", "no"),
        ("no\n", "no"),
        ("syntax error at app.ini line 3\n", "syntax error at app.ini line 3"),
        ("bad token at input line 3.\n", "bad token at input line 3."),
        ("look at this:\nsee line 3\n", "look at this:\nsee line 3"),
        ("bad at app.ini line 3\n\tcolumn 4\n", "bad at app.ini line 3\n\tcolumn 4"),
    ],
)
def test_what_a_die_says(text: str, said: str) -> None:
    assert message(text) == said
