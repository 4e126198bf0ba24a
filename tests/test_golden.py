"""Golden reports: what a run says of the lessons and of tests/projects, key by key.

They hold for the versions named in each file. Write them again with

    UPDATE_GOLDEN=1 .venv/bin/python -m pytest tests/test_golden.py
"""

from __future__ import annotations

import json
import os
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

import parity
from parity import Project
from parity.report.json_report import document

GOLDEN = Path(__file__).with_name("golden")
PLACES = {
    "lessons": (".", 1000),
    "stock": ("tests/projects/stock", 400),
    "scripts": ("tests/projects/scripts", 200),
    "text": ("tests/projects/text", 400),
    "text_wrong": ("tests/projects/text/wrong", 400),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_report_is_as_it_was(name: str, tmp_path: Path) -> None:
    file = GOLDEN / f"{name}.json"
    if "UPDATE_GOLDEN" in os.environ:
        file.write_text(json.dumps(report(name, tmp_path), indent=1, ensure_ascii=False) + "\n")
    golden = json.loads(file.read_text(encoding="utf-8"))
    found = report(name, tmp_path)
    if name == "lessons":  # they are twins, whatever the versions
        numpy = [pair["vectorized"] for pair in found["pairs"] if "vectorized" in pair]
        assert {pair["verdict"] for pair in found["pairs"]} == {"identical"}
        assert {version["verdict"] for version in numpy} == {"within bound"}
    if found["versions"] != golden["versions"]:
        pytest.skip(f"the golden report is of {golden['versions']}")
    assert found == golden


def report(name: str, folder: Path) -> dict[str, Any]:
    """The report of a copy, without seconds and with `ROOT` for the path of the copy."""
    shutil.rmtree(folder)
    ignored = shutil.ignore_patterns(".*", "__pycache__", "build", "*.egg-info", "golden")
    shutil.copytree(ROOT, folder, ignore=ignored)
    place, cases = PLACES[name]
    project = Project(folder / place)
    verdicts = {one.name: one for one in parity.run(project, cases=cases, seed=1)}
    ordered = [verdicts[pair.name] for pair in project.select()]
    text = json.dumps(document(ordered, 1, project.perl_version), ensure_ascii=False)
    found: dict[str, Any] = json.loads(text.replace(str(folder.resolve()), "ROOT"))
    for pair in found["pairs"]:
        del pair["seconds"]
        if "order in which Perl keeps the keys" in pair.get("reason", ""):
            pair["reason"] = pair["reason"].partition(" it is ")[0]  # all that perl did decides it
        if name == "scripts":  # how small a program's input becomes in 15 s the machine decides
            for key in ("input", "perl", "python", "where", "why", "reproduce"):
                pair.pop(key, None)
    libraries = {library: version(library) for library in ("numpy", "hypothesis")}
    return {
        "versions": {"perl": found.pop("perl"), "python": found.pop("python"), **libraries},
        **found,
    }
