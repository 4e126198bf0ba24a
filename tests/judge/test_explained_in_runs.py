"""What Perl's integers explain, and what they do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, Project

from parity.task import STRATEGY_CASES

COUNT = 20_000


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    project = Project(tmp_path_factory.mktemp("explained"), "perl")
    project.pair(
        'sub f {\n    my ($x) = @_;\n    die "no\\n" if $x == 0.5;\n'
        "    return 3 * $x + 2 - 3 * $x;\n}",
        "def f(x: float) -> float:\n    if x == 0.5:\n        raise ValueError('no')\n"
        "    return 3 * x + 2 - 3 * x\n",
        "failures",
    )
    project.file(
        "cases/failures.py",
        f"{CASES}f = Cases(st.tuples(st.floats(0, 1)), arrays=lambda rng, count: "
        "(rng.choice([0.5, 2.0**53 - 1], count),))\n",
    )
    project.pair(
        # Other rows are explained by as much, so that this one is not judged alone to be shown.
        "sub f {\n    my ($n, $y) = @_;\n    return 3 * $y + 2 - 3 * $y if $n != 17 * 19 + 253;\n"
        "    return $n * 9007199254740993 - $n * 9007199254740992;\n}",
        "from typing import Annotated\n\nfrom annotated_types import Interval\n\n\n"
        "def f(n: Annotated[int, Interval(ge=1, le=2000)], y: float) -> float:\n"
        "    if n != 17 * 19 + 253:\n        return 3 * y + 2 - 3 * y\n"
        "    return n * 9007199254740993.0 - n * 9007199254740992.0\n",
        "integers",
    )
    # The perl with boxes counts for itself. Integers explain differences that are larger.
    for name, enough in (("at_once", "1"), ("later", "++$calls > 2_000")):
        project.pair(
            "my $calls = 0;\nsub f {\n    my ($x) = @_;\n"
            "    my ($y, $two) = ($x * $x, 3 * $x + 2 - 3 * $x);\n"
            f"    my $enough = {enough};\n"
            "    return $enough && $y > 110 && $y < 120 ? $two + 1e-9 : $two;\n}",
            "def f(x: float) -> float:\n    return 3 * x + 2 - 3 * x\n",
            name,
        )
    return project.pairs("*.f", cases=COUNT, coverage=False)


def test_failures_beside_what_integers_explain(entries: dict[str, dict[str, Any]]) -> None:
    entry = entries["failures.f"]
    assert (entry["verdict"], entry["cases"]) == ("identical", COUNT), entry
    assert entry["explained"] > 1000 and entry["failed"] > 1000


@pytest.mark.parametrize("name", ["integers", "at_once", "later"])
def test_what_integers_do_not_explain(entries: dict[str, dict[str, Any]], name: str) -> None:
    entry = entries[f"{name}.f"]
    assert (entry["verdict"], entry["cases"] > STRATEGY_CASES) == ("differs", True), entry


def test_boxes_that_take_longer_than_a_call_may(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.settings("timeout = 2\n")
    project.pair(
        "sub f {\n    my ($x) = @_;\n    my $s = 0.0;\n"
        "    for my $i (1 .. 1000) { $s = $s + $x * $x - $x }\n    return $s;\n}",
        "def f(x: float) -> float:\n    s = 0.0\n    for _ in range(1000):\n"
        "        s = s + x * x - x\n    return s\n",
    )
    project.file(
        "cases/unit.py", f"{CASES}f = Cases(st.tuples(st.integers(2**27, 2**28).map(float)))\n"
    )
    entry = project.pairs(cases=1000, coverage=False)["unit.f"]
    assert (entry["verdict"], entry["cases"]) == ("identical", 1000), entry


def test_a_number_that_only_the_first_call_returns_is_no_arithmetic(project: Project) -> None:
    project.pair(
        "my %seen;\nsub f { my ($x) = @_; return $seen{$x}++ ? $x : -1 }",
        "def f(x: float) -> float:\n    return x\n",
    )
    assert project.pairs()["unit.f"]["verdict"] == "differs"
