"""Lesson: Perl's random numbers, over NumPy arrays (see pybackprop/perl_random.py).

Not up to rounding, but the very numbers of the loops: integers have no rounding.
"""

import numpy as np
from numpy.typing import NDArray

from pybackprop import perl_random
from pybackprop.perl_random import check_count

_CACHE: dict[str, NDArray[np.uint64]] = {}


def _steps(count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The factors and summands that lead from the first state to each of the next ones.

    Two steps in a row are one step with another factor and another summand; unsigned
    integers of 64 bits wrap around, which leaves the last 48 bits right.
    """
    if "factors" not in _CACHE or _CACHE["factors"].size < count:
        factors = np.array([25214903917], dtype=np.uint64)
        summands = np.array([11], dtype=np.uint64)
        while factors.size < count:
            summands = np.append(summands, summands * factors[-1] + summands[-1])
            factors = np.append(factors, factors * factors[-1])
        _CACHE["factors"], _CACHE["summands"] = factors, summands

    return _CACHE["factors"][:count], _CACHE["summands"][:count]


def random_numbers(seed: int, count: int) -> NDArray[np.float64]:
    """The first numbers that Perl's rand gives after srand. Returns (count,).

    Raises ValueError for a count below 0.
    """
    check_count(count)

    state = np.uint64(abs(seed) % 2**32 * 65536 + 13070)
    factors, summands = _steps(count)
    states = (state * factors + summands) % np.uint64(2**48)

    return states / 2**48


def normal_numbers(seed: int, count: int) -> NDArray[np.float64]:
    """Random numbers, normally distributed. Returns (count,).

    By the loops, so that a network over arrays starts from the very same weights: some
    CPUs have other last bits for NumPy's log, sin and cos.
    Raises ValueError for a count below 0.
    """
    return np.array(perl_random.normal_numbers(seed, count), dtype=np.float64)


def shuffle(seed: int, count: int) -> NDArray[np.intp]:
    """The numbers 0, 1, ..., count - 1 in a random order. Returns (count,).

    Raises ValueError for a count below 0.
    """
    places = random_numbers(seed, count)[: max(count - 1, 0)] * np.arange(count, 1, -1)

    # Each swap depends on those before it.
    order = list(range(count))
    last = count
    for j in places.astype(np.intp).tolist():
        last = last - 1
        order[last], order[j] = order[j], order[last]

    return np.array(order, dtype=np.intp)
