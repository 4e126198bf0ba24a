"""Subs and ports that do what a calculation should not: each gets its verdict, and nothing else."""

from __future__ import annotations

import functools
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import CASES, Project, Run, start, wait_for

IMPORTS = "import os\nimport signal\nimport sys\nimport time\nfrom typing import Any\n\n\n"
SAME = "def f(x: float) -> float:\n    return x\n"


@dataclass(frozen=True)
class Wild:
    """A sub f and a port f, what comes of them, and words of the reason."""

    name: str
    perl: str = "my ($x) = @_; return $x"
    python: str = SAME
    verdict: str = "identical"
    words: tuple[str, ...] = ()
    few: bool = False  # three cases are enough


def raising(text: str) -> str:
    return f"def f(x: float) -> float:\n    if x == 3:\n        raise {text}\n    return x\n"


RUN = "could not run"
HARMLESS = [
    Wild(
        "dies_with_text",
        'my ($x) = @_; die "no\\n" if $x == 3; return $x',
        raising("ValueError('no')"),
    ),
    Wild(
        "dies_with_an_object",
        'my ($x) = @_; die bless [], "Bad" if $x == 3; return $x',
        f"class Bad(Exception):\n    pass\n\n\n{raising('Bad')}",
    ),
    Wild(
        "dies_without_message",
        "my ($x) = @_; die if $x == 3; return $x",
        raising("ValueError('Died')"),
    ),
    Wild(
        "dies_with_nothing_but_a_newline",
        'my ($x) = @_; die "\\n" if $x == 3; return $x',
        raising("ValueError"),
    ),
    Wild("warns", 'my ($x) = @_; warn "careful\\n"; warn undef; return $x'),
    Wild(
        "reads_stdin",
        "my @lines = <STDIN>; my $line = <STDIN>; return scalar(@lines) . (defined $line ? 1 : 0)",
        "def f(x: float) -> str:\n    return f'{len(sys.stdin.readlines())}0'\n",
    ),
    Wild(
        "changes_the_special_variables",
        "my $seen = join '|', map { defined $_ ? $_ : 'undef' } $_, $,, $\\, $/;"
        ' $_ = 5; $, = "-"; $\\ = "!"; $/ = undef; return $seen',
        "def f(x: float) -> str:\n    return 'undef|undef|undef|\\n'\n",
    ),
    Wild(
        "selects_stderr",
        'my ($x) = @_; print "a\\n"; select STDERR; print "b\\n"; return $x',
        "def f(x: float) -> float:\n    print('a')\n    print('b', file=sys.stderr)\n"
        "    return x\n",
    ),
    Wild(
        "closes_stdout",
        'my ($x) = @_; print "a\\n"; close STDOUT; return $x',
        "def f(x: float) -> float:\n    print('a')\n    return x\n",
    ),
    Wild(
        "closes_stderr",
        "my ($x) = @_; close STDERR; close STDIN; return $x",
    ),
    Wild(
        "sends_stdout_elsewhere",
        'my ($x) = @_; print "a\\n"; open STDOUT, ">", "/dev/null" or die; print "b\\n"; return $x',
        "def f(x: float) -> float:\n    print('a')\n    return x\n",
    ),
    Wild(
        "starts_a_program",
        'my ($x) = @_; print "a\\n"; system q{echo b}; print "c\\n"; return $x',
        "def f(x: float) -> float:\n    import subprocess\n\n    print('a')\n"
        "    subprocess.run(['echo', 'b'])\n    print('c')\n    return x\n",
        few=True,
    ),
    Wild(
        "starts_another_program",
        "my ($x) = @_; system q{echo b}; return $x",
        "def f(x: float) -> float:\n    import subprocess\n\n"
        "    subprocess.run(['echo', 'c'])\n    return x\n",
        "differs",
        few=True,
    ),
    Wild(
        "writes_to_the_descriptor",
        'my ($x) = @_; syswrite STDOUT, "a\\n"; return $x',
        "def f(x: float) -> float:\n    os.write(1, b'a\\n')\n    return x\n",
    ),
    Wild("changes_the_directory", "my ($x) = @_; chdir '/' or die; return $x"),
    Wild("clears_the_environment", "my ($x) = @_; %ENV = (); @INC = (); @ARGV = (1); return $x"),
    Wild(
        "uses_alarm",
        'my ($x) = @_; local $SIG{ALRM} = sub { die "slow\\n" };'
        " my $y = eval { alarm 5; my $z = $x / 3; alarm 0; $z }; return $y",
        "def f(x: float) -> float:\n    return x / 3\n",
    ),
    Wild(
        "gets_a_signal",
        "my $n = 0; local $SIG{ALRM} = sub { $n++ }; kill 'ALRM', $$; return $n",
        "def f(x: float) -> int:\n    return 1\n",
    ),
    Wild(
        "rewrites_its_errors",
        'my ($x) = @_; $SIG{__DIE__} = sub { die "wrapped: $_[0]" }; die "no\\n" if $x == 3;'
        " return $x",
        raising("ValueError('wrapped: no')"),
    ),
    Wild(
        "dies_of_a_warning",
        'my ($x) = @_; $SIG{__WARN__} = sub { die $_[0] }; warn "no\\n" if $x == 3; return $x',
        raising("ValueError('no')"),
    ),
    Wild(
        "forks_and_returns_twice",
        "my $pid = fork; die unless defined $pid; return $pid ? 1 : 0",
        "def f(x: float) -> int:\n    return 1\n",
        few=True,
    ),
    Wild(
        "leaves_a_child",
        "my ($x) = @_; my $pid = fork; if (!$pid) { sleep 1000; exit } return $x",
        few=True,
    ),
    Wild("leaves_a_program", "my ($x) = @_; system 'sleep 1000 &'; return $x", few=True),
    Wild(
        "port_closes_stdout",
        'my ($x) = @_; print "a\\n"; return $x',
        "def f(x: float) -> float:\n    print('a')\n    sys.stdout.close()\n    return x\n",
    ),
    Wild(
        "port_replaces_stdout",
        'my ($x) = @_; print "a\\n"; return $x',
        "def f(x: float) -> float:\n    print('a')\n    sys.stdout = None\n    return x\n",
    ),
    Wild(
        "port_changes_the_directory",
        python="def f(x: float) -> float:\n    os.chdir('/')\n    os.environ.clear()\n"
        "    return x\n",
    ),
    Wild(
        "port_leaves_a_child",
        python="def f(x: float) -> float:\n    if os.fork() == 0:\n        time.sleep(1000)\n"
        "    return x\n",
        few=True,
    ),
    Wild(
        "port_forks_and_returns_twice",
        "return 1",
        "def f(x: float) -> int:\n    return 1 if os.fork() else 0\n",
        few=True,
    ),
]

