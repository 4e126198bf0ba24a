"""The first step that differs: both sides' inner calls on a failing input, followed."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from parity.calls.port_caller import failure_of
from parity.calls.sides import Sides, function_of
from parity.declarations import Cases
from parity.errors import CannotRun
from parity.inputs.cases import batch_of
from parity.judge.counterexample import arguments, reproduce
from parity.judge.equality import Comparison, Difference, rules_of
from parity.judge.one_call import parse
from parity.outcome import Outcome
from parity.processes.child import Progress
from parity.project.pairs import Pair
from parity.steps import Step
from parity.task import Task
from parity.values import literals
from parity.values.copies import deep_copy
from parity.verdict import FirstStep

MOST = 1000  # inner calls that are followed


@dataclass(frozen=True)
class InnerCall:
    """An inner call of a paired function, on one side. listed: in list context."""

    pair: Pair
    arguments: list[Any]
    outcome: Outcome
    listed: bool = False
    function: Callable[..., Any] | None = None


def first_step(progress: Progress, task: Task, texts: Sequence[str]) -> FirstStep | None:
    """The innermost pair that differs on the way of a failing call, as it stands in the report.

    A difference of the same arguments counts: an inner call that was given others is no fault of
    its own. None where neither side calls a paired function.
    """
    with Sides(progress, task) as sides:
        case = parse(sides, texts)
        ports = _ports(sides)
        perl = _perl_calls(sides, case, ports)
        python = _python_calls(sides, case, ports)
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
    return FirstStep(task.pair.name, why=why)


@dataclass(frozen=True)
class _Port:
    """A port whose calls can be followed."""

    pair: Pair
    function: Callable[..., Any]


def _ports(sides: Sides) -> dict[str, _Port]:
    """The ports whose calls can be followed, by the name of the sub.

    Where several files have a sub of a name, it is the one in the file that is judged.
    """
    found: dict[str, _Port] = {}
    modules = list(_modules(sides))
    for pair in sides.pairs:
        for module in modules:
            at_home = module.__name__ == pair.python.stem
            if pair.python.folder:
                at_home = Path(str(module.__file__)) == pair.python.file
            function = function_of(module, pair.python.name) if at_home else None
            if function and inspect.isfunction(function):
                found.setdefault(pair.perl.name, _Port(pair, function))
    return found


def _perl_calls(sides: Sides, case: Sequence[Any], ports: Mapping[str, _Port]) -> list[InnerCall]:
    sides.progress.step(Step.PERL)
    try:
        calls_of_sub = sides.calls(batch_of([tuple(case)]))
        traced = sides.sub.main.trace(calls_of_sub, case, [*ports])
    except CannotRun:
        return []
    calls = []
    for call in traced:
        pair = ports[call.sub].pair
        first = 1 if pair.declared.method else 0
        if isinstance(call.arguments, list):
            outcome = replace(call.outcome, arguments=call.outcome.arguments[first:])
            calls.append(InnerCall(pair, call.arguments[first:], outcome, call.in_list))
    return calls


def _python_calls(sides: Sides, case: Sequence[Any], ports: Mapping[str, _Port]) -> list[InnerCall]:
    calls: list[InnerCall] = []
    modules = list(_modules(sides))
    for port in ports.values():
        recorded = _recorded(port.pair, port.function, calls)
        for module in modules:
            for name, value in list(vars(module).items()):
                if value is port.function:
                    setattr(module, name, recorded)
    sides.progress.step(Step.PORT, 0)
    sides.call_port(tuple(case))
    return calls


def _recorded(
    pair: Pair, function: Callable[..., Any], calls: list[InnerCall]
) -> Callable[..., Any]:
    signature = inspect.signature(function)

    @functools.wraps(function)
    def wrapper(*positional: Any, **named: Any) -> Any:
        bound = signature.bind(*positional, **named)
        before = deep_copy(list(bound.args))
        try:
            value = function(*positional, **named)
        except Exception as error:
            outcome = Outcome(None, failure_of(error), deep_copy(list(bound.args)))
            raise
        else:
            outcome = Outcome(deep_copy(value), None, deep_copy(list(bound.args)))
            return value
        finally:
            if len(calls) < MOST:
                calls.append(InnerCall(pair, before, outcome, function=function))

    return wrapper


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


def _same(sides: Sides, perl: InnerCall, python: InnerCall) -> bool:
    """Whether both were given the same."""
    given = [Outcome(call.arguments, None, []) for call in (perl, python)]
    try:
        return not Comparison(names=sides.sub_name).difference(*given)
    except CannotRun:
        return False


def _difference(sides: Sides, perl: InnerCall, python: InnerCall) -> Difference | None:
    assert python.function is not None
    rules = rules_of(sides.sub_name, python.function, python.pair, Cases())
    outcome = perl.outcome
    if perl.listed and not rules.listed and not outcome.failure:
        if len(outcome.value) != 1:
            return None  # in list context it may mean something else
        outcome = replace(outcome, value=outcome.value[0])
    elif rules.listed and not perl.listed:
        return None
    return rules.difference(outcome, python.outcome)


def _report(sides: Sides, call: InnerCall, difference: Difference) -> FirstStep:
    return FirstStep(
        pair=call.pair.name,
        input=[literals.to_json(argument, sides.name) for argument in call.arguments],
        perl=literals.to_json(literals.perl_texts(difference.perl), sides.name),
        python=literals.to_json(difference.python, sides.name),
        where=difference.where,
        why=difference.why,
        reproduce=reproduce(sides.task, call.pair, arguments(sides, call.arguments)),
    )
