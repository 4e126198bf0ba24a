"""The package as somebody else gets it: built, installed, and used outside of the repository."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT, Project

pytestmark = pytest.mark.slow  # it makes an environment and installs into it


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with env/, an environment that has nothing but the package and what it needs.

    The wheel is in dist/. It is built from a copy, for a build leaves files in its source.
    """
    home = tmp_path_factory.mktemp("home")
    source = home / "source"
    source.mkdir()
    for name in ("parity", "pybackprop", "perl_reference", "tests"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)

    own_pip = importlib.util.find_spec("pip") is None
    venv.create(home / "env", with_pip=own_pip)
    python = str(home / "env" / "bin" / "python")
    pip = [python if own_pip else sys.executable, "-m", "pip", "--quiet"]
    run([*pip, "wheel", ".", "--no-deps", "-w", str(home / "dist")], source)
    shutil.rmtree(source)
    (wheel,) = (home / "dist").iterdir()
    run([*pip, "--python", python, "install", "--no-compile", str(wheel)], home)
    return home


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody would who has never heard of this repository."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        words, cwd=folder, capture_output=True, text=True, timeout=300, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_the_wheel_holds_what_is_needed_and_no_more(home: Path) -> None:
    (wheel,) = (home / "dist").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        worker = archive.read("parity/perl/worker.pl")
    assert worker == (ROOT / "parity" / "perl" / "worker.pl").read_bytes()
    wanted = {
        str(file.relative_to(ROOT))
        for folder in ("parity", "pybackprop")
        for pattern in ("*.py", "*.pl", "py.typed")
        for file in (ROOT / folder).rglob(pattern)
    }
    assert {"parity/py.typed", "pybackprop/py.typed"} <= wanted
    assert names == wanted


def test_the_installed_command_judges_a_project(home: Path, tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { return $_[0] * 0.5 }", "def f(x: float) -> float:\n    return x * 0.5\n")
    parity = str(home / "env" / "bin" / "parity")
    done = run([parity, "run", "--cases", "100"], tmp_path)
    assert re.search(r"unit\.f +identical +100 cases", done.stdout)
    assert "unit.f  identical" in run([parity, "list"], tmp_path).stdout
    assert "sub f" in run([parity, "show", "unit.f"], tmp_path).stdout
    assert "0.25" in run([parity, "call", "unit.f", "0.5"], tmp_path).stdout


def test_what_is_installed_is_what_runs(home: Path, tmp_path: Path) -> None:
    python = str(home / "env" / "bin" / "python")
    script = "import parity, pybackprop.chain; print(parity.__file__, pybackprop.__file__)"
    for file in run([python, "-c", script], tmp_path).stdout.split():
        assert Path(file).is_relative_to(home / "env")
    version = run([str(home / "env" / "bin" / "parity"), "--version"], tmp_path).stdout
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert version.split()[-1] == table["version"]
    said = run([python, "-m", "pybackprop.programs.liner_derivative"], tmp_path).stdout
    assert float(said) == pytest.approx(3)
