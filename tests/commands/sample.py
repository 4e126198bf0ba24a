"""A project with eight pairs, and what the tests of commands share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from conftest import Project, Run

HALF = (
    "sub half { my ($x) = @_; return $x * 0.5 }",
    "def half(x: float) -> float:\n    return x * 0.5\n",
)


# alpha.half, alpha.twice, alpha.fill and beta.half are identical.
ALPHA_PERL = f"""
{HALF[0]}
sub twice {{ my ($f, $x) = @_; return $f->($f->($x)) }}
sub fill  {{ my ($list) = @_; $list->[0] = 7.5; return scalar @$list }}
sub only_perl {{ return 1 }}
"""


ALPHA_PYTHON = f"""
from collections.abc import Callable

{HALF[1]}

def twice(f: Callable[[float], float], x: float) -> float:
    return f(f(x))


def fill(values: list[float]) -> int:
    values[0:1] = [7.5]
    return len(values)
"""


# Of gamma's, only gamma.same is.
GAMMA_PERL = """
sub big  { return 9007199254740993; }
sub none { my ($x) = @_; return 9**9**9 / 9**9**9; }
sub low  { my ($x) = @_; return [-9**9**9, $x]; }
sub same { my ($x) = @_; return $x; }
"""


GAMMA_PYTHON = """
def big() -> int:
    return 9007199254740992

def none(x: float) -> float:
    return 1.0

def low(x: float) -> list[float]:
    return [float("inf"), x]

def same(x: float) -> float:
    return x
"""


PAIRS = ["alpha.half", "alpha.twice", "alpha.fill", "beta.half"]
PAIRS += ["gamma.big", "gamma.none", "gamma.low", "gamma.same"]


def sample_project(root: Path) -> Project:
    """Eight pairs, and on each side a function without a partner."""
    project = Project(root, "perl")
    project.pair(ALPHA_PERL, ALPHA_PYTHON, "alpha")
    project.pair(HALF[0], HALF[1] + "\n\ndef only_python() -> int:\n    return 1\n", "beta")
    project.pair(GAMMA_PERL, GAMMA_PYTHON, "gamma")
    return project


Inside = Callable[..., Run]


def refused(done: Run, status: int, *said: str) -> None:
    """The command ended with nothing but an error in one line that says these things."""
    assert done.status == status, done.out + done.err
    assert re.fullmatch(r"parity: [^\n]{1,1000}\n", done.err), done.err
    assert done.out == ""
    assert [text for text in said if text not in done.err] == [], done.err


def holds(pattern: str, text: str) -> bool:
    """Whether a whole line is as in the pattern."""
    return re.search(f"^{pattern}$", text, re.MULTILINE) is not None


def names(run: Run) -> list[str]:
    return [entry["name"] for entry in run.report["pairs"]]


def words_of(value: Any) -> str | None:
    """A test's name from its words."""
    return " ".join(value)[:40] if isinstance(value, list) else None


def together(project: Project, lines: Sequence[Sequence[str]]) -> list[Run]:
    """What the command does with each of these words; two at a time, to save time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda words: project.parity(*words), lines))
