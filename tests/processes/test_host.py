"""Calls in a server's children: what holds when threads, forks and kills come in between."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections import deque
from pathlib import Path
from typing import Any

import pytest
from conftest import Project, wait_for

from parity.processes import host
from parity.processes.child import Died, isolated

GETPPID, GETPID = host.Remote("os:getppid"), host.Remote("os:getpid")


def parent() -> int:
    """The number of an idle server, or of a new one."""
    return int(host.call(GETPPID))


def test_a_server_is_kept_for_the_next_run() -> None:
    assert parent() == parent() != os.getpid()


def test_a_call_raises_what_the_function_raises() -> None:
    with pytest.raises(host.ChildFailed, match="FileNotFoundError"):
        host.call(host.Remote("os:listdir"), "/no such folder")


def test_a_function_that_is_not_there() -> None:
    with pytest.raises(host.ChildFailed, match="ModuleNotFoundError"):
        host.call(host.Remote("no_such_module:f"))


def test_a_call_has_the_environment_and_the_folder_of_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent()  # the server is older than what follows
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARITY_TEST", "here")
    monkeypatch.setenv("PYTHONHASHSEED", "5")
    assert host.call(host.Remote("os:getcwd")) == str(tmp_path)
    assert host.call(host.Remote("os:getenv"), "PARITY_TEST") == "here"
    assert host.call(host.Remote("os:getenv"), "PYTHONHASHSEED") == host.HASH_SEED


def test_a_server_that_is_killed_is_replaced() -> None:
    before = parent()
    os.kill(before, signal.SIGKILL)
    assert parent() != before
    assert not Path(f"/proc/{before}").exists()


def test_the_server_dies_while_it_works() -> None:
    results = host.run(host.Remote("time:sleep"), deque([0.3, 0.3]), 2)
    with contextlib.closing(results):
        assert next(results) == (None, None)
        for server in host._servers:
            os.kill(server._process.pid, signal.SIGKILL)
        ended = [result for task, result in results if task is not None]
    assert [type(one) for one in ended] == [Died, Died]


def test_a_child_that_dies_is_told(tmp_path: Path) -> None:
    found = host.run(host.Remote("os:_exit"), deque([3]), 1)
    assert [str(result) for task, result in found if task] == [
        "ended its process with exit status 3"
    ]


def test_a_large_answer_and_a_large_task() -> None:
    large = "x" * 10_000_000
    found = list(host.run(host.Remote("builtins:str"), deque([large, large]), 2))
    assert [result for task, result in found if task] == [large, large]


@pytest.mark.parametrize("killed", ["call", "server"])
def test_no_temporary_folder_is_left(
    killed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(host, "_idle", [])  # the next server is a new one
    found = host.run(host.Remote("leaving:leave"), deque([killed]), 1)
    (died,) = [result for task, result in found if task is not None]
    assert isinstance(died, Died)
    assert not list(tmp_path.glob("parity-*/*"))
    for server in host._idle:
        server.close()
    assert not list(tmp_path.iterdir())


def in_a_copy(progress: object) -> tuple[bool, Any]:
    """What a copy of the host has of its servers, and whether it can call."""
    return bool(host._servers or host._idle), parent()


def test_a_copy_of_the_host_has_none_of_its_servers() -> None:
    before = parent()
    kept, other = isolated(in_a_copy, timeout=30, memory=0)
    assert not kept
    assert before != other
    assert parent() == before  # what the copy did, and that it ended, left the server alone


ENDLESS = """
import os, sys, threading, time
from collections import deque
from parity.processes import host

results = host.run(host.Remote("time:sleep"), deque([1000, 1000]), 2)
next(results)
if {fork} and os.fork() == 0:
    time.sleep(1000)
print("runs", flush=True)
{end}
"""


@pytest.mark.parametrize("fork", [False, True])
@pytest.mark.parametrize(
    "end", ["time.sleep(1000)", "os._exit(0)", "sys.exit()", "results.close()"]
)
def test_nothing_is_left_of_a_host_that_ends(tmp_path: Path, end: str, fork: bool) -> None:
    ours = Project(tmp_path, "perl")
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS.format(end=end, fork=fork)],
        stdout=subprocess.PIPE,
        env={**os.environ, "STARTED_IN": f"<{tmp_path}>"},
    ) as process:
        assert process.stdout and process.stdout.readline() == b"runs\n"
        if "sleep" in end:
            process.kill()

        def left() -> int:
            return sum("processes.server" in one for one in ours.running().values())

        assert wait_for(lambda: not left(), seconds=30)
        for number in ours.running():  # the copy of the host
            os.kill(number, signal.SIGKILL)
