"""The parity suite itself: every pair of the lessons, with each perl at hand."""

from __future__ import annotations

from typing import Any

from conftest import ROOT

import parity


def test_the_lessons_are_twins(subtests: Any, exe: str) -> None:
    project = parity.Project(ROOT, perl=exe)
    assert not project.found.perl_only
    assert not project.found.python_only
    chosen = project.pairs
    judged = 0
    for verdict in parity.run(project, chosen, cases=300, seed=1):
        judged += 1
        with subtests.test(pair=verdict.name):
            assert verdict.verdict == "identical", verdict
            assert not verdict.vectorized or verdict.vectorized.verdict == "within bound", verdict
    assert judged == len(chosen) > 40
