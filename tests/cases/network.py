"""Inputs for the lesson network: networks of 1 to 4 layers, sizes 1 to 6, most of them valid.

Hypothesis draws little, a number that all others are made from: a network has many numbers, and
drawing each would take longer than training it. A few nasty ones are put in on purpose.
"""

import math
import random
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from parity import Cases

HIDDEN = ["sigmoid", "tanh", "relu", "leaky_relu"]
LAST = [
    *((activation, "squared_error") for activation in HIDDEN),
    ("sigmoid", "cross_entropy"),
    ("softmax", "categorical_cross_entropy"),
]
ACTIVATIONS = [*HIDDEN, "softmax", "liner"]
COSTS = ["squared_error", "cross_entropy", "categorical_cross_entropy", "hinge"]
SIZES = [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 4, 5, 6]
NASTY = [0.0, -0.0, 1.0, -1.0, 0.5, 1e-300, -1e300, 1e200, 5e-324, 800.0, math.inf, math.nan]

Chance = random.Random
Arguments = tuple[Any, ...]


def number(chance: Chance) -> float:
    """Mostly something a network may hold; one in 300 is nasty."""
    if chance.random() < 1 / 300:
        return chance.choice(NASTY)
    return chance.uniform(-2, 2)


def vector(chance: Chance, length: int) -> list[float]:
    """A vector of that length."""
    return [number(chance) for _ in range(length)]


def mat(chance: Chance, rows_length: int, columns_length: int) -> dict[str, Any]:
    """A matrix of that size."""
    values = vector(chance, rows_length * columns_length)
    return {"rows_length": rows_length, "columns_length": columns_length, "values": values}


def good_network(chance: Chance) -> dict[str, Any]:
    """A network whose parts fit."""
    sizes = [chance.choice(SIZES) for _ in range(chance.choice([2, 2, 2, 3, 3, 3, 4, 5]))]
    last, cost = chance.choice(LAST)
    activations = [chance.choice(HIDDEN) for _ in sizes[2:]] + [last]
    layers = []
    for before, after, activation in zip(sizes, sizes[1:], activations, strict=False):
        weights, biases = mat(chance, after, before), vector(chance, after)
        layers.append({"weights": weights, "biases": biases, "activation": activation})
    return {"layers": layers, "cost": cost}


def damage(chance: Chance, made: dict[str, Any]) -> None:
    """Make one thing of a network wrong."""
    layer = chance.choice(made["layers"])
    what = chance.randrange(9)
    if what == 0:
        layer["activation"] = chance.choice(ACTIVATIONS)
    elif what == 1:
        made["cost"] = chance.choice(COSTS)
    elif what == 2:
        layer["biases"].append(0.5)
    elif what == 3:
        layer["weights"]["values"].append(0.5)
    elif what == 4:
        layer["weights"] = mat(chance, len(layer["biases"]), chance.choice(SIZES))
    elif what == 5:
        del made[chance.choice(["layers", "cost"])]
    elif what == 6:
        made["layers"].clear()
    elif what == 7:
        del layer[chance.choice(["weights", "biases", "activation"])]
    else:
        del layer["weights"][chance.choice(["rows_length", "columns_length", "values"])]


def network(chance: Chance) -> tuple[dict[str, Any], int, int]:
    """A network with its numbers of inputs and outputs."""
    made = good_network(chance)
    inputs_length = made["layers"][0]["weights"]["columns_length"]
    outputs_length = len(made["layers"][-1]["biases"])
    return made, inputs_length, outputs_length


def unchecked_network(chance: Chance) -> dict[str, Any]:
    """A network for the functions that check it; every other one is wrong."""
    made = good_network(chance)
    if chance.random() < 0.5:
        damage(chance, made)
    return made


def length(chance: Chance, right: int) -> int:
    """A length, one in forty another one."""
    return chance.choice([0, 1, 2, 7]) if chance.random() < 1 / 40 else right


def wanted(chance: Chance, made: dict[str, Any], outputs_length: int) -> list[float]:
    """Wanted outputs: any for the squared error, else those for one label."""
    outputs_length = length(chance, outputs_length)
    if made["cost"] == "squared_error":
        return vector(chance, outputs_length)
    right = chance.randrange(outputs_length) if outputs_length else 0
    return [1.0 if i == right else 0.0 for i in range(outputs_length)]


