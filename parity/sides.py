"""Both sides of one pair, loaded and called with the same cases. This runs in a child process."""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import io
import os
import shlex
import sys
import types
import typing
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from parity import CannotRun, DoesNotLoad, values
from parity.compare import Comparison, Difference
from parity.inputs import Port, constants, fresh
from parity.isolate import Progress
from parity.loading import load_cases, load_module
from parity.pairs import Pair
from parity.settings import Settings
from parity.wire import Function
from parity.worker import Outcome, Perl, PerlDied

BATCH = 64  # cases a message
# In boxes: twice the control run, for the first one leaves flags in the code's constants.
BOXED_RUNS = ("native", "native", "ieee")


@dataclass(frozen=True)
class Task:
    """One pair to be judged. pairs: all that there are."""

    settings: Settings
    pair: Pair
    pairs: Sequence[Pair]
    cases: int
    seed: int
    strict: bool = False
    vectorized: bool = True
    batch: int = BATCH
    explain: bool = True

    @property
    def number(self) -> int:
        """The seed of this pair's inputs."""
        digest = hashlib.sha256(f"{self.seed}:{self.pair.name}".encode()).digest()
        return int.from_bytes(digest[:8], "little")


@dataclass(frozen=True)
class Case:
    """One case, as both sides did it."""

    arguments: tuple[Any, ...]
    perl: Outcome
    python: Outcome
    difference: Difference | None
    explained: bool
    vivified: list[str]


class _Buffer(io.BytesIO):
    """A buffer that a port cannot close."""

    def close(self) -> None:
        """Keep what was written."""


