"""Judging the pairs: run both sides on the same cases, compare, make a difference small."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.util
import inspect
import io
import os
import shlex
import sys
import time
import typing
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from parity import CannotRun, Cases, isolate, values
from parity.compare import Comparison, Difference
from parity.inputs import Port, constants, explore, fresh, make
from parity.isolate import Died, Progress, Stopped, isolated, side_by_side
from parity.pairs import Pair
from parity.settings import Settings
from parity.wire import Function
from parity.worker import Outcome, Perl, PerlDied

BATCH = 64  # cases a message
BOXED_RUNS = ("native", "native", "ieee")
SHRINKING = 15.0  # seconds in which a failing input is made smaller


class DoesNotLoad(CannotRun):
    """A file of the pair does not load (exit status 2)."""


DoesNotLoad.__module__ = "parity"


@dataclass(frozen=True)
class Task:
    """One pair to be judged. pairs: all that there are. perl: the words --perl PERL, if given."""

    settings: Settings
    pair: Pair
    pairs: Sequence[Pair]
    cases: int
    seed: int
    strict: bool = False
    batch: int = BATCH
    explain: bool = True

    @property
    def number(self) -> int:
        """The seed of this pair's inputs."""
        digest = hashlib.sha256(f"{self.seed}:{self.pair.name}".encode()).digest()
        return int.from_bytes(digest[:8], "little")


@dataclass
class Tally:
    """What the cases of one pair came to."""

    cases: int = 0
    failed: int = 0
    explained: int = 0
    worst: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)
    differing: int | None = None
    perl_died: str | None = None

    def note(self, text: str) -> None:
        """Remember something that the user should know; once, and not too much."""
        if text not in self.notes and len(self.notes) < 5:
            self.notes.append(text)


# --- one pair ---------------------------------------------------------------------------------


def judge(task: Task) -> dict[str, Any]:
    """The verdict on a pair, as it stands in the report."""
    start = time.monotonic()
    entry: dict[str, Any] = {"name": task.pair.name, "verdict": "could not run", "cases": 0}
    entry["explained"] = 0
    try:
        entry |= _judge(task)
    except DoesNotLoad as error:
        entry |= {"reason": str(error), "load": False}
    except CannotRun as error:
        entry["reason"] = str(error)
    except isolate.ChildFailed as error:
        entry["reason"] = f"parity itself failed: {str(error).strip().splitlines()[-1]}"
    entry["seconds"] = round(time.monotonic() - start, 3)
    return entry


def call(task: Task, texts: Sequence[str]) -> dict[str, Any]:
    """Both sides on arguments given as Python literals, for `parity call`."""
    result: dict[str, Any] = _watched(call_once, task, tuple(texts))
    return result


def _judge(task: Task) -> dict[str, Any]:
    tally = _watched(run_cases, task)
    entry: dict[str, Any] = {
        "cases": tally.cases,
        "explained": tally.explained,
        "failed": tally.failed,
        "notes": tally.notes,
    }
    if tally.worst:
        entry["worst_explained"] = tally.worst
    if tally.perl_died:
        raise CannotRun(f"{tally.perl_died}; not again when the cases were called one by one")
    if tally.differing is not None:
        found: dict[str, Any] = _watched(minimise, task, tally.differing)
        again = found and call(task, found.pop("arguments"))
        if not again or again["difference"] is None:
            found["why"] = "only after other calls: one side keeps state between calls"
            found["reproduce"] = (
                f"parity run {task.pair.name} --cases {task.cases} --seed {task.seed}"
            )
        return entry | {"verdict": "differs"} | found
    if tally.failed == tally.cases:
        raise CannotRun(
            f"no case returned: both sides failed in all {tally.cases}"
            + (f" ({tally.notes[-1]})" if tally.notes else "")
        )
    return entry | {"verdict": "identical"}


def _watched(function: Callable[..., Any], task: Task, *arguments: Any) -> Any:
    """Run in a child. A sub that stops it is called again case by case, to know the input."""
    limits = {"timeout": task.settings.timeout, "memory": task.settings.memory}
    died = None
    for batch in sorted({task.batch, 1}, reverse=True):
        task = replace(task, batch=batch)
        try:
            result = isolated(function, task, *arguments, **limits)
        except Stopped as stopped:
            if stopped.phase == "the Perl sub in boxes" and task.explain:
                return _watched(function, replace(task, explain=False), *arguments)
            if stopped.phase == "the Perl sub" and batch > 1:
                died = None
                continue
            raise CannotRun(_where_it_stopped(task, stopped)) from None
        if not isinstance(result, Tally) or result.perl_died is None:
            if isinstance(result, Tally):
                result.perl_died = died
            return result
        died = result.perl_died
        if batch == 1:
            raise CannotRun(died)
    raise AssertionError("unreachable")


def _where_it_stopped(task: Task, stopped: Stopped) -> str:
    text = f"{stopped.phase} {stopped.why}"
    if stopped.phase in ("the Perl sub", "the Python port"):
        with contextlib.suppress(Stopped, CannotRun, isolate.ChildFailed):
            arguments = isolated(show_case, task, stopped.case, timeout=60.0, memory=4096)
            text += f" on {arguments}"
    return text


