"""Ports that kill processes."""

from __future__ import annotations

from pathlib import Path

from conftest import Project


def pair(root: Path, body: str) -> Project:
    """A port that does this, and then what the sub does."""
    project = Project(root, "perl")
    project.pair(
        "sub f { my ($x) = @_; return $x }", f"def f(x: int) -> int:\n{body}    return x\n"
    )
    return project


def killing_once(root: Path, process: str, call: int = 150) -> str:
    """What a port does that kills a process at one of its calls, but only the first time."""
    mark = str(root / "killed")
    return (
        "    import os, pathlib\n    f.calls = getattr(f, 'calls', 0) + 1\n"
        f"    mark = pathlib.Path({mark!r})\n"
        f"    if f.calls == {call} and not mark.exists():\n        mark.touch()\n"
        f"        os.kill({process}, 9)\n"
    )
