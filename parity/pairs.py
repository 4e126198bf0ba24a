"""Finding the pairs: the subs and functions of the same name in files of the same name.

Both sides are read as text: nothing is run, so that files which do not load are found as well.
"""

from __future__ import annotations

import ast
import difflib
import fnmatch
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from parity import UsageError
from parity.settings import Settings

PROGRAMS = "programs"  # a folder of this name holds scripts, which are never loaded


@dataclass(frozen=True)
class Source:
    """A sub or a function: its file, its full name there, its first line and the last."""

    file: Path
    name: str
    line: int
    end: int

    def text(self) -> str:
        """The source, with the comment block above it."""
        lines = self.file.read_text(encoding="utf-8", errors="replace").splitlines()
        start = self.line - 1
        while start > 0 and lines[start - 1].lstrip().startswith("#"):
            start -= 1
        return "\n".join(lines[start : self.end])


@dataclass(frozen=True)
class Pair:
    """One function in both languages, named "file.function"."""

    name: str
    module: str
    perl: Source
    python: Source


@dataclass(frozen=True)
class Found:
    """Everything there is: the pairs, and what has no partner (names as a pair would have)."""

    pairs: list[Pair]
    perl_only: dict[str, Source]
    python_only: dict[str, Source]


def find(settings: Settings) -> Found:
    """The pairs of a project, in the order of the Perl files and of the subs in them."""
    perl = _sources(settings.perl, (".pl", ".pm"), perl_subs)
    python = _sources(settings.python, (".py",), python_functions, settings.vectorized)
    pairs = []
    for name, sub in perl.items():
        if name in python:
            module = ".".join(_stem(settings.python, python[name].file))
            pairs.append(Pair(name, module, sub, python[name]))
    return Found(
        pairs,
        {name: source for name, source in perl.items() if name not in python},
        {name: source for name, source in python.items() if name not in perl},
    )


def select(found: Found, patterns: Sequence[str]) -> list[Pair]:
    """The pairs that a command names: `cost`, `cost.*`, `matrix.mul_mat`; all for no name."""
    if not found.pairs:
        raise UsageError(
            "there are no pairs: no Perl sub has a Python function of the same name in a file of "
            "the same name; `parity list` shows what is on each side"
        )
    names = [pair.name for pair in found.pairs]
    chosen: set[str] = set()
    for pattern in patterns:
        matching = [
            name
            for name in names
            if fnmatch.fnmatchcase(name, pattern) or name.startswith(pattern + ".")
        ]
        if not matching:
            one_side = [("Perl", found.perl_only), ("Python", found.python_only)]
            for side, sources in one_side:
                if pattern in sources:
                    raise UsageError(f"{pattern} is in {side} only, so there is no pair to run")
            raise UsageError(f"no pair is named {pattern}{_nearest(pattern, names)}")
        chosen.update(matching)
    return [pair for pair in found.pairs if not patterns or pair.name in chosen]


def _nearest(pattern: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(pattern, names, n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else "; `parity list` shows the names"


def _stem(folder: Path, file: Path) -> tuple[str, ...]:
    return file.relative_to(folder).with_suffix("").parts


def _sources(
    folder: Path,
    suffixes: Sequence[str],
    read: Callable[[Path], list[Source]],
    without: Path | None = None,
) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for directory, folders, files in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if name != PROGRAMS and name[0] not in "._" and Path(directory, name) != without
        )
        for name in sorted(files):
            file = Path(directory, name)
            if file.suffix in suffixes:
                for source in read(file):
                    plain = source.name.rpartition("::")[2]
                    found.setdefault(".".join((*_stem(folder, file), plain)), source)
    return found


# --- Perl -------------------------------------------------------------------------------------

_POD = re.compile(r"^=[a-zA-Z].*?(?:^=cut\b[^\n]*|\Z)", re.MULTILINE | re.DOTALL)
_END = re.compile(r"^__(?:END|DATA)__\s*$.*", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"^\s*#[^\n]*", re.MULTILINE)
_STATEMENT = re.compile(
    r"(?:^|(?<=[;{}]))[ \t]*(package|sub)\s+([^\W\d][\w:']*)[ \t]*(?:\([^)]*\))?[ \t]*(;)?",
    re.MULTILINE,
)


def perl_subs(file: Path) -> list[Source]:
    """The named subs of a Perl file, in order.

    A look at the text, not a parser: whether a sub is really there shows when the file is loaded.
    """
    text = file.read_text(encoding="utf-8", errors="replace")
    for pattern in (_POD, _END, _COMMENT):  # blanked, so that line numbers stay
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    lines = text.split("\n")
    package = "main"
    found = []
    for match in _STATEMENT.finditer(text):
        keyword, name, semicolon = match.groups()
        name = name.replace("'", "::")
        if keyword == "package":
            package = name
        elif not semicolon:  # `sub name;` only announces
            line = text.count("\n", 0, match.start(2)) + 1
            full = name if "::" in name else f"{package}::{name}"
            found.append(Source(file, full, line, _end_of_sub(lines, line)))
    return found


def _end_of_sub(lines: Sequence[str], start: int) -> int:
    """The line of the brace that stands below the start of `sub` (or on its line)."""
    first = lines[start - 1]
    indent = first[: len(first) - len(first.lstrip())]
    if first.rstrip().endswith("}"):
        return start
    for number in range(start, len(lines)):
        if lines[number].startswith(indent + "}"):
            return number + 1
    return len(lines)


# --- Python -----------------------------------------------------------------------------------


def python_functions(file: Path) -> list[Source]:
    """The functions at the top level of a Python file, in order; by name where it is not Python."""
    text = file.read_text(encoding="utf-8", errors="replace")
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        matches = re.finditer(r"^def\s+(\w+)", text, re.MULTILINE)
        starts = [(match[1], text.count("\n", 0, match.start()) + 1) for match in matches]
        return [Source(file, name, line, line) for name, line in starts]
    found = []
    for statement in body:
        if isinstance(statement, ast.FunctionDef):
            first = min([statement.lineno, *(d.lineno for d in statement.decorator_list)])
            found.append(Source(file, statement.name, first, statement.end_lineno or first))
    return found
