"""What an epoch of training costs, as ratios to NumPy: python tests/benchmarks/training.py

Everyone trains with the digits of train_digits, in doubles unless it says otherwise: sigmoid in the
hidden layer, softmax and cross entropy at the end, plain gradient descent by the mean of a batch.
Data is in each one's own arrays, no start is counted, each shuffle is. What differs:

    first weights, order  each library's own; the loops and NumPy have Perl's
    labels                ten wanted outputs for the loops and NumPy, a number for the others
    extras                scikit-learn checks the data in each epoch, and adds up the cost of each
                          batch; the loops and NumPy look for nan after each epoch

All are measured with one thread and with two, and the better time counts.
"""

from __future__ import annotations

import importlib
import os
import statistics
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from pybackprop.network import create_network, label_vector
from pybackprop.perl_random import shuffle
from pybackprop.programs import train_digits

ROOT = Path(__file__).parents[2]
ROUNDS = 5
LEAST = 0.2  # seconds to train in a row: one epoch may be too short to be measured
THREADS = range(1, min(2, os.cpu_count() or 1) + 1)
BATCHES, HIDDEN = (1, 10, 100), (30, 100, 300, 1000, 3000)
RATE, SEED = 0.3, 1

# Trains for an epoch whenever a line comes, and says when it is done: so Perl is measured by the
# same clock as all others, and without its start.
PERL = """
require './perl_reference/network.pl';
my ($rate, $batch, $seed, $examples, @sizes) = @ARGV;
my (@inputs, @vec_y);
for (1 .. $examples) {
    my @numbers = split ' ', <STDIN>;
    push @vec_y, label_vector(pop @numbers, $sizes[-1]);
    push @inputs, [map { $_ / 16 } @numbers];
}
my $network = create_network(\\@sizes, ['sigmoid', 'softmax'], 'categorical_cross_entropy', $seed);
$| = 1;
while (<STDIN>) {
    train_epoch($network, \\@inputs, \\@vec_y, $rate, $batch, $seed, 1);
    print "done\\n";
}
"""

Epoch = Callable[[], object]
running = ExitStack()


