"""Subs and ports that do what a calculation should not: each gets its verdict, and nothing else."""

from __future__ import annotations

import functools
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CASES, PERLS, Project, Run, start, wait_for

from whole.wild import ALL, IMPORTS, RUN, SAME, Wild

THREE = "f = Cases(st.tuples(st.sampled_from([0.5, 1.5, 3.5])))\n"
Judge = Callable[[str], tuple[Project, Run]]


def wild_of(exe: str) -> list[Wild]:
    """Those that are judged with a perl: all with the first, with another those in Perl."""
    return [wild for wild in ALL if exe == PERLS[0].values[0] or wild.in_perl]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """All of them in one run with a perl."""

    @functools.cache
    def judge(exe: str) -> tuple[Project, Run]:
        project = Project(tmp_path_factory.mktemp("wild"), exe)
        few = [wild.name for wild in wild_of(exe) if wild.few]  # they start processes: slow
        pairs = [f'"{name}.f" = {{ python = "{name}:f", timeout = 20 }}\n' for name in few]
        project.settings(f"timeout = 1\nmemory = 1024\n[tool.parity.pairs]\n{''.join(pairs)}")
        for wild in wild_of(exe):
            project.pair(f"sub f {{ {wild.perl} }}", IMPORTS + wild.python, wild.name)
            if wild.few:
                project.file(f"cases/{wild.name}.py", CASES + THREE)
        for number in range(3):
            project.pair("sub f { return $_[0] / 3 }", SAME.replace("x\n", "x / 3\n"), f"n{number}")
        return project, project.run("--jobs", "4", cases=60)  # most of them only wait

    return judge


@pytest.mark.parametrize(
    ("exe", "wild"),
    [
        pytest.param(perl.values[0], wild, id=f"{perl.id}-{wild.name}")
        for perl in PERLS
        for wild in wild_of(str(perl.values[0]))
    ],
)
def test_it_gets_its_verdict(judge: Judge, exe: str, wild: Wild) -> None:
    _, run = judge(exe)
    pair = run.pair(f"{wild.name}.f")
    assert pair["verdict"] == wild.verdict, {**pair, "perl": "", "python": ""}
    if wild.verdict == RUN:
        assert "\n" not in pair["reason"] and "parity itself" not in pair["reason"], pair
        for word in wild.words:
            assert word in pair["reason"], pair


def test_the_others_are_untouched(judge: Judge, exe: str) -> None:
    _, run = judge(exe)
    assert run.status == 1
    assert len(run.report["pairs"]) == len(wild_of(exe)) + 3
    assert [run.pair(f"n{number}.f")["verdict"] for number in range(3)] == ["identical"] * 3
    assert len(run.out) < 100_000


def test_a_machine_that_stands_still_is_no_hang(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub f { open my $h, '>', 'started'; select undef, undef, undef, 0.5; return 1 }",
        "def f() -> int:\n    return 1\n",
    )
    started = tmp_path / "started"
    with start(tmp_path, "run", "--timeout", "1", "--cases", "1") as process:
        for _ in range(2):  # once might be taken for an accident
            wait_for(lambda: process.poll() is not None or started.exists(), seconds=30)
            time.sleep(0.2)  # so that it has been seen getting on
            running = project.running()
            assert process.poll() is not None or any("perl" in one for one in running.values())
            for number in running:
                os.kill(number, signal.SIGSTOP)
            time.sleep(2)
            started.unlink(missing_ok=True)
            for number in project.running():
                os.kill(number, signal.SIGCONT)
        out, _ = process.communicate(timeout=30)
    assert "unit.f  identical" in out


def test_no_process_remains(judge: Judge, exe: str) -> None:
    project, _ = judge(exe)
    assert project.remaining() == []


def test_that_an_object_is_not_looked_into_is_a_note(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub f { my ($x) = @_; die bless({code => $x}, 'My::Err') if $x > 1; return $x }",
        "class Err(Exception):\n    pass\n\n\n"
        "def f(x: float) -> float:\n    if x > 1:\n        raise Err(7)\n    return x\n",
    )
    entry = project.run().pair("unit.f")
    assert entry["verdict"] == "identical", entry
    assert any("not compared, only its class" in note for note in entry["notes"])


def test_a_warning_is_a_note(judge: Judge, exe: str) -> None:
    assert any("careful" in note for note in judge(exe)[1].pair("warns.f")["notes"])


