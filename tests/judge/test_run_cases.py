"""All cases up to the first that differs: what is counted, and how often a case is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, Project

from parity.task import STRATEGY_CASES

RARELY = 1009
COUNT = 20_000

# Sub, port, and the port's hints.
ONCE = {
    "failures": (
        'die "no\n" if $x > 0; return [$x, 1]',
        "if x > 0:\n        raise ValueError('no')\n    return [x, 1.0]",
        "x: float",
        "list[float]",
    ),
    "divisions_by_zero": (
        "return {y => 1 / ($x % 2)}",
        "return {'y': 1 / (x % 2)}",
        "x: int",
        "dict[str, float]",
    ),
    "undef": (
        "return defined $x ? $x + 1 : undef",
        "return None if x is None else x + 1",
        "x: float | None",
        "float | None",
    ),
}
HALVES = {
    "explained": ("3 * $x + 2 - 3 * $x", "3 * x + 2 - 3 * x", ""),
    "known": (
        "$x > 1 && $n % 2 ? 2 : 1",
        "1",
        ", known=[Known((5, 7.0), perl=2, python=1, when=lambda n, x: x > 1, why='meant')]",
    ),
}

Entries = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run_cases")


@pytest.fixture(scope="module")
def entries(root: Path) -> Entries:
    project = Project(root, "perl")
    for name, (perl, python, hints, result) in ONCE.items():
        project.pair(
            f"sub f {{\n    my ($x, $y, $z) = @_;\n    {perl};\n}}",
            f"from pathlib import Path\n\n\ndef f({hints}) -> {result}:\n    f.calls += 1\n"
            f"    if f.calls % 100 == 0:\n        Path({str(root / name)!r})"
            f".write_text(str(f.calls))\n    {python}\n\n\nf.calls = 0\n",
            name,
        )
    project.pair(
        "sub f {\n    my ($v, $n) = @_;\n    push @$v, 1;\n"
        '    die "odd\\n" if $n % 2;\n    return @$v;\n}',
        "def f(v: list[float], n: int) -> tuple[float, ...]:\n"
        "    if n % 1009 != 7:\n        v.append(1)\n    if n % 2:\n"
        "        raise ValueError('odd')\n    if n % 1009 == 7:\n        v.append(1)\n"
        "    return tuple(v)\n",
        "counts",
    )
    project.file(
        "cases/counts.py",
        f"{CASES}f = Cases(st.tuples(st.just([]), st.integers(2000, 10**6)),"
        " arrays=lambda rng, n: (rng.random((n, 2)), rng.integers(2000, 10**6, n)))\n",
    )
    return project.pairs("*.f", cases=COUNT, coverage=False)


@pytest.mark.parametrize("name", ONCE)
def test_a_case_is_called_once(entries: Entries, root: Path, name: str) -> None:
    entry = entries[f"{name}.f"]
    assert (entry["verdict"], entry["cases"]) == ("identical", COUNT), entry
    assert entry["failed"] > 1000 or name == "undef"
    assert int((root / name).read_text()) == COUNT


def test_counts_end_with_the_case_that_differs(entries: Entries) -> None:
    entry = entries["counts.f"]
    assert (entry["verdict"], entry["cases"] > STRATEGY_CASES) == ("differs", True), entry
    assert entry["explained"] == 0 and entry["failed"] < entry["cases"], entry


@pytest.mark.parametrize("field", HALVES)
def test_half_of_the_cases_up_to_one_that_differs(tmp_path: Path, field: str) -> None:
    perl, python, more = HALVES[field]
    project = Project(tmp_path, "perl")
    project.pair(
        f"sub f {{ my ($n, $x) = @_; return -1 if $n % {20 * RARELY} == 7 && $x < 1;"
        f" return {perl} }}",
        f"def f(n: int, x: float) -> float:\n    return {python}\n",
    )
    project.file(
        "cases/unit.py",
        f"{CASES}from parity import Known\n"
        "f = Cases(st.tuples(st.integers(2000, 10**6), st.sampled_from([0.5, 2.0**53 - 1]))"
        f"{more}, arrays=lambda rng, count: "
        "(rng.integers(2000, 10**6, count), rng.choice([0.5, 2.0**53 - 1], count)))\n",
    )
    entry = project.pairs(cases=200_000, coverage=False)["unit.f"]
    assert (entry["verdict"], entry["cases"] > 2000) == ("differs", True), entry
    assert 0.48 < entry[field] / entry["cases"] < 0.52, entry


def test_the_same_seed_makes_the_same_run(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        f"sub f {{ my ($x) = @_; return $x % {RARELY} == 3 ? 1 : 0 }}",
        "def f(x: int) -> int:\n    return 0\n",
    )
    project.file(
        "cases/unit.py",
        f"{CASES}f = Cases(st.tuples(st.integers(4, 500)),"
        " arrays=lambda rng, n: (rng.integers(0, 10**6, n),))\n",
    )
    first, again, other = (project.pairs(cases=COUNT, seed=seed)["unit.f"] for seed in (1, 1, 2))
    assert {**first, "seconds": 0} == {**again, "seconds": 0}
    assert first["cases"] != other["cases"]


def test_what_is_left_out_and_printed_while_loading(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { my (%o) = @_; return 1 }", "def f(**o: float) -> int:\n    return 1\n")
    project.file("perl/loud.pl", "print qq{loading\\n};\nsub f { return $_[0] }\n1;\n")
    project.file("port/loud.py", "print('loading')\n\n\ndef f(x: float) -> float:\n    return x\n")
    entries = project.pairs(cases=20)
    assert "the port's keyword arguments **o are never given" in entries["unit.f"]["notes"]
    assert entries["loud.f"]["verdict"] == "identical"


def test_arguments_that_may_be_left_out_are(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub f { my ($s, $n, $m) = @_; return $s . ($n // 'n') . ($m // 'm') }",
        "def f(s: str, n: str | None = 'n', m: str | None = 'x') -> str:\n"
        "    return s + ('n' if n is None else n) + ('m' if m is None else m)\n",
    )
    entry = project.pairs(cases=1)["unit.f"]
    assert entry["verdict"] == "differs"
    assert len(entry["input"]) < 3


def test_functions_of_one_line_have_no_branches(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub f {\n    return $_[0] / 3;\n}\nsub g {\n    return $_[0] / 3;\n}",
        "def f(x: float) -> float: return x / 3\ndef g(x: float) -> float: return x / 3\n",
    )
    entries = project.pairs(cases=10)
    assert len(entries) == 2
    for entry in entries.values():
        assert entry["coverage"]["python"]["of"] == 0, entry["coverage"]
