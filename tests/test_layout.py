"""The layout of the harness: files and functions of a size that can be read, and light imports."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, Project

FILE = 450  # lines
FUNCTION = 50  # lines
# Longer ones, and why.
FILES: dict[str, str] = {}
FUNCTIONS: dict[str, str] = {}

SOURCES = sorted(file for suffix in ("py", "pl") for file in (ROOT / "parity").rglob(f"*.{suffix}"))


def lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """The functions of a file and how many lines each has."""
    if file.suffix == ".py":
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno
                yield node.name, node.end_lineno - node.lineno + 1
        return
    name, start = "", 0
    for number, line in enumerate(lines(file)):
        if match := re.match(r"sub (\w+)", line):
            name, start = match[1], number
        elif line == "}" and name:
            yield name, number - start + 1
            name = ""


def test_what_is_measured() -> None:
    assert len(SOURCES) > 50
    assert dict(functions(ROOT / "parity" / "__main__.py")).keys() == {"start", "_open_missing"}
    worker = dict(functions(ROOT / "parity" / "perl" / "worker.pl"))
    assert worker["serve"] > 5


def test_files_are_short() -> None:
    long = {str(file.relative_to(ROOT / "parity")) for file in SOURCES if len(lines(file)) > FILE}
    assert long == FILES.keys()


def test_functions_are_short() -> None:
    long = {
        f"{file.relative_to(ROOT / 'parity')}:{name}"
        for file in SOURCES
        for name, count in functions(file)
        if count > FUNCTION
    }
    assert long == FUNCTIONS.keys()


LISTED = """
import sys
from parity.__main__ import start
sys.argv = ["parity", *sys.argv[1:]]
try:
    start()
except SystemExit as ended:
    assert not ended.code, ended.code
print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""


@pytest.mark.parametrize("words", [["list"], ["list", "--check"], ["show", "unit.f"], ["--help"]])
def test_what_runs_nothing_loads_little(tmp_path: Path, words: list[str]) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { return 1 }", "def f() -> int:\n    return 1\n")
    command = [sys.executable, "-c", LISTED, *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = done.stderr.split()
    assert "parity" in loaded
    assert {"hypothesis", "numpy", "coverage", "pytest"}.isdisjoint(loaded)
