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

from parity.isolate import Progress

PROC = Path("/proc")
KINDS = (
    "root",  # the command
    "server",  # a Python process between the command and those that judge
    "judge",  # a Python process that calls the port, and starts perls
    "NumPy",  # the same, while it judges the NumPy version
    "perl",  # its first perl
    "boxed",  # the one whose numbers are in boxes
    "second perl",  # for text stored as UTF-8, or one call in a perl of its own
    "coverage",  # the one that measures coverage
    "program",  # a program of a pair of programs
    "other",  # such as the perl that is asked for its version
)
NUMPY_STEP = "the NumPy version"
WORKER, LINES, BOXED = "perl_worker.pl", "perl_lines.pl", " boxed"
PARITY, PROGRAM = "-m parity", "/bin/"  # in the commands of the harness, and of the pairs' programs
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
        return next(filter(None, map(_step, self.line)), "")


def processes(root: int) -> list[Process]:
    """The command's process and all that it has started."""
    found = [Process("root", _command(root), (root,))]
    for child in _children(root):
        found += _below((child, root), 0)
    return found


def _below(line: tuple[int, ...], older: int) -> Iterator[Process]:
    """A process and all that it has started. older: the perls that its parent started before."""
    command = _command(line[0])
    if not command:  # it has ended
        return
    children = _children(line[0])
    commands = [_command(child) for child in children]
    yield Process(_kind(line[0], command, commands, older), command, line)
    perls = 0
    for child, name in zip(children, commands, strict=True):
        yield from _below((child, *line), perls)
        perls += WORKER in name and LINES not in name and not name.endswith(BOXED)


def _kind(pid: int, command: str, children: list[str], older: int) -> str:
    if LINES in command:
        return "coverage"
    if WORKER in command:
        if command.endswith(BOXED):
            return "boxed"
        return "second perl" if older else "perl"
    if PARITY not in command:
        return "program" if PROGRAM in command else "other"
    if any(PARITY in child for child in children) or not (step := _step(pid)):
        return "server"
    return "NumPy" if step == NUMPY_STEP else "judge"


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


def _step(pid: int) -> str:
    """What the watched child does, or the one that this process watches; "" where there is none."""
    with contextlib.suppress(OSError, ValueError, IndexError, struct.error):
        page = SHARED.findall((PROC / str(pid) / "maps").read_text())[-1]
        with (PROC / str(pid) / "mem").open("rb", buffering=0) as memory:
            memory.seek(int(page[0], 16))
            return Progress.PHASES[struct.unpack("QQQ", memory.read(24))[1]]
    return ""


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
