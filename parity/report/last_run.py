"""The verdicts of the last runs, kept in the project's folder `.parity` for `parity list`."""

from __future__ import annotations

import contextlib
import fcntl
import json
from pathlib import Path
from typing import Any

from parity.report.coverage_text import summary_text
from parity.verdict import Verdict


def save_run(report: dict[str, Any], file: Path) -> None:
    """Add the verdicts of a report to those that are kept.

    If the folder cannot be written, nothing is kept.
    """
    with contextlib.suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        (file.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        with (file.parent / "lock").open("w") as lock:  # other runs may do the same just now
            fcntl.flock(lock, fcntl.LOCK_EX)
            pairs = {verdict.name: verdict.to_json() for verdict in load_runs(file)}
            pairs |= {pair["name"]: pair for pair in report["pairs"]}
            new = file.with_suffix(".new")
            new.write_text(json.dumps(report | {"pairs": list(pairs.values())}), encoding="utf-8")
            new.replace(file)


def load_runs(file: Path) -> list[Verdict]:
    """The verdicts that are kept; none if the file is damaged or no report."""
    try:
        pairs = json.loads(file.read_text(encoding="utf-8"))["pairs"]
        return [Verdict.from_json(pair) for pair in pairs]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def what_became(file: Path) -> dict[str, tuple[str, str]]:
    """What the map says of the pairs that were judged: by name, what became of each, and why."""
    return {verdict.name: _became(verdict) for verdict in load_runs(file)}


def _became(verdict: Verdict) -> tuple[str, str]:
    if verdict.verdict == "identical" and verdict.known:
        return "known differences", f"{verdict.known} of {verdict.cases} cases"
    return verdict.verdict, verdict.reason or summary_text(verdict.coverage)
