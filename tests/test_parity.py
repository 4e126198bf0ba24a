"""The parity suite itself: every pair of the lessons, with each perl at hand."""

from __future__ import annotations

import os
from typing import Any

from conftest import ROOT

from parity.calls.sides import Task
from parity.judge import pair
from parity.project import pairs, settings


def test_the_lessons_are_twins(subtests: Any, exe: str) -> None:
    here = settings.override(settings.load(ROOT), exe=exe)
    found = pairs.find(here)
    assert not found.perl_only
    assert not found.python_only
    tasks = [Task(here, pair, found.pairs, cases=300, seed=1) for pair in found.pairs]
    judged = 0
    for entry in pair.run(tasks, jobs=os.cpu_count() or 1):
        if isinstance(entry, dict):
            judged += 1
            with subtests.test(pair=entry["name"]):
                assert entry["verdict"] == "identical", entry
                assert entry.get("vectorized", {}).get("verdict") in (None, "within bound"), entry
    assert judged == len(found.pairs) > 40
