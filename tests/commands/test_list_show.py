"""parity list and parity show: what they print."""

from __future__ import annotations

import re

import pytest
from conftest import Project, Run, parity

from commands.sample import HALF, PAIRS, Inside, holds, refused


def listed(done: Run) -> dict[str, str]:
    """What `parity list` says of each name."""
    assert (done.status, done.err) == (0, "")
    assert "8 pairs, 1 only in Perl, 1 only in Python" in done.out
    lines = [re.split("  +", line.strip()) for line in done.out.splitlines()[:-1]]
    return {line[0]: line[-1] for line in lines}


ALONE = {"alpha.only_perl": "only in Perl", "beta.only_python": "only in Python"}


NOT_RUN = dict.fromkeys(PAIRS, "not run yet") | ALONE


def test_list_before_and_after_runs(own: Project, inside: Inside) -> None:
    assert listed(inside(own, "list")) == NOT_RUN
    own.run("gamma.big", "gamma.same", cases=5)
    known = {"gamma.big": "differs", "gamma.same": "identical"}
    assert listed(inside(own, "list")) == NOT_RUN | known
    own.run("alpha.half", cases=5)
    assert listed(inside(own, "list")) == NOT_RUN | known | {"alpha.half": "identical"}


@pytest.mark.parametrize("damage", ["{", "[]", '{"pairs": 3}', '{"pairs": [3]}', "\x00"])
def test_a_damaged_memory_is_none(own: Project, inside: Inside, damage: str) -> None:
    own.file(".parity/report.json", damage)
    assert listed(inside(own, "list")) == NOT_RUN
    assert own.run("beta", cases=3).status == 0
    assert listed(inside(own, "list")) == NOT_RUN | {"beta.half": "identical"}


def test_a_memory_that_cannot_be_written(own: Project, inside: Inside) -> None:
    own.file(".parity", "")  # where its folder should be
    assert own.run("beta", cases=3).status == 0
    assert listed(inside(own, "list")) == NOT_RUN


def test_show(sample: Project, inside: Inside) -> None:
    done = inside(sample, "show", "gamma.same")
    assert (done.status, done.err) == (0, "")
    assert "gamma.pl:7" in done.out and "gamma.py:11" in done.out
    assert any("sub same" in line and "def same" in line for line in done.out.splitlines())
    assert "low" not in done.out and "\x1b" not in done.out
    assert inside(sample, "show", "*.half").out.count("def half") == 2


@pytest.mark.parametrize("command", ["run", "list"])
def test_no_settings(own: Project, inside: Inside, command: str) -> None:
    (own.root / "pyproject.toml").unlink()
    refused(inside(own, command), 2, "pyproject.toml", "[tool.parity]", "perl =", "python =")


def test_no_pairs(project: Project, inside: Inside) -> None:
    project.file("perl/a.pl", f"{HALF[0]}\n1;\n")
    project.file("port/b.py", HALF[1])
    refused(inside(project, "run"), 2, "no pairs", "`parity list`")
    done = inside(project, "list")
    assert (done.status, done.err) == (0, "")
    assert holds(r" *a\.half .*only in Perl", done.out)
    assert holds(r" *b\.half .*only in Python", done.out)


def test_the_settings_are_found_from_a_folder_below(sample: Project) -> None:
    done = parity(sample.root / "perl", "list")
    assert done.status == 0 and "alpha.half" in done.out
