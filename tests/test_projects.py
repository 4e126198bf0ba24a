"""Small projects in the style of real ones, with right ports and with mistakes that people make."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, parity

# Of each folder: the pairs, and the place in which a wrong port differs ("" for a right one).
SCRIPTS = {
    "summary": "",
    "columns": "",
    "rounds": "standard output, line 2",
    "ties": "standard output, line",
    "quiet": "standard output, line 1",
    "succeeds": "exit status",
    "zero": "standard output, line",
    "spaces": "standard output, line",
    "default": "standard output, line",
    "returns": "standard output, line",
    "digits": "standard output, line 1",
    "last_line": "the file out/a.txt, line 2",
    "suffix": "the file out/a.csv",
    "quotes": "the file out/b.txt, line 1",
    "unicode": "standard output, line 1",
    "status": "exit status",
}
TEXT = {
    "layout.wrap": "[0]",
    "layout.roman": "the result",
    "layout.fill": "the result",
    "layout.money": "the result",
    "layout.percent": "the result",
    "layout.page": "the result",
    "layout.tail": "the result",
    "layout.label": "the result",
    "layout.pick": "the error: only Python fails",
    "layout.later": "the result",
    "layout.in_order": "[0]",
    "layout.check_sum": "the result",
    "words.trim": "the result",
    "words.fields": "the result: of length 0 in Perl, 1 in Python",
    "words.quoted_words": "the error: only Perl fails",
    "words.count_words": "é: Perl has no key 'é'",
    "words.unique": "[0]",
    "words.soundex": "the result",
    "words.is_word": "the result",
    "words.lower": "the result",
}
PROJECTS = {
    "scripts": {f"programs.{name}": where for name, where in SCRIPTS.items()},
    "text": {f"prose.{name}": "" for name in TEXT},
    "text/wrong": {f"prose.{name}": where for name, where in TEXT.items()},
}
PAIRS = [(folder, name) for folder, pairs in PROJECTS.items() for name in pairs]

Entries = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Entries]:
    """What the command says of each folder, in a copy of the projects."""
    home = tmp_path_factory.mktemp("projects")
    ignored = shutil.ignore_patterns(".parity", "__pycache__")
    shutil.copytree(ROOT / "tests" / "projects", home, dirs_exist_ok=True, ignore=ignored)
    return {folder: run(home / folder) for folder in PROJECTS}


def run(folder: Path) -> Entries:
    done = parity(folder, "run", "--seed", "1", "--cases", "200", "--json", "report.json")
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    entries = {entry["name"]: entry for entry in report["pairs"]}
    identical = all(entry["verdict"] == "identical" for entry in entries.values())
    assert done.status == (0 if identical else 1), done.err
    assert "note" not in done.out, done.out
    return entries


@pytest.mark.parametrize("folder", PROJECTS)
def test_all_pairs_are_found(reports: dict[str, Entries], folder: str) -> None:
    assert reports[folder].keys() == PROJECTS[folder].keys()


@pytest.mark.parametrize(("folder", "name"), PAIRS)
def test_the_verdict(reports: dict[str, Entries], folder: str, name: str) -> None:
    entry, where = reports[folder][name], PROJECTS[folder][name]
    assert entry["verdict"] == ("differs" if where else "identical"), entry
    if where:
        assert f"{entry['where']}: {entry['why']}".startswith(where)
