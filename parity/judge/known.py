"""Known differences: meant, declared in a cases file, and seen to be still there in every run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from parity.calls.sides import Sides
from parity.declarations import Fails, Known
from parity.errors import CannotRun
from parity.judge.compared import ComparedCase, compare_case
from parity.judge.counterexample import counterexample
from parity.judge.equality import Comparison
from parity.outcome import Outcome
from parity.values import literals
from parity.values.perl_values import Failure
from parity.verdict import Counterexample


def covers(sides: Sides, arguments: tuple[Any, ...]) -> bool:
    """Whether a known difference covers these arguments. Raises CannotRun."""
    return any(_covers(sides, known, arguments) for known in sides.port.cases.known)


def _covers(sides: Sides, known: Known, arguments: tuple[Any, ...]) -> bool:
    if known.when is None:
        return _same(arguments, known.example)
    try:
        return bool(known.when(*arguments))
    except Exception as error:
        raise CannotRun(
            f"{sides.port.file}: the condition of the known difference {known.why!r} failed on "
            f"{sides.described(arguments)}: {type(error).__name__}: {error}"
        ) from None


def changed(sides: Sides, rules: Comparison) -> Counterexample | None:
    """The first known difference that is not as declared any more. Raises CannotRun."""
    for known in sides.port.cases.known:
        if not isinstance(known, Known):
            raise CannotRun(f"{sides.port.file}: known = [{known!r}], not parity.Known(...)")
        sides.port.check(known.example)
        if not _covers(sides, known, known.example):
            raise CannotRun(
                f"{sides.port.file}: the condition of the known difference {known.why!r} does not "
                "cover its own example"
            )
        case = compare_case(sides, rules, known.example)
        why = _what_changed(rules, known, case)
        if why:
            return counterexample(sides, case, where="the known difference", why=why)
    return None


def _what_changed(rules: Comparison, known: Known, case: ComparedCase) -> str:
    """What is not as declared, in words."""
    if case.difference is None:
        return f"both sides agree now: remove it ({known.why})"
    if rules.difference(case.perl, _declared(known.perl, case.perl)):
        return f"Perl changed: {literals.literal(known.perl)} was declared ({known.why})"
    found = case.port.shown
    found = Fails(str(found.value)) if isinstance(found, Failure) else found
    if not _same(known.python, found):
        return f"Python changed: {literals.literal(known.python)} was declared ({known.why})"
    return ""


def _declared(result: Any, seen: Outcome) -> Outcome:
    """An outcome with the result that was declared, and the rest as it was seen."""
    if isinstance(result, Fails):
        domain = seen.failure is not None and seen.failure.domain
        return replace(seen, value=None, failure=Failure("die", result.text, domain))
    return replace(seen, value=result, failure=None)


def _same(left: Any, right: Any) -> bool:
    """Whether two values have the same types and bits."""
    if isinstance(left, Fails) or isinstance(right, Fails):
        return bool(left == right)
    return literals.literal(left) == literals.literal(right)


def suggestion(sides: Sides, case: ComparedCase) -> str:
    """What to write into which file if a difference of results is meant."""
    port, names = sides.port, sides.name
    both = []
    for outcome in (case.perl, case.port):
        value = literals.perl_texts(outcome.shown)
        failed = isinstance(value, Failure)
        both.append(f"Fails({value.value!r})" if failed else literals.literal(value, names))
    arguments = literals.literal(tuple(case.arguments), names)
    known = f'Known({arguments}, perl={both[0]}, python={both[1]}, why="…")'
    entry = sides.task.pair.inputs[1]
    return f"in {port.file}: {entry} = Cases(known=[{known}])"
