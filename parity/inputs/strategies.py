"""Making inputs: from a port's type hints, or from its entry in a cases file.

Every run of a pair has, in this order: the examples of the cases file; the edge values of the type
hints, and the constants that stand in either source; then what Hypothesis draws, first with all its
care, then from random bytes.
"""

from __future__ import annotations

import contextlib
import gc
import inspect
import itertools
import math
import os
import random
import re
import signal
import string
import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, get_args, get_origin

from hypothesis import HealthCheck, Phase, given, seed, settings, strategies
from hypothesis.database import InMemoryExampleDatabase
from hypothesis.errors import HypothesisException, StopTest, UnsatisfiedAssumption
from hypothesis.strategies import SearchStrategy

from parity.calls.loading import place
from parity.declarations import Cases
from parity.errors import CannotRun
from parity.inputs import fast_hypothesis, hints

MOST_EDGES = 256  # cases made of edge values, unless a parameter has more of them
SHORTER = 5  # edge cases without each argument that may be left out
THOROUGH = 50  # cases that Hypothesis draws with all its care for nasty and for related values
MATCHING = 16  # texts in ASCII that match a regular expression of a source…
MOST_LETTERS = 500  # …of so many letters…
LONGEST_DRAW = 1.0  # …in so many seconds: looking for a match may take for ever
ENTROPY = 4096  # random bytes for one of the others, where they cannot be drawn fast


@dataclass(frozen=True)
class Made:
    """A case. entropy: the random bytes that it was made from, if it was."""

    arguments: tuple[Any, ...]
    entropy: bytes | None = None


@dataclass(frozen=True)
class Port:
    """A port, with what the making of inputs has to know of it.

    file: its cases file, whether there or not.
    functions: the paired functions that may be given as arguments.
    constants: the numbers and texts that stand in the sources of both sides.
    patterns: the regular expressions there.
    usual: whether the edge values of the type hints are drawn besides.
    """

    file: Path
    function: Callable[..., Any]
    hints: dict[str, Any]
    cases: Cases
    functions: Sequence[Callable[..., Any]]
    constants: Sequence[Any]
    patterns: Sequence[str] = ()
    usual: bool = True

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

    @property
    def left_out(self) -> list[str]:
        """The parameters that no case gives: **others, and those by keyword with a default."""
        with contextlib.suppress(TypeError, ValueError):  # of a function in C it may be unknown
            found = inspect.signature(self.function).parameters.values()
            others = [str(one).partition(":")[0] for one in found if one.kind is one.VAR_KEYWORD]
            return others + [one.name for one in found if one.kind is one.KEYWORD_ONLY]
        return []

    @cached_property
    def _lengths(self) -> set[int]:
        """So many arguments have been seen to fit."""
        return set()

    def check(self, arguments: tuple[Any, ...]) -> None:
        """Raises CannotRun where a case of the cases file is none that the port can be given."""
        if not isinstance(arguments, tuple):
            kind = type(arguments).__name__
            raise CannotRun(f"a case is {kind}, not a tuple of arguments: {arguments!r}")
        if len(arguments) in self._lengths:
            return
        with contextlib.suppress(ValueError):  # of a function in C it may be unknown
            try:
                inspect.signature(self.function).bind(*arguments)
            except TypeError as error:
                raise CannotRun(f"{self.file}: {error} for the port: {arguments!r}") from None
        self._lengths.add(len(arguments))

    @cached_property
    def texts(self) -> list[str]:
        """What texts are made of: those of the sources, and some that match a pattern there."""
        if not any(
            hints.mentions(hint, kind) for hint in self.hints.values() for kind in (str, bytes)
        ):
            return []
        found = [text for pattern in self.patterns for text in _matching(pattern)]
        found += [str(one) for one in self.constants if type(one) in (str, int)]
        return list(dict.fromkeys(found))

    def hint(self, parameter: inspect.Parameter) -> Any:
        """A parameter's type hint."""
        if parameter.name not in self.hints:
            raise CannotRun(
                f"the port's parameter {parameter.name} has no type hint; {self.advice}"
            )
        return self.hints[parameter.name]


