"""The command line: what each command prints, its exit statuses, its errors in one line."""

from __future__ import annotations

import array
import fcntl
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, Project, Run, parity, start, wait_for

from parity.commands.cli import main

HALF = (
    "sub half { my ($x) = @_; return $x * 0.5 }",
    "def half(x: float) -> float:\n    return x * 0.5\n",
)

# alpha.half, alpha.twice, alpha.fill and beta.half are identical.
ALPHA_PERL = f"""
{HALF[0]}
sub twice {{ my ($f, $x) = @_; return $f->($f->($x)) }}
sub fill  {{ my ($list) = @_; $list->[0] = 7.5; return scalar @$list }}
sub only_perl {{ return 1 }}
"""
ALPHA_PYTHON = f"""
from collections.abc import Callable

{HALF[1]}

def twice(f: Callable[[float], float], x: float) -> float:
    return f(f(x))


def fill(values: list[float]) -> int:
    values[0:1] = [7.5]
    return len(values)
"""
# Of gamma's, only gamma.same is.
GAMMA_PERL = """
sub big  { return 9007199254740993; }
sub none { my ($x) = @_; return 9**9**9 / 9**9**9; }
sub low  { my ($x) = @_; return [-9**9**9, $x]; }
sub same { my ($x) = @_; return $x; }
"""
GAMMA_PYTHON = """
def big() -> int:
    return 9007199254740992

def none(x: float) -> float:
    return 1.0

def low(x: float) -> list[float]:
    return [float("inf"), x]

def same(x: float) -> float:
    return x
"""
PAIRS = ["alpha.half", "alpha.twice", "alpha.fill", "beta.half"]
PAIRS += ["gamma.big", "gamma.none", "gamma.low", "gamma.same"]


def sample_project(root: Path) -> Project:
    """Eight pairs, and on each side a function without a partner."""
    project = Project(root, "perl")
    project.pair(ALPHA_PERL, ALPHA_PYTHON, "alpha")
    project.pair(HALF[0], HALF[1] + "\n\ndef only_python() -> int:\n    return 1\n", "beta")
    project.pair(GAMMA_PERL, GAMMA_PYTHON, "gamma")
    return project


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project, for tests that leave its files alone."""
    return sample_project(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def own(tmp_path: Path) -> Project:
    """The project, for one test to change."""
    return sample_project(tmp_path)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty one."""
    return Project(tmp_path, "perl")


Inside = Callable[..., Run]


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Inside]:
    """The command without an interpreter of its own: fast, for what runs no pair."""

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


def together(project: Project, lines: Sequence[Sequence[str]]) -> list[Run]:
    """What the command does with each of these words; two at a time, to save time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda words: project.parity(*words), lines))


def refused(done: Run, status: int, *said: str) -> None:
    """The command ended with nothing but an error in one line that says these things."""
    assert done.status == status, done.out + done.err
    assert re.fullmatch(r"parity: [^\n]{1,1000}\n", done.err), done.err
    assert done.out == ""
    assert [text for text in said if text not in done.err] == [], done.err


def holds(pattern: str, text: str) -> bool:
    """Whether a whole line is as in the pattern."""
    return re.search(f"^{pattern}$", text, re.MULTILINE) is not None


def names(run: Run) -> list[str]:
    return [entry["name"] for entry in run.report["pairs"]]


def words_of(value: Any) -> str | None:
    """A test's name from its words."""
    return " ".join(value)[:40] if isinstance(value, list) else None


# --- help -------------------------------------------------------------------------------------

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


# --- list and show ----------------------------------------------------------------------------


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


# --- call -------------------------------------------------------------------------------------

