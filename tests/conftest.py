"""What the tests share: small projects of other people, judged through the installed command."""

from __future__ import annotations

import io
import json
import os
import shlex
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from jsonschema import Draft202012Validator
from rich.console import Console

from parity import api as parity_api
from parity.project.map import orphan_entries
from parity.report import exit_status, json_report, last_run, text

settings.register_profile("tests", deadline=None)  # a busy machine is no defect
settings.load_profile("tests")

ROOT = Path(__file__).parent.parent
# Hypothesis keeps its tables of Unicode there; to make them takes each new project more than 1 s.
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(ROOT / ".parity" / "hypothesis"))
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a job in the background ignores

REPORT = Draft202012Validator(json.loads((ROOT / "docs" / "report.schema.json").read_bytes()))
CASES = "from hypothesis import strategies as st\nfrom parity import Cases\n"  # a cases file's head


def second_perl() -> list[str]:
    """Another perl, which `make test` puts into .perl5; nothing where it is not there."""
    home = ROOT / ".perl5"
    libraries = [*home.glob("share/perl5/core_perl"), *home.glob("lib/perl5/*/core_perl")]
    exe = home / "bin" / "perl"
    if not exe.exists():
        return []
    words = [str(exe), *(word for folder in libraries for word in ("-I", str(folder)))]
    return [shlex.join(words)]


def older_perl(folder: Path) -> str:
    """This perl as one before 5.36, which cannot tell what a scalar was made as."""
    hidden = "qw(created_as_number created_as_string is_bool)"
    file = folder / "Older.pm"
    file.write_text(f'package Older;\nundef &{{"builtin::$_"}} for {hidden};\n1;\n')
    return shlex.join(["perl", "-I", str(folder), "-MOlder"])


PERLS = [
    pytest.param("perl", id="perl"),
    *(pytest.param(exe, id="second-perl") for exe in second_perl()),
]


@pytest.fixture(params=PERLS)
def exe(request: pytest.FixtureRequest) -> str:
    """Each perl at hand, as the setting `exe` names it."""
    return str(request.param)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest file first: in a parallel run the others fill the cores beside it."""
    items.sort(key=lambda item: item.path.stem != "test_ports")


@dataclass
class Run:
    """What one run of the command came to."""

    status: int
    out: str
    err: str
    report: dict[str, Any]

    def pair(self, name: str) -> dict[str, Any]:
        """One pair of the report."""
        return next(pair for pair in self.report["pairs"] if pair["name"] == name)


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start the command in a folder; all that it starts can be told by the environment."""
    return subprocess.Popen(
        [sys.executable, "-m", "parity", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "COLUMNS": "200", "STARTED_IN": f"<{folder}>"},
    )


def parity(folder: Path, *words: str) -> Run:
    """Run the command in a folder."""
    with start(folder, *words) as process:
        try:
            out, err = process.communicate(timeout=120)
        finally:
            process.kill()
    assert "Traceback" not in err, err
    return Run(process.returncode, out, err, {})


def run_pytest(folder: Path, *words: str) -> Run:
    """pytest with the plugin in a folder."""
    options = ["-p", "no:cacheprovider", "--parity", "--parity-cases", "100", *words]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options], cwd=folder, capture_output=True, text=True
    )
    return Run(done.returncode, done.stdout, done.stderr, {})


class Project:
    """A folder with a Perl side, a Python side and settings."""

    def __init__(self, root: Path, exe: str) -> None:
        self.root, self.exe = root, exe
        self.settings()
        self.file("perl/.keep", "")
        self.file("port/.keep", "")

    def settings(self, more: str = "") -> None:
        table = f'perl = "perl"\npython = "port"\ncases = "cases"\nexe = {json.dumps(self.exe)}\n'
        self.file("cases/.keep", "")
        self.file("pyproject.toml", f"[tool.parity]\n{table}{more}")

    def file(self, name: str, content: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(content), encoding="utf-8")
        return path

    def pair(self, perl: str, python: str, stem: str = "unit") -> None:
        """Write both files of one stem; strict, warnings and the final 1 are added."""
        head = "use strict;\nuse warnings;\n"
        self.file(f"perl/{stem}.pl", head + textwrap.dedent(perl) + "\n1;\n")
        self.file(f"port/{stem}.py", python)

    def parity(self, *words: str) -> Run:
        """Run the command here."""
        return parity(self.root, *words)

    def pairs(
        self, *names: str, cases: int = 300, seed: int = 1, **options: Any
    ) -> dict[str, dict[str, Any]]:
        """The report's pairs by name, judged through the API."""
        report = self.judge(*names, cases=cases, seed=seed, **options).report
        return {pair["name"]: pair for pair in report["pairs"]}

    def remaining(self) -> list[str]:
        """What still runs of all that was started here; the dying have a moment to die."""
        if not Path("/proc/self/environ").exists():
            pytest.skip("looks for processes in /proc")
        wait_for(lambda: not self.running(), seconds=20)
        return list(self.running().values())

    def running(self) -> dict[int, str]:
        """The numbers and commands of all that was started here and still runs.

        Known by its environment or its folder: what perl takes for $0 may overwrite the first.
        """
        mark, root = f"STARTED_IN=<{self.root}>".encode(), self.root.resolve()
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                marked = mark in (process / "environ").read_bytes()
                if marked or (process / "cwd").resolve().is_relative_to(root):
                    command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    found[int(process.name)] = command
            except OSError:
                continue
        return found

    def run(self, *words: str, cases: int = 300, seed: int = 1) -> Run:
        """What `parity run` reports. Where no option is given, no command is started for it."""
        if not any(word.startswith("-") for word in words):
            return self.judge(*words, cases=cases, seed=seed)
        file = self.root / "report.json"
        file.unlink(missing_ok=True)
        options = ["--cases", str(cases), "--seed", str(seed), "--json", str(file)]
        done = self.parity("run", *words, *options)
        if file.exists():
            done.report = json.loads(file.read_text(encoding="utf-8"), parse_constant=_not_json)
            REPORT.validate(done.report)
        return done

    def judge(self, *names: str, cases: int = 300, seed: int = 1, **options: Any) -> Run:
        """Judge pairs through the API, as the command does: its status, verdicts and report."""
        here = parity_api.Project(self.root)
        order = [pair.name for pair in here.select(names)]
        found = parity_api.run(here, names, cases=cases, seed=seed, **options)
        verdicts = sorted(found, key=lambda verdict: order.index(verdict.name))
        console = Console(file=io.StringIO(), width=200)
        for verdict in verdicts:
            text.show(console, verdict, max(map(len, order)))
        notes = [*here.found.misread, *orphan_entries(here.settings, here.found)]
        text.summary(console, verdicts, notes, seed, 0.0)
        report = json_report.document(verdicts, seed, here.perl_version)
        last_run.save_run(report, here.settings.report)
        report = json.loads(json.dumps(report, allow_nan=False))
        REPORT.validate(report)
        return Run(exit_status.exit_status(verdicts), console.file.getvalue(), "", report)


def wait_for(done: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait until something is done, but not for ever. Whether it is."""
    until = time.monotonic() + seconds
    while not (is_done := done()) and time.monotonic() < until:
        time.sleep(0.02)
    return is_done


def _not_json(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


@pytest.fixture
def project(tmp_path: Path, exe: str) -> Project:
    """An empty project, once with each perl."""
    return Project(tmp_path, exe)