class _Late(BaseException):  # no Exception, for these are caught on the way
    pass


def _matching(pattern: str) -> list[str]:
    """Some texts that match; none where it is no pattern after all, or takes too long."""
    found: list[str] = []

    def collect(text: str, entropy: bytes) -> None:
        found.append(text)

    def give_up(number: int, frame: Any) -> None:
        raise _Late

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_DRAW, LONGEST_DRAW)
    try:
        own = strategies.from_regex(re.compile(pattern, re.A), alphabet=string.printable)
        _draw_many(own, collect, 0, MATCHING)
    except (Exception, _Late):
        return []
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return [text for text in found if len(text) <= MOST_LETTERS]


def make(port: Port, count: int, number: int, tick: Callable[[], None]) -> list[Made]:
    """At least the examples and edge cases, and up to `count` cases; number: the seed."""
    fixed = list(port.cases.examples)
    if port.cases.inputs is None:
        fixed += edge_cases(port, number)
    made: list[Made] = []

    def collect(arguments: tuple[Any, ...], entropy: bytes | None = None) -> None:
        port.check(arguments)
        made.append(Made(arguments, entropy))
        tick()

    for case in fixed:
        collect(case)
    if len(made) < count:
        thorough = min(count - len(made), THOROUGH)
        try:
            inputs = strategy(port)
            _draw(_test(inputs, collect, number, thorough))
            if len(made) == len(fixed) + thorough:  # else there are no more than these
                _draw_many(inputs, collect, number, count - len(made))
        except CannotRun:
            raise
        except Exception as error:
            raise CannotRun(_said(error, port)) from None
    return made


def more(port: Port, number: int, count: int, tick: Callable[[], None]) -> list[Made]:
    """Up to `count` cases from random bytes. Raises CannotRun."""
    made: list[Made] = []

    def collect(arguments: tuple[Any, ...], entropy: bytes) -> None:
        port.check(arguments)
        made.append(Made(arguments, entropy))
        tick()

    try:
        _draw_many(strategy(port), collect, number, count)
    except CannotRun:
        raise
    except Exception as error:
        raise CannotRun(_said(error, port)) from None
    return made


def shrink(
    port: Port, count: int, number: int, case: Made, test: Callable[[tuple[Any, ...]], None]
) -> None:
    """Look for a case that `test` refuses, starting with this one, and make it small."""
    phases = (Phase.reuse, Phase.generate, Phase.shrink)
    # At last, what is in this case is drawn often.
    own = replace(port, constants=list(scalars(case.arguments)), patterns=(), usual=False)
    for one in (port, own):
        whole = _test(strategy(one), test, number, count, phases, InMemoryExampleDatabase())
        if case.entropy is not None:
            with contextlib.suppress(Exception):  # it fails, and is kept to start from
                whole.hypothesis.fuzz_one_input(case.entropy)
        _draw(whole)


