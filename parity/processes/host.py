"""Calls in processes of their own, safe in any host: one with threads, or that forks as it likes.

A run has a server of its own (see server.py), which is kept for the next one. It ends with the
host, however that ends, and a copy that the host makes of itself by fork has none of its servers.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import pickle
import pkgutil
import select
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from parity.processes import scratch
from parity.processes.child import ENDING, POLL, ChildFailed, Died, uninterrupted, unpacked
from parity.processes.frames import Frames, framed

HASH_SEED = "6640"  # of the servers, so that sets have one order in every run; Dask's workers' too

__all__ = ["ChildFailed", "Died", "Remote", "call", "run"]

_lock = threading.RLock()
_servers: set[Server] = set()  # all of this process
_idle: list[Server] = []


class Remote:
    """A function, named as "MODULE:FUNCTION", whose module is loaded only where it is called."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __reduce__(self) -> Any:
        return pkgutil.resolve_name, (self.name,)


Function = Callable[..., Any] | Remote


def run(
    function: Function, waiting: deque[Any], jobs: int
) -> Generator[tuple[Any, Any], None, None]:
    """(task, function(task) or the Died) as they come, each in a child, `jobs` at a time.

    waiting: the tasks, the first one on the left; more may be added on the way. function: of a
    module, so that it can be pickled, or a Remote. Now and then it yields (None, None), so that who
    waits can do something. Raises what the function raises. When it is closed, what still runs is
    killed.
    """
    running: dict[int, Any] = {}
    numbers = itertools.count()
    server = _take()
    try:
        while waiting or running:
            try:
                while waiting and len(running) < jobs:
                    number, task = next(numbers), waiting.popleft()
                    running[number] = task
                    server.send(number, function, task)
                answers = server.answers(4 * POLL)
            except (OSError, EOFError):  # it was killed; who waits may ask for the same again
                died = Died(server.close())
                lost, running = list(running.values()), {}
                server = _take()
                yield from ((task, died) for task in lost)
                continue
            for number, answer in answers:
                task = running.pop(number)
                yield task, answer if isinstance(answer, Died) else unpacked(answer)
            if not answers:
                yield None, None
    except BaseException:
        server.close()
        raise
    with _lock:
        _idle.append(server)


def call(function: Function, *arguments: Any) -> Any:
    """function(*arguments) in a child of a server. Raises what it raises, and Died.

    Where its process dies it is tried once more, for it may have been killed from outside.
    """
    waiting, died = deque([(function, arguments)]), None
    for task, result in run(_spread, waiting, 1):
        if isinstance(result, Died):
            if died:
                raise result
            died = result
            waiting.append(task)
        elif task is not None:
            found = result
    return found


def _spread(task: tuple[Callable[..., Any], tuple[Any, ...]]) -> Any:
    function, arguments = task
    return function(*arguments)


class Server:
    """The host's end of a server."""

    def __init__(self) -> None:
        path = os.pathsep.join(_path())
        env = {**os.environ, "PYTHONHASHSEED": HASH_SEED, "PYTHONPATH": path}
        requests, self._requests = os.pipe()
        self._answers, answers = os.pipe()
        self._folder = Path(tempfile.mkdtemp(prefix="parity-"))
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "parity.processes.server", str(self._folder)],
                stdin=requests,
                stdout=answers,
                start_new_session=True,
                env=env,
            )
        finally:
            os.close(requests)
            os.close(answers)
        os.set_blocking(self._requests, False)
        self._received, self._ready = Frames(), deque[tuple[int, Any]]()
        self._closed = False

    def lives(self) -> bool:
        """Whether its process still runs."""
        return not self._closed and self._process.poll() is None

    def send(self, number: int, function: Function, task: Any) -> None:
        """Let it do function(task). Raises OSError or EOFError where the server has ended."""
        environment = {**os.environ, "PYTHONHASHSEED": HASH_SEED}
        request = (number, pickle.dumps((function, (task,))), environment, _folder(), _path())
        left = memoryview(framed(request))
        while left:
            readable, writable, _ = select.select([self._answers], [self._requests], [])
            if readable:  # it may have to get rid of answers before it takes more
                self._receive()
            if writable:
                left = left[os.write(self._requests, left) :]

    def answers(self, seconds: float) -> list[tuple[int, Any]]:
        """(number, answer) of those that have come; waits so long for one. Raises as `send`."""
        if not self._ready and select.select([self._answers], [], [], seconds)[0]:
            self._receive()
        found = list(self._ready)
        self._ready.clear()
        return found

    def close(self) -> int:
        """End it, and all that it started. The exit status."""
        with _lock:
            if not self._closed:
                self.forget()
                _servers.discard(self)
        try:
            return self._process.wait(2 * ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()  # its children see that, and end
            return self._process.wait()
        finally:
            scratch.remove(self._folder)

    def forget(self) -> None:
        """Close this process's ends of the pipes."""
        self._closed = True
        os.close(self._requests)
        os.close(self._answers)
        self._requests = self._answers = -1

    def disown(self) -> None:
        """In a copy of the host: it is not this process's server."""
        if not self._closed:
            self.forget()
        self._process.returncode = 0  # it is no child of this process

    def _receive(self) -> None:
        data = os.read(self._answers, 2**20)
        if not data:
            raise EOFError
        self._ready.extend(map(pickle.loads, self._received.add(data)))


def _take() -> Server:
    """An idle server, or a new one."""
    with _lock, uninterrupted():
        while _idle:
            server = _idle.pop()
            if server.lives():
                return server
            server.close()
        server = Server()
        _servers.add(server)
        return server


def _path() -> list[str]:
    """sys.path; its entry "" is the current folder."""
    return [word or _folder() for word in sys.path]


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # it has been removed
        return os.sep


def _disown() -> None:
    for server in _servers:
        server.disown()
    _servers.clear()
    _idle.clear()
    _lock.release()


def _end() -> None:
    for server in list(_servers):
        with contextlib.suppress(OSError):
            server.close()


# No other thread starts a server while the host forks, so the copy knows of each pipe.
os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_disown)
atexit.register(_end)
