"""Program: trains a network to read handwritten digits.

A fifth of the digits, chosen at random, is held out: the network never trains
with it, and each epoch's line says what it makes of those. The last line
has a check sum of all weights and biases, bit for bit.

The training is in main, at the end. What stands before it is no lesson: options,
digits from a file, messages.

The Perl twin of this file is perl_reference/programs/train_digits.pl. Both print
the same bytes, and each reads the networks which the other saved. Here alone:
--numpy trains over arrays, up to rounding the same, and --plot draws a picture.
"""

import argparse
import importlib
import math
import re
import struct
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NoReturn

from pybackprop.network import (
    Network,
    accuracy,
    create_network,
    label_vector,
    mean_cost,
    predict_label,
    train_epoch,
)
from pybackprop.perl_random import shuffle
from pybackprop.programs.saved_network import Failure, load_network, read_text, save_network

pixels_length = 64
labels_length = 10
digits_file = Path("perl_reference", "programs", "digits", "digits.txt")


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Ends the program."""
        raise Failure(message)


def whole_number(name: str, text: str, least: int, most: int) -> int:
    """The integer that a text stands for."""
    if not re.fullmatch(r"[0-9]{1,12}", text) or not least <= int(text) <= most:
        raise Failure(f"{name}: a whole number from {least} to {most} is needed, not '{text}'")

    return int(text)


def step_size(name: str, text: str) -> float:
    """The number above 0 that a text stands for."""
    if re.fullmatch(r"[0-9]+(?:[.][0-9]+)?(?:[eE][-+]?[0-9]{1,3})?", text):
        number = float(text)
        if 0 < number <= 1e300:
            return number

    raise Failure(f"{name}: a number above 0 is needed, not '{text}'")


def read_options(arguments: list[str]) -> argparse.Namespace:
    """The options by their names."""
    parser = Parser(prog="train_digits.py", allow_abbrev=False)
    for name, meta, words in [
        ("epochs", "N", "how often to train with every digit (10; 0 with --load)"),
        ("seed", "N", "for the first weights and every random order (1)"),
        ("layers", "SIZES", "the inputs, then each layer's outputs (64,30,10)"),
        (
            "activation",
            "NAME",
            "of all layers but the last: sigmoid, tanh, relu, leaky_relu (tanh)",
        ),
        ("rate", "X", "how large a step is (0.3)"),
        ("batch", "N", "how many digits make a step (10)"),
        ("save", "FILE", "write the network there, as JSON"),
        ("load", "FILE", "go on with a saved network"),
        ("data", "FILE", "the digits (the file that comes with the Perl program)"),
        ("plot", "FILE", "draw cost, accuracy, wrong digits and weights (needs Matplotlib)"),
    ]:
        parser.add_argument(f"--{name}", metavar=meta, help=words)
    parser.add_argument(
        "--predict", action="store_true", help="print the predicted labels of the digits held out"
    )
    parser.add_argument("--numpy", action="store_true", help="train over NumPy arrays")
    defaults = {"seed": "1", "layers": "64,30,10", "activation": "tanh", "rate": "0.3"}
    parser.set_defaults(batch="10", **defaults)
    options = parser.parse_args(arguments)
    if options.epochs is None:
        options.epochs = "10" if options.load is None else "0"
    if options.data is None:
        options.data = str(Path(__file__).resolve().parents[2] / digits_file)

    options.epochs = whole_number("--epochs", options.epochs, 0, 1_000_000)
    options.seed = whole_number("--seed", options.seed, 0, 4_294_967_295)
    options.batch = whole_number("--batch", options.batch, 1, 1_000_000)
    options.rate = step_size("--rate", options.rate)
    sizes = []
    for text in options.layers.split(","):
        sizes.append(whole_number("--layers", text, 1, 10_000))
    options.layers = sizes

    return options


def read_digits(file: str) -> tuple[list[list[float]], list[int]]:
    """The inputs and the labels of all digits in a file."""
    all_inputs = []
    labels = []
    number = 0
    text = read_text(file).rstrip("\n")
    for line in text.split("\n") if text else []:
        number = number + 1
        texts = line.split()
        if len(texts) != pixels_length + 1:
            raise Failure(f"{file}: line {number} is not 64 pixels and a label")
        inputs = []
        for i in range(pixels_length):
            inputs.append(whole_number(f"{file}: line {number}", texts[i], 0, 16) / 16)
        all_inputs.append(inputs)
        labels.append(whole_number(f"{file}: line {number}", texts[pixels_length], 0, 9))
    if number < 5:
        raise Failure(f"{file}: {number} digits are too few")

    return all_inputs, labels


# --- what is printed ------------------------------------------------------------------------------


def check_sum(network: Network) -> str:
    """A number of 32 bits in which every bit of the network has a part."""
    total = 0
    for layer in network["layers"]:
        numbers = layer["weights"]["values"] + layer["biases"]
        packed = struct.pack(f"<{len(numbers)}d", *numbers)
        for word in struct.unpack(f"<{2 * len(numbers)}L", packed):
            total = (total * 1_000_003 + word) % 4_294_967_291

    return f"{total:08x}"


def cost_text(mean: float) -> str:
    """The mean of the cost as Perl prints it."""
    return "inf" if mean == math.inf else "nan" if math.isnan(mean) else f"{mean:.15g}"


class Loops:
    """Training with the lessons' own functions."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def data(self, rows: list[Any]) -> Any:
        """Examples as these functions take them."""
        return rows

    def train_epoch(self, *arguments: Any) -> None:
        """One epoch."""
        train_epoch(self.network, *arguments)

    def held_out(self, inputs: Any, vec_y: Any, labels: Any) -> tuple[float, float]:
        """The cost, infinite if an output is sure of the wrong answer, and the accuracy."""
        try:
            mean = mean_cost(self.network, inputs, vec_y)
        except ValueError as error:
            if "domain" not in str(error) and "positive" not in str(error):
                raise
            mean = math.inf  # the logarithm of 0

        return mean, accuracy(self.network, inputs, labels)

    def result(self) -> Network:
        """The network, as the loops have it."""
        return self.network


