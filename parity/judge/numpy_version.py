"""The second judgement: a NumPy version against its loop port, within the bound of `bounds`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from parity.calls.loading import load_module
from parity.calls.sides import Sides
from parity.errors import CannotRun
from parity.inputs.strategies import fresh
from parity.judge import rounding_bounds
from parity.judge.rounding_bounds import arrays, worst_share
from parity.steps import Step
from parity.values import literals

MOST = 150  # cases


def judge(sides: Sides, cases: Sequence[tuple[Any, ...]]) -> dict[str, Any] | None:
    """The field `vectorized` of the report; None where there is no NumPy version."""
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
        return _judge(sides, module, version, own, cases[:MOST]) if version else None
    except CannotRun as error:
        return {"verdict": "could not run", "reason": str(error)}


def _judge(
    sides: Sides,
    module: ModuleType,
    version: Callable[..., Any],
    own: Callable[[Any], Any],
    cases: Sequence[tuple[Any, ...]],
) -> dict[str, Any]:
    worst, undecided = 0.0, 0
    with rounding_bounds.carrying(sides.task.settings.python):
        for number, case in enumerate(cases):
            sides.progress.step(Step.NUMPY, number)
            found = _judge_case(sides, module, version, own, case)
            if found is None:
                undecided += 1
                continue
            share = found.pop("share")
            if share > 1:
                found["input"] = [literals.to_json(argument, sides.name) for argument in case]
                counts = {"cases": number + 1, "undecided": undecided}
                return {"verdict": "differs", **counts, **found}
            worst = max(worst, share)
    if undecided == len(cases):
        raise CannotRun(f"all {undecided} cases are undecided")
    counts = {"cases": len(cases), "undecided": undecided}
    return {"verdict": "within bound", **counts, "worst_share": worst}


def _judge_case(
    sides: Sides,
    module: ModuleType,
    version: Callable[..., Any],
    own: Callable[[Any], Any],
    case: Sequence[Any],
) -> dict[str, Any] | None:
    """The share of the bound that a case uses, and where; None for undecided."""

    def shaped(value: Any) -> Any:
        name = sides.name(value) if callable(value) else None
        return getattr(module, name.rpartition(".")[2]) if name else arrays(value, own)

    lifted = [rounding_bounds.lift(argument) for argument in case]
    given = [shaped(fresh(argument)) for argument in case]
    loop_failed, numpy_failed = None, None
    try:
        loop = sides.port.function(*lifted)
    except rounding_bounds.Undecided:
        return None
    except rounding_bounds.NoBound as error:
        raise CannotRun(str(error)) from None
    except Exception as error:
        loop_failed = error
    try:
        with np.errstate(all="ignore"):
            result = version(*given)
    except Exception as error:
        numpy_failed = error
    if loop_failed is not None:
        # Where a loop divides by zero, or leaves a function's domain, NumPy may go on with nan.
        domain = isinstance(loop_failed, ArithmeticError | ValueError)
        agreed = numpy_failed is not None or (domain and not _finite(result))
        return _found(0.0 if agreed else math.inf, "the error", _said(loop_failed), "no error")
    if numpy_failed is not None:
        return _found(math.inf, "the error", "no error", _said(numpy_failed))
    if sides.comparison.void:
        loop, result = lifted, given
    try:
        share, place, left, right = worst_share(arrays(loop, own), result)
    except rounding_bounds.Undecided:
        return None
    return _found(share, place or "the result", left, right)


def _found(share: float, where: str, loop: Any, version: Any) -> dict[str, Any]:
    shown = version.tolist() if isinstance(version, np.ndarray | np.generic) else version
    return {
        "share": share,
        "where": where,
        "python": literals.to_json(loop),
        "numpy": literals.to_json(shown),
    }


def _finite(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_finite, value))
    try:
        return bool(np.all(np.isfinite(value)))
    except TypeError:
        return True


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
