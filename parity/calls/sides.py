"""Both sides of one pair, loaded and called with the same cases. This runs in a child process."""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import re
import shlex
import sys
import tempfile
import types
import typing
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from parity.calls.loading import load_cases, load_module, search
from parity.declarations import Cases
from parity.errors import CannotRun, DoesNotLoad
from parity.inputs import source_values
from parity.inputs.hints import mentions, typed
from parity.inputs.strategies import Port, fresh, scalars
from parity.judge.equality import Comparison, Difference
from parity.perl.codec import Function
from parity.perl.process import Outcome, Perl, PerlDied
from parity.processes.child import Progress
from parity.project.did_you_mean import did_you_mean
from parity.project.pairs import Pair
from parity.project.source import Source
from parity.steps import Step
from parity.task import Task
from parity.values import literals

HASH_SEEDS = (1, 2, 3)  # other orders of a hash's keys than the usual one of PERL_HASH_SEED=0
# In boxes: twice the control run, for the first one leaves flags in the code's constants.
BOXED_RUNS = ("native", "native", "ieee")


@dataclass(frozen=True)
class Case:
    """One case, as both sides did it."""

    arguments: tuple[Any, ...]
    perl: Outcome
    python: Outcome
    difference: Difference | None
    explained: bool
    vivified: list[str]


class _Output(io.FileIO):
    """What standard output goes to, which a port cannot close."""

    def close(self) -> None:
        """Leave it open."""


