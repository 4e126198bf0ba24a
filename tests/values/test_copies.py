"""Copies of values, and their leaves."""

from __future__ import annotations

from typing import (
    Any,
    NamedTuple,
)

from parity.values.copies import deep_copy, leaves


class Point(NamedTuple):
    x: float
    ok: bool


def test_a_copy_of_a_named_tuple_is_one() -> None:
    assert type(deep_copy([Point(1.0, True)])[0]) is Point


def test_a_copy_shares_no_list_or_dict() -> None:
    shared: list[Any] = [1]
    value = [shared, shared, {"a": shared}]
    copy = deep_copy(value)
    copy[0].append(2)
    assert copy == [[1, 2], [1], {"a": [1]}] and value == [[1], [1], {"a": [1]}]


def test_leaves() -> None:
    assert list(leaves([1, ("a", {"k": [2.0, None]})])) == [1, "a", "k", 2.0, None]