ENDING = [
    Wild(
        "exits",
        "my ($x) = @_; exit 3 if $x == 12.5; return $x",
        verdict=RUN,
        words=("exit(3)", "x = 12.5"),
    ),
    Wild("exits_with_success", "exit", verdict=RUN, words=("exit(0)",)),
    Wild(
        "exits_in_an_eval",
        "eval { exit 4 }; return 1",
        verdict=RUN,
        words=("exit(4)",),
    ),
    Wild(
        "never_returns",
        "my ($x) = @_; if ($x == 12.5) { 1 while 1 } return $x",
        verdict=RUN,
        words=("the Perl sub did not return within 3 s", "x = 12.5"),
    ),
    Wild(
        "sleeps",
        "local $SIG{TERM} = 'IGNORE'; local $SIG{INT} = 'IGNORE'; sleep 1000",
        verdict=RUN,
        words=("did not return within 3 s",),
    ),
    Wild("stops_itself", "kill 'STOP', $$; return 1", verdict=RUN, words=("within 3 s",)),
    Wild(
        "kills_itself",
        "my ($x) = @_; kill 'KILL', $$ if $x == 12.5; return $x",
        verdict=RUN,
        words=("signal 9", "x = 12.5"),
    ),
    Wild(
        "ends_itself",
        "my ($x) = @_; kill 'TERM', $$ if $x == 12.5; return $x",
        verdict=RUN,
        words=("signal 15", "x = 12.5"),
    ),
    Wild(
        "crashes_in_c",
        "my ($x) = @_; my $s = unpack 'p', pack 'J', 1 if $x == 12.5; return $x",
        verdict=RUN,
        words=("signal 11", "x = 12.5"),
    ),
    Wild(
        "port_crashes_in_c",
        python="import ctypes\n\n\ndef f(x: float) -> float:\n    if x == 12.5:\n"
        "        ctypes.string_at(1)\n    return x\n",
        verdict=RUN,
        words=("the Python port", "signal 11", "x = 12.5"),
    ),
    Wild("kills_its_group", "kill '-TERM', getppid; sleep 1000", verdict=RUN),
    Wild("becomes_another_program", "exec 'true'", verdict=RUN, words=("perl ended",)),
    Wild(
        "closes_everything",
        "require POSIX; POSIX::close($_) for 3 .. 50; return 1",
        verdict=RUN,
        words=("perl",),
    ),
    Wild(
        "calls_itself",
        "no warnings 'recursion'; my ($x) = @_; return $x == 12.5 ? f($x) : $x;",
        verdict=RUN,
        words=("x = 12.5",),
    ),
    Wild(
        "takes_all_memory",
        "my ($x) = @_; my $t = 'x' x ($x * 1e11) if $x == 12.5; return $x",
        verdict=RUN,
        words=("emory", "x = 12.5"),
    ),
    Wild(
        "port_never_returns",
        "my ($x) = @_; return $x",
        "def f(x: float) -> float:\n    while x == 12.5:\n        pass\n    return x\n",
        RUN,
        ("the Python port did not return within 3 s", "x = 12.5"),
    ),
    Wild(
        "port_catches_everything",
        "my ($x) = @_; return $x",
        "def f(x: float) -> float:\n    while x == 12.5:\n        try:\n            time.sleep(9)\n"
        "        except BaseException:\n            pass\n    return x\n",
        RUN,
        ("the Python port did not return within 3 s", "x = 12.5"),
    ),
    Wild("port_exits", python=raising("SystemExit(3)"), verdict=RUN, words=("SystemExit", "= 3.0")),
    Wild(
        "port_raises_an_interrupt",
        python=raising("KeyboardInterrupt"),
        verdict=RUN,
        words=("KeyboardInterrupt", "= 3.0"),
    ),
    Wild(
        "port_ends_its_process",
        python="def f(x: float) -> float:\n    if x == 12.5:\n        os._exit(3)\n    return x\n",
        verdict=RUN,
        words=("the Python port", "exit status 3", "x = 12.5"),
    ),
    Wild(
        "port_kills_itself",
        python="def f(x: float) -> float:\n    if x == 12.5:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n    return x\n",
        verdict=RUN,
        words=("the Python port", "signal 9", "x = 12.5"),
    ),
    Wild(
        "port_calls_itself",
        python="def f(x: float) -> float:\n    return f(x) if x == 12.5 else x\n",
        verdict="differs",
    ),
    Wild(
        "port_takes_all_memory",
        python="def f(x: float) -> float:\n    y = bytearray(2**45 if x == 12.5 else 1)\n"
        "    return x\n",
        verdict="differs",
    ),
]