def inputs(chance: Chance, inputs_length: int) -> list[float]:
    """Inputs, some of them 0 as in a picture."""
    return [number(chance) if chance.random() < 0.8 else 0.0 for _ in range(inputs_length)]


def examples(
    chance: Chance, made: dict[str, Any], inputs_length: int, outputs_length: int
) -> tuple[list[list[float]], list[list[float]]]:
    """A few examples, now and then none, or not as many on both sides."""
    count = chance.choice([1, 1, 2, 2, 3, 4])
    all_inputs = [inputs(chance, length(chance, inputs_length)) for _ in range(count)]
    all_wanted = [wanted(chance, made, outputs_length) for _ in range(count)]
    for some in (all_inputs, all_wanted):
        if chance.random() < 1 / 40:
            some.pop()
    if chance.random() < 1 / 40:
        all_inputs, all_wanted = [], []
    return all_inputs, all_wanted


def drawn(make: Callable[[Chance], Arguments], *examples: Arguments) -> Cases:
    """Cases made by a function from one drawn number."""
    seeds = st.integers(0, 2**48)
    return Cases(seeds.map(lambda seed: make(random.Random(seed))), examples=list(examples))


def seed(chance: Chance) -> int:
    """A seed of 32 bits."""
    return chance.randrange(2**32)


def rate(chance: Chance) -> float:
    """Mostly a sensible step."""
    return chance.choice([0.01, 0.1, 0.5, 1.0, chance.random(), 1e300])


def two_vectors(chance: Chance) -> tuple[list[float], list[float]]:
    """Two vectors, most of them of one length."""
    count = chance.randrange(6)
    return vector(chance, count), vector(chance, length(chance, count))


def one_of(chance: Chance, names: list[str]) -> str:
    """A name, mostly one of the list."""
    return chance.choice(names) if chance.random() < 0.95 else chance.choice(["", "Tanh", "0"])


# --- each function's arguments --------------------------------------------------------------------


def of_network(chance: Chance) -> Arguments:
    return (unchecked_network(chance),)


def of_layer(chance: Chance) -> Arguments:
    layers = unchecked_network(chance).get("layers")
    return (layers[0] if layers else {},)


def of_network_and_epoch(chance: Chance) -> Arguments:
    made = good_network(chance)
    if chance.random() < 0.5:
        layer = chance.choice(made["layers"])
        numbers = chance.choice([layer["weights"]["values"], layer["biases"]])
        numbers[chance.randrange(len(numbers))] = math.nan
    return made, chance.randrange(1, 100)


def of_new_network(chance: Chance) -> Arguments:
    made = unchecked_network(chance)
    layers = made.get("layers") or [{}]
    sizes = [chance.choice(SIZES) for _ in range(len(layers) + 1)]
    if chance.random() < 0.05:
        sizes[chance.randrange(len(sizes))] = chance.choice([0, -1])
    if chance.random() < 0.05:
        sizes.pop()
    activations = [layer.get("activation", "liner") for layer in layers]
    return sizes, activations, made.get("cost", "hinge"), seed(chance)


def of_new_weights(chance: Chance) -> Arguments:
    low = chance.random() < 0.1
    sizes = [0, -1, 1] if low else SIZES
    return chance.choice(sizes), chance.choice(sizes), seed(chance)


def of_random_weights(chance: Chance) -> Arguments:
    rows_length, columns_length, its_seed = of_new_weights(chance)
    fan = chance.choice(SIZES) if chance.random() < 0.95 else chance.choice([0, -1])
    return rows_length, columns_length, fan, its_seed


def of_activation(chance: Chance) -> Arguments:
    return one_of(chance, ACTIVATIONS), vector(chance, length(chance, chance.choice(SIZES)))


def of_cost(chance: Chance) -> Arguments:
    count = chance.choice(SIZES)
    vec_a = [chance.random() for _ in range(length(chance, count))]
    vec_y = [float(chance.randrange(2)) for _ in range(length(chance, count))]
    if chance.random() < 0.1:
        vec_a = vector(chance, count)
    return one_of(chance, COSTS), vec_a, vec_y