def smaller(port: Port, arguments: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Cases with parts of texts, lists and hashes left out, of one argument or at once of all.

    Texts that only together make a case, Hypothesis does not make small. The larger parts first.
    """
    given = list(zip(port.parameters, arguments, strict=False))
    levels = [hints.free_levels(port.hints.get(one.name)) for one, _ in given]
    free = [n for n, deep in enumerate(levels) if deep]
    if port.cases.inputs is not None or not free:
        return
    size = longest = max(_longest(arguments[n]) for n in free)
    while size:
        for start in range(0, longest, size):
            for group in [[n] for n in free] + [free]:
                done = [arguments]
                for depth in range(3):
                    changed = list(arguments)
                    for n in group:
                        if depth < levels[n]:
                            changed[n] = _without(arguments[n], start, start + size, depth)
                    if tuple(changed) not in done:
                        done.append(tuple(changed))
                        yield done[-1]
        size //= 2


def _longest(value: Any) -> int:
    """The length of the longest text, list or hash in it."""
    inside = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    own = len(value) if isinstance(value, str | bytes | list | dict) else 0
    return max([own, *map(_longest, inside)])


def _without(value: Any, start: int, stop: int, depth: int) -> Any:
    """A value without these items or letters; or its items without them, as deep as there are."""
    sized = (str, bytes, list, dict)
    inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    if depth and any(isinstance(one, sized) for one in inner):
        if isinstance(value, dict):
            return {k: _without(v, start, stop, depth - 1) for k, v in value.items()}
        return [_without(one, start, stop, depth - 1) for one in value]
    if isinstance(value, dict):
        return {k: v for at, (k, v) in enumerate(value.items()) if not start <= at < stop}
    part: Any = value
    return part[:start] + part[stop:] if isinstance(value, sized) else value


def scalars(value: Any) -> Iterator[Any]:
    """The numbers and texts in a value."""
    if isinstance(value, list | tuple):
        for one in value:
            yield from scalars(one)
    elif isinstance(value, dict):
        yield from scalars([*value, *value.values()])
    else:
        yield value


def warm_up(home: Path) -> None:
    """Let Hypothesis load what it first needs, once: before a process for each pair forks.

    home: its folder for what it keeps.
    """
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(home))
    some = strategies.tuples(strategies.text(), strategies.floats(), strategies.binary())
    _draw(_test(some, lambda case: None, 0, 10))
    gc.collect()
    gc.freeze()


def _test(
    inputs: SearchStrategy[Any],
    test: Callable[[Any], None],
    number: int,
    count: int,
    phases: Sequence[Phase] = (Phase.generate,),
    database: Any = None,
) -> Any:
    """A test that Hypothesis runs."""

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
    @given(inputs)
    def run(case: Any) -> None:
        test(case)

    return run


def _draw(test: Callable[..., object], *arguments: Any) -> None:
    try:
        with fast_hypothesis.without_local_constants():
            test(*arguments)
    except HypothesisException as error:
        raise CannotRun(f"no inputs can be made: {str(error).splitlines()[0]}") from None


def _draw_many(
    inputs: SearchStrategy[Any], collect: Callable[[Any, bytes], None], number: int, count: int
) -> None:
    """Up to `count` cases from random bytes."""
    chance = random.Random(number)
    source = fast_hypothesis.Source(inputs, number)
    slowly: list[Any] = []
    slow = _test(inputs, slowly.append, number, 1).hypothesis.fuzz_one_input

    def many(nothing: None) -> None:
        fast = source.agrees(slow, slowly)
        left = count
        for _ in range(2 * count):  # a strategy may give up a draw
            if not left:
                break
            with contextlib.suppress(StopTest, UnsatisfiedAssumption):
                if fast:
                    collect(*source.draw())
                    left -= 1
                    continue
                slowly.clear()
                entropy = chance.randbytes(ENTROPY)
                slow(entropy)
                for case in slowly:
                    collect(case, entropy)
                    left -= 1

    # Inside a test, for the surroundings that strategies need.
    _draw(_test(strategies.none(), many, number, 1).hypothesis.fuzz_one_input, b"")


def _said(error: Exception, port: Port) -> str:
    kind = type(error).__name__
    return f"{place(error, port.file)}: making the inputs failed: {kind}: {error}".splitlines()[0]


def fresh(value: Any) -> Any:
    """A copy of an argument: lists and dicts are new, whatever they share."""
    if isinstance(value, list):
        return [fresh(item) for item in value]
    if isinstance(value, tuple):
        items = [fresh(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if isinstance(value, dict):
        return {key: fresh(item) for key, item in value.items()}
    return value


# --- from type hints --------------------------------------------------------------------------


def strategy(port: Port) -> SearchStrategy[tuple[Any, ...]]:
    """What the cases file says, or else what the type hints say."""
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
    lists = [get_origin(port.hints.get(p.name)) is list for p in port.parameters]
    every = [whole]
    if sum(lists) > 1:  # vectors that belong together have the same length
        every.append(strategies.builds(_same_lengths, whole))
    if pairs := alike(port):
        number = strategies.integers(0, 2**32 - 1)
        every.append(strategies.builds(partial(_related, pairs), whole, number))
    return strategies.one_of(every)


def _same_lengths(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    lists = [argument for argument in arguments if isinstance(argument, list)]
    shortest = min((len(argument) for argument in lists), default=0)
    return tuple(a[:shortest] if isinstance(a, list) else a for a in arguments)


def alike(port: Port) -> list[tuple[int, int]]:
    """The pairs of parameters of which the second may be made of the first, or an item of it."""
    given = [port.hints.get(parameter.name) for parameter in port.parameters]
    pairs = itertools.permutations(range(len(given)), 2)
    return [pair for pair in pairs if _fit(*(given[place] for place in pair))]


def _fit(source: Any, target: Any) -> bool:
    origin = get_origin(source)
    if origin in (list, dict) and target in hints.EDGES:
        return bool(get_args(source)[0] == target)
    return bool(source == target and (source in hints.EDGES or origin is list))


def _related(
    pairs: Sequence[tuple[int, int]], arguments: tuple[Any, ...], number: int
) -> tuple[Any, ...]:
    """One argument made of another one, or an item of it. number: how."""
    chance, changed = random.Random(number), list(arguments)
    source, target = chance.choice(pairs)
    if max(source, target) >= len(changed):
        return arguments
    value = changed[source]
    if isinstance(value, list | dict) and not isinstance(changed[target], list):
        changed[target] = chance.choice(list(value) or [changed[target]])
    else:
        changed[target] = made_of(value, chance)
    return tuple(changed)


def made_of(value: Any, chance: random.Random) -> Any:
    """The same, or nearly, or of the same parts."""
    if isinstance(value, float):
        near = [math.nextafter(value, sign * math.inf) for sign in (1, -1)]
        return chance.choice([value, -value, *near])
    if isinstance(value, int):
        near = [-value, value + 1, value - 1]
        return chance.choice([value, *(n for n in near if hints.LEAST <= n <= hints.MOST)])
    start, stop = sorted(chance.choices(range(len(value) + 1), k=2))
    order = chance.sample(range(len(value)), len(value))
    items = [value[at : at + 1] for at in order]
    shuffled = [value[at] for at in order] if isinstance(value, list) else value[:0].join(items)
    ways = [value, value[::-1], value[start:stop], value[stop:] + value[:stop], value + value]
    ways += [value[:start] + value[stop:], shuffled]
    return fresh(chance.choice(ways))


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
    chance = random.Random(number)
    for some in edges:
        chance.shuffle(some)
    count = max(MOST_EDGES, *map(len, edges))
    lines = [itertools.islice(itertools.cycle(some), count) for some in edges]
    return list(zip(*lines, strict=True))


def _values(port: Port) -> list[tuple[inspect.Parameter, hints.Values]]:
    """The values of each parameter. Raises CannotRun where its hint is not enough."""
    reader = hints.Reader(
        port.constants, port.texts, lambda hint: _callables(port, hint), port.usual
    )
    found = []
    for parameter in port.parameters:
        hint = port.hint(parameter)
        try:
            found.append((parameter, reader.values(hint)))
        except (hints.Unknown, HypothesisException, TypeError) as error:
            raise CannotRun(
                f"no inputs are known for the port's parameter {parameter.name}, hinted "
                f"{hints.shown(hint)}: {str(error).splitlines()[0]}; {port.advice}"
            ) from None
    return found


def _callables(port: Port, hint: Any) -> list[Callable[..., Any]]:
    """The paired functions that have just the parameters and the result of a Callable hint."""
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
