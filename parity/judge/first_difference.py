"""The first step that differs: both sides' inner calls on a failing input, followed."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from parity.calls.sides import Sides, comparison, failure, function_of, reproduce
from parity.declarations import Cases
from parity.errors import CannotRun
from parity.inputs.strategies import fresh
from parity.judge.equality import Comparison, Difference
from parity.perl.process import Outcome, PerlDied
from parity.processes.child import Progress
from parity.project.pairs import Pair
from parity.steps import Step
from parity.task import Task
from parity.values import literals

MOST = 1000  # inner calls that are followed


@dataclass(frozen=True)
class Call:
    """An inner call of a paired function, on one side. listed: in list context."""

    pair: Pair
    arguments: list[Any]
    outcome: Outcome
    listed: bool = False
    function: Callable[..., Any] | None = None


def first_step(progress: Progress, task: Task, texts: Sequence[str]) -> dict[str, Any] | None:
    """The innermost pair that differs on the way of a failing call, as it stands in the report.

    A difference of the same arguments counts: an inner call that was given others is no fault of
    its own. None where neither side calls a paired function.
    """
    with Sides(progress, task) as sides:
        arguments = sides.parse(texts)
        functions = _functions(sides)
        perl = _perl_calls(sides, arguments, functions)
        python = _python_calls(sides, arguments, functions)
        if not perl and not python:
            return None
        for call in perl:
            found = next((c for c in python if c.pair is call.pair and _same(sides, call, c)), None)
            if found:
                python.remove(found)
                difference = _difference(sides, call, found)
                if difference:
                    return _report(sides, found, difference)
    why = "no inner call of a paired function differs: the fault is in the body itself"
    return {"pair": task.pair.name, "why": why}


def _functions(sides: Sides) -> dict[str, Callable[..., Any]]:
    """The ports whose calls can be followed, by the name of the sub."""
    found: dict[str, Callable[..., Any]] = {}
    modules = list(_modules(sides))
    for pair in sides.task.pairs:
        for module in modules:
            at_home = module.__name__ == pair.python.stem
            if pair.python.folder:
                at_home = Path(str(module.__file__)) == pair.python.file
            function = function_of(module, pair.python.name) if at_home else None
            if function and inspect.isfunction(function):
                found[pair.perl.name] = function
    return found


def _perl_calls(
    sides: Sides, arguments: Sequence[Any], functions: Mapping[str, Callable[..., Any]]
) -> list[Call]:
    pairs = {pair.perl.name: pair for pair in sides.task.pairs}
    sides.progress.step(Step.PERL)
    try:
        name = sides.task.pair.perl.name
        traced = sides.perl.trace(name, sides.context, sides.encode(arguments), list(functions))
    except (PerlDied, CannotRun):
        return []
    calls = []
    for name, before, outcome, listed in traced:
        first = 1 if pairs[name].declared.method else 0
        if isinstance(before, list):
            outcome = replace(outcome, arguments=outcome.arguments[first:])
            calls.append(Call(pairs[name], before[first:], outcome, listed))
    return calls


def _python_calls(
    sides: Sides, arguments: Sequence[Any], functions: Mapping[str, Callable[..., Any]]
) -> list[Call]:
    calls: list[Call] = []
    modules = list(_modules(sides))
    for pair in sides.task.pairs:
        if pair.perl.name not in functions:
            continue
        function = functions[pair.perl.name]
        recorded = _recorded(pair, function, calls)
        for module in modules:
            for name, value in list(vars(module).items()):
                if value is function:
                    setattr(module, name, recorded)
    sides.progress.step(Step.PORT, 0)
    sides.call_port(tuple(arguments))
    return calls


def _recorded(pair: Pair, function: Callable[..., Any], calls: list[Call]) -> Callable[..., Any]:
    signature = inspect.signature(function)

    @functools.wraps(function)
    def wrapper(*positional: Any, **named: Any) -> Any:
        bound = signature.bind(*positional, **named)
        before = [fresh(argument) for argument in bound.args]
        try:
            value = function(*positional, **named)
        except Exception as error:
            outcome = _failed(error, list(bound.args))
            raise
        else:
            outcome = Outcome(fresh(value), "", fresh(list(bound.args)), b"")
            return value
        finally:
            if len(calls) < MOST:
                calls.append(Call(pair, before, outcome, function=function))

    return wrapper


def _failed(error: Exception, arguments: list[Any]) -> Outcome:
    value, kind, domain = failure(error)
    return Outcome(value, kind, arguments, b"", domain)


def _modules(sides: Sides) -> Iterator[Any]:
    """The loaded modules of the port, and those elsewhere that hold a port."""
    folders = sides.task.settings.python
    elsewhere = {pair.python.stem for pair in sides.task.pairs if not pair.python.folder}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name in elsewhere or (
            file and any(Path(file).is_relative_to(folder) for folder in folders)
        ):
            yield module


def _same(sides: Sides, perl: Call, python: Call) -> bool:
    """Whether both were given the same."""
    given = [Outcome(call.arguments, "", [], b"") for call in (perl, python)]
    try:
        return not Comparison(names=sides.sub).difference(*given)
    except CannotRun:
        return False


def _difference(sides: Sides, perl: Call, python: Call) -> Difference | None:
    assert python.function is not None
    rules = comparison(sides.sub, python.function, python.pair, Cases())
    outcome = perl.outcome
    if perl.listed and not rules.listed and not outcome.error:
        if len(outcome.value) != 1:
            return None  # in list context it may mean something else
        outcome = replace(outcome, value=outcome.value[0])
    elif rules.listed and not perl.listed:
        return None
    return rules.difference(outcome, python.outcome)


def _report(sides: Sides, call: Call, difference: Difference) -> dict[str, Any]:
    texts = sides.arguments(call.arguments)
    return {
        "pair": call.pair.name,
        "input": [literals.to_json(argument, sides.name) for argument in call.arguments],
        "perl": literals.to_json(literals.perl_texts(difference.perl), sides.name),
        "python": literals.to_json(difference.python, sides.name),
        "where": difference.where,
        "why": difference.why,
        "reproduce": reproduce(sides.task, call.pair, texts),
    }
