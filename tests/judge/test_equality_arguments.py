"""When arguments after the call are equal, and what mere reading created in them."""

from __future__ import annotations

from typing import Any

import pytest
from outcomes import arguments, results, returned

from parity.judge.equality import Comparison

# --- arguments after the call -----------------------------------------------------------------

CHANGED = [
    ([1.0, 2.0], [1.0, 3.0], "argument y after the call"),
    ([[1.0, 2.0]], [[1.0, 3.0]], "argument x[1] after the call"),
    ([{b"a": 1.0}], [{"a": 2.0}], "argument x.a after the call"),
    ([{b"a b": 1.0}], [{"a b": 2.0}], "argument x{'a b'} after the call"),
    ([0.0, 0.0, [1.0]], [0.0, 0.0, [2.0]], "argument [2][0] after the call"),
    ([0.0, 0.0, {b"k": 1.0}], [0.0, 0.0, {"k": 2.0}], "argument [2].k after the call"),
    ([0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 2.0], "argument [3] after the call"),
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
