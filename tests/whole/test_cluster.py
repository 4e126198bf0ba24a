"""A run spread over processes, here or on a cluster, says the same, and survives their deaths."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import distributed
import pytest
from conftest import Project, second_perl, start, wait_for

from parity.task import PART

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


def pair(root: Path, body: str) -> Project:
    """A port that does this, and then what the sub does."""
    project = Project(root, "perl")
    project.pair(
        "sub f { my ($x) = @_; return $x }", f"def f(x: int) -> int:\n{body}    return x\n"
    )
    return project


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


def killing_once(root: Path, process: str, call: int = 150) -> str:
    """What a port does that kills a process at one of its calls, but only the first time."""
    mark = str(root / "killed")
    return (
        "    import os, pathlib\n    f.calls = getattr(f, 'calls', 0) + 1\n"
        f"    mark = pathlib.Path({mark!r})\n"
        f"    if f.calls == {call} and not mark.exists():\n        mark.touch()\n"
        f"        os.kill({process}, 9)\n"
    )


@pytest.mark.parametrize(
    ("process", "call"), [("os.getppid()", 150), ("os.getpid()", 150), ("os.getpid()", 50)]
)
def test_a_killed_process_costs_its_batch_only(tmp_path: Path, process: str, call: int) -> None:
    project = pair(tmp_path, killing_once(tmp_path, process, call))
    entry = project.run(cases=2000).pair("unit.f")
    assert (entry["verdict"], entry["cases"]) == ("identical", 2000), entry
    assert (tmp_path / "killed").exists()
    assert any("were judged again" in note for note in entry["notes"]) == ("ppid" not in process)


def test_a_killed_perl_costs_its_batch_only(tmp_path: Path) -> None:
    mark = tmp_path / "killed"
    project = Project(tmp_path, "perl")
    project.pair(
        f"my $calls = 0;\nsub f {{\n    if (++$calls == 150 && !-e '{mark}') {{\n"
        f"        open my $file, '>', '{mark}' or die;\n        kill 9, $$;\n    }}\n"
        "    return $_[0];\n}",
        "def f(x: int) -> int:\n    return x\n",
    )
    entry = project.run(cases=2000).pair("unit.f")
    assert (entry["verdict"], entry["cases"]) == ("identical", 2000), entry
    assert mark.exists()
    assert any("killed by signal 9" in note for note in entry["notes"]), entry


def test_a_killed_process_of_a_worker_costs_its_batch_only(
    tmp_path: Path, cluster: Cluster
) -> None:
    grandparent = "int(pathlib.Path(f'/proc/{os.getppid()}/stat').read_text().split()[3])"
    project = pair(tmp_path, killing_once(tmp_path, grandparent))
    entry = project.run("--scheduler", cluster.address, cases=2000).pair("unit.f")
    assert (entry["verdict"], entry["cases"]) == ("identical", 2000), entry
    assert (tmp_path / "killed").exists()


def test_a_process_that_is_killed_each_time(tmp_path: Path) -> None:
    project = pair(tmp_path, "    import os\n    os.kill(os.getppid(), 9)\n")
    entry = project.run(cases=100).pair("unit.f")
    assert entry["verdict"] == "could not run"
    assert "was killed by signal 9" in entry["reason"]
    assert not project.remaining()


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


def test_the_last_worker_ends_and_with_it_what_it_started(tmp_path: Path, cluster: Cluster) -> None:
    with running(tmp_path, cluster, 500, 0.05) as process:
        for worker in cluster.workers:
            worker.kill()
        left = Project(cluster.folder, "perl")
        assert wait_for(lambda: not any("parity" in one for one in left.running().values()))
        out, err = process.communicate(timeout=120)
    assert process.returncode == 2, out + err
    assert "parity: the cluster has had no worker for" in err
    assert "Traceback" not in err


def test_the_scheduler_ends(tmp_path: Path, cluster: Cluster) -> None:
    with running(tmp_path, cluster, 500, 0.05) as process:
        cluster.scheduler.kill()
        out, err = process.communicate(timeout=120)
    assert process.returncode == 2, out + err
    assert f"parity: the scheduler {cluster.address} is lost" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:1", "parity: cannot reach the scheduler tcp://127.0.0.1:1"),
        ("nonsense://x", "parity: cannot reach the scheduler nonsense://x"),
        ("inproc://x", "parity: cannot reach the scheduler inproc://x: only tcp:// is known"),
        ("", "parity: cannot reach the scheduler"),
    ],
)
def test_a_scheduler_that_is_not_there(tmp_path: Path, address: str, said: str) -> None:
    run = pair(tmp_path, "").parity("run", "--scheduler", address)
    assert run.status == 2
    assert run.err.startswith(said), run.err
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


@pytest.mark.parametrize("where", ["while it is imported", "in the NumPy version"])
def test_a_process_killed_once_is_run_again(tmp_path: Path, where: str) -> None:
    mark = tmp_path / "killed"
    body = (
        f"import os, pathlib\n\nmark = pathlib.Path({str(mark)!r})\n\n\ndef once() -> None:\n"
        "    if not mark.exists():\n        mark.touch()\n        os.kill(os.getpid(), 9)\n\n\n"
    )
    project = Project(tmp_path, "perl")
    project.settings('vectorized = "numpy_versions"\n')
    called = "once()\n\n\n" if where == "while it is imported" else ""
    port = "def f(x: float) -> float:\n    return x\n"
    project.pair("sub f { return $_[0] }", body + called + port)
    second = "def f(x):\n" + ("" if called else "    once()\n") + "    return x\n"
    project.file("numpy_versions/unit.py", body + second)
    entry = project.run(cases=100).pair("unit.f")
    assert mark.exists()
    assert (entry["verdict"], entry["vectorized"]["verdict"]) == ("identical", "within bound")


@pytest.mark.parametrize(
    ("bad", "times", "said"),
    [("os._exit(3)", 2, "exit status 3"), ("time.sleep(100)", 1, "did not return")],
)
def test_what_a_process_did_only_with_many_cases_is_told(
    tmp_path: Path, bad: str, times: int, said: str
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    body = (
        "    import os, pathlib, time\n    f.calls = getattr(f, 'calls', 0) + 1\n"
        f"    marks = pathlib.Path({str(marks)!r})\n    seen = len(list(marks.iterdir()))\n"
        f"    if f.calls == 150 and seen < {times}:\n        (marks / f'{{seen}}').touch()\n"
        f"        {bad}\n"
    )
    project = pair(tmp_path, body)
    project.settings("timeout = 2\n")
    entry = project.run(cases=2000).pair("unit.f")
    assert (entry["verdict"], entry["cases"]) == ("identical", 2000), entry
    assert len(list(marks.iterdir())) == times
    assert any(said in note and "judged again" in note for note in entry["notes"]), entry
