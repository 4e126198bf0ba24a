"""What the cases of several lessons draw from: numbers, lengths, vectors, matrices."""

import functools
import random
import struct
from typing import Any

from hypothesis import strategies as st

NUMBERS = st.one_of(st.floats(-4, 4), st.floats(-4, 4), st.floats())
# 0 is a length too, but a product of empty matrices says little.
LENGTHS = st.sampled_from([0, 1, 1, 2, 2, 3, 3, 4])
SEEDS = st.integers(0, 2**32 - 1)


@functools.cache  # a strategy that is made anew has to be checked anew
def vector(length: int) -> st.SearchStrategy[list[float]]:
    """A vector of that length.

    One time in eight its numbers are drawn one by one, so that Hypothesis can make each small; else
    they come from one drawn seed, which is quicker.
    """
    one_by_one = st.lists(NUMBERS, min_size=length, max_size=length)
    at_once = SEEDS.map(lambda seed: seeded(seed, length))
    return st.one_of(one_by_one, *[at_once] * 7)


def seeded(seed: int, length: int) -> list[float]:
    """Numbers of which one in four may be any double at all."""
    chance = random.Random(seed)
    numbers = []
    for _ in range(length):
        number = chance.uniform(-4, 4)
        if chance.random() < 0.25:
            (number,) = struct.unpack("<d", chance.randbytes(8))
        numbers.append(number)
    return numbers


@functools.cache
def matrix(rows_length: int, columns_length: int) -> st.SearchStrategy[dict[str, Any]]:
    """A complete matrix of that size."""
    return vector(rows_length * columns_length).map(
        lambda values: mat(rows_length, columns_length, values)
    )


def mat(rows_length: int, columns_length: int, values: list[float]) -> dict[str, Any]:
    """A matrix of these values."""
    return {"rows_length": rows_length, "columns_length": columns_length, "values": values}
