"""The lessons are twins for a second perl, too; test_golden.py judges them with the first."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import ROOT, second_perl

import parity


def test_nothing_is_without_a_partner() -> None:
    found = parity.Project(ROOT).found
    assert not found.perl_only
    assert not found.python_only
    assert len(found.pairs) > 40


@pytest.mark.parametrize("exe", second_perl())
def test_the_lessons_are_twins(subtests: Any, exe: str) -> None:
    project = parity.Project(ROOT, perl=exe)
    judged = 0
    for verdict in parity.run(project, project.pairs, cases=300, seed=1):
        judged += 1
        with subtests.test(pair=verdict.name):
            assert verdict.verdict == "identical", verdict
            assert not verdict.vectorized or verdict.vectorized.verdict == "within bound", verdict
    assert judged == len(project.pairs)
