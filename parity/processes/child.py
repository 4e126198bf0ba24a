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
from collections.abc import Callable, Iterator
from typing import Any

from parity.errors import ParityError
from parity.steps import STEPS, Step

POLL = 0.05  # seconds between two looks at the child
ENDING = 5.0  # seconds in which children that are told to end may clean up
OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

# In a child of a Pool: the read end of a pipe that is closed when the pool's process has ended.
_lifeline: int | None = None


class Progress:
    """What the child is doing, in memory that the parent sees: a count, the step, the case."""

    def __init__(self) -> None:
        self._memory = memoryview(mmap.mmap(-1, 64)).cast("Q")

    def step(self, step: Step, case: int = 0) -> None:
        """The child is now at this step, with the case of this number."""
        self._memory[0] += 1
        self._memory[1] = step.number
        self._memory[2] = case

    def tick(self) -> None:
        """The child is still at this step, and getting on."""
        self._memory[0] += 1

    def seen(self) -> tuple[int, Step, int]:
        """How often it got on, the step, the case."""
        count, number, case = self._memory[:3].tolist()
        return count, STEPS[number], case


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

    def has_ended(self) -> bool:
        """Whether it has ended by itself."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def answer(self) -> bytes | Died:
        """The pickled answer, for `unpacked`, or how it ended without one."""
        self.end()
        data = self._received
        if len(data) >= 8 and len(data) == 8 + int.from_bytes(data[:8], "little"):
            return bytes(data[8:])
        assert self._status is not None
        return Died(os.waitstatus_to_exitcode(self._status))


def unpacked(answer: bytes) -> Any:
    """What a child's function returned. Raises what it raised."""
    worked, result = pickle.loads(answer)
    if worked:
        return result
    raise result


class Died(Exception):
    """A process ended without an answer; the text says how. code: as subprocess has it."""

    def __init__(self, code: int) -> None:
        how = f"ended its process with exit status {code}"
        if code < 0:
            how = f"was killed by signal {-code} ({signal.Signals(-code).name})"
        super().__init__(how)
        self.code = code

    def __reduce__(self) -> Any:
        return Died, (self.code,)


class Stopped(Exception):
    """A watched child hung or died.

    why: in words. step, case: what it was doing. hangs: it hung. outside: it was killed by a signal
    that comes from outside, as far as can be known.
    """

    def __init__(
        self, why: str, step: Step, case: int = 0, hangs: bool = False, outside: bool = False
    ) -> None:
        super().__init__(why)
        self.why, self.step, self.case = why, step, case
        self.hangs, self.outside = hangs, outside


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
            watched = [child.results] if _lifeline is None else [child.results, _lifeline]
            ready, _, _ = select.select(watched, [], [], POLL)
            if child.results in ready:
                if not child.read():
                    break
                continue
            if ready:  # the pool's process has ended: nobody wants the result
                raise KeyboardInterrupt
            count, step, case = progress.seen()
            if count != last:
                last, watch = count, Stopwatch()
            limit = step.limit(timeout)
            if watch.look() > limit:
                raise Stopped(f"did not return within {limit:g} s", step, case, hangs=True)
        answer = child.answer()
        if isinstance(answer, Died):
            _, step, case = progress.seen()
            raise Stopped(str(answer), step, case, outside=-answer.code in OUTSIDE)
        return unpacked(answer)
    finally:
        child.end()


class Pool:
    """Children that do one call each. They end when this process does, however it ends."""

    def __init__(self) -> None:
        self._lifeline = os.pipe()
        self._running: dict[int, tuple[Any, Child]] = {}

    def start(self, key: Any, function: Callable[..., Any], *arguments: Any) -> None:
        """Start a child; `ended` tells of it by this key."""
        child = Child(self._supervised, function, *arguments)
        self._running[child.results] = key, child

    def ended(self, *others: int) -> tuple[list[int], list[tuple[Any, bytes | Died]]]:
        """Wait. The other descriptors that can be read, and each (key, answer) that is there."""
        ready, _, _ = select.select([*others, *self._running], [], [])
        found = []
        for descriptor in [one for one in ready if one in self._running]:
            key, child = self._running[descriptor]
            if not child.read():
                del self._running[descriptor]
                found.append((key, child.answer()))
        return [one for one in ready if one in others], found

    def children(self) -> set[int]:
        """The numbers of the processes."""
        return {child.pid for _, child in self._running.values()}

    def close(self) -> None:
        """End the children: they see it, kill what they started, and end."""
        os.close(self._lifeline[1])
        watch = Stopwatch()
        for _, child in self._running.values():
            while not child.has_ended() and watch.look() < ENDING:
                time.sleep(POLL / 10)
            child.end()
        os.close(self._lifeline[0])

    def _supervised(self, function: Callable[..., Any], *arguments: Any) -> Any:
        global _lifeline
        _lifeline = self._lifeline[0]
        os.close(self._lifeline[1])
        return function(*arguments)


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
