"""Projects, and the command inside this process."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Project, Run

from commands.sample import Inside, sample_project
from parity.commands.main import main


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project, for tests that leave its files alone."""
    return sample_project(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def own(tmp_path: Path) -> Project:
    """The project, for one test to change."""
    return sample_project(tmp_path)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty one."""
    return Project(tmp_path, "perl")


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Inside]:
    """The command without an interpreter of its own: fast, for what runs no pair."""

    def call(project: Project, *words: str) -> Run:
        monkeypatch.chdir(project.root)
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(sys, "argv", ["parity", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return Run(int(ended.value.code or 0), *capfd.readouterr(), {})

    before = signal.getsignal(signal.SIGTERM)
    yield call
    signal.signal(signal.SIGTERM, before)
