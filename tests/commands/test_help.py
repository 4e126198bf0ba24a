"""parity --help and --version."""

from __future__ import annotations

import re

import pytest
from conftest import Project

from commands.sample import Inside, holds

OPTIONS = {
    "run": "--cases N, --seed S, --jobs N, --timeout S, --strict, --json FILE, -x, --perl PERL",
    "call": "--timeout S, --strict, --perl PERL",
    "list": "",
    "new": "",
    "show": "",
}


@pytest.mark.parametrize("command", OPTIONS)
def test_help_describes_every_option(sample: Project, inside: Inside, command: str) -> None:
    done = inside(sample, command, "--help")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"Usage: parity {command} ")
    told = done.out.partition("\nOptions:\n")[2]
    # each option is followed by words, there or on the line below
    options = re.findall(r"^  (-\S.*?)(?:\n)? {2,}\w", told, re.MULTILINE)
    assert len(options) == len(re.findall(r"^  -", told, re.MULTILINE))
    assert {*filter(None, OPTIONS[command].split(", ")), "--help"} <= set(options)


def test_help_describes_every_command(sample: Project, inside: Inside) -> None:
    done = inside(sample, "--help")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("Usage: parity [OPTIONS]")
    assert all(holds(rf"  {command} +[A-Z].*", done.out) for command in OPTIONS)
    assert "[tool.parity]" in done.out
    assert "Exit status" in done.out and "3 perl could not be used" in done.out


def test_help_needs_no_settings(project: Project, inside: Inside) -> None:
    (project.root / "pyproject.toml").unlink()
    assert inside(project, "run", "--help").status == 0


def test_version(sample: Project, inside: Inside) -> None:
    done = inside(sample, "--version")
    assert done.status == 0 and re.fullmatch(r"parity, version \d+\.\d+\.\d+\n", done.out)
