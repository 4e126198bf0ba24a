"""Lesson: matrices, over NumPy arrays (see pybackprop/matrix.py).

A matrix is a 2-D array here, so its lengths are its shape and can't be missing.
"""

import numpy as np
from numpy.typing import NDArray


def check_mat(mat: NDArray[np.float64]) -> None:
    """Raises ValueError unless mat has two dimensions, (rows, columns)."""
    if mat.ndim != 2:
        raise ValueError(f"a matrix cannot have {mat.ndim} dimensions")


def to_mat(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Makes a matrix of one column from a vector. vector: (n,); returns (n, 1)."""
    return vector.reshape(-1, 1).copy()


def transpose(mat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turns rows into columns. mat: (m, n); returns (n, m)."""
    check_mat(mat)

    return mat.T.copy()


def mul_mat(mat1: NDArray[np.float64], mat2: NDArray[np.float64]) -> NDArray[np.float64]:
    """The product of two matrices. mat1: (l, m); mat2: (m, n); returns (l, n).

    Raises ValueError for sizes that don't fit.
    """
    check_mat(mat1)
    check_mat(mat2)

    if mat1.shape[1] != mat2.shape[0]:
        size1 = f"{mat1.shape[0]} x {mat1.shape[1]}"
        size2 = f"{mat2.shape[0]} x {mat2.shape[1]}"
        raise ValueError(f"cannot multiply a {size1} matrix by a {size2} matrix")

    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return mat1 @ mat2