class Arrays(Loops):
    """The same over arrays."""

    def __init__(self, network: Network) -> None:
        import numpy

        from pybackprop import vectorized
        from pybackprop.vectorized import network as functions

        self.numpy, self.vectorized, self.functions = numpy, vectorized, functions
        self.trained = vectorized.array_network(network)

    def data(self, rows: list[Any]) -> Any:
        """Examples as these functions take them."""
        return self.numpy.array(rows)

    def train_epoch(self, *arguments: Any) -> None:
        """One epoch."""
        self.functions.train_epoch(self.trained, *arguments)

    def held_out(self, inputs: Any, vec_y: Any, labels: Any) -> tuple[float, float]:
        """The cost, infinite if an output is sure of the wrong answer, and the accuracy."""
        try:
            mean = self.functions.mean_cost(self.trained, inputs, vec_y)
        except ValueError as error:
            if "domain" not in str(error):
                raise
            mean = math.inf

        return mean, self.functions.accuracy(self.trained, inputs, labels)

    def result(self) -> Network:
        """The network, as the loops have it."""
        return self.vectorized.loop_network(self.trained)


# --- the picture ----------------------------------------------------------------------------------


def pyplot() -> Any:
    """Matplotlib, which only the picture needs."""
    try:
        importlib.import_module("matplotlib").use("Agg")
        return importlib.import_module("matplotlib.pyplot")
    except ImportError:
        raise Failure("--plot needs Matplotlib: pip install matplotlib") from None


def draw(
    plt: Any,
    file: str,
    history: list[tuple[float, float]],
    network: Network,
    inputs: list[list[float]],
    labels: list[int],
) -> None:
    """Cost and accuracy by epoch, the digits it got wrong, the weights of some hidden units."""
    shown, columns = 16, 8
    figure = plt.figure(figsize=(11, 8.5), layout="constrained")
    curves, wrong_area, weights_area = figure.subfigures(3, 1, height_ratios=[1.1, 1, 1])

    epochs = list(range(len(history)))
    left, right = curves.subplots(1, 2)
    for axes, place, name in ((left, 0, "cost"), (right, 1, "accuracy")):
        axes.plot(epochs, [point[place] for point in history], marker="o", markersize=3)
        axes.set(title=f"{name} on the digits held out", xlabel="epoch", ylabel=name)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(alpha=0.3)
    left.set_ylim(bottom=0)

    wrong = []
    for image, label in zip(inputs, labels):
        predicted = predict_label(network, image)
        if predicted != label:
            wrong.append((image, f"{label}, read as {predicted}"))
    some = f"the first {shown} of " if len(wrong) > shown else ""
    wrong_area.suptitle(f"{some}{len(wrong)} digits of {len(labels)} that it got wrong")
    pictures(wrong_area, wrong[:shown], columns, "gray_r", (0, 1))

    weights = network["layers"][0]["weights"]
    rows_length = weights["rows_length"]
    units = []
    for row in range(min(shown, rows_length)):
        units.append((weights["values"][row::rows_length], f"unit {row}"))
    largest = max(abs(weight) for image, _ in units for weight in image)
    kind = "hidden" if len(network["layers"]) > 1 else "last"
    weights_area.suptitle(
        f"weights of {len(units)} units of the first {kind} layer, from {-largest:.2g} (blue)"
        f" to {largest:.2g} (red)"
    )
    pictures(weights_area, units, columns, "RdBu_r", (-largest, largest))

    try:
        figure.savefig(file, dpi=110)
    except (OSError, ValueError) as error:
        raise Failure(f"cannot write {file}: {getattr(error, 'strerror', None) or error}") from None
    plt.close(figure)


