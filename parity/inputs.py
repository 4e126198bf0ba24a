"""Making inputs: from a port's type hints, or from its entry in a cases file.

Every run of a pair has, in this order: the examples of the cases file; the edge values of the type
hints, and the constants that stand in either source; then what Hypothesis draws, first with all its
care, then from random bytes.
"""

from __future__ import annotations

import collections.abc
import contextlib
import inspect
import itertools
import math
import random
import re
import sys
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import HealthCheck, Phase, given, seed, settings, strategies
from hypothesis.database import InMemoryExampleDatabase
from hypothesis.errors import HypothesisException
from hypothesis.strategies import SearchStrategy

from parity import CannotRun, Cases
from parity.loading import place

MOST_EDGES = 256  # cases made of edge values, at the most
THOROUGH = 100  # cases that Hypothesis draws with all its care for nasty and for related values
GROUP = 8  # cases that it makes at once of the others, from random bytes: in a fifth of the time
ENTROPY = 16384  # random bytes for a group

FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 5e-324, -5e-324, 2.2250738585072014e-308]
FLOATS += [sys.float_info.max, -sys.float_info.max, math.inf, -math.inf, math.nan]
FLOATS += [2.0**53, 2.0**53 + 2, -(2.0**63), 1e-17]
INTEGERS = [
    0,
    1,
    -1,
    2,
    255,
    256,
    2**31 - 1,
    -(2**31),
    2**32,
    2**53,
    2**53 + 1,
    2**63 - 1,
    -(2**63),
]
TEXTS = [
    "",
    "0",
    "0.0",
    "00",
    "0 but true",
    "1",
    "a\n",
    " 12 ",
    "1abc",
    "1_0",
    "0x1f",
    "1e3",
    "inf",
    "nan",
    "é",
    "\u3042",
    "\U0001f600",
    "aB c",
]
BYTES = [text.encode() for text in TEXTS] + [b"\xff\x00"]


@dataclass(frozen=True)
class Made:
    """A case. entropy: the bytes that Hypothesis made its group from, if it did so."""

    arguments: tuple[Any, ...]
    entropy: bytes | None = None


@dataclass(frozen=True)
class Port:
    """A port, with what the making of inputs has to know of it.

    file: its cases file, whether there or not.
    functions: the paired functions that may be given as arguments.
    constants: the numbers and texts that stand in the sources of both sides.
    """

    file: Path
    function: Callable[..., Any]
    hints: dict[str, Any]
    cases: Cases
    functions: Sequence[Callable[..., Any]]
    constants: Sequence[Any]

    @property
    def advice(self) -> str:
        """What to write where the type hints are not enough."""
        return (
            f"write in {self.file}: from hypothesis import strategies as st; from parity import "
            f"Cases; {self.function.__name__} = Cases(st.tuples(...))"
        )

    @property
    def parameters(self) -> list[inspect.Parameter]:
        """The positional parameters, in order. Raises CannotRun for one without a type hint."""
        found = []
        for parameter in inspect.signature(self.function).parameters.values():
            if parameter.kind is parameter.KEYWORD_ONLY:
                if parameter.default is parameter.empty:
                    raise CannotRun(f"the port's parameter {parameter.name} is keyword-only")
            elif parameter.kind is not parameter.VAR_KEYWORD:
                found.append(parameter)
        return found

    def hint(self, parameter: inspect.Parameter) -> Any:
        """A parameter's type hint."""
        if parameter.name not in self.hints:
            raise CannotRun(
                f"the port's parameter {parameter.name} has no type hint; {self.advice}"
            )
        return self.hints[parameter.name]


def make(port: Port, count: int, number: int, tick: Callable[[], None]) -> list[Made]:
    """At least the examples and edge cases, and up to `count` cases; number: the seed."""
    fixed = list(port.cases.examples)
    if port.cases.inputs is None:
        fixed += edge_cases(port, number)
    made = [Made(case) for case in fixed]
    entropy: bytes | None = None

    def collect(arguments: tuple[Any, ...]) -> None:
        made.append(Made(arguments, entropy))
        tick()

    wanted = count - len(made)
    if wanted > 0:
        thorough = min(wanted, THOROUGH)
        test = _test(port, collect, number, thorough)
        try:
            _draw(test)
        except CannotRun:
            raise
        except Exception as error:
            raise CannotRun(_said(error, port)) from None
        exhausted = len(made) < len(fixed) + thorough
        chance = random.Random(number)
        test = _test(port, collect, number, 1, group=GROUP)
        attempts = 0 if exhausted else wanted
        while len(made) < count and attempts:
            entropy = chance.randbytes(ENTROPY)
            _draw(test.hypothesis.fuzz_one_input, entropy)
            attempts -= 1
        del made[count:]
    for case in made:
        if not isinstance(case.arguments, tuple):
            kind = type(case.arguments).__name__
            raise CannotRun(f"a case is {kind}, not a tuple of arguments: {case.arguments!r}")
    return made


