"""Inputs for the lesson cost: pairs of vectors, most of them of one length."""

import math

from hypothesis import strategies as st

from parity import Cases

NUMBERS = st.one_of(st.floats(-4, 4), st.floats(-4, 4), st.floats())
PROBABILITIES = st.one_of(
    st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from([0.0, 1.0])
)


def two_vectors(
    elements_a: st.SearchStrategy[float], elements_y: st.SearchStrategy[float]
) -> st.SearchStrategy[tuple[list[float], list[float]]]:
    """Two vectors, of one length nine times out of ten."""
    fitting = st.integers(0, 5).flatmap(
        lambda length: st.tuples(
            st.lists(elements_a, min_size=length, max_size=length),
            st.lists(elements_y, min_size=length, max_size=length),
        )
    )
    any_lengths = st.tuples(
        st.lists(elements_a, max_size=3),
        st.lists(elements_y, max_size=3),
    )
    return st.integers(0, 9).flatmap(lambda draw: any_lengths if draw == 9 else fitting)


VECTORS = two_vectors(NUMBERS, NUMBERS)
# Of sure and wrong outputs the cost is an error: rarer with 0 and 1 for labels only.
OUTPUTS_AND_LABELS = st.one_of(
    two_vectors(st.floats(0.001, 0.999), st.sampled_from([0.0, 1.0])),
    two_vectors(st.floats(0.001, 0.999), st.floats(0, 1)),
    two_vectors(PROBABILITIES, PROBABILITIES),
    two_vectors(NUMBERS, PROBABILITIES),
    two_vectors(NUMBERS, NUMBERS),
)
UNEQUAL: list[tuple[list[float], list[float]]] = [
    ([1.0, 2.0], [1.0, 2.0, 3.0]),
    ([1.0], []),
]
SURE: list[tuple[list[float], list[float]]] = [
    ([], []),
    ([0.0, 1.0], [0.0, 1.0]),  # sure and right
    ([0.0], [1.0]),  # sure and wrong: the logarithm of 0
    ([1.0], [0.0]),
    ([-0.0], [1.0]),
    ([-0.5], [1.0]),  # the logarithm of less than 0
    ([math.nan], [1.0]),
    ([0.5], [math.nan]),
    ([math.inf], [1.0]),
]

check_same_length = Cases(VECTORS, examples=[([], []), ([1.0], [2.0]), *UNEQUAL])
cost = Cases(VECTORS, examples=[([], []), ([0.8, 0.1, 0.1], [1.0, 0.0, 0.0]), *UNEQUAL])
cost_derivative = Cases(VECTORS, examples=[([], []), ([0.8, 0.1, 0.1], [1.0, 0.0, 0.0]), *UNEQUAL])
cost_derivative_each = Cases(examples=[(0.8, 1.0), (0.1, 0.0)])
cross_entropy_cost = Cases(
    OUTPUTS_AND_LABELS, examples=[([0.8, 0.1, 0.1], [1.0, 0.0, 0.0]), *SURE, *UNEQUAL]
)
cross_entropy_cost_derivative = Cases(
    st.one_of(VECTORS, OUTPUTS_AND_LABELS),
    examples=[([], []), ([0.8, 0.1, 0.1], [1.0, 0.0, 0.0]), *UNEQUAL],
)
categorical_cross_entropy_cost = Cases(
    OUTPUTS_AND_LABELS, examples=[([0.8, 0.1, 0.1], [1.0, 0.0, 0.0]), *SURE, *UNEQUAL]
)
