"""Processes whose parent has ended: on Linux they come to this process, which ends them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from collections.abc import Collection
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def adopt() -> None:
    """Linux: what loses its parent becomes a child of this process, and can be killed by it."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill(spared: Collection[int] = ()) -> None:
    """Kill this process's children, and what they leave, but for those that are spared."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    while children.is_file():
        left = [int(word) for word in children.read_text().split() if int(word) not in spared]
        if not left:
            return
        for number in left:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(number, signal.SIGKILL)
                os.waitpid(number, 0)