def shrink(
    port: Port, count: int, number: int, case: Made, test: Callable[[tuple[Any, ...]], None]
) -> None:
    """Look for a case that `test` refuses, starting with this one, and make it small."""
    phases = (Phase.reuse, Phase.generate, Phase.shrink)
    group = 1 if case.entropy is None else GROUP
    whole = _test(port, test, number, count, phases, InMemoryExampleDatabase(), group)
    if case.entropy is not None:
        with contextlib.suppress(Exception):  # it fails, and is kept to start from
            whole.hypothesis.fuzz_one_input(case.entropy)
    _draw(whole)


def _test(
    port: Port,
    test: Callable[[tuple[Any, ...]], None],
    number: int,
    count: int,
    phases: Sequence[Phase] = (Phase.generate,),
    database: Any = None,
    group: int = 1,
) -> Any:
    """A test that Hypothesis runs, on `group` cases at once."""

    @settings(
        max_examples=count,
        database=database,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    @seed(number)
    @given(strategies.tuples(*[strategy(port)] * group))
    def run(cases: tuple[tuple[Any, ...], ...]) -> None:
        for arguments in cases:
            test(arguments)

    return run


def _draw(test: Callable[..., object], *arguments: Any) -> None:
    try:
        test(*arguments)
    except HypothesisException as error:
        raise CannotRun(f"no inputs can be made: {str(error).splitlines()[0]}") from None


def _said(error: Exception, port: Port) -> str:
    kind = type(error).__name__
    return f"{place(error, port.file)}: making the inputs failed: {kind}: {error}".splitlines()[0]


def fresh(value: Any) -> Any:
    """A copy of an argument: lists and dicts are new, whatever they share."""
    if isinstance(value, list):
        return [fresh(item) for item in value]
    if isinstance(value, tuple):
        return tuple(fresh(item) for item in value)
    if isinstance(value, dict):
        return {key: fresh(item) for key, item in value.items()}
    return value


# --- strategies -------------------------------------------------------------------------------


def strategy(port: Port) -> SearchStrategy[tuple[Any, ...]]:
    """What the cases file says, or else what the type hints say."""
    if port.cases.inputs is not None:
        return port.cases.inputs
    _register(port)
    fixed: list[SearchStrategy[Any]] = []
    optional: list[SearchStrategy[Any]] = []
    rest = None
    for parameter in port.parameters:
        one = _of_hint(port, parameter)
        if parameter.kind is parameter.VAR_POSITIONAL:
            rest = strategies.lists(one, max_size=5)
        elif parameter.default is parameter.empty:
            fixed.append(one)
        else:
            optional.append(one)
    lengths = [strategies.tuples(*fixed, *optional[:n]) for n in range(len(optional) + 1)]
    whole = strategies.one_of(*lengths)
    if rest is not None:
        whole = strategies.builds(lambda a, b: (*a, *b), lengths[-1], rest) | whole
    lists = [get_origin(port.hints.get(p.name)) is list for p in port.parameters]
    if sum(lists) > 1:  # vectors that belong together have the same length
        whole = whole | strategies.builds(_same_lengths, whole)
    return whole


def _same_lengths(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    lists = [argument for argument in arguments if isinstance(argument, list)]
    shortest = min((len(argument) for argument in lists), default=0)
    return tuple(a[:shortest] if isinstance(a, list) else a for a in arguments)


def _register(port: Port) -> None:
    """Teach Hypothesis what a bare type stands for here."""

    def mixed(base: SearchStrategy[Any], kind: type, edges: Sequence[Any]) -> SearchStrategy[Any]:
        known = [*edges, *(value for value in port.constants if type(value) is kind)]
        return base | strategies.sampled_from(known)

    small = strategies.integers(-(2**31), 2**31 - 1)
    strategies.register_type_strategy(float, mixed(strategies.floats(), float, FLOATS))
    strategies.register_type_strategy(int, mixed(small, int, INTEGERS))
    strategies.register_type_strategy(str, mixed(strategies.text(), str, TEXTS))
    strategies.register_type_strategy(bytes, mixed(strategies.binary(), bytes, BYTES))


def _of_hint(port: Port, parameter: inspect.Parameter) -> SearchStrategy[Any]:
    hint = port.hint(parameter)
    if get_origin(hint) is collections.abc.Callable:
        return strategies.sampled_from(_callables(port, hint))
    try:
        made = strategies.from_type(hint)
        made.validate()
    except (HypothesisException, TypeError) as error:
        raise CannotRun(
            f"no inputs are known for the port's parameter {parameter.name} "
            f"({str(error).splitlines()[0]}); {port.advice}"
        ) from None
    return made


def _callables(port: Port, hint: Any) -> list[Callable[..., Any]]:
    """The paired functions that have just the parameters and the result of a Callable hint."""
    wanted, result = get_args(hint)
    fitting = []
    for function in port.functions:
        hints = typing.get_type_hints(function)
        given = hints.pop("return", None)
        if list(hints.values()) == list(wanted) and given == result:
            fitting.append(function)
    if not fitting:
        raise CannotRun(f"no paired function fits the hint {hint}; {port.advice}")
    return fitting


# --- edge values ------------------------------------------------------------------------------


def edge_cases(port: Port, number: int) -> list[tuple[Any, ...]]:
    """Edge values combined: every combination, or MOST_EDGES of them that hold every value."""
    values = []
    for parameter in port.parameters:
        hint = port.hint(parameter)
        if get_origin(hint) is collections.abc.Callable:
            values.append(list(_callables(port, hint)))
        else:
            values.append(_admitted(hint, list(edges(hint, port.constants))))
    if not values or not all(values):
        return []
    if math.prod(len(some) for some in values) <= MOST_EDGES:
        return list(itertools.product(*values))
    chance = random.Random(number)
    for some in values:
        chance.shuffle(some)
    lines = [itertools.islice(itertools.cycle(some), MOST_EDGES) for some in values]
    return list(zip(*lines, strict=True))


def edges(hint: Any, constants: Sequence[Any]) -> Iterator[Any]:
    """The edge values of a type hint; none for a type that has none known."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        yield from edges(arguments[0], constants)
    elif origin is Union or origin is types.UnionType:
        for argument in arguments:
            yield from edges(argument, constants)
    elif origin is Literal:
        yield from arguments
    elif hint is None or hint is type(None):
        yield None
    elif hint is bool:
        yield from (False, True)
    elif hint in (float, int, str, bytes):
        known: dict[Any, list[Any]] = {float: FLOATS, int: INTEGERS, str: TEXTS, bytes: BYTES}
        yield from known[hint]
        yield from (value for value in constants if type(value) is hint)
    elif origin in (list, collections.abc.Sequence) and arguments:
        items = list(edges(arguments[0], constants))
        yield from ([], items)
        yield from ([item] for item in items)
        sizes = {value for value in constants if type(value) is int and 0 < value <= 1000}
        yield from ([items[0]] * size for size in sorted(sizes) if items)
    elif origin is dict:
        yield {}
        pairs = zip(*(edges(argument, constants) for argument in arguments), strict=False)
        yield from ({key: item} for key, item in pairs)


def _admitted(hint: Any, values: list[Any]) -> list[Any]:
    """Those values that the bounds of an Annotated hint admit."""
    if get_origin(hint) is not Annotated:
        return values
    import annotated_types

    checks: dict[str, Callable[[Any, Any], Any]] = {
        "gt": lambda value, bound: value > bound,
        "ge": lambda value, bound: value >= bound,
        "lt": lambda value, bound: value < bound,
        "le": lambda value, bound: value <= bound,
        "multiple_of": lambda value, bound: value % bound == 0,
        "min_length": lambda value, bound: len(value) >= bound,
        "max_length": lambda value, bound: bound is None or len(value) <= bound,
        "func": lambda value, function: function(value),
    }
    bounds = list(hint.__metadata__)
    for bound in hint.__metadata__:
        if isinstance(bound, annotated_types.GroupedMetadata):
            bounds += list(bound)
    for bound in bounds:
        for name, check in checks.items():
            limit = getattr(bound, name, None)
            if limit is not None and not isinstance(bound, annotated_types.GroupedMetadata):
                values = [value for value in values if check(value, limit)]
    return values


_NUMBER = re.compile(r"(?<![\w.$@%])(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TEXT = re.compile(r"'([^'\\\n]{0,40})'|\"([^\"\\\n$@]{0,40})\"")


def constants(*sources: str) -> list[Any]:
    """The numbers and texts that stand in sources of any language, and their neighbours.

    A branch that depends on one value is nearly never hit by chance; the value stands in the code.
    A wrong guess here costs nothing.
    """
    found: dict[tuple[type, Any], Any] = {}

    def add(value: Any) -> None:
        found.setdefault((type(value), value), value)

    for source in sources:
        for digits in _NUMBER.findall(source):
            number = float(digits.replace("_", ""))
            for signed in (number, -number):
                add(signed)
                add(math.nextafter(signed, math.inf))
                add(math.nextafter(signed, -math.inf))
                if number.is_integer() and abs(number) < 2**62:
                    for near in (0, 1, -1):
                        add(int(signed) + near)
                        add(signed + near)
        for single, double in _TEXT.findall(source):
            add(single or double)
            add((single or double).encode())
    return list(found.values())[:200]
