"""The lessons over NumPy arrays against the loops, inside bounds that follow from the arithmetic.

u = 2 ** -53 is the most that one rounding changes a result, relative to it. k roundings on the way
to a result change it by gamma(k) = k u / (1 - k u) at most (Higham, Accuracy and Stability of
Numerical Algorithms, chapter 3). For a sum that is gamma(k) * M, M being the sum of the terms'
magnitudes, in whatever order the additions are done; a term meets its own roundings and at most
n - 1 additions. Each of the two sides may be off by that much, to either side of the exact value,
so they may be twice as much apart: see apart().

Below 2 ** -1022 a rounding is not relative any more: a product may be off by 2 ** -1075, so the two
sides by TINY = 2 ** -1074 a product. (A sum of two doubles down there is exact.)

Where both sides do the same IEEE operations in the same order, the bound is 0.

The functions which no rule makes exact: exp and log are within 1 ulp of the exact value, in the C
library (which math uses) as in NumPy's own vector code; tanh within 2 ulp in the C library (its
manual's table of errors) and within 4 ulp in NumPy (its vector library's promise). An ulp is at
most 2u of the value.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pybackprop import activation, chain, cost, derivative, hidden_layer, last_layer, matrix
from pybackprop.matrix import Matrix
from pybackprop.vectorized import activation as v_activation
from pybackprop.vectorized import chain as v_chain
from pybackprop.vectorized import cost as v_cost
from pybackprop.vectorized import derivative as v_derivative
from pybackprop.vectorized import hidden_layer as v_hidden_layer
from pybackprop.vectorized import last_layer as v_last_layer
from pybackprop.vectorized import matrix as v_matrix

# A warning of NumPy's, about an overflow for instance, is a failure.
pytestmark = pytest.mark.filterwarnings("error")

U = 2.0**-53
TINY = 2.0**-1074
EXP = 2  # roundings that an exp or a log is worth: 1 ulp, 2u
TANH_OF_C = 4  # 2 ulp
TANH_OF_NUMPY = 8  # 4 ulp

Array = NDArray[np.float64]


def gamma(k: int) -> float:
    """What k roundings can do, relative to the result."""
    return k * U / (1 - k * U)


def apart(k: int, magnitude: float) -> float:
    """How far two results of k roundings each can be apart.

    The magnitude was itself calculated with k roundings at most, so the exact one may be larger:
    hence the division.
    """
    return 2 * gamma(k) * magnitude / (1 - gamma(k))


def check(found: Any, expected: Sequence[float], bounds: Sequence[float] | float) -> None:
    """Each element found is within its bound of the one expected; nan is only within nan."""
    found = np.atleast_1d(found)
    assert found.dtype == np.float64
    assert found.shape == (len(expected),)
    if isinstance(bounds, float):
        bounds = [bounds] * len(expected)
    for one, other, bound in zip(found.tolist(), expected, bounds, strict=True):
        if not (one == other or (math.isnan(one) and math.isnan(other))):
            assert abs(one - other) <= bound, f"{one!r} is not within {bound} of {other!r}"


def check_mat(found: Array, expected: Matrix, bounds: Sequence[float] | float) -> None:
    """The same for matrices; the values of the one expected are column after column."""
    assert found.shape == (expected["rows_length"], expected["columns_length"])
    check(found.ravel(order="F"), expected["values"], bounds)


def array(numbers: Sequence[float]) -> Array:
    """A vector as a 1-D array, an empty one too."""
    return np.array(numbers, dtype=np.float64)


def array_of(mat: Matrix) -> Array:
    """A matrix as a 2-D array."""
    return array(mat["values"]).reshape((mat["rows_length"], mat["columns_length"]), order="F")


def absolute(numbers: list[float]) -> list[float]:
    """The magnitudes."""
    return [abs(number) for number in numbers]


def absolute_mat(mat: Matrix) -> Matrix:
    """The matrix of magnitudes."""
    return {
        "rows_length": mat["rows_length"],
        "columns_length": mat["columns_length"],
        "values": absolute(mat["values"]),
    }


# --- inputs -------------------------------------------------------------------------------------

NUMBERS = st.floats(-1000, 1000)  # with 0, -0.0 and subnormal numbers, without overflow
ANYTHING = st.floats()
LENGTHS = st.integers(0, 6)


def vectors(length: int, numbers: st.SearchStrategy[float] = NUMBERS) -> Any:
    """Vectors of that length."""
    return st.lists(numbers, min_size=length, max_size=length)


@st.composite
def matrices(draw: st.DrawFn, rows_length: int, columns_length: int) -> Matrix:
    """Matrices of that size."""
    values = draw(vectors(rows_length * columns_length))
    return {"rows_length": rows_length, "columns_length": columns_length, "values": values}


@st.composite
def pairs(draw: st.DrawFn, numbers: st.SearchStrategy[float]) -> tuple[list[float], list[float]]:
    """Two vectors of one length."""
    length = draw(LENGTHS)
    return draw(vectors(length, numbers)), draw(vectors(length, numbers))


# --- the judge ----------------------------------------------------------------------------------


def test_the_judge_refuses_what_is_outside_the_bound() -> None:
    check(array([1.0, math.nan]), [1.0 + 2 * U, math.nan], [2 * U, 0.0])
    for found, expected, bound in [
        ([1.0], [1.0 + 2 * U], U),
        ([math.nan], [1.0], 1.0),
        ([1.0], [math.nan], 1.0),
        ([math.inf], [1.0], 1.0),
        ([1.0, 2.0], [1.0], 1.0),
    ]:
        with pytest.raises(AssertionError):
            check(array(found), expected, bound)


# --- derivative, and all others that are the same IEEE operations: bound 0 ----------------------


@pytest.mark.parametrize(
    ("vectorized", "loop"),
    [
        (v_derivative.const, derivative.const),
        (v_derivative.const_derivative, derivative.const_derivative),
        (v_derivative.liner, derivative.liner),
        (v_derivative.liner_derivative, derivative.liner_derivative),
        (v_activation.relu, activation.relu),
        (v_activation.relu_derivative, activation.relu_derivative),
        (v_activation.leaky_relu, activation.leaky_relu),
        (v_activation.leaky_relu_derivative, activation.leaky_relu_derivative),
    ],
    ids=lambda function: function.__name__,
)
@given(inputs=st.lists(ANYTHING, max_size=6))
def test_functions_of_one_number_without_rounding_of_their_own(
    vectorized: Callable[[Array], Array], loop: Callable[[float], float], inputs: list[float]
) -> None:
    expected = activation.activate_array(loop, inputs)

    check(vectorized(array(inputs)), expected, 0.0)
    check(v_activation.activate_array(vectorized, array(inputs)), expected, 0.0)


@given(inputs=st.lists(ANYTHING, min_size=1, max_size=6), x_delta=st.floats(1e-9, 1.0))
def test_derivative(inputs: list[float], x_delta: float) -> None:
    try:
        slopes = [derivative.derivative(derivative.liner, x, x_delta) for x in inputs]
    except ZeroDivisionError as error:
        with pytest.raises(ZeroDivisionError) as raised:
            v_derivative.derivative(v_derivative.liner, array(inputs), x_delta)
        assert raised.value.args == error.args
    else:
        check(v_derivative.derivative(v_derivative.liner, array(inputs), x_delta), slopes, 0.0)


@given(pairs(ANYTHING))
def test_differences_and_products_of_two_vectors(two: tuple[list[float], list[float]]) -> None:
    one, other = two
    arrays = array(one), array(other)

    check(v_cost.cost_derivative(*arrays), cost.cost_derivative(one, other), 0.0)
    each = [cost.cost_derivative_each(a, y) for a, y in zip(one, other, strict=True)]
    check(v_cost.cost_derivative_each(*arrays), each, 0.0)
    expected = cost.cross_entropy_cost_derivative(one, other)
    check(v_cost.cross_entropy_cost_derivative(*arrays), expected, 0.0)

    expected = last_layer.cost_grads_for_biases(one, other)
    check(v_last_layer.cost_grads_for_biases(*arrays), expected, 0.0)
    check(v_last_layer.cost_grad_for_bias(*arrays), expected, 0.0)
    expected = [last_layer.cost_grad_for_weight_by_bias(a, b) for a, b in zip(*two, strict=True)]
    check(v_last_layer.cost_grad_for_weight_by_bias(*arrays), expected, 0.0)
    expected = [last_layer.cost_grad_for_weight(a, b, a) for a, b in zip(*two, strict=True)]
    check(v_last_layer.cost_grad_for_weight(*arrays, arrays[0]), expected, 0.0)
    expected = [hidden_layer.cost_grad_for_forward_input(a, b) for a, b in zip(*two, strict=True)]
    check(v_hidden_layer.cost_grad_for_forward_input(*arrays), expected, 0.0)


@given(bias_grads=st.lists(ANYTHING, max_size=6), inputs=st.lists(ANYTHING, max_size=6))
def test_weights_slopes_of_the_last_layer(bias_grads: list[float], inputs: list[float]) -> None:
    expected = last_layer.cost_grads_for_weights(bias_grads, inputs)
    found = v_last_layer.cost_grads_for_weights(array(bias_grads), array(inputs))
    check(found, expected, 0.0)

    # Each number of this product of matrices is one product, so nothing is added that could round.
    expected_mat = last_layer.cost_grads_for_weights_by_mat(bias_grads, inputs)
    found = v_last_layer.cost_grads_for_weights_by_mat(array(bias_grads), array(inputs))
    check_mat(found, expected_mat, 0.0)


@given(st.data())
def test_to_mat_and_transpose(data: st.DataObject) -> None:
    vector = data.draw(st.lists(ANYTHING, max_size=6))
    check_mat(v_matrix.to_mat(array(vector)), matrix.to_mat(vector), 0.0)

    mat = data.draw(matrices(data.draw(LENGTHS), data.draw(LENGTHS)))
    check_mat(v_matrix.transpose(array_of(mat)), matrix.transpose(mat), 0.0)


# --- activation ---------------------------------------------------------------------------------


@given(inputs=st.lists(st.floats(-800, 700), max_size=20))
def test_exponential(inputs: list[float]) -> None:
    expected = [activation.exponential(x) for x in inputs]

    # Below 2 ** -1022 an ulp is TINY, whatever the value; both sides may be off by one.
    bounds = [apart(EXP, y) + 2 * TINY for y in expected]
    check(v_activation.exponential(array(inputs)), expected, bounds)


# Where exp neither overflows nor becomes subnormal. An exp, the addition, the division.
SIGMOID = EXP + 2


@given(inputs=st.lists(st.floats(-700, 700), max_size=20))
def test_sigmoid(inputs: list[float]) -> None:
    expected = [activation.sigmoid(x) for x in inputs]

    # All terms are positive: the relative errors just add up.
    check(v_activation.sigmoid(array(inputs)), expected, [apart(SIGMOID, y) for y in expected])


@given(inputs=st.lists(st.floats(-700, 700), max_size=20))
def test_sigmoid_derivative(inputs: list[float]) -> None:
    expected = [activation.sigmoid_derivative(x) for x in inputs]

    # y (1 - y) = y - y y: the second term meets the roundings of y twice, the difference, the
    # product. The magnitudes are y and y y.
    bounds = []
    for x in inputs:
        y = activation.sigmoid(x)
        bounds.append(apart(2 * SIGMOID + 2, y + y * y))
    check(v_activation.sigmoid_derivative(array(inputs)), expected, bounds)


@given(inputs=st.lists(st.floats(-1000, 1000), max_size=20))
def test_tanh(inputs: list[float]) -> None:
    expected = [activation.tanh(x) for x in inputs]

    # Relative to the exact value 2 and 4 ulp; below 2 ** -1022 an ulp is TINY.
    bounds = []
    for y in expected:
        exact = abs(y) / (1 - gamma(TANH_OF_C))
        bounds.append((TANH_OF_C + TANH_OF_NUMPY) * U * exact + 6 * TINY)
    check(v_activation.tanh(array(inputs)), expected, bounds)


@given(inputs=st.lists(st.floats(-1000, 1000), max_size=20))
def test_tanh_derivative(inputs: list[float]) -> None:
    expected = [activation.tanh_derivative(x) for x in inputs]

    # 1 - y y: the square meets the error of y twice, the product and the difference. An underflow
    # of y y is lost beside the 1. The worse of the two sides, NumPy's, stands for both.
    bounds = []
    for x in inputs:
        y = activation.tanh(x)
        bounds.append(apart(2 * TANH_OF_NUMPY + 2, 1 + y * y))
    check(v_activation.tanh_derivative(array(inputs)), expected, bounds)


def softmax_roundings(length: int) -> int:
    """Of one output: an exp above, an exp and n - 1 additions below, and the division.

    The difference with the maximum is the same double on both sides.
    """
    return EXP + EXP + (length - 1) + 1


@given(inputs=st.lists(st.floats(-150, 150), min_size=1, max_size=8))
def test_softmax(inputs: list[float]) -> None:
    expected = activation.softmax(inputs)

    k = softmax_roundings(len(inputs))
    check(v_activation.softmax(array(inputs)), expected, [apart(k, y) for y in expected])


@given(inputs=st.lists(st.floats(-150, 150), min_size=1, max_size=6))
def test_softmax_derivative(inputs: list[float]) -> None:
    outputs = activation.softmax(inputs)

    # Two outputs multiplied; on the diagonal a difference as well, y - y y. No product is below
    # exp(-600) / 36, so nothing underflows.
    k = 2 * softmax_roundings(len(inputs))
    bounds = []
    for column, y_column in enumerate(outputs):
        for row, y_row in enumerate(outputs):
            if row == column:
                bounds.append(apart(k + 2, y_row + y_row * y_row))
            else:
                bounds.append(apart(k + 1, y_row * y_column))
    found = v_activation.softmax_derivative(array(inputs))
    check_mat(found, activation.softmax_derivative(inputs), bounds)


@pytest.mark.parametrize(
    "name", ["exponential", "sigmoid", "sigmoid_derivative", "tanh", "tanh_derivative"]
)
def test_the_ends_of_the_curves_are_exact(name: str) -> None:
    inputs = [-math.inf, -1e308, -1000.0, 0.0, 1000.0, 1e308, math.inf, math.nan]

    expected = [vars(activation)[name](x) for x in inputs]
    check(vars(v_activation)[name](array(inputs)), expected, 0.0)


@pytest.mark.parametrize(
    "inputs",
    [
        [math.inf, 1.0],
        [-math.inf, -math.inf],
        [-math.inf, 0.0],
        [1.0, math.nan, 2.0],
        [math.nan, 1.0],
        [1000.0, -1000.0],
        [1e308, -1e308],
    ],
)
def test_softmax_at_the_edges_is_exact(inputs: list[float]) -> None:
    check(v_activation.softmax(array(inputs)), activation.softmax(inputs), 0.0)
    found = v_activation.softmax_derivative(array(inputs))
    check_mat(found, activation.softmax_derivative(inputs), 0.0)


# --- cost and chain -----------------------------------------------------------------------------


@given(pairs(NUMBERS))
def test_cost(two: tuple[list[float], list[float]]) -> None:
    vec_a, vec_y = two

    # The squares are the same doubles on both sides; n - 1 additions (the first one, to 0.0, is
    # exact). The half is exact but for an underflow.
    expected = cost.cost(vec_a, vec_y)
    bound = apart(max(len(vec_a) - 1, 0), expected) + TINY
    check(v_cost.cost(array(vec_a), array(vec_y)), [expected], bound)


@st.composite
def outputs_and_labels(draw: st.DrawFn) -> tuple[list[float], list[float]]:
    """Outputs that have both logarithms, and labels of which many are exactly 0 or 1."""
    length = draw(LENGTHS)
    labels = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1))
    return draw(vectors(length, st.floats(1e-9, 1 - 1e-9))), draw(vectors(length, labels))


@given(outputs_and_labels())
def test_cross_entropy_cost(two: tuple[list[float], list[float]]) -> None:
    vec_a, vec_y = two

    # 1 - a and 1 - y are the same doubles on both sides. A term: a logarithm and a product, which
    # may underflow (a label may be as small as it likes). 2n terms are 2n additions at most, in
    # NumPy in two sums. Every term has the same sign, so the cost is the magnitude.
    expected = cost.cross_entropy_cost(vec_a, vec_y)
    bound = apart(EXP + 1 + 2 * len(vec_a), expected) + 2 * len(vec_a) * TINY
    check(v_cost.cross_entropy_cost(array(vec_a), array(vec_y)), [expected], bound)


@given(outputs_and_labels())
def test_categorical_cross_entropy_cost(two: tuple[list[float], list[float]]) -> None:
    vec_a, vec_y = two

    # The same with n terms.
    expected = cost.categorical_cross_entropy_cost(vec_a, vec_y)
    bound = apart(EXP + 1 + len(vec_a), expected) + len(vec_a) * TINY
    check(v_cost.categorical_cross_entropy_cost(array(vec_a), array(vec_y)), [expected], bound)


@pytest.mark.parametrize("name", ["cross_entropy_cost", "categorical_cross_entropy_cost"])
@pytest.mark.parametrize(
    ("vec_a", "vec_y"),
    [
        ([0.0, 1.0], [0.0, 1.0]),
        ([0.0], [1.0]),
        ([1.0], [0.0]),
        ([-0.5], [1.0]),
        ([math.nan], [1.0]),
        ([0.5], [math.nan]),
        ([math.inf], [1.0]),
        ([], []),
    ],
)
def test_sure_outputs(name: str, vec_a: list[float], vec_y: list[float]) -> None:
    """Where the loop's logarithm raises, so does the array's; else the values are exact."""
    try:
        expected = vars(cost)[name](vec_a, vec_y)
    except ValueError:
        with pytest.raises(ValueError):
            vars(v_cost)[name](array(vec_a), array(vec_y))
    else:
        check(vars(v_cost)[name](array(vec_a), array(vec_y)), [expected], 0.0)


# Eight factors of these neither overflow nor underflow.
FACTORS = st.one_of(st.just(0.0), st.floats(1e-30, 1e30), st.floats(-1e30, -1e-30))


@given(st.lists(FACTORS, max_size=8))
def test_chain_gradient(gradients: list[float]) -> None:
    # n factors are n - 1 roundings (1 times the first is exact), in any order.
    expected = chain.chain_gradient(gradients)
    bound = apart(max(len(gradients) - 1, 0), abs(expected))
    check(v_chain.chain_gradient(array(gradients)), [expected], bound)


# --- matrices and layers ------------------------------------------------------------------------


@given(st.data())
def test_mul_mat(data: st.DataObject) -> None:
    middle = data.draw(LENGTHS)
    mat1 = data.draw(matrices(data.draw(LENGTHS), middle))
    mat2 = data.draw(matrices(middle, data.draw(LENGTHS)))

    # A number of the product: m products, m - 1 additions; a term meets m roundings at most. The
    # library may add in another order, or fuse products and additions: fewer roundings, not more.
    magnitudes = matrix.mul_mat(absolute_mat(mat1), absolute_mat(mat2))["values"]
    bounds = [apart(middle, magnitude) + middle * TINY for magnitude in magnitudes]
    found = v_matrix.mul_mat(array_of(mat1), array_of(mat2))
    check_mat(found, matrix.mul_mat(mat1, mat2), bounds)


@given(st.data())
def test_m_to_n_transform(data: st.DataObject) -> None:
    rows_length, columns_length = data.draw(LENGTHS), data.draw(LENGTHS)
    weights = data.draw(matrices(rows_length, columns_length))
    biases = data.draw(vectors(rows_length))
    inputs = data.draw(vectors(columns_length))

    # m products and m additions, the last one that of the bias.
    magnitudes = last_layer.m_to_n_transform(
        absolute_mat(weights), absolute(biases), absolute(inputs)
    )
    bounds = [apart(columns_length + 1, m) + columns_length * TINY for m in magnitudes]
    found = v_last_layer.m_to_n_transform(array_of(weights), array(biases), array(inputs))
    check(found, last_layer.m_to_n_transform(weights, biases, inputs), bounds)


@st.composite
def layers(draw: st.DrawFn) -> tuple[list[float], Matrix, list[float]]:
    """Forward biases' slopes, forward weights and activations' slopes."""
    rows_length, columns_length = draw(LENGTHS), draw(LENGTHS)
    return (
        draw(vectors(rows_length)),
        draw(matrices(rows_length, columns_length)),
        draw(vectors(columns_length)),
    )


def arrays_of(layer: tuple[list[float], Matrix, list[float]]) -> tuple[Array, Array, Array]:
    """The layer over arrays."""
    return array(layer[0]), array_of(layer[1]), array(layer[2])


def magnitudes_of(layer: tuple[list[float], Matrix, list[float]]) -> list[float]:
    """The sums of the magnitudes of the terms, one for each bias."""
    return hidden_layer.hidden_cost_grads_for_biases(
        absolute(layer[0]), absolute_mat(layer[1]), absolute(layer[2])
    )


def bias_roundings(layer: tuple[list[float], Matrix, list[float]]) -> int:
    """Of the sum: p - 1 additions, since the terms are the same doubles on both sides.

    apart() wants the magnitudes to have no more roundings than that, and they are such a sum.
    """
    return max(len(layer[0]) - 1, 0)


def mat_roundings(layer: tuple[list[float], Matrix, list[float]]) -> int:
    """Of the product of matrices: p (as in mul_mat), and the activation's slope.

    The magnitudes come from the sum, in which a term has two products and p - 1 additions: p + 1.
    """
    return len(layer[0]) + 1


def mat_underflow(layer: tuple[list[float], Matrix, list[float]]) -> list[float]:
    """What p products may lose to underflow, times the activation's slope, whose product may too.

    The magnitudes may have lost as much, but times gamma(k) that is nothing beside TINY.
    """
    return [(len(layer[0]) * abs(slope) + 2) * TINY for slope in layer[2]]


@given(layers())
def test_hidden_biases(layer: tuple[list[float], Matrix, list[float]]) -> None:
    bounds = [apart(bias_roundings(layer), magnitude) for magnitude in magnitudes_of(layer)]
    expected = hidden_layer.hidden_cost_grads_for_biases(*layer)
    check(v_hidden_layer.hidden_cost_grads_for_biases(*arrays_of(layer)), expected, bounds)

    forward_bias_grads, forward_weights, activate_grads = arrays_of(layer)
    for column, activate_grad in enumerate(activate_grads.tolist()):
        found = v_hidden_layer.hidden_cost_grad_for_bias(
            forward_bias_grads, forward_weights[:, column], activate_grad
        )
        check(found, [expected[column]], bounds[column])


@given(layers())
def test_hidden_biases_by_mat(layer: tuple[list[float], Matrix, list[float]]) -> None:
    bounds = [
        apart(mat_roundings(layer), magnitude) + underflow
        for magnitude, underflow in zip(magnitudes_of(layer), mat_underflow(layer), strict=True)
    ]
    found = v_hidden_layer.hidden_cost_grads_for_biases_by_mat(*arrays_of(layer))
    check_mat(found, hidden_layer.hidden_cost_grads_for_biases_by_mat(*layer), bounds)


@given(layers(), LENGTHS.flatmap(vectors))
def test_hidden_weights(
    layer: tuple[list[float], Matrix, list[float]], inputs: list[float]
) -> None:
    # One more product: with the input.
    bounds = []
    for number in inputs:
        for magnitude in magnitudes_of(layer):
            bounds.append(apart(bias_roundings(layer) + 1, magnitude * abs(number)) + TINY)
    found = v_hidden_layer.hidden_cost_grads_for_weights(*arrays_of(layer), array(inputs))
    check(found, hidden_layer.hidden_cost_grads_for_weights(*layer, inputs), bounds)

    bounds = []
    for number in inputs:
        for magnitude, underflow in zip(magnitudes_of(layer), mat_underflow(layer), strict=True):
            bound = apart(mat_roundings(layer) + 1, magnitude * abs(number))
            bounds.append(bound + underflow * abs(number) + TINY)
    found = v_hidden_layer.hidden_cost_grads_for_weights_by_mat(*arrays_of(layer), array(inputs))
    check_mat(found, hidden_layer.hidden_cost_grads_for_weights_by_mat(*layer, inputs), bounds)


# --- errors, and numbers too large --------------------------------------------------------------

WEIGHTS: Matrix = {"rows_length": 3, "columns_length": 2, "values": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}


@pytest.mark.parametrize(
    ("lesson", "vectorized", "name", "arguments"),
    [
        (activation, v_activation, "softmax", ([],)),
        (activation, v_activation, "softmax_derivative", ([],)),
        (cost, v_cost, "check_same_length", ([1.0, 2.0], [1.0, 2.0, 3.0])),
        (cost, v_cost, "cost", ([1.0, 2.0], [1.0])),
        (cost, v_cost, "cost_derivative", ([1.0], [])),
        (cost, v_cost, "cross_entropy_cost", ([0.5, 0.5], [1.0])),
        (cost, v_cost, "cross_entropy_cost_derivative", ([1.0], [1.0, 0.0])),
        (cost, v_cost, "categorical_cross_entropy_cost", ([], [1.0])),
        (matrix, v_matrix, "mul_mat", (WEIGHTS, WEIGHTS)),
        (last_layer, v_last_layer, "m_to_n_transform", (WEIGHTS, [1.0], [1.0, 2.0])),
        (last_layer, v_last_layer, "m_to_n_transform", (WEIGHTS, [1.0, 2.0, 3.0], [1.0])),
        (last_layer, v_last_layer, "cost_grads_for_biases", ([1.0], [])),
        (hidden_layer, v_hidden_layer, "check_forward_weights", ([1.0], WEIGHTS, [1.0, 2.0])),
        (hidden_layer, v_hidden_layer, "hidden_cost_grad_for_bias", ([1.0], [], 1.0)),
        (hidden_layer, v_hidden_layer, "hidden_cost_grads_for_biases", ([1.0], WEIGHTS, [1.0])),
        (
            hidden_layer,
            v_hidden_layer,
            "hidden_cost_grads_for_biases_by_mat",
            ([1.0, 2.0, 3.0], WEIGHTS, [1.0]),
        ),
        (
            hidden_layer,
            v_hidden_layer,
            "hidden_cost_grads_for_weights",
            ([1.0, 2.0, 3.0], WEIGHTS, [1.0], [1.0]),
        ),
        (
            hidden_layer,
            v_hidden_layer,
            "hidden_cost_grads_for_weights_by_mat",
            ([1.0], WEIGHTS, [1.0, 2.0], [1.0]),
        ),
    ],
)
def test_bad_input_is_the_same_error(
    lesson: Any, vectorized: Any, name: str, arguments: tuple[Any, ...]
) -> None:
    with pytest.raises(ValueError) as expected:
        vars(lesson)[name](*arguments)

    arrays = []
    for argument in arguments:
        if isinstance(argument, dict):
            arrays.append(array_of(WEIGHTS))
        elif isinstance(argument, list):
            arrays.append(array(argument))
        else:
            arrays.append(argument)
    with pytest.raises(ValueError) as raised:
        vars(vectorized)[name](*arrays)
    assert raised.value.args == expected.value.args


def test_a_matrix_of_one_dimension_is_an_error() -> None:
    with pytest.raises(ValueError, match="a matrix cannot have 1 dimensions"):
        v_matrix.check_mat(array([1.0]))
    with pytest.raises(ValueError, match="a matrix cannot have 1 dimensions"):
        v_matrix.transpose(array([1.0]))


@pytest.mark.parametrize("large", [1e200, 1e308, math.inf, math.nan])
def test_numbers_too_large_give_what_the_loops_give_without_a_warning(large: float) -> None:
    two = [large, large]
    mat: Matrix = {"rows_length": 2, "columns_length": 2, "values": [large] * 4}
    layer = (two, mat, two)

    check(v_cost.cost(array(two), -array(two)), [cost.cost(two, [-large, -large])], 0.0)
    check(v_chain.chain_gradient(array(two)), [chain.chain_gradient(two)], 0.0)
    check_mat(v_matrix.mul_mat(array_of(mat), array_of(mat)), matrix.mul_mat(mat, mat), 0.0)
    expected = last_layer.m_to_n_transform(mat, two, two)
    check(v_last_layer.m_to_n_transform(array_of(mat), array(two), array(two)), expected, 0.0)
    expected = hidden_layer.hidden_cost_grads_for_biases(*layer)
    check(v_hidden_layer.hidden_cost_grads_for_biases(*arrays_of(layer)), expected, 0.0)
    expected_mat = hidden_layer.hidden_cost_grads_for_biases_by_mat(*layer)
    found = v_hidden_layer.hidden_cost_grads_for_biases_by_mat(*arrays_of(layer))
    check_mat(found, expected_mat, 0.0)
