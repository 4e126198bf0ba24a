"""A whole code base: packages, rules for names, the map, known differences, the pytest plugin."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Project, Run, parity, run_pytest

STOCK = ROOT / "tests" / "projects" / "stock"


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, run once."""
    folder = tmp_path_factory.mktemp("stock")
    shutil.copytree(STOCK, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".parity"))
    words = ["--seed", "1", "--cases", "300", "--json", "report.json"]
    done = parity(folder, "run", *words)
    assert done.status == 2, done.err
    return folder


@pytest.fixture(scope="module")
def entries(stock: Path) -> dict[str, Any]:
    report = json.loads((stock / "report.json").read_text(encoding="utf-8"))
    return {entry["name"]: entry for entry in report["pairs"]}


RIGHT = """chance.dice bag.summed bag.Bag.label stock.sizes stock.half_price stock.first_word
    stock.taxed stock.count_words bag.smallest"""


@pytest.mark.parametrize("name", RIGHT.split())
def test_a_right_port(entries: dict[str, Any], name: str) -> None:
    assert entries[f"acme.{name}"]["verdict"] == "identical", entries[f"acme.{name}"]


def test_a_module_that_does_not_load_is_its_own_pairs_fault(entries: dict[str, Any]) -> None:
    entry = entries["acme.broken.lost"]
    assert entry["verdict"] == "could not run"
    assert "Can't locate No/Such/Module.pm" in entry["reason"]
    assert "Acme/Broken.pm line 5" in entry["reason"]


def test_what_differs_only_after_other_calls(entries: dict[str, Any]) -> None:
    entry = entries["acme.wrong.after_two"]
    assert entry["verdict"] == "differs"
    assert "after other calls" in entry["why"]
    assert len(entry["after"]) == 1


@pytest.mark.parametrize("name", ["twice", "order"])
def test_the_first_step_is_the_innermost_pair(entries: dict[str, Any], name: str) -> None:
    step = entries[f"acme.wrong.{name}"]["first_step"]
    assert step["pair"] == "acme.wrong.price"
    assert step["perl"] == step["input"][0] * 3
    assert step["python"] == 0.0
    assert step["reproduce"].startswith("parity call acme.wrong.price ")


def test_the_first_step_may_be_the_body(entries: dict[str, Any]) -> None:
    step = entries["acme.wrong.plain"]["first_step"]
    assert step["pair"] == "acme.wrong.plain"
    assert "the body itself" in step["why"]
    assert "first_step" not in entries["acme.wrong.price"]


@pytest.mark.parametrize(
    ("name", "said"), [("keys_of", "the order in which Perl keeps the keys"), ("now", "time")]
)
def test_what_is_not_comparable(entries: dict[str, Any], name: str, said: str) -> None:
    assert entries[f"acme.wrong.{name}"]["verdict"] == "could not run"
    assert said in entries[f"acme.wrong.{name}"]["reason"]


def test_chance_without_a_seed_is_not_comparable(stock: Path, tmp_path: Path) -> None:
    shutil.copytree(stock, tmp_path, dirs_exist_ok=True)
    settings = (tmp_path / "pyproject.toml").read_text().replace("srand = 7\n", "")
    (tmp_path / "pyproject.toml").write_text(settings)
    done = parity(tmp_path, "run", "Acme::Chance", "--cases", "20")
    assert done.status == 1
    assert "not comparable: the sub asks for rand" in done.out


def test_a_call_takes_literals_json_and_files(project: Project) -> None:
    project.pair(
        "sub f { return ref $_[0] eq 'HASH' ? $_[0]{x} : $_[0] }",
        "def f(x: object) -> object:\n    return x['x'] if isinstance(x, dict) else x\n",
    )
    project.file("one.json", '{"x": [1.5, {"float": "nan"}, true, null, {"bytes": "c3a9"}]}')
    project.file("two.txt", "{'x': [1.5, -inf, True, None]}")
    for argument, said in [
        ("@one.json", "[1.5, nan, True, None, 'Ã©']"),
        ("@two.txt", "[1.5, -inf, True, None]"),
        ('{"x": [true, null]}', "[True, None]"),
    ]:
        done = project.parity("call", "unit.f", argument)
        assert done.status == 0, done.out + done.err
        assert said in done.out
    done = project.parity("call", "unit.f", "@three.txt")
    assert done.status == 2
    assert "@three.txt: No such file" in done.err


