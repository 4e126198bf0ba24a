"""The second judgement: a NumPy version against its loop port, within a derived bound.

rounding_bounds.py derives the bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from parity.calls.loading import load_module
from parity.calls.sides import Sides
from parity.errors import CannotRun
from parity.judge.equality import Comparison
from parity.judge.rounding_bounds import Bounded, NoBound, Undecided, arrays, carrying, lift
from parity.steps import Step
from parity.values import literals
from parity.values.copies import deep_copy
from parity.verdict import COULD_NOT_RUN, DIFFERS, NumpyVerdict

MAX_CASES = 150


@dataclass(frozen=True)
class _Compared:
    """The share of its bound that a case uses, where, and what both versions have there."""

    share: float
    where: str
    loop: Any
    version: Any


def judge(sides: Sides, rules: Comparison, cases: Sequence[tuple[Any, ...]]) -> NumpyVerdict | None:
    """The verdict on the NumPy version; None if there is none."""
    folder, pair = sides.task.settings.vectorized, sides.task.pair
    module_file = Path(*pair.python.stem.split(".")).with_suffix(".py")
    if folder is None or not (folder / module_file).is_file():
        return None
    sides.progress.step(Step.IMPORT)
    try:
        module = load_module(folder, pair.python.stem)
        version = getattr(module, pair.python.name, None)
        package = load_module(folder, "") if (folder / "__init__.py").is_file() else None
        own = getattr(package, "arrays", lambda value: NotImplemented)
        if version is None:
            return None
        return _Judge(sides, rules, module, version, own).judge(cases[:MAX_CASES])
    except CannotRun as error:
        return NumpyVerdict(COULD_NOT_RUN, reason=str(error))


@dataclass(frozen=True)
class _Judge:
    """Judges one version. own: the package's own way to make arrays of its values."""

    sides: Sides
    rules: Comparison
    module: ModuleType
    version: Callable[..., Any]
    own: Callable[[Any], Any]

    def judge(self, cases: Sequence[tuple[Any, ...]]) -> NumpyVerdict:
        worst, undecided = 0.0, 0
        with carrying(self.sides.task.settings.python):
            for number, case in enumerate(cases):
                self.sides.progress.step(Step.NUMPY, number)
                found = self.compare(case)
                if found is None:
                    undecided += 1
                elif found.share > 1:
                    return self.differs(found, case, number + 1, undecided)
                else:
                    worst = max(worst, found.share)
        if undecided == len(cases):
            raise CannotRun(f"all {undecided} cases are undecided")
        return NumpyVerdict("within bound", len(cases), undecided, worst_share=worst)

    def differs(
        self, found: _Compared, case: Sequence[Any], cases: int, undecided: int
    ) -> NumpyVerdict:
        version = found.version
        if isinstance(version, np.ndarray | np.generic):
            version = version.tolist()
        return NumpyVerdict(
            DIFFERS,
            cases,
            undecided,
            where=found.where,
            python=literals.to_json(found.loop),
            numpy=literals.to_json(version),
            input=[literals.to_json(argument, self.sides.name) for argument in case],
        )

    def compare(self, case: Sequence[Any]) -> _Compared | None:
        """Both versions on a case; None for undecided. Raises CannotRun."""
        lifted = [lift(argument) for argument in case]
        given = [self.shaped(deep_copy(argument)) for argument in case]
        try:
            loop, loop_failed = _called(self.sides.port.function, lifted)
        except Undecided:
            return None
        with np.errstate(all="ignore"):
            result, version_failed = _called(self.version, given)
        if loop_failed is not None:
            # Where a loop divides by zero, or leaves a function's domain, NumPy may go on with nan.
            domain = isinstance(loop_failed, ArithmeticError | ValueError)
            agreed = version_failed is not None or (domain and not _finite(result))
            share = 0.0 if agreed else math.inf
            return _Compared(share, "the error", _shown(loop_failed), "no error")
        if version_failed is not None:
            return _Compared(math.inf, "the error", "no error", _shown(version_failed))
        if self.rules.void:
            loop, result = lifted, given
        try:
            share, place, left, right = worst_share(arrays(loop, self.own), result)
        except Undecided:
            return None
        return _Compared(share, place or "the result", left, right)

    def shaped(self, value: Any) -> Any:
        """A value as the version takes it: arrays, and the version of a paired function."""
        name = self.sides.name(value) if callable(value) else None
        if name:
            return getattr(self.module, name.rpartition(".")[2])
        return arrays(value, self.own)


def _called(function: Callable[..., Any], arguments: Sequence[Any]) -> tuple[Any, Exception | None]:
    """What a call returned, or raised. Raises CannotRun, Undecided."""
    try:
        return function(*arguments), None
    except NoBound as error:
        raise CannotRun(str(error)) from None
    except Exception as error:
        return None, error


def _finite(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_finite, value))
    try:
        return bool(np.all(np.isfinite(value)))
    except TypeError:
        return True


def _shown(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def worst_share(loop: Any, vectorized: Any, path: str = "") -> tuple[float, str, Any, Any]:
    """The largest share of its bound that a number of the NumPy result uses, and where.

    loop: the loop port's result, of Bounded numbers, in the shape that `arrays` gives. A share of
    more than 1 is a difference; so is another shape, or another value of anything without a bound.
    """
    if isinstance(loop, Bounded):
        number = float(vectorized) if np.ndim(vectorized) == 0 and vectorized is not None else None
        if number is None or isinstance(vectorized, str | bytes):
            return math.inf, path, loop.value, vectorized
        if math.isnan(loop.value) or math.isnan(number) or math.isinf(loop.value):
            same = number == loop.value or (math.isnan(number) and math.isnan(loop.value))
            return (0.0 if same else math.inf), path, loop.value, number
        apart = abs(number - loop.value)
        bound = 2 * loop.radius
        share = apart / bound if bound else math.inf if apart else 0.0
        return share, path, loop.value, number
    worst: tuple[float, str, Any, Any] = (0.0, path, loop, vectorized)
    if isinstance(loop, np.ndarray | list | tuple):
        arrayed = isinstance(vectorized, list | tuple) or np.ndim(vectorized) > 0
        if not arrayed or len(loop) != len(vectorized):
            return math.inf, path, _plain(loop), vectorized
        pairs = [
            (f"{path}[{i}]", a, b) for i, (a, b) in enumerate(zip(loop, vectorized, strict=True))
        ]
    elif isinstance(loop, Mapping):
        if not isinstance(vectorized, Mapping) or loop.keys() != vectorized.keys():
            return math.inf, path, _plain(loop), vectorized
        pairs = [(f"{path}.{k}" if path else str(k), loop[k], vectorized[k]) for k in loop]
    else:
        same = loop is vectorized or bool(np.all(loop == vectorized))
        return (0.0 if same else math.inf), path, loop, vectorized
    for place, one, two in pairs:
        worst = max(worst, worst_share(one, two, place), key=lambda found: found[0])
    return worst


def _plain(value: Any) -> Any:
    """A value with its Bounded numbers as plain ones."""
    if isinstance(value, Bounded):
        return value.value
    if isinstance(value, np.ndarray | list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value
