"""Known differences: counted apart, and seen to be as they were declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Project

from parity.api import Project as ApiProject
from parity.api import call_texts

SUB = "sub sign { return $_[0] < 0 ? -1 : 1 }"
RIGHT = "-1.0 if x < 0 else 1.0"
ZERO = f"0.0 if x == 0 else {RIGHT}"
DECLARED = {"perl": "1", "python": "0.0", "when": "lambda x: x == 0"}


def add(project: Project, stem: str, port: str, **declared: str) -> None:
    """A pair with a known difference at 0."""
    project.pair(SUB, f"def sign(x: float) -> float:\n    return {port}\n", stem)
    given = ", ".join(f"{key}={value}" for key, value in {**DECLARED, **declared}.items())
    project.file(
        f"cases/{stem}.py",
        "from parity import Cases, Fails, Known\n\n"
        f"sign = Cases(known=[Known((0.0,), {given}, why='zero')])\n",
    )


# Of each: the port, what is declared, and part of what is said.
WRONG: dict[str, tuple[str, dict[str, str], str]] = {
    "right_port": (RIGHT, {}, "both sides agree now"),
    "other_result_of_perl": (ZERO, {"perl": "2"}, "Perl changed"),
    "other_type": (ZERO, {"python": "0"}, "Python changed"),
    "no_failure": (ZERO, {"python": "Fails('no')"}, "Python changed"),
    "another_difference": (f"2.0 if x == 7 else {ZERO}", {}, ""),
    "both": (f"2.0 if x > 0 else {ZERO}", {"perl": "2"}, "Perl changed"),
}
CONDITIONS = {
    "not_its_example": ("lambda x: x == 1", "its own example"),
    "raises": ("lambda x: x.no", "failed on"),
    "everything": ("lambda x: True", "known differences cover all"),
}


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    project = Project(tmp_path_factory.mktemp("known"), "perl")
    add(project, "counted", ZERO)
    for stem, (port, declared, _) in WRONG.items():
        add(project, stem, port, **declared)
    for stem, (when, _) in CONDITIONS.items():
        add(project, stem, ZERO, when=when)
    project.pair(
        "sub sign {\n    my ($x) = @_;\n    if ($x == 0) {\n        return undef;\n    }\n"
        "    return $x < 0 ? -1 : 1;\n}",
        "def sign(x: float) -> float:\n    if x == 0:\n        return 0.0\n\n"
        "    return -1.0 if x < 0 else 1.0\n",
        "reached",
    )
    project.file(
        "cases/reached.py",
        "from parity import Cases, Known\n\nsign = Cases(known=[Known((0.0,), None, 0.0, 'zero',"
        " lambda x: x == 0)])\n",
    )
    return project.pairs(cases=200)


def test_it_is_counted_apart(entries: dict[str, dict[str, Any]]) -> None:
    entry = entries["counted.sign"]
    assert entry["verdict"] == "identical"
    assert 0 < entry["known"] < entry["cases"]


@pytest.mark.parametrize("stem", WRONG)
def test_a_known_difference_that_is_none(entries: dict[str, dict[str, Any]], stem: str) -> None:
    entry = entries[f"{stem}.sign"]
    assert entry["verdict"] == "differs"
    assert WRONG[stem][2] in entry["why"]


@pytest.mark.parametrize("stem", CONDITIONS)
def test_a_condition_that_is_wrong(entries: dict[str, dict[str, Any]], stem: str) -> None:
    entry = entries[f"{stem}.sign"]
    assert entry["verdict"] == "could not run"
    assert CONDITIONS[stem][1] in entry["reason"]


def test_what_the_example_reaches_counts(entries: dict[str, dict[str, Any]]) -> None:
    coverage = entries["reached.sign"]["coverage"]
    assert coverage["perl"]["missing"] == coverage["python"]["missing"] == []
    assert coverage["perl"]["lines"] == coverage["perl"]["of"] > 2


def test_a_call_says_how_a_difference_is_declared(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub f { return abs $_[0] }",
        "def f(x: float) -> float:\n    if x < 0:\n        raise ValueError('no')\n    return x\n",
    )
    known = call_texts(ApiProject(tmp_path), "unit.f", ["-1.5"]).known
    head, _, entry = known.partition("f = Cases(")
    assert head.endswith("cases/unit.py: ")
    entry = entry.replace('why="…"', 'why="positive only", when=lambda x: x <= 0')
    project.file("cases/unit.py", f"from parity import Cases, Fails, Known\n\nf = Cases({entry}\n")
    assert project.pairs(cases=50)["unit.f"]["verdict"] == "identical"
