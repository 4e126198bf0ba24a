"""Inputs for the lesson last_layer: the tutorial's 2 inputs and 3 outputs, and other sizes."""

from typing import Any

from hypothesis import strategies as st
from vectors import LENGTHS, mat, vector

from parity import Cases


@st.composite
def transforms(draw: st.DrawFn) -> tuple[dict[str, Any], list[float], list[float]]:
    """Weights, biases and inputs, once in ten not fitting."""
    rows_length = draw(LENGTHS)
    columns_length = draw(LENGTHS)
    weights = mat(rows_length, columns_length, draw(vector(rows_length * columns_length)))
    wrong = draw(st.integers(0, 19))
    biases = draw(vector(draw(LENGTHS) if wrong == 18 else rows_length))
    inputs = draw(vector(draw(LENGTHS) if wrong == 19 else columns_length))
    return weights, biases, inputs


@st.composite
def two_vectors(draw: st.DrawFn) -> tuple[list[float], list[float]]:
    """Two vectors, of one length nine times out of ten."""
    length = draw(LENGTHS)
    other_length = draw(LENGTHS) if draw(st.integers(0, 9)) == 9 else length
    return draw(vector(length)), draw(vector(other_length))


WEIGHTS = mat(3, 2, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])

m_to_n_transform = Cases(
    transforms(),
    examples=[
        (WEIGHTS, [0.7, 0.8, 0.9], [5.0, 6.0]),
        (mat(2, 0, []), [0.7, 0.8], []),
        (mat(0, 0, []), [], []),
        (WEIGHTS, [0.7, 0.8], [5.0, 6.0]),
        (WEIGHTS, [0.7, 0.8, 0.9], [5.0]),
        (mat(3, 2, [0.1]), [0.7, 0.8, 0.9], [5.0, 6.0]),
    ],
)
cost_grad_for_bias = Cases(examples=[(0.25, -0.2)])
cost_grads_for_biases = Cases(
    two_vectors(),
    examples=[
        ([0.25, 0.2, 0.1], [-0.2, 0.1, 0.1]),
        ([], []),
        ([0.25], [-0.2, 0.1]),
    ],
)
cost_grad_for_weight = Cases(examples=[(5.0, 0.25, -0.2)])
cost_grad_for_weight_by_bias = Cases(examples=[(-0.05, 5.0)])
cost_grads_for_weights = Cases(
    examples=[([-0.05, 0.02, 0.01], [5.0, 6.0]), ([], [5.0]), ([-0.05], []), ([], [])]
)
cost_grads_for_weights_by_mat = Cases(
    examples=[([-0.05, 0.02, 0.01], [5.0, 6.0]), ([], [5.0]), ([-0.05], []), ([], [])]
)
