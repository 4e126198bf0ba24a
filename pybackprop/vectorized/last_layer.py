"""Lesson: the slopes of the last layer, over NumPy arrays (see pybackprop/last_layer.py)."""

import numpy as np
from numpy.typing import NDArray

from pybackprop.vectorized.cost import check_same_length
from pybackprop.vectorized.matrix import check_mat, mul_mat, to_mat, transpose


def m_to_n_transform(
    weights: NDArray[np.float64], biases: NDArray[np.float64], inputs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Turns m inputs into n outputs: weights times inputs, plus biases.

    weights: (n, m); biases: (n,); inputs: (m,); returns (n,).
    Raises ValueError for lengths that don't fit.
    """
    check_mat(weights)

    rows_length, columns_length = weights.shape
    if rows_length != len(biases):
        raise ValueError(f"weights with {rows_length} rows do not fit {len(biases)} biases")
    if columns_length != len(inputs):
        raise ValueError(f"weights with {columns_length} columns do not fit {len(inputs)} inputs")

    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return weights @ inputs + biases


def cost_grad_for_bias(
    activate_grad_for_output: NDArray[np.float64],
    cost_grad_for_activate_output: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The slope of the cost for one bias: activation's slope times cost's slope.

    Both: any shapes which broadcast; returns the broadcast shape. The transform's
    slope, 1, needs no multiplication. Mind the cost: see the loops' docstring.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return activate_grad_for_output * cost_grad_for_activate_output


def cost_grads_for_biases(
    activate_grads_for_outputs: NDArray[np.float64],
    cost_grads_for_activate_outputs: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The slopes of the cost for all biases of the last layer.

    Both: (n,); returns (n,). Raises ValueError for unequal lengths.
    """
    check_same_length(activate_grads_for_outputs, cost_grads_for_activate_outputs)

    return cost_grad_for_bias(activate_grads_for_outputs, cost_grads_for_activate_outputs)


def cost_grad_for_weight(
    weight_input: NDArray[np.float64],
    activate_grad_for_output: NDArray[np.float64],
    cost_grad_for_activate_output: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The slope of the cost for one weight: input times the two slopes.

    All: any shapes which broadcast; returns the broadcast shape.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return weight_input * activate_grad_for_output * cost_grad_for_activate_output


def cost_grad_for_weight_by_bias(
    bias_grad: NDArray[np.float64], weight_input: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The same slope, from the slope for the bias.

    Both: any shapes which broadcast; returns the broadcast shape.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return bias_grad * weight_input


def cost_grads_for_weights(
    bias_grads: NDArray[np.float64], inputs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The slopes of the cost for all weights, as a column-major list.

    bias_grads: (n,); inputs: (m,); returns (n * m,).
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return np.outer(inputs, bias_grads).ravel()


def cost_grads_for_weights_by_mat(
    bias_grads: NDArray[np.float64], inputs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The same slopes as a matrix: biases' slopes as a column times inputs as a row.

    bias_grads: (n,); inputs: (m,); returns (n, m).
    """
    return mul_mat(to_mat(bias_grads), transpose(to_mat(inputs)))
