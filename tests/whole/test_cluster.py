"""A run on a cluster says what one here says, and survives the deaths of its processes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import distributed
import pytest
from conftest import Project, second_perl, start, wait_for

import parity
from parity.processes import dask
from parity.task import PART
from whole.deadly import killing_once, pair

pytestmark = pytest.mark.slow  # a cluster takes seconds to start

SCHEDULER = "from distributed.cli.dask_scheduler import main; main()"
WORKER = "from distributed.cli.dask_worker import main; main()"
CASES = 2 * PART + 20_000


@dataclass
class Cluster:
    """A scheduler with two workers, each a process."""

    folder: Path
    address: str = ""
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        file = self.folder / "scheduler.json"
        options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file"]
        self.scheduler = self._start(SCHEDULER, *options, str(file))
        assert wait_for(lambda: file.exists() and file.read_text().endswith("}"))
        self.address = json.loads(file.read_text())["address"]

    def add_worker(self, **environment: str) -> None:
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard"]
        self.workers.append(self._start(WORKER, self.address, *options, **environment))

    def wait_for_workers(self, count: int) -> None:
        with distributed.Client(self.address) as client:
            client.wait_for_workers(count, timeout=60)

    def wait_for_no_workers(self) -> None:
        with distributed.Client(self.address) as client:
            assert wait_for(lambda: not client.scheduler_info()["workers"])

    def _start(self, program: str, *words: str, **more: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"log{time.monotonic_ns()}").open("wb")
        environment = {**os.environ, "STARTED_IN": f"<{self.folder}>", **more}
        return subprocess.Popen(
            [sys.executable, "-c", program, *words], stdout=log, stderr=log, env=environment
        )


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    here = Cluster(tmp_path_factory.mktemp("cluster"))
    here.start()
    try:
        for _ in range(2):
            here.add_worker()
        here.wait_for_workers(2)
        yield here
    finally:
        for process in [*here.workers, here.scheduler]:
            process.kill()
            process.wait()


def several(root: Path) -> Project:
    """Right and wrong ports; one that differs late, one that never ends, one that is explained."""
    project = Project(root, "perl")
    project.settings("timeout = 2\n")
    project.pair(
        """
        sub right { my ($x) = @_; return 3 * $x + 2 }
        sub late { my ($x) = @_; return $x % 300_007 == 200_000 - 601 ? 1 : 0 }
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
    for entry in report["pairs"]:
        del entry["seconds"]
    return report


def test_the_report_is_the_same_however_many_processes(tmp_path: Path, cluster: Cluster) -> None:
    project = several(tmp_path)
    reports = [
        but_for_times(project.run("--jobs", "1", cases=CASES, seed=5).report),
        but_for_times(project.run("--jobs", "3", cases=CASES, seed=5).report),
        but_for_times(project.run("--scheduler", cluster.address, cases=CASES, seed=5).report),
    ]
    assert reports[0] == reports[1] == reports[2]
    pairs = {pair["name"]: pair for pair in reports[0]["pairs"]}
    verdicts = [pairs[f"unit.{name}"]["verdict"] for name in ("right", "late", "endless", "wrong")]
    assert verdicts == ["identical", "differs", "could not run", "differs"]
    assert pairs["unit.right"]["cases"] == CASES
    assert pairs["unit.late"]["cases"] > PART  # in a later part
    assert "did not return within 2 s on x = 7" in pairs["unit.endless"]["reason"]
    assert not project.remaining()


@contextmanager
def running(
    root: Path, cluster: Cluster, cases: int, seconds: float
) -> Iterator[subprocess.Popen[str]]:
    """A run on the cluster that calls its port by now, which takes so many seconds each time."""
    mark = root / "running"
    body = f"    import time\n    open({str(mark)!r}, 'a').close()\n    time.sleep({seconds})\n"
    project = pair(root, body)
    words = ["run", "--cases", str(cases), "--scheduler", cluster.address]
    with start(project.root, *words) as process:
        assert wait_for(mark.exists)
        yield process
        process.kill()


def test_a_worker_that_is_killed_costs_its_batch_only(tmp_path: Path, cluster: Cluster) -> None:
    with running(tmp_path, cluster, 600, 0.005) as process:
        cluster.workers[0].kill()
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    assert "1 identical · 600 cases" in out
    assert "Traceback" not in err


