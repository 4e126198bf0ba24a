"""The filter of arrays: no row that differs escapes it, and no plainly equal row passes it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.calls.sides import Exchange
from parity.inputs.cases import batch_of
from parity.judge.array_filter import candidates, differences, may_differ
from parity.judge.equality import Comparison
from parity.outcome import BatchOutcome, Failure
from parity.perl import codec
from parity.values import columns
from parity.values.columns import Column, Flags, Integers, Nothing, Numbers, Optional
from parity.values.copies import deep_copy
from parity.values.perl_values import Dual

NAN = float("nan")
OTHER_NAN = struct.unpack("<d", bytes.fromhex("010000000000f8ff"))[0]


def from_perl(values: list[Any]) -> Column:
    """The column that Perl sends for these values."""
    (column,) = codec.unpack(codec.pack(columns.of(values)))
    return column


def exchange(
    perl: list[Any],
    python: list[Any],
    arguments: tuple[list[Any], list[Any]] | None = None,
    **more: Any,
) -> Exchange:
    """An exchange with these results; arguments: what the first one became on either side."""
    given = [(0.0, n) for n in range(len(perl))]
    left = BatchOutcome(from_perl(perl), **more)
    right = BatchOutcome(python)
    if arguments:
        left = BatchOutcome(from_perl(perl), {0: from_perl(arguments[0])})
        right = BatchOutcome(python, {0: arguments[1]})
    return Exchange(batch_of(given), left, right, codec.no_names)


def found(exchange: Exchange, **rules: Any) -> list[int]:
    """The rows that the filter lets pass."""
    return list(candidates(exchange, Comparison(**rules)).nonzero()[0].tolist())


def results(perl: list[Any], python: list[Any], **rules: Any) -> list[int]:
    return found(exchange(perl, python), **rules)


# --- no row that differs escapes --------------------------------------------------------------

NUMBERS = st.floats() | st.sampled_from([0.0, -0.0, NAN, 1.0, 2.0**53, 2.0**60, 2.0**63])
INTEGERS = st.integers(-3, 3) | st.integers(-(2**63), 2**64 - 1)
WIDE = st.integers(2**53 - 2, 2**53 + 2)
FEW = st.sampled_from(["", "a", "b", "é", "あ", columns.SEPARATOR])
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "doubles": NUMBERS,
    "integers": INTEGERS,
    "wide integers": WIDE,
    "numbers": NUMBERS | INTEGERS | WIDE,
    "truths": st.booleans(),
    "texts": FEW,
    "undef": st.none(),
    "doubles or undef": NUMBERS | st.none(),
    "texts or undef": FEW | st.none(),
    "lists": st.lists(st.sampled_from([0.0, -0.0, 1.0, NAN]), max_size=2),
    "tuples": st.tuples(st.sampled_from([0.0, 1.0]), FEW),
    "lists of lists": st.lists(st.lists(FEW, max_size=2), max_size=2),
    "lists of truths": st.lists(st.booleans(), max_size=2),
    "hashes": st.dictionaries(FEW, st.sampled_from([0.0, 1.0]), max_size=2),
    "hashes of many keys": st.dictionaries(
        st.sampled_from("abcdefghijklmnopqrstuvwxyz"), st.sampled_from([0.0, 1.0]), min_size=5
    ),
    "records": st.fixed_dictionaries({"a": NUMBERS}, optional={"b": FEW | st.none()}),
    "anything": st.recursive(
        st.none() | st.booleans() | st.sampled_from([0.0, 1.0, 1, "", "1", "a", b"a"]),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(FEW, inner, max_size=2),
        max_leaves=4,
    ),
}
RULES = [
    {},
    {"result": bool},
    {"result": list[bool]},
    {"text_numbers": True},
    {"listed": True},
    {"listed": True, "tuples": False},
    {"void": True},
]


def pairs(kind: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, Any]]:
    """Values of both sides: often the same, sometimes of another kind."""
    return kind.map(lambda value: (value, value)) | st.tuples(kind, kind)


@pytest.mark.parametrize("rules", RULES, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_a_row_that_differs_is_always_found(kind: str, rules: dict[str, Any]) -> None:
    @given(st.lists(pairs(KINDS[kind]), min_size=1, max_size=8))
    @settings(max_examples=30)
    def check(rows: list[tuple[Any, Any]]) -> None:
        perl, python = ([row[side] for row in rows] for side in (0, 1))
        if rules.get("listed"):  # Perl's results are lists then
            perl = [[value] for value in perl]
            python = [(value,) if n % 3 else [value] for n, value in enumerate(python)]
        both = exchange(perl, python)
        comparison = Comparison(**rules)
        passed = candidates(both, comparison)
        for row in range(len(rows)):
            if comparison.difference(*both.row(row)):
                assert passed[row], rows[row]

    check()


@given(st.lists(st.tuples(KINDS["anything"], KINDS["anything"]), min_size=1, max_size=5), st.data())
def test_an_argument_that_differs_is_always_found(
    rows: list[tuple[Any, Any]], data: st.DataObject
) -> None:
    perl, python = ([row[side] for row in rows] for side in (0, 1))
    ones = [1.0] * len(rows)
    both = exchange(ones, ones, (perl, python))
    passed = candidates(both, Comparison())
    for row in range(len(rows)):
        if Comparison().difference(*both.row(row)):
            assert passed[row], rows[row]


# --- rows that are plainly equal do not pass --------------------------------------------------

PLAIN = {name: kind for name, kind in KINDS.items() if name not in ("anything", "numbers")}


@pytest.mark.parametrize("kind", PLAIN)
def test_equal_rows_of_one_kind_do_not_pass(kind: str) -> None:
    @given(st.lists(KINDS[kind], min_size=1, max_size=8))
    @settings(max_examples=40)
    def check(values: list[Any]) -> None:
        column = columns.of(values)
        passed = results(values, deep_copy(values))
        assert passed == [] or _has_mixed(column), values

    check()


def _has_mixed(column: Column) -> bool:
    """Whether values of more than one kind are in it, which no array can compare."""
    inner: list[Any] = [
        getattr(column, "items", None),
        getattr(column, "present", None),
        *getattr(column, "fields", ()),
    ]
    mixed = isinstance(column, columns.Mixed)
    return mixed or any(_has_mixed(one) for one in inner if isinstance(one, Column))


# --- rows beside each other -------------------------------------------------------------------

DEEP = [[[1.0, 2.0], [3.0]], [[4.0]], []]
MANY: list[Any] = [{chr(97 + n): float(n) for n in range(start, start + 20)} for start in (0, 1, 2)]
# What Perl and the port returned, and the rows that pass.
ROWS: dict[str, tuple[list[Any], list[Any], list[int]]] = {
    "nan": ([NAN, NAN, NAN, 1.0], [NAN, OTHER_NAN, 0.0, NAN], [2, 3]),
    "-0.0": ([0.0, -0.0, -0.0], [0.0, 0.0, -0.0], [1]),
    "integers": ([1.0, 2.0, 3.0], [1, 2, 4], [2]),
    "wide integers": ([2**53 + 1, 2**60, 2**53], [2**53 + 1, 2**60, 2**53 + 1], [2]),
    "the double beside": ([2**53, 2.0**53, 1.0], [2.0**53, 2**53, 1.0], [0, 1]),
    "unsigned": ([2**64 - 1, 2**63, 5], [2**64 - 1, 2**63 + 1, 5], [1]),
    "beyond 64 bits": ([2.0**70, 1.0], [2**70, 1], [0]),
    "more than a double holds": ([1.0, 1.0], [10**400, 1], [0, 1]),
    "truths": ([True, False, True], [True, True, True], [1]),
    "texts": (["a", "b", "é", "あ"], ["a", "c", "e", "あ"], [1, 2]),
    "texts of other sizes": (["ab", "c"], ["a", "bc"], [0, 1]),
    "undef": ([None, None], [None, None], []),
    "undef somewhere": ([None, 1.0, None, 2.0], [None, 1.0, 3.0, None], [2, 3]),
    "undef at the same places": ([None, 1.0, 2.0, None], [None, 1.0, 3.0, None], [2]),
    "lists": (DEEP, [[[1.0, 2.0], [4.0]], [[4.0]], []], [0]),
    "lists of other sizes": (DEEP, [[[1.0, 2.0], [3.0]], [[4.0, 5.0]], [[]]], [1, 2]),
    "a list that is longer": ([[1.0], [2.0], [3.0]], [[1.0], [2.0, 0.0], [4.0]], [1, 2]),
    "tuples": ([[1.0], [2.0]], [(1.0,), (3.0,)], [1]),
    "records": (
        [{"a": 1.0, "b": "x"}] * 3,
        [{"a": 1.0, "b": "x"}, {"a": 2.0, "b": "x"}, {"a": 1.0, "b": "y"}],
        [1, 2],
    ),
    "missing keys": ([{"a": 1.0}, {}, {"a": 1.0}], [{"a": 1.0}, {"a": 1.0}, {}], [1, 2]),
    "undef for a missing key": ([{"a": None}, {"a": 1.0}, {}], [{}, {"a": 1.0}, {}], [0]),
    "other keys": ([{"a": 1.0}, {"b": 1.0}], [{"a": 1.0}, {"a": 1.0}], [0, 1]),
    "many keys": (MANY, [MANY[0], {**MANY[1], "b": 0.0}, {**MANY[2], "z": 0.0}], [1, 2]),
    "a key of many": (
        MANY,
        [MANY[0], MANY[1], dict(zip("CDEFGHIJKLMNOPQRSTUV", MANY[2].values(), strict=True))],
        [2],
    ),
    "a key and its value of many": (MANY[:2], [MANY[0], {**MANY[2]}], [1]),
    "other kinds": ([1.0, 2.0], ["1", "2"], [0, 1]),
    "mixed": ([1.0, "a"], [1.0, "a"], [0, 1]),
    "a number in one row": ([1.0, 2.0], [1.0, "2"], [0, 1]),
}


@pytest.mark.parametrize("name", ROWS)
def test_the_rows_that_pass(name: str) -> None:
    perl, python, rows = ROWS[name]
    assert results(perl, python) == rows
    assert results([perl], [python]) == ([0] if rows else [])
    both = exchange([1.0] * len(perl), [1.0] * len(perl), (perl, python))
    assert found(both) == rows


@pytest.mark.parametrize(
    ("perl", "python", "rows"),
    [
        ([5.0, 0.0, -0.0, NAN], [True, False, True, False], [2, 3]),
        ([None, None], [True, False], [0]),
        (["", "0", "00", "a"], [True, True, True, False], [0, 1, 3]),
        (["", "0", "00", "a"], [False, False, True, True], []),
        ([True, False], [True, True], [1]),
        ([[], []], [True, True], [0, 1]),
        ([1.0, 0.0], [1.0, 0.0], []),  # not the bools that the hint says
    ],
)
def test_perls_truth_counts_for_a_bool(perl: list[Any], python: list[Any], rows: list[int]) -> None:
    assert results(perl, python, result=bool) == rows


def test_the_exact_rules_decide_about_the_rows_that_pass() -> None:
    both = exchange([1.0, True, 2.0, "a"], [1.0, 1.0, 3.0, "b"])
    assert found(both) == [0, 1, 2, 3]
    nobody: Any = None  # the sides are asked only for what cannot cross
    decided = differences(nobody, both, Comparison())
    assert {row: one.at for row, one in decided.items()} == {2: (2.0, 3.0), 3: ("a", "b")}


def test_without_the_hint_a_bool_and_a_number_are_no_kind() -> None:
    assert results([1.0, 0.0], [True, False]) == [0, 1]


def test_list_context_takes_tuples_only() -> None:
    perl = [[1.0], [2.0], [3.0]]
    assert results(perl, [(1.0,), [2.0], (4.0,)], listed=True) == [1, 2]
    assert results(perl, [(1.0,), [2.0], (4.0,)], listed=True, tuples=False) == [2]
    assert results(perl, [(1.0,), [2.0], (4.0,)]) == [2]
    both = Exchange(
        batch_of([(1.0,)] * 3),
        BatchOutcome(from_perl(perl)),
        BatchOutcome(from_perl(perl)),
        codec.no_names,
    )
    assert found(both, listed=True) == []  # two runs of the sub


def test_a_void_subs_result_means_nothing() -> None:
    assert results([1.0, 2.0], ["a", None], void=True) == []
    both = exchange([1.0], [2.0], ([1.0], [2.0]))
    assert found(both, void=True) == [0]


def test_a_number_that_is_text_passes() -> None:
    left = BatchOutcome(columns.Mixed([Dual(1.0, b"1")]))
    both = Exchange(batch_of([(1.0,)]), left, BatchOutcome([1.0]), codec.no_names)
    assert found(both) == [0]


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(
    ("what", "table"),
    [
        ("failures", {1: Failure("die", "no")}),
        ("printed", {1: b"x"}),
    ],
)
def test_what_failed_or_printed_passes(side: str, what: str, table: dict[int, Any]) -> None:
    plain = BatchOutcome(from_perl([1.0, 2.0, 3.0]))
    with_table = BatchOutcome(from_perl([1.0, 2.0, 3.0]), **{what: table})
    sides = (with_table, plain) if side == "left" else (plain, with_table)
    assert found(Exchange(batch_of([(1.0,)] * 3), *sides, codec.no_names)) == [1]


@pytest.mark.parametrize("side", ["left", "right"])
def test_an_argument_that_one_side_changed_is_compared_with_what_was_given(side: str) -> None:
    """Whatever else is said of a row, warnings and the like, is no difference."""
    batch = batch_of([(1.0, [1.0]), (2.0, [2.0]), (3.0, [3.0])])
    plain = BatchOutcome(from_perl([0.0] * 3), warnings={0: ("no",)}, tainted=frozenset([0]))
    changed = BatchOutcome(from_perl([0.0] * 3), {1: from_perl([[1.0], [2.5], [3.0]])})
    sides = (changed, plain) if side == "left" else (plain, changed)
    assert found(Exchange(batch, *sides, codec.no_names)) == [1]


# Columns of the same kind, of two sizes of a row each, that only a column can have.
BUILT: list[tuple[Callable[[Any], Column], Any, Any]] = [
    (lambda a: Integers(np.array(a)), [1, 2], [1, 3]),
    (lambda a: Flags(np.array(a)), [True, False], [True, True]),
    (lambda a: Numbers(np.array([0.0, float(a)]), {1: a}), 2**53, 2**53 + 1),
]


@pytest.mark.parametrize(("make", "one", "other"), BUILT)
def test_columns_of_one_kind(make: Callable[[Any], Column], one: Any, other: Any) -> None:
    assert may_differ(make(one), make(one)).tolist() == [False, False]
    assert may_differ(make(one), make(other)).tolist() == [False, True]


def test_columns_of_two_kinds_may_always_differ() -> None:
    some: list[Column] = [
        Nothing(2),
        Flags(np.array([True, True])),
        Numbers(np.array([1.0, 1.0])),
        Integers(np.array([1, 1])),
        Optional(np.array([1, 1], np.uint8), Numbers(np.array([1.0, 1.0]))),
        *(
            columns.of(values)
            for values in (["a", "a"], [[], []], [{}, {}], [{"a": 1}] * 2, MANY[:2])
        ),
    ]
    for one in some:
        for other in some:
            passed = may_differ(one, other).tolist()
            assert passed == [one is not other] * 2
