"""Lesson: the slopes of a hidden layer.

A hidden layer is one before the last. Its activated outputs are the inputs
of the next layer, here called the forward layer, where each of them goes into
every output. So its slope is a sum, one term for each forward output; and
each term needs only what was already found there: the slope for a forward
bias. From the last layer to the first, each layer starts from the slopes of
the one after it. Hence the name: backpropagation.

These arguments are the same in all functions of this lesson:

  forward_bias_grads           a vector of p numbers, the slopes of the cost for
                               the biases of the forward layer
  forward_weights              a p x n matrix, the weights of the forward layer
  activate_grads_for_outputs   a vector of n numbers, activate_derivative of each
                               output of this layer
  inputs                       a vector of m numbers, the inputs of this layer

hidden_cost_grads_for_weights and the two functions by_mat stand alone: they show
other ways to the slopes, and the lesson network calls none of them.

A function without a line "Tutorial:" is not in the tutorial.

The Perl twin of this file is perl_reference/hidden_layer.pl.
"""

from pybackprop.cost import check_same_length
from pybackprop.last_layer import cost_grads_for_weights
from pybackprop.matrix import Matrix, check_mat, mul_mat, to_mat, transpose


def check_forward_weights(
    forward_bias_grads: list[float],
    forward_weights: Matrix,
    activate_grads_for_outputs: list[float],
) -> None:
    """Makes sure that forward weights fit between two layers.

    Returns nothing. An incomplete matrix is an error, and so are lengths that
    don't fit it.
    """
    check_mat(forward_weights)

    rows_length = forward_weights["rows_length"]
    columns_length = forward_weights["columns_length"]
    biases_length = len(forward_bias_grads)
    outputs_length = len(activate_grads_for_outputs)
    if rows_length != biases_length:
        raise ValueError(
            f"forward weights with {rows_length} rows do not fit {biases_length} biases"
        )
    if columns_length != outputs_length:
        raise ValueError(
            f"forward weights with {columns_length} columns do not fit {outputs_length} outputs"
        )


def cost_grad_for_forward_input(forward_bias_grad: float, forward_weight: float) -> float:
    """One forward output's part in the slope for its input.

    A weight and its input are multiplied, so they may change roles: the slope for
    the weight is the bias's slope times INPUT, and the slope for the input is
    the bias's slope times WEIGHT.

    forward_bias_grad: a number, the slope of the cost for the forward bias.
    forward_weight: a number, the weight from this input to that forward output.
    Returns a number. nan gives nan.
    Tutorial: 最後から2番目のバイアスに対する損失関数の傾きを求める
    (Finding the slope of the cost function for the second to last biases)
    """
    return forward_bias_grad * forward_weight


def hidden_cost_grad_for_bias(
    forward_bias_grads: list[float],
    forward_weights_for_output: list[float],
    activate_grad_for_output: float,
) -> float:
    """The slope of the cost for one bias of a hidden layer.

    forward_weights_for_output: a vector of p numbers, the weights from this
    output to each forward output (a column of the forward weights).
    activate_grad_for_output: a number, activate_derivative of this output.
    Returns a number, 0 for empty vectors. Unequal lengths are an error.
    Tutorial: 最後から2番目のバイアスに対する損失関数の傾きを求める
    (Finding the slope of the cost function for the second to last biases)
    """
    check_same_length(forward_bias_grads, forward_weights_for_output)

    # Seen from the bias the transform is output = bias + C, whose slope is 1. A
    # factor of 1 is left out of the terms.
    total = 0.0
    for i in range(len(forward_bias_grads)):
        forward_bias_grad = forward_bias_grads[i]
        forward_weight = forward_weights_for_output[i]
        forward_input_grad = cost_grad_for_forward_input(forward_bias_grad, forward_weight)
        total = total + forward_input_grad * activate_grad_for_output

    return total


def hidden_cost_grads_for_biases(
    forward_bias_grads: list[float],
    forward_weights: Matrix,
    activate_grads_for_outputs: list[float],
) -> list[float]:
    """The slopes of the cost for all biases of a hidden layer.

    Returns a new vector of n numbers. What check_forward_weights refuses is an error.
    Tutorial: 最後から2番目のバイアスに対する損失関数の傾きを求める
    (Finding the slope of the cost function for the second to last biases)
    """
    check_forward_weights(forward_bias_grads, forward_weights, activate_grads_for_outputs)

    rows_length = forward_weights["rows_length"]
    bias_grads = []
    for column in range(len(activate_grads_for_outputs)):
        forward_weights_for_output = []
        for row in range(rows_length):
            forward_weights_for_output.append(forward_weights["values"][row + rows_length * column])

        bias_grad = hidden_cost_grad_for_bias(
            forward_bias_grads,
            forward_weights_for_output,
            activate_grads_for_outputs[column],
        )
        bias_grads.append(bias_grad)

    return bias_grads


def hidden_cost_grads_for_biases_by_mat(
    forward_bias_grads: list[float],
    forward_weights: Matrix,
    activate_grads_for_outputs: list[float],
) -> Matrix:
    """The same slopes by a product of matrices.

    The transposed forward weights are multiplied by the slopes for the forward
    biases, as a column.

    The slope of the activation is the same in every term of the sum, so it is
    multiplied once, after the sum. (Another order: the last bits may differ.)

    Returns a new n x 1 matrix. What check_forward_weights refuses is an error.
    """
    check_forward_weights(forward_bias_grads, forward_weights, activate_grads_for_outputs)

    forward_input_grads = mul_mat(transpose(forward_weights), to_mat(forward_bias_grads))

    bias_grads = []
    for i in range(len(activate_grads_for_outputs)):
        bias_grads.append(forward_input_grads["values"][i] * activate_grads_for_outputs[i])

    return to_mat(bias_grads)


def hidden_cost_grads_for_weights(
    forward_bias_grads: list[float],
    forward_weights: Matrix,
    activate_grads_for_outputs: list[float],
    inputs: list[float],
) -> list[float]:
    """The slopes of the cost for all weights of a hidden layer.

    The rule is that of the last layer: the bias's slope times INPUT.

    Returns a new vector of n * m numbers, in the order of a column-major n x m
    matrix. What check_forward_weights refuses is an error.
    """
    bias_grads = hidden_cost_grads_for_biases(
        forward_bias_grads,
        forward_weights,
        activate_grads_for_outputs,
    )

    return cost_grads_for_weights(bias_grads, inputs)


def hidden_cost_grads_for_weights_by_mat(
    forward_bias_grads: list[float],
    forward_weights: Matrix,
    activate_grads_for_outputs: list[float],
    inputs: list[float],
) -> Matrix:
    """The same slopes by products of matrices.

    Returns a new n x m matrix. What check_forward_weights refuses is an error.
    """
    bias_grads = hidden_cost_grads_for_biases_by_mat(
        forward_bias_grads,
        forward_weights,
        activate_grads_for_outputs,
    )

    return mul_mat(bias_grads, transpose(to_mat(inputs)))
