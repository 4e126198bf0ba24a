"""The lessons over NumPy arrays: same names, no loops over elements.

A vector is a 1-D array and a matrix a 2-D array of 64-bit floats. NumPy adds in
an order of its own, and some CPUs have other last bits for exp and tanh: the
results agree with the loops of the lessons up to rounding, not bit for bit.
"""

from typing import Any

import numpy as np

from pybackprop.matrix import Matrix
from pybackprop.network import Layer, Network


def arrays(value: Any) -> Any:
    """A matrix of the loop port as a 2-D array; NotImplemented for anything else.

    The harness asks it how the arguments and results of the two sides belong together.
    """
    if isinstance(value, dict) and value.keys() == {"rows_length", "columns_length", "values"}:
        shape = (value["rows_length"], value["columns_length"])
        values = np.array(value["values"]) if value["values"] else np.zeros(0)
        if values.ndim == 1 and values.size == shape[0] * shape[1] and min(shape) >= 0:
            return values.reshape(shape, order="F")
    return NotImplemented


def loop_mat(mat: Any) -> Matrix:
    """A 2-D array as a matrix of the loop port: the way back."""
    rows_length, columns_length = mat.shape
    values = mat.ravel(order="F").tolist()

    return {"rows_length": rows_length, "columns_length": columns_length, "values": values}


def array_network(network: Network) -> Any:
    """A network of the loop port over arrays, with numbers of its own."""
    layers = []
    for layer in network["layers"]:
        weights, biases = arrays(layer["weights"]), np.array(layer["biases"])
        layers.append({"weights": weights, "biases": biases, "activation": layer["activation"]})

    return {"layers": layers, "cost": network["cost"]}


def loop_network(network: Any) -> Network:
    """A network over arrays as one of the loop port: the way back."""
    layers: list[Layer] = []
    for layer in network["layers"]:
        weights, biases = loop_mat(layer["weights"]), layer["biases"].tolist()
        layers.append({"weights": weights, "biases": biases, "activation": layer["activation"]})

    return {"layers": layers, "cost": network["cost"]}
