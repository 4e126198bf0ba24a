"""When are two results equal: the same bits, the same structure, the same failure."""

from __future__ import annotations

import contextlib
import inspect
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import Any

from parity.calls.context import context_of
from parity.declarations import Cases
from parity.errors import CannotRun
from parity.inputs.hints import ANY, Kind, contains_type, element, is_bool, read
from parity.outcome import Outcome
from parity.project.pairs import Pair
from parity.values.perl_values import Dual, Function, Uncrossable, characters, same_double


@dataclass(frozen=True)
class Difference:
    """Where two outcomes part.

    where: the place, like "values[3]". why: what is wrong there, in words; may be "".
    perl, python: the whole of what was compared: both results, or an argument, or the output.
    at: the two values at the place itself.
    """

    where: str
    why: str
    perl: Any
    python: Any
    at: tuple[Any, Any]


@dataclass
class Comparison:
    """How one pair's outcomes are compared.

    names: gives a function's Perl name, None for anything else. parameters: for messages.
    result: the port's hint of it, for where that is bool, Perl's truth counts; hints: those of the
    parameters. text_numbers: see `parity.Cases`.
    listed: the sub was called in list context, for the port returns a tuple; or, where the
    settings say so, a list as well (`tuples` is false). void: its result means nothing.
    """

    names: Callable[[Any], str | None] = lambda function: None
    parameters: tuple[str, ...] = ()
    result: Any = Any
    hints: tuple[Any, ...] = ()
    text_numbers: bool = False
    listed: bool = False
    tuples: bool = True
    void: bool = False
    vivified: list[str] = field(default_factory=list)

    @cached_property
    def _result_kind(self) -> Kind:
        return read(self.result)

    @cached_property
    def _kinds(self) -> tuple[Kind, ...]:
        return tuple(map(read, self.hints))

    @cached_property
    def between_perls(self) -> Comparison:
        """How two runs of the sub are compared."""
        return replace(self, listed=False, result=Any)

    @property
    def returns_bool(self) -> bool:
        """Whether the port's result is a bool, so that Perl's truth counts."""
        return self.result is bool

    def difference(self, perl: Outcome, python: Outcome) -> Difference | None:
        """The first difference of two outcomes, or None. Fills `vivified`.

        Raises CannotRun for a Perl value that cannot cross.
        """
        self.vivified = []
        return (
            self._failures(perl, python)
            or self._results(perl, python)
            or self._arguments(perl, python)
            or self._printed(perl, python)
        )

    def _failures(self, left: Outcome, right: Outcome) -> Difference | None:
        perl, python = left.failure, right.failure
        sides = (left.shown, right.shown)
        if perl is None or python is None:
            if perl is python:
                return None
            return Difference(
                "the error", f"only {'Perl' if perl else 'Python'} fails", *sides, sides
            )
        if perl.domain:
            if python.domain:
                return None
        elif not isinstance(perl.value, str):  # died with data
            if not self._first(perl.value, python.value, ""):
                return None
        elif perl.value in (text := str(python.value), text.removesuffix("\n")):
            return None
        # An object without a text can only be matched by the name of its class.
        tail = str(perl.value).removeprefix("object:").rpartition("::")[2]
        if perl.is_object and tail == python.type:
            return None
        return Difference("the error", "the errors differ", *sides, sides)

    def _results(self, perl: Outcome, python: Outcome) -> Difference | None:
        if perl.failure or self.void:
            return None
        value = perl.value
        if self.listed:
            kinds = (tuple, type(None)) if self.tuples else (tuple, list, type(None))
            if not isinstance(python.value, kinds):
                wanted = "annotated as a tuple" if self.tuples else "called in list context"
                why = f"{wanted}, the port returned {type(python.value).__name__}"
                why += "" if self.tuples else ", not a tuple or a list"
                sides = (value, python.value)
                return Difference("the result", why, *sides, sides)
            if python.value is None and value == []:
                return None
        elif isinstance(python.value, tuple) and not isinstance(value, list):
            why = "annotate the port's result as a tuple to call the sub in list context"
            return Difference("the result", why, value, python.value, (value, python.value))
        found = self._first(value, python.value, "", hint=self._result_kind)
        if not found:
            return None
        path, why, at = found
        return Difference(path or "the result", why, value, python.value, at)

    def _arguments(self, perl: Outcome, python: Outcome) -> Difference | None:
        for index, (left, right) in enumerate(zip(perl.arguments, python.arguments, strict=True)):
            if left is right:  # neither side changed it
                continue
            hint = self._kinds[index] if index < len(self._kinds) else ANY
            found = self._first(left, right, "", argument=True, hint=hint)
            if found:
                path, why, at = found
                name = self.parameters[index] if index < len(self.parameters) else f"[{index}]"
                joint = "" if not path or path.startswith(("[", "{")) else "."
                where = f"argument {name}{joint}{path} after the call"
                return Difference(where, why, left, right, at)
        return None

    def _printed(self, perl: Outcome, python: Outcome) -> Difference | None:
        if perl.printed == python.printed:
            return None
        # Perl prints characters below 256 as one byte each, as long as no other is among them.
        text = python.printed.decode("utf-8", "backslashreplace")
        small = all(ord(character) < 256 for character in text)
        if small and perl.printed == text.encode("latin-1"):
            return None
        sides = (perl.printed.decode("utf-8", "backslashreplace"), text)
        return Difference("the printed output", "", *sides, sides)

    def _first(
        self, perl: Any, python: Any, path: str, *, argument: bool = False, hint: Kind = ANY
    ) -> tuple[str, str, tuple[Any, Any]] | None:
        """The path to the first difference, in words what it is, and both values there."""

        def differ(why: str = "") -> tuple[str, str, tuple[Any, Any]]:
            return path, why, (perl, python)

        if isinstance(perl, Function) and perl.name.endswith("::__ANON__"):
            perl = Uncrossable("reference to an anonymous sub")
        if isinstance(perl, Uncrossable):
            place = f"{'argument' if argument else 'result'} {path}".strip()
            raise CannotRun(
                f"Perl's {place} is of a kind that cannot cross ({perl.type}); let the sub return "
                "plain data"
            )
        if isinstance(perl, Function):
            if perl == python or self.names(python) == perl.name:
                return None
            return differ(f"Perl has the sub {perl.name}")
        if isinstance(python, Enum):  # a member is its value in Perl
            python = python.value
        if isinstance(python, list | tuple):
            if not isinstance(perl, list):
                return differ(f"Python has a {type(python).__name__}, Perl {kind(perl)}")
            return self._lists(perl, python, path, argument, hint)
        if isinstance(python, Mapping):
            if not isinstance(perl, dict):
                return differ(f"Python has a dict, Perl {kind(perl)}")
            return self._hashes(perl, python, path, argument, hint)
        truth = isinstance(python, bool) and is_bool(hint)
        if perl is None and (path or contains_type(hint, type(None))):  # a bare `return` is false
            truth = False
        if isinstance(perl, list | dict) and not truth:
            if argument and python is None and _hollow(perl):
                self.vivified.append(path)
                return None
            return differ(f"Perl has {kind(perl)}, Python {kind(python)}")
        why = scalar_difference(perl, python, truth=truth, text_numbers=self.text_numbers)
        return None if why is None else differ(why)

    def _lists(
        self, perl: list[Any], python: Any, path: str, argument: bool, hint: Kind
    ) -> tuple[str, str, tuple[Any, Any]] | None:
        for index, (left, right) in enumerate(zip(perl, python, strict=False)):
            place = f"{path}[{index}]"
            found = self._first(left, right, place, argument=argument, hint=element(hint, index))
            if found:
                return found
        if len(perl) == len(python):
            return None
        more = perl[len(python) :]
        if argument and more and _grown(more):
            self.vivified.append(f"{path}[{len(python)}]")
            return None
        return path, f"of length {len(perl)} in Perl, {len(python)} in Python", (perl, python)

    def _hashes(
        self,
        perl: dict[Any, Any],
        python: Mapping[Any, Any],
        path: str,
        argument: bool,
        hint: Kind,
    ) -> tuple[str, str, tuple[Any, Any]] | None:
        left = {characters(key): value for key, value in perl.items()}
        right: dict[str, Any] = {}
        for key, value in python.items():
            if not isinstance(key, str | bytes):
                why = f"Python's key {key!r} is {kind(key)}; a key of a Perl hash is always text"
                return path, why, (perl, python)
            if characters(key) in right:
                return path, f"Python's keys {key!r} are one in Perl", (perl, python)
            right[characters(key)] = value
        for key, value in right.items():
            place = _key_path(path, key)
            if key not in left:
                return place, f"Perl has no key {key!r}", (perl, python)
            found = self._first(left[key], value, place, argument=argument, hint=element(hint, key))
            if found:
                return found
        for key in sorted(left.keys() - right.keys()):
            place = _key_path(path, key)
            if not (argument and _hollow(left[key])):
                return place, f"Python has no key {key!r}", (perl, python)
            self.vivified.append(place)
        return None


