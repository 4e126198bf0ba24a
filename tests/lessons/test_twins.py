"""The lessons: twins in shape, and right about the derivatives they claim to be."""

import ast
import importlib
import inspect
import math
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybackprop.activation import (
    leaky_relu,
    leaky_relu_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    softmax,
    softmax_derivative,
    tanh,
    tanh_derivative,
)
from pybackprop.chain import chain_gradient
from pybackprop.cost import (
    categorical_cross_entropy_cost,
    cost,
    cost_derivative,
    cross_entropy_cost,
    cross_entropy_cost_derivative,
)
from pybackprop.hidden_layer import (
    hidden_cost_grads_for_biases,
    hidden_cost_grads_for_biases_by_mat,
    hidden_cost_grads_for_weights,
    hidden_cost_grads_for_weights_by_mat,
)
from pybackprop.last_layer import (
    cost_grad_for_bias,
    cost_grad_for_weight,
    cost_grads_for_biases,
    cost_grads_for_weights,
    cost_grads_for_weights_by_mat,
    m_to_n_transform,
)
from pybackprop.matrix import Matrix

ROOT = Path(__file__).resolve().parents[2]
PERL_FILES = sorted((ROOT / "perl_reference").glob("*.pl"))

U = 2.0**-53  # the unit roundoff of a double
# Larger than every value and every third derivative of the functions compared with the definition
# of the derivative below: values reach -log(softmax) of 4 outputs 4 apart, 5.5; third derivatives
# reach that of tanh, 2.
SIZE = 8.0


# --- the shape of the twins ---------------------------------------------------------------------


def perl_names(file: Path) -> list[str]:
    """The subs of a Perl file, in order."""
    return re.findall(r"^sub (\w+) \{", file.read_text(encoding="utf-8"), flags=re.MULTILINE)


def python_names(file: Path) -> list[str]:
    """The functions of a Python file, in order."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_there_are_lessons() -> None:
    assert len(PERL_FILES) >= 7


@pytest.mark.parametrize("file", PERL_FILES, ids=lambda file: file.stem)
def test_each_lesson_has_its_twin_with_the_same_functions_in_the_same_order(file: Path) -> None:
    names = perl_names(file)

    assert names
    assert python_names(ROOT / "pybackprop" / f"{file.stem}.py") == names


@pytest.mark.parametrize("file", PERL_FILES, ids=lambda file: file.stem)
def test_each_vectorized_lesson_has_every_function_of_its_loops(file: Path) -> None:
    vectorized = ROOT / "pybackprop" / "vectorized" / f"{file.stem}.py"
    if not vectorized.exists():
        pytest.skip("this lesson has no version over arrays")
    module = importlib.import_module(f"pybackprop.vectorized.{file.stem}")
    own = [name for name in python_names(vectorized) if not name.startswith("_")]

    # A check of the loops that fits arrays as it is may be imported.
    for name in perl_names(file):
        imported = getattr(module, name).__module__ == f"pybackprop.{file.stem}"
        assert name in own or (imported and name.startswith("check_"))
    assert own == [name for name in perl_names(file) if name in own]


@pytest.mark.parametrize("file", PERL_FILES, ids=lambda file: file.stem)
def test_the_twins_say_the_same_words(file: Path) -> None:
    """The comment above a sub is the docstring of its twin; the first word is the sub's name."""
    perl = file.read_text(encoding="utf-8")
    module = importlib.import_module(f"pybackprop.{file.stem}")
    header = re.match(r"(?:#.*\n)+", perl)
    assert header is not None
    *lines, twin = re.sub(r"^# ?", "", header[0], flags=re.MULTILINE).splitlines()
    assert twin == f"The Python twin of this file is pybackprop/{file.stem}.py."
    assert (module.__doc__ or "").splitlines() == [
        *lines,
        f"The Perl twin of this file is perl_reference/{file.name}.",
    ]
    for name in perl_names(file):
        comment = re.search(rf"((?:^#.*\n)+)sub {name} \{{", perl, flags=re.MULTILINE)
        assert comment is not None, name
        its_name, _, said = re.sub(r"^# ?", "", comment[1], flags=re.MULTILINE).partition(": ")
        assert its_name == name
        docstring = inspect.getdoc(vars(module)[name]) or ""
        # The two languages fail in their own words, and a docstring may start with a capital.
        said = said.replace("Dies with a division by zero", "Raises ZeroDivisionError")
        assert docstring[0].lower() + docstring[1:] == said[0].lower() + said[1:].rstrip(), name
        summary, *rest = docstring.splitlines()
        assert summary.endswith(".") and rest[:1] in ([], [""]), f"{name}: a summary is one line"


