"""How much of a pair its cases reached: lines and branches of the port, statements of the sub.

It is measured on a part of the cases, after they have been judged. Perl has a worker of its own for
it, line_coverage.pl. Each side's part ends early where nothing is missing.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import itertools
import json
import random
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import coverage

from parity.calls.sides import Sides
from parity.errors import CannotRun
from parity.inputs.cases import batch_of
from parity.outcome import PerlDied, Unseparated
from parity.perl import process
from parity.perl.process import Calls, Perl
from parity.processes import scratch
from parity.project import perl_source, perl_statements
from parity.project.pairs import perl_name
from parity.steps import Step
from parity.verdict import Coverage, PortCoverage, SubCoverage

PART = 100  # cases on which it is measured, at most
FEW = 24  # and at first, beside the examples
LINES = process.WORKER.with_name("line_coverage.pl")
BATCH = 16  # cases a message

Case = tuple[Any, ...]


def measure(sides: Sides, cases: Sequence[Case]) -> Coverage:
    """What the cases reached on both sides."""
    port, port_cases = _reach(sides, _Port, cases)
    sub, sub_cases = _reach(sides, _Sub, cases)
    return Coverage(
        max(port_cases, sub_cases), PortCoverage.from_json(port), SubCoverage.from_json(sub)
    )


def _reach(sides: Sides, side: Any, cases: Sequence[Case]) -> tuple[dict[str, Any], int]:
    """What the cases reached on one side, and how many cases that took."""
    found: dict[str, Any] = {}
    done = 0
    try:
        with contextlib.closing(side(sides)) as measured:
            for some in _parts(sides, cases):
                found = measured.reach(some)
                done += len(some)
                if not found["missing"] or done == len(cases):
                    break
    except (CannotRun, PerlDied, coverage.CoverageException, OSError, SyntaxError) as error:
        if isinstance(error, PerlDied) and error.outside:
            raise
        found = {"reason": str(error)}
    return found, done


def _parts(sides: Sides, cases: Sequence[Case]) -> tuple[Sequence[Case], Sequence[Case]]:
    """A few cases that mostly reach everything, and more: all examples, some of all others."""
    made = sides.port.cases
    count = min(len(made.known) + len(made.examples), PART // 2)
    others = cases[count:]
    chance = random.Random(sides.task.input_seed)  # not every tenth: edge cases have periods
    others = chance.sample(others, min(PART - count, len(others)))
    return [*cases[:count], *others[:FEW]], others[FEW:]


def _coverage(file: Path) -> coverage.Coverage:
    pattern = re.sub(r"[][*?]", "?", str(file))
    made = coverage.Coverage(None, branch=True, config_file=False, include=[pattern])
    made.clear_exclude()
    return made


def _report(measured: coverage.Coverage, file: Path) -> dict[str, Any]:
    with contextlib.redirect_stdout(io.StringIO()) as report:
        measured.json_report([str(file)], outfile="-")
    (seen,) = json.loads(report.getvalue())["files"].values()
    return dict(seen)


class _Port:
    """The port, called under coverage.py."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._function: Any = inspect.unwrap(sides.port.function)
        code = getattr(self._function, "__code__", None)
        if code is None:
            raise CannotRun("the port is not Python code")
        self._file = Path(code.co_filename)
        self._first = code.co_firstlineno
        self._lines = _body(self._file, code.co_firstlineno)
        self._coverage = _coverage(self._file)

    def close(self) -> None:
        """Nothing to close."""

    def reach(self, cases: Sequence[Case]) -> dict[str, Any]:
        """What these cases and those before them reached."""
        with contextlib.suppress(AttributeError):  # what is cached is not run again
            self._sides.port.function.cache_clear()  # type: ignore[attr-defined]
        self._coverage.start()
        try:
            for number, case in enumerate(cases):
                self._sides.progress.step(Step.COVERAGE, number)
                self._sides.call_port(case)
        finally:
            self._coverage.stop()
        seen = _report(self._coverage, self._file)
        lines = {key: list(self._within(seen[f"{key}_lines"])) for key in ("executed", "missing")}
        branches = self._branches(seen)
        named = {(line, 0) for line in lines["missing"]} | {
            # That a missing line is not reached, and from where, is said once.
            (a, b)
            for a, b in branches["missing"]
            if a not in lines["missing"] and b not in lines["missing"]
        }
        return {
            "lines": len(lines["executed"]),
            "of_lines": len(lines["executed"]) + len(lines["missing"]),
            "branches": len(branches["executed"]),
            "of": len(branches["executed"]) + len(branches["missing"]),
            "missing": [self._place(*place) for place in sorted(named)],
        }

    def _branches(self, seen: dict[str, Any]) -> dict[str, list[tuple[int, int]]]:
        """The function's branches; that the line after it is a branch of a `def` is none of it."""
        found = {
            key: [
                (a, b)
                for a, b in seen[f"{key}_branches"]
                if a in self._lines and (b in self._lines or -b in (self._first, *self._lines))
            ]
            for key in ("executed", "missing")
        }
        several = Counter(a for some in found.values() for a, _ in some)
        return {key: [(a, b) for a, b in some if several[a] > 1] for key, some in found.items()}

    def _within(self, lines: Sequence[int]) -> Iterator[int]:
        return (line for line in lines if line in self._lines)

    def _place(self, line: int, to: int) -> str:
        arrow = f" -> {to}" if to > 0 else " -> return" if to else ""
        return f"{self._file.name}:{line}{arrow}"