# --- what runs in the child -------------------------------------------------------------------


class Sides:
    """Both sides of a pair, loaded, and how their outcomes are compared."""

    def __init__(self, progress: Progress, task: Task) -> None:
        self.progress, self.task = progress, task
        settings, pair = task.settings, task.pair
        progress.step("loading the Perl file")
        self._stack = contextlib.ExitStack()
        try:
            self.perl = self._start(boxed=False)
        except CannotRun as error:
            raise DoesNotLoad(str(error)) from None
        self._boxed: Perl | None = None
        progress.step("importing the Python module")
        self.output = io.TextIOWrapper(io.BytesIO(), "utf-8", "surrogatepass", "", write_through=True)
        sys.stdout = self.output
        sys.stdin = open(os.devnull, encoding="utf-8")
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

    def __enter__(self) -> Sides:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def name(self, function: Any) -> str | None:
        """A paired function's name, None for anything else."""
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
            value = fresh(self.port.function(*arguments))
        except Exception as caught:
            error, value = type(caught).__name__, caught.args[0] if caught.args else ""
            domain = isinstance(caught, ZeroDivisionError | ValueError)
        except BaseException as caught:
            name = type(caught).__name__
            raise CannotRun(f"the port raised {name} on {self.described(case)}") from None
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
        words = ["parity", "call", *self._exe(), self.task.pair.name, *dashes, *texts]
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

    def _exe(self) -> list[str]:
        return [] if self.task.settings.exe == "perl" else ["--perl", self.task.settings.exe]

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
        advice = (
            f"write in {file}: from hypothesis import strategies as st; from parity import Cases; "
            f"{function.__name__} = Cases(st.tuples(...))"
        )
        others = list(self.functions.values())
        return Port(function, hints, cases, others, constants(*texts), advice)

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
        if self.output.closed:
            self.output = io.TextIOWrapper(
                io.BytesIO(), "utf-8", "surrogatepass", "", write_through=True
            )
            sys.stdout = self.output
        buffer = typing.cast(io.BytesIO, self.output.buffer)
        if not buffer.tell():
            return b""
        printed = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return printed

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
            found = self.comparison.difference(perls[index], other)
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
            # Twice the control run: the first one leaves flags in the code's constants.
            runs = [(s, self._boxed.call(name, self.context, s, [data])[0]) for s in BOXED_RUNS]
            if any(outcome.tainted for _, outcome in runs):
                return False
            same = self.comparison.difference
            return any(s == "native" and same(perl, outcome) is None for s, outcome in runs) and (
                same(runs[-1][1], python) is None
            )
        except (PerlDied, CannotRun):
            if self._boxed is not None:
                self._boxed.close()
            self._boxed = None
            return False


@dataclass(frozen=True)
class Case:
    """One case, as both sides did it."""

    arguments: tuple[Any, ...]
    perl: Outcome
    python: Outcome
    difference: Difference | None
    explained: bool
    vivified: list[str]


def run_cases(progress: Progress, task: Task) -> Tally:
    """Run all cases, up to the first that differs."""
    tally = Tally()
    with Sides(progress, task) as sides:
        progress.step("making the inputs")
        cases = make(sides.port, task.cases, task.number, progress.tick)
        for first in range(0, len(cases), task.batch):
            batch = cases[first : first + task.batch]
            try:
                judged = list(sides.run(batch, first))
            except PerlDied as died:
                where = f" on {sides.described(batch[0])}" if len(batch) == 1 else ""
                tally.perl_died = f"{died}{where}"
                return tally
            for number, case in enumerate(judged, first):
                tally.cases += 1
                _count(tally, sides, case)
                if sides.differs(case):
                    tally.differing = number
                    return tally
    return tally


def _count(tally: Tally, sides: Sides, case: Case) -> None:
    if case.perl.error and case.python.error:
        tally.failed += 1
        if tally.failed == 1:
            tally.note(f"both fail: {values.perl_literal(case.perl.value)}")
    if case.perl.warnings:
        tally.note(f"Perl warns: {case.perl.warnings[0]}")
    if case.vivified:
        place = case.vivified[0]
        tally.note(f"reading creates {place or 'an element'} in an argument in Perl only")
    if case.explained:
        tally.explained += 1
        report = sides.report(case)
        report["distance"] = _distance(case.difference)
        if tally.worst is None or report["distance"] > tally.worst["distance"]:
            tally.worst = {
                key: report[key] for key in ("input", "perl", "python", "where", "distance", "shown")
            }


def _distance(difference: Difference | None) -> float:
    """How far two numbers are apart, relative to the larger; 0 for the sign of a zero."""
    assert difference is not None
    left, right = difference.at
    if not all(isinstance(number, int | float) for number in (left, right)):
        return 0.0
    size = max(abs(left), abs(right))
    apart = abs(left - right) / size if size else 0.0
    return apart if apart == apart and apart != float("inf") else 1.0


