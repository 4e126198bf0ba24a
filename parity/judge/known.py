"""Known differences: meant, declared in a cases file, and seen to be still there in every run."""

from __future__ import annotations

from typing import Any

from parity.calls.sides import Case, Sides
from parity.declarations import Fails, Known
from parity.errors import CannotRun
from parity.judge.equality import Failure
from parity.perl.process import Outcome
from parity.values import literals


def covers(sides: Sides, arguments: tuple[Any, ...]) -> bool:
    """Whether a known difference covers these arguments."""
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


def broken(sides: Sides) -> dict[str, Any] | None:
    """The first known difference that is not as declared any more, as it stands in the report."""
    for known in sides.port.cases.known:
        if not isinstance(known, Known):
            raise CannotRun(f"{sides.port.file}: known = [{known!r}], not parity.Known(...)")
        sides.port.check(known.example)
        if not _covers(sides, known, known.example):
            raise CannotRun(
                f"{sides.port.file}: the condition of the known difference {known.why!r} does not "
                "cover its own example"
            )
        (case,) = sides.run([known.example])
        why = _changed(sides, known, case)
        if why:
            report = sides.report(case, where="the known difference", why=why)
            del report["arguments"]  # it is nothing to be followed or made smaller
            return report
    return None


def _changed(sides: Sides, known: Known, case: Case) -> str:
    """What is not as declared, in words."""
    if case.difference is None:
        return f"both sides agree now: remove it ({known.why})"
    wanted = _outcome(known.perl, "die", case.perl)
    if sides.comparison.difference(case.perl, wanted):
        return f"Perl changed: {literals.literal(known.perl)} was declared ({known.why})"
    if not _same(_result(known.python), _result(Failure.of(case.python))):
        return f"Python changed: {literals.literal(known.python)} was declared ({known.why})"
    return ""


def _outcome(declared: Any, kind: str, seen: Outcome) -> Outcome:
    """An outcome with the result that was declared, and the rest as it was seen."""
    failed = isinstance(declared, Fails)
    value = declared.text if isinstance(declared, Fails) else declared
    return Outcome(value, kind if failed else "", seen.arguments, seen.printed, seen.domain)


def _result(value: Any) -> Any:
    if isinstance(value, Failure):
        return Fails(str(value.value))
    return value


def _same(left: Any, right: Any) -> bool:
    """The same types and bits."""
    if isinstance(left, Fails) or isinstance(right, Fails):
        return bool(left == right)
    return literals.literal(left) == literals.literal(right)


def suggestion(sides: Sides, case: Case) -> str:
    """What to write into which file where a difference of results is meant."""
    port, names = sides.port, sides.name
    both = []
    for outcome in (case.perl, case.python):
        value = literals.perl_texts(Failure.of(outcome))
        failed = isinstance(value, Failure)
        both.append(f"Fails({value.value!r})" if failed else literals.literal(value, names))
    arguments = literals.literal(tuple(case.arguments), names)
    known = f'Known({arguments}, perl={both[0]}, python={both[1]}, why="…")'
    entry = sides.task.pair.inputs[1]
    return f"in {port.file}: {entry} = Cases(known=[{known}])"
