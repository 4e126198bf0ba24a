"""Inputs for the lesson matrix: matrices of up to 4 x 4, most of them complete and fitting."""

from typing import Any

from hypothesis import strategies as st
from vectors import LENGTHS, mat, matrix

from parity import Cases


@st.composite
def one_matrix(draw: st.DrawFn) -> tuple[dict[str, Any]]:
    """A matrix, once in ten wrong: with a length that isn't true, or with an entry missing."""
    drawn = draw(matrix(draw(LENGTHS), draw(LENGTHS)))
    wrong = draw(st.integers(0, 19))
    if wrong == 18:
        drawn["rows_length"] = draw(st.integers(-2, 5))
    if wrong == 19:
        del drawn[draw(st.sampled_from(sorted(drawn)))]
    return (drawn,)


@st.composite
def two_matrices(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two matrices which can be multiplied, nine times out of ten."""
    middle1 = draw(LENGTHS)
    middle2 = draw(LENGTHS) if draw(st.integers(0, 9)) == 9 else middle1
    return draw(matrix(draw(LENGTHS), middle1)), draw(matrix(middle2, draw(LENGTHS)))


# The tutorial's weights: 3 rows and 2 columns, written weight<row>_<column>.
WEIGHTS = mat(3, 2, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
INCOMPLETE: list[dict[str, Any]] = [
    {"columns_length": 1, "values": [1.0]},
    {"rows_length": 1, "values": [1.0]},
    {"rows_length": 1, "columns_length": 1},
    {},
    mat(2, 3, [1.0, 2.0, 3.0, 4.0, 5.0]),
    mat(-1, -1, [1.0]),
    mat(0, -1, []),
]

check_mat = Cases(one_matrix(), examples=[(WEIGHTS,), *((wrong,) for wrong in INCOMPLETE)])
to_mat = Cases(examples=[([],), ([1.0],), ([0.1, 0.2, 0.3],)])
transpose = Cases(
    one_matrix(),
    examples=[(WEIGHTS,), (mat(0, 3, []),), *((wrong,) for wrong in INCOMPLETE)],
)
mul_mat = Cases(
    two_matrices(),
    examples=[
        (WEIGHTS, mat(2, 1, [5.0, 6.0])),
        (mat(3, 1, [0.1, 0.2, 0.3]), mat(1, 2, [5.0, 6.0])),  # biases' slopes times inputs
        (mat(2, 0, []), mat(0, 2, [])),  # nothing to add up: all 0
        (mat(0, 2, []), mat(2, 0, [])),
        (mat(2, 3, [1.0] * 6), mat(2, 3, [1.0] * 6)),
        *((wrong, WEIGHTS) for wrong in INCOMPLETE),
        *((WEIGHTS, wrong) for wrong in INCOMPLETE),
    ],
)