def minimise(progress: Progress, task: Task, number: int) -> dict[str, Any]:
    """Make a differing case small: the report's fields of it. Empty if it does not differ alone."""
    with Sides(progress, task) as sides:
        progress.step("making the inputs")
        case = make(sides.port, task.cases, task.number, progress.tick)[number]
        (best,) = sides.run([case])
        if not sides.differs(best):
            return {}
        until = time.monotonic() + SHRINKING
        found: list[Case] = []

        def test(arguments: tuple[Any, ...]) -> None:
            if time.monotonic() > until:
                return
            (tried,) = sides.run([arguments])
            if sides.differs(tried):
                found.append(tried)
                raise _Differs

        with contextlib.suppress(_Differs, CannotRun, PerlDied):
            explore(sides.port, task.cases, task.number, test, shrink=True)
        return sides.report(found[-1] if found else best)


class _Differs(Exception):
    pass


def call_once(progress: Progress, task: Task, texts: tuple[str, ...]) -> dict[str, Any]:
    """Both sides on arguments given as literals: what each did, and whether that differs."""
    with Sides(progress, task) as sides:
        functions = dict(sides.functions)
        functions |= {name.rpartition(".")[2]: f for name, f in sides.functions.items()}
        arguments = tuple(values.parse(text, functions) for text in texts)
        try:
            (case,) = sides.run([arguments])
        except PerlDied as died:
            raise CannotRun(str(died)) from None
        return {
            "given": sides.arguments(arguments),
            "perl": _shown(case.perl, sides),
            "python": _shown(case.python, sides),
            "difference": sides.report(case) if sides.differs(case) else None,
            "explained": case.explained,
        }


def _shown(outcome: Outcome, sides: Sides) -> dict[str, Any]:
    shown = values.perl_texts(values.Failure.of(outcome))
    return {
        "value": values.literal(shown, sides.name),
        "hex": values.hexadecimal(shown),
        "arguments": sides.arguments(values.perl_texts(outcome.arguments)),
        "printed": outcome.printed.decode("utf-8", "backslashreplace"),
        "warnings": list(outcome.warnings),
    }


def show_case(progress: Progress, task: Task, number: int) -> str:
    """A case in one line."""
    with Sides(progress, task) as sides:
        cases = make(sides.port, task.cases, task.number, progress.tick)
        return sides.described(cases[number])


def _has_two_storages(value: Any) -> bool:
    if isinstance(value, str):
        return not value.isascii() and max(map(ord, value)) < 256
    if isinstance(value, dict):
        return any(_has_two_storages(k) or _has_two_storages(v) for k, v in value.items())
    return isinstance(value, list | tuple) and any(map(_has_two_storages, value))


def _is_union(hint: Any) -> bool:
    import types

    return typing.get_origin(hint) in (typing.Union, types.UnionType)


# --- loading Python ---------------------------------------------------------------------------


def load_module(folder: Path, name: str) -> ModuleType:
    """A module of the port: of the package that the folder is, or a file of a plain folder.

    Neither may hide a module of the standard library, whatever the port's files are called.
    """
    file = folder.joinpath(*name.split(".")).with_suffix(".py")
    try:
        if (folder / "__init__.py").is_file():
            sys.path.append(str(folder.parent))
            if folder.name not in sys.modules:
                _load_file(folder.name, folder / "__init__.py", [str(folder)])
            return importlib.import_module(f"{folder.name}.{name}")
        sys.path.append(str(folder))
        taken = name in sys.modules or name.partition(".")[0] in sys.stdlib_module_names
        return _load_file(f"parity_port.{name}" if taken else name, file)
    except BaseException as error:
        raise DoesNotLoad(f"{_place(error, file)}: {_said(error)}") from None


def load_cases(file: Path, name: str) -> Cases:
    """A port's entry in its cases file."""
    if not file.is_file():
        return Cases()
    try:
        found = getattr(_load_file(f"parity_cases.{file.stem}", file), name, Cases())
    except BaseException as error:
        raise DoesNotLoad(f"{_place(error, file)}: {_said(error)}") from None
    if not isinstance(found, Cases):
        raise CannotRun(f"{file}: {name} is {type(found).__name__}, not parity.Cases(...)")
    return found


def _load_file(name: str, file: Path, package: list[str] | None = None) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=package)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _place(error: BaseException, file: Path) -> str:
    """FILE:LINE where an import failed: the last place in the user's own folders."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    place, trace = str(file), error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if Path(name).is_relative_to(file.parent):
            place = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _said(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {text}".splitlines()[0]


# --- many pairs -------------------------------------------------------------------------------


def run(tasks: Sequence[Task], jobs: int) -> Iterator[dict[str, Any] | None]:
    """The verdicts as they come; None now and then, so that who waits can do something."""
    for task, entry in side_by_side(judge, tasks, jobs):
        if isinstance(entry, Died):
            reason = f"parity's process for it {entry}"
            entry = {"name": task.pair.name, "verdict": "could not run", "reason": reason}
            entry |= {"cases": 0, "explained": 0, "seconds": 0.0}
        yield entry