class Sides:
    """Both sides of a pair, loaded, and how their outcomes are compared."""

    def __init__(self, progress: Progress, task: Task) -> None:
        self.progress, self.task = progress, task
        self._process = os.getpid()
        settings, pair = task.settings, task.pair
        self._class = [pair.perl.name.rpartition("::")[0]] if pair.declared.method else []
        os.environ.update(settings.env)
        home = settings.report.parent / "hypothesis"
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(home))
        progress.step(Step.LOAD_PERL)
        self._stack = contextlib.ExitStack()
        try:
            self.perl = self._start()
        except CannotRun as error:
            text, file = str(error), pair.perl.file
            if f"Can't locate {file} in @INC" in text:
                text = f"there is no {file}, in the Perl folders or installed, for {pair.perl_name}"
            raise DoesNotLoad(text) from None
        self._boxed: Perl | None = None
        self._upgraded: Perl | None = None
        progress.step(Step.IMPORT)
        tap = tempfile.TemporaryFile()  # noqa: SIM115 (the stack closes it)
        self._stack.enter_context(tap)
        self._tap = tap.fileno()
        os.dup2(self._tap, 1)  # for what the programs print that the port starts
        self._capture()
        sys.stdin = io.StringIO()
        warnings.simplefilter("ignore")
        search(settings.python)
        module = load_module(pair.python.folder, pair.python.stem)
        here = [other for other in task.pairs if other.python.file == pair.python.file]
        found = {other.name: function_of(module, other.python.name) for other in here}
        self.functions = {name: function for name, function in found.items() if function}
        self._names = {id(f): f"{n}" for n, f in self.functions.items()}
        self._subs = {other.name: other.perl.name for other in task.pairs}
        if pair.name not in self.functions:
            hint = did_you_mean(pair.python.name, dir(module))
            file = getattr(module, "__file__", pair.python.file)
            raise DoesNotLoad(f"{file}: no function {pair.python.name} after import{hint}")
        self.port = self._port()
        self._reseed = self._seeding()
        self.comparison = comparison(self.sub, self.port.function, pair, self.port.cases)
        self.context = self.comparison.context
        self.between_perls = replace(self.comparison, listed=False, result=Any)
        self.printed()  # while the module was imported

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

    def parse(self, texts: Sequence[str]) -> tuple[Any, ...]:
        """Arguments that are given as literals and names of paired functions."""
        functions = dict(self.functions)
        functions |= {name.rpartition(".")[2]: f for name, f in self.functions.items()}
        found = [literals.parse(text, functions) for text in texts]
        wanted = [self.port.hints.get(name) for name in self.comparison.parameters]
        wanted += [None] * len(found)
        return tuple(typed(hint, value) for hint, value in zip(wanted, found, strict=False))

    def arguments(self, case: Sequence[Any]) -> list[str]:
        """A case's arguments as Python literals."""
        return [literals.literal(argument, self._short) for argument in case]

    def described(self, case: Sequence[Any]) -> str:
        """A case in one line."""
        texts = self.arguments(case)
        names = [*self.comparison.parameters, *("",) * len(texts)]
        line = ", ".join(f"{n} = {t}" if n else t for n, t in zip(names, texts, strict=False))
        line = line or "no arguments"
        return line if len(line) < 500 else line[:500] + " …"

    def run(self, cases: Sequence[tuple[Any, ...]], numbers: Sequence[int] = ()) -> Iterator[Case]:
        """Call both sides with each case; numbers: theirs in the run."""
        encoded = [self.encode(case) for case in cases]
        numbers = numbers or range(len(cases))
        self.progress.step(Step.PERL, numbers[0])
        self.perl.send(self.task.pair.perl.name, self.context, "plain", encoded)
        pythons = []
        for number, case in zip(numbers, cases, strict=False):
            self.progress.step(Step.PORT, number)
            pythons.append(self.call_port(case))
        self.progress.step(Step.PERL, numbers[0])
        perls = self._without_class(self.perl.receive())
        self._check_storage(cases, encoded, perls)
        found, vivified = [], []
        for perl, python in zip(perls, pythons, strict=True):
            try:
                found.append(self.comparison.difference(perl, python))
            except CannotRun as error:
                raise CannotRun(f"{error}, on {self.described(cases[len(found)])}") from None
            vivified.append(self.comparison.vivified)
        differing = [
            index
            for index, difference in enumerate(found)
            if difference and has_doubles(cases[index])
        ]
        explained = self._explained(differing, encoded, perls, pythons)
        for index, case in enumerate(cases):
            both = perls[index], pythons[index]
            yield Case(case, *both, found[index], index in explained, vivified[index])

    def call_port(self, case: tuple[Any, ...]) -> Outcome:
        """Call the port with a copy of the arguments."""
        arguments = [fresh(argument) for argument in case]
        error, domain = "", False
        self._reseed()
        try:
            value = self.port.function(*arguments)
        except Exception as caught:
            value, error, domain = failure(caught)
        except BaseException as caught:
            name = type(caught).__name__
            raise CannotRun(f"the port raised {name} on {self.described(case)}") from None
        self.leave_if_forked()
        try:
            value, after = fresh(value), fresh(arguments)  # a later call may change them
        except RecursionError:
            raise CannotRun(
                "the port's result, or an argument after the call, leads back to itself, or is "
                f"nested too deeply, on {self.described(case)}"
            ) from None
        return Outcome(value, error, after, self.printed(), domain)

    def differs(self, case: Case) -> bool:
        """Whether a case speaks against the port."""
        if self.task.strict and case.vivified:
            return True
        return case.difference is not None and (self.task.strict or not case.explained)

    def report(self, case: Case, where: str = "", why: str = "") -> dict[str, Any]:
        """A differing case, as it stands in the report; where and why, if not the difference's."""
        difference = case.difference
        if difference is None and case.vivified:
            where = f"argument {case.vivified[0]} after the call"
            why = "reading it created it in Perl (--strict)"
            difference = Difference(where, why, case.perl.arguments, list(case.arguments), ("", ""))
        if difference is None:
            both = (case.perl.value, case.python.value)
            difference = Difference(where, why, *both, both)
        perl, python = (literals.perl_texts(difference.perl), difference.python)
        texts = self.arguments(case.arguments)
        left, right = (literals.perl_texts(difference.at[0]), difference.at[1])
        return {
            "input": [literals.to_json(argument, self.name) for argument in case.arguments],
            "perl": literals.to_json(perl, self.name),
            "python": literals.to_json(python, self.name),
            "where": where or difference.where,
            "why": why or difference.why,
            "reproduce": reproduce(self.task, self.task.pair, texts),
            "shown": {
                "input": self.described(case.arguments),
                "perl": [literals.literal(left), literals.hexadecimal(left)],
                "python": [literals.literal(right, self._short), literals.hexadecimal(right)],
            },
            "arguments": texts,
        }

    def _short(self, function: Any) -> str | None:
        return (self.name(function) or "").rpartition(".")[2] or None

    def encode(self, case: Sequence[Any]) -> bytes:
        """A case as it goes to Perl: before a class method's arguments comes the class."""
        return self.perl.encode([*self._class, *case])

    def _call(self, perl: Perl, storage: str, cases: Sequence[bytes]) -> list[Outcome]:
        name = self.task.pair.perl.name
        return self._without_class(perl.call(name, self.context, storage, cases))

    def _without_class(self, outcomes: list[Outcome]) -> list[Outcome]:
        """The outcomes, without the class among the arguments afterwards."""
        first = len(self._class)
        if not first:
            return outcomes
        return [replace(one, arguments=one.arguments[first:]) for one in outcomes]

    def _start(self, boxed: bool = False) -> Perl:
        """A perl that lives as long as the sides."""
        return self._stack.enter_context(self.new_perl(boxed=boxed))

    def new_perl(self, exe: str = "", boxed: bool = False, hash_seed: int = 0) -> Perl:
        """A perl with the sub's file loaded. exe: to start it in another way."""
        settings, pair = self.task.settings, self.task.pair
        module = pair.perl.folder is None or pair.perl.file.suffix == ".pm"
        file = pair.perl.file.relative_to(pair.perl.folder or "") if module else pair.perl.file
        perl = Perl(
            exe or settings.exe,
            file,
            settings.perl,
            boxed=boxed,
            hash_seed=hash_seed,
            declared=[other.perl.name for other in self.task.pairs if not other.perl.line],
            names=self.sub,
        )
        if settings.srand is not None:
            perl.seed(settings.srand)
        return perl

    def upgraded(self) -> Perl:
        """A perl for text that is stored as UTF-8. Raises CannotRun."""
        if self._upgraded is None:
            self._upgraded = self._start()
        return self._upgraded

    def boxed(self) -> Perl:
        """The perl whose numbers are in boxes: see ieee_box.pl. Raises CannotRun."""
        if self._boxed is None:
            self._boxed = self._start(boxed=True)
        return self._boxed

    def drop_boxed(self) -> None:
        """End that perl; another one is started when it is needed."""
        if self._boxed is not None:
            self._boxed.close()
        self._boxed = None

    def _seeding(self) -> Callable[[], object]:
        """What seeds the port's generator before each call, if anything does."""
        settings = self.task.settings
        module, _, function = settings.seed.partition(":")
        if settings.srand is None or not function:
            return lambda: None
        file = Path(*module.split(".")).with_suffix(".py")
        folder = next((folder for folder in settings.python if (folder / file).is_file()), None)
        seed = function_of(load_module(folder, module), function)
        if seed is None:
            raise DoesNotLoad(f"the setting `seed` names {settings.seed}, which is no function")
        return lambda: seed(settings.srand)

    def _port(self) -> Port:
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
        files = [(source.file, language) for source, language in both if source.file.is_file()]
        texts += [(file.read_text("utf-8", "replace"), language) for file, language in files]
        constants, patterns = source_values.constants(*texts), source_values.patterns(*texts)
        others = list(self.functions.values())
        return Port(file, function, hints, cases, others, constants, patterns)

    def leave_if_forked(self) -> None:
        """End this process where it is a copy that the port made by fork, and came back, too."""
        if os.getpid() != self._process:
            os._exit(0)

    def printed(self) -> bytes:
        """What the port printed since the last look."""
        if sys.stdout is not self._output:
            self._capture()
        size = os.fstat(self._tap).st_size
        if not size:
            return b""
        printed = os.pread(self._tap, size, 0)
        os.ftruncate(self._tap, 0)
        os.lseek(self._tap, 0, os.SEEK_SET)
        return printed

    def _capture(self) -> None:
        """What the port prints goes at once to where its programs print, from now on."""
        output: Any = _Output(self._tap, "w", closefd=False)
        self._output = io.TextIOWrapper(output, "utf-8", "surrogatepass", "", write_through=True)
        sys.stdout = self._output

    def _check_storage(
        self, cases: Sequence[Any], encoded: Sequence[bytes], perls: Sequence[Outcome]
    ) -> None:
        """A text of characters 0x80 to 0xFF has two storages in Perl; both have to do the same."""
        chosen = [index for index, case in enumerate(cases) if has_two_storages(case)]
        if not chosen:
            return
        upgraded = self._call(self.upgraded(), "upgraded", [encoded[i] for i in chosen])
        for index, other in zip(chosen, upgraded, strict=True):
            if not self.between_perls.difference(perls[index], other):
                continue
            plain = self._afresh(encoded[index])  # what was called before may make the difference
            other = self._afresh(encoded[index], storage="upgraded")
            found = self.between_perls.difference(plain, other)
            if found:
                raise CannotRun(
                    "the sub's result depends on how Perl stores the characters 0x80 to 0xFF: "
                    f"on {self.described(cases[index])} it is {literals.perl_literal(found.perl)} "
                    f"for one byte a character, {literals.perl_literal(found.python)} for UTF-8; "
                    "utf8::upgrade the text there, or `use feature 'unicode_strings'`"
                )

    def check_hash_order(self, case: Case) -> None:
        """Raises CannotRun where the sub does something else with its hashes in another order."""
        data = self.encode(case.arguments)
        usual = self._afresh(data)
        for hash_seed in HASH_SEEDS:
            found = self.between_perls.difference(usual, self._afresh(data, hash_seed))
            if found:
                raise CannotRun(
                    "the sub's result depends on the order in which Perl keeps the keys of a hash: "
                    f"on {self.described(case.arguments)} it is "
                    f"{literals.perl_literal(found.perl)}, and with PERL_HASH_SEED={hash_seed} "
                    f"{literals.perl_literal(found.python)}; let it sort the keys"
                )

    def _afresh(self, data: bytes, hash_seed: int = 0, storage: str = "plain") -> Outcome:
        """What the sub does with a case in a perl of its own."""
        with self.new_perl(hash_seed=hash_seed) as perl:
            return self._call(perl, storage, [data])[0]

    def _explained(
        self,
        chosen: Sequence[int],
        encoded: Sequence[bytes],
        perls: Sequence[Outcome],
        pythons: Sequence[Outcome],
    ) -> set[int]:
        """In which of these cases Perl in IEEE doubles does what the port does: see ieee_box.pl."""
        if not self.task.explain or not chosen:
            return set()
        self.progress.step(Step.BOXES)
        try:
            data = [encoded[index] for index in chosen]
            runs = [self._call(self.boxed(), storage, data) for storage in BOXED_RUNS]
            return {
                index
                for index, *outcomes in zip(chosen, *runs, strict=True)
                if self._explains(perls[index], pythons[index], outcomes)
            }
        except (PerlDied, CannotRun):
            self.drop_boxed()
            if len(chosen) == 1:
                return set()
            alone = [self._explained([index], encoded, perls, pythons) for index in chosen]
            return set().union(*alone)

    def _explains(self, perl: Outcome, python: Outcome, boxed: Sequence[Outcome]) -> bool:
        *native, ieee = boxed
        if any(outcome.tainted for outcome in boxed):
            return False
        if all(self.between_perls.difference(perl, outcome) for outcome in native):
            return False
        apart = self.between_perls.difference(*native)
        if apart and not all(isinstance(one, int | float) for one in apart.at):
            return False  # no arithmetic, but state
        return self.comparison.difference(ieee, python) is None


