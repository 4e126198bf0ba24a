"""The cases of a port that Hypothesis draws, by its type hints or its entry in a cases file.

Every run has, in this order: the examples of the cases file; the edge values of the type hints, and
the constants in either source; then what Hypothesis draws, first with all its care, then from
random bytes.
"""

from __future__ import annotations

import inspect
import itertools
import math
import random
import typing
from collections.abc import Callable
from functools import partial
from typing import Any, get_args

from hypothesis import strategies
from hypothesis.errors import HypothesisException
from hypothesis.strategies import SearchStrategy

from parity.errors import CannotRun, error_location
from parity.inputs.fast_hypothesis import as_test, draw_many, run_test
from parity.inputs.hints import read, shown
from parity.inputs.port import DrawnCase, Port
from parity.inputs.relations import is_list, relate, same_lengths, same_typed_pairs
from parity.inputs.values import Builder, NoValues, Values

MOST_EDGES = 256  # cases made of edge values, unless a parameter has more of them
SHORTER = 5  # edge cases without each argument that may be left out
THOROUGH = 50  # cases that Hypothesis draws with all its care for nasty and for related values


def make(port: Port, count: int, number: int, tick: Callable[[], None]) -> list[DrawnCase]:
    """At least the examples and edge cases, and up to `count` cases. number: the seed."""
    fixed = list(port.cases.examples)
    if port.cases.inputs is None:
        fixed += edge_cases(port, number)
    made: list[DrawnCase] = []

    def collect(arguments: tuple[Any, ...], entropy: bytes | None = None) -> None:
        port.check(arguments)
        made.append(DrawnCase(arguments, entropy))
        tick()

    for case in fixed:
        collect(case)
    if len(made) < count:
        thorough = min(count - len(made), THOROUGH)
        try:
            inputs = strategy(port)
            run_test(as_test(inputs, collect, number, thorough))
            if len(made) == len(fixed) + thorough:  # else there are no more than these
                draw_many(inputs, collect, number, count - len(made))
        except CannotRun:
            raise
        except Exception as error:
            raise CannotRun(_failed(error, port)) from None
    return made


def more(port: Port, number: int, count: int, tick: Callable[[], None]) -> list[DrawnCase]:
    """Up to `count` cases from random bytes. Raises CannotRun."""
    made: list[DrawnCase] = []

    def collect(arguments: tuple[Any, ...], entropy: bytes) -> None:
        port.check(arguments)
        made.append(DrawnCase(arguments, entropy))
        tick()

    try:
        draw_many(strategy(port), collect, number, count)
    except CannotRun:
        raise
    except Exception as error:
        raise CannotRun(_failed(error, port)) from None
    return made


def _failed(error: Exception, port: Port) -> str:
    kind = type(error).__name__
    where = error_location(error, port.file)
    return f"{where}: making the inputs failed: {kind}: {error}".splitlines()[0]


# --- from type hints --------------------------------------------------------------------------


def strategy(port: Port) -> SearchStrategy[tuple[Any, ...]]:
    """The strategy of the cases file, or else of the type hints."""
    if port.cases.inputs is not None:
        return port.cases.inputs
    fixed: list[SearchStrategy[Any]] = []
    optional: list[SearchStrategy[Any]] = []
    rest = None
    for parameter, values in _values(port):
        if parameter.kind is parameter.VAR_POSITIONAL:
            rest = strategies.lists(values.strategy, max_size=5)
        elif parameter.default is parameter.empty:
            fixed.append(values.strategy)
        else:
            optional.append(values.strategy)
    lengths = [strategies.tuples(*fixed, *optional[:n]) for n in range(len(optional) + 1)]
    whole = strategies.one_of(*lengths)
    if rest is not None:
        whole = strategies.builds(lambda a, b: (*a, *b), lengths[-1], rest) | whole
    every = [whole]
    if sum(map(is_list, port.kinds)) > 1:  # vectors that belong together have the same length
        every.append(strategies.builds(same_lengths, whole))
    if pairs := same_typed_pairs(port):
        number = strategies.integers(0, 2**32 - 1)
        every.append(strategies.builds(partial(relate, pairs), whole, number))
    return strategies.one_of(every)


def edge_cases(port: Port, number: int) -> list[tuple[Any, ...]]:
    """Edge values combined: every combination, or MOST_EDGES of them that hold every value.

    Then a few again without the arguments that may be left out.
    """
    found = _values(port)
    edges = [list(values.edges) for _, values in found]
    if not edges or not all(edges):
        return []
    needed = sum(parameter.default is parameter.empty for parameter, _ in found)
    needed -= any(parameter.kind is parameter.VAR_POSITIONAL for parameter, _ in found)
    cases = _combined(edges, number)
    lengths = range(len(found) - 1, needed - 1, -1)
    return cases + [case[:length] for length in lengths for case in cases[:SHORTER]]


def _combined(edges: list[list[Any]], number: int) -> list[tuple[Any, ...]]:
    if math.prod(map(len, edges)) <= MOST_EDGES:
        return list(itertools.product(*edges))
    rng = random.Random(number)
    for some in edges:
        rng.shuffle(some)
    count = max(MOST_EDGES, *map(len, edges))
    lines = [itertools.islice(itertools.cycle(some), count) for some in edges]
    return list(zip(*lines, strict=True))


def _values(port: Port) -> list[tuple[inspect.Parameter, Values]]:
    """The values of each parameter. Raises CannotRun where its hint is not enough."""
    builder = Builder(port.constants, port.texts, partial(_callables, port), port.usual)
    found = []
    for parameter in port.parameters:
        hint = port.hint(parameter)
        try:
            found.append((parameter, builder.values(read(hint))))
        except (NoValues, HypothesisException, TypeError) as error:
            raise CannotRun(
                f"no inputs are known for the port's parameter {parameter.name}, hinted "
                f"{shown(hint)}: {str(error).splitlines()[0]}; {port.advice}"
            ) from None
    return found


def _callables(port: Port, hint: Any) -> list[Callable[..., Any]]:
    """The paired functions with just the parameters and the result of a Callable hint."""
    wanted, result = get_args(hint) or (None, None)
    fitting = []
    for function in port.functions:
        given = typing.get_type_hints(function)
        returned = given.pop("return", None)
        if list(given.values()) == wanted and returned == result:
            fitting.append(function)
    if not fitting:
        raise CannotRun(f"no paired function fits the hint {hint}; {port.advice}")
    return fitting
