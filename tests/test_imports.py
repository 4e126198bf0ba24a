"""What the ports and the harness import, and what pyproject.toml says they need."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator

from conftest import ROOT


def imports(folder: str) -> Iterator[tuple[str, str]]:
    """Where a folder's files import what: file and top-level package."""
    for file in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [folder if node.level else str(node.module)]
            for name in names:
                yield str(file.relative_to(ROOT)), name.partition(".")[0]


def project_table() -> dict[str, object]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    table: dict[str, object] = tomllib.loads(text)["project"]
    return table


def test_the_ports_import_little() -> None:
    plain = {"__future__", "collections", "math", "typing", "pybackprop"}
    found = list(imports("pybackprop"))
    assert ("pybackprop/activation.py", "math") in found
    vectorized = "pybackprop/vectorized/"
    assert (f"{vectorized}cost.py", "numpy") in found
    for file, name in found:
        if not file.startswith("pybackprop/programs/"):  # a command line needs more
            assert name in plain | ({"numpy"} if file.startswith(vectorized) else set()), file


def test_the_harness_knows_nothing_of_the_ports() -> None:
    declared = project_table()["dependencies"]
    assert isinstance(declared, list)
    packages = {re.split(r"[<>=]", text)[0].replace("-", "_") for text in declared}
    found = list(imports("parity"))
    assert ("parity/commands/main.py", "click") in found
    for file, name in found:
        known = packages | sys.stdlib_module_names | {"parity"}
        if file == "parity/pytest_plugin.py":  # which nothing but pytest loads
            known |= {"pytest"}
        if file in (
            "parity/new/stub.py",
            "parity/new/perl_types.py",
        ):  # which `parity new` alone loads
            known |= {"tomlkit"}
        if file == "parity/processes/dask.py":  # which --scheduler alone loads
            known |= {"distributed"}
        assert name in known, file
    assert "pybackprop" not in packages
    for file in (ROOT / "parity").rglob("*.p[yl]"):
        assert "pybackprop" not in file.read_text(encoding="utf-8"), file


def test_every_dependency_is_used() -> None:
    declared = project_table()["dependencies"]
    assert isinstance(declared, list)
    packages = {re.split(r"[<>=]", text)[0].replace("-", "_") for text in declared}
    assert packages <= {name for folder in ("parity", "pybackprop") for _, name in imports(folder)}
