"""Lesson: the derivative, over NumPy arrays (see pybackprop/derivative.py)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def const(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The constant function f(x) = 5. x: any shape; returns the same shape."""
    return np.full_like(x, 5.0)


def const_derivative(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The slope of const, 0 everywhere. x: any shape; returns the same shape."""
    return np.zeros_like(x)


def liner(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The linear function f(x) = 3x + 2. x: any shape; returns the same shape."""
    with np.errstate(over="ignore"):
        return 3 * x + 2


def liner_derivative(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The slope of liner, 3 everywhere. x: any shape; returns the same shape."""
    return np.full_like(x, 3.0)


def derivative(
    function: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    x: NDArray[np.float64],
    x_delta: NDArray[np.float64] | float,
) -> NDArray[np.float64]:
    """The definition of the derivative: the slope of function at each element of x.

    function: takes and returns arrays of one shape, element by element.
    x, x_delta: any shapes which broadcast; returns the broadcast shape.
    Raises ZeroDivisionError where x + x_delta is x again.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        output_change = function(x + x_delta) - function(x)
        input_change = (x + x_delta) - x
        if np.any(input_change == 0):
            raise ZeroDivisionError("float division by zero")

        return output_change / input_change