# --- the README's account of the tutorial -------------------------------------------------------

BLOCKS = 44


def readme_rows() -> list[list[str]]:
    """The cells of each row of the table, without its head."""
    text = (ROOT / "perl_reference" / "README.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return rows[1:]


def test_the_readme_has_one_row_for_each_block_in_order() -> None:
    rows = readme_rows()

    assert [int(row[0]) for row in rows] == list(range(1, BLOCKS + 1))
    assert all(len(row) == 4 and all(cell.strip() for cell in row) for row in rows)


def test_every_pair_that_the_readme_names_exists() -> None:
    text = (ROOT / "perl_reference" / "README.md").read_text(encoding="utf-8")
    pairs = re.findall(r"`(\w+)\.(\w+)`", text)

    assert len(pairs) > BLOCKS / 2
    for lesson, function in pairs:
        assert function in perl_names(ROOT / "perl_reference" / f"{lesson}.pl")
        assert function in python_names(ROOT / "pybackprop" / f"{lesson}.py")
    for program in re.findall(r"`(programs/\w+\.pl)`", text):
        assert (ROOT / "perl_reference" / program).exists()


def test_each_row_names_a_pair_or_says_why_there_is_none() -> None:
    for row in readme_rows():
        assert re.search(r"`\w+\.\w+`", row[3]) or "needs none" in row[3], row


# --- the programs -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("program", "printed"),
    [("const_derivative", b"0"), ("liner_derivative", b"3.00000000444089")],
)
def test_the_programs_print_the_tutorials_bytes(program: str, printed: bytes) -> None:
    perl = ["perl", f"perl_reference/programs/{program}.pl"]
    python = [sys.executable, "-m", f"pybackprop.programs.{program}"]

    for command in (perl, python):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        assert (done.stdout, done.stderr) == (printed, b"")


# --- the definition of the derivative -----------------------------------------------------------
#
# Two judges, neither of which knows the formulas under test.
#
# central_difference calls the lesson's own function: (f(x + h) - f(x - h)) / 2h. Taylor's formula
# makes its error h * h / 6 * |f'''|, and rounding adds (error of f) / h. The sum is smallest
# near h = u ** (1/3), about 5e-6; h = 2 ** -17 is a power of two near it. The x used here are
# multiples of 2 ** -10 and below 8: x + h and x - h are exact, and so is the division by 2h.
# The functions here are a handful of roundings long. The worst is log(1 - a) with a from
# sigmoid(4): a has an error of 4u at most (see below), in 1 - a = 0.018 that is 223u, and so in the
# logarithm; 64 * u * SIZE = 512u is more. The slope under test has an error of the same few u,
# not divided by h and therefore nothing beside it.
#
# exact_slope calculates the function's mathematical formula with 50 digits and differentiates it
# there, which shows the ratios themselves.

H = 2.0**-17
DIFFERENCE_BOUND = H * H / 6 * SIZE + 64 * U * SIZE / H


def central_difference(function: Callable[[float], float], x: float) -> float:
    """The slope of function at x, from its definition."""
    assert (x + H) - (x - H) == 2 * H, "x + h and x - h must be exact"
    return (function(x + H) - function(x - H)) / (2 * H)


def exact_slope(function: Callable[[mpmath.mpf], mpmath.mpf], x: float) -> mpmath.mpf:
    """The slope of function at x, with far more digits than a double has."""
    with mpmath.workdps(50):
        return mpmath.diff(function, mpmath.mpf(x))


def on_grid(least: float, most: float) -> st.SearchStrategy[float]:
    """Multiples of 1/1024, so that adding H to them is exact."""
    return st.integers(math.ceil(least * 1024), math.floor(most * 1024)).map(lambda n: n / 1024)