ECHO_PERL = """
sub echo { return $_[0] }
sub speak { my ($v) = @_; push @$v, 1; print "done\\n"; warn "hm\\n"; return }
"""
ECHO_PYTHON = """
from typing import Any

def echo(x: Any) -> Any:
    return x

def speak(v: list[int]) -> None:
    v.append(1)
    print("done")
"""
ALL = "[1.0, -inf, nan, None, True, 'é', 'ÿ', {'a b': []}]"
CALLS = [  # the words, what both sides return, what else is said
    (["alpha.half", "-3.0"], "-1.5   -0x1.8000000000000p+0", []),
    (["alpha.half", "nan"], "nan   nan", []),
    (["--timeout", "5", "--strict", "alpha.half", "5e-324"], "0.0   0x0.0p+0", []),
    (["alpha.twice", "half", "6.0"], "1.5   0x1.8000000000000p+0", []),
    (["alpha.twice", "alpha.half", "6.0"], "1.5   0x1.8000000000000p+0", []),
    (
        ["alpha.fill", "[1.0, -inf, nan]"],
        ("3.0   0x1.8000000000000p+1", "3   0x3"),
        ["arguments afterwards: [7.5, -inf, nan]"],
    ),
    (["echo.echo", "0.1"], "0.1   0x1.999999999999ap-4", []),
    (["echo.echo", "-0.0"], "-0.0   -0x0.0p+0", []),
    (["echo.echo", "--", "-inf"], "-inf   -inf", []),
    (["echo.echo", "-5"], ("-5.0   -0x1.4000000000000p+2", "-5   -0x5"), []),
    (["echo.echo", "9223372036854775807"], "9223372036854775807   0x7fffffffffffffff", []),
    (["echo.echo", "18446744073709551615"], "18446744073709551615   0xffffffffffffffff", []),
    (["echo.echo", ALL.replace("'ÿ'", "b'\\xff'")], ALL, []),
    (["echo.echo", "'text'"], "'text'", []),
    (["echo.echo", '"--help"'], "'--help'", []),
    (["echo.echo", "''"], "''", []),
    (["echo.echo", " 1.5 "], "1.5   0x1.8000000000000p+0", []),
    (["echo.echo", "()"], ("[]", "()"), []),
    (["beta", "1.0"], "0.5   0x1.0000000000000p-1", ["beta.half identical"]),
    (
        ["echo.speak", "[]"],
        "None",
        ["arguments afterwards: [1]", "printed: 'done\\n'", "warned: hm"],
    ),
]


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project, with a pair that returns its argument and one that says things."""
    project = sample_project(tmp_path_factory.mktemp("echo"))
    project.pair(ECHO_PERL, ECHO_PYTHON, "echo")
    return project


def returned(done: Run) -> tuple[str, str]:
    """What `parity call` says the two sides returned."""
    ((perl, python),) = re.findall(r"\A  perl +(.*)\n(?:    .*\n)*  python +(.*)\n", done.out)
    return perl, python


@pytest.mark.parametrize(("words", "both", "more"), CALLS, ids=words_of)
def test_call(
    echo: Project, words: list[str], both: str | tuple[str, str], more: list[str]
) -> None:
    done = echo.parity("call", *words)
    assert (done.status, done.err) == (0, ""), done.out
    assert returned(done) == (both if isinstance(both, tuple) else (both, both))
    assert holds(r"\w+\.\w+ identical", done.out)
    assert [text for text in more if text not in done.out] == [], done.out
    if words[0].startswith("alpha"):
        assert ("arguments afterwards" in done.out) == (words[0] == "alpha.fill")


def test_calls_that_differ(sample: Project) -> None:
    numbers, texts = together(
        sample, [["call", "gamma.none", "2.0"], ["call", "alpha.half", "'a'"]]
    )
    assert (numbers.status, numbers.err) == (texts.status, texts.err) == (1, "")
    assert returned(numbers) == ("nan   nan", "1.0   0x1.0000000000000p+0")
    assert returned(texts)[1].startswith("TypeError: ")
    assert holds("gamma.none differs", numbers.out) and holds("alpha.half differs", texts.out)
    assert holds(" +reproduce +parity call gamma.none 2.0", numbers.out)


def test_a_call_that_does_not_end(own: Project) -> None:
    own.pair("sub f { 1 while 1 }", "def f(x: float) -> float:\n    return x\n", "endless")
    refused(own.parity("call", "--timeout", "0.5", "endless.f", "1.5"), 1, "0.5 s")


@pytest.mark.parametrize("text", ["sub half { return 1 + }\n", 'sub half { 1 }\ndie "not today";'])
def test_a_call_of_what_does_not_load(own: Project, text: str) -> None:
    own.file("perl/beta.pl", text)
    refused(own.parity("call", "beta.half", "1.0"), 2, "perl/beta.pl")


# --- run --------------------------------------------------------------------------------------


def test_a_run_in_which_all_is_identical(sample: Project) -> None:
    done = sample.run("alpha", "beta", cases=120)
    assert (done.status, done.err) == (0, "")
    assert names(done) == PAIRS[:4]
    assert all(entry["cases"] == 120 for entry in done.report["pairs"])
    assert holds(r"  alpha\.half +identical +120 cases", done.out)
    assert holds("4 pairs: 4 identical · .* · seed 1", done.out)


def test_without_a_command_everything_runs(project: Project) -> None:
    project.pair(*HALF)
    done = project.parity()
    assert done.status == 0, done.out + done.err
    assert holds(r"1 pair: 1 identical · 1,000 cases · .* · seed \d+", done.out)


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (["gamma"], PAIRS[4:]),
        (["*.half"], ["alpha.half", "beta.half"]),
        (["beta.half", "alpha.half", "alpha.t*"], ["alpha.half", "alpha.twice", "beta.half"]),
        (["alpha.[hf]*", "[b]*"], ["alpha.half", "alpha.fill", "beta.half"]),
        (["gamma.same", "gamma.s*"], ["gamma.same"]),
        (["*"], PAIRS),
    ],
    ids=words_of,
)
def test_names_and_globs(sample: Project, patterns: list[str], chosen: list[str]) -> None:
    assert names(sample.run(*patterns, cases=3)) == chosen


def test_x_stops_at_the_first_that_is_not_identical(sample: Project) -> None:
    done = sample.run("-x", "--jobs", "1", cases=5)
    assert done.status == 1
    assert names(done) == PAIRS[:5]
    assert "5 pairs: 4 identical · 1 differs" in done.out


def test_x_does_not_wait_for_an_endless_one(own: Project) -> None:
    own.pair("sub f { sleep 1000 }", "def f(x: float) -> float:\n    return x\n", "zeta")
    words = ["gamma.big", "zeta", "-x", "--timeout", "1000", "--jobs", "2"]
    assert names(own.run(*words, cases=5)) == ["gamma.big"]  # or two minutes are over


def test_a_set_has_the_same_order_in_each_run(project: Project) -> None:
    project.pair(
        "sub f { return 'x' }",
        "def f() -> str:\n    return ''.join({letter for letter in 'abcdefghij'})\n",
    )
    assert project.run().pair("unit.f")["python"] == project.run().pair("unit.f")["python"]


def test_the_same_seed_gives_the_same_report(project: Project) -> None:
    project.pair(
        """
        sub add { return $_[0] + $_[1] }
        sub drawn { my ($x) = @_; die sprintf("%.9f\\n", $x) if $x > 0.37; return $x }
        sub inner { return 2 }
        sub noisy { my ($v) = @_; my $s = 0; $s += $_ for @$v; return $s }
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

        def noisy(v: list[float]) -> float:
            s = 0.0
            for x in reversed(v):
                s += x
            return s
        """,
    )
    cases = "add = Cases(examples=[(2.0**53, 1.0)])\ndrawn = Cases(st.tuples(st.floats(0, 1)))\n"
    project.file("cases/unit.py", CASES + cases)

    first = project.run("--jobs", "1", cases=100, seed=7)
    again = project.run("--jobs", "3", cases=100, seed=7)
    other = project.run("unit.drawn", cases=100, seed=8)
    verdicts = [entry["verdict"] for entry in first.report["pairs"]]
    assert verdicts == ["identical", "identical", "differs", "differs"]
    assert first.pair("unit.add")["explained"] > 0
    for entry in first.report["pairs"] + again.report["pairs"]:
        del entry["seconds"]
    assert first.report == again.report
    # another seed draws other inputs
    told = [[run.pair("unit.drawn")[key] for key in ("failed", "notes")] for run in (first, other)]
    assert told[0][0] > 0
    assert told[0] != told[1]


@pytest.mark.parametrize("variable", ["NO_COLOR", "COLORTERM"])
def test_nothing_is_coloured_in_a_pipe(
    sample: Project, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    done = sample.run("gamma.big", "gamma.same", cases=5)
    assert "reproduce" in done.out
    assert not {"\x1b", "\r"} & {*done.out, *done.err}


def test_a_reader_that_goes_away(sample: Project) -> None:
    line = f"{sys.executable} -m parity run --cases 3 | true"
    done = subprocess.run(["bash", "-c", line], cwd=sample.root, capture_output=True, text=True)
    assert done.stderr == ""


def test_markup_in_names_and_values_is_shown_as_it_is(project: Project) -> None:
    project.pair(
        "sub f { my ($t) = @_; return { '[bold]' => '[red]x[/red]' } }",
        "def f(t: str) -> dict[str, str]:\n    return {'[bold]': '[/]'}\n",
    )
    done = project.run(cases=3)
    assert done.status == 1
    assert "[red]x[/red]" in done.out and "'[/]'" in done.out and "{'[bold]'}" in done.out


# --- the report -------------------------------------------------------------------------------


def test_the_report_alone_on_standard_output(sample: Project) -> None:
    done = sample.parity("run", "--cases", "5", "--seed", "3", "--json", "-")
    report = json.loads(done.out, parse_constant=pytest.fail)
    assert set(report) == {"seed", "perl", "python", "pairs"}
    assert (done.status, report["seed"]) == (1, 3)
    assert re.fullmatch(r"5\.\d+\.\d+", report["perl"])
    assert re.fullmatch(r"3\.\d+\.\d+", report["python"])
    # what a person reads is on the other stream
    assert "gamma.big" in done.err and "seed 3" in done.err and "3 differ" in done.err

    pairs = {entry["name"]: entry for entry in report["pairs"]}
    assert list(pairs) == PAIRS
    always = {"name", "verdict", "cases", "explained", "seconds"}
    differing = {"input", "perl", "python", "where", "reproduce"}
    for name, entry in pairs.items():
        differs = name in PAIRS[4:7]
        assert entry["verdict"] == ("differs" if differs else "identical")
        assert always | (differing if differs else set()) <= entry.keys()
        assert not {"shown", "arguments", "load"} & entry.keys()
    sides = {name: (pairs[name]["perl"], pairs[name]["python"]) for name in PAIRS[4:7]}
    assert sides["gamma.big"] == ({"int": "9007199254740993"}, 9007199254740992)
    assert sides["gamma.none"] == ({"float": "nan"}, 1.0)
    assert (sides["gamma.low"][0][0], sides["gamma.low"][1][0]) == (
        {"float": "-inf"},
        {"float": "inf"},
    )


def test_numbers_that_json_has_not(project: Project) -> None:
    project.pair(
        "sub f { my ($n) = @_; return [9**9**9, -9**9**9, 9**9**9 - 9**9**9, -0.0, 1e308, $n] }",
        """
        import math

        def f(n: int) -> list[float]:
            return [math.inf, -math.inf, math.nan, -0.0, 1e308, 2**63 + 1]
        """,
    )
    project.file("cases/unit.py", CASES + "f = Cases(st.tuples(st.just(2**53 + 1)))\n")
    pair = project.run(cases=2).pair("unit.f")
    assert pair["input"] == [{"int": "9007199254740993"}]
    special = [{"float": "inf"}, {"float": "-inf"}, {"float": "nan"}]
    assert repr(pair["python"]) == repr([*special, -0.0, 1e308, {"int": "9223372036854775809"}])
    assert repr(pair["perl"]) == repr([*special, -0.0, 1e308, {"int": "9007199254740993"}])


def test_texts_that_json_hardly_has(project: Project) -> None:
    project.pair("sub f { return $_[0] . 'x' }", "def f(t: str) -> str:\n    return t\n")
    text = r"""f = Cases(st.tuples(st.just('\ud800 \x00 \u3042 "')))"""
    project.file("cases/unit.py", CASES + text)
    done = project.parity("run", "--cases", "1", "--json", "-")
    assert done.status == 1
    assert json.loads(done.out)["pairs"][0]["input"] == ['\ud800 \x00 \u3042 "']


def test_the_line_that_reproduces(sample: Project) -> None:
    command, *words = sample.run("gamma.low", cases=20).pair("gamma.low")["reproduce"].split()
    assert command == "parity"
    done = sample.parity(*words)
    assert done.status == 1 and "gamma.low differs" in done.out


def test_a_report_that_cannot_be_written(sample: Project) -> None:
    done = sample.parity("run", "beta", "--cases", "3", "--json", "/dev/full")
    assert done.status == 2 and re.fullmatch(r"parity: [^\n]+/dev/full[^\n]+\n", done.err)


# --- exit statuses ----------------------------------------------------------------------------


def test_the_highest_status_counts(own: Project) -> None:
    own.file("perl/broken.pl", "sub f { return $_[0]")
    own.file("port/broken.py", "def f(x: float) -> float:\n    return x\n")
    own.pair("sub f { return $_[0] }", "def f(x):\n    return x\n", "unhinted")
    runs = {
        0: ["alpha", "beta"],
        1: ["beta", "gamma"],
        2: ["beta", "gamma", "broken"],
        3: ["beta", "gamma", "broken", "--perl", "/no/such/perl"],
    }
    done = together(own, [["run", *words, "--cases", "3"] for words in runs.values()])
    assert [run.status for run in done] == list(runs)
    unhinted = own.run("unhinted", cases=3)
    assert (unhinted.status, unhinted.pair("unhinted.f")["verdict"]) == (1, "could not run")


@pytest.mark.parametrize(
    ("number", "whole", "status"),
    [
        (signal.SIGINT, False, 130),
        (signal.SIGINT, True, 130),  # what Ctrl-C does: the whole group
        (signal.SIGTERM, False, 143),
        (signal.SIGHUP, True, None),
        (signal.SIGKILL, False, -9),
    ],
)
@pytest.mark.parametrize("side", ["perl", "python"])
def test_an_interrupted_run_leaves_nothing(
    project: Project, side: str, number: signal.Signals, whole: bool, status: int | None
) -> None:
    sides = {"perl": "sub f { return 1 }", "python": "def f(x: float) -> float:\n    return 1\n"}
    sides[side] = {
        "perl": "sub f { open my $h, '>', 'started'; 1 while 1 }",
        "python": """
        def f(x: float) -> float:
            open("started", "w")
            while True:
                pass
        """,
    }[side]
    project.pair(**sides)
    process = start(project.root, "run", "--timeout", "1000")
    try:
        started = project.root / "started"
        wait_for(started.exists, seconds=30)
        assert started.exists()
        (os.killpg if whole else os.kill)(process.pid, number)
        _, error = process.communicate(timeout=20)
    finally:
        process.kill()
    assert "Traceback" not in error
    if status is not None:
        assert process.returncode == status, error
    if status == 130:
        assert error == "parity: interrupted\n"
    assert project.remaining() == []


# --- wrong calls ------------------------------------------------------------------------------

WRONG_CALLS = [  # the words, what the line has to hold
    (["run", "gama"], ["gama", "did you mean gamma."]),
    (["run", "alpha.halve"], ["alpha.halve", "did you mean alpha.half?"]),
    (["run", "half"], ["did you mean alpha.half or beta.half?"]),
    (["run", "nothing.like_it"], ["nothing.like_it", "`parity list`"]),
    (["run", ""], ["no pair is named"]),
    (["run", "alpha.half", "zzz.*"], ["zzz.*"]),
    (["run", "alpha.only_perl"], ["in Perl only"]),
    (["run", "beta.only_python"], ["in Python only"]),
    (["show", "beta.only_python"], ["in Python only"]),
    (["show", "alpha.hlaf"], ["alpha.half"]),
    (["call", "alpha.hlaf", "1.0"], ["alpha.half"]),
    (["call", "alpha", "1.0"], ["3 pairs", "alpha.half"]),
    (["rnu"], ["'rnu'", "did you mean `parity run`?"]),
    (["alpha"], ["alpha", "`parity run alpha`", "`parity --help`"]),
    (["run", "--case", "5"], ["--case", "--cases"]),
    (["run", "--csaes", "5"], ["--csaes", "--cases"]),
    (["run", "--nonsense"], ["--nonsense"]),
    (["list", "--cases", "3"], ["--cases"]),
    (["list", "extra"], ["extra"]),
    (["run", "--cases"], ["--cases"]),
    (["run", "--cases", "0"], ["--cases"]),
    (["run", "--cases", "many"], ["--cases", "many"]),
    (["run", "--seed", "-1"], ["--seed"]),
    (["run", "--jobs", "0"], ["--jobs"]),
    (["run", "--timeout", "0"], ["--timeout"]),
    (["run", "--timeout", "nan"], ["--timeout"]),
    (["run", "--json", "no/such/folder/x.json"], ["no/such/folder/x.json"]),
    (["run", "--json", "."], ["cannot write the report .:"]),
    (["show"], ["NAME"]),
    (["call"], ["NAME"]),
    (["call", "alpha.half", "text"], ["text", "paired function"]),
    (["call", "alpha.half", "1.0", "2.0", "oops"], ["'oops'"]),
    (["call", "alpha.half", "foo("], ["foo("]),
    (["call", "alpha.half", "1 +"], ["'1 +'"]),
    (["call", "alpha.half", "1 + 1"], ["1 + 1"]),
    (["call", "alpha.half", "x.y"], ["'x.y'"]),
    (["call", "alpha.half", "__import__('os').system('touch hacked')"], ["not a value"]),
    (["call", "alpha.half", "2j"], ["2j"]),
    (["call", "alpha.half", "{1.0: [}"], ["literal"]),
    (["call", "alpha.half", "2" * 5000], []),
    (["call", "alpha.half", "[" * 3000 + "]" * 3000], []),
    (["call", "alpha.half", "{**{}}"], ["{**{}}"]),
    (["call", "alpha.half", "[{'a': {1, 2}}]"], ["not a value"]),
]


@pytest.mark.parametrize(("words", "said"), WRONG_CALLS, ids=words_of)
def test_a_wrong_call(sample: Project, inside: Inside, words: list[str], said: list[str]) -> None:
    refused(inside(sample, *words), 2, *said)
    assert not (sample.root / "hacked").exists()


IN_A_PROCESS = [
    (["rnu"], 2, "rnu"),
    (["run", "alpha.halve"], 2, "alpha.halve"),
    (["run", "--perl", "false"], 3, "false"),
    # these are found to be wrong where the two sides run
    (["call", "alpha.half"], 2, "missing a required argument: 'x'"),
    (["call", "alpha.half", "1.0", "2.0"], 2, "too many positional arguments"),
    (["call", "alpha.half", "18446744073709551616"], 1, "more than 64 bits"),
    (["call", "alpha.half", "{1: 2}"], 1, "keys are text"),
]


@pytest.mark.parametrize(("words", "status", "said"), IN_A_PROCESS, ids=words_of)
def test_a_wrong_call_in_a_process(
    sample: Project, words: list[str], status: int, said: str
) -> None:
    refused(sample.parity(*words), status, said)


@pytest.mark.parametrize(
    ("perl", "said"),
    [
        ("/no/such/perl", "/no/such/perl"),
        ("true", "true"),
        ("cat", "cat"),
        (".", "."),
        ("", "perl"),
        ("perl 'unclosed", "unclosed"),
        ("perl --no-such-option", "no-such-option"),
        ("perl -Mno_such_pragma_here", "no_such_pragma_here"),
    ],
)
def test_no_perl(sample: Project, inside: Inside, perl: str, said: str) -> None:
    refused(inside(sample, "run", "--perl", perl), 3, said)
    refused(inside(sample, "call", "alpha.half", "--perl", perl, "1.0"), 3, said)


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


# --- inputs that cannot be made ---------------------------------------------------------------


def could_not_run(run: Run, status: int, *said: str) -> str:
    """The reason why the one pair could not run, which says these things."""
    (pair,) = run.report["pairs"]
    assert (run.status, pair["verdict"]) == (status, "could not run")
    assert [text for text in said if text not in pair["reason"]] == [], pair
    assert "parity itself" not in pair["reason"]
    return str(pair["reason"])


HINTS = [  # a port, what the reason has to hold
    ("def half(x: object) -> float:\n    return x / 2\n", ["parameter x, hinted object"]),
    ("class T:\n    def __init__(self, a): ...\n\n\ndef half(x: T) -> T:\n    return x\n", ["x"]),
    ("def half(*, x: float) -> float:\n    return x / 2\n", ["x", "keyword-only"]),
    ("def half(x: 'NoSuch') -> float:\n    return x / 2\n", ["NoSuch"]),
    ("def half(x: complex) -> complex:\n    return x / 2\n", ["complex"]),
    ("def half(x: set[int]) -> int:\n    return 2\n", ["set"]),
]


@pytest.mark.parametrize(("port", "said"), HINTS)
def test_hints_that_make_no_inputs(project: Project, port: str, said: list[str]) -> None:
    project.pair(HALF[0], port)
    could_not_run(project.run(cases=3), 1, *said)


def test_the_advice_for_a_missing_hint(project: Project) -> None:
    project.pair(HALF[0], "def half(x):\n    return x * 0.5\n")
    file = project.root / "cases" / "unit.py"
    reason = could_not_run(
        project.run(cases=3), 1, "x has no type hint", str(file), "half = Cases("
    )
    advice = re.findall(r"write in \S+: (.+)", reason)[0]
    assert advice.endswith("Cases(st.tuples(...))")
    file.write_text(advice.replace("...", "st.floats()").replace("; ", "\n"))
    assert project.run(cases=20).pair("unit.half")["verdict"] == "identical"


CASES_FILES = [  # a cases file, the status, what the reason has to hold
    ("half = 3\n", 1, ["unit.py", "half"]),
    ("half = (\n", 2, ["unit.py:1", "SyntaxError"]),
    ("import nothing_there\n", 2, ["unit.py:1", "nothing_there"]),
    (f"{CASES}half = Cases(examples=[1.0])\n", 1, ["tuple", "1.0"]),
    (f"{CASES}half = Cases(inputs=3)\n", 1, ["3"]),
    (f"{CASES}half = Cases(st.floats())\n", 1, ["tuple"]),
    (f"{CASES}half = Cases(st.tuples(st.floats()).filter(lambda t: False))\n", 1, ["inputs"]),
    (
        f"{CASES}half = Cases(st.tuples(st.floats()).map(lambda t: 1 / 0))\n",
        1,
        ["ZeroDivisionError"],
    ),
]


@pytest.mark.parametrize(("text", "status", "said"), CASES_FILES)
def test_a_wrong_cases_file(project: Project, text: str, status: int, said: list[str]) -> None:
    project.pair(*HALF)
    project.file("cases/unit.py", text)
    could_not_run(project.run(cases=3), status, *said)


@pytest.mark.parametrize(
    ("output", "status", "said"),
    [
        ("> /dev/full", 2, "parity: cannot write standard output: No space left on device\n"),
        ("> /dev/full 2> /dev/full", 2, ""),
        ("| true", 0, ""),
        (">&-", 0, ""),
        ("<&-", 0, ""),
        ("2>&-", 0, ""),
    ],
)
def test_the_report_is_written_wherever_the_output_goes(
    tmp_path: Path, output: str, status: int, said: str
) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x\n")
    line = f"{shlex.quote(sys.executable)} -m parity run --json report.json {output}"
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (status, said)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["pairs"][0]["verdict"] == "identical"


def test_an_interrupt_that_comes_early_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path("/proc/self/environ").exists():
        pytest.skip("looks at a process in /proc")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    project = Project(tmp_path, "perl")
    project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x\n")
    for tenth in range(8):
        with start(tmp_path, "run", "--cases", "50_000_000") as process:
            # Until it has started again, it may be the interpreter that takes it.
            environment = Path(f"/proc/{process.pid}/environ")
            wait_for(lambda: b"PYTHONHASHSEED" in environment.read_bytes())  # noqa: B023
            time.sleep(tenth / 10)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (130, "parity: interrupted\n")
    assert not project.remaining()


def test_a_report_on_standard_output_where_standard_error_is_full(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x\n")
    with Path("/dev/full").open("w") as full:
        words = [sys.executable, "-m", "parity", "run", "--json", "-"]
        done = subprocess.run(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=full, text=True)
    assert done.returncode == 0
    assert json.loads(done.stdout)["pairs"][0]["verdict"] == "identical"


def test_a_report_that_cannot_be_written_leaves_the_seed(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x\n")
    done = project.parity("run", "--seed", "5", "--json", "/dev/full")
    assert done.status == 2
    assert "seed 5" in done.out and "No space left" in done.err


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_ends_whose_reader_stands_still(
    tmp_path: Path, number: signal.Signals, status: int
) -> None:
    project = Project(tmp_path, "perl")
    for stem in ("one", "two", "three"):
        project.pair(
            "sub f { return 'x' x 200_000 }", "def f() -> str:\n    return 'y' * 200_000\n", stem
        )
    words = [sys.executable, "-m", "parity", "run", "--cases", "1"]
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    with subprocess.Popen(words, cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE) as process:
        os.close(writer)
        try:
            assert wait_for(lambda: _waiting(reader) == 4096)
            process.send_signal(number)
            process.communicate(timeout=30)
        finally:
            process.kill()
            os.close(reader)
    assert process.returncode == status


def _waiting(reader: int) -> int:
    """The bytes that wait in a pipe."""
    count = array.array("i", [0])
    fcntl.ioctl(reader, termios.FIONREAD, count)
    return count[0]


def test_a_report_that_standard_output_does_not_take(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x\n")
    with Path("/dev/full").open("w") as full:
        words = [sys.executable, "-m", "parity", "run", "--json", "-"]
        done = subprocess.run(words, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr.endswith("parity: cannot write standard output: No space left on device\n")


INTERRUPT = """
import gc, os, signal, sys
import parity.__main__ as command

