"""How the program train_digits saves a network, as JSON, and reads it again: no lesson.

The Perl twin of this file is perl_reference/programs/saved_network.pl.
"""

import json
import math
import re
from pathlib import Path
from typing import Any, NoReturn

from pybackprop.network import Network, check_network


class Failure(Exception):
    """What ends the program with one line."""


def read_text(file: str) -> str:
    """A whole file, its bytes as characters."""
    try:
        return Path(file).read_bytes().decode("latin-1")
    except OSError as error:
        raise Failure(f"cannot read {file}: {error.strerror}") from None


def number_text(number: float) -> str:
    """A number with all its bits: 17 digits are enough for a double."""
    text = f"{number:.17g}"
    if re.fullmatch(r"-?[0-9]+", text):
        text = text + ".0"
    if not math.isfinite(number):
        raise Failure("a weight or a bias that is no finite number cannot be saved")

    return text


def numbers_text(numbers: list[float]) -> str:
    """A vector as JSON."""
    texts = []
    for number in numbers:
        texts.append(number_text(number))

    return "[" + ", ".join(texts) + "]"


def network_text(network: Network) -> str:
    """A network as JSON."""
    texts = []
    for layer in network["layers"]:
        weights = layer["weights"]
        texts.append(
            f'{{"activation": "{layer["activation"]}",\n'
            f'  "biases": {numbers_text(layer["biases"])},\n'
            f'  "weights": {{"rows_length": {weights["rows_length"]},'
            f' "columns_length": {weights["columns_length"]},\n'
            f'    "values": {numbers_text(weights["values"])}}}}}'
        )

    return f'{{"cost": "{network["cost"]}", "layers": [\n' + ",\n".join(texts) + "\n]}\n"


def refuse(constant: str) -> NoReturn:
    """NaN and Infinity, which Python would read, are not JSON."""
    raise Failure(f"not JSON: {constant}")


def vector_of(value: Any) -> list[float]:
    """A vector out of JSON. Anything else is an error."""
    if not isinstance(value, list):
        raise Failure("not a saved network")
    for number in value:
        if not isinstance(number, float) or not math.isfinite(number):
            raise Failure("not a saved network")

    return value


def entry_of(value: Any, key: str, kind: type) -> Any:
    """An entry of a dict out of JSON, of the kind that is wanted."""
    if not isinstance(value, dict) or not isinstance(value.get(key), kind):
        raise Failure("not a saved network")

    return value[key]


def network_of(text: str) -> Network:
    """A network out of a JSON text. Anything else is an error."""
    try:
        value = json.loads(text, parse_int=float, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise Failure(f"not JSON at character {error.pos}") from None
    except RecursionError:
        raise Failure("not JSON: it is nested too deeply") from None

    network: Network = {"layers": [], "cost": entry_of(value, "cost", str)}
    for saved in entry_of(value, "layers", list):
        weights = entry_of(saved, "weights", dict)
        network["layers"].append(
            {
                "weights": {
                    "rows_length": int(vector_of([entry_of(weights, "rows_length", float)])[0]),
                    "columns_length": int(
                        vector_of([entry_of(weights, "columns_length", float)])[0]
                    ),
                    "values": vector_of(entry_of(weights, "values", list)),
                },
                "biases": vector_of(entry_of(saved, "biases", list)),
                "activation": entry_of(saved, "activation", str),
            }
        )

    return network


def load_network(file: str) -> Network:
    """A network from the file where it was saved."""
    text = read_text(file)
    try:
        network = network_of(text)
        check_network(network)
    except (Failure, ValueError) as error:
        raise Failure(f"{file}: {error}") from None

    return network


def save_network(network: Network, file: str) -> None:
    """Writes a network to a file."""
    text = network_text(network)
    try:
        Path(file).write_bytes(text.encode())
    except OSError as error:
        raise Failure(f"cannot write {file}: {error.strerror}") from None
