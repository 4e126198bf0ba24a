"""Lesson: activation functions, over NumPy arrays (see pybackprop/activation.py)."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def exponential(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """e to the power of each element, infinity where that is too large.

    x: any shape; returns the same shape.
    """
    with np.errstate(over="ignore", under="ignore"):
        return np.exp(x)


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """An S-shaped curve from 0 up to 1. x: any shape; returns the same shape."""
    return 1 / (1 + exponential(-x))


def sigmoid_derivative(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The slope of sigmoid at each element of its input x.

    x: any shape; returns the same shape.
    """
    y = sigmoid(x)

    return y * (1 - y)


def tanh(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The hyperbolic tangent. x: any shape; returns the same shape."""
    return np.tanh(x)


def tanh_derivative(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The slope of tanh at each element of its input x.

    x: any shape; returns the same shape.
    """
    y = tanh(x)

    return 1 - y * y


def relu(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positive numbers stay, all others become 0, nan stays nan.

    x: any shape; returns the same shape.
    """
    return np.where(x <= 0, 0.0, x)


def relu_derivative(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The slope of relu: 0 up to x = 0, 1 after it and for nan.

    x: any shape; returns the same shape.
    """
    return np.where(x <= 0, 0.0, 1.0)


def leaky_relu(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positive numbers stay, of all others a hundredth is left, nan stays nan.

    x: any shape; returns the same shape.
    """
    return np.where(x <= 0, 0.01 * x, x)


def leaky_relu_derivative(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The slope of leaky_relu: 0.01 up to x = 0, 1 after it and for nan.

    x: any shape; returns the same shape.
    """
    return np.where(x <= 0, 0.01, 1.0)


def activate_array(
    activate: Callable[[NDArray[np.float64]], NDArray[np.float64]], inputs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Applies an activation function of this file, or its derivative.

    The functions here take whole arrays already; this one is there so that every
    function of the lesson has its namesake. inputs: (n,); returns (n,).
    """
    return activate(inputs)


def largest_position(numbers: NDArray[np.float64]) -> Any:
    """Where the largest number is, the first of equals.

    numbers: (n,) gives an int; (examples, n) gives (examples,).
    Raises ValueError for an empty vector. Behind a nan as the first nothing is larger.
    """
    if numbers.shape[-1] == 0:
        raise ValueError("the largest number of an empty vector")

    missing = np.isnan(numbers)
    known = np.where(missing, -np.inf, numbers) if missing.any() else numbers
    positions = np.where(missing[..., 0], 0, np.argmax(known, axis=-1))

    return int(positions) if numbers.ndim == 1 else positions


def softmax(inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turns a vector into probabilities. inputs: (n,); returns (n,), whose sum is 1.

    Raises ValueError for an empty vector. A nan, or an infinity as the largest
    input, makes every output nan.
    """
    if inputs.size == 0:
        raise ValueError("softmax of an empty vector")

    with np.errstate(over="ignore", invalid="ignore"):
        exponentials = exponential(inputs - np.max(inputs))

    return exponentials / np.sum(exponentials)


def softmax_derivative(inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """The Jacobian of softmax: row i, column j says how output i changes with input j.

    inputs: (n,); returns (n, n). Raises ValueError for an empty vector.
    """
    outputs = softmax(inputs)
    # 0 - ... for the same reason as in the loops: no -0.0 of a product of 0.
    jacobian = 0 - np.outer(outputs, outputs)
    np.fill_diagonal(jacobian, outputs * (1 - outputs))

    return jacobian
