"""When two scalars are equal, and where Perl's truth counts."""

from __future__ import annotations

import math
import struct
from typing import Annotated, Any, Literal, NamedTuple, NewType, TypedDict

import pytest
from outcomes import arguments, results, returned

from parity.judge.equality import Comparison, scalar_difference
from parity.values.perl_values import Dual

INF, NAN = math.inf, math.nan
OTHER_NAN = struct.unpack("<d", bytes.fromhex("010000000000f8ff"))[0]


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
    (2.0**53 + 2, 2**53, "Perl's integer became a double"),
    (2.0**53 - 2, 2**53 - 1, ""),
    (200.0, 201, ""),
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
