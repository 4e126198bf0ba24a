"""Lesson: a whole network, over NumPy arrays (see pybackprop/network.py).

A layer's weights are (n, m), its biases (n,). Many examples are one array: (examples, m)
for inputs, (examples, n) for wanted outputs.

Training works in buffers that are made once: for each layer one array of (m + 1, n), the
transposed weights with the biases as their last row, and inputs with a last column of
ones. So a layer takes one product of matrices forward, one for its slopes and one to
pass them back, all written to where they are needed; and one step down takes two
operations for all layers together, whose arrays lie in a row in one long vector.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from pybackprop import network as loops
from pybackprop.network import check_activation, check_combination, check_label
from pybackprop.vectorized import array_network, arrays, loop_mat
from pybackprop.vectorized.activation import (
    largest_position,
    leaky_relu,
    leaky_relu_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    softmax,
    tanh,
    tanh_derivative,
)
from pybackprop.vectorized.cost import (
    categorical_cross_entropy_cost,
    check_same_length,
    cost,
    cost_derivative,
    cross_entropy_cost,
    cross_entropy_cost_derivative,
)
from pybackprop.vectorized.last_layer import cost_grads_for_biases, m_to_n_transform
from pybackprop.vectorized.matrix import check_mat
from pybackprop.vectorized.perl_random import shuffle

Array = NDArray[np.float64]


class Layer(TypedDict):
    """The three entries of a layer: (n, m), (n,) and a name."""

    weights: Array
    biases: Array
    activation: str


class Network(TypedDict):
    """The two entries of a network."""

    layers: list[Layer]
    cost: str


class LayerPass(TypedDict):
    """What went through one layer: (m,), (n,) and (n,), or as many rows of them."""

    inputs: Array
    outputs: Array
    activate_outputs: Array


class LayerGrads(TypedDict):
    """The slopes of one layer: (n, m) and (n,)."""

    weights: Array
    biases: Array


def check_layer(layer: Layer) -> None:
    """Raises ValueError unless a layer is complete."""
    loops.check_layer(_loop_layer(layer))


def check_network(network: Network) -> None:
    """Raises ValueError unless a network is complete, and its parts fit."""
    readable: Any = dict(network)
    if "layers" in network:
        readable["layers"] = [_loop_layer(layer) for layer in network["layers"]]

    loops.check_network(readable)


def check_batch(batch_inputs: Any, batch_wanted: Any) -> None:
    """Raises ValueError unless there are examples, as many inputs as wanted outputs."""
    loops.check_batch(batch_inputs, batch_wanted)


def check_no_nan(network: Network, epoch: int) -> None:
    """Raises ValueError for a weight or a bias that is nan."""
    for number, layer in enumerate(network["layers"], 1):
        if np.isnan(layer["weights"]).any():
            raise ValueError(f"epoch {epoch}: a weight of layer {number} became nan")
        if np.isnan(layer["biases"]).any():
            raise ValueError(f"epoch {epoch}: a bias of layer {number} became nan")


def random_weights(rows_length: int, columns_length: int, fan: int, seed: int) -> Array:
    """Random weights, their squared deviation 2 / fan. Returns (rows_length, columns_length).

    Raises ValueError for lengths and a fan below 1.
    """
    weights: Array = arrays(loops.random_weights(rows_length, columns_length, fan, seed))

    return weights


def glorot_weights(rows_length: int, columns_length: int, seed: int) -> Array:
    """The usual first weights before sigmoid, tanh and softmax.

    Returns (rows_length, columns_length). Raises ValueError for lengths below 1.
    """
    weights: Array = arrays(loops.glorot_weights(rows_length, columns_length, seed))

    return weights


def he_weights(rows_length: int, columns_length: int, seed: int) -> Array:
    """The usual first weights before relu and leaky_relu.

    Returns (rows_length, columns_length). Raises ValueError for lengths below 1.
    """
    weights: Array = arrays(loops.he_weights(rows_length, columns_length, seed))

    return weights


def create_network(
    sizes: Sequence[int] | Array, activations: Sequence[str], cost_name: str, seed: int
) -> Network:
    """A network with the random weights of the loops, and biases of 0.

    sizes: the number of inputs, then of each layer's outputs.
    Raises ValueError for sizes, activations and a cost that don't fit.
    """
    whole_sizes = [int(size) for size in sizes]
    made = loops.create_network(whole_sizes, list(activations), cost_name, seed)
    network: Network = array_network(made)

    return network


def activate_layer(activation: str, outputs: Array) -> Array:
    """Applies the activation of a layer, called by its name.

    outputs: (n,), or (examples, n); returns the same shape.
    Raises ValueError for an unknown name, and for softmax of an empty vector.
    """
    check_activation(activation)

    if activation == "sigmoid":
        return sigmoid(outputs)
    if activation == "tanh":
        return tanh(outputs)
    if activation == "relu":
        return relu(outputs)
    if activation == "leaky_relu":
        with np.errstate(under="ignore"):
            return leaky_relu(outputs)
    if outputs.ndim == 1 or outputs.size == 0:
        return softmax(outputs)

    activate_outputs = np.array(outputs)
    scratch = np.empty((len(outputs), 1))
    with np.errstate(all="ignore"):
        _softmax(activate_outputs, scratch)

    return activate_outputs


def activate_layer_derivative(activation: str, outputs: Array) -> Array:
    """The slope of a layer's activation for each output.

    outputs: any shape, what comes out of the transform; returns the same shape.
    Raises ValueError for an unknown name, and for softmax.
    """
    check_activation(activation)

    if activation == "sigmoid":
        return sigmoid_derivative(outputs)
    if activation == "tanh":
        return tanh_derivative(outputs)
    if activation == "relu":
        return relu_derivative(outputs)
    if activation == "leaky_relu":
        return leaky_relu_derivative(outputs)

    raise ValueError("softmax has no slope for each output alone")


def cost_of_outputs(cost_name: str, vec_a: Array, vec_y: Array) -> float:
    """The cost, called by its name; of many examples the sum.

    vec_a, vec_y: (n,), or (examples, n).
    Raises ValueError for an unknown name, and for what the cost function refuses.
    """
    if cost_name == "squared_error":
        return cost(vec_a, vec_y)
    if cost_name == "cross_entropy":
        return cross_entropy_cost(vec_a, vec_y)
    if cost_name == "categorical_cross_entropy":
        return categorical_cross_entropy_cost(vec_a, vec_y)

    raise ValueError(f"unknown cost: {cost_name}")


def last_bias_grads(
    activation: str, cost_name: str, outputs: Array, vec_a: Array, vec_y: Array
) -> Array:
    """The slopes of the cost for all biases of the last layer.

    outputs, vec_a, vec_y: (n,); returns (n,).
    Raises ValueError for unequal lengths, and for what check_combination refuses.
    """
    check_combination(activation, cost_name)

    if cost_name == "squared_error":
        activate_grads = activate_layer_derivative(activation, outputs)
        return cost_grads_for_biases(activate_grads, cost_derivative(vec_a, vec_y))

    return cross_entropy_cost_derivative(vec_a, vec_y)


def layer_grads(bias_grads: Array, inputs: Array) -> LayerGrads:
    """All slopes of a layer, from those for its biases: (n,) and (m,) give (n, m)."""
    with np.errstate(all="ignore"):
        return {"weights": np.outer(bias_grads, inputs), "biases": bias_grads}


def forward(network: Network, inputs: Array) -> list[LayerPass]:
    """Sends inputs through all layers, and keeps what went through each.

    inputs: (m,), or (examples, m).
    Raises ValueError for inputs that don't fit the network.
    """
    passes: list[LayerPass] = []
    layer_inputs = inputs
    for layer in network["layers"]:
        weights, biases = layer["weights"], layer["biases"]
        if layer_inputs.ndim == 1:
            outputs = m_to_n_transform(weights, biases, layer_inputs)
        else:
            _check_rows(layer_inputs, weights.shape[1])
            with np.errstate(all="ignore"):
                outputs = layer_inputs @ weights.T + biases
        activate_outputs = activate_layer(layer["activation"], outputs)
        passes.append(
            {"inputs": layer_inputs, "outputs": outputs, "activate_outputs": activate_outputs}
        )
        layer_inputs = activate_outputs

    return passes


def backpropagate(network: Network, inputs: Array, vec_y: Array) -> list[LayerGrads]:
    """The slopes of the cost for every weight and bias, for one example.

    inputs: (m,); vec_y: (n,).
    Raises ValueError for lengths that don't fit the network.
    """
    return batch_grads(network, inputs[np.newaxis], vec_y[np.newaxis])


def add_to_numbers(totals: Array, numbers: Array) -> None:
    """Adds in place: totals and numbers are (n,). Raises ValueError for unequal lengths."""
    check_same_length(totals, numbers)

    with np.errstate(all="ignore"):
        np.add(totals, numbers, out=totals)


def divide_numbers(totals: Array, count: int) -> None:
    """Divides in place. Raises ZeroDivisionError for a count of 0."""
    if count == 0 and totals.size > 0:
        raise ZeroDivisionError("float division by zero")

    if totals.size > 0:
        with np.errstate(all="ignore"):
            np.divide(totals, count, out=totals)


def step_down(numbers: Array, grads: Array, rate: float) -> None:
    """Takes a step against the slopes, in place. Raises ValueError for unequal shapes."""
    if numbers.shape != grads.shape:
        raise ValueError(f"slopes of shape {grads.shape} do not fit {numbers.shape}")

    with np.errstate(all="ignore"):
        np.subtract(numbers, rate * grads, out=numbers)


def batch_grads(network: Network, batch_inputs: Array, batch_wanted: Array) -> list[LayerGrads]:
    """The mean of the slopes of several examples.

    batch_inputs: (examples, m); batch_wanted: (examples, n).
    Raises ValueError for no example, and for lengths that don't fit the network.
    """
    check_batch(batch_inputs, batch_wanted)
    trainer = _Trainer(network, len(batch_inputs))
    inputs, vec_y = trainer.fitting(batch_inputs, batch_wanted)
    with np.errstate(all="ignore"):
        trainer.grads(inputs, vec_y)

    return [{"weights": grads[:-1].T, "biases": grads[-1]} for grads in trainer.layer_grads]


def update(network: Network, gradients: Sequence[LayerGrads], rate: float) -> None:
    """Takes a step down with every weight and bias, in place.

    Raises ValueError for slopes that don't fit the network.
    """
    layers_length = len(network["layers"])
    gradients_length = len(gradients)
    if layers_length != gradients_length:
        raise ValueError(f"slopes of {gradients_length} layers do not fit {layers_length} layers")

    for layer, grads in zip(network["layers"], gradients):
        step_down(layer["weights"], grads["weights"], rate)
        step_down(layer["biases"], grads["biases"], rate)


def train_batch(network: Network, batch_inputs: Array, batch_wanted: Array, rate: float) -> None:
    """Takes one step down, by the mean of the slopes of several examples.

    batch_inputs: (examples, m); batch_wanted: (examples, n).
    Raises ValueError for what batch_grads refuses.
    """
    check_batch(batch_inputs, batch_wanted)
    trainer = _Trainer(network, len(batch_inputs))
    inputs, vec_y = trainer.fitting(batch_inputs, batch_wanted)
    with np.errstate(all="ignore"):
        trainer.step(inputs, vec_y, rate)
    trainer.store()


def train_epoch(
    network: Network,
    all_inputs: Array,
    all_wanted: Array,
    rate: float,
    batch_length: int,
    seed: int,
    epoch: int,
) -> None:
    """Trains with every example once, batch after batch, in the order of the loops.

    all_inputs: (examples, m); all_wanted: (examples, n).
    Raises ValueError for a batch length below 1, for what batch_grads refuses, and for
    a weight or a bias that became nan.
    """
    _train(network, all_inputs, all_wanted, rate, batch_length, seed, range(epoch, epoch + 1))


def train(
    network: Network,
    all_inputs: Array,
    all_wanted: Array,
    rate: float,
    batch_length: int,
    epochs: int,
    seed: int,
) -> None:
    """Trains for a number of epochs: see train_epoch.

    Raises ValueError for an incomplete network, and for what train_epoch refuses.
    """
    check_network(network)

    if epochs > 0:
        _train(network, all_inputs, all_wanted, rate, batch_length, seed, range(1, epochs + 1))


def predict(network: Network, inputs: Array) -> Array:
    """The activated outputs of the last layer.

    inputs: (m,), or (examples, m); returns (n,) or (examples, n).
    Raises ValueError for inputs that don't fit the network.
    """
    return forward(network, inputs)[-1]["activate_outputs"]


def predict_label(network: Network, inputs: Array) -> Any:
    """The label whose output is the largest, or for (examples, m) those of all examples.

    Raises ValueError for what predict refuses.
    """
    return largest_position(predict(network, inputs))


def label_vector(label: int, labels_length: int) -> Array:
    """The wanted outputs for a label. Returns (labels_length,).

    Raises ValueError for a label that isn't there.
    """
    check_label(label, labels_length)

    vec_y = np.zeros(labels_length)
    vec_y[label] = 1.0

    return vec_y


def accuracy(network: Network, all_inputs: Array, labels: Sequence[int] | NDArray[Any]) -> float:
    """The part of the examples whose predicted label is right.

    all_inputs: (examples, m); labels: (examples,).
    Raises ValueError for no examples, unequal lengths, and a label that isn't there.
    """
    inputs_length = len(all_inputs)
    labels_length = len(labels)
    if inputs_length != labels_length:
        raise ValueError(f"{inputs_length} examples do not fit {labels_length} labels")
    if inputs_length == 0:
        raise ValueError("no examples")

    outputs_length = len(network["layers"][-1]["biases"])
    for label in labels:
        check_label(int(label), outputs_length)
    _check_rows(all_inputs, network["layers"][0]["weights"].shape[1])

    return int(np.sum(predict_label(network, all_inputs) == np.asarray(labels))) / inputs_length


def mean_cost(network: Network, all_inputs: Array, all_wanted: Array) -> float:
    """The mean of the cost of several examples.

    all_inputs: (examples, m); all_wanted: (examples, n).
    Raises ValueError for no example, and for what predict and the cost function refuse.
    """
    check_batch(all_inputs, all_wanted)
    _check_rows(all_inputs, network["layers"][0]["weights"].shape[1])
    _check_rows(all_wanted, network["layers"][-1]["weights"].shape[0])

    total = cost_of_outputs(network["cost"], predict(network, all_inputs), all_wanted)

    return total / len(all_inputs)


# --- training in buffers --------------------------------------------------------------------------


def _loop_layer(layer: Layer) -> Any:
    """A layer as the checks of the loops read it, its weights a matrix with lengths."""
    if "weights" not in layer:
        return layer
    if not isinstance(layer["weights"], np.ndarray):
        raise ValueError("weights that are no matrix")
    check_mat(layer["weights"])

    return {**layer, "weights": loop_mat(layer["weights"])}


def _check_rows(rows: Any, length: int) -> None:
    """Raises ValueError unless this is an array of (examples, length)."""
    if not isinstance(rows, np.ndarray) or rows.ndim != 2 or rows.shape[1] != length:
        raise ValueError(f"examples that are not all of {length} numbers")


def _softmax(outputs: Array, scratch: Array) -> None:
    """Softmax of each row, in place. scratch: (examples, 1)."""
    np.maximum.reduce(outputs, axis=1, keepdims=True, out=scratch)
    np.subtract(outputs, scratch, out=outputs)
    np.exp(outputs, out=outputs)
    np.add.reduce(outputs, axis=1, keepdims=True, out=scratch)
    np.divide(outputs, scratch, out=outputs)


class _Buffers:
    """What a step writes to, for one length of a batch."""

    def __init__(self, sizes: Sequence[int], length: int) -> None:
        # The inputs of each layer but the first, with their column of ones.
        self.inputs = [np.ones((length, size + 1)) for size in sizes[1:-1]]
        self.activated = [inputs[:, :-1] for inputs in self.inputs] + [
            np.empty((length, sizes[-1]))
        ]
        self.outputs = [np.empty((length, size)) for size in sizes[1:]]
        self.slopes = [np.empty((length, size)) for size in sizes[1:]]
        self.column = np.empty((length, 1))


class _Trainer:
    """A network's numbers in one long vector, and everything that a step needs."""

    def __init__(self, network: Network, length: int) -> None:
        self.network, self.cost = network, network["cost"]
        layers = network["layers"]
        self.activations = [layer["activation"] for layer in layers]
        self.sizes = [layers[0]["weights"].shape[1]]
        self.sizes += [layer["weights"].shape[0] for layer in layers]
        shapes = [(m + 1, n) for m, n in zip(self.sizes, self.sizes[1:])]
        ends = np.cumsum([rows * columns for rows, columns in shapes]).tolist()
        self.numbers, self.all_grads = np.empty(ends[-1]), np.empty(ends[-1])

        def by_layer(vector: Array) -> list[Array]:
            starts = [0, *ends]
            parts = [vector[start:end] for start, end in zip(starts, ends)]
            return [part.reshape(shape) for part, shape in zip(parts, shapes)]

        self.layers, self.layer_grads = by_layer(self.numbers), by_layer(self.all_grads)
        self.backward = [layer[:-1].T for layer in self.layers]
        for layer, numbers in zip(layers, self.layers):
            numbers[:-1] = layer["weights"].T
            numbers[-1] = layer["biases"]
        self.buffers = {length: _Buffers(self.sizes, length)}

    def fitting(self, inputs: Array, vec_y: Array) -> tuple[Array, Array]:
        """Examples as a step takes them: the inputs with a last column of ones."""
        _check_rows(inputs, self.sizes[0])
        _check_rows(vec_y, self.sizes[-1])
        with_ones = np.ones((len(inputs), self.sizes[0] + 1))
        with_ones[:, :-1] = inputs
        return with_ones, vec_y

    def store(self) -> None:
        """Write the numbers back to the network's own arrays."""
        for layer, numbers in zip(self.network["layers"], self.layers):
            layer["weights"][...] = numbers[:-1].T
            layer["biases"][...] = numbers[-1]

    def step(self, inputs: Array, vec_y: Array, rate: float) -> None:
        """One step down."""
        self.grads(inputs, vec_y)
        np.multiply(self.all_grads, rate, out=self.all_grads)
        np.subtract(self.numbers, self.all_grads, out=self.numbers)

    def grads(self, inputs: Array, vec_y: Array) -> None:
        """The mean of the slopes, into layer_grads."""
        length = len(inputs)
        buffers = self.buffers.get(length)
        if buffers is None:
            buffers = self.buffers[length] = _Buffers(self.sizes, length)
        layer_inputs = [inputs, *buffers.inputs]
        last = len(self.layers) - 1

        for i, numbers in enumerate(self.layers):
            outputs, activated = buffers.outputs[i], buffers.activated[i]
            activation = self.activations[i]
            if activation == "tanh":
                np.matmul(layer_inputs[i], numbers, out=outputs)
                np.tanh(outputs, out=activated)
            elif activation == "softmax":
                np.matmul(layer_inputs[i], numbers, out=activated)
                _softmax(activated, buffers.column)
            elif activation == "sigmoid":
                np.matmul(layer_inputs[i], numbers, out=outputs)
                np.negative(outputs, out=outputs)
                np.exp(outputs, out=outputs)
                np.add(outputs, 1, out=outputs)
                np.divide(1, outputs, out=activated)
            else:
                np.matmul(layer_inputs[i], numbers, out=outputs)
                least = 0.0 if activation == "relu" else 0.01
                np.multiply(outputs, least, out=activated)
                np.copyto(activated, outputs, where=outputs > 0)

        slopes = buffers.slopes[last]
        np.subtract(buffers.activated[last], vec_y, out=slopes)
        if self.cost == "squared_error":
            self._times_derivative(buffers, last)
        if length > 1:
            np.divide(slopes, length, out=slopes)
        for i in range(last, -1, -1):
            slopes = buffers.slopes[i]
            np.matmul(layer_inputs[i].T, slopes, out=self.layer_grads[i])
            if i > 0:
                np.matmul(slopes, self.backward[i], out=buffers.slopes[i - 1])
                self._times_derivative(buffers, i - 1)

    def _times_derivative(self, buffers: _Buffers, i: int) -> None:
        """Multiplies the slopes of a layer by those of its activation.

        All of them can be told from the activated outputs, and the outputs' buffer is
        free by then.
        """
        activation, slopes = self.activations[i], buffers.slopes[i]
        activated, derivative = buffers.activated[i], buffers.outputs[i]
        if activation == "tanh":
            np.multiply(activated, activated, out=derivative)
            np.subtract(1, derivative, out=derivative)
        elif activation == "sigmoid":
            np.subtract(1, activated, out=derivative)
            np.multiply(derivative, activated, out=derivative)
        else:
            np.greater(derivative, 0, out=derivative)
            if activation == "leaky_relu":
                np.maximum(derivative, 0.01, out=derivative)
        np.multiply(slopes, derivative, out=slopes)


def _train(
    network: Network,
    all_inputs: Array,
    all_wanted: Array,
    rate: float,
    batch_length: int,
    seed: int,
    epochs: range,
) -> None:
    """The epochs of train and train_epoch."""
    check_batch(all_inputs, all_wanted)
    if batch_length < 1:
        raise ValueError(f"a batch cannot have {batch_length} examples")

    length = len(all_inputs)
    trainer = _Trainer(network, min(batch_length, length))
    with_ones, vec_y = trainer.fitting(all_inputs, all_wanted)
    for epoch in epochs:
        # Brought in order once, so that a batch is a slice and nothing is copied for it.
        order = shuffle(seed + epoch, length)
        epoch_inputs, epoch_wanted = with_ones[order], vec_y[order]
        with np.errstate(all="ignore"):
            for start in range(0, length, batch_length):
                end = start + batch_length
                trainer.step(epoch_inputs[start:end], epoch_wanted[start:end], rate)
        trainer.store()
        check_no_nan(network, epoch)