def of_last_layer(chance: Chance) -> Arguments:
    activation, cost = chance.choice(LAST)
    if chance.random() < 0.2:
        activation, cost = one_of(chance, ACTIVATIONS), one_of(chance, COSTS)
    count = chance.choice(SIZES)
    return activation, cost, *(vector(chance, length(chance, count)) for _ in range(3))


def of_network_and_inputs(chance: Chance) -> Arguments:
    made, inputs_length, _ = network(chance)
    return made, inputs(chance, length(chance, inputs_length))


def of_network_and_example(chance: Chance) -> Arguments:
    made, inputs_length, outputs_length = network(chance)
    its_inputs = inputs(chance, length(chance, inputs_length))
    return made, its_inputs, wanted(chance, made, outputs_length)


def of_network_and_examples(chance: Chance) -> Arguments:
    made, inputs_length, outputs_length = network(chance)
    return made, *examples(chance, made, inputs_length, outputs_length)


def of_training(chance: Chance) -> Arguments:
    return *of_network_and_examples(chance), rate(chance)


def of_epoch(chance: Chance) -> Arguments:
    batch_length = chance.choice([1, 2, 3, 5]) if chance.random() < 0.95 else -1
    return *of_training(chance), batch_length, seed(chance), chance.randrange(1, 100)


def of_epochs(chance: Chance) -> Arguments:
    made, *training, batch_length, its_seed, _ = of_epoch(chance)
    if chance.random() < 0.1:
        damage(chance, made)
    return made, *training, batch_length, chance.choice([0, 1, 1, 2, 3]), its_seed


def of_accuracy(chance: Chance) -> Arguments:
    made, inputs_length, outputs_length = network(chance)
    all_inputs = examples(chance, made, inputs_length, outputs_length)[0]
    labels = [chance.randrange(outputs_length) for _ in range(length(chance, len(all_inputs)))]
    if labels and chance.random() < 0.1:
        labels[-1] = chance.choice([-1, outputs_length])
    return made, all_inputs, labels


def of_label(chance: Chance) -> Arguments:
    labels_length = chance.randrange(8)
    return chance.randrange(-1, labels_length + 1), labels_length


def of_gradients(chance: Chance) -> Arguments:
    made = good_network(chance)
    gradients = []
    for layer in made["layers"]:
        rows_length = layer["weights"]["rows_length"]
        columns_length = layer["weights"]["columns_length"]
        biases = vector(chance, length(chance, rows_length))
        gradients.append({"weights": mat(chance, rows_length, columns_length), "biases": biases})
    if chance.random() < 0.05:
        gradients.pop()
    return made, gradients, rate(chance)


# --- examples -------------------------------------------------------------------------------------


def layer_of(rows: int, columns: int, values: list[float], biases: list[float], name: str) -> Any:
    weights = {"rows_length": rows, "columns_length": columns, "values": values}
    return {"weights": weights, "biases": biases, "activation": name}


def two_layers(hidden: str, last: str, cost: str) -> dict[str, Any]:
    """2 inputs, 3 hidden outputs, 2 last ones."""
    first = layer_of(3, 2, [0.25, -0.5, 0.75, 0.125, 0.375, -0.25], [0.125, -0.25, 0.5], hidden)
    second = layer_of(2, 3, [0.5, -0.25, 0.75, 0.25, -0.5, 0.625], [0.25, -0.125], last)
    return {"layers": [first, second], "cost": cost}


DIGITS = two_layers("tanh", "softmax", "categorical_cross_entropy")
KINK = {"layers": [layer_of(1, 1, [0.0], [0.0], "relu")], "cost": "squared_error"}
WRONG: list[dict[str, Any]] = [
    {},
    {"layers": [], "cost": "squared_error"},
    {"layers": [{}], "cost": "squared_error"},
    two_layers("softmax", "softmax", "categorical_cross_entropy"),
    two_layers("tanh", "softmax", "squared_error"),
    two_layers("tanh", "softmax", "cross_entropy"),
    two_layers("tanh", "tanh", "cross_entropy"),
    two_layers("tanh", "sigmoid", "categorical_cross_entropy"),
    two_layers("liner", "sigmoid", "squared_error"),
    two_layers("tanh", "sigmoid", "hinge"),
    {"layers": [DIGITS["layers"][1], DIGITS["layers"][1]], "cost": "categorical_cross_entropy"},
]
RIGHT = [DIGITS, two_layers("relu", "sigmoid", "cross_entropy")]
XOR = ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]] * 2)

