"""Every right port is found to be right, and every wrong one is found, and shown to differ."""

from __future__ import annotations

import functools
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, PERLS, Project

import parity
from parity.api import call_texts
from ports import rare, right, wild, wrong
from ports.pair import Pair, Right, Table, Wrong

TABLES = {
    "right": Table(
        right.ALL, 200, right.BY_PERL, right.PERL_HEAD, right.PYTHON_HEAD, coverage=True
    ),
    "wrong": Table(wrong.ALL, 200, wrong.BY_PERL, python=wrong.HEAD),
    "seldom": Table(rare.SELDOM, 200, python=wrong.HEAD),
    "rare": Table(rare.ALL, 20_000, python=rare.HEAD),
    "wild": Table(wild.ALL, 5_000, python=wild.HEAD),
}
FIRST, *OTHERS = [perl.values[0] for perl in PERLS]
PARAMETERS = [
    pytest.param(name, exe, pair, id=f"{name}-{pair.name}{'-second-perl' if exe != FIRST else ''}")
    for name, table in TABLES.items()
    for exe, pairs in ((FIRST, table.pairs), *((exe, table.by_perl) for exe in OTHERS))
    for pair in pairs
]
IN_A_SHELL = ["last_bit", "text_from_perl", "only_python_raises", "another_key", "at_one_length"]

Entries = dict[str, dict[str, Any]]


@functools.cache
def judged(root: Path, name: str, exe: str) -> tuple[Project, Entries]:
    """A table in a project of its own, and what is said of its pairs."""
    table = TABLES[name]
    project = Project(root / f"{name}{exe != FIRST:d}", exe)
    for pair in table.pairs if exe == FIRST else table.by_perl:
        sub = f"sub f {{\n{pair.perl}\n}}"
        project.pair(f"{pair.head}\n{table.perl}{sub}", f"{table.python}{pair.python}\n", pair.name)
        if pair.cases:
            project.file(f"cases/{pair.name}.py", f"{CASES}{pair.cases}\n")
    for file, text in right.SHARED.items():
        project.file(file, text)
    return project, project.pairs("*.f", cases=table.cases, coverage=table.coverage)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Any]:
    root = tmp_path_factory.mktemp("ports")
    return lambda name, exe: judged(root, name, exe)


@pytest.mark.parametrize(("table", "exe", "pair"), PARAMETERS)
def test_the_verdict(
    judge: Callable[[str, str], tuple[Project, Entries]], table: str, exe: str, pair: Pair
) -> None:
    project, entries = judge(table, exe)
    entry = entries[f"{pair.name}.f"]
    if isinstance(pair, Right):
        check_right(pair, entry)
        if table in ("rare", "wild"):
            assert entry["cases"] == TABLES[table].cases
    else:
        check_wrong(pair, entry)
        check_again(project, pair, entry)


def check_right(pair: Right, entry: dict[str, Any]) -> None:
    assert entry["verdict"] == "identical", entry
    assert entry["cases"] > entry["failed"]
    assert (entry["explained"] > 0) == pair.explained, entry
    assert (entry["failed"] > 0) == pair.fails, entry
    assert any(pair.note in note for note in ["", *entry["notes"]]), entry


def check_wrong(pair: Wrong, entry: dict[str, Any]) -> None:
    assert entry["verdict"] == "differs", entry
    assert re.fullmatch(pair.where, entry["where"]), entry
    assert pair.why in entry["why"], entry
    assert ("only after other calls" in entry["why"]) == pair.after, entry
    assert entry["cases"] in pair.number, entry
    assert {"input", "perl", "python"} <= entry.keys()
    if callable(pair.input):
        assert pair.input(*entry["input"])
    elif pair.input is not None:
        assert entry["input"] == pair.input
    if pair.sides is not None:
        assert (shown(entry["perl"]), shown(entry["python"])) == tuple(map(shown, pair.sides))


def check_again(project: Project, pair: Wrong, entry: dict[str, Any]) -> None:
    """The line that reproduces it does."""
    words = shlex.split(entry["reproduce"])
    if "call" not in words:
        assert words[:2] == ["parity", "run"] and words[-1] == entry["name"]
        return
    again = call_again(project, words)
    assert again.difference and again.difference.where == entry["where"]


def call_again(project: Project, words: list[str]) -> parity.CallResult:
    """Call a pair as the words of `parity call` say, in this process."""
    start, *rest = words
    assert (start, rest.pop(0)) == ("parity", "call")
    strict, exe = False, "perl"
    while rest[0].startswith("--"):
        option = rest.pop(0)
        strict |= option == "--strict"
        exe = rest.pop(0) if option == "--perl" else exe
    name, *texts = rest
    texts = texts[1:] if texts[:1] == ["--"] else texts
    return call_texts(parity.Project(project.root, perl=exe), name, texts, strict=strict)


def shown(value: Any) -> str:
    """A value that tells 0.0 from -0.0, but not 1 from 1.0."""
    return repr(float(value) if isinstance(value, int) else value)


@pytest.mark.parametrize("exe", [FIRST, *OTHERS])
@pytest.mark.parametrize("name", IN_A_SHELL[:2])
def test_the_line_in_a_shell(judge: Callable[[str, str], Any], name: str, exe: str) -> None:
    in_a_shell(*judge("wrong", exe), name)


@pytest.mark.parametrize(("table", "name"), [("wrong", name) for name in IN_A_SHELL[2:]])
def test_the_line_in_a_shell_with_one_perl(
    judge: Callable[[str, str], Any], table: str, name: str
) -> None:
    table = "seldom" if name == "at_one_length" else table
    in_a_shell(*judge(table, FIRST), name)


def in_a_shell(project: Project, entries: Entries, name: str) -> None:
    """Run the line as the user would who copies it into a terminal."""
    entry = entries[f"{name}.f"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", entry["reproduce"]],
        cwd=project.root,
        text=True,
        capture_output=True,
        env={**os.environ, "PATH": path},
    )
    assert done.returncode == 1, (entry["reproduce"], done)
    assert re.search(rf"^ *{entry['name']} +differs", done.stdout, re.MULTILINE), done
    assert f" {entry['where']}" in done.stdout


def test_strict_excuses_nothing(judge: Callable[[str, str], Any]) -> None:
    project, _ = judge("right", FIRST)
    excused = ["past_2_53.f", "times_zero.f", "vivified.f"]
    entries = project.pairs(
        *excused, "integers.f", "changed_in_place.f", cases=200, strict=True, coverage=False
    )
    assert len(entries) == 5
    differing = {name for name, entry in entries.items() if entry["verdict"] == "differs"}
    assert differing == set(excused)
    for name in excused:
        words = shlex.split(entries[name]["reproduce"])
        assert "--strict" in words
        assert call_again(project, words).difference


def test_the_worst_explained_case_is_kept(judge: Callable[[str, str], Any]) -> None:
    worst = judge("right", FIRST)[1]["past_2_53.f"]["worst_explained"]
    assert 0 < worst["distance"] < 2**-50
    assert worst["perl"] != worst["python"]
