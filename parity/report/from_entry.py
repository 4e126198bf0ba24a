"""A verdict from the dict that judging gives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from parity.verdict import Shown, Verdict


def verdict_of(entry: dict[str, Any]) -> Verdict:
    """The verdict that an entry is."""
    table = {key: value for key, value in entry.items() if key not in ("shown", "load")}
    found = Verdict.from_json(table)
    found = replace(found, loads=entry.get("load", True))
    if found.counterexample and "shown" in entry:
        shown = _shown(entry["shown"])
        found = replace(found, counterexample=replace(found.counterexample, shown=shown))
    if found.worst_explained:
        shown = _shown(entry["worst_explained"]["shown"])
        found = replace(found, worst_explained=replace(found.worst_explained, shown=shown))
    return found


def _shown(table: dict[str, Any]) -> Shown:
    perl, python = table["perl"], table["python"]
    after = tuple(table.get("after", ()))
    return Shown(table["input"], (perl[0], perl[1]), (python[0], python[1]), after)
