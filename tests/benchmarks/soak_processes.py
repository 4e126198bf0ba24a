"""The processes of a run, as /proc shows them: of which kind each is, and at which step."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from parity.steps import STEPS, Step

PROC = Path("/proc")
KINDS = (
    "root",  # the command
    "server",  # parity.processes.server, which forks
    "supervisor",  # its child, which watches one that judges
    "judge",  # a Python process that calls the port, and starts perls
    "NumPy",  # the same, while it judges the NumPy version
    "perl",  # its first perl
    "boxed",  # the one whose numbers are in boxes
    "upgraded",  # the one whose texts are stored as UTF-8
    "fresh",  # one for a call that has none before it
    "coverage",  # the one that measures coverage
    "program",  # a program of a pair of programs
    "other",  # such as the perl that is asked for its version
)
WORKER = "/worker.pl "  # its KIND follows
SERVER, PROGRAM = "parity.processes.server", "/bin/"
# A page of memory that a watched child shares with the process that watches it: see Progress.
SHARED = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) rw-s \S+ 00:\S+ \d+ +/dev/zero \(deleted\)$", re.M)


@dataclass(frozen=True)
class Process:
    """A process of a run. line: its number, that of the process that started it, and so on."""

    kind: str
    command: str
    line: tuple[int, ...]

    @property
    def pid(self) -> int:
        """Its number."""
        return self.line[0]

    def step(self) -> str:
        """What it does, or the judge that it belongs to; "" where none judges."""
        return next((found.text for found in map(_step, self.line) if found), "")


def processes(root: int) -> list[Process]:
    """The command's process and all that it has started."""
    found = [Process("root", _command(root), (root,))]
    for child in _children(root):
        found += _below((child, root))
    return found


def _below(line: tuple[int, ...]) -> Iterator[Process]:
    """A process and all that it has started."""
    command = _command(line[0])
    if not command:  # it has ended
        return
    children = _children(line[0])
    yield Process(_kind(line, command, children), command, line)
    for child in children:
        yield from _below((child, *line))


def _kind(line: tuple[int, ...], command: str, children: list[int]) -> str:
    if WORKER in command:
        kind = command.partition(WORKER)[2].split()[0]
        return "perl" if kind == "plain" else kind
    if SERVER not in command:
        return "program" if PROGRAM in command else "other"
    if SERVER not in _command(line[1]):
        return "server"
    if not _step(line[0]) or any(SERVER in _command(child) for child in children):
        return "supervisor"
    return "NumPy" if _step(line[0]) is Step.NUMPY else "judge"


def _children(pid: int) -> list[int]:
    """Oldest first."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for file in (PROC / str(pid) / "task").glob("*/children"):
            found += map(int, file.read_text().split())
    return sorted(found)


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        words = (PROC / str(pid) / "cmdline").read_bytes()
        return words.replace(b"\0", b" ").decode("utf-8", "replace").strip()
    return ""


def _step(pid: int) -> Step | None:
    """What the watched child does, or the one that this process watches; None where none is."""
    with contextlib.suppress(OSError, ValueError, IndexError, struct.error):
        page = SHARED.findall((PROC / str(pid) / "maps").read_text())[-1]
        with (PROC / str(pid) / "mem").open("rb", buffering=0) as memory:
            memory.seek(int(page[0], 16))
            return STEPS[struct.unpack("QQQ", memory.read(24))[1]]
    return None


def kill(process: Process, number: signal.Signals) -> bool:
    """Send a signal. False where the process has ended, or become another program."""
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return False
    try:
        if _command(process.pid) != process.command:
            return False
        signal.pidfd_send_signal(handle, number)
        return True
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)


def started_in(folder: Path, mark: str) -> dict[int, str]:
    """The commands of the processes with a mark in their environment, or whose folder is there."""
    found = {}
    for process in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            marked = mark.encode() in (process / "environ").read_bytes()
            if marked or (process / "cwd").resolve().is_relative_to(folder):
                command = _command(int(process.name))
                if command:  # a dead one that its parent has not fetched has none
                    found[int(process.name)] = command
    return found
