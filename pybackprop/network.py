"""Lesson: a whole network.

Everything before this lesson was about one layer, or about two neighbours. Here
they become a network that learns: the inputs go forward through all layers, the
slopes come back from the last layer to the first, and each weight takes a small
step against its slope, so that the cost becomes smaller. Then again, with the
next few examples.

A layer has three entries: weights, an n x m matrix, biases, a vector of n
numbers, and activation, a name: sigmoid, tanh, relu, leaky_relu or, for the last
layer only, softmax. A network has two: layers, and cost, a name. Each cost has a
meaning after some activations of the last layer:

  squared_error               sigmoid, tanh, relu, leaky_relu
  cross_entropy               sigmoid
  categorical_cross_entropy   softmax

A network is checked where it comes in: by create_network, by train, and by a
program that reads one from a file. All other functions rely on that, for they are
called for every example.

Messages count layers and epochs from 1.

The tutorial ends before this lesson and has none of its functions. A line
"Tutorial:" names the section whose rule a function applies.

The Perl twin of this file is perl_reference/network.pl.
"""

import math
from typing import TypedDict

from pybackprop.activation import (
    activate_array,
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
from pybackprop.cost import (
    categorical_cross_entropy_cost,
    check_same_length,
    cost,
    cost_derivative,
    cross_entropy_cost,
    cross_entropy_cost_derivative,
)
from pybackprop.hidden_layer import hidden_cost_grads_for_biases
from pybackprop.last_layer import (
    cost_grads_for_biases,
    cost_grads_for_weights,
    m_to_n_transform,
)
from pybackprop.matrix import Matrix, check_mat
from pybackprop.perl_random import normal_numbers, shuffle


class Layer(TypedDict):
    """The three entries of a layer; in Perl a hash with the same keys."""

    weights: Matrix
    biases: list[float]
    activation: str


class Network(TypedDict):
    """The two entries of a network; in Perl a hash with the same keys."""

    layers: list[Layer]
    cost: str


class LayerPass(TypedDict):
    """What went through one layer; in Perl a hash with the same keys."""

    inputs: list[float]
    outputs: list[float]
    activate_outputs: list[float]


class LayerGrads(TypedDict):
    """The slopes of one layer; in Perl a hash with the same keys."""

    weights: Matrix
    biases: list[float]


def check_activation(activation: str) -> None:
    """Makes sure that there is an activation of this name.

    activation: a name.
    Returns nothing. An unknown name is an error.
    """
    for known in ("sigmoid", "tanh", "relu", "leaky_relu", "softmax"):
        if activation == known:
            return

    raise ValueError(f"unknown activation: {activation}")


def check_combination(activation: str, cost_name: str) -> None:
    """Makes sure that a cost has a meaning after an activation.

    The cross entropies are written for probabilities: of several independent
    answers (sigmoid), or of one answer out of many (softmax). And softmax, whose
    outputs depend on every input, has no slope for each output alone, which
    squared_error would need.

    activation: a name, the activation of the last layer.
    cost_name: a name.
    Returns nothing. An unknown name is an error, and so is a combination without
    a meaning.
    """
    check_activation(activation)

    if cost_name == "squared_error":
        if activation == "softmax":
            raise ValueError("squared_error has no meaning after softmax")
    elif cost_name == "cross_entropy":
        if activation != "sigmoid":
            raise ValueError(f"cross_entropy has no meaning after {activation}")
    elif cost_name == "categorical_cross_entropy":
        if activation != "softmax":
            raise ValueError(f"categorical_cross_entropy has no meaning after {activation}")
    else:
        raise ValueError(f"unknown cost: {cost_name}")


def check_layer(layer: Layer) -> None:
    """Makes sure that a layer is complete.

    layer: a layer.
    Returns nothing. A missing entry, an incomplete matrix, a number of biases that
    doesn't fit it, and an unknown activation are errors.
    """
    for key in ("weights", "biases", "activation"):
        if key not in layer:
            raise ValueError(f"a layer without {key}")

    check_mat(layer["weights"])
    check_activation(layer["activation"])

    rows_length = layer["weights"]["rows_length"]
    biases_length = len(layer["biases"])
    if rows_length != biases_length:
        raise ValueError(f"weights with {rows_length} rows do not fit {biases_length} biases")


def check_network(network: Network) -> None:
    """Makes sure that a network is complete, and that its parts fit.

    network: a network.
    Returns nothing. A missing entry, a network without layers, an incomplete
    layer, neighbours that don't fit, softmax in a layer that isn't the last, and a
    cost that has no meaning after the last layer are errors.
    """
    for key in ("layers", "cost"):
        if key not in network:
            raise ValueError(f"a network without {key}")

    layers = network["layers"]
    layers_length = len(layers)
    if layers_length == 0:
        raise ValueError("a network without layers")

    for i in range(layers_length):
        check_layer(layers[i])
        number = i + 1
        if i > 0:
            columns_length = layers[i]["weights"]["columns_length"]
            rows_length = layers[i - 1]["weights"]["rows_length"]
            if columns_length != rows_length:
                raise ValueError(
                    f"layer {number} with {columns_length} inputs"
                    f" does not fit {rows_length} outputs before it"
                )
        if number < layers_length and layers[i]["activation"] == "softmax":
            raise ValueError(f"softmax in layer {number} of {layers_length}, which is not the last")

    check_combination(layers[layers_length - 1]["activation"], network["cost"])


def check_batch(batch_inputs: list[list[float]], batch_wanted: list[list[float]]) -> None:
    """Makes sure that there are examples, each with its wanted outputs.

    batch_inputs: a list of vectors, the inputs of each example.
    batch_wanted: a list of vectors, the wanted outputs of each example.
    Returns nothing. Lists of unequal length are an error, and so are empty ones.
    """
    inputs_length = len(batch_inputs)
    wanted_length = len(batch_wanted)
    if inputs_length != wanted_length:
        raise ValueError(f"{inputs_length} examples do not fit {wanted_length} wanted outputs")
    if inputs_length == 0:
        raise ValueError("a batch without examples")


def check_label(label: int, labels_length: int) -> None:
    """Makes sure that a label is there.

    label: an integer.
    labels_length: an integer, how many labels there are: 0, 1, ...
    Returns nothing. A label that isn't there is an error.
    """
    if label < 0 or label >= labels_length:
        raise ValueError(f"label {label} is not one of {labels_length} labels")


def check_no_nan(network: Network, epoch: int) -> None:
    """Makes sure that no weight and no bias is nan.

    nan never goes away again: what is calculated from it is nan, too.

    network: a network.
    epoch: an integer, the epoch that was trained, for the message.
    Returns nothing. A weight or a bias that is nan is an error.
    """
    number = 0
    for layer in network["layers"]:
        number = number + 1
        for weight in layer["weights"]["values"]:
            if math.isnan(weight):
                raise ValueError(f"epoch {epoch}: a weight of layer {number} became nan")
        for bias in layer["biases"]:
            if math.isnan(bias):
                raise ValueError(f"epoch {epoch}: a bias of layer {number} became nan")


def random_weights(rows_length: int, columns_length: int, fan: int, seed: int) -> Matrix:
    """Random weights from the normal distribution.

    Their mean is 0, and their squared standard deviation 2 / fan.

    rows_length: an integer, how many outputs.
    columns_length: an integer, how many inputs.
    fan: an integer, the number of inputs, or of inputs and outputs together.
    seed: an integer of 32 bits.
    Returns a new matrix. Lengths below 1 are an error, and so is a fan below 1.
    """
    if rows_length < 1 or columns_length < 1:
        raise ValueError(f"no weights from {columns_length} inputs to {rows_length} outputs")

    deviation = math.sqrt(2 / fan)
    values = []
    for number in normal_numbers(seed, rows_length * columns_length):
        values.append(deviation * number)

    return {"rows_length": rows_length, "columns_length": columns_length, "values": values}


def glorot_weights(rows_length: int, columns_length: int, seed: int) -> Matrix:
    """The usual first weights before sigmoid, tanh and softmax.

    Of weights that are all alike, each would get the same slope and learn the same,
    so they are random. Too large ones make every layer's outputs larger than those
    before it, too small ones let them fade. Glorot's choice is in between: the
    squared deviation is 2 / (inputs + outputs).

    rows_length: an integer, how many outputs.
    columns_length: an integer, how many inputs.
    seed: an integer of 32 bits.
    Returns a new matrix. Lengths below 1 are an error.
    """
    fan = columns_length + rows_length

    return random_weights(rows_length, columns_length, fan, seed)


def he_weights(rows_length: int, columns_length: int, seed: int) -> Matrix:
    """The usual first weights before relu and leaky_relu.

    These lose about half of what goes in, so the weights are larger: He's choice
    for the squared deviation is 2 / inputs.

    rows_length: an integer, how many outputs.
    columns_length: an integer, how many inputs.
    seed: an integer of 32 bits.
    Returns a new matrix. Lengths below 1 are an error.
    """
    fan = columns_length

    return random_weights(rows_length, columns_length, fan, seed)


def create_network(sizes: list[int], activations: list[str], cost_name: str, seed: int) -> Network:
    """A network with random weights, and biases of 0.

    sizes: a vector of integers, the number of inputs, then of each layer's outputs.
    activations: a list of names, one for each layer.
    cost_name: a name.
    seed: an integer of 32 bits; layer 1 has seed + 1 for its weights, and so on.
    Returns a new network. Less than two sizes, a number of activations that doesn't
    fit, sizes below 1, and everything that check_network refuses are errors.
    """
    sizes_length = len(sizes)
    activations_length = len(activations)
    if sizes_length < 2:
        raise ValueError(f"a network cannot have {sizes_length} sizes")
    if activations_length != sizes_length - 1:
        raise ValueError(f"{activations_length} activations do not fit {sizes_length} sizes")

    layers: list[Layer] = []
    for i in range(activations_length):
        activation = activations[i]
        if activation == "relu" or activation == "leaky_relu":
            weights = he_weights(sizes[i + 1], sizes[i], seed + i + 1)
        else:
            weights = glorot_weights(sizes[i + 1], sizes[i], seed + i + 1)
        biases = []
        for _ in range(sizes[i + 1]):
            biases.append(0.0)
        layers.append({"weights": weights, "biases": biases, "activation": activation})

    network: Network = {"layers": layers, "cost": cost_name}
    check_network(network)

    return network


def activate_layer(activation: str, outputs: list[float]) -> list[float]:
    """Applies the activation of a layer, called by its name.

    activation: a name.
    outputs: a vector of n numbers, what comes out of the transform.
    Returns a new vector of n numbers, the activated outputs. An unknown name is an
    error, and so is softmax of an empty vector.
    Tutorial: 活性化関数の微分 (The derivative of an activation function)
    """
    check_activation(activation)

    if activation == "sigmoid":
        return activate_array(sigmoid, outputs)
    if activation == "tanh":
        return activate_array(tanh, outputs)
    if activation == "relu":
        return activate_array(relu, outputs)
    if activation == "leaky_relu":
        return activate_array(leaky_relu, outputs)

    return softmax(outputs)


def activate_layer_derivative(activation: str, outputs: list[float]) -> list[float]:
    """The slope of a layer's activation for each output.

    activation: a name.
    outputs: a vector of n numbers, what comes out of the transform, before the
    activation.
    Returns a new vector of n numbers. An unknown name is an error, and so is
    softmax, whose slopes are a matrix.
    Tutorial: 活性化関数の微分 (The derivative of an activation function)
    """
    check_activation(activation)

    if activation == "sigmoid":
        return activate_array(sigmoid_derivative, outputs)
    if activation == "tanh":
        return activate_array(tanh_derivative, outputs)
    if activation == "relu":
        return activate_array(relu_derivative, outputs)
    if activation == "leaky_relu":
        return activate_array(leaky_relu_derivative, outputs)

    raise ValueError("softmax has no slope for each output alone")


def cost_of_outputs(cost_name: str, vec_a: list[float], vec_y: list[float]) -> float:
    """The cost, called by its name.

    cost_name: a name.
    vec_a: a vector of n numbers, the activated outputs of the last layer.
    vec_y: a vector of n numbers, the wanted outputs.
    Returns a number. An unknown name is an error, and so is what the cost function
    refuses.
    Tutorial: 損失関数の微分 (The derivative of the cost function)
    """
    if cost_name == "squared_error":
        return cost(vec_a, vec_y)
    if cost_name == "cross_entropy":
        return cross_entropy_cost(vec_a, vec_y)
    if cost_name == "categorical_cross_entropy":
        return categorical_cross_entropy_cost(vec_a, vec_y)

    raise ValueError(f"unknown cost: {cost_name}")


def last_bias_grads(
    activation: str,
    cost_name: str,
    outputs: list[float],
    vec_a: list[float],
    vec_y: list[float],
) -> list[float]:
    """The slopes of the cost for all biases of the last layer.

    activation: a name, the activation of the last layer.
    cost_name: a name.
    outputs: a vector of n numbers, what comes out of the last transform (only the
    slope of the squared error needs it).
    vec_a: a vector of n numbers, the activated outputs.
    vec_y: a vector of n numbers, the wanted outputs.
    Returns a new vector of n numbers. Unequal lengths are an error, and so is what
    check_combination refuses.
    Tutorial: 最後のバイアスに対する損失関数の傾きを求める
    (Finding the slope of the cost function for the last biases)
    """
    check_combination(activation, cost_name)

    if cost_name == "squared_error":
        activate_grads = activate_layer_derivative(activation, outputs)
        return cost_grads_for_biases(activate_grads, cost_derivative(vec_a, vec_y))

    # With both cross entropies the slope of the activation is in a - y already (see
    # cross_entropy_cost_derivative): a - y is the slope for the bias, as it stands.
    return cross_entropy_cost_derivative(vec_a, vec_y)


def layer_grads(bias_grads: list[float], inputs: list[float]) -> LayerGrads:
    """All slopes of a layer, from those for its biases.

    bias_grads: a vector of n numbers, the slopes of the cost for the biases.
    inputs: a vector of m numbers, the inputs of the layer.
    Returns the entries weights, a new n x m matrix, and biases, the vector given.
    Tutorial: 最後の重みに対する損失関数の傾きを求める
    (Finding the slope of the cost function for the last weights)
    """
    weight_grads: Matrix = {
        "rows_length": len(bias_grads),
        "columns_length": len(inputs),
        "values": cost_grads_for_weights(bias_grads, inputs),
    }

    return {"weights": weight_grads, "biases": bias_grads}


def forward(network: Network, inputs: list[float]) -> list[LayerPass]:
    """Sends inputs through all layers, and keeps what went through each.

    network: a network whose first layer has m inputs.
    inputs: a vector of m numbers.
    Returns a list with three vectors for each layer: inputs, outputs (what came out
    of the transform) and activate_outputs, the inputs of the next layer. Inputs that
    don't fit the network are an error.
    """
    passes: list[LayerPass] = []
    layer_inputs = inputs
    for layer in network["layers"]:
        outputs = m_to_n_transform(layer["weights"], layer["biases"], layer_inputs)
        activate_outputs = activate_layer(layer["activation"], outputs)
        passes.append(
            {"inputs": layer_inputs, "outputs": outputs, "activate_outputs": activate_outputs}
        )
        layer_inputs = activate_outputs

    return passes


def backpropagate(network: Network, inputs: list[float], vec_y: list[float]) -> list[LayerGrads]:
    """The slopes of the cost for every weight and bias, for one example.

    network: a network whose first layer has m inputs and whose last has n outputs.
    inputs: a vector of m numbers.
    vec_y: a vector of n numbers, the wanted outputs.
    Returns a list with two entries for each layer: weights, a matrix, and biases, a
    vector. Lengths that don't fit the network are an error.
    """
    passes = forward(network, inputs)

    # The last layer first, then each from the slopes of the one after it.
    layers = network["layers"]
    last = len(layers) - 1
    bias_grads = last_bias_grads(
        layers[last]["activation"],
        network["cost"],
        passes[last]["outputs"],
        passes[last]["activate_outputs"],
        vec_y,
    )
    gradients = [layer_grads(bias_grads, passes[last]["inputs"])]
    for i in range(last - 1, -1, -1):
        activate_grads = activate_layer_derivative(layers[i]["activation"], passes[i]["outputs"])
        bias_grads = hidden_cost_grads_for_biases(
            bias_grads,
            layers[i + 1]["weights"],
            activate_grads,
        )
        gradients.insert(0, layer_grads(bias_grads, passes[i]["inputs"]))

    return gradients


def add_to_numbers(totals: list[float], numbers: list[float]) -> None:
    """Adds each number of a vector to that of another one.

    totals: a vector of n numbers, which is changed.
    numbers: a vector of n numbers.
    Returns nothing. Unequal lengths are an error.
    """
    check_same_length(totals, numbers)

    for i in range(len(totals)):
        totals[i] = totals[i] + numbers[i]


def divide_numbers(totals: list[float], count: int) -> None:
    """Divides each number of a vector: sums become means.

    totals: a vector of n numbers, which is changed.
    count: an integer.
    Returns nothing. Raises ZeroDivisionError for a count of 0.
    """
    for i in range(len(totals)):
        totals[i] = totals[i] / count


def step_down(numbers: list[float], grads: list[float], rate: float) -> None:
    """Takes a step against the slopes, which makes the cost smaller.

    numbers: a vector of n weights or biases, which is changed.
    grads: a vector of n numbers, the slopes of the cost for them.
    rate: a number, how large a step is.
    Returns nothing. Unequal lengths are an error.
    """
    check_same_length(numbers, grads)

    for i in range(len(numbers)):
        numbers[i] = numbers[i] - rate * grads[i]


def batch_grads(
    network: Network, batch_inputs: list[list[float]], batch_wanted: list[list[float]]
) -> list[LayerGrads]:
    """The mean of the slopes of several examples.

    network: a network whose first layer has m inputs and whose last has n outputs.
    batch_inputs: a list of vectors of m numbers.
    batch_wanted: a list of as many vectors of n numbers, the wanted outputs.
    Returns a list with two entries for each layer: weights, a matrix, and biases, a
    vector. No example is an error, and so is what backpropagate refuses.
    """
    check_batch(batch_inputs, batch_wanted)

    means = backpropagate(network, batch_inputs[0], batch_wanted[0])
    for i in range(1, len(batch_inputs)):
        gradients = backpropagate(network, batch_inputs[i], batch_wanted[i])
        for j in range(len(means)):
            add_to_numbers(means[j]["weights"]["values"], gradients[j]["weights"]["values"])
            add_to_numbers(means[j]["biases"], gradients[j]["biases"])

    for mean in means:
        divide_numbers(mean["weights"]["values"], len(batch_inputs))
        divide_numbers(mean["biases"], len(batch_inputs))

    return means


def update(network: Network, gradients: list[LayerGrads], rate: float) -> None:
    """Takes a step down with every weight and bias.

    network: a network, which is changed.
    gradients: a list with two entries for each layer: weights, a matrix, and
    biases, a vector.
    rate: a number, how large a step is.
    Returns nothing. Slopes that don't fit the network are an error.
    """
    layers = network["layers"]
    layers_length = len(layers)
    gradients_length = len(gradients)
    if layers_length != gradients_length:
        raise ValueError(f"slopes of {gradients_length} layers do not fit {layers_length} layers")

    for i in range(layers_length):
        step_down(layers[i]["weights"]["values"], gradients[i]["weights"]["values"], rate)
        step_down(layers[i]["biases"], gradients[i]["biases"], rate)


def train_batch(
    network: Network,
    batch_inputs: list[list[float]],
    batch_wanted: list[list[float]],
    rate: float,
) -> None:
    """Takes one step down, by the mean of the slopes of several examples.

    network: a network, which is changed.
    batch_inputs: a list of vectors, the inputs of each example.
    batch_wanted: a list of vectors, the wanted outputs of each example.
    rate: a number, how large a step is.
    Returns nothing. What batch_grads refuses is an error.
    """
    update(network, batch_grads(network, batch_inputs, batch_wanted), rate)


def train_epoch(
    network: Network,
    all_inputs: list[list[float]],
    all_wanted: list[list[float]],
    rate: float,
    batch_length: int,
    seed: int,
    epoch: int,
) -> None:
    """Trains with every example once, batch after batch, in a random order.

    network: a network, which is changed.
    all_inputs: a list of vectors, the inputs of each example.
    all_wanted: a list of vectors, the wanted outputs of each example.
    rate: a number, how large a step is.
    batch_length: an integer, how many examples make a batch; the last may have less.
    seed: an integer of 32 bits; the order is that of seed + epoch.
    epoch: an integer, the number of this epoch.
    Returns nothing. A batch length below 1 is an error, and so are no examples, what
    batch_grads refuses, and a weight or a bias that became nan.
    """
    check_batch(all_inputs, all_wanted)
    if batch_length < 1:
        raise ValueError(f"a batch cannot have {batch_length} examples")

    order = shuffle(seed + epoch, len(all_inputs))
    for start in range(0, len(order), batch_length):
        end = start + batch_length
        if end > len(order):
            end = len(order)
        batch_inputs = []
        batch_wanted = []
        for i in range(start, end):
            batch_inputs.append(all_inputs[order[i]])
            batch_wanted.append(all_wanted[order[i]])
        train_batch(network, batch_inputs, batch_wanted, rate)

    check_no_nan(network, epoch)


def train(
    network: Network,
    all_inputs: list[list[float]],
    all_wanted: list[list[float]],
    rate: float,
    batch_length: int,
    epochs: int,
    seed: int,
) -> None:
    """Trains for a number of epochs.

    All arguments but epochs are those of train_epoch.

    epochs: an integer, how often every example is seen; nothing is trained below 1.
    Returns nothing. An incomplete network is an error; so is what train_epoch refuses,
    which ends the training.
    """
    check_network(network)

    for epoch in range(1, epochs + 1):
        train_epoch(network, all_inputs, all_wanted, rate, batch_length, seed, epoch)


def predict(network: Network, inputs: list[float]) -> list[float]:
    """The activated outputs of the last layer.

    network: a network whose first layer has m inputs.
    inputs: a vector of m numbers.
    Returns a new vector. Inputs that don't fit the network are an error.
    """
    passes = forward(network, inputs)

    return passes[-1]["activate_outputs"]


def predict_label(network: Network, inputs: list[float]) -> int:
    """The label whose output is the largest.

    network: a network whose first layer has m inputs and whose last has n outputs.
    inputs: a vector of m numbers.
    Returns an integer from 0 to n - 1. What predict refuses is an error.
    """
    return largest_position(predict(network, inputs))


def label_vector(label: int, labels_length: int) -> list[float]:
    """The wanted outputs for a label: 1 in its place, 0 in all others.

    label: an integer.
    labels_length: an integer, how many labels there are: 0, 1, ...
    Returns a new vector of numbers. A label that isn't there is an error.
    """
    check_label(label, labels_length)

    vec_y = []
    for i in range(labels_length):
        if i == label:
            vec_y.append(1.0)
        else:
            vec_y.append(0.0)

    return vec_y


def accuracy(network: Network, all_inputs: list[list[float]], labels: list[int]) -> float:
    """The part of the examples whose predicted label is right.

    network: a network whose first layer has m inputs and whose last has n outputs.
    all_inputs: a list of vectors of m numbers.
    labels: a vector of as many integers, the right labels.
    Returns a number from 0 to 1. No examples are an error, and so are lists of
    unequal length, a label that isn't there, and what predict refuses.
    """
    inputs_length = len(all_inputs)
    labels_length = len(labels)
    if inputs_length != labels_length:
        raise ValueError(f"{inputs_length} examples do not fit {labels_length} labels")
    if inputs_length == 0:
        raise ValueError("no examples")

    layers = network["layers"]
    outputs_length = len(layers[-1]["biases"])
    right = 0
    for i in range(inputs_length):
        check_label(labels[i], outputs_length)
        if predict_label(network, all_inputs[i]) == labels[i]:
            right = right + 1

    return right / inputs_length


def mean_cost(
    network: Network, all_inputs: list[list[float]], all_wanted: list[list[float]]
) -> float:
    """The mean of the cost of several examples.

    network: a network whose first layer has m inputs and whose last has n outputs.
    all_inputs: a list of vectors of m numbers.
    all_wanted: a list of as many vectors of n numbers, the wanted outputs.
    Returns a number. No example is an error, and so is what predict and the cost
    function refuse.
    """
    check_batch(all_inputs, all_wanted)

    total = 0.0
    for i in range(len(all_inputs)):
        vec_a = predict(network, all_inputs[i])
        total = total + cost_of_outputs(network["cost"], vec_a, all_wanted[i])

    return total / len(all_inputs)