def test_the_judge_finds_a_wrong_slope() -> None:
    """The bound is small beside the errors it is there to find."""
    assert DIFFERENCE_BOUND < 1e-6
    assert abs(central_difference(sigmoid, 0.5) - 1.00001 * sigmoid_derivative(0.5)) > 1e-6
    assert abs(central_difference(sigmoid, 0.5) - sigmoid_derivative(0.5)) < DIFFERENCE_BOUND


@pytest.mark.parametrize(
    ("function", "its_derivative"),
    [
        (sigmoid, sigmoid_derivative),
        (tanh, tanh_derivative),
        (relu, relu_derivative),
        (leaky_relu, leaky_relu_derivative),
    ],
)
@given(x=on_grid(-4, 4))
def test_the_slope_of_an_activation_is_its_derivative(
    function: Callable[[float], float], its_derivative: Callable[[float], float], x: float
) -> None:
    if x == 0 and function in (relu, leaky_relu):
        return  # a corner: no slope to compare with
    assert abs(central_difference(function, x) - its_derivative(x)) <= DIFFERENCE_BOUND


@given(inputs=st.lists(on_grid(-4, 4), min_size=1, max_size=4))
def test_each_number_in_the_jacobian_of_softmax_is_a_slope(inputs: list[float]) -> None:
    jacobian = softmax_derivative(inputs)
    length = len(inputs)
    assert (jacobian["rows_length"], jacobian["columns_length"]) == (length, length)

    for column in range(length):
        for row in range(length):

            def output(x: float, row: int = row, column: int = column) -> float:
                return softmax([*inputs[:column], x, *inputs[column + 1 :]])[row]

            slope = central_difference(output, inputs[column])
            assert abs(slope - jacobian["values"][row + length * column]) <= DIFFERENCE_BOUND


# --- what the tutorial leaves unsaid ------------------------------------------------------------
#
# One output z (before the activation), one label y, and the cost as a function of z.

Z = 0.75
Y = 1.0


def test_the_product_of_three_slopes_is_right_for_the_squared_error_after_sigmoid() -> None:
    product = cost_grad_for_bias(sigmoid_derivative(Z), cost_derivative([sigmoid(Z)], [Y])[0])

    slope = central_difference(lambda z: cost([sigmoid(z)], [Y]), Z)
    assert abs(product - slope) <= DIFFERENCE_BOUND
    # The same product, by the tutorial's formula for functions in a row.
    gradients = [1.0, sigmoid_derivative(Z), cost_derivative([sigmoid(Z)], [Y])[0]]
    assert chain_gradient(gradients) == product


def test_the_product_with_a_minus_y_is_wrong_for_the_cross_entropy_by_the_activations_slope() -> (
    None
):
    a_minus_y = cross_entropy_cost_derivative([sigmoid(Z)], [Y])[0]
    product = cost_grad_for_bias(sigmoid_derivative(Z), a_minus_y)

    slope = central_difference(lambda z: cross_entropy_cost([sigmoid(z)], [Y]), Z)
    assert abs(a_minus_y - slope) <= DIFFERENCE_BOUND  # a - y alone is right
    assert abs(product - slope) > 0.1  # -0.0697 instead of -0.3208: not a matter of rounding

    # Wrong by exactly the factor a'(z) = 0.2179: both exact slopes, with 50 digits.
    def exact_sigmoid(z: mpmath.mpf) -> mpmath.mpf:
        return 1 / (1 + mpmath.exp(-z))

    exact = exact_slope(lambda z: -mpmath.log(exact_sigmoid(z)), Z)
    factor = exact_slope(exact_sigmoid, Z)
    with mpmath.workdps(50):
        error = abs(product / (exact * factor) - 1)
    # The rounding in product: a = 0.679 comes from sigmoid. The exponential is within 1 ulp, 2u,
    # the sum and the quotient add u each: 4u in a. In 1 - a and a - y that is 4u * a / (1 - a),
    # below 9u, and u for the subtraction: 10u each. The product of a, 1 - a and a - y has
    # 4 + 10 + 10, and u for each of its 2 roundings (the one by 1 is exact): 26u.
    assert error <= 26 * U / (1 - 26 * U)
    assert f"{float(factor):.4f}" == "0.2179"
    assert f"{product / slope:.4f}" == "0.2179"


