"""Values that cross to a live perl and back, and those that cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from both_ends import TABLE, from_perl, identical
from conftest import older_perl
from hypothesis import given, settings
from hypothesis import strategies as st
from test_codec import plain_values
from workers import FILE, Live, calls, results

from parity import CannotRun
from parity.perl import codec
from parity.perl.codec import WireError
from parity.perl.process import Perl
from parity.values.perl_values import Function, Uncrossable


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("perl") / "subs.pl"
    file.write_text(FILE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def live(file: Path) -> Iterator[Live]:
    workers = Live(file)
    yield workers
    for perl in workers.workers.values():
        perl.close()


# --- values through a worker ------------------------------------------------------------------


@pytest.mark.parametrize("storage", ["plain", "upgraded", "ieee", "native"])
def test_values_come_back_through_a_worker_in_every_storage(
    exe: str, live: Live, storage: str
) -> None:
    perl = live.perl(exe, boxed=storage in ("ieee", "native"))
    values = [value for value, _, _ in TABLE]
    for some in (values, *([value] for value in values)):  # of many kinds, and of one
        (outcome,) = perl.call(calls("main::same", [[value] for value in some]), storage)
        assert identical(from_perl(results(outcome)), from_perl(some))
        assert (outcome.changed, outcome.warnings, outcome.failures) == ({}, {}, {})


def test_texts_go_in_in_the_storage_asked_for(exe: str, live: Live) -> None:
    perl = live.perl(exe)
    texts, both = [["é"], ["あ"], ["a"]], [["é"], [b"\xe9"], ["あ"]]
    for cases, plain in ((texts, [False, True, False]), (both, [False, False, True])):
        for storage, wanted in (("plain", plain), ("upgraded", [True] * 3)):
            (outcome,) = perl.call(calls("main::is_upgraded", cases), storage)
            assert [bool(value) for value in results(outcome)] == wanted


def test_every_value_survives_perl(exe: str, live: Live) -> None:
    perl = live.perl(exe)

    @given(st.lists(plain_values, min_size=1, max_size=10))
    @settings(max_examples=40)
    def check(values: list[Any]) -> None:
        (outcome,) = perl.call(calls("main::all", [values], "list"))
        assert identical(from_perl(results(outcome)), [from_perl(values)])
        assert outcome.changed == {}

    check()


NUMBERS = st.floats() | st.sampled_from([2.0**53, 2.0**60, -(2.0**62), 2.0**63, 1e300, -0.0])
INTEGERS = st.integers(-(2**63), 2**63 - 1)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "doubles": NUMBERS,
    "integers": INTEGERS,
    "texts": st.text(),
    "undef": st.none(),
    "truths": st.booleans(),
    "doubles or undef": NUMBERS | st.none(),
    "lists": st.lists(NUMBERS),
    "lists of lists": st.lists(st.lists(st.text())),
    "hashes": st.dictionaries(st.text(), st.integers(0, 9)),
    "hashes of many keys": st.dictionaries(st.text(max_size=2), st.integers(0, 9), min_size=9),
    "records": st.fixed_dictionaries({"a": NUMBERS, "あ": st.lists(st.text())}),
    "records with gaps": st.fixed_dictionaries({"a": INTEGERS}, optional={"b": st.text()}),
}


@pytest.mark.parametrize("older", [False, True], ids=["this", "older"])
@pytest.mark.parametrize("kind", KINDS)
def test_columns_come_back_as_they_went(live: Live, tmp_path: Path, kind: str, older: bool) -> None:
    perl = live.perl(older_perl(live.file.parent) if older else "perl")

    @given(st.lists(KINDS[kind], min_size=1))
    @settings(max_examples=60)
    def check(values: list[Any]) -> None:
        (outcome,) = perl.call(calls("main::same", [[value] for value in values]))
        assert identical(from_perl(results(outcome)), from_perl(values))
        assert (outcome.changed, outcome.failures, outcome.warnings) == ({}, {}, {})

    check()


def test_a_message_larger_than_a_pipe_holds(exe: str, live: Live) -> None:
    numbers = [float(n) for n in range(300_000)]
    assert results(live.call(exe, "main::same", numbers)) == [numbers]


def test_deep_values(exe: str, live: Live) -> None:
    for value in (nested(210), circular()):
        with pytest.raises(WireError, match="nested more than 200 deep cannot cross"):
            codec.encode(value)
    assert codec.decode(codec.encode(nested(190))) == nested(190)
    assert results(live.call(exe, "main::same", nested(190))) == [nested(190)]


FROM_SUBS: dict[str, Any] = {
    "code": Function("main::same"),
    "nameless": Function("main::__ANON__"),
    "größe": Function("main::größe"),
    "大きさ": Function("main::大きさ"),
    "glob_itself": Uncrossable("GLOB"),
    "glob_reference": Uncrossable("GLOB reference"),
    "object": Uncrossable("object of class Some::Class"),
    "pattern": Uncrossable("object of class Regexp"),
    "scalar_reference": Uncrossable("SCALAR reference"),
    "reference_reference": Uncrossable("REF reference"),
    "format_error": [1.0, {b"a": [Function("main::__ANON__"), Uncrossable("GLOB")]}],
    "past_unicode": Uncrossable("text with a character past U+10FFFF"),
    "key_past_unicode": Uncrossable("text with a character past U+10FFFF"),
    "dies_past_unicode": Uncrossable("text with a character past U+10FFFF"),
    "shared": [[1.0, 2.0], [1.0, 2.0]],
}


@pytest.mark.parametrize(("sub", "value"), FROM_SUBS.items(), ids=FROM_SUBS.keys())
def test_perls_other_values_come_as_what_they_are(
    exe: str, live: Live, sub: str, value: Any
) -> None:
    outcome = live.call(exe, f"main::{sub}")
    (found,) = results(outcome)
    if outcome.failures:
        found = outcome.failures[0].value
    assert identical(from_perl(found), from_perl(value))


@pytest.mark.parametrize("sub", ["own_list", "own_list_twice", "tree", "weak_tree", "deep"])
def test_a_value_without_an_end_comes_with_one(exe: str, live: Live, sub: str) -> None:
    (value,) = results(live.call(exe, f"main::{sub}"))
    while isinstance(value, list | dict):
        value = list(value.values())[-1] if isinstance(value, dict) else value[-1]
    assert isinstance(value, Uncrossable)
    why = "is nested too deeply" if sub == "deep" else "leads back to itself"
    assert value.type == f"reference that {why}"


def test_a_warning_past_unicode_does_not_stop_the_call(exe: str, live: Live) -> None:
    outcome = live.call(exe, "main::warns_past_unicode")
    assert (results(outcome), len(outcome.warnings[0])) == ([1.0], 1)


def test_a_function_with_a_name_past_ascii_can_be_an_argument(exe: str, file: Path) -> None:
    names = {len: "main::größe", abs: "main::大きさ"}.get
    with Perl(exe, file, names=names) as perl:
        (outcome,) = perl.call(calls("main::all", [[len], [abs]], "list"))
    assert results(outcome) == [[Function("main::größe")], [Function("main::大きさ")]]


# --- values that cannot cross -----------------------------------------------------------------


def nested(depth: int) -> Any:
    value: Any = 1.0
    for _ in range(depth):
        value = [value]
    return value


def circular() -> Any:
    value: list[Any] = [1.0]
    value += [value, value]
    return value


REFUSED = {
    "object": (object(), "a value of type object"),
    "set": ({1.0}, "a value of type set"),
    "complex": (1j, "a value of type complex"),
    "array": (np.zeros(2), "a value of type ndarray"),
    "function": (len, "a value of type builtin_function_or_method"),
    "range": (range(3), "a value of type range"),
    "2**64": (2**64, "the integer 18446744073709551616, which needs more than 64 bits,"),
    "-2**63 - 1": (
        -(2**63) - 1,
        "the integer -9223372036854775809, which needs more than 64 bits,",
    ),
    "int key": ({1: 2.0}, "a dict key of type int (keys are text)"),
    "None key": ({None: 2.0}, "a dict key of type NoneType (keys are text)"),
    "tuple key": ({("a",): 2.0}, "a dict key of type tuple (keys are text)"),
}
WRAPPED: dict[str, Callable[[Any], Any]] = {
    "": lambda value: value,
    "[0]": lambda value: [value],
    "[1][2]": lambda value: [1.0, (2.0, 3.0, value)],
    "a": lambda value: {"b": 1.0, "a": value},
    "a.b[1]": lambda value: {"a": {"b": [0.0, value, 0.0]}},
    "[0].a": lambda value: [{"a": value}],
}


@pytest.mark.parametrize("path", WRAPPED)
@pytest.mark.parametrize(("value", "what"), REFUSED.values(), ids=REFUSED.keys())
def test_a_value_that_cannot_cross_is_named_with_its_place(
    value: Any, what: str, path: str
) -> None:
    with pytest.raises(WireError) as caught:
        codec.encode(WRAPPED[path](value))
    assert str(caught.value) == f"{what} cannot cross to Perl{path and f' at {path}'}"


def test_two_keys_that_are_one_in_perl_are_refused() -> None:
    with pytest.raises(WireError, match="key"):
        codec.encode({"a": 1.0, b"a": 2.0})


def test_a_case_that_cannot_cross_is_an_argument(live: Live) -> None:
    perl = live.perl("perl")
    with pytest.raises(CannotRun, match="an argument: a value of type object cannot cross"):
        perl.call(calls("main::same", [[object()]]))
    with pytest.raises(CannotRun, match=r"an argument: a value of type set cannot .* at \[1\]"):
        perl.encode([1.0, {2.0}])
    assert results(perl.call(calls("main::same", [[1.5]]))[0]) == [1.5]
