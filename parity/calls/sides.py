"""Both sides of one pair, loaded, and called with the same batches; for a process of its own."""

from __future__ import annotations

import contextlib
import inspect
import os
import time
import typing
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from parity.calls.context import Context, context_of
from parity.calls.loading import load_cases, load_module, search
from parity.calls.port_caller import PortCaller, PortRaised
from parity.calls.sub_caller import SubCaller
from parity.errors import CannotRun, DoesNotLoad
from parity.inputs import source_values
from parity.inputs.cases import AdaptiveBatches, Batch, batch_of
from parity.inputs.port import Port
from parity.outcome import BatchOutcome, Outcome, Unfinished, Unseparated
from parity.perl import codec
from parity.perl.process import Calls
from parity.processes.child import Progress, isolated
from parity.project.did_you_mean import did_you_mean
from parity.project.source import Source
from parity.steps import Step
from parity.task import Task
from parity.values import literals
from parity.values.columns import Flags, Integers, Nothing, Numbers, Texts
from parity.values.perl_values import Function

SCALAR_COLUMNS = (Numbers, Integers, Flags, Texts, Nothing)


@dataclass(frozen=True)
class Exchange:
    """A batch, and what both sides did with it; or two runs of the same side."""

    batch: Batch
    left: BatchOutcome
    right: BatchOutcome
    names: codec.Names

    def row(self, row: int, case: Sequence[Any] | None = None) -> tuple[Outcome, Outcome]:
        """What both did with one case. case: its arguments, if they are at hand.

        An argument that neither changed is the same object in both.
        """
        given = list(self.batch.case(row) if case is None else case)
        as_perl = [
            codec.as_perl_returns(one, self.names)
            if (number in self.right.changed) and number not in self.left.changed
            else one
            for number, one in enumerate(given)
        ]
        return self.left.row(row, as_perl), self.right.row(row, given)


