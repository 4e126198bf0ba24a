"""What options and settings change in a run: the least coverage, known differences in the map."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import CASES, Project


def test_too_little_coverage_is_status_1(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub f {\n    my ($x) = @_;\n    if ($x eq 'sesame') {\n        return 'open';\n    }\n"
        "    return 'shut';\n}",
        "def f(x: str) -> str:\n    if x == 'sesame':\n        return 'open'\n\n"
        "    return 'shut'\n",
    )
    project.file("cases/unit.py", f"{CASES}f = Cases(st.tuples(st.text('ab')))\n")
    assert project.run("--min-coverage", "50").status == 0
    done = project.run("--min-coverage", "90")
    assert done.status == 1
    assert done.pair("unit.f")["verdict"] == "identical"
    assert "not reached in 100 cases: unit.py:3" in done.out
    assert "unit.pl:6" in done.out


def test_known_differences_are_statuses_of_their_own(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { return 1 }", "def f(x: float) -> float:\n    return 2 if x == 0 else 1\n")
    known = "Known((0.0,), perl=1, python=2, why='zero', when=lambda x: x == 0)"
    project.file("cases/unit.py", f"from parity import Known\n{CASES}f = Cases(known=[{known}])\n")
    done = project.run("--min-coverage", "100")
    assert done.status == 0, done.out
    assert "not reached" not in done.out
    (row,) = json.loads(project.parity("list", "--json").out)
    assert row["became"] == "known differences"


def test_a_strict_difference_can_be_reproduced(project: Project) -> None:
    project.pair("sub f { return $_[0] * 0 }", "def f(x: float) -> float:\n    return x * 0\n")
    done = project.run("--strict", cases=100)
    words = done.pair("unit.f")["reproduce"].split()
    again = project.parity(*[word.strip("'") for word in words[1:]])
    assert again.status == 1 and "unit.f differs" in again.out


def test_the_worst_explained_case_is_shown(project: Project) -> None:
    project.pair(
        "sub f { return 3 * $_[0] + 2 }", "def f(x: float) -> float:\n    return 3 * x + 2\n"
    )
    project.file("cases/unit.py", f"{CASES}f = Cases(st.tuples(st.just(2.0**53 - 1)))\n")
    done = project.run(cases=20)
    assert done.status == 0 and "worst explained case: " in done.out
