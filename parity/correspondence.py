"""The correspondence map: every sub and every function, and what became of it."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from parity import pairs, report
from parity.settings import Settings

COLOURS = {
    **report.COLOURS,
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


def rows(settings: Settings) -> list[Row]:
    """The pairs with their verdicts in the last run, then what has no partner. Runs nothing."""
    found = pairs.find(settings)
    verdicts = {entry["name"]: entry for entry in report.kept(settings.report)}
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


def stale(settings: Settings) -> list[str]:
    """Declarations that fit nothing without a partner, in words."""
    found = pairs.find(settings)
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
    return entry["verdict"], entry.get("reason", "")


def _alone(reasons: Mapping[str, str], name: str, declared: str, side: str) -> tuple[str, str]:
    for pattern, reason in reasons.items():
        if _fits(pattern, name):
            return declared, reason
    return "not paired", side


def _fits(pattern: str, name: str) -> bool:
    return fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(
        name, pattern.replace(":", ".")
    )
