"""Columns: the values that go in come out, of all rows and of some, and what is said of them."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.values import columns
from parity.values.columns import (
    ABSENT,
    MARK,
    MAX_DEPTH,
    MAX_KEYS,
    SEPARATOR,
    Column,
    Flags,
    Hashes,
    Integers,
    Lists,
    Mixed,
    Nothing,
    Numbers,
    Optional,
    Records,
    Texts,
)


def same(left: Any, right: Any) -> bool:
    """The same types and bits; the keys of hashes in any order."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return struct.pack("d", left) == struct.pack("d", right)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    return bool(left == right)


# --- which column values make -----------------------------------------------------------------

MANY = {str(n): n for n in range(MAX_KEYS + 1)}
# Values, the column of results that they make, and that of arguments where it is another one.
KINDS: list[tuple[list[Any], type[Column], type[Column] | None]] = [
    ([], Numbers, None),
    ([1.0, -0.0], Numbers, None),
    ([1, 2], Numbers, Integers),
    ([1, 2.0], Numbers, Mixed),
    ([2**63 - 1, -(2**63)], Numbers, Integers),
    ([2**63], Numbers, Mixed),
    ([10**400], Mixed, Mixed),
    ([True, False], Flags, None),
    ([True, 1], Mixed, None),
    ([None, None], Nothing, None),
    (["a", ""], Texts, None),
    (["\ud800"], Texts, None),
    ([f"a{SEPARATOR}b"], Mixed, None),
    ([SEPARATOR[:2], SEPARATOR[2:]], Texts, None),
    ([b"a"], Mixed, None),
    (["a", 1.0], Mixed, None),
    ([[], [1.0]], Lists, None),
    ([(), (1.0,)], Lists, Mixed),
    ([[1.0], (1.0,)], Lists, Mixed),
    ([{}, {"a": 1.0}], Records, None),
    ([dict(list(MANY.items())[:MAX_KEYS])], Records, None),
    ([MANY], Hashes, None),
    ([{key: value} for key, value in MANY.items()], Hashes, None),
    ([{b"a": 1}], Mixed, None),
    ([{1: 1}], Mixed, None),
    ([{SEPARATOR: 1}], Mixed, None),
    ([{**MANY, 1: 1}], Mixed, None),
    ([{"a": 1.0}, {"a": "x"}, {}], Mixed, None),
    ([{"a": 1.0}, {"a": "x"}], Records, None),
    ([None, 1.0], Optional, None),
    ([None, "a"], Optional, None),
    ([None, 1.0, "a"], Mixed, None),
    ([None, [1.0]], Optional, None),
    ([Ellipsis], Mixed, None),
]


@pytest.mark.parametrize(
    ("values", "results", "arguments"), KINDS, ids=[repr(v)[:30] for v, *_ in KINDS]
)
def test_values_of_one_kind_make_a_column_of_it(
    values: list[Any], results: type[Column], arguments: type[Column] | None
) -> None:
    column = columns.of(values)
    assert type(column) is results
    assert type(columns.of(values, keep_integers=True)) is (arguments or results)
    assert column.count == len(values)


def test_what_is_nested_too_deeply_is_mixed() -> None:
    value: list[Any] = []
    for _ in range(MAX_DEPTH - 2):
        value = [value]
    assert not _has_mixed(columns.of([value]))
    assert _has_mixed(columns.of([[value]]))
    assert _has_mixed(columns.of([{"x": value}]))
    assert columns.of([[value]]).values() == [[value]]


def _has_mixed(column: Column) -> bool:
    while isinstance(column, Lists | Records):
        column = column.items if isinstance(column, Lists) else column.fields[0]
    return isinstance(column, Mixed)


# --- what comes out is what went in -----------------------------------------------------------

TEXTS = st.text(max_size=4) | st.sampled_from(
    ["", "é", "あ", "\x7f\x80", "\xff", SEPARATOR, "\x1e"]
)
NUMBERS = st.floats() | st.sampled_from([2.0**53, -0.0, 1e300])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "doubles": NUMBERS,
    "integers": st.integers(-(2**64), 2**64) | st.integers(2**53 - 2, 2**53 + 2),
    "truths": st.booleans(),
    "undef": st.none(),
    "texts": TEXTS,
    "doubles or undef": NUMBERS | st.none(),
    "lists": st.lists(NUMBERS, max_size=3),
    "lists of as many": st.lists(NUMBERS, min_size=2, max_size=2),
    "lists of texts": st.lists(TEXTS, max_size=3),
    "lists of lists": st.lists(st.lists(st.integers(0, 3) | st.none(), max_size=2), max_size=2),
    "records": st.fixed_dictionaries({"a": NUMBERS}, optional={"é": TEXTS | st.none()}),
    "hashes": st.dictionaries(TEXTS, st.integers(0, 3), max_size=3),
    "hashes of many keys": st.dictionaries(st.text(max_size=3), st.lists(TEXTS), min_size=4),
    "mixed": NUMBERS | TEXTS | st.lists(NUMBERS | TEXTS, max_size=2) | st.none() | st.booleans(),
}


def as_result(value: Any) -> Any:
    """As a column of results gives it back: it holds small integers as doubles."""
    if isinstance(value, list):
        return [as_result(item) for item in value]
    if isinstance(value, dict):
        return {key: as_result(item) for key, item in value.items()}
    small = type(value) is int and abs(value) < columns.EXACT
    return float(value) if small else value


