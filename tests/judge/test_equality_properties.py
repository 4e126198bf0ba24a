"""A value equals itself, and every change of it is found."""

from __future__ import annotations

import copy
import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import arguments, results, returned

from parity.judge.equality import Comparison

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
