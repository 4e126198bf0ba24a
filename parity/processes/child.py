"""Running something in a process of its own that can be killed, with all that it started.

User code on both sides may hang, crash, or kill its process. So it runs in a forked child with its
perl, in a process group of their own; who waits for the child sees that it gets on.
"""

from __future__ import annotations

import contextlib
import gc
import mmap
import os
import pickle
import resource
import select
import signal
import sys
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from parity.errors import ParityError

POLL = 0.05  # seconds between two looks at the child
LOADING = 60.0  # seconds that loading a file may take at least

# A pipe whose write end only the first process keeps: it closes when that ends, however it ends.
_lifeline: tuple[int, int] | None = None


class Progress:
    """What the child is doing, in memory that the parent sees.

    step: counts what has been done. doing: an index into PHASES. case: the case's number.
    """

    PHASES = (
        "starting",
        "loading the Perl file",
        "importing a Python module",
        "making the inputs",
        "the Perl sub",
        "the Python port",
        "the cases in bulk",
        "the Perl sub in boxes",
        "the NumPy version",
        "the coverage",
    )

    def __init__(self) -> None:
        self._memory = memoryview(mmap.mmap(-1, 64)).cast("Q")

    def step(self, phase: str, case: int = 0) -> None:
        """The child is now doing this."""
        self._memory[0] += 1
        self._memory[1] = self.PHASES.index(phase)
        self._memory[2] = case

    def tick(self) -> None:
        """The child is still doing it, and getting on."""
        self._memory[0] += 1

    def port_case(self, case: int) -> None:
        """The child calls the port with this case."""
        self._memory[0] += 1
        self._memory[1] = 5
        self._memory[2] = case

    def seen(self) -> tuple[int, str, int]:
        """The count of steps, the phase, the case."""
        count, phase, case = self._memory[:3].tolist()
        return count, self.PHASES[phase], case


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C and SIGTERM are heard afterwards, by this thread."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Stopwatch:
    """Seconds that have passed, but for those in which the machine stood still."""

    def __init__(self) -> None:
        self.seconds, self._before = 0.0, time.monotonic()

    def look(self) -> float:
        """The seconds by now. It has to be looked at all the time."""
        now = time.monotonic()
        self.seconds += min(now - self._before, 4 * POLL)
        self._before = now
        return self.seconds


class Child:
    """A forked process that runs function(*arguments) and sends back what came of it."""

    def __init__(self, function: Callable[..., Any], *arguments: Any, memory: int = 0) -> None:
        self.results, end = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        # A signal in the child must not be taken as its parent takes it.
        with uninterrupted(), warnings.catch_warnings():
            # A library's threads (BLAS) may be there; they are idle, and prepared for a fork.
            warnings.filterwarnings("ignore", category=DeprecationWarning)
            self.pid = os.fork()
            if self.pid == 0:
                os.close(self.results)
                _live(function, arguments, end, memory)
        os.close(end)
        self._received = bytearray()
        self._status: int | None = None

    def read(self) -> bool:
        """Take what has been sent. False where nothing more will come."""
        part = os.read(self.results, 2**20)
        self._received += part
        size = int.from_bytes(self._received[:8], "little")
        return bool(part) and not (len(self._received) >= 8 and len(self._received) == 8 + size)

    def end(self) -> None:
        """Kill it, with all that it started."""
        if self._status is None:
            os.close(self.results)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._status = os.waitpid(self.pid, 0)[1]

    def wait(self) -> None:
        """Wait until it has ended by itself."""
        os.close(self.results)
        self._status = os.waitpid(self.pid, 0)[1]

    def result(self) -> Any:
        """What the function returned. Raises what it raised, and Died."""
        self.end()
        with contextlib.suppress(pickle.UnpicklingError, EOFError):
            worked, result = pickle.loads(self._received[8:])
            if worked:
                return result
            raise result
        assert self._status is not None
        code = os.waitstatus_to_exitcode(self._status)
        if code < 0:
            raise Died(f"was killed by signal {-code} ({signal.Signals(-code).name})")
        raise Died(f"ended its process with exit status {code}")


