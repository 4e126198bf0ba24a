"""A sub, its right port, and the fault that porters make there."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETTINGS = '[tool.parity]\nperl = "perl"\npython = "port"\n'


@dataclass(frozen=True)
class Fault:
    """A sub named `name`, and a port that is right.

    fault: what is wrong in the wrong port, in words. wrong: a part of the right port, and what the
    wrong one has in its place. shows: arguments on which the wrong port differs. head: what stands
    in the Perl file above the sub.
    """

    name: str
    fault: str
    perl: str
    right: str
    wrong: tuple[str, str]
    shows: tuple[Any, ...]
    head: str = ""

    @property
    def perl_file(self) -> str:
        parts = ["use strict;\nuse warnings;", *map(_dedented, filter(None, [self.head]))]
        return "\n\n".join([*parts, _dedented(self.perl), "1;"]) + "\n"

    @property
    def right_file(self) -> str:
        return _dedented(self.right) + "\n"

    @property
    def wrong_file(self) -> str:
        old, new = self.wrong
        assert self.right_file.count(old) == 1, (self.name, old)
        return self.right_file.replace(old, new)


def _dedented(text: str) -> str:
    return textwrap.dedent(text).strip("\n")


def write(root: Path, faults: list[Fault], wrong: bool) -> None:
    """Make a project of the right ports, or of the wrong ones: each pair in files of its own."""
    for folder in ("perl", "port"):
        (root / folder).mkdir(parents=True)
    (root / "pyproject.toml").write_text(SETTINGS)
    for one in faults:
        port = one.wrong_file if wrong else one.right_file
        (root / "perl" / f"{one.name}.pl").write_text(one.perl_file, encoding="utf-8")
        (root / "port" / f"{one.name}.py").write_text(port, encoding="utf-8")