def test_an_anonymous_sub_in_a_result_cannot_cross(project: Project) -> None:
    project.pair("sub f { return [sub { 1 }] }", "def f(x: float) -> list[float]:\n    return []\n")
    entry = project.run(cases=10).pair("unit.f")
    assert entry["verdict"] == "could not run"
    assert "result [0] is of a kind that cannot cross" in entry["reason"]


def test_functions_of_one_line_have_no_branches(project: Project) -> None:
    project.pair(
        "sub f {\n    return $_[0] / 3;\n}\nsub g {\n    return $_[0] / 3;\n}",
        "def f(x: float) -> float: return x / 3\ndef g(x: float) -> float: return x / 3\n",
    )
    for entry in project.run(cases=10).report["pairs"]:
        assert entry["coverage"]["python"]["of"] == 0, entry["coverage"]


# --- known differences ------------------------------------------------------------------------

SIGN = ("sub sign { return $_[0] < 0 ? -1 : 1 }", "def sign(x: float) -> float:\n    return {}\n")
KNOWN = """
from parity import Cases, Fails, Known

sign = Cases(known=[Known((0.0,), perl={perl}, python={python}, why="zero", when={when})])
"""


def known(project: Project, port: str, **declared: str) -> Run:
    project.pair(SIGN[0], SIGN[1].format(port))
    values = {"perl": "1", "python": "0.0", "when": "lambda x: x == 0"} | declared
    project.file("cases/unit.py", KNOWN.format(**values))
    return project.run(cases=200)


RIGHT_PORT = "-1.0 if x < 0 else 1.0"
ZERO = "0.0 if x == 0 else " + RIGHT_PORT


def test_a_known_difference_is_counted_apart(project: Project) -> None:
    done = known(project, ZERO)
    assert done.status == 0, done.out
    entry = done.pair("unit.sign")
    assert 0 < entry["known"] < entry["cases"]
    (row,) = json.loads(project.parity("list", "--json").out)
    assert row["became"] == "known differences"


@pytest.mark.parametrize(
    ("port", "declared", "said"),
    [
        (RIGHT_PORT, {}, "both sides agree now"),
        (ZERO, {"perl": "2"}, "Perl changed"),
        (ZERO, {"python": "0"}, "Python changed"),
        (ZERO, {"python": "Fails('no')"}, "Python changed"),
        ("2.0 if x == 7 else " + ZERO, {}, ""),
        ("2.0 if x > 0 else " + ZERO, {"perl": "2"}, "Perl changed"),
    ],
)
def test_a_known_difference_that_is_none(
    tmp_path: Path, port: str, declared: dict[str, str], said: str
) -> None:
    done = known(Project(tmp_path, "perl"), port, **declared)
    assert done.status == 1
    entry = done.pair("unit.sign")
    assert entry["verdict"] == "differs"
    assert said in entry["why"]


def test_what_the_example_reaches_counts(project: Project) -> None:
    project.pair(
        "sub sign {\n    my ($x) = @_;\n    if ($x == 0) {\n        return undef;\n    }\n"
        "    return $x < 0 ? -1 : 1;\n}",
        "def sign(x: float) -> float:\n    if x == 0:\n        return 0.0\n\n"
        "    return -1.0 if x < 0 else 1.0\n",
    )
    values = {"perl": "None", "python": "0.0", "when": "lambda x: x == 0"}
    project.file("cases/unit.py", KNOWN.format(**values))
    done = project.run("--min-coverage", "100")
    assert done.status == 0, done.out
    assert "not reached" not in done.out


def test_too_little_coverage_is_status_1(project: Project) -> None:
    project.pair(
        "sub f {\n    my ($x) = @_;\n    if ($x eq 'sesame') {\n        return 'open';\n    }\n"
        "    return 'shut';\n}",
        "def f(x: str) -> str:\n    if x == 'sesame':\n        return 'open'\n\n"
        "    return 'shut'\n",
    )
    cases = "from parity import Cases\nfrom hypothesis import strategies as st\n"
    project.file("cases/unit.py", cases + "f = Cases(st.tuples(st.text('ab')))\n")
    assert project.run("--min-coverage", "50").status == 0
    done = project.run("--min-coverage", "90")
    assert done.status == 1
    assert done.pair("unit.f")["verdict"] == "identical"
    assert "not reached in 100 cases: unit.py:3" in done.out
    assert "unit.pl:6" in done.out


