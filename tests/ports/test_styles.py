"""Subs that take their arguments in eight styles, by each path that a verdict may take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, Project

from ports.styles import PATHS, RIGHT, STYLES, WRONG

PORTS = {"right": RIGHT, "wrong": WRONG}
Entries = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def subs(tmp_path_factory: pytest.TempPathFactory) -> Entries:
    """What is said of all subs: one run."""
    project = Project(tmp_path_factory.mktemp("styles"), "perl")
    for name, style in STYLES.items():
        for kind, path in PATHS.items():
            for side, inner in PORTS.items():
                stem = f"{name}_{kind}_{side}"
                sub = f"sub f {{\n{path.perl % style.call}\n}}"
                project.pair(f"{path.more}\n{style.sub}\n{sub}", port(inner, path.python), stem)
                if path.cases:
                    project.file(f"cases/{stem}.py", f"{CASES}{path.cases}\n")
    return project.pairs("*.f", cases=100)


def port(inner: str, body: str) -> str:
    return (
        f"def inner(x: float, y: float) -> float:\n    return {inner}\n\n\n"
        f"def f(x: float, y: float) -> float:\n    {body}\n\n\nf.calls = 0\n"
    )


@pytest.mark.parametrize("side", PORTS)
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("style", STYLES)
def test_a_sub(subs: Entries, style: str, path: str, side: str) -> None:
    entry = subs[f"{style}_{path}_{side}.f"]
    assert entry["verdict"] == ("identical" if side == "right" else "differs"), entry
    assert "parity itself failed" not in str(entry)
    assert not any("is not known" in note for note in entry["notes"]), entry
    for key, said in getattr(PATHS[path], side).items():
        assert entry[key] >= said if isinstance(said, int) else said in str(entry[key]), entry


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Entries:
    """What is said of all programs: one run."""
    project = Project(tmp_path_factory.mktemp("programs"), "perl")
    lines, cases = [], ["from parity import Cases, Run\n"]
    for name, style in STYLES.items():
        for side, inner in PORTS.items():
            write_program(project.root, f"{name}_{side}", style.sub, style.call, inner)
            both = f'perl = "bin/{name}_{side}.pl", python = "bin/{name}_{side}.py"'
            lines.append(f"{name}_{side} = {{ {both} }}\n")
            cases.append(f"{name}_{side} = Cases(None, [Run(['1', '2']), Run(['0.5', '-7'])])\n")
    project.settings("\n[tool.parity.programs]\n" + "".join(lines))
    project.file("cases/programs.py", "".join(cases))
    return project.pairs(cases=2)


def write_program(root: Path, stem: str, sub: str, call: str, inner: str) -> None:
    (root / "bin").mkdir(exist_ok=True)
    head = "use strict;\nuse warnings;\n"
    script = f'{head}{sub}\nmy ($x, $y) = @ARGV;\nmy $z = {call};\nprint "$z\\n";\n'
    (root / "bin" / f"{stem}.pl").write_text(script)
    ported = f"import sys\n\nx, y = map(float, sys.argv[1:])\nprint(f'{{{inner}:.15g}}')\n"
    (root / "bin" / f"{stem}.py").write_text(ported)


@pytest.mark.parametrize("side", PORTS)
@pytest.mark.parametrize("style", STYLES)
def test_a_program(programs: Entries, style: str, side: str) -> None:
    entry = programs[f"programs.{style}_{side}"]
    assert entry["verdict"] == ("identical" if side == "right" else "differs"), entry
    assert "parity itself failed" not in str(entry)
    if side == "wrong":
        assert entry["where"].startswith("standard output, line 1")
