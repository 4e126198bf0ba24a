"""Hints and cases files that make no inputs."""

from __future__ import annotations

import re

import pytest
from conftest import CASES, Project, Run

from commands.sample import HALF


def could_not_run(run: Run, status: int, *said: str) -> str:
    """The reason why the one pair could not run, which says these things."""
    (pair,) = run.report["pairs"]
    assert (run.status, pair["verdict"]) == (status, "could not run")
    assert [text for text in said if text not in pair["reason"]] == [], pair
    assert "parity itself" not in pair["reason"]
    return str(pair["reason"])


HINTS = [  # a port, what the reason has to hold
    ("def half(x: object) -> float:\n    return x / 2\n", ["parameter x, hinted object"]),
    ("class T:\n    def __init__(self, a): ...\n\n\ndef half(x: T) -> T:\n    return x\n", ["x"]),
    ("def half(*, x: float) -> float:\n    return x / 2\n", ["x", "keyword-only"]),
    ("def half(x: 'NoSuch') -> float:\n    return x / 2\n", ["NoSuch"]),
    ("def half(x: complex) -> complex:\n    return x / 2\n", ["complex"]),
    ("def half(x: set[int]) -> int:\n    return 2\n", ["set"]),
]


@pytest.mark.parametrize(("port", "said"), HINTS)
def test_hints_that_make_no_inputs(project: Project, port: str, said: list[str]) -> None:
    project.pair(HALF[0], port)
    could_not_run(project.run(cases=3), 1, *said)


def test_the_advice_for_a_missing_hint(project: Project) -> None:
    project.pair(HALF[0], "def half(x):\n    return x * 0.5\n")
    file = project.root / "cases" / "unit.py"
    reason = could_not_run(
        project.run(cases=3), 1, "x has no type hint", str(file), "half = Cases("
    )
    advice = re.findall(r"write in \S+: (.+)", reason)[0]
    assert advice.endswith("Cases(st.tuples(...))")
    file.write_text(advice.replace("...", "st.floats()").replace("; ", "\n"))
    assert project.run(cases=20).pair("unit.half")["verdict"] == "identical"


CASES_FILES = [  # a cases file, the status, what the reason has to hold
    ("half = 3\n", 1, ["unit.py", "half"]),
    ("half = (\n", 2, ["unit.py:1", "SyntaxError"]),
    ("import nothing_there\n", 2, ["unit.py:1", "nothing_there"]),
    (f"{CASES}half = Cases(examples=[1.0])\n", 1, ["tuple", "1.0"]),
    (f"{CASES}half = Cases(inputs=3)\n", 1, ["3"]),
    (f"{CASES}half = Cases(st.floats())\n", 1, ["tuple"]),
    (f"{CASES}half = Cases(st.tuples(st.floats()).filter(lambda t: False))\n", 1, ["inputs"]),
    (
        f"{CASES}half = Cases(st.tuples(st.floats()).map(lambda t: 1 / 0))\n",
        1,
        ["ZeroDivisionError"],
    ),
]


@pytest.mark.parametrize(("text", "status", "said"), CASES_FILES)
def test_a_wrong_cases_file(project: Project, text: str, status: int, said: list[str]) -> None:
    project.pair(*HALF)
    project.file("cases/unit.py", text)
    could_not_run(project.run(cases=3), status, *said)