def _body(file: Path, first: int) -> range:
    """The lines of the function that begins on a line, without its signature."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            start = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            body: ast.AST = node.body[0]
        elif isinstance(node, ast.Lambda):
            start, body = node.lineno, node.body
        else:
            continue
        if start == first:
            return range(body.lineno, (node.end_lineno or start) + 1)  # type: ignore[attr-defined]
    raise CannotRun(f"{file.name}:{first}: the port's source is not there")


class _Sub:
    """The sub, in a perl that sees which of its statements are reached.

    Where the copy that it loads is not the source, a plain perl has to give the same results.
    """

    def __init__(self, sides: Sides) -> None:
        self._sides, perl = sides, sides.task.pair.perl
        sides.progress.step(Step.COVERAGE)
        source = perl.file.read_bytes() if perl.file.is_file() else b""
        subs = [s for s in perl_source.subs(source) if (s.name, s.line) == (perl.name, perl.line)]
        if not subs:
            raise CannotRun(f"the source of {perl_name(perl)} is not in the Perl folders")
        copy = perl_statements.isolate(source, str(perl.file))
        self._statements = copy.within(subs[0].span)
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(scratch.folder())
            file = Path(folder, "copy.pl")
            file.write_bytes(copy.text)
            words = [str(LINES), str(perl.file), str(file)]
            exe = f"{sides.task.settings.exe} {shlex.join(words)}"
            self._perl = stack.enter_context(sides.sub.new("coverage", exe))
            self._plain: Perl | None = None
            if copy.changed:
                self._plain = stack.enter_context(sides.sub.new("fresh"))
            numbers = [one.numbers for one in self._statements]
            self._perl.ask(["watch", str(perl.file), *numbers])
            self._stack = stack.pop_all()

    def close(self) -> None:
        """End the perls."""
        self._stack.close()

    def reach(self, cases: Sequence[Case]) -> dict[str, Any]:
        """What these cases and those before them reached."""
        missing: list[float] = []
        unknown: list[float] = []
        for first in range(0, len(cases) or 1, BATCH):
            self._sides.progress.step(Step.COVERAGE, first)
            for _, some in itertools.groupby(cases[first : first + BATCH], len):
                self._call(list(some))
            missing, unknown = self._perl.ask(["missing"])[1:]
            if not missing:
                break
        file = self._sides.task.pair.perl.file.name
        places = list(perl_statements.places(self._statements, file))
        return {
            "lines": len(places) - len(unknown) - len(missing),
            "of": len(places) - len(unknown),
            "missing": [places[int(index)] for index in missing],
            "not_measurable": [places[int(index)] for index in unknown],
        }

    def _call(self, cases: Sequence[Case]) -> None:
        """Call the sub. Raises CannotRun where a plain perl has other results."""
        calls = self._sides.calls(batch_of(cases))
        found = _results(self._perl, calls, cases)
        if self._plain and found != _results(self._plain, calls, cases):
            raise CannotRun("it does something else where each statement has its own line")


def _results(perl: Perl, calls: Calls, cases: Sequence[Case]) -> list[str]:
    """What each call did, as text: there nan is nan, and -0.0 isn't 0.0."""
    try:
        (batch,) = perl.call(calls)
    except Unseparated:
        return []
    rows = [batch.row(row, case) for row, case in enumerate(cases)]
    return [repr((one.failure, one.value, one.arguments, one.printed)) for one in rows]
