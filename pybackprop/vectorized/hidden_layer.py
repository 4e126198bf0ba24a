"""Lesson: the slopes of a hidden layer, over NumPy arrays (see pybackprop/hidden_layer.py)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pybackprop import hidden_layer as loops
from pybackprop.vectorized import loop_mat
from pybackprop.vectorized.cost import check_same_length
from pybackprop.vectorized.last_layer import cost_grads_for_weights
from pybackprop.vectorized.matrix import check_mat, mul_mat, to_mat, transpose


def check_forward_weights(
    forward_bias_grads: Any, forward_weights: NDArray[np.float64], activate_grads_for_outputs: Any
) -> None:
    """Raises ValueError unless the three fit: (p,), (p, n) and (n,)."""
    check_mat(forward_weights)
    loops.check_forward_weights(
        forward_bias_grads, loop_mat(forward_weights), activate_grads_for_outputs
    )


def cost_grad_for_forward_input(
    forward_bias_grad: NDArray[np.float64], forward_weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The slope for the input of a forward output, as that one output sees it.

    Both: any shapes which broadcast; returns the broadcast shape.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return forward_bias_grad * forward_weight


def hidden_cost_grad_for_bias(
    forward_bias_grads: NDArray[np.float64],
    forward_weights_for_output: NDArray[np.float64],
    activate_grad_for_output: float,
) -> float:
    """The slope of the cost for one bias of a hidden layer.

    forward_bias_grads, forward_weights_for_output: (p,).
    Raises ValueError for unequal lengths.
    """
    check_same_length(forward_bias_grads, forward_weights_for_output)

    forward_input_grads = cost_grad_for_forward_input(
        forward_bias_grads, forward_weights_for_output
    )
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return float(np.sum(forward_input_grads * activate_grad_for_output))


def hidden_cost_grads_for_biases(
    forward_bias_grads: NDArray[np.float64],
    forward_weights: NDArray[np.float64],
    activate_grads_for_outputs: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The slopes of the cost for all biases of a hidden layer.

    forward_bias_grads: (p,); forward_weights: (p, n);
    activate_grads_for_outputs: (n,); returns (n,).
    Raises ValueError for lengths that don't fit.
    """
    check_forward_weights(forward_bias_grads, forward_weights, activate_grads_for_outputs)

    forward_input_grads = cost_grad_for_forward_input(to_mat(forward_bias_grads), forward_weights)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        terms = forward_input_grads * activate_grads_for_outputs
        bias_grads: NDArray[np.float64] = np.sum(terms, axis=0)

    return bias_grads


def hidden_cost_grads_for_biases_by_mat(
    forward_bias_grads: NDArray[np.float64],
    forward_weights: NDArray[np.float64],
    activate_grads_for_outputs: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The same slopes: transposed forward weights times the forward biases' slopes.

    forward_bias_grads: (p,); forward_weights: (p, n);
    activate_grads_for_outputs: (n,); returns (n, 1).
    Raises ValueError for lengths that don't fit.
    """
    check_forward_weights(forward_bias_grads, forward_weights, activate_grads_for_outputs)

    forward_input_grads = mul_mat(transpose(forward_weights), to_mat(forward_bias_grads))
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return forward_input_grads * to_mat(activate_grads_for_outputs)


def hidden_cost_grads_for_weights(
    forward_bias_grads: NDArray[np.float64],
    forward_weights: NDArray[np.float64],
    activate_grads_for_outputs: NDArray[np.float64],
    inputs: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The slopes of the cost for all weights of a hidden layer, as a column-major list.

    forward_bias_grads: (p,); forward_weights: (p, n);
    activate_grads_for_outputs: (n,); inputs: (m,); returns (n * m,).
    Raises ValueError for lengths that don't fit.
    """
    bias_grads = hidden_cost_grads_for_biases(
        forward_bias_grads, forward_weights, activate_grads_for_outputs
    )

    return cost_grads_for_weights(bias_grads, inputs)


def hidden_cost_grads_for_weights_by_mat(
    forward_bias_grads: NDArray[np.float64],
    forward_weights: NDArray[np.float64],
    activate_grads_for_outputs: NDArray[np.float64],
    inputs: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The same slopes as a matrix, by products of matrices.

    forward_bias_grads: (p,); forward_weights: (p, n);
    activate_grads_for_outputs: (n,); inputs: (m,); returns (n, m).
    Raises ValueError for lengths that don't fit.
    """
    bias_grads = hidden_cost_grads_for_biases_by_mat(
        forward_bias_grads, forward_weights, activate_grads_for_outputs
    )

    return mul_mat(bias_grads, transpose(to_mat(inputs)))
