"""Both sides on arguments that a person gives, for `parity call`. Runs in a child."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from parity.calls.sides import Sides
from parity.errors import UsageError
from parity.inputs.hints import coerce, read
from parity.judge import known
from parity.judge.compared import compare_case
from parity.judge.counterexample import arguments as as_literals
from parity.judge.counterexample import counterexample
from parity.judge.equality import Comparison
from parity.judge.run_cases import cases_of, rules_for
from parity.outcome import Outcome
from parity.processes.child import Progress
from parity.task import Task
from parity.values import literals
from parity.values.copies import leaves
from parity.verdict import CallResult, SideOfCall


def call_once(progress: Progress, task: Task, texts: Sequence[str]) -> CallResult:
    """What each side did, and whether that differs. texts: the arguments as literals.

    Raises CannotRun, UsageError.
    """
    with Sides(progress, task) as sides:
        arguments = parse(sides, texts)
        try:
            inspect.signature(sides.port.function).bind(*arguments)
        except TypeError as error:
            raise UsageError(f"{task.pair.name}: {error}") from None
        case = compare_case(sides, rules_for(sides), arguments)
        found = counterexample(sides, case) if case.differs(task.strict) else None
        results = found and not found.where.startswith(("argument", "the printed"))
        return CallResult(
            _shown(sides, case.perl, arguments),
            _shown(sides, case.port, arguments),
            found,
            case.explained,
            known.suggestion(sides, case) if results else "",
        )


def parse(sides: Sides, texts: Sequence[str]) -> tuple[Any, ...]:
    """Arguments that are given as literals and names of paired functions. Raises UsageError."""
    functions = dict(sides.functions)
    functions |= {name.rpartition(".")[2]: f for name, f in sides.functions.items()}
    found = [literals.parse(text, functions) for text in texts]
    wanted = [sides.port.hints.get(name) for name in sides.parameters]
    wanted += [None] * len(found)
    return tuple(coerce(read(hint), value) for hint, value in zip(wanted, found, strict=False))


def _shown(sides: Sides, outcome: Outcome, given: Sequence[Any]) -> SideOfCall:
    shown = literals.perl_texts(outcome.shown)
    texts = as_literals(sides, literals.perl_texts(outcome.arguments))
    same = texts == as_literals(sides, given) or _same_arguments(sides, outcome, given)
    return SideOfCall(
        value=literals.literal(shown, sides.name),
        hex=literals.hexadecimal(shown),
        arguments=tuple(texts),
        changed=not same,
        printed=outcome.printed.decode("utf-8", "backslashreplace"),
        warnings=outcome.warnings,
    )


def _same_arguments(sides: Sides, outcome: Outcome, given: Sequence[Any]) -> bool:
    """Whether the arguments after the call equal the given ones."""
    before = Outcome(list(given), None, [])
    after = Outcome(list(outcome.arguments), None, [])
    return not Comparison(names=sides.sub_name).difference(after, before)


def show_case(progress: Progress, task: Task, number: int) -> str:
    """A case in one line, with what to do where the type hints made it."""
    with Sides(progress, task) as sides:
        arguments = cases_of(sides).by_number([number])[number].arguments
        if sides.port.cases.inputs:
            return sides.described(arguments)
        bounds = "bound the type hint (Annotated[int, annotated_types.Interval(ge=0, le=99)]), or "
        numbers = any(type(one) in (int, float) for one in leaves(list(arguments)))
        advice = f"; where that is not meant, {bounds if numbers else ''}{sides.port.advice}"
        return f"{sides.described(arguments)}{advice}"
