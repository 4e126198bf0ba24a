"""Arguments that are made of one another."""

from __future__ import annotations

from typing import (
    Any,
)

import pytest
from samples import (
    array_values,
    port,
)

from parity.inputs.strategies import make


@pytest.mark.parametrize("hint", [str, bytes, list[float], float, int])
def test_arguments_of_the_same_kind_are_made_of_each_other(hint: Any) -> None:
    first, last = 0, 0
    for case in make(port(hint, bool, hint), 1000, 1, lambda: None):
        one, _, other = map(repr, case.arguments)
        first += len(one) > 10 and one == other
        last += len(one) > 10 and one != other and sorted(one) == sorted(other)
    assert first > 10
    assert last > 10 or hint in (float, int)


@pytest.mark.parametrize(
    ("container", "item"), [(list[str], str), (list[float], float), (dict[str, int], str)]
)
def test_an_argument_is_an_item_of_another(container: Any, item: Any) -> None:
    where = port(container, item)
    cases = [case.arguments for case in make(where, 1000, 1, lambda: None)]
    for some in (cases, list(zip(*array_values(where, 1000), strict=True))):
        texts = [(set(map(repr, one)), repr(other)) for one, other in some]
        assert sum(other in one and len(other) > 6 for one, other in texts) > 5
