"""A run spread over processes, here or on a cluster, says the same, and survives their deaths."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Project, start, wait_for

from parity.sides import PART

SCHEDULER = "from distributed.cli.dask_scheduler import main; main()"
WORKER = "from distributed.cli.dask_worker import main; main()"
CASES = 2 * PART + 20_000


@dataclass
class Cluster:
    """A scheduler with two workers, each a process."""

    address: str
    workers: list[subprocess.Popen[bytes]]
    folder: Path

    def add_worker(self) -> None:
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard"]
        self.workers.append(self._start(WORKER, self.address, *options))

    def _start(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"log{time.monotonic_ns()}").open("wb")
        environment = {**os.environ, "STARTED_IN": f"<{self.folder}>"}
        return subprocess.Popen(
            [sys.executable, "-c", program, *words], stdout=log, stderr=log, env=environment
        )


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    distributed = pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("cluster")
    here = Cluster("", [], folder)
    file = folder / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file"]
    scheduler = here._start(SCHEDULER, *options, str(file))
    try:
        assert wait_for(lambda: file.exists() and file.read_text().endswith("}"), seconds=60)
        here.address = file.read_text().split('"address": "')[1].split('"')[0]
        for _ in range(2):
            here.add_worker()
        with distributed.Client(here.address) as client:
            client.wait_for_workers(2, timeout=60)
        yield here
    finally:
        for process in [*here.workers, scheduler]:
            process.kill()
            process.wait()


def several(root: Path) -> Project:
    """Right and wrong ports; one that differs late, one that never ends, one that is explained."""
    project = Project(root, "perl")
    project.settings("timeout = 2\n")
    project.pair(
        """
        sub right { my ($x) = @_; return 3 * $x + 2 }
        sub late { my ($x) = @_; return $x % 300_007 == 200_000 - 24 * 24 ? 1 : 0 }
        sub endless { my ($x) = @_; return $x }
        sub wrong { my ($x) = @_; return $x }
        """,
        "def right(x: float) -> float:\n    return 3 * x + 2\n\n\n"
        "def late(x: int) -> int:\n    return 0\n\n\n"
        "def endless(x: int) -> int:\n    while x == 7:\n        pass\n    return x\n\n\n"
        "def wrong(x: float) -> float:\n    return x + 1e-9\n",
    )
    return project


def but_for_times(report: dict[str, Any]) -> dict[str, Any]:
    for pair in report["pairs"]:
        del pair["seconds"]
    return report


def test_the_report_is_the_same_however_many_processes(tmp_path: Path, cluster: Cluster) -> None:
    project = several(tmp_path)
    reports = [
        but_for_times(project.run("--jobs", "1", cases=CASES, seed=3).report),
        but_for_times(project.run("--jobs", "3", cases=CASES, seed=3).report),
        but_for_times(project.run("--scheduler", cluster.address, cases=CASES, seed=3).report),
    ]
    assert reports[0] == reports[1] == reports[2]
    pairs = {pair["name"]: pair for pair in reports[0]["pairs"]}
    verdicts = [pairs[f"unit.{name}"]["verdict"] for name in ("right", "late", "endless", "wrong")]
    assert verdicts == ["identical", "differs", "could not run", "differs"]
    assert pairs["unit.right"]["cases"] == CASES
    assert pairs["unit.late"]["cases"] > PART  # in a later part
    assert "did not return within 2 s on x = 7" in pairs["unit.endless"]["reason"]
    assert not project.remaining()


def slow(root: Path, body: str) -> Project:
    project = Project(root, "perl")
    project.file("head.py", "")
    project.pair(
        "sub f { my ($x) = @_; return $x }", f"def f(x: int) -> int:\n{body}    return x\n"
    )
    return project


def test_a_worker_that_is_killed_costs_its_batch_only(tmp_path: Path, cluster: Cluster) -> None:
    mark = tmp_path / "running"
    body = f"    import time\n    open({str(mark)!r}, 'a').close()\n    time.sleep(0.005)\n"
    project = slow(tmp_path, body)
    with start(project.root, "run", "--cases", "600", "--scheduler", cluster.address) as process:
        assert wait_for(mark.exists, seconds=60)
        cluster.workers[0].kill()
        mark.unlink()
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    assert "1 identical · 600 cases" in out
    assert "Traceback" not in err


def test_a_killed_process_costs_its_batch_only(tmp_path: Path) -> None:
    mark = tmp_path / "killed"
    body = (
        f"    import os, pathlib\n    mark = pathlib.Path({str(mark)!r})\n"
        "    if not mark.exists():\n        mark.touch()\n        os.kill(os.getppid(), 9)\n"
    )
    run = slow(tmp_path, body).run(cases=100)
    assert run.pair("unit.f")["verdict"] == "identical"
    assert mark.exists()


def test_a_process_that_is_killed_each_time(tmp_path: Path) -> None:
    project = slow(tmp_path, "    import os\n    os.kill(os.getppid(), 9)\n")
    entry = project.run(cases=100).pair("unit.f")
    assert entry["verdict"] == "could not run"
    assert "was killed by signal 9" in entry["reason"]
    assert not project.remaining()


def test_an_interrupted_run_leaves_the_cluster_free(tmp_path: Path, cluster: Cluster) -> None:
    mark = tmp_path / "running"
    body = f"    import time\n    open({str(mark)!r}, 'a').close()\n    time.sleep(0.01)\n"
    project = slow(tmp_path, body)
    with start(project.root, "run", "--cases", "500", "--scheduler", cluster.address) as process:
        assert wait_for(mark.exists, seconds=60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err.strip()) == (130, "parity: interrupted"), out
    again = slow(tmp_path / "again", "").run("--scheduler", cluster.address, cases=100)
    assert again.pair("unit.f")["verdict"] == "identical"


def test_a_worker_that_ends_takes_with_it_what_it_started(tmp_path: Path, cluster: Cluster) -> None:
    mark = tmp_path / "running"
    body = f"    import time\n    open({str(mark)!r}, 'a').close()\n    time.sleep(0.05)\n"
    project = slow(tmp_path, body)
    with start(project.root, "run", "--cases", "500", "--scheduler", cluster.address) as process:
        assert wait_for(mark.exists, seconds=60)
        for worker in cluster.workers:
            worker.kill()
        left = Project(cluster.folder, "perl")
        assert wait_for(lambda: not [one for one in left.remaining() if "parity" in one])
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:1", "parity: cannot reach the scheduler tcp://127.0.0.1:1"),
        ("nonsense://x", "parity: cannot reach the scheduler nonsense://x"),
    ],
)
def test_a_scheduler_that_is_not_there(tmp_path: Path, address: str, said: str) -> None:
    pytest.importorskip("distributed")
    run = slow(tmp_path, "").parity("run", "--scheduler", address)
    assert run.status == 2
    assert run.err.startswith(said), run.err
    assert run.err.count("\n") == 1


def test_a_cluster_without_workers(tmp_path: Path, cluster: Cluster) -> None:
    for worker in cluster.workers:
        worker.kill()
        worker.wait()
    time.sleep(1)
    run = slow(tmp_path, "").parity("run", "--scheduler", cluster.address)
    assert run.status == 2
    assert "no workers" in run.err, run.err
