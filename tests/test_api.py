"""parity as a library: the same report as the command's, in any host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from conftest import Project, run_pytest

import parity
from parity.report.last_run import load_runs


def project(root: Path) -> Project:
    """A right port, a wrong one, and one that calls either."""
    made = Project(root, "perl")
    made.pair(
        "my $n = 0;\nsub right { my ($x) = @_; return 3 * $x }\n"
        "sub wrong { my ($x) = @_; return $x }\n"
        "sub call { my ($f, $x) = @_; return $f->($x) }",
        "from collections.abc import Callable\n\n\n"
        "def right(x: float) -> float:\n    return 3 * x\n\n\n"
        "def wrong(x: float) -> float:\n    return x + 1e-9\n\n\n"
        "def call(f: Callable[[float], float], x: float) -> float:\n    return f(x)\n",
    )
    return made


def judged(root: Path, **options: Any) -> list[dict[str, Any]]:
    found = parity.run(parity.Project(root), cases=100, seed=3, **options)
    return but_for_seconds(verdict.to_json() for verdict in found)


def but_for_seconds(pairs: Any) -> list[dict[str, Any]]:
    return sorted(({**pair, "seconds": 0} for pair in pairs), key=lambda pair: pair["name"])


def test_the_report_is_the_same_by_each_way(tmp_path: Path) -> None:
    made = project(tmp_path)
    by_api = judged(tmp_path)
    verdicts = {pair["name"]: pair["verdict"] for pair in by_api}
    # What `call` is given to call may be the wrong port.
    assert verdicts == {"unit.call": "differs", "unit.right": "identical", "unit.wrong": "differs"}
    assert but_for_seconds(made.run(cases=100, seed=3).report["pairs"]) == by_api
    (tmp_path / ".parity" / "report.json").unlink()
    run_pytest(tmp_path, "--parity-seed", "3")
    kept = load_runs(tmp_path / ".parity" / "report.json")
    assert but_for_seconds(verdict.to_json() for verdict in kept) == by_api


def test_the_hash_seed_of_the_host_does_not_matter(tmp_path: Path) -> None:
    project(tmp_path)
    script = (
        "import json, parity\n"
        f"found = parity.run(parity.Project({str(tmp_path)!r}), cases=100, seed=3)\n"
        "print(json.dumps([verdict.to_json() for verdict in found]))\n"
        "import sys\n"
        "assert not {'numpy', 'hypothesis', 'coverage'} & set(sys.modules), 'a heavy host'\n"
    )
    for seed in ("0", "77"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert but_for_seconds(json.loads(done.stdout)) == judged(tmp_path)


def test_two_threads_run_at_once(tmp_path: Path) -> None:
    project(tmp_path)
    found: list[list[dict[str, Any]]] = []
    threads = [threading.Thread(target=lambda: found.append(judged(tmp_path))) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [judged(tmp_path)] * 2


def test_a_call_shows_both_sides(tmp_path: Path) -> None:
    project(tmp_path)
    here = parity.Project(tmp_path)
    same = parity.call(here, "unit.right", 2.0)
    assert (same.difference, same.perl.value, same.python.value) == (None, "6.0", "6.0")
    other = parity.call(here, "unit.wrong", 2.0)
    assert other.difference and other.difference.where == "the result"
    assert "Known(" in other.known


def test_a_port_as_an_argument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = project(tmp_path)
    namespace: dict[str, Any] = {}
    file = made.root / "port" / "unit.py"
    exec(compile(file.read_text(), str(file), "exec"), namespace)
    found = parity.call(parity.Project(tmp_path), "unit.call", namespace["right"], 2.0)
    assert (found.difference, found.python.value) == (None, "6.0")


@pytest.mark.parametrize("name", ["unit.nothing", "unit"])
def test_a_name_of_no_pair_or_of_several(tmp_path: Path, name: str) -> None:
    project(tmp_path)
    with pytest.raises(parity.UsageError):
        parity.call(parity.Project(tmp_path), name, 1)


def test_an_unknown_name_is_told_before_anything_runs(tmp_path: Path) -> None:
    project(tmp_path)
    with pytest.raises(parity.UsageError, match="no pair is named"):
        parity.run(parity.Project(tmp_path), ["nothing"])


def test_what_the_progress_raises_ends_the_run(tmp_path: Path) -> None:
    project(tmp_path)

    def stop(done: int, whole: int) -> None:
        raise ValueError((done, whole))

    with pytest.raises(ValueError, match="3"):
        list(parity.run(parity.Project(tmp_path), progress=stop))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"cases": 0}, "cases = 0 is not a whole number of 1 or more"),
        ({"cases": "x"}, "cases = 'x' is not a whole number of 1 or more"),
        ({"seed": -1}, "seed = -1 is not a whole number of 0 or more"),
        ({"jobs": 0}, "jobs = 0 is not a whole number of 1 or more"),
    ],
)
def test_a_wrong_number_is_refused(tmp_path: Path, options: dict[str, Any], said: str) -> None:
    project(tmp_path)
    with pytest.raises(parity.UsageError, match=said):
        parity.run(parity.Project(tmp_path), **options)


def test_one_name_may_stand_alone(tmp_path: Path) -> None:
    project(tmp_path)
    found = list(parity.run(parity.Project(tmp_path), "unit.right", cases=10, seed=1))
    assert [verdict.name for verdict in found] == ["unit.right"]
