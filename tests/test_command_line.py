"""The command line: exit statuses, errors in one line, what is printed where."""

from __future__ import annotations

import json
import math
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Project, Run

from parity.cli import main

HALF = "def half(x: float) -> float:\n    return x * 0.5\n"
GOOD_PERL = """
sub half  { my ($x) = @_; return $x * 0.5; }
sub twice { my ($f, $x) = @_; return $f->($f->($x)); }
sub fill  { my ($list) = @_; $list->[0] = 7.5; return scalar @$list; }
sub lonely { return 1; }
"""
GOOD_PYTHON = f"""
from collections.abc import Callable

{HALF}

def twice(f: Callable[[float], float], x: float) -> float:
    return f(f(x))


def fill(values: list[float]) -> int:
    values[0:1] = [7.5]
    return len(values)


def sole() -> int:
    return 1
"""
ODD_PERL = """
sub big  { return 9007199254740993; }
sub none { my ($x) = @_; return 9**9**9 / 9**9**9; }
sub low  { my ($x) = @_; return [-9**9**9, $x]; }
sub same { my ($x) = @_; return $x; }
"""
ODD_PYTHON = """
def big() -> int:
    return 9007199254740992

def none(x: float) -> float:
    return 1.0

def low(x: float) -> list[float]:
    return [float("inf"), x]

def same(x: float) -> float:
    return x
"""


@pytest.fixture
def exe() -> str:
    return "perl"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Three pairs that are identical, and a function on each side that has no partner."""
    project = Project(tmp_path_factory.mktemp("good"), "perl")
    project.pair(GOOD_PERL, GOOD_PYTHON, "good")
    return project


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Three pairs that differ, and one that does not."""
    project = Project(tmp_path_factory.mktemp("odd"), "perl")
    project.pair(ODD_PERL, ODD_PYTHON, "odd")
    return project


