"""What stops a run of many cases, and is found with the input on which it does."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import CASES, Project

# Sub and port where $n is 3, about once in a thousand cases; and what is said.
STOPS = {
    "exits": ("exit 3 if $n == 3", "", "exit(3)"),
    "kills_itself": ("kill 9, $$ if $n == 3", "", "signal 9"),
    "sub_hangs": ("1 while $n == 3", "", "the Perl sub did not return within 1 s on x ="),
    "port_hangs": (
        "",
        "while n == 3:\n        pass",
        "the Python port did not return within 1 s on x =",
    ),
    "port_exits": ("", "if n == 3:\n        raise SystemExit", "raised SystemExit on x ="),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(tmp_path_factory.mktemp("retry"), "perl")
    made.settings("timeout = 1\n")
    for name, (perl, python, _) in STOPS.items():
        made.pair(
            f"sub f {{ my $n = $_[0] % 1009; {perl}; return 1 }}",
            f"def f(x: int) -> int:\n    n = x % 1009\n    {python}\n    return 1\n",
            name,
        )
        made.file(
            f"cases/{name}.py",
            f"{CASES}f = Cases(st.tuples(st.integers(4, 500)),"
            " arrays=lambda rng, n: (rng.integers(0, 10**6, n),))\n",
        )
    return made


@pytest.fixture(scope="module")
def entries(project: Project) -> dict[str, dict[str, Any]]:
    return project.pairs(cases=4000, coverage=False)


@pytest.mark.parametrize("name", STOPS)
def test_what_stops_a_run_is_told(entries: dict[str, dict[str, Any]], name: str) -> None:
    entry = entries[f"{name}.f"]
    assert entry["verdict"] == "could not run"
    assert STOPS[name][2] in entry["reason"], entry["reason"]


def test_nothing_remains(entries: dict[str, dict[str, Any]], project: Project) -> None:
    assert entries and project.remaining() == []