def pictures(
    area: Any,
    images: list[tuple[list[float], str]],
    columns: int,
    colours: str,
    limits: tuple[float, float],
) -> None:
    """Pictures of 8 x 8 numbers, each with its title."""
    rows = max(1, -(-len(images) // columns))
    for position, axes in enumerate(area.subplots(rows, columns, squeeze=False).flat):
        axes.axis("off")
        if position < len(images):
            image, title = images[position]
            grid = [image[row : row + 8] for row in range(0, pixels_length, 8)]
            axes.imshow(grid, cmap=colours, vmin=limits[0], vmax=limits[1])
            axes.set_title(title, fontsize=8)


# --- the program ----------------------------------------------------------------------------------


def new_network(options: argparse.Namespace) -> Network:
    """The network that the options ask for."""
    activations = [options.activation] * (len(options.layers) - 2) + ["softmax"]

    return create_network(options.layers, activations, "categorical_cross_entropy", options.seed)


def check_sizes(network: Network) -> None:
    """Makes sure that a network takes digits, and gives labels."""
    inputs_length = network["layers"][0]["weights"]["columns_length"]
    outputs_length = len(network["layers"][-1]["biases"])
    if inputs_length != pixels_length or outputs_length != labels_length:
        raise Failure(
            f"a network from {inputs_length} inputs to {outputs_length} outputs"
            f" does not fit {pixels_length} pixels and {labels_length} labels"
        )


def progress_bar(epochs: int) -> Any:
    """A progress bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        return nullcontext()

    from rich.console import Console
    from rich.progress import Progress

    progress = Progress(console=Console(stderr=True), redirect_stdout=sys.stdout.isatty())
    progress.add_task("training", total=epochs)

    return progress


def main(arguments: list[str]) -> None:
    """Reads the digits, trains, and prints."""
    options = read_options(arguments)
    plt = None if options.plot is None else pyplot()

    all_inputs, labels = read_digits(options.data)
    network = new_network(options) if options.load is None else load_network(options.load)
    check_sizes(network)

    order = shuffle(options.seed, len(labels))
    held_length = len(labels) // 5
    held_inputs, held_wanted, held_labels = [], [], []
    train_inputs, train_wanted = [], []
    for i in range(len(order)):
        inputs = all_inputs[order[i]]
        label = labels[order[i]]
        if i < held_length:
            held_inputs.append(inputs)
            held_wanted.append(label_vector(label, labels_length))
            held_labels.append(label)
        else:
            train_inputs.append(inputs)
            train_wanted.append(label_vector(label, labels_length))

    side = Arrays(network) if options.numpy else Loops(network)
    train_data = (side.data(train_inputs), side.data(train_wanted))
    held_data = (side.data(held_inputs), side.data(held_wanted), side.data(held_labels))
    history = []
    with progress_bar(options.epochs) if options.numpy else nullcontext() as progress:
        for epoch in range(options.epochs + 1):
            if epoch > 0:
                side.train_epoch(*train_data, options.rate, options.batch, options.seed, epoch)
                if progress is not None:
                    progress.advance(progress.task_ids[0])
            mean, right = side.held_out(*held_data)
            history.append((mean, right))
            print(f"epoch {epoch}: cost {cost_text(mean)}, accuracy {right:.4f}", flush=True)

    network = side.result()
    if options.predict:
        predicted = []
        for inputs in held_inputs:
            predicted.append(str(predict_label(network, inputs)))
        print("predicted: " + " ".join(predicted))
    print(f"check sum of all weights and biases: {check_sum(network)}", flush=True)
    if options.save is not None:
        save_network(network, options.save)
    if plt is not None:
        draw(plt, options.plot, history, network, held_inputs, held_labels)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (Failure, ValueError) as failure:
        print(f"train_digits: {failure}", file=sys.stderr)
        sys.exit(2)