@pytest.mark.parametrize(
    ("megabytes", "both"), [pytest.param(100, True, marks=pytest.mark.slow), (2, False)]
)
def test_much_output(tmp_path: Path, megabytes: int, both: bool) -> None:
    project = Project(tmp_path, "perl")
    port = f"sys.stdout.write('x' * {megabytes}_000_000)\n    " * both
    project.pair(
        f"sub f {{ print 'x' x {megabytes}_000_000; return 1 }}",
        f"import sys\n\n\ndef f() -> int:\n    {port}return 1\n",
    )
    run = project.run(cases=1)
    assert run.pair("unit.f")["verdict"] == ("identical" if both else "differs")
    assert len(run.out) < 100_000


def test_the_reason_of_a_sub_without_arguments(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { exit 3 }", "def f() -> int:\n    return 1\n")
    reason = project.run().pair("unit.f")["reason"]
    assert "exit(3)" in reason and not reason.strip().endswith(" on")


# --- files that do not load ---------------------------------------------------------------------

GOOD_PERL, GOOD = "sub f { return $_[0] }", SAME
FILES = [
    ("does_not_compile", "sub f { return 1 + }", GOOD, ["perl/does_not_compile.pl", "line 3"]),
    ("not_strict", "sub f { return $y }", GOOD, ["not_strict.pl", "line 3", '"$y"']),
    ("dies", 'sub f { 1 }\ndie "not today";', GOOD, ["dies.pl", "not today", "line 4"]),
    (
        "exits",
        "sub f { 1 }\nprint STDERR 'enough';\nexit 4;",
        GOOD,
        ["exits.pl", "exit(4): enough"],
    ),
    ("kills_itself", "sub f { 1 }\nkill 'KILL', $$;", GOOD, ["kills_itself.pl", "signal 9"]),
    ("needs_a_module", "use No::Such;\nsub f { 1 }", GOOD, ["No/Such.pm", "line 3"]),
    (
        "syntax",
        GOOD_PERL,
        "import os\n\ndef f(x: float) -> float:\n    return (\n",
        ["port/syntax.py:4: SyntaxError"],
    ),
    (
        "imports",
        GOOD_PERL,
        f"import os\nimport no_such\n\n{GOOD}",
        ["imports.py:2: ModuleNotFoundError", "no_such"],
    ),
    ("raises", GOOD_PERL, f"{GOOD}\n\n1 / 0\n", ["raises.py:5: ZeroDivisionError"]),
    ("py_exits", GOOD_PERL, f"{GOOD}\n\nraise SystemExit(4)\n", ["py_exits.py:5: SystemExit"]),
    ("py_ends", GOOD_PERL, f"import os\n{GOOD}\nos._exit(4)\n", ["exit status 4"]),
    ("deletes", GOOD_PERL, f"{GOOD}\n\ndel f\n", ["deletes.py", "f"]),
]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    """A project of these files and a good one, for each perl."""

    @functools.cache
    def broken(exe: str) -> Project:
        project = Project(tmp_path_factory.mktemp("broken"), exe)
        for stem, perl, python, _ in FILES:
            project.pair(perl, python, stem)
        project.pair(GOOD_PERL, GOOD, "good")
        project.pair("my $text = q{\nsub f { 1 }\n};\n", GOOD, "in_a_text")  # that is no pair
        return project

    return broken


def test_files_that_do_not_load(broken: Callable[[str], Project], exe: str) -> None:
    project = broken(exe)
    run = project.run("--jobs", "2", cases=10)
    assert (run.status, run.err) == (2, "")
    assert run.pair("good.f")["verdict"] == "identical"
    assert len(run.report["pairs"]) == len(FILES) + 1
    for stem, _, _, words in FILES:
        pair = run.pair(f"{stem}.f")
        assert pair["verdict"] == RUN
        assert [word for word in words if word not in pair["reason"]] == [], pair
        assert "\n" not in pair["reason"]
    assert project.remaining() == []


@pytest.mark.parametrize("stem", [entry[0] for entry in FILES])
def test_the_status_of_a_file_that_does_not_load(
    broken: Callable[[str], Project], stem: str
) -> None:
    assert broken(str(PERLS[0].values[0])).run(f"{stem}.f", cases=10).status == 2
