"""A process that is killed costs what it did at most; a verdict is the true one."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Project

from whole.deadly import killing_once, pair


@pytest.mark.parametrize(
    ("process", "call"), [("os.getppid()", 150), ("os.getpid()", 150), ("os.getpid()", 50)]
)
def test_a_killed_process_costs_its_batch_only(tmp_path: Path, process: str, call: int) -> None:
    project = pair(tmp_path, killing_once(tmp_path, process, call))
    entry = project.run(cases=2000).pair("unit.f")
    assert (entry["verdict"], entry["cases"]) == ("identical", 2000), entry
    assert (tmp_path / "killed").exists()
    assert any("were judged again" in note for note in entry["notes"]) == ("ppid" not in process)


def test_a_killed_perl_costs_its_batch_only(tmp_path: Path) -> None:
    mark = tmp_path / "killed"
    project = Project(tmp_path, "perl")
    project.pair(
        f"my $calls = 0;\nsub f {{\n    if (++$calls == 150 && !-e '{mark}') {{\n"
        f"        open my $file, '>', '{mark}' or die;\n        kill 9, $$;\n    }}\n"
        "    return $_[0];\n}",
        "def f(x: int) -> int:\n    return x\n",
    )
    entry = project.run(cases=2000).pair("unit.f")
    assert (entry["verdict"], entry["cases"]) == ("identical", 2000), entry
    assert mark.exists()
    assert any("killed by signal 9" in note for note in entry["notes"]), entry


def test_a_process_that_is_killed_each_time(tmp_path: Path) -> None:
    project = pair(tmp_path, "    import os\n    os.kill(os.getppid(), 9)\n")
    entry = project.run("--jobs", "1", cases=100).pair("unit.f")
    assert entry["verdict"] == "could not run"
    assert "was killed by signal 9" in entry["reason"]
    assert not project.remaining()


@pytest.mark.parametrize("where", ["while it is imported", "in the NumPy version"])
def test_a_process_killed_once_is_run_again(tmp_path: Path, where: str) -> None:
    mark = tmp_path / "killed"
    body = (
        f"import os, pathlib\n\nmark = pathlib.Path({str(mark)!r})\n\n\ndef once() -> None:\n"
        "    if not mark.exists():\n        mark.touch()\n        os.kill(os.getpid(), 9)\n\n\n"
    )
    project = Project(tmp_path, "perl")
    project.settings('vectorized = "numpy_versions"\n')
    called = "once()\n\n\n" if where == "while it is imported" else ""
    port = "def f(x: float) -> float:\n    return x\n"
    project.pair("sub f { return $_[0] }", body + called + port)
    second = "def f(x):\n" + ("" if called else "    once()\n") + "    return x\n"
    project.file("numpy_versions/unit.py", body + second)
    entry = project.run(cases=100).pair("unit.f")
    assert mark.exists()
    assert (entry["verdict"], entry["vectorized"]["verdict"]) == ("identical", "within bound")


@pytest.mark.parametrize(
    ("bad", "times", "said"),
    [("os._exit(3)", 2, "exit status 3"), ("time.sleep(100)", 1, "did not return")],
)
def test_what_a_process_did_only_with_many_cases_is_told(
    tmp_path: Path, bad: str, times: int, said: str
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    body = (
        "    import os, pathlib, time\n    f.calls = getattr(f, 'calls', 0) + 1\n"
        f"    marks = pathlib.Path({str(marks)!r})\n    seen = len(list(marks.iterdir()))\n"
        f"    if f.calls == 150 and seen < {times}:\n        (marks / f'{{seen}}').touch()\n"
        f"        {bad}\n"
    )
    project = pair(tmp_path, body)
    project.settings("timeout = 1\n")
    entry = project.run(cases=2000).pair("unit.f")
    assert (entry["verdict"], entry["cases"]) == ("identical", 2000), entry
    assert len(list(marks.iterdir())) == times
    assert any(said in note and "judged again" in note for note in entry["notes"]), entry
