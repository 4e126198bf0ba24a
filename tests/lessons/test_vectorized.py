"""The NumPy versions, apart from their numbers.

`parity run` judges the numbers, pair by pair, within a bound that is derived (see test_parity.py).
Here is what that judgement leaves open: kinds and shapes, also of what is empty; the words of an
error; arguments that stay as they are; warnings; numbers that overflow; and rows of examples, which
the loops do not know.
"""

import importlib
import inspect
import math
import re
import typing
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.calls.loading import load_cases
from parity.judge import numpy_version, rounding_bounds
from parity.values.copies import deep_copy
from pybackprop import network
from pybackprop.vectorized import arrays as own
from pybackprop.vectorized import network as v_network

# A warning of NumPy's, about an overflow for instance, is a failure.
pytestmark = pytest.mark.filterwarnings("error")

LESSONS = sorted(file.stem for file in (ROOT / "pybackprop" / "vectorized").glob("[!_]*.py"))


def functions(package: str) -> dict[str, Callable[..., Any]]:
    """The functions of all lessons, by lesson and name."""
    modules = [importlib.import_module(f"{package}.{lesson}") for lesson in LESSONS]
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": thing
        for module in modules
        for name, thing in vars(module).items()
        if inspect.isfunction(thing) and thing.__module__ == module.__name__ and name[0] != "_"
    }


LOOPS = functions("pybackprop")
# A check of the loops that fits arrays as it is may be imported.
VERSIONS = {**LOOPS, **functions("pybackprop.vectorized")}


def arrays(value: Any) -> Any:
    """A new value in the shape that the NumPy versions use."""
    if isinstance(value, tuple):
        return tuple(map(arrays, value))
    if callable(value):
        return next(VERSIONS[name] for name, loop in LOOPS.items() if loop is value)
    return rounding_bounds.arrays(deep_copy(value), own)