def comparison(
    names: Callable[[Any], str | None], function: Callable[..., Any], pair: Pair, cases: Cases
) -> Comparison:
    """How a pair's outcomes are compared: as the settings, its type hints and its cases say."""
    hints: dict[str, Any] = {}
    parameters: Sequence[str] = ()
    with contextlib.suppress(Exception):  # of a function in C they may be unknown
        hints = typing.get_type_hints(function)
        parameters = tuple(inspect.signature(function).parameters)
    result = hints.get("return", Any)
    options = typing.get_args(result) if _is_union(result) else (result,)
    declared = pair.declared.context
    listed = any((typing.get_origin(o) or o) is tuple for o in options)
    void = "return" in hints and result is type(None)
    if declared:
        listed, void = declared == "list", declared == "void"
    return Comparison(
        names=names,
        parameters=tuple(parameters),
        result=_with_bool(result),
        hints=tuple(_with_bool(hints.get(name)) for name in parameters),
        text_numbers=cases.text_numbers,
        listed=listed,
        tuples=not declared,
        void=void,
    )


def _with_bool(hint: Any) -> Any:
    """The hint, where there is a bool in it: no other is of use, and to look into it takes time."""
    return hint if mentions(hint, bool) else Any


def failure(error: Exception) -> tuple[Any, str, bool]:
    """What an Outcome says of an exception: its value, its type, whether a domain was left."""
    domain = isinstance(error, ZeroDivisionError | ValueError)
    value = error.args[0] if error.args else ""
    usual = (BaseException.__str__, KeyError.__str__)  # else the class has a text of its own
    if type(error).__str__ not in usual and not isinstance(value, list | dict):
        with contextlib.suppress(Exception):  # it may fail itself
            value = str(error)
    return value, type(error).__name__, domain