@pytest.mark.parametrize("kind", VALUES)
def test_values_come_out_as_they_went_in(kind: str) -> None:
    @given(st.lists(VALUES[kind], min_size=1, max_size=8), st.data())
    @settings(max_examples=60)
    def check(values: list[Any], data: st.DataObject) -> None:
        arguments, results = columns.of(values, keep_integers=True), columns.of(values)
        assert same(arguments.values(), values)
        assert same(as_result(results.values()), as_result(values))
        chosen = data.draw(st.lists(st.sampled_from(range(len(values))), unique=True).map(sorted))
        rows, some = np.array(chosen, np.int64), [values[row] for row in chosen]
        for column in (arguments, results):
            part = column.take(rows)
            assert part.count == len(some)
            assert same(as_result(part.values()), as_result(some))
            latin1 = [any(map(columns.is_latin1_text, _texts(value))) for value in values]
            assert column.has_latin1_text().tolist() == latin1
            assert part.has_latin1_text().tolist() == [latin1[row] for row in chosen]

    check()


def _texts(value: Any) -> list[str]:
    """All texts in a value, keys, too."""
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, dict):
        return [*value, *(text for item in value.values() for text in _texts(item))]
    return [value] if isinstance(value, str) else []


def test_values_are_new_objects() -> None:
    for values in ([[1.0]], [{"a": [1.0]}], [[1.0], "a"], [MANY]):
        column = columns.of(values)
        first, second = column.values(), column.values()
        assert first == second
        assert first[0] is not second[0]


def test_a_key_that_is_missing_is_no_undef() -> None:
    rows: list[Any] = [{"a": None}, {}, {"a": 1.0}]
    column = columns.of(rows)
    assert isinstance(column, Records)
    (field,) = column.fields
    assert isinstance(field, Optional)
    assert field.lacks_keys() and field.values() == [None, ABSENT, 1.0]
    assert column.values() == rows
    assert columns.of([{"a": 1.0}, {"a": None}]).values() == [{"a": 1.0}, {"a": None}]


def test_rows_that_are_all_there_need_no_kinds() -> None:
    column = columns.of([None, 1.0, 2.0, None])
    assert isinstance(column.take(np.array([1, 2])), Numbers)
    assert isinstance(column.take(np.array([0, 1])), Optional)


def test_integers_of_2_to_53_and_more_are_kept_beside_the_doubles() -> None:
    column = columns.of([1, 2**53 - 1, 2**53, -(2**53), 2.0**60])
    assert isinstance(column, Numbers)
    assert column.wide == {2: 2**53, 3: -(2**53)}
    assert column.numbers.tolist() == [1.0, 2.0**53 - 1, 2.0**53, -(2.0**53), 2.0**60]
    part = column.take(np.array([0, 3]))
    assert part.wide == {1: -(2**53)}


# --- what is said of a column -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "size"),
    [
        ([1.0, 2.0], 2),
        ([True], 1),
        ([None], 1),
        (["ab", "cd"], 4),
        (["", ""], 2),
        (["", "", ""], 4),
        ([""], 1),
        ([[1.0, 2.0], [3.0]], 3),
        ([None, 1.0], 1),
        ([{"a": 1.0}, {"a": 2.0}], 3),
        ([{"abcd": 1.0}], 3),
        ([[1.0, "a"], 2.0], 3),
    ],
)
def test_how_much_is_in_a_column(values: list[Any], size: int) -> None:
    assert columns.of(values).size() == size


def test_the_size_of_many_keys_counts_the_keys() -> None:
    column = columns.of([MANY])
    assert isinstance(column, Hashes)
    assert column.size() == column.keys.size() + MAX_KEYS + 1


@pytest.mark.parametrize(
    ("values", "doubles"),
    [
        ([1.0], True),
        ([1], False),
        (["a"], False),
        ([True], False),
        ([None], False),
        ([[1.0]], True),
        ([[1]], False),
        ([None, 1.0], True),
        ([{"a": 1, "b": 1.0}], True),
        ([{"a": 1, "b": "x"}], False),
        ([[1, 1.0]], True),
        ([[1, "a"]], False),
        ([MANY], False),
        ([{key: 0.5 for key in MANY}], True),
    ],
)
def test_whether_a_number_could_be_in_a_box(values: list[Any], doubles: bool) -> None:
    assert columns.of(values, keep_integers=True).has_doubles() == doubles


@pytest.mark.parametrize(
    ("text", "latin1"),
    [("", False), ("\x7f", False), ("\x80", True), ("aÿ", True), ("Ā", False), ("éĀ", False)],
)
def test_which_texts_have_two_storages(text: str, latin1: bool) -> None:
    assert columns.is_latin1_text(text) == latin1
    assert columns.of(["a", text, "b"]).has_latin1_text().tolist() == [False, latin1, False]
    assert columns.of([1.0, text]).has_latin1_text().tolist() == [False, latin1]


def test_the_rows_of_texts_that_are_not_ascii() -> None:
    column = columns.of(["a", "é", "", "éあ", "b", "あ"])
    assert isinstance(column, Texts)
    assert column.wide_rows().tolist() == [1, 3, 5]
    assert column.parts() == [b"a", "é".encode(), b"", "éあ".encode(), b"b", "あ".encode()]
    assert column.joined.count(MARK) == 5
    assert columns.distinct(np.array([0, 0, 2, 2, 5])).tolist() == [0, 2, 5]


def test_what_holds_for_an_item_holds_for_its_row() -> None:
    items = np.array([False, True, False, False, True])
    assert columns.spread(items, np.array([1, 0, 2, 2])).tolist() == [False, False, True, True]
    assert columns.spread(items & False, np.array([3, 2])).tolist() == [False, False]
