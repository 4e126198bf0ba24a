"""Columns cross to perl and back, and tell which rows may differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from conftest import older_perl
from hypothesis import given
from hypothesis import strategies as st

from parity.judge.array_filter import may_differ
from parity.perl.process import Calls, Perl
from parity.values import columns
from parity.values.columns import Mixed


@pytest.fixture(scope="module", params=["this", "older"])
def perl(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Perl]:
    """A perl with a sub that gives back its argument."""
    folder = tmp_path_factory.mktemp("columns")
    file = folder / "unit.pl"
    file.write_text(
        "use strict; use warnings;\nsub same { return $_[0] }\n"
        'sub grumble { warn "no" if $_[0] > 2; die "no" if $_[0] == 4; return $_[0] }\n1;\n'
    )
    with Perl("perl" if request.param == "this" else older_perl(folder), file) as started:
        yield started


NUMBERS = st.floats() | st.sampled_from([2.0**53, 2.0**60, -(2.0**62), 2.0**63, 1e300, -0.0])
INTEGERS = st.integers(-(2**63), 2**63 - 1)
# Perl keeps a text with the first character of the separator as a single value.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x1e"))
VALUES: list[st.SearchStrategy[list[Any]]] = [
    st.lists(NUMBERS, min_size=1),
    st.lists(INTEGERS, min_size=1),
    st.lists(TEXT, min_size=1),
    st.lists(st.none(), min_size=1),
    st.lists(st.lists(NUMBERS), min_size=1),
    st.lists(st.lists(st.lists(TEXT)), min_size=1),
    st.lists(st.dictionaries(TEXT, st.integers(0, 9)), min_size=1),
    st.lists(st.fixed_dictionaries({"a": NUMBERS, "あ": st.lists(TEXT)}), min_size=1),
    st.lists(st.none() | NUMBERS | TEXT | st.lists(INTEGERS), min_size=1),
]


@given(data=st.data())
@pytest.mark.parametrize("values", VALUES)
def test_columns_come_back_as_they_went(
    perl: Perl, values: st.SearchStrategy[list[Any]], data: st.DataObject
) -> None:
    some = data.draw(values)
    there = columns.of(some, keep_integers=True)
    assert repr(there.values()) == repr([as_new(value) for value in some])
    (outcome,) = perl.call(Calls("main::same", "scalar", None, len(some), [there]))
    assert not outcome.failures and not outcome.changed and not outcome.warnings
    back, mine = outcome.column, columns.of(some)
    if not isinstance(mine, Mixed):
        assert not isinstance(back, Mixed)
        assert not may_differ(back, mine).any()
    other = data.draw(values)
    if len(other) == len(some):
        rows = may_differ(back, columns.of(other))
        for row, (left, right) in enumerate(zip(some, other, strict=True)):
            assert rows[row] or same(left, right), (left, right)


def test_the_rows_that_warn_and_fail_are_told(perl: Perl) -> None:
    there = columns.of([1.0, 3.0, 2.0, 4.0, 5.0])
    (many,) = perl.call(Calls("main::grumble", "scalar", None, 5, [there]))
    assert (sorted(many.warnings), list(many.failures)) == ([1, 3, 4], [3])
    assert many.failures[3].value == "no"
    some = many.take(np.array([0, 3, 4]))
    assert (sorted(some.warnings), list(some.failures)) == ([1, 2], [1])


def test_what_is_nested_too_deeply_is_mixed() -> None:
    value: list[Any] = []
    for _ in range(columns.MAX_DEPTH - 2):
        value = [value]
    assert not holds_mixed(columns.of([value]))
    assert holds_mixed(columns.of([[{"x": value}]]))


def holds_mixed(column: Any) -> bool:
    while not isinstance(column, Mixed):
        inner = getattr(column, "items", None) or next(iter(getattr(column, "fields", [])), None)
        if inner is None:
            return False
        column = inner
    return True


def as_new(value: Any) -> Any:
    """With the keys of hashes in order."""
    if isinstance(value, dict):
        return {key: as_new(value[key]) for key in sorted(value)}
    return value


def same(left: Any, right: Any) -> bool:
    """The same but for an integer that is a double of the same value."""
    if isinstance(left, int | float) and isinstance(right, int | float) and left == right:
        return bool(np.signbit(float(left)) == np.signbit(float(right)))
    return repr(as_new(left)) == repr(as_new(right))
