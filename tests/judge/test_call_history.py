"""What differs only after other calls."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, Project
from rich.console import Console

import parity
from parity.report import text
from parity.task import STRATEGY_CASES

RARELY = 1009
ZERO = "def f(x: float) -> int:\n    return 0\n"
CONDITIONS = {"counter": "> 150", "once": "== 151"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Subs that keep state, each in a file of its own."""
    made = Project(tmp_path_factory.mktemp("state"), "perl")
    for name, condition in CONDITIONS.items():
        made.pair(f"my $n = 0;\nsub f {{ return ++$n {condition} ? 1 : 0 }}", ZERO, name)
    made.pair(
        f"my %seen;\nsub f {{\n    my ($n) = @_;\n    $seen{{$n}} = 1;\n"
        f"    return $seen{{3}} && $seen{{4}} && $n % {RARELY} == 24 * 24 + 1 ? 1 : 0;\n}}",
        "def f(n: int) -> int:\n    return 0\n",
        "apart",
    )
    examples = "[(3,), *[(9,)] * 50, (4,)]"
    made.file(
        "cases/apart.py", f"{CASES}f = Cases(st.tuples(st.integers(10, 10**6)), {examples})\n"
    )
    made.pair(
        "my $n = 0;\nsub f { return ++$n > 40 ? 1 : 0 }",
        "import typing\n\nPoint = typing.NamedTuple('Other', [('x', float), ('y', float)])\n\n\n"
        "def f(p: Point) -> int:\n    return 0\n",
        "tuples",
    )
    made.pair(
        "my $total = 0.0;\nsub f { $total += $_[0]; return $total }",
        "def f(x: float) -> float:\n    return x\n",
        "alone",
    )
    made.pair(
        f"my $n = 0;\nsub f {{ $n++; return 0 if $_[0] % {RARELY} != 7;"
        " warn 'odd'; return $n > 5000 ? 1 : 0 }",
        "def f(x: int) -> int:\n    return 0\n",
        "warns",
    )
    made.file("cases/warns.py", f"{CASES}f = Cases(st.tuples(st.integers(2000, 10**6)))\n")
    made.pair(
        'my $n = 0;\nsub f { $n++; warn "odd" if $n == 1000; return $n == 1000 ? 1 : 0 }',
        "def f(x: int) -> int:\n    return 0\n",
        "warns_once",
    )
    return made


@pytest.fixture(scope="module")
def entries(project: Project) -> dict[str, dict[str, Any]]:
    return project.pairs("*.f", cases=20_000, coverage=False)


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_counter_needs_many_calls(entries: dict[str, dict[str, Any]], name: str) -> None:
    entry = entries[f"{name}.f"]
    assert (entry["cases"], len(entry["after"]), entry["perl"]) == (151, 150, 1)
    assert "only after other calls" in entry["why"]


def test_of_many_calls_few_are_shown(project: Project) -> None:
    (verdict,) = parity.run(parity.Project(project.root), ["counter.f"], cases=200, seed=1)
    out = io.StringIO()
    text.show(Console(file=out, width=200), verdict, 0)
    assert "after      140 calls that --json FILE holds, and then" in out.getvalue()
    assert len(re.findall("^ +after ", out.getvalue(), re.MULTILINE)) == 1 + text.MOST_CALLS


def test_the_line_that_reproduces_it(entries: dict[str, dict[str, Any]], project: Project) -> None:
    words = entries["counter.f"]["reproduce"].split()
    assert words[:2] == ["parity", "run"]
    again = project.parity(*words[1:])
    assert (again.status, "only after other calls" in again.out) == (1, True)


def test_few_calls_far_apart_are_found(entries: dict[str, dict[str, Any]]) -> None:
    entry = entries["apart.f"]
    assert entry["cases"] > STRATEGY_CASES
    assert entry["after"] == [[3], [4]]


def test_arguments_that_no_pickle_holds(entries: dict[str, dict[str, Any]]) -> None:
    assert (entries["tuples.f"]["cases"], len(entries["tuples.f"]["after"])) == (41, 40)


def test_a_case_that_differs_alone_after_all(
    entries: dict[str, dict[str, Any]], project: Project
) -> None:
    """Made small, it differs after other calls only; as it was found, it does alone."""
    entry = entries["alone.f"]
    assert entry["verdict"] == "differs" and "after" not in entry
    words = entry["reproduce"].split()
    assert words[:3] == ["parity", "call", "alone.f"]
    found = parity.api.call_texts(parity.Project(project.root), "alone.f", words[-1:])
    assert found.difference


@pytest.mark.parametrize(("name", "least"), [("warns", 5000), ("warns_once", 999)])
def test_a_case_that_warned(entries: dict[str, dict[str, Any]], name: str, least: int) -> None:
    entry = entries[f"{name}.f"]
    assert entry["cases"] > least and len(entry["after"]) >= least, entry["cases"]
    assert "only after other calls" in entry["why"]


FEW = (
    """
    my ($calls, $last, %seen, %calls) = (0, 0);
    sub next_id { $calls += 1; return $calls }
    sub was_on { my ($on) = @_; my $was = $last; $last = $on ? 1 : 0; return $was }
    sub is_new { my ($n) = @_; return $seen{$n}++ ? 0 : 1 }
    sub month { my $month = $calls{month}++ % 12; return $month }
    sub answer { return 42 }
    """,
    "from typing import Literal\n\n\ndef next_id() -> int:\n    return 1\n\n\n"
    "def was_on(on: bool) -> int:\n    return 0\n\n\n"
    "def is_new(n: Literal[1, 2, 3]) -> int:\n    return 1\n\n\n"
    "def month() -> int:\n    month.calls += 1\n    return (month.calls - 1) % 11\n\n\n"
    "month.calls = 0\n\n\ndef answer() -> int:\n    return 42\n",
)


def test_state_where_few_inputs_are_possible(tmp_path: Path) -> None:
    made = Project(tmp_path, "perl")
    made.pair(*FEW)
    entries = made.pairs()
    for name in ("next_id", "was_on", "is_new", "month"):
        entry = entries[f"unit.{name}"]
        assert entry["verdict"] == "differs", entry
        assert "only after other calls" in entry["why"]
    assert entries["unit.answer"]["verdict"] == "identical"
    assert entries["unit.month"]["cases"] == 12
    assert entries["unit.answer"]["cases"] == 1  # calls that change nothing are no cases
    assert made.pairs("unit.month", cases=11)["unit.month"]["verdict"] == "identical"
