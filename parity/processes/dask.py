"""Calls on a Dask cluster: the same tasks, handed out through its concurrent.futures interface.

On the cluster's side each thread of a worker has a server of its own: see host.py.
"""

from __future__ import annotations

import contextlib
import logging
import platform
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from importlib.metadata import version as installed
from typing import Any

from parity import __version__
from parity.errors import UsageError
from parity.processes import host
from parity.processes.child import POLL, Died

Results = Generator[tuple[Any, Any], None, None]

AHEAD = 2  # tasks for each thread of the cluster: one that is done, one that waits
CONNECTING = 10  # seconds
WORKERLESS = 15  # seconds that a run waits for a worker, where the last one has ended


def at(
    address: str, perl: Callable[[], str], function: host.Remote
) -> Callable[[deque[Any]], Results]:
    """What does the function's tasks on the cluster of this scheduler, as host.run does them here.

    perl: tells the version of perl, here and there. Raises UsageError.
    """
    try:
        from distributed import Client
        from distributed.comm.addressing import resolve_address
    except ImportError:
        raise UsageError(
            "--scheduler needs Dask: pip install distributed, here and on the cluster"
        ) from None
    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # it says much; what matters is said here
    try:
        resolve_address(address)
        if not address.startswith("tcp://") and "://" in address:
            raise ValueError("only tcp:// is known")
        client: Any = Client(address, timeout=CONNECTING, set_as_default=False)  # type: ignore[no-untyped-call]
        _check(client, perl)
    except (OSError, ValueError, TypeError) as error:
        logger.setLevel(level)
        raise UsageError(f"cannot reach the scheduler {address}: {error}") from None
    except UsageError:
        logger.setLevel(level)
        raise

    def executor(waiting: deque[Any]) -> Results:
        try:
            yield from _hand_out(client, function, waiting)
        except OSError as error:  # of which distributed's own are kinds
            raise UsageError(f"the scheduler {address} is lost: {error}") from None
        finally:
            with contextlib.suppress(Exception):  # a scheduler that is lost
                client.close()
            logger.setLevel(level)

    return executor


def _hand_out(client: Any, function: host.Remote, waiting: deque[Any]) -> Results:
    pool = client.get_executor(pure=False)  # else a part is judged once only, and not again
    seen = time.monotonic()
    running: dict[Future[Any], Any] = {}
    try:
        while waiting or running:
            threads = sum(client.nthreads().values())
            while waiting and len(running) < AHEAD * max(1, threads):
                task = waiting.popleft()
                running[pool.submit(perform, function.name, task)] = task
            done, _ = wait(running, 4 * POLL, FIRST_COMPLETED)
            for future in done:
                task = running.pop(future)
                try:
                    yield task, future.result()
                except Exception as error:  # whatever happened to it there
                    said = str(error) or type(error).__name__
                    yield task, Lost(f"was lost on the cluster: {said}")
            if done or threads:
                seen = time.monotonic()
            elif time.monotonic() - seen > WORKERLESS:
                raise UsageError(f"the cluster has had no worker for {WORKERLESS} s")
            if not done:
                yield None, None
    finally:
        for future in running:
            future.cancel()


class Lost(Died):
    """A task came back without a result, for a reason that Dask says."""

    def __init__(self, text: str) -> None:
        Exception.__init__(self, text)


def _check(client: Any, perl: Callable[[], str]) -> None:
    """Raises UsageError where the cluster's workers are not what this machine is."""
    here = _versions(perl)
    for left in (2, 1, 0):
        try:
            there = client.run(_versions, perl)
            break
        except Exception as error:
            if not left:  # a worker may have ended just now
                raise UsageError(f"the cluster's workers cannot run parity: {error}") from None
            time.sleep(1)
    if not there:
        raise UsageError("the scheduler has no workers")
    for address, found in there.items():
        for name, ours in here.items():
            if found.get(name) != ours:
                raise UsageError(
                    f"the worker {address} has {name} {found.get(name)}, this machine {ours}; "
                    "a report holds for one version of each"
                )


def _versions(perl: Callable[[], str]) -> dict[str, str]:
    return {
        "perl": perl(),
        "Python": platform.python_version(),
        "numpy": installed("numpy"),
        "parity": __version__,
    }


# --- on the cluster ---------------------------------------------------------------------------


def perform(name: str, task: Any) -> Any:
    """FUNCTION(task) of a "MODULE:FUNCTION", by a server of this worker; or how that ended."""
    calls = host.run(host.Remote(name), deque([task]), 1)
    with contextlib.closing(calls):
        for done, result in calls:
            if done is not None:
                return result
            if not _is_wanted():
                break
    return None


def _is_wanted() -> bool:
    """Whether the task of this thread still is; who asked for it may have ended."""
    from distributed import get_worker
    from distributed.worker import thread_state  # type: ignore[attr-defined]

    task = get_worker().state.tasks.get(thread_state.key)
    return task is not None and task.state != "cancelled"