class Died(Exception):
    """A child ended without a result; the text says how."""


class Stopped(Exception):
    """A watched child hung or died. why: in words; phase, case: what it was doing; hangs: which."""

    def __init__(self, why: str, phase: str, case: int, hangs: bool = False) -> None:
        super().__init__(why)
        self.why, self.phase, self.case, self.hangs = why, phase, case, hangs


class ChildFailed(Exception):
    """The harness itself failed in the child; the text is its traceback."""


def isolated(function: Callable[..., Any], *arguments: Any, timeout: float, memory: int) -> Any:
    """function(progress, *arguments), run in a child that is watched.

    timeout: seconds without progress after which it is killed. memory: MiB it may take.
    Raises what the function raises, and Stopped where the child hung or died.
    """
    progress = Progress()
    child = Child(function, progress, *arguments, memory=memory)
    try:
        last, watch = -1, Stopwatch()
        while True:
            watched = [child.results] if _lifeline is None else [child.results, _lifeline[0]]
            ready, _, _ = select.select(watched, [], [], POLL)
            if child.results in ready:
                if not child.read():
                    break
                continue
            if ready:  # the first process has ended: nobody wants the result
                raise KeyboardInterrupt
            count, phase, _ = progress.seen()
            if count != last:
                last, watch = count, Stopwatch()
            limit = timeout if phase.startswith("the ") else max(timeout, LOADING)
            if watch.look() > limit:
                raise Stopped(f"did not return within {limit:g} s", *progress.seen()[1:], True)
        return child.result()
    except Died as died:
        raise Stopped(str(died), *progress.seen()[1:]) from None
    finally:
        child.end()


def side_by_side(
    function: Callable[[Any], Any], waiting: deque[Any], jobs: int
) -> Iterator[tuple[Any, Any]]:
    """(task, function(task) or the Died) as they come, each in a child, `jobs` at a time.

    waiting: the tasks, the first one on the left; more may be added on the way.
    Now and then it yields (None, None), so that who waits can do something.
    """
    global _lifeline
    _lifeline = os.pipe()
    running: dict[int, tuple[Any, Child]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                task = waiting.popleft()
                child = Child(_supervise, function, task)
                running[child.results] = (task, child)
            ready, _, _ = select.select(list(running), [], [], 4 * POLL)
            for descriptor in ready:
                task, child = running[descriptor]
                if not child.read():
                    del running[descriptor]
                    try:
                        yield task, child.result()
                    except Died as died:
                        yield task, died
            if not ready:
                yield None, None
    finally:
        os.close(_lifeline[1])  # the children see it, kill their own, and end
        for _, child in running.values():
            with contextlib.suppress(ChildProcessError):
                child.wait()
        os.close(_lifeline[0])
        _lifeline = None


def _supervise(function: Callable[[Any], Any], task: Any) -> Any:
    assert _lifeline is not None
    os.close(_lifeline[1])
    return function(task)


def _live(function: Callable[..., Any], arguments: tuple[Any, ...], end: int, memory: int) -> None:
    """A child's whole life. memory: MiB it may take; 0 is no limit."""
    try:
        with contextlib.suppress(PermissionError):
            os.setpgid(0, 0)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
        if memory:
            _limit(resource.RLIMIT_AS, memory * 2**20)
            _limit(resource.RLIMIT_CORE, 0)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        try:
            gc.set_threshold(100_000)  # values are small and many, cycles few
            result = (True, function(*arguments))
        except Exception as error:
            result = (False, error)
            if not isinstance(error, ParityError):
                result = (False, ChildFailed("".join(traceback.format_exception(error))))
        pickled = pickle.dumps(result)
        data = memoryview(len(pickled).to_bytes(8, "little") + pickled)
        while data:
            data = data[os.write(end, data) :]
    finally:
        os._exit(70)  # looked at only if there is no result


def _limit(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    if hard == resource.RLIM_INFINITY or hard > value:
        resource.setrlimit(what, (value, hard))
