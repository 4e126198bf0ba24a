"""The correspondence map: every sub and function, and what became of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Project, parity

from parity.project import map, pairs, settings

STOCK = ROOT / "tests" / "projects" / "stock"


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, run once."""
    folder = tmp_path_factory.mktemp("stock")
    shutil.copytree(STOCK, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".parity"))
    done = parity(folder, "run", "--seed", "1", "--cases", "50", "--json", "report.json")
    assert done.status == 2, done.err
    return folder


@pytest.fixture(scope="module")
def entries(stock: Path) -> dict[str, Any]:
    report = json.loads((stock / "report.json").read_text(encoding="utf-8"))
    return {entry["name"]: entry for entry in report["pairs"]}


def test_the_map(stock: Path, entries: dict[str, Any]) -> None:
    done = parity(stock, "list", "--json")
    rows = {row["perl"] or row["python"]: row for row in json.loads(done.out)}
    assert rows["Acme::Stock::halfPrice"]["python"] == "acme.stock.half_price"
    assert rows["Acme::Wrong::price"]["became"] == "differs"
    assert rows["Acme::Stock::_show"] == {
        "perl": "Acme::Stock::_show",
        "python": None,
        "became": "not ported",
        "reason": "prints only",
    }
    assert rows["acme.stock._halved"]["became"] == "Python only"
    assert rows["Other::Rounding::half"]["became"] == "not paired"
    assert len(rows) == len(entries) + 5
    assert "| `Other::Rounding::half` |  | not paired" in parity(stock, "list", "--markdown").out


def test_the_map_is_checked(stock: Path, tmp_path: Path) -> None:
    done = parity(stock, "list", "--check")
    assert done.status == 1
    assert "Other::Rounding::half is neither paired nor declared" in done.err
    shutil.copytree(stock, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "pyproject.toml"
    table = '"Acme::Stock::_*" = "prints only"\n'
    declared = table + '"Other::*" = "goes away"\n'
    file.write_text(file.read_text().replace(table, declared))
    assert parity(tmp_path, "list", "--check").status == 0
    file.write_text(file.read_text().replace(table, declared + '"Acme::Gone" = "?"\n', 1))
    file.write_text(file.read_text().replace('"Other::*" = "goes away"\n', "", 1))
    done = parity(tmp_path, "list", "--check")
    assert done.status == 1
    assert "Acme::Gone: nothing without a partner has this name" in done.err


def test_the_map_of_what_was_never_run(project: Project) -> None:
    project.pair("sub f { 1 }", "def f() -> int:\n    return 1\n")
    (row,) = json.loads(project.parity("list", "--json").out)
    assert row["became"] == "not run yet"


def test_what_was_not_reached_stands_in_the_map_and_is_told(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub f { my ($s) = @_; return $s }",
        "def f(s: str, *, end: str = '') -> str:\n    if len(s) > 9999:\n        s = ''\n"
        "    return s + end\n",
    )
    done = project.run("--min-coverage", "90", cases=20)
    assert done.status == 1
    assert "note unit.f: 60 % reached, less than 90 %" in done.out
    assert "the port's keyword-only parameter end is never given" in done.out
    (row,) = json.loads(project.parity("list", "--json").out)
    assert row["reason"] == "reached 1 of 2 branches, 2 of 3 Python lines"


@pytest.mark.parametrize(
    ("file", "entry", "said"),
    [
        ("cases/unit.py", "half", "half belongs to no pair; did you mean halve?"),
        ("cases/unit.py", "other", "other belongs to no pair\n"),
        ("cases/one.unit.py", "halve", "of that name are read from {}/cases/unit.py"),
    ],
)
def test_an_entry_of_a_cases_file_that_belongs_to_nothing(
    tmp_path: Path, file: str, entry: str, said: str
) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub halve { return $_[0] }", "def halve(x: float) -> float:\n    return x\n")
    project.file(file, f"from parity import Cases\n\n{entry} = Cases(examples=[(1.5,)])\n")
    done = project.run(cases=10)
    assert done.status == 0
    assert f"{file}:3: {entry} belongs to no pair" in done.out
    assert said.format(tmp_path) in done.out
    assert said.format(tmp_path) in project.parity("list", "--check").err


PROGRAM = """
[tool.parity.programs]
names = { perl = "bin/names.pl", python = "bin/names.py" }
"""


def test_the_map_has_programs(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.file("bin/names.pl", "print 1;\n")
    project.file("bin/names.py", "print(1, end='')\n")
    project.settings(PROGRAM)
    project.run("programs.names")
    rows = {row["perl"]: row for row in json.loads(project.parity("list", "--json").out)}
    row = rows["bin/names.pl"]
    assert (row["python"], row["became"]) == ("bin/names.py", "identical")


def test_a_misspelt_entry_is_named(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    for name in ("bin/names.pl", "bin/names.py"):
        project.file(name, "")
    project.settings(PROGRAM)
    project.file("cases/programs.py", "nmaes = Cases()\n")
    here = settings.load(tmp_path)
    (line,) = map.orphan_entries(here, pairs.find(here))
    assert line.endswith("programs.py:1: nmaes belongs to no pair; did you mean names?")