@pytest.fixture
def inside(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Run]]:
    """The command without an interpreter of its own: for calls that run no pair."""

    def call(project: Project, *words: str) -> Run:
        monkeypatch.chdir(project.root)
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(sys, "argv", ["parity", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return Run(int(ended.value.code or 0), *capfd.readouterr(), {})

    before = signal.getsignal(signal.SIGTERM)
    yield call
    signal.signal(signal.SIGTERM, before)


def refused(done: Run, status: int, *said: str) -> None:
    """The command ended with an error in one line that says these things."""
    assert done.status == status, done.out + done.err
    assert re.fullmatch(r"parity: [^\n]+\n", done.err), done.err
    assert done.out == ""
    for text in said:
        assert text in done.err


# --- errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "good.hafl"], ["good.hafl", "did you mean good.half?"]),
        (["run", "half"], ["did you mean good.half?"]),
        (["run", "nothing.like_it"], ["nothing.like_it", "`parity list`"]),
        (["run", "good.half", "zzz.*"], ["zzz.*"]),
        (["run", "good.lonely"], ["in Perl only"]),
        (["show", "good.sole"], ["in Python only"]),
        (["show", "good.hlaf"], ["good.half"]),
        (["call", "good.hlaf", "1.0"], ["good.half"]),
        (["call", "good", "1.0"], ["3 pairs", "good.half"]),
        (["rnu"], ["'rnu'", "`parity run`"]),
        (["frobnicate"], ["frobnicate", "`parity --help`"]),
        (["run", "--csaes", "3"], ["--csaes", "--cases"]),
        (["list", "--json", "x"], ["--json"]),
        (["run", "--cases", "0"], ["--cases"]),
        (["run", "--cases", "many"], ["--cases", "many"]),
        (["run", "--cases"], ["--cases"]),
        (["run", "--seed", "-1"], ["--seed"]),
        (["run", "--timeout", "0"], ["--timeout"]),
        (["run", "--jobs", "0"], ["--jobs"]),
        (["show"], ["NAME"]),
        (["call"], ["NAME"]),
        (["call", "good.half", "foo("], ["foo("]),
        (["call", "good.half", "text"], ["text", "paired function"]),
        (["call", "good.half", "__import__('os').getcwd()"], ["__import__"]),
        (["call", "good.half", "1 + 1"], ["1 + 1"]),
        (["run", "--json", "no/such/folder/x.json"], ["no/such/folder/x.json"]),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else None,
)
def test_a_wrong_call(
    good: Project, inside: Callable[..., Run], words: list[str], said: list[str]
) -> None:
    refused(inside(good, *words), 2, *said)


@pytest.mark.parametrize("words", [["rnu"], ["run", "good.hafl"], ["call", "good.half", "foo("]])
def test_a_wrong_call_in_a_process(good: Project, words: list[str]) -> None:
    refused(good.parity(*words), 2, words[-1])


def test_a_report_that_is_a_folder(good: Project) -> None:
    done = good.parity("run", "good.half", "--cases", "5", "--json", "port")
    assert done.status == 2
    assert re.fullmatch(r"parity: [^\n]*port[^\n]*\n", done.err)


@pytest.mark.parametrize("perl", ["/no/such/perl", "true", "false", "", "perl --no-such-option"])
def test_no_perl(good: Project, inside: Callable[..., Run], perl: str) -> None:
    refused(inside(good, "run", "--perl", perl), 3, "perl")


def test_no_perl_for_a_call(good: Project) -> None:
    refused(good.parity("call", "--perl", "/no/such/perl", "good.half", "1.0"), 3, "/no/such/perl")


FOLDERS = 'perl = "perl"\npython = "port"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"[tool.parity]\n{FOLDERS}timeuot = 3\n", ["`timeuot`", "did you mean `timeout`?"]),
        (f"[tool.parity]\n{FOLDERS}zzz = 3\n", ["`zzz`", "timeout", "memory"]),
        (f'[tool.parity]\n{FOLDERS}timeout = "3"\n', ["`timeout`", "'3'"]),
        (f"[tool.parity]\n{FOLDERS}timeout = true\n", ["`timeout`"]),
        (f"[tool.parity]\n{FOLDERS}timeout = -1\n", ["`timeout`", "-1"]),
        (f"[tool.parity]\n{FOLDERS}memory = 0\n", ["`memory`"]),
        (f"[tool.parity]\n{FOLDERS}memory = 0.5\n", ["`memory`"]),
        (f"[tool.parity]\n{FOLDERS}exe = 5\n", ["`exe`"]),
        ('[tool.parity]\nperl = ["perl"]\npython = "port"\n', ["`perl`"]),
        ('[tool.parity]\nperl = "prel"\npython = "port"\n', ["`perl`", "prel"]),
        ('[tool.parity]\nperl = "perl"\npython = "prot"\n', ["`python`", "prot"]),
        (f'[tool.parity]\n{FOLDERS}cases = "csaes"\n', ["`cases`", "csaes"]),
        ('[tool.parity]\nperl = "perl"\n', ["python"]),
        ('[tool.parity]\npython = "port"\n', ["perl"]),
        ("[tool]\nparity = 3\n", ["table"]),
        ("[tool.parity\n", ["line 1"]),
        ("[tool.other]\n", ["[tool.parity]"]),
    ],
)
def test_wrong_settings(
    project: Project, inside: Callable[..., Run], text: str, said: list[str]
) -> None:
    project.pair("sub half { return $_[0] * 0.5 }", HALF)
    project.file("pyproject.toml", text)
    refused(inside(project, "run"), 2, "pyproject.toml", *said)


def test_no_settings(project: Project, inside: Callable[..., Run]) -> None:
    (project.root / "pyproject.toml").unlink()
    for command in ("run", "list"):
        refused(
            inside(project, command), 2, "pyproject.toml", "[tool.parity]", "perl =", "python ="
        )


def test_no_pairs(project: Project, inside: Callable[..., Run]) -> None:
    project.file("perl/a.pl", "sub half { return $_[0] * 0.5 }\n1;\n")
    project.file("port/b.py", HALF)
    refused(inside(project, "run"), 2, "no pairs", "`parity list`")
    done = inside(project, "list")
    assert (done.status, done.err) == (0, "")
    assert re.search(r"a\.half +only in Perl", done.out)
    assert re.search(r"b\.half +only in Python", done.out)


def test_the_settings_are_found_from_a_folder_below(good: Project) -> None:
    below = Project.__new__(Project)
    below.root = good.root / "perl"
    done = below.parity("list")
    assert done.status == 0 and "good.half" in done.out


# --- what a run prints, and the report --------------------------------------------------------


def test_identical(good: Project) -> None:
    done = good.run(cases=120)
    assert (done.status, done.err) == (0, "")
    assert re.search(r"^  good\.half +identical +120 cases$", done.out, re.MULTILINE)
    assert re.search(r"^3 pairs: 3 identical · .* · seed 1$", done.out, re.MULTILINE)
    assert [entry["name"] for entry in done.report["pairs"]] == [
        "good.half",
        "good.twice",
        "good.fill",
    ]
    assert all(entry["cases"] == 120 for entry in done.report["pairs"])
    assert done.report["seed"] == 1


