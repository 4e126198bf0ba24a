"""Ports whose files are named like modules."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Project


@pytest.mark.parametrize("package", [False, True], ids=["folder", "package"])
def test_files_named_like_modules(tmp_path: Path, package: bool) -> None:
    """The port's files may be called like modules that parity, or they themselves, import."""
    project = Project(tmp_path, "perl")
    folders = ["", "sub/"] if package else [""]
    names = []
    for folder in folders:
        if package:
            project.file(f"port/{folder}__init__.py", "")
        for module in ("random", "statistics", "json", "types", "math", "numpy"):
            project.pair(
                "sub ninth { return sqrt($_[0] * $_[0]) / 9 }",
                "import math\n\n\ndef ninth(x: float) -> float:\n    return math.sqrt(x * x) / 9\n",
                folder + module,
            )
            names.append(f"{folder.replace('/', '.')}{module}.ninth")
    entries = project.pairs(cases=20)
    assert {entry["verdict"] for entry in entries.values()} == {"identical"}, entries
    assert sorted(entries) == sorted(names)