class Sides:
    """Both sides of a pair: loads them and calls them. Only for a process of its own.

    pairs: all pairs, those of the sub's file first. It changes standard output, standard input, the
    environment and the warnings of its process. Raises DoesNotLoad, CannotRun.
    """

    def __init__(self, progress: Progress, task: Task) -> None:
        self.progress, self.task = progress, task
        os.environ.update(task.settings.env)
        time.tzset()
        home = task.settings.report.parent / "hypothesis"
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(home))
        warnings.simplefilter("ignore")
        file = task.pair.perl.file  # another may have subs of the same names
        self.pairs = sorted(task.pairs, key=lambda other: other.perl.file != file)
        self._subs = {other.name: other.perl.name for other in self.pairs}
        self._names: dict[int, str] = {}
        progress.step(Step.LOAD_PERL)
        self.sub = SubCaller(task, self.sub_name)
        progress.step(Step.IMPORT)
        self.caller = PortCaller()
        self.functions = self._load_functions()
        self._names = {id(f): f"{n}" for n, f in self.functions.items()}
        self.port = self._describe_port()
        function = self.port.function
        self.parameters = _parameters(function)
        self.context: Context = context_of(function, task.pair)
        self.caller.use(function, self._seed())
        pair = task.pair
        self.invocant = pair.perl.name.rpartition("::")[0] if pair.declared.method else None

    def __enter__(self) -> Sides:
        return self

    def __exit__(self, *exception: object) -> None:
        self.sub.close()
        self.caller.close()

    # --- loading

    def _load_functions(self) -> dict[str, Callable[..., Any]]:
        """The ports in the file of this one, by the pair's name."""
        task, pair = self.task, self.task.pair
        search(task.settings.python)
        module = load_module(pair.python.folder, pair.python.stem)
        here = [other for other in task.pairs if other.python.file == pair.python.file]
        found = {other.name: function_of(module, other.python.name) for other in here}
        functions = {name: function for name, function in found.items() if function}
        if pair.name not in functions:
            hint = did_you_mean(pair.python.name, dir(module))
            file = getattr(module, "__file__", pair.python.file)
            raise DoesNotLoad(f"{file}: no function {pair.python.name} after import{hint}")
        return functions

    def _describe_port(self) -> Port:
        pair, settings = self.task.pair, self.task.settings
        function = self.functions[pair.name]
        module, name = pair.inputs
        file = settings.cases_file(module)
        cases = load_cases(file, name, needed=bool(pair.declared.inputs))
        hints = {}
        try:
            hints = typing.get_type_hints(function, include_extras=True)
            inspect.signature(function)
        except Exception as error:
            if cases.inputs is None:
                raise CannotRun(f"the port's type hints cannot be read: {error}") from None
        both: list[tuple[Source, Literal["perl", "python"]]]
        both = [(pair.perl, "perl"), (pair.python, "python")]
        texts = [(source.text(), language) for source, language in both]
        files = [
            (source.file.read_text("utf-8", "replace"), language)
            for source, language in both
            if source.file.is_file()
        ]
        values = source_values.read(texts, files)
        return Port(
            file,
            function,
            hints,
            cases,
            list(self.functions.values()),
            values.constants,
            values.own_texts,
            values.patterns,
            seed=self.task.input_seed,
        )

    def _seed(self) -> Callable[[], object] | None:
        """What seeds the port's generator before each call, if anything does."""
        settings = self.task.settings
        module, _, function = settings.seed.partition(":")
        if settings.srand is None or not function:
            return None
        file = Path(*module.split(".")).with_suffix(".py")
        folder = next((folder for folder in settings.python if (folder / file).is_file()), None)
        seed = function_of(load_module(folder, module), function)
        if seed is None:
            raise DoesNotLoad(f"the setting `seed` names {settings.seed}, which is no function")
        return lambda: seed(settings.srand)

    # --- names

    def name(self, function: Any) -> str | None:
        """A paired function's name, on either side; None for anything else."""
        if isinstance(function, Function):
            return next((name for name, sub in self._subs.items() if sub == function.name), None)
        return self._names.get(id(function))

    def sub_name(self, function: Any) -> str | None:
        """A paired function's Perl name; None for anything else."""
        return self._subs.get(self.name(function) or "")

    def short_name(self, function: Any) -> str | None:
        """A paired function's name without its file, as a command line has it."""
        return (self.name(function) or "").rpartition(".")[2] or None

    def described(self, case: Sequence[Any]) -> str:
        """A case in one line."""
        texts = [literals.literal(argument, self.short_name) for argument in case]
        names = [*self.parameters, *("",) * len(texts)]
        line = ", ".join(f"{n} = {t}" if n else t for n, t in zip(names, texts, strict=False))
        line = line or "no arguments"
        return line if len(line) < 500 else line[:500] + " …"

    # --- calling

    def calls(self, batch: Batch) -> Calls:
        """The calls of the sub with a batch."""
        sub = self.task.pair.perl.name
        return Calls(sub, self.context.name, self.invocant, len(batch), batch.columns)

    def call(self, batch: Batch) -> Exchange:
        """Both sides on a batch. Raises PerlDied, Unseparated, CannotRun."""
        (exchange,) = self.call_each([batch])
        return exchange

    def call_cases(self, cases: Sequence[tuple[Any, ...]]) -> Exchange:
        """Both sides on cases that have as many arguments."""
        return self.call(batch_of(cases))

    def call_each(self, batches: Iterable[Batch]) -> Iterator[Exchange]:
        """Both sides on each batch: perl at the same time as the port. Raises as `call`.

        The next batch is drawn while perl works on this one.
        """
        following = iter(batches)
        batch = self._next(following)
        while batch is not None:
            start = time.monotonic()
            try:
                self.progress.step(Step.PERL, batch.first)
                self.sub.main.send(self.calls(batch))
                self.progress.step(Step.PORT, batch.first)
                right = self._call_port(batch)
                after = self._next(following)
                self.progress.step(Step.PERL, batch.first)
                (left,) = self.sub.main.receive()
            except Unfinished as error:
                if len(batch) == 1:
                    error.args = (f"{error} on {self.described(batch.case(0))}",)
                error.number = batch.first
                raise
            seconds = (time.monotonic() - start) / len(batch)
            if isinstance(batches, AdaptiveBatches):
                batches.took(seconds, left.column.size() / len(batch))
            yield Exchange(batch, left, right, self.sub_name)
            batch = after

    def _next(self, batches: Iterator[Batch]) -> Batch | None:
        self.progress.step(Step.DRAW)
        return next(batches, None)

    def _call_port(self, batch: Batch) -> BatchOutcome:
        with_items = [
            number
            for number, column in enumerate(batch.columns)
            if not isinstance(column, SCALAR_COLUMNS)
        ]
        try:
            return self.caller.call(batch.arguments(), len(batch), with_items)
        except PortRaised as raised:
            if len(batch) > 1:
                raise Unseparated from None
            raise CannotRun(f"{raised} on {self.described(batch.case(0))}") from None

    def call_port(self, case: tuple[Any, ...]) -> Outcome:
        """The port alone, on one case."""
        batch = batch_of([case])
        return self._call_port(batch).row(0, batch.case(0))

    def in_copy(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """function(sides, *arguments) in a copy of this process, with a copy of its perl.

        Raises what the function raises, and Stopped; this process is then of no use any more.
        """
        self.sub.main.fork()
        timeout = self.task.timeout
        found = isolated(_in_copy, self, function, *arguments, timeout=timeout, memory=0)
        self.sub.main.leave()
        self.progress.tick()
        return found


def _in_copy(progress: Progress, sides: Sides, function: Callable[..., Any], *rest: Any) -> Any:
    sides.progress = progress
    sides.caller.forked()
    return function(sides, *rest)


def function_of(module: Any, name: str) -> Callable[..., Any] | None:
    """A module's function, or a class's method as CLASS.METHOD."""
    for part in name.split("."):
        module = getattr(module, part, None)
    return module if callable(module) else None


def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    with contextlib.suppress(Exception):  # of a function in C they may be unknown
        typing.get_type_hints(function)
        return tuple(inspect.signature(function).parameters)
    return ()