NONE = "def f(x: float) -> Any:\n    return None\n"
RESULTS = [
    Wild("glob", "return *STDOUT", NONE, RUN, ("GLOB",)),
    Wild("file_handle", "open my $h, '<', '/dev/null'; return $h", NONE, RUN, ("GLOB",)),
    Wild(
        "object",
        "return { a => [1, bless {}, 'My::Thing'] }",
        "def f(x: float) -> Any:\n    return {'a': [1, None]}\n",
        RUN,
        ("My::Thing", "a[1]"),
    ),
    Wild("pattern", "return qr/a/", NONE, RUN, ("Regexp",)),
    Wild(
        "overloaded",
        "require overload; eval q{package My::Money; use overload '+' => sub { 1 }, '\"\"' =>"
        " sub { 'one' }; 1} or die; return { sum => bless [], 'My::Money' }",
        "def f(x: float) -> Any:\n    return {'sum': 1}\n",
        RUN,
        ("My::Money", "sum"),
    ),
    Wild(
        "tied",
        "my ($x) = @_; require Tie::Scalar; require Tie::Array; require Tie::Hash;"
        " tie my $s, 'Tie::StdScalar', $x; tie my @a, 'Tie::StdArray'; @a = ($s, 'a');"
        " tie my %h, 'Tie::StdHash'; %h = (x => $s); return [$s, \\@a, \\%h]",
        "def f(x: float) -> Any:\n    return [x, [x, 'a'], {'x': x}]\n",
    ),
    Wild("named_sub", "return { call => \\&f }", NONE, "differs"),
    Wild("reference", "return \\1", NONE, RUN, ("SCALAR",)),
    Wild(
        "itself",
        "my $r = []; push @$r, $r; return $r",
        "def f(x: float) -> Any:\n    return [None]\n",
        RUN,
        ("back to itself",),
    ),
    Wild(
        "itself_as_argument",
        "my ($v) = @_; push @$v, $v; return",
        "def f(v: list[float]) -> None:\n    v.append(None)\n",
        RUN,
        ("back to itself",),
    ),
    Wild("closure", "return sub { 1 }", NONE, RUN, ("anonymous sub",)),
    Wild(
        "port_object",
        "return 1",
        "def f(x: float) -> Any:\n    return object()\n",
        "differs",
    ),
    Wild(
        "port_itself",
        "return [1]",
        "def f(x: float) -> Any:\n    v = []\n    v.append(v)\n    return v\n",
        RUN,
        ("itself",),
    ),
]

