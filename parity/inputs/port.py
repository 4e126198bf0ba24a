"""A port as the drawing of its inputs sees it."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from parity.declarations import Cases
from parity.errors import CannotRun
from parity.inputs.hints import ANY, Kind, contains_type, read
from parity.inputs.texts import matching


@dataclass(frozen=True)
class DrawnCase:
    """The arguments of a case. entropy: Hypothesis' bytes that they were drawn from, if any."""

    arguments: tuple[Any, ...]
    entropy: bytes | None = None


@dataclass(frozen=True)
class Port:
    """A port, its hints, its entry in the cases file, and what the sources say of its inputs.

    file: its cases file, which need not exist.
    functions: the paired functions that may be given as arguments.
    constants: the numbers and texts in the sources of both sides.
    patterns: the regular expressions there.
    usual: whether the usual edge values of the type hints are drawn.
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
        """The positional parameters, in order. Raises CannotRun if one is keyword-only."""
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
        """The numbers of arguments that are known to fit."""
        return set()

    def check(self, arguments: tuple[Any, ...]) -> None:
        """Raises CannotRun if the port cannot be called with these arguments."""
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
        """What texts are made of: those in the sources, and some that match a pattern there."""
        kinds = list(map(read, self.hints.values()))
        if not any(contains_type(kind, text) for kind in kinds for text in (str, bytes)):
            return []
        found = [text for pattern in self.patterns for text in matching(pattern)]
        found += [str(one) for one in self.constants if type(one) in (str, int)]
        return list(dict.fromkeys(found))

    def hint(self, parameter: inspect.Parameter) -> Any:
        """A parameter's type hint. Raises CannotRun if there is none."""
        if parameter.name not in self.hints:
            raise CannotRun(
                f"the port's parameter {parameter.name} has no type hint; {self.advice}"
            )
        return self.hints[parameter.name]

    @cached_property
    def kinds(self) -> list[Kind]:
        """What the type hints say of the parameters, ANY where there is none."""
        return [
            read(self.hints[one.name]) if one.name in self.hints else ANY for one in self.parameters
        ]