def test_keyword_arguments_are_never_given(project: Project) -> None:
    project.pair("sub f { my (%o) = @_; return 1 }", "def f(**o: float) -> int:\n    return 1\n")
    notes = project.run(cases=20).pair("unit.f")["notes"]
    assert "the port's keyword arguments **o are never given" in notes


def test_what_is_printed_while_loading_is_no_result(project: Project) -> None:
    project.file("perl/unit.pl", "print qq{loading\\n};\nsub f { return $_[0] }\n1;\n")
    project.file("port/unit.py", "print('loading')\n\n\ndef f(x: float) -> float:\n    return x\n")
    assert project.run(cases=20).pair("unit.f")["verdict"] == "identical"


def test_arguments_that_may_be_left_out_are(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub f { my ($s, $n, $m) = @_; return $s . ($n // 'n') . ($m // 'm') }",
        "def f(s: str, n: str | None = 'n', m: str | None = 'x') -> str:\n"
        "    return s + ('n' if n is None else n) + ('m' if m is None else m)\n",
    )
    entry = project.run(cases=1).pair("unit.f")
    assert entry["verdict"] == "differs"
    assert len(entry["input"]) < 3


def test_the_input_is_named(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.settings("timeout = 3\n")
    project.pair(
        "sub object { my ($n) = @_; return $n == 255 ? bless {}, 'X' : $n }\n"
        "sub data { my ($n) = @_; die {code => 3} if $n == 255; return $n }\n"
        "sub endless { my ($n) = @_; 1 while $n == 77; return $n }",
        "def object(n: int) -> int:\n    return n\n\n\ndef data(n: int) -> int:\n    return n\n"
        "\n\ndef endless(n: int) -> int:\n    return n\n",
    )
    done = project.run("unit.object", "unit.data")
    assert "object of class X" in done.pair("unit.object")["reason"]
    assert done.pair("unit.object")["reason"].endswith("on n = 255")
    assert "die: {'code': 3.0}" in done.out
    called = project.parity("call", "unit.endless", "77")
    assert "the Perl sub did not return within 3 s on 77" in called.err


def test_a_call_says_how_a_difference_is_declared(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    port = (
        "def f(x: float) -> float:\n    if x < 0:\n        raise ValueError('no')\n    return x\n"
    )
    project.pair("sub f { return abs $_[0] }", port)
    done = project.parity("call", "unit.f", "--", "-1.5")
    (line,) = [line for line in done.out.splitlines() if "if meant" in line]
    head, _, entry = line.partition("f = Cases(")
    assert head.endswith("cases/unit.py: ")
    entry = entry.replace('why="…"', 'why="positive only", when=lambda x: x <= 0')
    project.file("cases/unit.py", f"from parity import Cases, Fails, Known\n\nf = Cases({entry}\n")
    assert project.run(cases=50).status == 0


def test_a_condition_that_is_wrong(tmp_path: Path) -> None:
    for when, said in (("lambda x: x == 1", "its own example"), ("lambda x: x.no", "failed on")):
        done = known(Project(tmp_path, "perl"), ZERO, when=when)
        assert done.status == 1
        assert said in done.out


def test_known_differences_that_cover_everything_leave_nothing(tmp_path: Path) -> None:
    done = known(Project(tmp_path, "perl"), ZERO, when="lambda x: True")
    assert done.status == 1
    assert "known differences cover all" in done.out


# --- pytest -----------------------------------------------------------------------------------


def test_pytest_judges_pairs_beside_other_tests(stock: Path) -> None:
    (stock / "test_own.py").write_text("def test_own() -> None:\n    pass\n")
    done = run_pytest(stock, "--parity-seed", "5", "-k", "half_price or price or own")
    assert done.status == 1
    assert "parity: seed 5" in done.out
    assert "FAILED parity::acme.wrong.price" in done.out
    assert "parity call acme.wrong.price 1000.0" in done.out
    assert "1 failed, 2 passed" in done.out
    done = run_pytest(stock, "-q", "test_own.py")
    assert "1 passed" in done.out and "failed" not in done.out


def test_pytest_in_parallel(stock: Path) -> None:
    done = run_pytest(stock, "-n", "2", "-k", "acme.stock or acme.bag")
    assert done.status == 0, done.out
    assert "8 passed" in done.out


def test_pytest_without_settings(tmp_path: Path) -> None:
    done = run_pytest(tmp_path)
    assert done.status == 4
    assert "no pyproject.toml with a table [tool.parity]" in done.err