class Sides:
    """Both sides of a pair, loaded, and how their outcomes are compared."""

    def __init__(self, progress: Progress, task: Task) -> None:
        self.progress, self.task = progress, task
        self._process = os.getpid()
        settings, pair = task.settings, task.pair
        home = settings.report.parent / "hypothesis"
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(home))
        progress.step("loading the Perl file")
        self._stack = contextlib.ExitStack()
        try:
            self.perl = self._start(boxed=False)
        except CannotRun as error:
            raise DoesNotLoad(str(error)) from None
        self._boxed: Perl | None = None
        progress.step("importing a Python module")
        self._capture()
        sys.stdin = io.StringIO()
        warnings.simplefilter("ignore")
        module = load_module(settings.python, pair.module)
        self.functions = {
            other.name: function
            for other in task.pairs
            if other.module == pair.module
            and callable(function := getattr(module, other.python.name, None))
        }
        self._names = {id(f): f"{n}" for n, f in self.functions.items()}
        self._subs = {other.name: other.perl.name for other in task.pairs}
        if pair.name not in self.functions:
            raise DoesNotLoad(f"{pair.python.file}: no function {pair.python.name} after import")
        self.port = self._port(module)
        self.context, self.comparison = self._annotated()
        self._between_perls = replace(self.comparison, listed=False, truth=False)

    def __enter__(self) -> Sides:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def name(self, function: Any) -> str | None:
        """A paired function's name, on either side; None for anything else."""
        if isinstance(function, Function):
            return next((name for name, sub in self._subs.items() if sub == function.name), None)
        return self._names.get(id(function))

    def sub(self, function: Any) -> str | None:
        """A paired function's Perl name."""
        return self._subs.get(self.name(function) or "")

    def arguments(self, case: Sequence[Any]) -> list[str]:
        """A case's arguments as Python literals."""
        return [values.literal(argument, self._short) for argument in case]

    def described(self, case: Sequence[Any]) -> str:
        """A case in one line."""
        texts = self.arguments(case)
        names = [*self.comparison.parameters, *("",) * len(texts)]
        line = ", ".join(f"{n} = {t}" if n else t for n, t in zip(names, texts, strict=False))
        line = line or "no arguments"
        return line if len(line) < 500 else line[:500] + " …"

    def run(self, cases: Sequence[tuple[Any, ...]], first: int = 0) -> Iterator[Case]:
        """Call both sides with each case; first: the number of the first one."""
        encoded = [self.perl.encode(case) for case in cases]
        self.progress.step("the Perl sub", first)
        self.perl.send(self.task.pair.perl.name, self.context, "plain", encoded)
        pythons = []
        for number, case in enumerate(cases, first):
            self.progress.port_case(number)
            pythons.append(self.call_port(case))
        self.progress.step("the Perl sub", first)
        perls = self.perl.receive()
        self._check_storage(cases, encoded, perls)
        for case, data, perl, python in zip(cases, encoded, perls, pythons, strict=True):
            difference = self.comparison.difference(perl, python)
            vivified = self.comparison.vivified
            explained = difference is not None and self._explains(data, perl, python)
            yield Case(case, perl, python, difference, explained, vivified)

    def call_port(self, case: tuple[Any, ...]) -> Outcome:
        """Call the port with a copy of the arguments."""
        arguments = [fresh(argument) for argument in case]
        error, domain = "", False
        try:
            value = self.port.function(*arguments)
        except Exception as caught:
            error, value = type(caught).__name__, caught.args[0] if caught.args else ""
            domain = isinstance(caught, ZeroDivisionError | ValueError)
        except BaseException as caught:
            name = type(caught).__name__
            raise CannotRun(f"the port raised {name} on {self.described(case)}") from None
        if os.getpid() != self._process:
            os._exit(0)  # a copy made by fork came back, too
        try:
            value = fresh(value)
        except RecursionError:
            raise CannotRun(
                f"the port's result leads back to itself, or is nested too deeply, on "
                f"{self.described(case)}"
            ) from None
        return Outcome(value, error, arguments, self._printed(), domain)

    def differs(self, case: Case) -> bool:
        """Whether a case speaks against the port."""
        if self.task.strict and case.vivified:
            return True
        return case.difference is not None and (self.task.strict or not case.explained)

    def report(self, case: Case) -> dict[str, Any]:
        """A differing case, as it stands in the report."""
        difference = case.difference
        if difference is None:
            where = f"argument {case.vivified[0]} after the call"
            why = "reading it created it in Perl (--strict)"
            difference = Difference(where, why, case.perl.arguments, list(case.arguments), ("", ""))
        perl, python = (values.perl_texts(difference.perl), difference.python)
        texts = self.arguments(case.arguments)
        dashes = ["--"] if any(text.startswith("-") for text in texts) else []
        words = ["parity", "call", *_options(self.task), self.task.pair.name, *dashes, *texts]
        left, right = (values.perl_texts(difference.at[0]), difference.at[1])
        return {
            "input": [values.to_json(argument, self.name) for argument in case.arguments],
            "perl": values.to_json(perl, self.name),
            "python": values.to_json(python, self.name),
            "where": difference.where,
            "why": difference.why,
            "reproduce": shlex.join(words),
            "shown": {
                "input": self.described(case.arguments),
                "perl": [values.literal(left), values.hexadecimal(left)],
                "python": [values.literal(right, self._short), values.hexadecimal(right)],
            },
            "arguments": texts,
        }

    def _short(self, function: Any) -> str | None:
        return (self.name(function) or "").rpartition(".")[2] or None

    def _start(self, boxed: bool) -> Perl:
        settings = self.task.settings
        perl = Perl(
            settings.exe,
            self.task.pair.perl.file,
            [settings.perl],
            boxed=boxed,
            names=self.sub,
        )
        return self._stack.enter_context(perl)

    def _port(self, module: ModuleType) -> Port:
        pair, settings = self.task.pair, self.task.settings
        function = self.functions[pair.name]
        try:
            hints = typing.get_type_hints(function, include_extras=True)
            inspect.signature(function)
        except Exception as error:
            raise CannotRun(f"the port's type hints cannot be read: {error}") from None
        file = settings.cases.joinpath(*pair.module.split(".")).with_suffix(".py")
        cases = load_cases(file, function.__name__)
        texts = [pair.perl.text(), inspect.getsource(function)]
        texts += [p.read_text("utf-8", "replace") for p in (pair.perl.file, pair.python.file)]
        others = list(self.functions.values())
        return Port(file, function, hints, cases, others, constants(*texts))

    def _annotated(self) -> tuple[str, Comparison]:
        hints = dict(self.port.hints)
        result = hints.get("return", Any)
        options = typing.get_args(result) if _is_union(result) else (result,)
        listed = any((typing.get_origin(o) or o) is tuple for o in options)
        void = "return" in hints and result is type(None)
        comparison = Comparison(
            names=self.sub,
            parameters=tuple(inspect.signature(self.port.function).parameters),
            truth=result is bool,
            text_numbers=self.port.cases.text_numbers,
            listed=listed,
            void=void,
        )
        return "list" if listed else "void" if void else "scalar", comparison

    def _printed(self) -> bytes:
        if sys.stdout is not self.output:
            sys.stdout = self.output
        printed = self._buffer.getvalue()
        if self.output.closed:
            self._capture()
        elif printed:
            self._buffer.seek(0)
            self._buffer.truncate()
        return printed

    def _capture(self) -> None:
        """What the port prints goes into a buffer from now on."""
        self._buffer = _Buffer()
        self.output = io.TextIOWrapper(
            self._buffer, "utf-8", "surrogatepass", "", write_through=True
        )
        sys.stdout = self.output

    def _check_storage(
        self, cases: Sequence[Any], encoded: Sequence[bytes], perls: Sequence[Outcome]
    ) -> None:
        """A text of characters 0x80 to 0xFF has two storages in Perl; both have to do the same."""
        chosen = [index for index, case in enumerate(cases) if _has_two_storages(case)]
        if not chosen:
            return
        upgraded = self.perl.call(
            self.task.pair.perl.name, self.context, "upgraded", [encoded[i] for i in chosen]
        )
        for index, other in zip(chosen, upgraded, strict=True):
            found = self._between_perls.difference(perls[index], other)
            if found:
                raise CannotRun(
                    "the sub's result depends on how Perl stores the characters 0x80 to 0xFF: "
                    f"on {self.described(cases[index])} it is {values.perl_literal(found.perl)} "
                    f"for one byte a character, {values.perl_literal(found.python)} for UTF-8; "
                    "utf8::upgrade the text there, or `use feature 'unicode_strings'`"
                )

    def _explains(self, data: bytes, perl: Outcome, python: Outcome) -> bool:
        """Whether Perl in IEEE doubles does what the port does: see Parity::Box."""
        if not self.task.explain:
            return False
        self.progress.step("the Perl sub in boxes")
        try:
            if self._boxed is None:
                self._boxed = self._start(boxed=True)
            name = self.task.pair.perl.name
            runs = [(s, self._boxed.call(name, self.context, s, [data])[0]) for s in BOXED_RUNS]
            if any(outcome.tainted for _, outcome in runs):
                return False
            native = [outcome for storage, outcome in runs if storage == "native"]
            if all(self._between_perls.difference(perl, outcome) for outcome in native):
                return False
            return self.comparison.difference(runs[-1][1], python) is None
        except (PerlDied, CannotRun):
            if self._boxed is not None:
                self._boxed.close()
            self._boxed = None
            return False


def run_again(task: Task) -> str:
    """The command line that runs a pair with the same cases."""
    counts = ["--cases", str(task.cases), "--seed", str(task.seed)]
    return shlex.join(["parity", "run", *_options(task), *counts, task.pair.name])


def _options(task: Task) -> list[str]:
    strict = ["--strict"] if task.strict else []
    return strict if task.settings.exe == "perl" else [*strict, "--perl", task.settings.exe]


def _has_two_storages(value: Any) -> bool:
    if isinstance(value, str):
        return not value.isascii() and max(map(ord, value)) < 256
    if isinstance(value, dict):
        return any(_has_two_storages(k) or _has_two_storages(v) for k, v in value.items())
    return isinstance(value, list | tuple) and any(map(_has_two_storages, value))


def _is_union(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType)