def rules_of(
    names: Callable[[Any], str | None], function: Callable[..., Any], pair: Pair, cases: Cases
) -> Comparison:
    """How a pair's outcomes are compared: as the settings, its type hints and its cases say."""
    hints: dict[str, Any] = {}
    parameters: Sequence[str] = ()
    with contextlib.suppress(Exception):  # of a function in C they may be unknown
        hints = typing.get_type_hints(function)
        parameters = tuple(inspect.signature(function).parameters)
    context = context_of(function, pair)
    return Comparison(
        names=names,
        parameters=tuple(parameters),
        result=_with_bool(hints.get("return", Any)),
        hints=tuple(_with_bool(hints.get(name)) for name in parameters),
        text_numbers=cases.text_numbers,
        listed=context.name == "list",
        tuples=not context.declared,
        void=context.name == "void",
    )


def _with_bool(hint: Any) -> Any:
    """The hint, where there is a bool in it: no other is of use, and to look into it takes time."""
    return hint if contains_type(read(hint), bool) else Any


def scalar_difference(
    perl: Any, python: Any, *, truth: bool = False, text_numbers: bool = False
) -> str | None:
    """None where a Perl scalar equals a Python value; otherwise what is wrong, maybe "".

    truth: a bool is compared by Perl's truth. text_numbers: numbers may come as their text.
    """
    if truth and isinstance(python, bool):
        return None if perl_truth(perl) == python else "not the same truth in Perl"
    if perl is None or python is None:
        return None if perl is python else f"Perl has {kind(perl)}, Python {kind(python)}"
    if isinstance(python, bool) and perl in ("", b""):  # how Perl writes false
        return "" if python else None
    if isinstance(python, str | bytes):
        if isinstance(perl, bool):
            perl = "1" if perl else ""
        text = perl.text if isinstance(perl, Dual) else perl
        if not isinstance(text, str | bytes):
            return f"Perl has a number, Python {kind(python)}"
        return None if characters(text) == characters(python) else ""
    number = python.number if isinstance(python, Dual) else python
    if not isinstance(number, int | float):
        return f"Python has {kind(python)}, which equals nothing in Perl"
    if isinstance(perl, str | bytes):
        if text_numbers and characters(perl) == _perl_number_text(number):
            return None
        return f"Perl has the text {characters(perl)!r}, Python {kind(python)}"
    return number_difference(perl.number if isinstance(perl, Dual) else perl, number)


