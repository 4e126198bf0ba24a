"""Two small projects in the style of real ones, run by the installed command: text, and scripts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

# Of each wrong port the place of the difference; all others are right.
WRONG = {
    "text": {
        "letter.wrong.fields": "the result",
        "letter.wrong.ends_with_digit": "the result",
        "letter.wrong.given": "the result",
        "letter.wrong.rounded": "the result",
        "letter.wrong.numbers_in_order": "[0]",
        "letter.wrong.half": "the result",
        "letter.wrong.letter_at": "the result",
        "letter.wrong.words_of": "the result",
        "letter.wrong.paragraph": "the result",
    },
    "scripts": {
        "programs.summary_wrong": "standard output, line 1",
        "programs.split_table_wrong": "standard output, line 1",
    },
}
RIGHT = {"text": 10, "scripts": 2}


@pytest.fixture(scope="module", params=WRONG)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A project's name and its report."""
    folder = tmp_path_factory.mktemp("projects") / request.param
    ignore = shutil.ignore_patterns(".parity", "__pycache__")
    shutil.copytree(ROOT / "tests" / "projects" / request.param, folder, ignore=ignore)
    command = Path(sys.executable).with_name("parity")
    words = [str(command), "run", "--seed", "1", "--json", "-"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stderr
    listed = subprocess.run([str(command), "list", "--check"], cwd=folder, capture_output=True)
    assert listed.returncode == 0, listed.stderr
    return request.param, json.loads(done.stdout)


def test_right_ports_are_identical_and_wrong_ones_are_not(report: Any) -> None:
    name, document = report
    found = {entry["name"]: entry for entry in document["pairs"]}
    wrong = {key: entry["where"] for key, entry in found.items() if entry["verdict"] == "differs"}
    assert wrong == WRONG[name]
    right = [entry for entry in found.values() if entry["verdict"] == "identical"]
    assert len(right) == RIGHT[name] == len(found) - len(wrong)
    assert all(entry["cases"] >= 20 for entry in right)