def test_without_a_command_everything_runs(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub half { return $_[0] * 0.5 }", HALF)
    done = project.parity()
    assert done.status == 0, done.out + done.err
    assert re.search(r"^1 pair: 1 identical · 1,000 cases", done.out, re.MULTILINE)
    (seed,) = re.findall(r"· seed (\d+)$", done.out, re.MULTILINE)
    assert int(seed) >= 0


def test_globs_and_names(good: Project, odd: Project) -> None:
    def names(project: Project, *words: str) -> list[str]:
        return [entry["name"] for entry in project.run(*words, cases=5).report["pairs"]]

    assert names(good, "*.t*", "good.half") == ["good.half", "good.twice"]
    assert names(good, "good.[hf]*") == ["good.half", "good.fill"]
    assert names(odd, "odd.same", "odd.s*") == ["odd.same"]


def test_strict_json_alone_on_standard_output(odd: Project) -> None:
    done = odd.parity("run", "--cases", "5", "--seed", "3", "--json", "-")
    assert done.status == 1
    report = json.loads(done.out, parse_constant=pytest.fail)
    pairs = {entry["name"]: entry for entry in report["pairs"]}
    assert list(pairs) == ["odd.big", "odd.none", "odd.low", "odd.same"]
    assert pairs["odd.big"]["perl"] == {"int": "9007199254740993"}
    assert pairs["odd.big"]["python"] == 9007199254740992
    assert pairs["odd.none"]["perl"] == {"float": "nan"}
    assert pairs["odd.none"]["python"] == 1.0
    assert pairs["odd.low"]["perl"][0] == {"float": "-inf"}
    assert pairs["odd.low"]["python"][0] == {"float": "inf"}
    assert pairs["odd.same"]["verdict"] == "identical"
    # what a person reads is on the other stream
    assert "odd.big" in done.err and "seed 3" in done.err


def test_nothing_coloured_when_piped(odd: Project) -> None:
    done = odd.run("odd.big", "odd.same", cases=5)
    assert "\x1b" not in done.out + done.err
    assert "reproduce" in done.out and "\r" not in done.out


def test_x_stops_at_the_first_difference(odd: Project) -> None:
    done = odd.run("-x", "--jobs", "1", cases=5)
    assert done.status == 1
    assert [entry["name"] for entry in done.report["pairs"]] == ["odd.big"]
    assert "1 pair: 0 identical · 1 differs" in done.out


def without_seconds(report: dict[str, Any]) -> dict[str, Any]:
    pairs = [{k: v for k, v in entry.items() if k != "seconds"} for entry in report["pairs"]]
    return {**report, "pairs": pairs}


def test_the_same_seed_gives_the_same_report(project: Project) -> None:
    project.pair(
        """
        sub add { return $_[0] + $_[1] }
        sub drawn { my ($x) = @_; die sprintf("%.9f\\n", $x) if $x > 0.37; return $x }
        sub inner { return 2 }
        """,
        """
        def add(x: float, y: float) -> float:
            return x + y

        def drawn(x: float) -> float:
            if x > 0.37:
                raise ValueError(f"{x:.9f}")
            return x

        def inner(x: list[float]) -> int:
            return 2 if len(x) < 4 else len(x)
        """,
    )
    project.file(
        "cases/unit.py",
        """
        from hypothesis import strategies as st
        from parity import Cases

        add = Cases(examples=[(2.0**53, 1.0)])
        drawn = Cases(st.tuples(st.floats(0, 1)))
        """,
    )
    first = project.run("--jobs", "1", cases=60, seed=7)
    again = project.run("--jobs", "3", cases=60, seed=7)
    other = project.run("--jobs", "3", "unit.drawn", cases=60, seed=8)
    assert [entry["verdict"] for entry in first.report["pairs"]] == [
        "identical",
        "identical",
        "differs",
    ]
    assert first.pair("unit.add")["explained"] > 0
    assert without_seconds(first.report) == without_seconds(again.report)
    # another seed draws other inputs
    told = ("failed", "notes")
    assert first.pair("unit.drawn")["failed"] > 0
    drawn = [[run.pair("unit.drawn")[key] for key in told] for run in (first, other)]
    assert drawn[0] != drawn[1]


def test_the_line_that_reproduces(odd: Project) -> None:
    entry = odd.run("odd.low", cases=20).pair("odd.low")
    command, *words = entry["reproduce"].split()
    assert command == "parity"
    done = odd.parity(*words)
    assert done.status == 1 and "odd.low differs" in done.out


# --- files that do not load -------------------------------------------------------------------

BROKEN_PERL = {
    "undeclared": ("use strict;\nsub half { my ($x) = @_; return $x * 0.5; }\n$nope = 1;\n", 3),
    "unclosed": ("sub half {\n    my ($x) = @_;\n    return $x * ;\n}\n1;\n", 3),
    "dies": ('sub half { return $_[0] * 0.5; }\ndie "not today";\n', 2),
}
BROKEN_PYTHON = {
    "syntax": (HALF + "x = = 3\n", "SyntaxError", 3),
    "missing": ("import math\nimport nowhere.to.be_found\n\n\n" + HALF, "ModuleNotFoundError", 2),
    "raises": (HALF + "raise RuntimeError('not today')\n", "RuntimeError: not today", 3),
    "leaves": (HALF + "raise SystemExit(0)\n", "SystemExit", 3),
}


def test_files_that_do_not_load(project: Project) -> None:
    """Their pairs could not run, and say where; the other pairs run; the status is 2."""
    half = "sub half { return $_[0] * 0.5; }\n1;\n"
    project.file("perl/fine.pl", half)
    project.file("port/fine.py", HALF)
    for stem, (text, _) in BROKEN_PERL.items():
        project.file(f"perl/{stem}.pl", text)
        project.file(f"port/{stem}.py", HALF)
    for stem, (text, _, _) in BROKEN_PYTHON.items():
        project.file(f"perl/{stem}.pl", half)
        project.file(f"port/{stem}.py", text)

    done = project.run(cases=20)
    assert (done.status, done.err) == (2, "")
    assert len(done.report["pairs"]) == 8
    assert done.pair("fine.half")["verdict"] == "identical"
    for stem, (_, line) in BROKEN_PERL.items():
        entry = done.pair(f"{stem}.half")
        assert entry["verdict"] == "could not run"
        assert re.search(rf"perl/{stem}\.pl\b.* line {line}\b", entry["reason"]), entry
    for stem, (_, said, line) in BROKEN_PYTHON.items():
        entry = done.pair(f"{stem}.half")
        assert entry["verdict"] == "could not run"
        assert f"port/{stem}.py:{line}: " in entry["reason"] and said in entry["reason"], entry
    assert all("\n" not in entry.get("reason", "") for entry in done.report["pairs"])

    called = project.parity("call", "dies.half", "1.0")
    assert called.status == 2 and "perl/dies.pl" in called.err


def test_a_missing_type_hint(project: Project) -> None:
    project.pair("sub half { return $_[0] * 0.5 }", "def half(x):\n    return x * 0.5\n")
    done = project.run(cases=20)
    entry = done.pair("unit.half")
    assert (done.status, entry["verdict"]) == (1, "could not run")
    for text in ("x has no type hint", str(project.root / "cases" / "unit.py"), "half = Cases("):
        assert text in entry["reason"]

    # the advice, taken
    advice = re.findall(r"write in \S+: (.+)", entry["reason"])[0]
    assert advice.endswith("Cases(st.tuples(...))")
    lines = advice.replace("...", "st.floats()").split("; ")
    project.file("cases/unit.py", "\n".join(lines) + "\n")
    assert project.run(cases=20).pair("unit.half")["verdict"] == "identical"


NAMES = ["random", "statistics", "json", "math", "types", "numpy"]


@pytest.mark.parametrize("package", [True, False], ids=["package", "plain-folder"])
def test_files_called_like_modules(project: Project, package: bool) -> None:
    """The port's files may be called like modules that parity itself imports."""
    for name in NAMES:
        project.file(f"perl/{name}.pl", "sub half { return sqrt($_[0] * $_[0]) * 0.5 }\n1;\n")
        text = "import math\n\n\ndef half(x: float) -> float:\n    return math.sqrt(x * x) * 0.5\n"
        project.file(f"port/{name}.py", text)
    if package:
        project.file("port/__init__.py", "")
    done = project.run(cases=20)
    assert done.status == 0, done.out
    assert {entry["name"] for entry in done.report["pairs"]} == {f"{n}.half" for n in NAMES}


# --- list, show, call, help -------------------------------------------------------------------


def test_list_before_and_after_a_run(project: Project, inside: Callable[..., Run]) -> None:
    project.pair(ODD_PERL, ODD_PYTHON, "odd")
    project.file("perl/extra.pl", "sub lonely { return 1 }\n1;\n")
    project.file("port/other.py", "def sole() -> int:\n    return 1\n")

    def listed() -> dict[str, str]:
        done = inside(project, "list")
        assert (done.status, done.err) == (0, "")
        assert "4 pairs, 1 only in Perl, 1 only in Python" in done.out
        return dict(re.findall(r"^  (\S+) +(.+)$", done.out, re.MULTILINE))

    one_side = {"extra.lonely": "only in Perl", "other.sole": "only in Python"}
    names = ["odd.big", "odd.none", "odd.low", "odd.same"]
    assert listed() == {name: "not run yet" for name in names} | one_side
    project.run("odd.big", "odd.same", cases=5)
    after = dict(zip(names, ["differs", "not run yet", "not run yet", "identical"], strict=True))
    assert listed() == after | one_side
    project.run("odd.none", cases=5)
    assert listed() == after | {"odd.none": "differs"} | one_side
    project.file(".parity/report.json", "{damaged")
    assert listed() == {name: "not run yet" for name in names} | one_side


def test_show(good: Project) -> None:
    done = good.parity("show", "good.half")
    assert (done.status, done.err) == (0, "")
    assert "\x1b" not in done.out
    assert "good.pl:4" in done.out and "good.py:4" in done.out
    assert any("sub half" in line and "def half" in line for line in done.out.splitlines())
    assert "twice" not in done.out


def shown(done: Run, side: str) -> str:
    """What `parity call` says a side returned."""
    return re.findall(rf"^  {side} +(.*?)(?:   \S+)?$", done.out, re.MULTILINE)[0]


@pytest.mark.parametrize(
    ("words", "result"),
    [
        (["good.half", "nan"], "nan"),
        (["good.half", "-3.0"], "-1.5"),
        (["good.half", "--", "-inf"], "-inf"),
        (["good.twice", "half", "6.0"], "1.5"),
        (["good.twice", "good.half", "6.0"], "1.5"),
        (["good.fill", "[1.0, -inf, nan]"], "3.0"),
        (["--timeout", "5", "--strict", "good.half", "5e-324"], "0.0"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_call(good: Project, words: list[str], result: str) -> None:
    done = good.parity("call", *words)
    assert (done.status, done.err) == (0, ""), done.out
    assert repr(float(shown(done, "perl"))) == repr(float(shown(done, "python"))) == result
    assert re.search(r"^good\.\w+ identical", done.out, re.MULTILINE)
    assert ("arguments afterwards: [7.5, -inf, nan]" in done.out) == ("good.fill" in words)


def test_call_shows_arguments_only_if_they_changed(good: Project) -> None:
    done = good.parity("call", "good.twice", "half", "6.0")
    assert done.status == 0 and "arguments afterwards" not in done.out, done.out


def test_call_of_a_pair_that_differs(odd: Project) -> None:
    done = odd.parity("call", "odd.none", "2.0")
    assert (done.status, done.err) == (1, "")
    assert (shown(done, "perl"), shown(done, "python")) == ("nan", "1.0")
    assert "odd.none differs" in done.out
    assert "0x1.0000000000000p+0" in done.out
    assert math.isnan(float(shown(done, "perl")))


def test_help_tells_of_every_option(good: Project, inside: Callable[..., Run]) -> None:
    options = {
        "run": ["--cases N", "--seed S", "--jobs N", "--timeout S", "--strict", "--json FILE"],
        "call": ["--timeout S", "--strict", "--perl PERL"],
        "list": [],
        "show": [],
    }
    options["run"] += ["-x", "--perl PERL"]
    for command, wanted in options.items():
        done = inside(good, command, "--help")
        assert (done.status, done.err) == (0, "")
        assert done.out.startswith(f"Usage: parity {command} ")
        told = done.out.partition("\nOptions:\n")[2]
        lines = re.findall(r"^  (-.*?)(?:  .*)?$", told, re.MULTILINE)
        assert {*wanted, "--help"} <= set(lines), lines
    done = inside(good, "--help")
    assert done.status == 0
    assert all(re.search(rf"^  {command} +[A-Z]", done.out, re.MULTILINE) for command in options)
    assert "[tool.parity]" in done.out and "3 perl could not be used" in done.out


def test_every_option_has_a_description(good: Project, inside: Callable[..., Run]) -> None:
    for command in ("run", "call"):
        told = inside(good, command, "--help").out.partition("\nOptions:\n")[2]
        for line in told.splitlines():
            if line.startswith("  -"):
                assert re.search(r"   *(?!\[)\w[^\[]+", line[4:]), line
