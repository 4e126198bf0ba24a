"""The terminal: output that may be full or closed, signals, a progress bar."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from rich.console import Console

_FULL = (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT)
_signals: list[int] = []  # received; an exception gets lost if it is raised in a finalizer


class Output:
    """Standard output or error that survives a full disk or a closed pipe.

    keeps: go on after a write error, for the report is still to be written.
    """

    def __init__(self, stream: IO[str], keeps: bool) -> None:
        self._stream, self._keeps = stream, keeps
        self._error: OSError | None = None

    def write(self, text: str) -> int:
        """Write, or discard the text after an error."""
        with self._kept():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Write what is buffered."""
        with self._kept():
            self._stream.flush()

    def unblock(self) -> None:
        """Discard the rest if the reader has stopped reading."""
        with contextlib.suppress(OSError, ValueError):
            if not select.select([], [self._stream], [], 0)[1]:
                self._discard()

    def end(self) -> None:
        """Write what is buffered. Raises OSError if something was lost, unless the reader left."""
        self.flush()
        if self._error and self._error.errno != errno.EPIPE:
            raise self._error

    @contextlib.contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno == errno.EPIPE and not self._keeps:
                raise
            self._error = error
            self._discard()

    def _discard(self) -> None:
        _to_devnull(self._stream.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def console(output: Output | None = None) -> Console:
    """A console on this output; on standard output if None."""
    from rich.console import Console

    file: Any = output  # a text file, as far as rich needs one
    return Console(file=file, emoji=False)


def fail(text: str, status: int) -> NoReturn:
    """End with an error of one line."""
    line = " ".join(str(text).split())
    with contextlib.suppress(OSError):
        print(f"parity: {line}", file=sys.stderr)
    sys.exit(status)


def fail_writing(error: OSError) -> NoReturn:
    """End after an error of standard output: silently if its reader left. Raises other errors."""
    if error.errno not in (errno.EPIPE, *_FULL):
        raise error
    _to_devnull(1)
    if error.errno == errno.EPIPE:
        sys.exit(1)
    fail(f"cannot write standard output: {error.strerror}", 2)


def _to_devnull(descriptor: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)


# --- signals ----------------------------------------------------------------------------------


def handle_signals() -> None:
    """From now on, SIGINT raises KeyboardInterrupt and SIGTERM SystemExit."""

    def interrupt(number: int, frame: object) -> None:
        _signals.append(number)
        check_signals()

    signal.signal(signal.SIGTERM, interrupt)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, interrupt)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def check_signals() -> None:
    """Raise what the first signal received asks for."""
    if _signals:
        if _signals[0] == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + _signals[0])


# --- progress ---------------------------------------------------------------------------------


@contextlib.contextmanager
def progress_bar(screen: Console, pairs: int) -> Iterator[Callable[[int, int], None]]:
    """A bar in a terminal. Yields what updates it, given how many parts are done, and of how many.

    The update raises what a received signal asks for.
    """
    if not screen.is_terminal:
        yield lambda done, whole: check_signals()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    text = TextColumn("{task.description}")
    columns = (text, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, auto_refresh=False, transient=True) as progress:
        bar = progress.add_task("")

        def update(done: int, whole: int) -> None:
            check_signals()
            what = "pairs" if whole == pairs else "parts of pairs"
            progress.update(bar, description=what, completed=done, total=whole)
            progress.refresh()

        yield update
