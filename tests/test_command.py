"""The command as its user meets it: exit statuses, one-line errors, the report."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import Project

HALF = ("sub half { return $_[0] / 2 }", "def half(x: float) -> float:\n    return x / 2\n")
WRONG = ("sub wrong { return $_[0] }", "def wrong(x: float) -> float:\n    return x + 1\n")
RANDOM = (
    "sub noisy { my ($v) = @_; my $s = 0; $s += $_ for @$v; return $s }",
    "def noisy(v: list[float]) -> float:\n    s = 0.0\n    for x in reversed(v):\n"
    "        s += x\n    return s\n",
)


def small_project(root: Path) -> Project:
    """alpha.half and beta.half hold, gamma.wrong differs; one sub and one function are alone."""
    project = Project(root, "perl")
    project.pair(HALF[0] + "\nsub only_perl { 1 }", HALF[1], "alpha")
    project.pair(HALF[0], HALF[1] + "\n\ndef only_python() -> int:\n    return 1\n", "beta")
    project.pair(*WRONG, "gamma")
    return project


@pytest.fixture
def small(tmp_path: Path) -> Project:
    return small_project(tmp_path)


Done = subprocess.CompletedProcess[str]


def together(lines: Sequence[tuple[Path, Sequence[str]]]) -> list[Done]:
    """What the command did in these folders with these words; two at a time, to save time."""

    def one(line: tuple[Path, Sequence[str]]) -> Done:
        words = [sys.executable, "-m", "parity", *line[1]]
        return subprocess.run(words, cwd=line[0], capture_output=True, text=True, timeout=120)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, lines))


def names(report: dict[str, Any]) -> list[str]:
    return [pair["name"] for pair in report["pairs"]]


# --- errors ---------------------------------------------------------------------------------------

ERRORS = [  # the words, the exit status, what the line has to hold
    (["run", "gama"], 2, ["gama", "gamma.wrong"]),
    (["run", "alpha.halve"], 2, ["did you mean alpha.half?"]),
    (["run", "zzz"], 2, ["zzz", "parity list"]),
    (["run", ""], 2, ["name"]),
    (["run", "alpha.only_perl"], 2, ["only", "Perl"]),
    (["run", "beta.only_python"], 2, ["only", "Python"]),
    (["show", "alpha.hlaf"], 2, ["alpha.half"]),
    (["call", "alpha.hlaf", "1.0"], 2, ["alpha.half"]),
    (["rnu"], 2, ["rnu", "did you mean `parity run`?"]),
    (["alpha"], 2, ["alpha", "parity --help"]),
    (["run", "--case", "5"], 2, ["--case", "--cases"]),
    (["run", "--nonsense"], 2, ["--nonsense"]),
    (["run", "--cases", "0"], 2, ["--cases"]),
    (["run", "--cases", "many"], 2, ["--cases", "many"]),
    (["run", "--seed", "-1"], 2, ["--seed"]),
    (["run", "--jobs", "0"], 2, ["--jobs"]),
    (["run", "--timeout", "0"], 2, ["--timeout"]),
    (["run", "--timeout", "nan"], 2, ["--timeout"]),
    (["run", "--json", "no/such/report.json"], 2, ["no/such"]),
    (["run", "--json", "."], 2, ["report ."]),
    (["run", "--json", "/dev/full"], 2, ["/dev/full"]),
    (["run", "--perl", "/no/such/perl"], 3, ["/no/such/perl", "--perl"]),
    (["run", "--perl", "true"], 3, ["true"]),
    (["run", "--perl", "false"], 3, ["false"]),
    (["run", "--perl", "cat"], 3, ["cat"]),
    (["run", "--perl", ""], 3, ["perl"]),
    (["run", "--perl", "perl 'unclosed"], 3, ["unclosed"]),
    (["run", "--perl", "."], 3, ["."]),
    (["run", "--perl", "perl -Mno_such_pragma_here"], 3, ["no_such_pragma_here"]),
    (["call", "alpha.half", "--perl", "/no/such/perl", "1.0"], 3, ["/no/such/perl"]),
    (["call", "alpha.half", "1.0", "2.0", "oops"], 2, ["'oops'"]),
    (["call", "alpha.half", "1 +"], 2, ["'1 +'"]),
    (["call", "alpha.half", "x.y"], 2, ["'x.y'"]),
    (["call", "alpha.half", "__import__('os').system('touch hacked')"], 2, ["not a value"]),
    (["call", "alpha.half", "2j"], 2, ["2j"]),
    (["call", "alpha.half", "{1.0: [}"], 2, ["literal"]),
    (["call", "alpha.half", "2" * 5000], 2, []),
    (["call", "alpha.half", "[" * 3000 + "]" * 3000], 2, []),
    (["call", "alpha.half", "{**{}}"], 2, ["{**{}}"]),
    (["call", "alpha.half", "18446744073709551616"], 1, ["64 bits"]),
    (["call", "alpha.half", "{1: 2}"], 1, ["keys are text"]),
    (["call", "alpha.half", "[{'a': {1, 2}}]"], 2, []),
    (["call"], 2, ["NAME"]),
    (["show"], 2, ["NAME"]),
    (["list", "extra"], 2, ["extra"]),
]


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Done]]:
    root = small_project(tmp_path_factory.mktemp("errors")).root
    few = ["--cases", "3"]
    return root, together(
        [(root, w + few * (w[0] == "run" and "--cases" not in w)) for w, *_ in ERRORS]
    )


@pytest.mark.parametrize(
    "number", range(len(ERRORS)), ids=[" ".join(words)[:60] for words, *_ in ERRORS]
)
def test_an_error_is_one_line(refused: tuple[Path, list[Done]], number: int) -> None:
    _, status, parts = ERRORS[number]
    done = refused[1][number]
    assert done.returncode == status, done
    assert done.stderr.startswith("parity: ") and done.stderr.count("\n") == 1, done.stderr
    assert [part for part in parts if part not in done.stderr] == [], done.stderr
    assert len(done.stderr) < 1000
    assert not (refused[0] / "hacked").exists()


SETTINGS = [  # a pyproject.toml, what the line has to hold
    ('[tool.parity]\nperl = "perl"\npyton = "port"\n', ["`pyton`", "`python`"]),
    ('[tool.parity]\nperl = "perl"\npython = "port"\nzzz = 1\n', ["`zzz`", "timeout"]),
    ('[tool.parity]\nperl = "perl"\n', ["python = "]),
    ('[tool.parity]\nperl = "nowhere"\npython = "port"\n', ["nowhere", "`perl`"]),
    ('[tool.parity]\nperl = 5\npython = "port"\n', ["`perl`", "5"]),
    ('[tool.parity]\nperl = "perl"\npython = "port"\ntimeout = "10"\n', ["`timeout`"]),
    ('[tool.parity]\nperl = "perl"\npython = "port"\ntimeout = true\n', ["`timeout`"]),
    ('[tool.parity]\nperl = "perl"\npython = "port"\ntimeout = 0\n', ["`timeout`"]),
    ('[tool.parity]\nperl = "perl"\npython = "port"\ntimeout = nan\n', ["`timeout`"]),
    ('[tool.parity]\nperl = "perl"\npython = "port"\ncases = "none"\n', ["`cases`", "none"]),
    ('[tool.parity]\nperl = "perl"\npython = "port/alpha.py"\n', ["`python`", "alpha.py"]),
    ("[tool]\nparity = 3\n", ["not a table"]),
    ("tool = 3\n", ["[tool.parity]"]),
    ("[tool.other]\n", ["[tool.parity]"]),
    ("[tool.parity\n", ["pyproject.toml", "line 1"]),
    ('[tool.parity]\nperl = "perl"\nperl = "perl"\n', ["pyproject.toml", "line 3"]),
    ('[tool.parity]\nperl = "port"\npython = "perl"\n', ["no pairs", "parity list"]),
    (None, ["pyproject.toml", "[tool.parity]"]),
]


@pytest.fixture(scope="module")
def misled(tmp_path_factory: pytest.TempPathFactory) -> list[Done]:
    roots = []
    for text, _ in SETTINGS:
        project = small_project(tmp_path_factory.mktemp("settings"))
        if text is None:
            (project.root / "pyproject.toml").unlink()
        else:
            project.file("pyproject.toml", text)
        roots.append(project.root)
    return together([(root, ["run"]) for root in roots])


@pytest.mark.parametrize(
    "number", range(len(SETTINGS)), ids=[str(text)[-40:-1] for text, _ in SETTINGS]
)
def test_wrong_settings_are_one_line(misled: list[Done], number: int) -> None:
    done = misled[number]
    assert done.returncode == 2
    assert done.stderr.startswith("parity: ") and done.stderr.count("\n") == 1, done.stderr
    assert [part for part in SETTINGS[number][1] if part not in done.stderr] == [], done.stderr


def test_settings_that_are_not_text(small: Project) -> None:
    (small.root / "pyproject.toml").write_bytes(b"\xff\xfe")
    done = small.parity("list")
    assert (done.status, done.err.count("\n")) == (2, 1)


def test_the_settings_are_found_from_a_folder_below(small: Project) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "parity", "list"], cwd=small.root / "perl", capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")


# --- run ------------------------------------------------------------------------------------------


def test_the_statuses_and_the_order_of_a_run(small: Project) -> None:
    assert small.run("alpha", "beta", cases=5).status == 0
    whole = small.run(cases=5)
    assert whole.status == 1
    assert names(whole.report) == ["alpha.half", "beta.half", "gamma.wrong"]
    small.file("perl/beta.pl", "sub half { return 1 + }\n")
    assert small.run(cases=5).status == 2
    assert "Traceback" not in whole.out


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (["gamma"], ["gamma.wrong"]),
        (["*.half"], ["alpha.half", "beta.half"]),
        (["beta.half", "alpha.half", "alpha"], ["alpha.half", "beta.half"]),
        (["[ab]*"], ["alpha.half", "beta.half"]),
        (["*"], ["alpha.half", "beta.half", "gamma.wrong"]),
    ],
)
def test_names_and_globs(small: Project, patterns: list[str], chosen: list[str]) -> None:
    assert names(small.run(*patterns, cases=3).report) == chosen


def test_json_on_standard_output_is_nothing_but_json(small: Project) -> None:
    done = small.parity("run", "--json", "-", "--cases", "5", "--seed", "4")
    report = json.loads(done.out)
    assert done.status == 1 and report["seed"] == 4
    assert "seed 4" in done.err and "1 differs" in done.err


def test_the_report_has_the_fields_it_promises(small: Project) -> None:
    report = small.run(cases=5, seed=9).report
    assert set(report) == {"seed", "perl", "python", "pairs"}
    assert (report["seed"], report["python"].split(".")[0]) == (9, "3")
    assert re.fullmatch(r"5\.\d+\.\d+", report["perl"])
    common = {"name", "verdict", "cases", "explained", "seconds"}
    assert all(common <= pair.keys() for pair in report["pairs"])
    assert {"input", "perl", "python", "where", "reproduce"} <= report["pairs"][2].keys()
    assert not {"shown", "arguments", "load"} & report["pairs"][2].keys()


def test_x_stops_at_the_first_that_is_not_identical(small: Project) -> None:
    small.pair(*WRONG, "delta")
    stopped = small.run("-x", "--jobs", "1", cases=5)
    assert stopped.status == 1
    assert [pair["verdict"] for pair in stopped.report["pairs"]].count("differs") == 1
    assert len(stopped.report["pairs"]) < 4


def test_x_does_not_wait_for_an_endless_one(small: Project) -> None:
    small.pair("sub f { sleep 1000 }", "def f(x: float) -> float:\n    return x\n", "zeta")
    stopped = small.run("-x", "--timeout", "1000", "--jobs", "2", cases=5)  # or 120 s are over
    assert stopped.report["pairs"][-1]["name"] == "gamma.wrong"


def test_the_same_seed_gives_the_same_report(small: Project) -> None:
    small.pair(*RANDOM, "noise")
    small.pair(HALF[0].replace("/ 2", "* 3 + 7"), HALF[1].replace("/ 2", "* 3 + 7"), "odd")
    reports = []
    for jobs in ("1", "2"):
        report = small.run("--jobs", jobs, cases=150, seed=5).report
        reports.append([{**pair, "seconds": 0} for pair in report["pairs"]])
    assert reports[0] == reports[1]
    assert [pair["verdict"] for pair in reports[0]].count("differs") == 2


def test_another_seed_gives_other_cases(small: Project) -> None:
    small.pair(
        "sub f { return 1 }",
        "def f(x: float) -> int:\n    open('seen', 'a').write(f'{x!r}\\n')\n    return 1\n",
        "seen",
    )
    seen = []
    for seed in (1, 1, 2):
        (small.root / "seen").unlink(missing_ok=True)
        assert small.run("seen", cases=100, seed=seed).status == 0
        seen.append((small.root / "seen").read_text())
    assert seen[0] == seen[1] != seen[2]


def test_without_a_seed_the_run_tells_the_one_it_took(small: Project) -> None:
    done = small.parity("run", "alpha", "--cases", "3")
    assert re.search(r"seed \d+\n\Z", done.out)


def test_the_command_alone_is_a_run(small: Project) -> None:
    done = small.parity()
    assert done.status == 1 and "gamma.wrong  differs" in done.out


@pytest.mark.parametrize("variable", ["NO_COLOR", "FORCE_NOTHING"])
def test_no_escape_codes_in_a_pipe(small: Project, variable: str) -> None:
    env = {**os.environ, variable: "1", "TERM": "xterm-256color"}
    done = subprocess.run(
        [sys.executable, "-m", "parity", "run", "--cases", "3"],
        cwd=small.root,
        env=env,
        capture_output=True,
    )
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stdout.count(b"\n") > 3


def test_a_reader_that_goes_away(small: Project) -> None:
    line = f"{sys.executable} -m parity run --cases 3 | true"
    done = subprocess.run(["bash", "-c", line], cwd=small.root, capture_output=True, text=True)
    assert done.stderr == ""


def test_markup_in_names_and_values_is_shown_as_it_is(small: Project) -> None:
    small.pair(
        "sub f { my ($t) = @_; return { '[bold]' => '[red]x[/red]' } }",
        "def f(t: str) -> dict[str, str]:\n    return {'[bold]': '[/]'}\n",
        "marks",
    )
    done = small.run("marks", cases=3)
    assert done.status == 1
    assert "[red]x[/red]" in done.out and "'[/]'" in done.out and "{'[bold]'}" in done.out


def test_the_report_of_numbers_that_json_has_not(small: Project) -> None:
    small.pair(
        "sub f { my ($n) = @_; return [9**9**9, -9**9**9, 9**9**9 - 9**9**9, -0.0, 1e308, $n] }",
        "import math\n\n\ndef f(n: int) -> list[float]:\n"
        "    return [math.inf, -math.inf, math.nan, -0.0, 1e308, 2**63 + 1]\n",
        "numbers",
    )
    small.file(
        "cases/numbers.py",
        "from hypothesis import strategies as st\nfrom parity import Cases\n"
        "f = Cases(st.tuples(st.just(2**53 + 1)))\n",
    )
    pair = small.run("numbers", cases=2).pair("numbers.f")  # Project reads strict JSON only
    special = [{"float": "inf"}, {"float": "-inf"}, {"float": "nan"}]
    assert pair["input"] == [{"int": "9007199254740993"}]
    assert pair["perl"][:3] == pair["python"][:3] == special
    assert pair["python"][5] == {"int": "9223372036854775809"}
    assert math.copysign(1, pair["python"][3]) == -1.0


def test_texts_that_json_hardly_has(small: Project) -> None:
    small.pair(
        "sub f { my ($t) = @_; return $t . 'x' }",
        "def f(t: str) -> str:\n    return t\n",
        "texts",
    )
    small.file(
        "cases/texts.py",
        "from hypothesis import strategies as st\nfrom parity import Cases\n"
        "f = Cases(st.tuples(st.just('\\ud800 \\x00 \\u3042 \"')))\n",
    )
    done = small.parity("run", "texts", "--cases", "1", "--json", "-")
    assert done.status == 1
    assert json.loads(done.out)["pairs"][0]["input"] == ['\ud800 \x00 \u3042 "']


def test_a_memory_that_cannot_be_written(small: Project) -> None:
    small.file(".parity", "")  # where its folder should be
    assert small.parity("run", "alpha", "--cases", "3").status == 0
    assert small.parity("list").status == 0


ADVICE = [  # a port, what the reason has to hold
    ("def half(x) -> float:\n    return x / 2\n", ["x has no type hint", "cases/alpha.py", "half"]),
    ("def half(x: object) -> float:\n    return x / 2\n", ["x"]),
    ("class T:\n    def __init__(self, a): ...\n\n\ndef half(x: T) -> T:\n    return x\n", ["x"]),
    ("def half(*, x: float) -> float:\n    return x / 2\n", ["x", "keyword-only"]),
    ("def half(x: 'NoSuch') -> float:\n    return x / 2\n", ["NoSuch"]),
    ("def half(x: complex) -> complex:\n    return x / 2\n", ["complex"]),
    ("def half(x: set[int]) -> int:\n    return 2\n", ["set"]),
]


@pytest.mark.parametrize(("port", "parts"), ADVICE, ids=lambda value: str(value)[:40])
def test_inputs_that_cannot_be_made(small: Project, port: str, parts: list[str]) -> None:
    small.file("port/alpha.py", port)
    run = small.run("alpha", cases=3)
    pair = run.pair("alpha.half")
    assert (run.status, pair["verdict"]) == (1, "could not run")
    assert [part for part in parts if part not in pair["reason"]] == [], pair
    assert "parity itself" not in pair["reason"]


CASES_FILES = [  # a cases file, the status, what the reason has to hold
    ("half = 3\n", 1, ["alpha.py", "half"]),
    ("half = (\n", 2, ["alpha.py:1", "SyntaxError"]),
    ("import nothing_there\n", 2, ["alpha.py:1", "nothing_there"]),
    ("from parity import Cases\nhalf = Cases(examples=[1.0])\n", 1, ["tuple", "1.0"]),
    ("from parity import Cases\nhalf = Cases(inputs=3)\n", 1, ["3"]),
    (
        "from parity import Cases\nfrom hypothesis import strategies as st\n"
        "half = Cases(st.tuples(st.floats()).filter(lambda t: False))\n",
        1,
        ["inputs"],
    ),
    (
        "from parity import Cases\nfrom hypothesis import strategies as st\n"
        "half = Cases(st.tuples(st.floats()).map(lambda t: 1 / 0))\n",
        1,
        ["ZeroDivisionError"],
    ),
    (
        "from parity import Cases\nfrom hypothesis import strategies as st\n"
        "half = Cases(st.floats())\n",
        1,
        ["tuple"],
    ),
]


@pytest.mark.parametrize(("text", "status", "parts"), CASES_FILES, ids=lambda v: str(v)[-30:])
def test_a_wrong_cases_file(small: Project, text: str, status: int, parts: list[str]) -> None:
    small.file("cases/alpha.py", text)
    run = small.run("alpha", cases=3)
    assert run.pair("alpha.half")["verdict"] == "could not run"
    reason = run.pair("alpha.half")["reason"]
    assert [part for part in parts if part not in reason] == [], reason
    assert "parity itself" not in reason
    assert run.status == status


# --- list and show --------------------------------------------------------------------------------


def test_list(small: Project) -> None:
    before = small.parity("list")
    assert before.status == 0 and before.out.count("not run yet") == 3
    small.run("gamma", cases=3)
    small.run("alpha", cases=3)
    lines = {
        line.split()[0]: " ".join(line.split()[1:])
        for line in small.parity("list").out.splitlines()
    }
    assert lines["gamma.wrong"] == "differs"
    assert lines["alpha.half"] == "identical"
    assert lines["beta.half"] == "not run yet"
    assert lines["alpha.only_perl"] == "only in Perl"
    assert lines["beta.only_python"] == "only in Python"


@pytest.mark.parametrize("damage", ["{", "[]", '{"pairs": 3}', '{"pairs": [3]}', "\x00"])
def test_list_with_a_damaged_memory(small: Project, damage: str) -> None:
    small.run("gamma", cases=3)
    small.file(".parity/report.json", damage)
    assert small.parity("list").status == 0
    assert small.run("gamma", cases=3).status == 1


def test_show(small: Project) -> None:
    done = small.parity("show", "gamma.wrong")
    assert done.status == 0
    assert "sub wrong { return $_[0] }" in done.out and "def wrong(x: float)" in done.out
    assert "gamma.pl:3" in done.out and "gamma.py:1" in done.out
    assert "\x1b" not in done.out
    assert small.parity("show", "*.half").out.count("def half") == 2


# --- call -----------------------------------------------------------------------------------------

FUNCTIONS = {
    "echo": (
        "sub echo { return $_[0] }",
        "from typing import Any\n\n\ndef echo(x: Any) -> Any:\n    return x\n",
    ),
    "apply": (
        "sub third { return $_[0] / 3 }\nsub apply { my ($f, $x) = @_; return $f->($x) }",
        "from collections.abc import Callable\n\n\ndef third(x: float) -> float:\n"
        "    return x / 3\n\n\ndef apply(f: Callable[[float], float], x: float) -> float:\n"
        "    return f(x)\n",
    ),
    "change": (
        'sub change { my ($v) = @_; push @$v, 1; print "done\\n"; warn "hm\\n"; return }',
        "def change(v: list[int]) -> None:\n    v.append(1)\n    print('done')\n",
    ),
}

CALLS = [  # the words, the status, what is shown
    (["echo.echo", "0.1"], 0, ["0.1   0x1.999999999999ap-4", "identical"]),
    (["echo.echo", "nan"], 0, ["nan"]),
    (["echo.echo", "-0.0"], 0, ["-0.0   -0x0.0p+0"]),
    (["echo.echo", "--", "-inf"], 0, ["-inf"]),
    (["echo.echo", "-5"], 0, ["-5"]),
    (["echo.echo", "[1.0, -inf, nan, None, True, 'é', b'\\xff', {'a b': []}]"], 0, ["identical"]),
    (["echo.echo", "'text'"], 0, ["'text'"]),
    (["echo.echo", '"--help"'], 0, ["'--help'"]),
    (["echo.echo", "''"], 0, ["''"]),
    (["echo.echo", " 1.5 "], 0, ["1.5"]),
    (["echo.echo", "()"], 0, []),
    (["echo.echo", "9223372036854775807"], 0, ["9223372036854775807"]),
    (["echo.echo", "18446744073709551615"], 0, ["18446744073709551615"]),
    (["echo", "1"], 0, ["echo.echo identical"]),
    (["apply.apply", "third", "1.0"], 0, ["0.3333333333333333", "identical"]),
    (["apply.apply", "apply.third", "1.0"], 0, ["0.3333333333333333"]),
    (["change.change", "[]"], 0, ["arguments afterwards: [1]", "done", "warned: hm", "identical"]),
    (["gamma.wrong", "2.0"], 1, ["2.0", "3.0", "gamma.wrong differs", "reproduce"]),
    (["gamma.wrong", "'a'"], 1, []),
]


def project_of_calls(root: Path) -> Project:
    project = small_project(root)
    for stem, (perl, python) in FUNCTIONS.items():
        project.pair(perl, python, stem)
    return project


@pytest.fixture
def called(tmp_path: Path) -> Project:
    return project_of_calls(tmp_path)


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[Done]:
    root = project_of_calls(tmp_path_factory.mktemp("calls")).root
    return together([(root, ["call", *words]) for words, *_ in CALLS])


@pytest.mark.parametrize(
    "number", range(len(CALLS)), ids=[" ".join(words)[:50] for words, *_ in CALLS]
)
def test_call(calls: list[Done], number: int) -> None:
    _, status, parts = CALLS[number]
    done = calls[number]
    assert (done.returncode, done.stderr) == (status, "")
    assert [part for part in parts if part not in done.stdout] == [], done.stdout


@pytest.mark.parametrize("words", [["echo.echo"], ["echo.echo", "1", "2"]])
def test_call_with_too_few_or_too_many_arguments(called: Project, words: list[str]) -> None:
    done = called.parity("call", *words)
    assert done.status in (1, 2) and "argument" in done.out + done.err


def test_call_of_an_endless_one(called: Project) -> None:
    called.pair("sub f { 1 while 1 }", "def f(x: float) -> float:\n    return x\n", "endless")
    done = called.parity("call", "--timeout", "0.5", "endless.f", "1.5")
    assert done.status == 1 and "0.5 s" in done.err and done.err.count("\n") == 1


def test_call_of_a_file_that_does_not_load(called: Project) -> None:
    called.file("perl/echo.pl", "sub echo { return 1 + }\n")
    done = called.parity("call", "echo.echo", "1")
    assert done.status == 2 and "echo.pl" in done.err and done.err.count("\n") == 1


# --- help -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [None, "run", "list", "show", "call"])
def test_help(tmp_path: Path, command: str | None) -> None:
    words = [command, "--help"] if command else ["--help"]
    done = subprocess.run(
        [sys.executable, "-m", "parity", *words], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: parity {command or '[OPTIONS]'}")
    if command is None:
        assert all(f"\n  {name} " in done.stdout for name in ("run", "list", "show", "call"))
        assert "Exit status" in done.stdout


def test_version(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "parity", "--version"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0 and re.fullmatch(r"parity, version \d+\.\d+\.\d+\n", done.stdout)
