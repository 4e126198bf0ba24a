"""Lesson: the slope of functions in a row, over NumPy arrays (see pybackprop/chain.py)."""

import numpy as np
from numpy.typing import NDArray


def chain_gradient(gradients: NDArray[np.float64]) -> float:
    """The product of n slopes, 1 for an empty vector. gradients: (n,)."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return float(np.prod(gradients))
