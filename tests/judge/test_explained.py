"""Which differences Perl's integers explain, each with a real perl and its boxes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Project
from one_pair import in_child, task_of

from parity import CannotRun
from parity.calls.sides import Sides
from parity.judge.compared import compare
from parity.judge.equality import Difference
from parity.judge.explained import distance
from parity.judge.run_cases import rules_for
from parity.task import Task

# 3 * $x + 2 - 3 * $x is 2 in Perl's integers, and something else in doubles.
LARGE, LARGER = 2.0**53 - 3, 2.0**53 - 1
IS_LARGER = "$x > 9007199254740990"
EXACT = "3 * $x + 2 - 3 * $x"
PORT = "def f(x: float) -> float:\n    return 3 * x + 2 - 3 * x\n"
Explain = Callable[..., tuple[list[int], list[int]]]


@pytest.fixture
def task(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Task]:
    """The task of a sub with $x for its argument, and of its port."""
    monkeypatch.chdir(project.root)

    def make(perl: str, python: str = PORT) -> Task:
        return task_of(project, f"my %seen;\nsub f {{\n    my ($x) = @_;\n    {perl};\n}}", python)

    return make


def _explained(sides: Sides, cases: list[tuple[Any, ...]]) -> tuple[list[int], list[int]]:
    """The rows that differ, and those of them that are explained."""
    found = compare(sides, rules_for(sides), sides.call_cases(cases))
    differing = sorted(row for row, case in found.items() if case.difference)
    return differing, [row for row in differing if found[row].explained]


@pytest.fixture
def explain(task: Callable[..., Task]) -> Explain:
    def run(perl: str, *values: Any, python: str = PORT) -> tuple[list[int], list[int]]:
        found: tuple[list[int], list[int]] = in_child(
            task(perl, python), _explained, [(value,) for value in values]
        )
        return found

    return run


def test_integers_explain_what_doubles_lose(explain: Explain) -> None:
    assert explain(f"return {EXACT}", 0.5, LARGE, 1.0, LARGER) == ([1, 3], [1, 3])
    assert explain(f"return {EXACT}", 0.5, 1.0) == ([], [])


def test_integers_explain_what_is_in_lists_and_hashes(explain: Explain) -> None:
    python = "def f(v: list[float]) -> dict[str, float]:\n    return {'x': 3 * v[0] + 2 - 3 * v[0]}"
    perl = "$x = $x->[0]; return {x => 3 * $x + 2 - 3 * $x}"
    assert explain(perl, [LARGE], [0.5], python=python) == ([0], [0])


def test_a_wrong_port_is_not_explained(explain: Explain) -> None:
    wrong = PORT.replace("- 3 * x", "- 3 * x + (x > 9007199254740990) * 1e-9")
    assert explain(f"return {EXACT}", LARGE, LARGER, 0.5, python=wrong) == ([0, 1], [0])
    assert explain("return $x + 1", LARGE, 0.5, python=PORT) == ([0, 1], [])


def test_an_operator_for_integers_only_explains_nothing(explain: Explain) -> None:
    assert explain(f"my $odd = $x & 1; return {EXACT}", LARGE) == ([0], [])
    perl = f"my $odd = {IS_LARGER} ? $x % 2 : 0; return {EXACT}"
    assert explain(perl, LARGE, LARGER) == ([0, 1], [0])


@pytest.mark.parametrize(
    ("perl", "first"),
    [
        ("return $seen{$x}++ ? $x : undef", "undef"),
        ("return $seen{$x}++ ? $x : 'first'", "text"),
        ("return $seen{$x}++ ? $x : [$x]", "a list"),
        ("$seen{$x}++ || die qq(first\\n); return $x", "an error"),
        ("print qq(first) if !$seen{$x}++; return $x", "output"),
    ],
)
def test_state_is_not_explained(explain: Explain, perl: str, first: str) -> None:
    """The second run in boxes does what the port does."""
    same = "from typing import Any\n\n\ndef f(x: float) -> Any:\n    return x\n"
    assert explain(perl, 0.5, LARGE, python=same) == ([0, 1], []), first


def test_the_sub_has_to_do_in_boxes_what_it_does_without(explain: Explain) -> None:
    same = "def f(x: float) -> float:\n    return x\n"
    assert explain("return ref $x ? $x : $x + 1", 0.5, 1.5, python=same) == ([0, 1], [])


def test_arguments_after_the_call_count(explain: Explain) -> None:
    same = "def f(v: list[float]) -> None:\n    v[0] = 3 * v[0] + 2 - 3 * v[0]\n"
    assert explain("for (@$x) { $_ = 3 * $_ + 2 - 3 * $_ } return", [LARGE], python=same) == (
        [0],
        [0],
    )
    other = "def f(v: list[float]) -> None:\n    v[0] = 2.5\n"
    assert explain("for (@$x) { $_ = 3 * $_ + 2 - 3 * $_ } return", [LARGE], python=other) == (
        [0],
        [],
    )


# --- rows that are in no box ------------------------------------------------------------------


def _helpers(sides: Sides, cases: list[tuple[Any, ...]]) -> tuple[Any, list[str]]:
    return _explained(sides, cases), sorted(sides.sub._helpers)


def test_integers_are_in_no_box(task: Callable[..., Task]) -> None:
    python = "def f(x: int) -> float:\n    return 3.0 * x + 2 - 3.0 * x\n"
    made = task(f"return {EXACT}", python)
    assert in_child(made, _helpers, [(2**53 - 1,)]) == (([0], []), [])
    assert in_child(made, _helpers, [(2**53 - 1,), (LARGE,)]) == (([0, 1], [1]), ["boxed"])


def test_who_does_not_explain_asks_no_boxes(task: Callable[..., Task]) -> None:
    made = task(f"return {EXACT}")
    compared = in_child(made, _compared, [(LARGE,), (0.5,)])
    assert compared == ({0: True}, ["boxed"])
    assert in_child(replace(made, explain=False), _compared, [(LARGE,)]) == ({0: False}, [])


def _compared(sides: Sides, cases: list[tuple[Any, ...]]) -> tuple[dict[int, bool], list[str]]:
    """Of each row that differs, whether it is explained; and the perls that were asked."""
    found = compare(sides, rules_for(sides), sides.call_cases(cases))
    differing = {row: case.explained for row, case in found.items() if case.difference}
    for row, case in found.items():
        assert case.differs(strict=False) == (row in differing and not case.explained)
        assert case.differs(strict=True) == (row in differing)
    return differing, sorted(sides.sub._helpers)


# --- a sub that does something else in boxes --------------------------------------------------


@pytest.mark.parametrize(
    "otherwise", ["exit 3", "return *STDOUT", "return sub { 1 }", "die qq(no\\n)", "return 'x'"]
)
def test_a_sub_that_does_something_else_in_boxes_is_not_explained(
    explain: Explain, otherwise: str
) -> None:
    perl = f"if (ref $x && {IS_LARGER}) {{ {otherwise} }} return {EXACT}"
    assert explain(perl, LARGE, LARGER) == ([0, 1], [0])
    assert explain(perl, LARGER) == ([0], [])
    assert explain(perl, LARGER, LARGE, LARGER, LARGE) == ([0, 1, 2, 3], [1, 3])


def test_boxes_that_end_their_perl_cannot_tell(explain: Explain) -> None:
    with pytest.raises(CannotRun) as caught:
        explain(f"kill 'KILL', $$ if ref $x; return {EXACT}", 0.5, LARGE)
    assert str(caught.value) == (
        "in boxes, which tell whether a difference counts, perl ended (killed by signal 9) on "
        f"x = {LARGE!r}"
    )


# --- a kill from outside ----------------------------------------------------------------------


@pytest.mark.parametrize("kills", [1, 2])
def test_a_perl_killed_while_it_explains_is_asked_again(
    explain: Explain, tmp_path: Path, kills: int
) -> None:
    mark = tmp_path / "killed"
    perl = (
        f"if (ref $x && (-s '{mark}' // 0) < {kills}) {{ open my $f, '>>', '{mark}'; print $f 'x'; "
        f"close $f; kill 'KILL', $$ }} return {EXACT}"
    )
    assert explain(perl, LARGE, 0.5) == ([0], [0])
    assert mark.stat().st_size == kills


def _killed_between(sides: Sides, cases: list[tuple[Any, ...]], number: int) -> Any:
    found = [_explained(sides, cases)]
    for _ in range(2):
        os.kill(sides.sub._helpers["boxed"]._process.pid, number)
        found.append(_explained(sides, cases))
    return found


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_perl_killed_between_batches_is_started_again(
    task: Callable[..., Task], number: int
) -> None:
    made = task(f"return {EXACT}")
    assert in_child(made, _killed_between, [(LARGE,)], number) == [([0], [0])] * 3


# --- how far apart ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "far"),
    [
        (1.0, 1.5, 1 / 3),
        (-4.0, 1.0, 1.25),
        (3, 4.0, 0.25),
        (0.0, -0.0, 0.0),
        (0.0, 5.0, 1.0),
        (float("inf"), 1.0, 1.0),
        (float("nan"), 1.0, 1.0),
        (1e308, -1e308, 1.0),
        (2.0**60, 2**60 + 2**8, 2.0**-52),
        ("a", 1.0, 0.0),
        (1.0, None, 0.0),
    ],
)
def test_the_distance_is_relative_to_the_larger_number(left: Any, right: Any, far: float) -> None:
    found = distance(Difference("the result", "", left, right, (left, right)))
    assert found == pytest.approx(far, rel=1e-12, abs=0)