def test_a_killed_process_of_a_worker_costs_its_batch_only(
    tmp_path: Path, cluster: Cluster
) -> None:
    grandparent = "int(pathlib.Path(f'/proc/{os.getppid()}/stat').read_text().split()[3])"
    project = pair(tmp_path, killing_once(tmp_path, grandparent))
    entry = project.run("--scheduler", cluster.address, cases=2000).pair("unit.f")
    assert (entry["verdict"], entry["cases"]) == ("identical", 2000), entry
    assert (tmp_path / "killed").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_ends_leaves_the_cluster_free(
    tmp_path: Path, cluster: Cluster, number: signal.Signals
) -> None:
    with running(tmp_path, cluster, 50_000, 0.05) as process:
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    if number == signal.SIGINT:
        assert (process.returncode, err.strip()) == (130, "parity: interrupted"), out
    ours = Project(cluster.folder, "perl")
    assert wait_for(lambda: not any("processes.server" in one for one in ours.running().values()))
    again = pair(tmp_path / "again", "").run("--scheduler", cluster.address, cases=100)
    assert again.pair("unit.f")["verdict"] == "identical"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for a scheduler, or for a worker, gives up soon."""
    monkeypatch.setattr(dask, "CONNECTING", 1)
    monkeypatch.setattr(dask, "WORKERLESS", 1)


def lost(root: Path, cluster: Cluster, end: Callable[[], None]) -> str:
    """What is said of a run whose cluster comes to an end while it calls the port."""
    mark = root / "running"
    body = f"    import time\n    open({str(mark)!r}, 'a').close()\n    time.sleep(0.05)\n"
    project = parity.Project(pair(root, body).root)
    ended = []

    def watch(done: int, whole: int) -> None:
        if mark.exists() and not ended:
            end()
            ended.append(True)

    with pytest.raises(parity.UsageError) as said:
        list(parity.run(project, cases=500, scheduler=cluster.address, progress=watch))
    assert ended
    return str(said.value)


def test_the_last_worker_ends_and_with_it_what_it_started(
    tmp_path: Path, cluster: Cluster, impatient: None, capfd: pytest.CaptureFixture[str]
) -> None:
    def end() -> None:
        for worker in cluster.workers:
            worker.kill()

    assert "the cluster has had no worker for 1 s" in lost(tmp_path, cluster, end)
    left = Project(cluster.folder, "perl")
    assert wait_for(lambda: not any("parity" in one for one in left.running().values()))
    assert "Traceback" not in capfd.readouterr().err


def test_the_scheduler_ends(
    tmp_path: Path, cluster: Cluster, impatient: None, capfd: pytest.CaptureFixture[str]
) -> None:
    said = lost(tmp_path, cluster, cluster.scheduler.kill)
    assert f"the scheduler {cluster.address} is lost" in said
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:1", "cannot reach the scheduler tcp://127.0.0.1:1"),
        ("nonsense://x", "cannot reach the scheduler nonsense://x"),
        ("inproc://x", "cannot reach the scheduler inproc://x: only tcp:// is known"),
        ("", "cannot reach the scheduler"),
    ],
)
def test_a_scheduler_that_is_not_there(
    tmp_path: Path, impatient: None, address: str, said: str
) -> None:
    project = parity.Project(pair(tmp_path, "").root)
    with pytest.raises(parity.UsageError) as error:
        parity.run(project, scheduler=address)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


def test_the_command_says_so_in_one_line(tmp_path: Path) -> None:
    run = pair(tmp_path, "").parity("run", "--scheduler", "nonsense://x")
    assert run.status == 2
    assert run.err.startswith("parity: cannot reach the scheduler nonsense://x"), run.err
    assert run.err.count("\n") == 1


def test_a_cluster_without_workers(tmp_path: Path, cluster: Cluster) -> None:
    for worker in cluster.workers:
        worker.kill()
        worker.wait()
    cluster.wait_for_no_workers()
    run = pair(tmp_path, "").parity("run", "--scheduler", cluster.address)
    assert run.status == 2
    assert "no workers" in run.err, run.err


def test_a_worker_with_another_perl(tmp_path: Path, cluster: Cluster) -> None:
    if not (other := second_perl()):
        pytest.skip("needs a second perl")
    perl = cluster.folder / "bin" / "perl"
    perl.parent.mkdir()
    perl.write_text(f'#!/bin/sh\nexec {other[0]} "$@"\n')
    perl.chmod(0o755)
    cluster.add_worker(PATH=f"{perl.parent}:{os.environ['PATH']}")
    cluster.wait_for_workers(3)
    run = pair(tmp_path, "").parity("run", "--scheduler", cluster.address)
    assert run.status == 2
    assert re.search(r"parity: the worker \S+ has perl \S+, this machine \S+;", run.err), run.err