def interrupt(number=signal.SIGINT):
    os.kill(os.getpid(), number)

def collected(phase, info):
    held = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    if held == HELD and "parity.suite" in sys.modules:
        gc.callbacks.remove(collected)
        interrupt()

def starting_again(*words):
    interrupt()
    execv(*words)

execv = os.execv
sys.argv = ["parity", "run", "--cases", "50_000_000"]
sys.orig_argv = [sys.executable, "-m", *sys.argv]
"""
MOMENTS = {
    "before it starts again": "os.execv = starting_again\n",
    "while it loads": "HELD = True\ngc.callbacks.append(collected)\n",
    "while garbage is collected": (
        "HELD = False\nfrom parity import suite\nrun = suite.run\n"
        "def running(*words):\n    gc.callbacks.append(collected)\n    gc.collect()\n"
        "    yield from run(*words)\nsuite.run = running\n"
    ),
}


@pytest.mark.parametrize(
    ("moment", "number", "status"),
    [
        *((moment, signal.SIGINT, 130) for moment in MOMENTS),
        ("while garbage is collected", signal.SIGTERM, 143),
    ],
)
def test_an_interrupt_at_an_awkward_moment_is_heard(
    tmp_path: Path, moment: str, number: signal.Signals, status: int
) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x\n")
    environment = {**os.environ, "STARTED_IN": f"<{tmp_path}>"}
    if moment != "before it starts again":
        environment["PYTHONHASHSEED"] = "0"
    script = f"{INTERRUPT.replace('SIGINT)', f'{number.name})')}{MOMENTS[moment]}command.start()\n"
    words = [sys.executable, "-c", script]
    done = subprocess.run(
        words, cwd=tmp_path, capture_output=True, text=True, env=environment, timeout=60
    )
    assert done.returncode == status, done.stderr
    said = done.stderr.splitlines()
    assert status == 143 or said[-1] == "parity: interrupted"
    assert len(said) == 1 or moment == "while garbage is collected"  # of which Python tells
    assert not project.remaining()


WHILE_WRITING = """
from parity.commands import cli