@given(z=on_grid(-4, 4), y=st.sampled_from([0.0, 0.25, 1.0]))
def test_a_minus_y_is_the_slope_of_the_binary_cross_entropy_before_sigmoid(
    z: float, y: float
) -> None:
    slope = central_difference(lambda z: cross_entropy_cost([sigmoid(z)], [y]), z)

    assert abs(cross_entropy_cost_derivative([sigmoid(z)], [y])[0] - slope) <= DIFFERENCE_BOUND


def slopes_after_softmax(
    cost_function: Callable[[list[float], list[float]], float],
    outputs: list[float],
    vec_y: list[float],
) -> list[float]:
    """The slopes of a cost after softmax, for each output before it, from the definition."""
    slopes = []
    for i in range(len(outputs)):

        def cost_of(z: float, i: int = i) -> float:
            return cost_function(softmax([*outputs[:i], z, *outputs[i + 1 :]]), vec_y)

        slopes.append(central_difference(cost_of, outputs[i]))
    return slopes


@given(outputs=st.lists(on_grid(-2, 2), min_size=1, max_size=4), right=st.integers(0, 3))
def test_a_minus_y_is_the_slope_of_the_categorical_cross_entropy_before_softmax(
    outputs: list[float], right: int
) -> None:
    vec_y = [0.0] * len(outputs)
    vec_y[right % len(outputs)] = 1.0

    slopes = slopes_after_softmax(categorical_cross_entropy_cost, outputs, vec_y)
    differences = cross_entropy_cost_derivative(softmax(outputs), vec_y)
    for slope, difference in zip(slopes, differences, strict=True):
        assert abs(slope - difference) <= DIFFERENCE_BOUND


def test_a_minus_y_is_not_the_slope_of_the_binary_cross_entropy_before_softmax() -> None:
    outputs = [0.5, -0.25, 1.0]
    vec_y = [1.0, 0.0, 0.0]

    slopes = slopes_after_softmax(cross_entropy_cost, outputs, vec_y)
    differences = cross_entropy_cost_derivative(softmax(outputs), vec_y)
    # By the chain rule the slopes are the Jacobian times (a - y) / (a * (1 - a)) instead.
    vec_a = softmax(outputs)
    activated = [(a - y) / (a * (1 - a)) for a, y in zip(vec_a, vec_y, strict=True)]
    right = m_to_n_transform(softmax_derivative(outputs), [0.0] * 3, activated)
    for slope, difference, right_slope in zip(slopes, differences, right, strict=True):
        assert abs(slope - difference) > 0.01  # a million times the bound below
        assert abs(slope - right_slope) <= DIFFERENCE_BOUND


def test_slopes_for_the_activated_output() -> None:
    """(a - y) / (a (1 - a)) and -y / a, as the docstring of a - y says."""
    a = 0.625
    # The third derivatives of log(a) and log(1 - a), 2 / a^3 and 2 / (1 - a)^3, are 38 at most.
    bound = 8 * DIFFERENCE_BOUND
    for y in (0.0, 0.25, 1.0):

        def binary(a: float, y: float = y) -> float:
            return cross_entropy_cost([a], [y])

        def categorical(a: float, y: float = y) -> float:
            return categorical_cross_entropy_cost([a], [y])

        assert abs(central_difference(binary, a) - (a - y) / (a * (1 - a))) <= bound
        assert abs(central_difference(categorical, a) + y / a) <= bound


# --- the slopes of whole layers -----------------------------------------------------------------


def changed(numbers: list[float], i: int, number: float) -> list[float]:
    """The numbers with one of them replaced."""
    return [*numbers[:i], number, *numbers[i + 1 :]]


def matrix(rows_length: int, columns_length: int, values: list[float]) -> Matrix:
    """A matrix of these values."""
    return {"rows_length": rows_length, "columns_length": columns_length, "values": values}


# Two layers with multiples of 1/64 for parameters: 2 inputs, 3 hidden outputs, 2 last ones.
INPUTS = [0.5, -0.75]
WEIGHTS = [0.25, -0.5, 0.75, 0.125, 0.375, -0.25]
BIASES = [0.125, -0.25, 0.5]
FORWARD_WEIGHTS = [0.5, -0.25, 0.75, 0.25, -0.5, 0.625]
FORWARD_BIASES = [0.25, -0.125]
WANTED = [1.0, 0.0]