def reproduce(task: Task, pair: Pair, texts: Sequence[str]) -> str:
    """The command line that calls a pair with these arguments."""
    dashes = ["--"] if any(text.startswith("-") for text in texts) else []
    words = ["parity", "call", *_options(task), pair.name, *dashes, *texts]
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    """A word for the shell; a literal in single quotes is easier to read in double ones."""
    plain = "'" in word and not re.search(r'["$`!]|\\(?=[\\\n]|$)', word)
    return f'"{word}"' if plain else shlex.quote(word)


def run_again(task: Task) -> str:
    """The command line that runs a pair with the same cases."""
    counts = ["--cases", str(task.cases), "--seed", str(task.seed)]
    return shlex.join(["parity", "run", *_options(task), *counts, task.pair.name])


def _options(task: Task) -> list[str]:
    strict = ["--strict"] if task.strict else []
    return strict if task.settings.exe == "perl" else [*strict, "--perl", task.settings.exe]


def function_of(module: Any, name: str) -> Callable[..., Any] | None:
    """A module's function, or a class's method as CLASS.METHOD."""
    for part in name.split("."):
        module = getattr(module, part, None)
    return module if callable(module) else None


def has_doubles(case: Sequence[Any]) -> bool:
    """Whether a number of the arguments is one that goes into a box: see ieee_box.pl."""
    return any(isinstance(value, float) for value in scalars(list(case)))


def has_two_storages(value: Any) -> bool:
    """Whether there is text of characters 0x80 to 0xFF in it: see Sides._check_storage."""
    if isinstance(value, str):
        return not value.isascii() and max(map(ord, value)) < 256
    if isinstance(value, dict):
        return any(has_two_storages(k) or has_two_storages(v) for k, v in value.items())
    return isinstance(value, list | tuple) and any(map(has_two_storages, value))


def _is_union(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType)
