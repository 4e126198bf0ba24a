"""The correspondence map: every sub and every function, and what became of it."""

from __future__ import annotations

import ast
import contextlib
import difflib
import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from parity.judge import coverage
from parity.project import pairs
from parity.project.settings import Settings
from parity.report import text

COLOURS = {
    **text.COLOURS,
    "known differences": "green",
    "not ported": "dim",
    "Python only": "dim",
    "not run yet": "dim",
    "not paired": "yellow",
}


@dataclass(frozen=True)
class Row:
    """A line of the map. perl, python: names, "" for none. reason: why, where that is known."""

    perl: str
    python: str
    became: str
    reason: str = ""


def rows(settings: Settings, found: pairs.Found) -> list[Row]:
    """The pairs with their verdicts in the last run, then what has no partner. Runs nothing."""
    verdicts = {entry["name"]: entry for entry in text.kept(settings.report)}
    lines = []
    for pair in [*found.pairs, *found.programs]:
        became = _became(verdicts.get(pair.name))
        lines.append(Row(pair.perl_name, pair.python_name, *became))
    lines += [
        Row(name, "", *_alone(settings.not_ported, name, "not ported", "only in Perl"))
        for name in found.perl_only
    ]
    lines += [
        Row("", name, *_alone(settings.python_only, name, "Python only", "only in Python"))
        for name in found.python_only
    ]
    return lines


def stale(settings: Settings, found: pairs.Found) -> list[str]:
    """Declarations that fit nothing without a partner, in words."""
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


def unused(settings: Settings, found: pairs.Found) -> list[str]:
    """Entries of cases files that belong to nothing, in words: misspelt, for the most part."""
    used = [
        (settings.cases_file(module), name)
        for module, name in {pair.inputs for pair in [*found.pairs, *found.programs]}
    ]
    told = []
    for file in sorted(settings.cases.rglob("*.py")):
        names = [name for other, name in used if other == file]
        for entry, line in _entries(file):
            if entry in names:
                continue
            near = difflib.get_close_matches(entry, names, n=1)
            elsewhere = [str(other) for other, name in used if name == entry]
            hint = f"; did you mean {near[0]}?" if near else ""
            if not near and elsewhere:
                hint = f"; the inputs of that name are read from {' or '.join(elsewhere)}"
            told.append(f"{file}:{line}: {entry} belongs to no pair{hint}")
    return told


def _entries(file: Path) -> Iterator[tuple[str, int]]:
    """The NAME = Cases(...) of a file that it does not use itself, with their lines."""
    with contextlib.suppress(SyntaxError, ValueError):  # that is said where it is loaded
        tree = ast.parse(file.read_bytes())
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        used = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        for node in tree.body:
            match node:
                case ast.Assign(
                    targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="Cases"))
                ) if name not in used:
                    yield name, node.lineno


def to_json(lines: Iterable[Row]) -> list[dict[str, Any]]:
    """The map for programs; a name that is not there is null."""
    return [{key: value or None for key, value in asdict(row).items()} for row in lines]


def markdown(lines: Iterable[Row]) -> str:
    """The map as a table in Markdown."""
    table = ["| Perl | Python | what became of it |", "|---|---|---|"]
    for row in lines:
        perl, python = (f"`{name}`" if name else "" for name in (row.perl, row.python))
        became = f"{row.became}: {row.reason}" if row.reason else row.became
        table.append(f"| {perl} | {python} | {became.replace('|', chr(92) + '|')} |")
    return "\n".join(table)


def _became(entry: Mapping[str, Any] | None) -> tuple[str, str]:
    if entry is None:
        return "not run yet", ""
    if entry["verdict"] == "identical" and entry.get("known"):
        return "known differences", f"{entry['known']} of {entry['cases']} cases"
    return entry["verdict"], entry.get("reason") or coverage.short(entry.get("coverage", {}))


def _alone(reasons: Mapping[str, str], name: str, declared: str, side: str) -> tuple[str, str]:
    for pattern, reason in reasons.items():
        if _fits(pattern, name):
            return declared, reason
    return "not paired", side


def _fits(pattern: str, name: str) -> bool:
    return fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(
        name, pattern.replace(":", ".")
    )
