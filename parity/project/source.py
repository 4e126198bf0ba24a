"""Where a sub or a function is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """A sub or a function: its file, its full name there, its first and its last line.

    folder: the folder of the settings that holds the file; None if none does, and then `file` is
    what is imported (Acme/Stock.pm, acme/stock.py). line, end: 0 if unknown.
    """

    folder: Path | None
    file: Path
    name: str
    line: int
    end: int

    @property
    def stem(self) -> str:
        """The file below its folder, with dots: "acme.stock"; "acme" for acme/__init__.py."""
        file = self.file.relative_to(self.folder) if self.folder else self.file
        return ".".join(file.with_suffix("").parts).removesuffix("__init__").rstrip(".")

    def text(self) -> str:
        """The source with the comment block above it; "" if the line is unknown."""
        if not self.line:
            return ""
        lines = self.file.read_text(encoding="utf-8", errors="replace").splitlines()
        start = self.line - 1
        while start > 0 and lines[start - 1].lstrip().startswith("#"):
            start -= 1
        return "\n".join(lines[start : self.end])
