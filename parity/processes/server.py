"""One process that does calls in children: it has no threads, so it may fork.

`run` starts it as `python -m parity.processes.server FOLDER`, keeps it for the next run, and ends
it with its own process. The server loads what a call needs once, before it forks for the first.

A request is a pickle of (number, call, environment, folder, sys.path), the call a pickle of
(function, arguments); an answer is one of (number, what Child.answer has). Both are frames. The
server ends when its requests are closed. Each call has a folder for temporary files in FOLDER.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from parity.processes import orphans, scratch
from parity.processes.child import ChildFailed, Pool
from parity.processes.frames import Frames, framed, write


def main() -> NoReturn:
    """Serve the host at the other end of the standard files."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    requests, answers = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what a module prints while it is loaded is no answer
    gc.disable()  # while modules are loaded there is none
    orphans.adopt()
    pool, folder = Pool(), Path(sys.argv[1])
    try:
        serve(pool, requests, answers, folder)
    except (BrokenPipeError, ConnectionResetError):
        pass  # the host has ended
    finally:
        os.close(requests)
        os.close(answers)
        pool.close()
        orphans.kill()
        scratch.remove(folder)
    os._exit(0)  # what has been loaded need not be taken down


def serve(pool: Pool, requests: int, answers: int, home: Path) -> None:
    """Do each call in a child as soon as it comes, until the requests are closed."""
    received = Frames()
    while True:
        readable, ended = pool.ended(requests)
        for number, answer in ended:
            # A child's own children are its own to end; where it was killed, they have come here.
            orphans.kill(pool.children())
            scratch.remove(home / str(number))
            write(answers, framed((number, answer)))
        if readable:
            data = os.read(requests, 2**20)
            if not data:
                return
            for request in received.add(data):
                number, call, environment, folder, path = pickle.loads(request)
                try:
                    function, arguments = load(call, environment, folder, path)
                    ends, own = (requests, answers), home / str(number)
                    pool.start(number, ours, ends, own, function, arguments)
                except Exception as error:
                    failed = ChildFailed("".join(traceback.format_exception(error)))
                    write(answers, framed((number, pickle.dumps((False, failed)))))


def load(
    call: bytes, environment: dict[str, str], folder: str, path: list[str]
) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """The function and its arguments, in the host's surroundings, which the children inherit."""
    os.environ.clear()
    os.environ.update(environment)
    with contextlib.suppress(OSError):  # a folder that has been removed
        os.chdir(folder)
    sys.path[:] = path
    function, arguments = pickle.loads(call)
    gc.freeze()  # what all children share is not looked at when they collect garbage
    return function, arguments


def ours(
    descriptors: tuple[int, ...],
    home: Path,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
) -> Any:
    """function(*arguments) in a child, which must not hold the server's own files open."""
    scratch.use(home)
    for descriptor in descriptors:
        os.close(descriptor)
    gc.enable()
    orphans.adopt()
    return function(*arguments)


if __name__ == "__main__":
    main()
