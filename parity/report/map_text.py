"""The correspondence map for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape

from parity.project.map import Row
from parity.report.text import COLOURS, count, print_line

MAP_COLOURS = {
    **COLOURS,
    "known differences": "green",
    "not ported": "dim",
    "Python only": "dim",
    "not run yet": "dim",
    "not paired": "yellow",
}
LONGEST = 80  # characters of a reason


def map_to_json(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The map for programs; a missing name is null."""
    return [{key: value or None for key, value in asdict(row).items()} for row in rows]


def map_to_markdown(rows: Iterable[Row]) -> str:
    """The map as a table in Markdown."""
    lines = ["| Perl | Python | what became of it |", "|---|---|---|"]
    for row in rows:
        perl, python = (f"`{name}`" if name else "" for name in (row.perl, row.python))
        became = f"{row.became}: {row.reason}" if row.reason else row.became
        lines.append(f"| {perl} | {python} | {became.replace('|', chr(92) + '|')} |")
    return "\n".join(lines)


def show_map(console: Console, rows: Sequence[Row]) -> None:
    """The map in the terminal: a line for each row, and the counts."""
    perl = max((len(row.perl) for row in rows), default=0)
    python = max((len(row.python) for row in rows), default=0)
    for row in rows:
        names = escape(f"{row.perl:{perl}}  {row.python:{python}}")
        became = f"[{MAP_COLOURS[row.became]}]{row.became}[/]"
        print_line(console, f"  {names}  {became}  {escape(row.reason[:LONGEST])}".rstrip())
    perl_only = sum(not row.python for row in rows)
    python_only = sum(not row.perl for row in rows)
    both = count(len(rows) - perl_only - python_only, "pair")
    counts = Counter(row.became for row in rows)
    parts = " · ".join(f"{number} {became}" for became, number in counts.items())
    print_line(console, f"{both}, {perl_only} only in Perl, {python_only} only in Python: {parts}")
