"""Output that is full, closed or not read: the report and the exit status."""

from __future__ import annotations

import array
import fcntl
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from conftest import Project, wait_for


def pair(root: Path) -> Project:
    """A right port."""
    project = Project(root, "perl")
    project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x\n")
    return project


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    project = pair(tmp_path)
    line = f"{sys.executable} -m parity run --cases 3 | true"
    done = subprocess.run(["bash", "-c", line], cwd=project.root, capture_output=True, text=True)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("output", "status", "said"),
    [
        ("> /dev/full", 2, "parity: cannot write standard output: No space left on device\n"),
        ("> /dev/full 2> /dev/full", 2, ""),
        ("| true", 0, ""),
        (">&-", 0, ""),
        ("<&-", 0, ""),
        ("2>&-", 0, ""),
    ],
)
def test_the_report_is_written_wherever_the_output_goes(
    tmp_path: Path, output: str, status: int, said: str
) -> None:
    pair(tmp_path)
    line = f"{shlex.quote(sys.executable)} -m parity run --cases 3 --json report.json {output}"
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (status, said)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["pairs"][0]["verdict"] == "identical"


def test_a_report_on_standard_output_where_standard_error_is_full(tmp_path: Path) -> None:
    pair(tmp_path)
    with Path("/dev/full").open("w") as full:
        words = [sys.executable, "-m", "parity", "run", "--cases", "3", "--json", "-"]
        done = subprocess.run(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=full, text=True)
    assert done.returncode == 0
    assert json.loads(done.stdout)["pairs"][0]["verdict"] == "identical"


def test_a_report_that_cannot_be_written_leaves_the_seed(tmp_path: Path) -> None:
    done = pair(tmp_path).parity("run", "--cases", "3", "--seed", "5", "--json", "/dev/full")
    assert done.status == 2
    assert "seed 5" in done.out
    assert re.fullmatch(r"parity: [^\n]+/dev/full[^\n]+No space left[^\n]*\n", done.err)


def test_a_report_that_standard_output_does_not_take(tmp_path: Path) -> None:
    pair(tmp_path)
    with Path("/dev/full").open("w") as full:
        words = [sys.executable, "-m", "parity", "run", "--cases", "3", "--json", "-"]
        done = subprocess.run(words, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr.endswith("parity: cannot write standard output: No space left on device\n")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_ends_whose_reader_stands_still(
    tmp_path: Path, number: signal.Signals, status: int
) -> None:
    project = Project(tmp_path, "perl")
    for stem in ("one", "two", "three"):
        project.pair(
            "sub f { return 'x' x 200_000 }", "def f() -> str:\n    return 'y' * 200_000\n", stem
        )
    words = [sys.executable, "-m", "parity", "run", "--cases", "1"]
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    with subprocess.Popen(words, cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE) as process:
        os.close(writer)
        try:
            assert wait_for(lambda: _waiting(reader) == 4096)
            process.send_signal(number)
            process.communicate(timeout=30)
        finally:
            process.kill()
            os.close(reader)
    assert process.returncode == status


def _waiting(reader: int) -> int:
    """The bytes that wait in a pipe."""
    count = array.array("i", [0])
    fcntl.ioctl(reader, termios.FIONREAD, count)
    return count[0]