check_activation = Cases(
    st.tuples(st.sampled_from([*ACTIVATIONS, "", "0"]) | st.text("abX01\n", max_size=4)),
    examples=[(name,) for name in ACTIVATIONS],
)
check_combination = Cases(
    st.tuples(st.sampled_from(ACTIVATIONS), st.sampled_from(COSTS)),
    examples=[(activation, cost) for activation in ACTIVATIONS for cost in COSTS],
)
check_layer = drawn(of_layer, ({},), (layer_of(2, 1, [0.5, 0.25], [0.5], "tanh"),))
check_network = drawn(of_network, *((made,) for made in [*RIGHT, *WRONG]))
check_batch = drawn(lambda chance: of_network_and_examples(chance)[1:], ([], []), ([[1.0]], []))
check_label = drawn(of_label, (0, 0), (9, 10), (10, 10), (-1, 10))
check_no_nan = drawn(of_network_and_epoch)
random_weights = drawn(of_random_weights, (3, 2, 5, 42), (0, 2, 5, 42), (3, 2, 0, 42))
glorot_weights = drawn(of_new_weights, (3, 2, 42), (0, 2, 42))
he_weights = drawn(of_new_weights, (3, 2, 42), (2, 0, 42))
create_network = drawn(
    of_new_network,
    ([64, 30, 10], ["tanh", "softmax"], "categorical_cross_entropy", 1),
    ([2], [], "squared_error", 1),
    ([], [], "squared_error", 1),
)
activate_layer = drawn(of_activation, ("softmax", []), ("relu", [-1.0, 0.0, -0.0, 1.0]))
activate_layer_derivative = drawn(
    of_activation, ("softmax", [1.0]), ("relu", [-1.0, 0.0, -0.0, 1.0])
)
cost_of_outputs = drawn(of_cost, ("cross_entropy", [0.0], [1.0]), ("hinge", [], []))
last_bias_grads = drawn(of_last_layer)
layer_grads = drawn(two_vectors)
forward = drawn(of_network_and_inputs, *((made, [0.5, -0.75]) for made in RIGHT))
backpropagate = drawn(
    of_network_and_example,
    (KINK, [1.0], [1.0]),
    *((made, [0.5, -0.75], [1.0, 0.0]) for made in RIGHT),
)
add_to_numbers = drawn(two_vectors, ([1.0], []))
divide_numbers = drawn(lambda chance: (vector(chance, 3), chance.randrange(5)), ([], 0))
step_down = drawn(lambda chance: (*two_vectors(chance), rate(chance)), ([1.0], [], 0.5))
batch_grads = drawn(of_network_and_examples, (DIGITS, *XOR), (DIGITS, [], []))
update = drawn(of_gradients)
train_batch = drawn(of_training, (DIGITS, *XOR, 0.5), (DIGITS, [], [], 0.5))
train_epoch = drawn(of_epoch, (DIGITS, *XOR, 0.5, 2, 42, 1), (DIGITS, *XOR, 0.5, 0, 42, 1))
train = drawn(
    of_epochs,
    (DIGITS, *XOR, 0.5, 3, 5, 42),
    (two_layers("relu", "leaky_relu", "squared_error"), *XOR, 1e300, 3, 5, 42),  # soon nan
    *((made, *XOR, 0.5, 3, 5, 42) for made in WRONG),
)
predict = drawn(of_network_and_inputs, (DIGITS, [0.5, -0.75]))
predict_label = drawn(of_network_and_inputs, (DIGITS, [0.5, -0.75]))
label_vector = drawn(of_label, (0, 0), (9, 10), (10, 10), (-1, 10))
accuracy = drawn(of_accuracy, (DIGITS, XOR[0], [0, 1, 1, 0]), (DIGITS, XOR[0], [2, 1, 1, 0]))
mean_cost = drawn(of_network_and_examples, (DIGITS, *XOR), (DIGITS, [], []))
