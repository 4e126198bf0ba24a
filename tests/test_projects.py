"""Small projects in the style of real ones, with right ports and with mistakes that people make.

What a run says of them stands in tests/golden, which test_golden.py compares with the run.
"""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, parity, run_pytest

# Of each folder: the pairs, and the place in which a wrong port differs ("" for a right one).
SCRIPTS = {
    "summary": "",
    "columns": "",
    "rounds": "standard output, line 2",
    "ties": "standard output, line",
    "quiet": "standard output, line 1",
    "succeeds": "exit status",
    "zero": "standard output, line",
    "spaces": "standard output, line",
    "default": "standard output, line",
    "returns": "standard output, line",
    "digits": "standard output, line 1",
    "last_line": "the file out/a.txt, line 2",
    "suffix": "the file out/a.csv",
    "quotes": "the file out/b.txt, line 1",
    "unicode": "standard output, line 1",
    "status": "exit status",
}
TEXT = {
    "layout.wrap": "[0]",
    "layout.roman": "the result",
    "layout.fill": "the result",
    "layout.money": "the result",
    "layout.percent": "the result",
    "layout.page": "the result",
    "layout.tail": "the result",
    "layout.label": "the result",
    "layout.pick": "the error: only Python fails",
    "layout.later": "the result",
    "layout.in_order": "[0]",
    "layout.check_sum": "the result",
    "words.trim": "the result",
    "words.fields": "the result: of length 0 in Perl, 1 in Python",
    "words.quoted_words": "the error: only Perl fails",
    "words.count_words": "é: Perl has no key 'é'",
    "words.unique": "[0]",
    "words.soundex": "the result",
    "words.is_word": "the result",
    "words.lower": "the result",
}
GOLDEN = {
    "scripts": {f"programs.{name}": where for name, where in SCRIPTS.items()},
    "text": {f"prose.{name}": "" for name in TEXT},
    "text_wrong": {f"prose.{name}": where for name, where in TEXT.items()},
}
PAIRS = [(name, pair) for name, pairs in GOLDEN.items() for pair in pairs]

Entries = dict[str, dict[str, Any]]


@cache
def golden(name: str) -> Entries:
    report = json.loads((ROOT / "tests" / "golden" / f"{name}.json").read_bytes())
    return {entry["name"]: entry for entry in report["pairs"]}


@pytest.mark.parametrize("name", GOLDEN)
def test_all_pairs_are_found(name: str) -> None:
    assert golden(name).keys() == GOLDEN[name].keys()


@pytest.mark.parametrize(("name", "pair"), PAIRS)
def test_the_verdict(name: str, pair: str) -> None:
    entry, where = golden(name)[pair], GOLDEN[name][pair]
    assert entry["verdict"] == ("differs" if where else "identical"), entry
    assert not entry["notes"]
    if where and name != "scripts":  # of these the golden report has no places
        assert f"{entry['where']}: {entry['why']}".startswith(where)


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Entries:
    """What the command says of the scripts that differ, in a copy of the project."""
    folder = tmp_path_factory.mktemp("projects") / "scripts"
    ignored = shutil.ignore_patterns(".parity", "__pycache__")
    shutil.copytree(ROOT / "tests" / "projects" / "scripts", folder, ignore=ignored)
    names = [f"programs.{name}" for name, where in SCRIPTS.items() if where]
    words = ("--seed", "1", "--cases", "40", "--json", "report.json")
    assert parity(folder, "run", *words, *names).status == 1
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {entry["name"]: entry for entry in report["pairs"]}


@pytest.mark.parametrize("name", [name for name, where in SCRIPTS.items() if where])
def test_where_a_script_differs(scripts: Entries, name: str) -> None:
    entry = scripts[f"programs.{name}"]
    assert f"{entry['where']}: {entry['why']}".startswith(SCRIPTS[name])


# --- a code base with packages ----------------------------------------------------------------

RIGHT = """chance.dice bag.summed bag.Bag.label stock.sizes stock.half_price stock.first_word
    stock.taxed stock.count_words bag.smallest"""


def stock(name: str) -> dict[str, Any]:
    return golden("stock")[f"acme.{name}"]


@pytest.mark.parametrize("name", RIGHT.split())
def test_a_right_port(name: str) -> None:
    assert stock(name)["verdict"] == "identical"


def test_a_module_that_does_not_load_is_its_own_pairs_fault() -> None:
    entry = stock("broken.lost")
    assert entry["verdict"] == "could not run"
    assert "Can't locate No/Such/Module.pm" in entry["reason"]
    assert "Acme/Broken.pm line 5" in entry["reason"]


def test_what_differs_only_after_other_calls() -> None:
    entry = stock("wrong.after_two")
    assert entry["verdict"] == "differs"
    assert "after other calls" in entry["why"]
    assert len(entry["after"]) == 1


@pytest.mark.parametrize("name", ["twice", "order"])
def test_the_first_step_is_the_innermost_pair(name: str) -> None:
    step = stock(f"wrong.{name}")["first_step"]
    assert step["pair"] == "acme.wrong.price"
    assert step["perl"] == step["input"][0] * 3
    assert step["python"] == 0.0
    assert step["reproduce"].startswith("parity call acme.wrong.price ")


def test_the_first_step_may_be_the_body() -> None:
    step = stock("wrong.plain")["first_step"]
    assert step["pair"] == "acme.wrong.plain"
    assert "the body itself" in step["why"]
    assert "first_step" not in stock("wrong.price")


@pytest.mark.parametrize(
    ("name", "said"), [("keys_of", "the order in which Perl keeps the keys"), ("now", "time")]
)
def test_what_is_not_comparable(name: str, said: str) -> None:
    assert stock(f"wrong.{name}")["verdict"] == "could not run"
    assert said in stock(f"wrong.{name}")["reason"]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code base."""
    folder = tmp_path_factory.mktemp("stock")
    source = ROOT / "tests" / "projects" / "stock"
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".parity"))
    return folder


def test_a_file_that_does_not_load_is_status_2(copy: Path) -> None:
    assert parity(copy, "run", "--cases", "20", "acme.broken.lost").status == 2


def test_pytest_judges_pairs_beside_other_tests(copy: Path) -> None:
    (copy / "test_own.py").write_text("def test_own() -> None:\n    pass\n")
    done = run_pytest(copy, "--parity-seed", "5", "-k", "half_price or price or own")
    assert done.status == 1
    assert "parity: seed 5" in done.out
    assert "FAILED parity::acme.wrong.price" in done.out
    assert "parity call acme.wrong.price 1000.0" in done.out
    assert "1 failed, 2 passed" in done.out
    done = run_pytest(copy, "-q", "test_own.py")
    assert "1 passed" in done.out and "failed" not in done.out


def test_pytest_in_parallel(copy: Path) -> None:
    done = run_pytest(copy, "-n", "2", "-k", "acme.stock or acme.bag")
    assert done.status == 0, done.out
    assert "8 passed" in done.out


def test_pytest_without_settings(tmp_path: Path) -> None:
    done = run_pytest(tmp_path)
    assert done.status == 4
    assert "no pyproject.toml with a table [tool.parity]" in done.err


def test_chance_without_a_seed_is_not_comparable(copy: Path, tmp_path: Path) -> None:
    shutil.copytree(copy, tmp_path, dirs_exist_ok=True)
    settings = (tmp_path / "pyproject.toml").read_text().replace("srand = 7\n", "")
    (tmp_path / "pyproject.toml").write_text(settings)
    done = parity(tmp_path, "run", "Acme::Chance", "--cases", "20")
    assert done.status == 1
    assert "not comparable: the sub asks for rand" in done.out
