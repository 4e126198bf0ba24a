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
from parity.inputs.pattern_texts import pattern_texts
from parity.inputs.texts import KnownTexts

MOST_WORDS = 100  # that are put into the places of a pattern's groups


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
    constants, own_texts, patterns: what stands in the sources of both sides, see source_values.py.
    usual: whether the usual edge values of the type hints are drawn.
    seed: of the texts that match patterns.
    """

    file: Path
    function: Callable[..., Any]
    hints: dict[str, Any]
    cases: Cases
    functions: Sequence[Callable[..., Any]]
    constants: Sequence[Any]
    own_texts: Sequence[str] = ()
    patterns: Sequence[str] = ()
    usual: bool = True
    seed: int = 0

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
    def texts(self) -> KnownTexts:
        """What texts are made of: those in the sources, and some that match a pattern there."""
        kinds = list(map(read, self.hints.values()))
        if not any(contains_type(kind, text) for kind in kinds for text in (str, bytes)):
            return KnownTexts()
        others = [str(one) for one in self.constants if type(one) in (str, int)]
        words = [one for one in others if one.isalnum()][:MOST_WORDS]
        groups: dict[str, dict[str, None]] = {}  # by the first text, for both sides have a pattern
        for pattern in self.patterns:
            matching = pattern_texts(pattern, self.seed, words)
            groups.setdefault("".join(matching[:1]), {}).update(dict.fromkeys(matching))
        return KnownTexts(self.own_texts, list(map(list, groups.values())), others)

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
