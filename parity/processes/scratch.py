"""Temporary folders of a call. Who outlives the call removes them, however its process ends."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

_home: Path | None = None  # of this process's call; None outside of a server's child


def use(home: Path) -> None:
    """Make temporary folders in this one from now on; it is made."""
    global _home
    home.mkdir()
    _home = home


def folder() -> tempfile.TemporaryDirectory[str]:
    """A new temporary folder, removed when it is closed."""
    return tempfile.TemporaryDirectory(prefix="parity-", dir=_home, ignore_cleanup_errors=True)


def remove(home: Path) -> None:
    """Remove what a call, or all calls of a server, left."""
    shutil.rmtree(home, ignore_errors=True)
