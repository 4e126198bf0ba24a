"""Inputs for the lesson hidden_layer: the tutorial's 3 forward outputs, and other sizes."""

from typing import Any

from hypothesis import strategies as st
from vectors import LENGTHS, NUMBERS, mat, vector

from parity import Cases


@st.composite
def layers(draw: st.DrawFn) -> tuple[list[float], dict[str, Any], list[float]]:
    """Forward biases' slopes, forward weights and activations' slopes, once in ten not fitting."""
    rows_length = draw(LENGTHS)
    columns_length = draw(LENGTHS)
    weights = mat(rows_length, columns_length, draw(vector(rows_length * columns_length)))
    wrong = draw(st.integers(0, 19))
    forward_bias_grads = draw(vector(draw(LENGTHS) if wrong == 18 else rows_length))
    activate_grads = draw(vector(draw(LENGTHS) if wrong == 19 else columns_length))
    return forward_bias_grads, weights, activate_grads


@st.composite
def one_bias(draw: st.DrawFn) -> tuple[list[float], list[float], float]:
    """Forward biases' slopes, a column of forward weights, and one activation's slope."""
    length = draw(LENGTHS)
    other_length = draw(LENGTHS) if draw(st.integers(0, 9)) == 9 else length
    return draw(vector(length)), draw(vector(other_length)), draw(NUMBERS)


@st.composite
def layers_and_inputs(
    draw: st.DrawFn,
) -> tuple[list[float], dict[str, Any], list[float], list[float]]:
    """The same as layers, and the inputs of the layer."""
    return *draw(layers()), draw(vector(draw(LENGTHS)))


# The tutorial's forward layer: 3 outputs from 2 inputs, and its third bias: from 3 inputs.
WEIGHTS_3_2 = mat(3, 2, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
WEIGHTS_3_3 = mat(3, 3, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
FORWARD_BIAS_GRADS = [-0.05, 0.02, 0.01]
LAYERS: list[tuple[list[float], dict[str, Any], list[float]]] = [
    (FORWARD_BIAS_GRADS, WEIGHTS_3_2, [0.25, 0.2]),
    (FORWARD_BIAS_GRADS, WEIGHTS_3_3, [0.25, 0.2, 0.1]),
    ([], mat(0, 2, []), [0.25, 0.2]),
    (FORWARD_BIAS_GRADS, mat(3, 0, []), []),
    ([-0.05, 0.02], WEIGHTS_3_2, [0.25, 0.2]),
    (FORWARD_BIAS_GRADS, WEIGHTS_3_2, [0.25]),
    (FORWARD_BIAS_GRADS, mat(3, 2, [0.1]), [0.25, 0.2]),
]
LAYERS_AND_INPUTS = [(*layer, inputs) for layer in LAYERS for inputs in ([5.0, 6.0], [])]

check_forward_weights = Cases(layers(), examples=LAYERS)
cost_grad_for_forward_input = Cases(examples=[(-0.05, 0.1)])
hidden_cost_grad_for_bias = Cases(
    one_bias(),
    examples=[
        (FORWARD_BIAS_GRADS, [0.1, 0.2, 0.3], 0.25),
        ([], [], 0.25),
        (FORWARD_BIAS_GRADS, [0.1, 0.2], 0.25),
    ],
)
hidden_cost_grads_for_biases = Cases(layers(), examples=LAYERS)
hidden_cost_grads_for_biases_by_mat = Cases(layers(), examples=LAYERS)
hidden_cost_grads_for_weights = Cases(layers_and_inputs(), examples=LAYERS_AND_INPUTS)
hidden_cost_grads_for_weights_by_mat = Cases(layers_and_inputs(), examples=LAYERS_AND_INPUTS)
