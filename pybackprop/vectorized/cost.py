"""Lesson: cost functions, over NumPy arrays (see pybackprop/cost.py)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pybackprop import cost as loops


def check_same_length(vec_a: Any, vec_b: Any) -> None:
    """Raises ValueError unless both vectors, (n,), have the same length."""
    loops.check_same_length(vec_a, vec_b)


def cost(vec_a: NDArray[np.float64], vec_y: NDArray[np.float64]) -> float:
    """The squared error, half the sum of (a - y) * (a - y).

    vec_a, vec_y: (n,). Raises ValueError for unequal lengths.
    """
    check_same_length(vec_a, vec_y)

    with np.errstate(over="ignore", invalid="ignore"):
        difference = vec_a - vec_y

        return float(0.5 * np.sum(difference * difference))


def cost_derivative(vec_a: NDArray[np.float64], vec_y: NDArray[np.float64]) -> NDArray[np.float64]:
    """The slopes of cost, one for each activated output.

    vec_a, vec_y: (n,); returns (n,). Raises ValueError for unequal lengths.
    """
    check_same_length(vec_a, vec_y)

    return cost_derivative_each(vec_a, vec_y)


def cost_derivative_each(
    each_a: NDArray[np.float64], each_y: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The slope of cost for each activated output by itself, a - y.

    each_a, each_y: any shapes which broadcast; returns the broadcast shape.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return each_a - each_y


def _log(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logarithm which raises ValueError for 0 or less, as math.log does."""
    if np.any(x <= 0):
        raise ValueError("math domain error")

    return np.log(x)


def cross_entropy_cost(vec_a: NDArray[np.float64], vec_y: NDArray[np.float64]) -> float:
    """The binary cross entropy, for outputs of sigmoid.

    vec_a, vec_y: (n,), numbers from 0 to 1. A term whose factor, y or 1 - y, is 0
    counts as 0. Raises ValueError for unequal lengths and for the logarithm of 0
    or less.
    """
    check_same_length(vec_a, vec_y)

    with np.errstate(over="ignore", invalid="ignore"):
        yes = vec_y != 0
        no = vec_y != 1
        yes_terms = vec_y[yes] * _log(vec_a[yes])
        no_terms = (1 - vec_y[no]) * _log(1 - vec_a[no])

        return float(0 - np.sum(yes_terms) - np.sum(no_terms))


def cross_entropy_cost_derivative(
    vec_a: NDArray[np.float64], vec_y: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The slopes a - y, with respect to the outputs before sigmoid or softmax.

    The activation's slope is in it already: see the loops' docstring.

    vec_a, vec_y: (n,); returns (n,). Raises ValueError for unequal lengths.
    """
    check_same_length(vec_a, vec_y)

    with np.errstate(over="ignore", invalid="ignore"):
        return vec_a - vec_y


def categorical_cross_entropy_cost(vec_a: NDArray[np.float64], vec_y: NDArray[np.float64]) -> float:
    """The cross entropy for outputs of softmax.

    vec_a, vec_y: (n,), each with sum 1. A term whose factor y is 0 counts as 0.
    Raises ValueError for unequal lengths and for the logarithm of 0 or less.
    """
    check_same_length(vec_a, vec_y)

    with np.errstate(over="ignore", invalid="ignore"):
        yes = vec_y != 0

        return float(0 - np.sum(vec_y[yes] * _log(vec_a[yes])))