def writing(output, text):
    write(output, text)
    if text:
        cli.Output.write = write
        interrupt(NUMBER)

write, cli.Output.write = cli.Output.write, writing
sys.argv[2:] = ["--jobs", "1", "--seed", "3"]
command.start()
"""


ENDINGS = [(signal.SIGINT, 130, "parity: interrupted\n"), (signal.SIGTERM, 143, "")]


@pytest.mark.parametrize(("number", "status", "said"), ENDINGS)
def test_an_interrupt_while_a_verdict_is_written_does_not_write_it_twice(
    tmp_path: Path, number: signal.Signals, status: int, said: str
) -> None:
    project = Project(tmp_path, "perl")
    for stem in ("one", "two"):
        project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x\n", stem)
    done = subprocess.run(
        [sys.executable, "-c", f"NUMBER = {number}\n{INTERRUPT}{WHILE_WRITING}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "0", "COLUMNS": "200"},
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (status, said)
    first, last = done.stdout.splitlines()
    assert first.split() == ["one.f", "identical", "1,000", "cases"]
    assert last == "1 of 2 pairs judged · seed 3"


@pytest.mark.parametrize(("number", "status", "said"), ENDINGS)
def test_what_was_judged_before_an_interrupt_is_kept(
    tmp_path: Path, number: signal.Signals, status: int, said: str
) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub quick { return $_[0] }\nsub slow { return $_[0] }",
        "import time\n\n\ndef quick(x: float) -> float:\n    return x\n\n\n"
        "def slow(x: float) -> float:\n    time.sleep(0.1)\n    return x\n",
    )
    with start(tmp_path, "run", "--jobs", "1", "--seed", "3") as process:
        assert process.stdout and "quick" in process.stdout.readline()
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (status, said)
    assert out == "1 of 2 pairs judged · seed 3\n"
    assert "unit.quick  identical" in project.parity("list").out