def leaves(value: Any) -> Iterator[Any]:
    """What stands in lists and dicts: arrays, numbers, texts."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list | tuple):
        yield value
        return
    for item in value:
        yield from leaves(item)


def same(one: Any, other: Any) -> bool:
    """Whether two values have the same numbers; nan is nan."""
    return all(
        np.array_equal(left, right, equal_nan=np.asarray(left).dtype.kind == "f")
        for left, right in zip(leaves(one), leaves(other), strict=True)
    )


# --- every function, on the cases of the suite ---------------------------------------------------

# An array has a shape, so it cannot be an incomplete matrix, and rows all have the same length.
INCOMPLETE = re.compile(r"a matrix (without|cannot)|a \S+ x \S+ matrix cannot have")
OWN_WORDS = re.compile("examples that are not all of|slopes of shape|math domain error")


# The same operations in the same order, and no function of a library: here the bits are the same,
# which no bound would ask for, and which holds of what overflows as well.
EXACT = re.compile(
    r"derivative\.\w+|perl_random\.\w+|activation\.(leaky_)?relu(_derivative)?"
    r"|cost\.\w+_derivative(_each)?|matrix\.(to_mat|transpose)|last_layer\.cost_grad\w+"
    r"|hidden_layer\.cost_grad_for_forward_input"
    r"|network\.(\w+_weights|create_network|layer_grads|\w+_numbers|step_down|update)"
)


def check(name: str, case: tuple[Any, ...]) -> None:
    """One function, on one case of the suite."""
    loop, version = LOOPS[name], VERSIONS[name]
    lists, given, before = deep_copy(case), arrays(case), arrays(case)
    try:
        expected = loop(*lists)
    except (ValueError, ZeroDivisionError) as error:
        if INCOMPLETE.match(str(error)):
            return
        with pytest.raises(type(error)) as raised:
            version(*given)
        assert str(raised.value) == str(error) or OWN_WORDS.match(str(raised.value))
        return
    result = version(*given)
    if typing.get_type_hints(loop)["return"] is type(None):
        expected, result = lists, given
    else:
        assert same(given, before)
    if EXACT.fullmatch(name):
        assert same(arrays(expected), result)
    for one, other in zip(leaves(arrays(expected)), leaves(result), strict=True):
        assert np.shape(one) == np.shape(other)
        if isinstance(one, float | np.ndarray):
            assert np.asarray(other).dtype in (np.float64, np.intp)


@pytest.mark.parametrize("name", LOOPS)
def test_what_goes_in_and_comes_out(name: str) -> None:
    lesson, _, function = name.partition(".")
    cases = load_cases(ROOT / "tests" / "cases" / f"{lesson}.py", function)
    for case in cases.examples:
        check(name, case)

    drawn = cases.inputs
    if drawn is None:
        hints = typing.get_type_hints(LOOPS[name])
        hints.pop("return")
        curves = st.sampled_from([LOOPS["derivative.liner"], LOOPS["activation.leaky_relu"]])
        known = {Callable[[float], float]: curves}
        drawn = st.tuples(*[known.get(hint, st.from_type(hint)) for hint in hints.values()])
    settings(max_examples=100, derandomize=True, database=None)(
        given(drawn)(lambda case: check(name, case))
    )()


def test_a_matrix_of_one_dimension_is_an_error() -> None:
    for name in ("matrix.check_mat", "matrix.transpose"):
        with pytest.raises(ValueError, match="a matrix cannot have 1 dimensions"):
            VERSIONS[name](np.ones(1))


def test_a_new_matrix_has_its_own_numbers() -> None:
    for name, source in (("matrix.to_mat", np.ones(3)), ("matrix.transpose", np.ones((2, 3)))):
        assert not np.shares_memory(VERSIONS[name](source), source)


# --- infinities, and what overflows: the bound is undecided there, both sides are alike -----------


@pytest.mark.parametrize(
    "name", ["exponential", "sigmoid", "sigmoid_derivative", "tanh", "tanh_derivative"]
)
def test_the_ends_of_the_curves(name: str) -> None:
    inputs = [-math.inf, -1e308, -1000.0, 0.0, 1000.0, 1e308, math.inf, math.nan]
    found = VERSIONS[f"activation.{name}"](np.array(inputs))
    assert same(found, np.array([LOOPS[f"activation.{name}"](x) for x in inputs]))


@pytest.mark.parametrize(
    "inputs",
    [
        [math.inf, 1.0],
        [-math.inf, -math.inf],
        [-math.inf, 0.0],
        [1.0, math.nan, 2.0],
        [1000.0, -1000.0],
        [1e308, -1e308],
    ],
    ids=str,
)
def test_the_ends_of_softmax(inputs: list[float]) -> None:
    for name in ("activation.softmax", "activation.softmax_derivative"):
        assert same(VERSIONS[name](np.array(inputs)), arrays(LOOPS[name](inputs)))


@pytest.mark.parametrize("large", [1e200, 1e308, math.inf, math.nan])
def test_what_overflows(large: float) -> None:
    two, other = [large, large], [-large, -large]
    mat = {"rows_length": 2, "columns_length": 2, "values": [large] * 4}
    for name, arguments in {
        "cost.cost": (two, other),
        "chain.chain_gradient": (two,),
        "matrix.mul_mat": (mat, mat),
        "last_layer.m_to_n_transform": (mat, two, two),
        "hidden_layer.hidden_cost_grads_for_biases": (two, mat, two),
        "hidden_layer.hidden_cost_grads_for_biases_by_mat": (two, mat, two),
    }.items():
        found = VERSIONS[name](*arrays(arguments))
        assert same(found, arrays(LOOPS[name](*arguments))), name


# --- rows of examples: as the loops do them one by one --------------------------------------------

NAMES = ["sigmoid", "tanh", "relu", "leaky_relu"]
ROWS, OUTPUTS = 7, 3


def within_bound(loop: Callable[..., Any], rows: list[tuple[Any, ...]], found: Any) -> bool:
    """Whether an array has what a loop port gives for each row, up to rounding."""
    with rounding_bounds.carrying([ROOT / "pybackprop"]):
        expected = [loop(*map(rounding_bounds.lift, arguments)) for arguments in rows]
    return numpy_version.worst_share(rounding_bounds.arrays(expected, own), found)[0] <= 1


def numbers(*shape: int) -> np.ndarray:
    """The same numbers in each run, of both signs."""
    return np.random.default_rng(1).uniform(-3, 3, shape)


@pytest.mark.parametrize("name", [*NAMES, *(f"{name}_derivative" for name in NAMES)])
def test_functions_of_one_number_take_any_shape(name: str) -> None:
    inputs = numbers(2, ROWS, OUTPUTS)
    found = VERSIONS[f"activation.{name}"](inputs)
    assert found.shape == inputs.shape
    rows = [(x,) for x in inputs.ravel().tolist()]
    assert within_bound(LOOPS[f"activation.{name}"], rows, found.ravel())


@pytest.mark.parametrize("name", [*NAMES, "softmax"])
def test_layers_of_examples(name: str) -> None:
    outputs = numbers(ROWS, OUTPUTS)
    rows = [(name, row) for row in outputs.tolist()]
    layer = v_network.activate_layer, network.activate_layer
    slopes = v_network.activate_layer_derivative, network.activate_layer_derivative
    for version, loop in [layer] if name == "softmax" else [layer, slopes]:
        assert within_bound(loop, rows, version(name, outputs))
    assert same(outputs, numbers(ROWS, OUTPUTS))


@pytest.mark.parametrize("name", ["squared_error", "cross_entropy", "categorical_cross_entropy"])
def test_the_cost_of_examples_is_the_sum(name: str) -> None:
    vec_a = VERSIONS["activation.sigmoid"](numbers(ROWS, OUTPUTS))
    vec_y = np.eye(OUTPUTS)[np.arange(ROWS) % OUTPUTS]

    def total(*all_rows: Any) -> Any:
        return sum(network.cost_of_outputs(name, *both) for both in zip(*all_rows, strict=True))

    found = v_network.cost_of_outputs(name, vec_a, vec_y)
    assert within_bound(total, [(vec_a.tolist(), vec_y.tolist())], [found])


def a_network() -> network.Network:
    sizes, activations = [4, 6, 5, OUTPUTS], ["tanh", "leaky_relu", "softmax"]
    made = network.create_network(sizes, activations, "categorical_cross_entropy", 1)
    for layer in made["layers"]:
        layer["biases"] = numbers(len(layer["biases"])).tolist()
    return made


def test_a_network_of_examples() -> None:
    inputs = numbers(ROWS, 4)
    over_arrays = arrays(a_network())
    rows = [(a_network(), row) for row in inputs.tolist()]
    assert within_bound(network.predict, rows, v_network.predict(over_arrays, inputs))
    labels = v_network.predict_label(over_arrays, inputs).tolist()
    assert labels == [network.predict_label(*row) for row in rows]


def test_the_largest_of_each_row() -> None:
    nan, inf = math.nan, math.inf
    rows = [
        [1, 2, 2],
        [nan, 3, 4],
        [1, nan, 0],
        [-inf, nan, -inf],
        [-inf, inf, nan],
        [0.0, -0.0, 0],
    ]
    found = v_network.largest_position(np.array(rows, dtype=float))
    assert found.tolist() == [network.largest_position(row) for row in rows]


# --- training in buffers --------------------------------------------------------------------------


def examples() -> tuple[np.ndarray, np.ndarray]:
    return numbers(ROWS, 4), np.eye(OUTPUTS)[np.arange(ROWS) % OUTPUTS]


def test_slopes_outlive_the_next_call() -> None:
    inputs, vec_y = examples()
    first = v_network.batch_grads(arrays(a_network()), inputs, vec_y)
    kept = [{key: grads[key].copy() for key in grads} for grads in first]
    v_network.batch_grads(arrays(a_network()), -inputs, vec_y)
    assert same(first, kept)


def test_epochs_one_by_one_are_the_same_as_in_one_go() -> None:
    """With a last batch that is shorter, and so has buffers of its own."""
    at_once, one_by_one, untouched = (arrays(a_network()) for _ in range(3))
    v_network.train(at_once, *examples(), 0.1, 3, 4, 1)
    for epoch in range(1, 5):
        v_network.train_epoch(one_by_one, *examples(), 0.1, 3, 1, epoch)
    assert same(at_once, one_by_one)
    assert not same(at_once, untouched)
    assert same(untouched, arrays(a_network()))