ALL = [*HARMLESS, *ENDING, *RESULTS]


Judge = Callable[[str], tuple[Project, Run]]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """All of them in one run with a perl."""

    @functools.cache
    def judge(exe: str) -> tuple[Project, Run]:
        project = Project(tmp_path_factory.mktemp("wild"), exe)
        project.settings("timeout = 3\nmemory = 1024\n")
        for wild in ALL:
            project.pair(f"sub f {{ {wild.perl} }}", IMPORTS + wild.python, wild.name)
            if wild.few:
                text = "f = Cases(st.tuples(st.sampled_from([0.5, 1.5, 3.5])))\n"
                project.file(f"cases/{wild.name}.py", CASES + text)
        for number in range(3):
            project.pair("sub f { return $_[0] / 3 }", SAME.replace("x\n", "x / 3\n"), f"n{number}")
        return project, project.run("--jobs", "4", cases=60)  # most of them only wait

    return judge


@pytest.mark.parametrize("wild", ALL, ids=lambda wild: wild.name)
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
    assert len(run.report["pairs"]) == len(ALL) + 3
    assert [run.pair(f"n{number}.f")["verdict"] for number in range(3)] == ["identical"] * 3
    assert len(run.out) < 100_000


def test_a_machine_that_stands_still_is_no_hang(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub f { open my $h, '>', 'started'; select undef, undef, undef, 1; return 1 }",
        "def f() -> int:\n    return 1\n",
    )
    started = tmp_path / "started"
    with start(tmp_path, "run", "--timeout", "4", "--cases", "1") as process:
        for _ in range(2):  # once might be taken for an accident
            wait_for(lambda: process.poll() is not None or started.exists(), seconds=30)
            time.sleep(0.2)  # so that it has been seen getting on
            running = project.running()
            assert process.poll() is not None or any("perl" in one for one in running.values())
            for number in running:
                os.kill(number, signal.SIGSTOP)
            time.sleep(6)
            started.unlink(missing_ok=True)
            for number in project.running():
                os.kill(number, signal.SIGCONT)
        out, _ = process.communicate(timeout=30)
    assert "unit.f  identical" in out


def test_no_process_remains(judge: Judge, exe: str) -> None:
    project, _ = judge(exe)
    assert project.remaining() == []


def test_that_an_object_is_not_looked_into_is_a_note(project: Project) -> None:
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


@pytest.mark.parametrize(("megabytes", "both"), [(100, True), (2, False)])
def test_much_output(project: Project, megabytes: int, both: bool) -> None:
    port = f"sys.stdout.write('x' * {megabytes}_000_000)\n    " * both
    project.pair(
        f"sub f {{ print 'x' x {megabytes}_000_000; return 1 }}",
        f"import sys\n\n\ndef f() -> int:\n    {port}return 1\n",
    )
    run = project.run(cases=1)
    assert run.pair("unit.f")["verdict"] == ("identical" if both else "differs")
    assert len(run.out) < 100_000


def test_the_reason_of_a_sub_without_arguments(project: Project) -> None:
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
    ("in_a_text", "my $text = q{\nsub f { 1 }\n};\n", GOOD, ["main::f is not a sub"]),
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


def test_files_that_do_not_load(project: Project) -> None:
    for stem, perl, python, _ in FILES:
        project.pair(perl, python, stem)
    project.pair(GOOD_PERL, GOOD, "good")
    run = project.run(cases=10)
    assert (run.status, run.err) == (2, "")
    assert run.pair("good.f")["verdict"] == "identical"
    for stem, _, _, words in FILES:
        pair = run.pair(f"{stem}.f")
        assert pair["verdict"] == RUN
        assert [word for word in words if word not in pair["reason"]] == [], pair
        assert "\n" not in pair["reason"]
    assert project.remaining() == []


BROKEN = [entry for entry in FILES if entry[0] != "in_a_text"]  # that file does load


@pytest.mark.parametrize("entry", BROKEN, ids=lambda entry: entry[0])
def test_the_status_of_a_file_that_does_not_load(tmp_path: Path, entry: tuple[str, ...]) -> None:
    project = Project(tmp_path, "perl")
    project.pair(entry[1], entry[2], entry[0])
    assert project.run(cases=10).status == 2
