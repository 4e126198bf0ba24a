"""A differing case is made small."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import (
    Annotated,
    Any,
    Literal,
)

import annotated_types as at
import pytest
from hypothesis import strategies as st
from samples import (
    Color,
    Options,
    port,
)

from parity import CannotRun, Cases
from parity.inputs.port import DrawnCase, Port
from parity.inputs.shrink import deletions, shrink, simpler_numbers
from parity.inputs.strategies import make


def test_parts_are_left_out_of_lists_of_what_has_a_form() -> None:
    where = port(list[Annotated[str, at.MinLen(2)]])
    made = list(deletions(where, (["ab", "cd"],)))
    assert {repr(one) for (one,) in made} == {"[]", "['cd']", "['ab']"}


def test_parts_are_left_out_of_one_argument_or_of_all() -> None:
    where = port(str, list[str], dict[str, list[int]], int)
    arguments = ("ab", ["abcd", "ef"], {"x": [1, 2], "y": []}, 7)
    made = list(deletions(where, arguments))
    for one in (
        ("", *arguments[1:]),
        ("b", *arguments[1:]),
        ("ab", ["ef"], *arguments[2:]),
        ("ab", ["acd", "e"], *arguments[2:]),
        ("ab", arguments[1], {"y": []}, 7),
        ("ab", arguments[1], {"x": [2], "y": []}, 7),
        ("b", ["ef"], {"y": []}, 7),
        ("b", ["bcd", "f"], {"x": [2], "y": []}, 7),
    ):
        assert one in made, one
    assert arguments not in made


@pytest.mark.parametrize("hint", [Annotated[str, at.MinLen(1)], Options, Literal["ab"], Color])
def test_nothing_is_left_out_of_what_has_a_form(hint: Any) -> None:
    assert list(deletions(port(hint), ("ab",))) == []


def test_a_failing_case_from_random_bytes_is_made_small() -> None:
    where = port(list[float], str)

    def fails(arguments: tuple[Any, ...]) -> bool:
        return len(arguments[0]) >= 2 and bool(arguments[0][1] > 1000) and len(arguments[1]) > 2

    cases = make(where, 1000, 1, lambda: None)
    case = next(one for one in cases if one.entropy is not None and fails(one.arguments))
    numbers, text = shrink(where, 1000, 1, case, fails, time.monotonic() + 60)
    assert len(numbers) == 2 and numbers[1] == 1001.0 and len(text) == 3


def ten_to_six(rng: Any, count: int) -> tuple[Any, ...]:
    return (rng.integers(0, 10**6, count),)


def smallest(where: Port, arguments: tuple[Any, ...], differs: Callable[..., bool]) -> Any:
    """What a case that arrays drew is made to."""
    calls: list[tuple[Any, ...]] = []

    def test(tried: tuple[Any, ...]) -> bool:
        calls.append(tried)
        return differs(*tried)

    found = shrink(where, 100, 1, DrawnCase(arguments), test, time.monotonic() + 60)
    assert differs(*found) and len(calls) < 1000
    return found


@pytest.mark.parametrize("inputs", [None, st.tuples(st.integers(0, 9))])
@pytest.mark.parametrize("hint", [int, Any])
def test_a_case_of_arrays_is_made_small(inputs: Any, hint: Any) -> None:
    where = port(hint, cases=Cases(inputs, arrays=ten_to_six))
    assert smallest(where, (727492,), lambda n: n >= 1012) == (1012,)


def test_what_arrays_never_draw_is_no_smaller_case() -> None:
    def draw(rng: Any, count: int) -> tuple[Any, ...]:
        texts = [["ab" * int(n)] * 2 for n in rng.integers(1, 4, count)]
        return rng.uniform(500, 900, count), rng.normal(size=(count, 3)), texts

    where = port(float, list[float], list[str], cases=Cases(st.nothing(), arrays=draw))
    number, numbers, texts = smallest(where, (777.5, [1.5, -2.25, 3.0], ["abab"] * 2), lambda *a: 1)
    assert 496 <= number < 500 and len(numbers) == 3 and list(map(len, texts)) == [2, 2]
    assert all(abs(one) == 1.0 for one in numbers)


def test_a_bound_in_a_hint_holds_while_a_case_is_made_small() -> None:
    where = port(Annotated[int, at.Ge(20)], cases=Cases(st.nothing(), arrays=ten_to_six))
    assert smallest(where, (725,), lambda n: True) == (20,)
    where = port(Annotated[int, at.MultipleOf(5)], cases=Cases(st.nothing(), arrays=ten_to_six))
    (number,) = smallest(where, (800,), lambda n: n > 30)
    assert number % 5 == 0 and number < 800


def test_equal_numbers_become_smaller_together() -> None:
    where = port(
        int,
        list[int],
        cases=Cases(
            st.nothing(),
            arrays=lambda rng, count: (
                rng.integers(0, 1000, count),
                rng.integers(0, 1000, (count, 2)),
            ),
        ),
    )
    found = smallest(where, (500, [7, 500]), lambda n, v: n == v[1] and n > 99)
    assert found == (100, [1, 100]) or found == (100, [0, 100])


def test_a_strategy_in_the_cases_file_alone_says_what_a_case_is() -> None:
    where = port(int, cases=Cases(st.tuples(st.just(500))))
    assert smallest(where, (500,), lambda n: True) == (500,)


def test_an_error_ends_the_search() -> None:
    calls = []

    def differs(arguments: tuple[Any, ...]) -> bool:
        calls.append(arguments)
        raise CannotRun("no perl")

    with pytest.raises(CannotRun, match="no perl"):
        shrink(port(int), 100, 1, DrawnCase((5,)), differs, time.monotonic() + 60)
    assert len(calls) == 1


def test_nothing_is_tried_after_the_time_limit() -> None:
    case = DrawnCase((5,))
    assert shrink(port(int), 100, 1, case, lambda one: 1 / 0, time.monotonic() - 1) == (5,)


@pytest.mark.parametrize(
    "value", [0, -7, 2**63, 0.0, -0.0, 0.1, 3.7, -1e300, 5e-324, math.inf, -math.inf, math.nan]
)
def test_simpler_numbers_end_with_zero(value: float) -> None:
    steps = 0
    while following := list(simpler_numbers(value)):
        assert {type(one) for one in following} == {type(value)}
        value, steps = following[min(3, len(following) - 1)], steps + 1
        assert steps < 5000
    assert repr(value) in ("0", "0.0")
