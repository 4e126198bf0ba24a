"""The correspondence map: every sub and every function, and what became of it."""

from __future__ import annotations

import ast
import contextlib
import fnmatch
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from parity.project.did_you_mean import did_you_mean
from parity.project.pairs import Found
from parity.project.settings import Settings


@dataclass(frozen=True)
class Row:
    """A line of the map. perl, python: names, "" for none. reason: why, where that is known."""

    perl: str
    python: str
    became: str
    reason: str = ""


def rows(settings: Settings, found: Found, judged: Mapping[str, tuple[str, str]]) -> list[Row]:
    """The pairs, then what has no partner.

    judged: of the pairs judged before, by name, what became of each, and why.
    """
    lines = []
    for pair in [*found.pairs, *found.programs]:
        became, reason = judged.get(pair.name, ("not run yet", ""))
        lines.append(Row(pair.perl_name, pair.python_name, became, reason))
    lines += [
        Row(name, "", *_declared(settings.not_ported, name, "not ported", "only in Perl"))
        for name in found.perl_only
    ]
    lines += [
        Row("", name, *_declared(settings.python_only, name, "Python only", "only in Python"))
        for name in found.python_only
    ]
    return lines


def unpaired(lines: list[Row]) -> list[str]:
    """A line for each sub or function that is neither paired nor declared."""
    return [
        f"{row.perl or row.python} is neither paired nor declared"
        for row in lines
        if row.became == "not paired"
    ]


def stale_declarations(settings: Settings, found: Found) -> list[str]:
    """A line for each pattern of `not_ported` and `python_only` that fits no name."""
    tables = [
        ("not_ported", settings.not_ported, found.perl_only),
        ("python_only", settings.python_only, found.python_only),
    ]
    return [
        f"[tool.parity.{table}] {pattern}: nothing without a partner has this name"
        for table, patterns, names in tables
        for pattern in patterns
        if not any(_fits(pattern, name) for name in names)
    ]


def orphan_entries(settings: Settings, found: Found) -> list[str]:
    """A line for each entry of a cases file that belongs to no pair; most are misspelt."""
    used = [
        (settings.cases_file(module), name)
        for module, name in {pair.inputs for pair in [*found.pairs, *found.programs]}
    ]
    lines = []
    for file in sorted(settings.cases.rglob("*.py")):
        names = [name for other, name in used if other == file]
        for entry, line in _entries(file):
            if entry in names:
                continue
            elsewhere = [str(other) for other, name in used if name == entry]
            where = f"; the inputs of that name are read from {' or '.join(elsewhere)}"
            hint = did_you_mean(entry, names, otherwise=where if elsewhere else "")
            lines.append(f"{file}:{line}: {entry} belongs to no pair{hint}")
    return lines


def _entries(file: Path) -> Iterator[tuple[str, int]]:
    """The NAME = Cases(...) that a file does not use itself, with their lines."""
    with contextlib.suppress(SyntaxError, ValueError):  # said when the file is loaded
        tree = ast.parse(file.read_bytes())
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        used = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        for node in tree.body:
            match node:
                case ast.Assign(
                    targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="Cases"))
                ) if name not in used:
                    yield name, node.lineno


def _declared(reasons: Mapping[str, str], name: str, became: str, side: str) -> tuple[str, str]:
    """What became of a name without a partner, and the reason that is declared for it."""
    for pattern, reason in reasons.items():
        if _fits(pattern, name):
            return became, reason
    return "not paired", side


def _fits(pattern: str, name: str) -> bool:
    return fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(
        name, pattern.replace(":", ".")
    )