def number_difference(perl: float | int, python: float | int) -> str | None:
    """None for the same number; a double has to have the same bits."""
    if isinstance(perl, float) and isinstance(python, float):
        return None if same_double(perl, python) else ""
    if perl != python:
        wide = isinstance(python, int) and isinstance(perl, float) and abs(python) >= 2**53
        return "Perl's integer became a double" if wide else ""
    minus_zero = any(isinstance(n, float) and same_double(n, -0.0) for n in (perl, python))
    return "the integer 0 is not -0.0" if minus_zero else None


def perl_truth(value: Any) -> bool:
    """Whether Perl takes a value for true."""
    if isinstance(value, Dual):
        value = value.text
    if value is None or isinstance(value, str | bytes):
        return value not in (None, "", b"", "0", b"0")
    return not (isinstance(value, int | float) and value == 0)


def kind(value: Any) -> str:
    """A value's type in words."""
    names = {
        type(None): "undef" if value is None else "",
        bool: "a bool",
        int: "an integer",
        float: "a number",
        str: "text",
        bytes: "text",
        list: "a list",
        tuple: "a tuple",
        dict: "a hash",
        Dual: "a number that is text, too",
    }
    return names.get(type(value)) or f"a value of type {type(value).__name__}"


def _hollow(value: Any) -> bool:
    """What mere reading creates: an empty list or hash, or one that holds nothing but such."""
    if isinstance(value, dict):
        return all(_hollow(item) for item in value.values())
    return isinstance(value, list) and (not value or _grown(value))


def _grown(items: list[Any]) -> bool:
    """What reading past the end of a list adds: undefs, and an empty list or hash at last."""
    return _hollow(items[-1]) and all(item is None or _hollow(item) for item in items)


def _key_path(path: str, key: str) -> str:
    if key.isidentifier():
        return f"{path}.{key}" if path else key
    return f"{path}{{{key!r}}}"


def _perl_number_text(value: float) -> str:
    if isinstance(value, int):
        return str(int(value))
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": "NaN", "inf": "Inf", "-inf": "-Inf"}[repr(value)]
    return f"{value:.15g}"