def network_cost(
    weights: list[float],
    biases: list[float],
    forward_weights: list[float],
    forward_biases: list[float],
) -> float:
    """The cost of the two layers, with tanh and then sigmoid."""
    outputs = m_to_n_transform(matrix(3, 2, weights), biases, INPUTS)
    forward_inputs = [tanh(output) for output in outputs]
    forward_outputs = m_to_n_transform(
        matrix(2, 3, forward_weights), forward_biases, forward_inputs
    )
    return cost([sigmoid(output) for output in forward_outputs], WANTED)


def test_every_slope_of_two_layers_agrees_with_the_definition() -> None:
    outputs = m_to_n_transform(matrix(3, 2, WEIGHTS), BIASES, INPUTS)
    forward_inputs = [tanh(output) for output in outputs]
    forward_weights = matrix(2, 3, FORWARD_WEIGHTS)
    forward_outputs = m_to_n_transform(forward_weights, FORWARD_BIASES, forward_inputs)
    activated = [sigmoid(output) for output in forward_outputs]

    forward_activate_grads = [sigmoid_derivative(output) for output in forward_outputs]
    forward_cost_grads = cost_derivative(activated, WANTED)
    forward_bias_grads = cost_grads_for_biases(forward_activate_grads, forward_cost_grads)
    forward_weight_grads = cost_grads_for_weights(forward_bias_grads, forward_inputs)
    activate_grads = [tanh_derivative(output) for output in outputs]
    bias_grads = hidden_cost_grads_for_biases(forward_bias_grads, forward_weights, activate_grads)
    weight_grads = hidden_cost_grads_for_weights(
        forward_bias_grads, forward_weights, activate_grads, INPUTS
    )
    found = [weight_grads, bias_grads, forward_weight_grads, forward_bias_grads]

    parameters = [WEIGHTS, BIASES, FORWARD_WEIGHTS, FORWARD_BIASES]
    for position, (numbers, slopes) in enumerate(zip(parameters, found, strict=True)):
        assert len(numbers) == len(slopes)
        for i, slope in enumerate(slopes):

            def cost_of(number: float, position: int = position, i: int = i) -> float:
                arguments = list(parameters)
                arguments[position] = changed(parameters[position], i, number)
                return network_cost(*arguments)

            assert abs(central_difference(cost_of, numbers[i]) - slope) <= DIFFERENCE_BOUND

    # One weight by itself: row 0, column 1 of the last layer.
    one = cost_grad_for_weight(forward_inputs[1], forward_activate_grads[0], forward_cost_grads[0])
    # Two products of the same three numbers in another order: two roundings each.
    assert abs(one - forward_weight_grads[2]) <= 4 * U / (1 - 4 * U) * abs(one)


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
VECTORS = st.lists(NUMBERS, max_size=4)


@given(bias_grads=VECTORS, inputs=VECTORS)
def test_the_list_of_weights_slopes_equals_the_product_of_matrices(
    bias_grads: list[float], inputs: list[float]
) -> None:
    product = cost_grads_for_weights_by_mat(bias_grads, inputs)

    assert product["values"] == cost_grads_for_weights(bias_grads, inputs)
    assert product["rows_length"] == len(bias_grads)
    # to_mat makes an empty vector a 0 x 1 matrix: its transpose has no columns either.
    assert product["columns_length"] == len(inputs)


@given(st.data())
def test_a_hidden_layers_slopes_by_matrices_are_those_of_the_sums(data: st.DataObject) -> None:
    """Exactly, where nothing is rounded: whole numbers, small enough."""
    small = st.integers(-1000, 1000).map(float)
    rows_length, columns_length = data.draw(st.integers(0, 4)), data.draw(st.integers(0, 4))

    def vector(length: int) -> list[float]:
        return data.draw(st.lists(small, min_size=length, max_size=length))

    layer = (
        vector(rows_length),
        matrix(rows_length, columns_length, vector(rows_length * columns_length)),
        vector(columns_length),
    )
    inputs = vector(data.draw(st.integers(0, 4)))

    by_mat = hidden_cost_grads_for_biases_by_mat(*layer)
    assert by_mat["values"] == hidden_cost_grads_for_biases(*layer)
    weights_by_mat = hidden_cost_grads_for_weights_by_mat(*layer, inputs)
    assert weights_by_mat["values"] == hidden_cost_grads_for_weights(*layer, inputs)
