"""What Hypothesis draws: fast, the same again, and what it gives up."""

from __future__ import annotations

from dataclasses import replace
from typing import (
    Any,
)

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import (
    Options,
    Tree,
    port,
)

from parity import CannotRun, Cases
from parity.inputs import fast_hypothesis
from parity.inputs.strategies import THOROUGH, make, strategy


@st.composite
def vectors(draw: st.DrawFn) -> tuple[list[float], list[str]]:
    length = draw(st.integers(0, 4).filter(lambda n: n != 3))
    numbers = draw(st.lists(st.floats(), min_size=length, max_size=length))
    return numbers, draw(st.lists(st.text() | st.builds(str, st.integers()), max_size=3))


STRATEGIES: list[st.SearchStrategy[tuple[Any, ...]]] = [
    vectors(),
    st.tuples(st.dictionaries(st.text(), st.floats(0, 1), max_size=4)),
    st.tuples(st.sampled_from("abc"), st.lists(st.integers(), unique=True)),
    st.tuples(st.recursive(st.booleans(), lambda inner: st.lists(inner, max_size=3))),
    st.tuples(st.binary(), st.shared(st.integers(), key="a"), st.shared(st.integers(), key="a")),
    st.tuples(st.from_regex(r"[a-z]+\d"), st.fixed_dictionaries({"x": st.floats(allow_nan=False)})),
    strategy(port(str, str, list[float], list[float], constants=("key=", 256))),
]


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda one: str(one)[:40])
def test_the_fast_way_makes_what_hypothesis_makes_from_the_same_bytes(
    strategy: st.SearchStrategy[Any],
) -> None:
    where = replace(port(), function=lambda *arguments: None, cases=Cases(strategy))
    cases = make(where, 400, 1, lambda: None)
    fast = [case for case in cases if case.entropy is not None]
    assert len(fast) == len(cases) - THOROUGH > 300

    again: list[Any] = []
    replay = given(strategy)(lambda case: again.append(case)).hypothesis.fuzz_one_input
    for case in fast:
        replay(case.entropy)
    assert list(map(repr, again)) == [repr(case.arguments) for case in fast]


def test_the_slow_way_takes_over_where_they_would_not_agree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(self: fast_hypothesis.Source) -> Any:
        raise AttributeError("the insides have changed")

    monkeypatch.setattr(fast_hypothesis.Source, "draw", broken)
    cases = make(port(list[float], str), 700, 1, lambda: None)
    assert len(cases) == 700 and sum(case.entropy is not None for case in cases) > 200


@pytest.mark.parametrize("hint", [float, list[str], Options, Tree])
def test_the_same_seed_makes_the_same_cases(hint: Any) -> None:
    first, again, other = (
        list(map(repr, make(port(hint), 500, seed, lambda: None))) for seed in (1, 1, 2)
    )
    assert first == again and first != other and len(first) == 500


def test_draws_that_are_given_up_are_not_cases() -> None:
    even = st.tuples(st.integers().filter(lambda n: n % 2 == 0))
    cases = make(port(int, cases=Cases(even)), 300, 1, lambda: None)
    assert len(cases) > 200 and all(case.arguments[0] % 2 == 0 for case in cases)


def test_a_strategy_that_fails_is_one_line() -> None:
    def fail(value: float) -> tuple[float]:
        if value > 1e9:
            raise RuntimeError("boom")
        return (value,)

    cases = Cases(st.floats(0, 1e10).map(fail))
    with pytest.raises(CannotRun, match=r"making the inputs failed: RuntimeError: boom$"):
        make(port(float, cases=cases), 1000, 1, lambda: None)