def optional(module: str, package: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        print(f"{package} is not installed, and left out: pip install {package}")
        return None


torch = optional("torch", "torch")
neural_network = optional("sklearn.neural_network", "scikit-learn")
threadpoolctl = optional("threadpoolctl", "threadpoolctl")

rows, all_labels = train_digits.read_digits(str(ROOT / train_digits.digits_file))
train_order = shuffle(SEED, len(rows))[len(rows) // 5 :]
inputs = [rows[i] for i in train_order]
labels = [all_labels[i] for i in train_order]
vec_y = [label_vector(label, train_digits.labels_length) for label in labels]


def sizes(hidden: int) -> list[int]:
    return [train_digits.pixels_length, hidden, train_digits.labels_length]


def in_perl(hidden: int, batch: int) -> Epoch:
    numbers = [RATE, batch, SEED, len(inputs), *sizes(hidden)]
    command, pipe = ["perl", "-e", PERL, *map(str, numbers)], subprocess.PIPE
    process: Any = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
    running.enter_context(process)
    for pixels, label in zip(inputs, labels, strict=True):
        print(*(round(16 * pixel) for pixel in pixels), label, file=process.stdin)

    def epoch() -> None:
        print(file=process.stdin, flush=True)
        assert process.stdout.readline() == "done\n"

    return epoch


def with_lessons(side: Any, hidden: int, batch: int) -> Epoch:
    activations, cost = ["sigmoid", "softmax"], "categorical_cross_entropy"
    trained = side(create_network(sizes(hidden), activations, cost, SEED))
    data = trained.data(inputs), trained.data(vec_y)
    return lambda: trained.train_epoch(*data, RATE, batch, SEED, 1)


def in_torch(dtype: str, hidden: int, batch: int) -> Epoch:
    nn, kind = torch.nn, getattr(torch, dtype)
    first, second, third = sizes(hidden)
    model = nn.Sequential(nn.Linear(first, second), nn.Sigmoid(), nn.Linear(second, third)).to(kind)
    cost = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    all_inputs, all_labels = torch.tensor(inputs, dtype=kind), torch.tensor(labels)

    def epoch() -> None:
        # A DataLoader would collect each batch one example after the other, which is slower.
        order = torch.randperm(len(all_inputs))
        batches = all_inputs[order].split(batch), all_labels[order].split(batch)
        for batch_inputs, batch_labels in zip(*batches, strict=True):
            optimizer.zero_grad()
            cost(model(batch_inputs), batch_labels).backward()
            optimizer.step()

    return epoch


def in_sklearn(hidden: int, batch: int) -> Epoch:
    plain: dict[str, Any] = {"solver": "sgd", "momentum": 0, "alpha": 0}
    model = neural_network.MLPClassifier(
        [hidden], activation="logistic", learning_rate_init=RATE, batch_size=batch, **plain
    )
    data, classes = (np.array(inputs), np.array(labels)), np.arange(train_digits.labels_length)
    return lambda: model.partial_fit(*data, classes=classes)


def seconds(epoch: Epoch) -> float:
    """The mean of as many epochs as LEAST has room for."""
    count, start = 0, time.perf_counter()
    while time.perf_counter() < start + LEAST:
        epoch()
        count += 1
    return (time.perf_counter() - start) / count


def best_seconds(epoch: Epoch) -> float:
    times = []
    for count in THREADS:
        if torch:
            torch.set_num_threads(count)
        with threadpoolctl.threadpool_limits(count) if threadpoolctl else nullcontext():
            times.append(seconds(epoch))
    return min(times)


def short(number: float) -> str:
    return f"{float(f'{number:.3g}'):,g}"


def measure(makers: dict[str, Any], hidden: int, batch: int) -> dict[str, str]:
    """The ratios within each round, in which all take turns."""
    times: dict[str, list[float]] = {name: [] for name in makers}
    with running:
        epochs = {name: make(hidden, batch) for name, make in makers.items()}
        for epoch in epochs.values():
            epoch()  # to warm up
        for _ in range(ROUNDS):
            for name, epoch in epochs.items():
                times[name].append(best_seconds(epoch))
    cells = {}
    for name, own in times.items():
        ratios = [each / numpy for each, numpy in zip(own, times["NumPy"], strict=True)]
        median, low, high = map(short, (statistics.median(ratios), min(ratios), max(ratios)))
        cells[name] = f"{median} ({low} to {high})"
    cells["NumPy"] = f"1 = {short(1000 * statistics.median(times['NumPy']))} ms"
    return cells


def show(title: str, lines: dict[str, dict[str, str]]) -> None:
    print(f"\n{title:16}" + "".join(f"{name:>23}" for name in next(iter(lines.values()))))
    for name, cells in lines.items():
        print(f"{name:16}" + "".join(f"{cell:>23}" for cell in cells.values()), flush=True)


def main() -> None:
    makers: dict[str, Any] = {"NumPy": partial(with_lessons, train_digits.Arrays)}
    if torch:
        makers["PyTorch"] = partial(in_torch, "float64")
        makers["PyTorch, float32"] = partial(in_torch, "float32")
    if neural_network:
        makers["scikit-learn"] = in_sklearn
    in_python = partial(with_lessons, train_digits.Loops)
    everyone = {"loops in Perl": in_perl, "loops in Python": in_python, **makers}
    print(f"An epoch of {len(inputs)} digits; NumPy's time is 1. Medians of {ROUNDS} rounds.")
    by_batch = {f"batch {batch}": measure(everyone, 30, batch) for batch in BATCHES}
    show("64-30-10", {name: {b: by_batch[b][name] for b in by_batch} for name in everyone})
    show("batch 100", {f"64-{hidden}-10": measure(makers, hidden, 100) for hidden in HIDDEN})


if __name__ == "__main__":
    main()
