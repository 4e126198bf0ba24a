"""Judging on a Dask cluster: the same tasks, handed out through its concurrent.futures interface.

On the cluster's side each thread of a worker has a process of its own that does what it is told: it
has no other threads, so that it may fork, and what it starts ends with it.
"""

from __future__ import annotations

import contextlib
import logging
import pickle
import platform
import select
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

import numpy

from parity import __version__
from parity.calls.sides import Task
from parity.errors import UsageError
from parity.judge import pair
from parity.perl import process
from parity.processes.child import POLL, Died, side_by_side

AHEAD = 2  # tasks for each thread of the cluster: one that is done, one that waits
CONNECTING = 10  # seconds
WORKERLESS = 15  # seconds that a run waits for a worker, where the last one has ended
_thread = threading.local()


def at(address: str, exe: str) -> pair.Executor:
    """What judges on the cluster of this scheduler; exe: the perl. Raises UsageError."""
    try:
        from distributed import Client
        from distributed.comm.addressing import resolve_address
    except ImportError:
        raise UsageError(
            "--scheduler needs Dask: pip install distributed, here and on the cluster"
        ) from None
    logging.disable(logging.ERROR)  # distributed says much; what matters is said here
    try:
        resolve_address(address)
        if not address.startswith("tcp://") and "://" in address:
            raise ValueError("only tcp:// is known")
        client: Any = Client(address, timeout=CONNECTING, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"cannot reach the scheduler {address}: {error}") from None
    _check(client, exe)

    def executor(waiting: deque[Task]) -> Iterator[tuple[Task | None, Any]]:
        try:
            yield from _hand_out(client, waiting)
        except OSError as error:  # of which distributed's own are kinds
            raise UsageError(f"the scheduler {address} is lost: {error}") from None
        finally:
            with contextlib.suppress(Exception):  # a scheduler that is lost
                client.close()

    return executor


def _hand_out(client: Any, waiting: deque[Task]) -> Iterator[tuple[Task | None, Any]]:
    pool = client.get_executor(pure=False)  # else a part is judged once only, and not again
    seen = time.monotonic()
    running: dict[Future[Any], Task] = {}
    try:
        while waiting or running:
            threads = sum(client.nthreads().values())
            while waiting and len(running) < AHEAD * max(1, threads):
                task = waiting.popleft()
                running[pool.submit(judge, task)] = task
            done, _ = wait(running, 4 * POLL, FIRST_COMPLETED)
            for future in done:
                task = running.pop(future)
                try:
                    yield task, future.result()
                except Exception as error:  # whatever happened to it there
                    said = str(error) or type(error).__name__
                    yield task, Died(f"was lost on the cluster: {said}")
            if done or threads:
                seen = time.monotonic()
            elif time.monotonic() - seen > WORKERLESS:
                raise UsageError(f"the cluster has had no worker for {WORKERLESS} s")
            if not done:
                yield None, None
    finally:
        for future in running:
            future.cancel()


def _check(client: Any, exe: str) -> None:
    """Raises UsageError where the cluster's workers are not what this machine is."""
    here = _versions(exe)
    for left in (2, 1, 0):
        try:
            there = client.run(_versions, exe)
            break
        except Exception as error:
            if not left:  # a worker may have ended just now
                raise UsageError(f"the cluster's workers cannot run parity: {error}") from None
            time.sleep(1)
    if not there:
        raise UsageError("the scheduler has no workers")
    for address, found in there.items():
        for name, version in here.items():
            if found.get(name) != version:
                raise UsageError(
                    f"the worker {address} has {name} {found.get(name)}, this machine {version}; "
                    "a report holds for one version of each"
                )


def _versions(exe: str) -> dict[str, str]:
    return {
        "perl": process.check(exe),
        "Python": platform.python_version(),
        "numpy": numpy.__version__,
        "parity": __version__,
    }


# --- on the cluster ---------------------------------------------------------------------------


def judge(task: Task) -> Any:
    """The entry of a task, or what killed its process; by the process of this thread."""
    server: subprocess.Popen[bytes] | None = getattr(_thread, "server", None)
    if server is None or server.poll() is not None:
        command = [sys.executable, "-m", "parity.processes.dask"]
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        _thread.server = server
    assert server.stdin and server.stdout
    try:
        pickle.dump(task, server.stdin)
        server.stdin.flush()
        while not select.select([server.stdout], [], [], 4 * POLL)[0]:
            if not _is_wanted():
                server.kill()
        return pickle.load(server.stdout)
    except (OSError, EOFError, pickle.UnpicklingError):
        server.kill()
        return Died(f"ended with status {server.wait()}")


def _is_wanted() -> bool:
    """Whether the task of this thread still is; who asked for it may have ended."""
    from distributed import get_worker

    key = process.thread_state.key  # type: ignore[attr-defined]
    task = get_worker().state.tasks.get(key)
    return task is not None and task.state != "cancelled"


def serve() -> None:
    """Judge the tasks that come on standard input, one after the other, until that is closed."""
    tasks, results = sys.stdin.buffer, sys.stdout.buffer
    ready = False
    while True:
        try:
            task = pickle.load(tasks)
        except EOFError:
            return
        if not ready:
            pair.get_ready(task)
            ready = True
        for judged, entry in side_by_side(pair.judge, deque([task]), 1):
            if judged is not None:
                with contextlib.suppress(BrokenPipeError):
                    pickle.dump(entry, results)
                    results.flush()
            elif select.select([tasks], [], [], 0)[0]:
                return  # the worker that wanted it has ended


if __name__ == "__main__":
    serve()
