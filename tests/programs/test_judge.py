"""Programs as pairs: what counts as a difference, what cannot be compared, and what is told."""

from __future__ import annotations

import shlex
import signal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import Project, Run, run_pytest, start, wait_for

CASES = "from hypothesis import strategies as st\nfrom parity import Cases, Known, Run\n\n"
WRITE = "open my $f, '>:raw', $ARGV[0] // 'a.txt' or die; print {$f} "
OPEN = "out = open(sys.argv[1] if sys.argv[1:] else 'a.txt', 'wb')\nout.write"
SIDES = (("perl", "pl"), ("python", "py"))


class Two(NamedTuple):
    """A script and its port. cases: what Cases() is given. more: its other settings."""

    perl: str
    python: str
    cases: str = ""
    more: str = ""


IDENTICAL = {
    "echo": Two(
        "binmode STDIN; local $/; my $in = <STDIN>; open my $f, '<:raw', 'sub/a' or die;"
        "print map { length, ':', $_ } @ARGV, $in, scalar <$f>",
        "data = [*map(os.fsencode, sys.argv[1:]), sys.stdin.buffer.read()]\n"
        "data.append(open('sub/a', 'rb').read())\n"
        "sys.stdout.buffer.write(b''.join(b'%d:%b' % (len(one), one) for one in data))",
        "st.builds(lambda args, text, data: Run(args, text, {'sub/a': data}),"
        "st.lists(st.text(max_size=3), max_size=3), st.text(), st.binary()),"
        r"[Run(['ä', '-x', '', b'\xff'], b'\0\xff\r\n', {'sub/a': b'\0\xfe'})]",
    ),
    "fixed_words": Two("print \"@ARGV\\n\"", "print(*sys.argv[1:])", "None, [Run(['z'])]"),
    "says_where": Two(
        "use Where; my $got = <STDIN>; warn 'one'; open my $f, '<', $0 or die; $got = <$f>;"
        "warn 'two'; eval q{warn 'three'}; Where::at(4);"
        "sub Where::DESTROY { warn 'six' } our $gone = bless [], 'Where'; $! = 0; die 'five'",
        "sys.stderr.write('one\\ntwo\\nthree\\n4\\nfive\\nsix\\n')\nsys.exit(255)",
        "None, [Run(stdin='a'), Run()]",
    ),
    "names": Two(
        "print \"usage: $0 names.pl\\n\"", "print('usage:', sys.argv[0], 'it.py')", "",
        'names = ["names.pl", "names.py", "it.py"]',
    ),
    "fresh": Two(
        "my @left = glob('* .??*'); print \"@left\\n\";"
        "mkdir 'd'; open my $f, '>', 'd/.a'; chmod 0, 'd'",
        "print(*os.listdir())\nos.mkdir('d')\nopen('d/.a', 'w')\nos.chmod('d', 0)",
        "None, [Run(), Run(), Run(files={'a': ''})]",
    ),
    "removes": Two("use Cwd; rmdir getcwd or die", "os.rmdir(os.getcwd())"),
    "environment": Two("print $ENV{SHOP}", "print(os.environ['SHOP'], end='')"),
    "leaves_a_child": Two(
        "use POSIX; unless (fork) { POSIX::setsid(); exec 'sleep', 1000 }",
        "if not os.fork():\n    os.setsid()\n    os.execlp('sleep', 'sleep', '1000')",
    ),
    "kills_its_group": Two("kill 'TERM', 0; sleep 1000", "os.kill(0, 15)"),
    "fails": Two("exit 3", "sys.exit(3)"),
}  # fmt: skip

STDIN = "None, [Run(stdin='ab')]"

# By name: the pair, the place that is named, and words of what is said of it.
DIFFERS = {
    "out": (Two('print "a\\nb\\n"', "print('a\\nc')"), "standard output, line 2", ""),
    "newline": (Two("print 'a'", "print('a')"), "standard output, line 1", ""),
    "more": (Two('print "a\\n"', "print('a\\nb')"), "standard output, line 2", ""),
    "far": (
        Two("print 'a' x 3e6, 'b'", "print('a' * 3_000_000 + 'c', end='')"),
        "standard output, line 1, from byte 2999801 on", "",
    ),
    "bytes": (
        Two(r'print "\xff\x00"', r"sys.stdout.buffer.write(b'\xff\1')"), "standard output, line 1",
        r"b'\xff\x01'",
    ),
    "digits": (
        Two("print 0.1 + 0.2", "print(0.1 + 0.2, end='')"), "standard output", "with other digits",
    ),
    "no_number": (Two("print 1", "pass"), "standard output, line 1", ""),
    "err": (Two("print STDERR 'no'", "sys.stderr.write('No')"), "standard error, line 1", "'No'"),
    "message": (Two("die 'bad'", "sys.exit('worse')"), "standard error, line 1", "worse"),
    "script": (Two("print $0", "print(sys.argv[0], end='')"), "standard output", "script.py"),
    "status": (Two("exit 3", "sys.exit(4)"), "exit status", "status 3, Python exits with status 4"),
    "raises": (Two("", "raise ValueError('no')"), "standard error", "saying 'ValueError: no'"),
    "killed": (Two("", "os.kill(os.getpid(), 11)"), "exit status", "Python is killed by signal 11"),
    "kills": (Two("kill 9, $$", "pass"), "exit status", "Perl is killed by signal 9 (Killed)"),
    "content": (
        Two(WRITE + '"1\\n2\\n"', OPEN + "(b'1\\n3\\n')", "None, [Run(['b'])]"),
        "the file b, line 2", r"'3\n'",
    ),
    "missing": (Two(WRITE + "1", "pass"), "the file a.txt", "missing on the Python side"),
    "extra": (Two("", OPEN + "(b'1')"), "the file a.txt", "missing on the Perl side"),
    "mode": (Two(WRITE + "1; chmod 0755, 'a.txt'", OPEN + "(b'')"), "the file a.txt", "exec"),
    "kind": (Two("mkdir 'x'", "open('x', 'w')"), "the file x", "folder"),
    "link": (Two("symlink 'b', 'x'", "os.symlink('c', 'x')"), "the file x", "link to c"),
    "fifo": (Two("use POSIX; mkfifo 'x', 0600", "os.mkdir('x')"), "the file x", "special"),
    "words": (Two("print @ARGV", "print(end='')", "None, [Run(['ä b'])]"), "standard out", "ä b"),
    "input": (Two("print <STDIN>", "print(end='')", STDIN), "standard output", "stdin='ab'"),
    "files": (
        Two("print -s 'd/x'", "print(end='2')", "None, [Run(files={'d/x': 'é'}), "
            "Run(files={'d/x': 'a'})]"),
        "standard output", "files={'d/x': 'a'}",
    ),
    "shrinks": (
        Two("print $ARGV[0] >= 50", "print(end='')",
            "st.integers(0, 9999).map(lambda n: Run([str(n)], files={'f': ''}))"),
        "standard output, line 1", "input      Run(['50'], files={'f': ''})\n",
    ),
}  # fmt: skip

HASH = "my %h = map { $_ => 1 } 'a' .. 'h'; print keys %h"
CANNOT = {
    "perl_loops": (Two("1 while 1", "", STDIN, "timeout = 2"),
                   "the Perl program does not end within 2 s on Run(stdin='ab')"),
    "python_loops": (Two("", "while True: pass", STDIN, "timeout = 2"),
                     "the Python program does not end within 2 s on Run(stdin='ab')"),
    "perl_floods": (Two("print 'x' x 1e6 while 1", "", more="timeout = 60"),
                    "the Perl program writes more than 256 MiB"),
    "python_floods": (Two("", "while True: print('x' * 1_000_000)", more="timeout = 60"),
                      "the Python program writes more than 256 MiB on Run()"),
    "syntax": (Two("my $x = ;", ""), "syntax error at"),
    "module": (Two("use No::Such;", ""), "Can't locate No/Such.pm"),
    "command": (Two("", "", more="python = 'no-such-command x'"), "cannot start no-such-command"),
    "dash_m": (Two("", "", more="python = '-m no.such'"), "-m no.such: there is no such module"),
    "hash": (Two(HASH, "print('abcdefgh', end='')"),
             "two runs of the Perl program on the same input differ with the keys of a hash"),
    "set": (Two("print 'a' .. 'h'", "print(*set('abcdefgh'), sep='', end='')"),
            "two runs of the Python program on the same input differ with the keys"),
    "varies": (Two("print $$", "print(end='')"),
               "two runs of the Perl program on the same input differ: standard output, line 1"),
    "no_run": (Two("", "", "None, [('a',)]"), "no_run: a case is tuple, not parity.Run()"),
    "drawn": (Two("", "", "st.tuples(st.just('a'))"), "drawn: a case is tuple, not parity.Run()"),
    "number": (Two("", "", "None, [Run([1])]"), "1 is int, not str or bytes"),
    "drawn_number": (Two("", "", "st.builds(Run, stdin=st.just(5))"), "5 is int, not str or bytes"),
    "one_text": (Two("", "", "None, [Run('abc')]"), "the arguments are str, not a list"),
    "listed": (Two("", "", "None, [Run(files=['a'])]"), "the files are list, not a dict"),
    "absolute": (Two("", "", "None, [Run(files={'/tmp/a': ''})]"), "the file name b'/tmp/a'"),
    "above": (Two("", "", "None, [Run(files={'a/../../b': ''})]"), "the file name b'a/../../b'"),
    "below": (Two("", "", "None, [Run(files={'a': '', 'a/b': ''})]"), "the file name b'a/b'"),
    "nul": (Two("", "", "None, [Run(['a\\0'])]"), "a NUL character in an argument"),
    "half": (Two("", "", "None, [Run(stdin='\\ud800')]"), "half of a character"),
    "known": (Two("", "", "known=[Known((1,), 1, 2, '')]"), "known differences, which are for fun"),
}  # fmt: skip

PROGRAMS = {
    **IDENTICAL,
    **{name: two for name, (two, *_) in DIFFERS.items()},
    **{name: two for name, (two, _) in CANNOT.items()},
}


def write(project: Project, programs: dict[str, Two]) -> None:
    """A project that has these programs, and one more below a package."""
    lines = ['[tool.parity.env]\nSHOP = "open"\n', "[tool.parity.programs]"]
    cases = [CASES]
    for name, two in programs.items():
        words = " one 't w o'" if name == "fixed_words" else ""
        keys = [f'{side} = "bin/{name}.{end}{words}"' for side, end in SIDES]
        keys = [keys[0]] if two.more.startswith("python") else keys
        lines.append(f"{name} = {{ {', '.join([*keys, *filter(None, [two.more])])} }}")
        cases.append(f"{name} = Cases({two.cases})\n")
        project.file(f"bin/{name}.pl", f"use strict;\nuse warnings;\n{two.perl};\n")
        project.file(f"bin/{name}.py", f"import os, sys\n{two.python}\n")
    project.file("perl/Where.pm", "package Where;\nuse Carp;\nsub at { carp @_ }\n1;\n")
    project.settings("\n".join(lines))
    project.file("cases/programs.py", "".join(cases))


class Judged(NamedTuple):
    project: Project
    done: Run

    def pair(self, name: str) -> dict[str, Any]:
        return self.done.pair(f"programs.{name}")


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """All the programs, run once."""
    project = Project(tmp_path_factory.mktemp("programs"), "perl")
    write(project, PROGRAMS)
    done = project.run()
    assert done.report, done.err
    return Judged(project, done)


@pytest.mark.parametrize("name", IDENTICAL)
def test_what_is_identical(judged: Judged, name: str) -> None:
    assert judged.pair(name)["verdict"] == "identical", judged.pair(name)


@pytest.mark.parametrize("name", DIFFERS)
def test_what_differs(judged: Judged, name: str) -> None:
    _, where, said = DIFFERS[name]
    entry = judged.pair(name)
    assert entry["verdict"] == "differs", entry
    assert entry["where"].startswith(where)
    assert said in judged.done.out.partition(f"programs.{name} ")[2].partition("reproduce")[0]


@pytest.mark.parametrize("name", CANNOT)
def test_what_cannot_be_compared(judged: Judged, name: str) -> None:
    entry = judged.pair(name)
    assert entry["verdict"] == "could not run", entry
    assert CANNOT[name][1] in entry["reason"]


def test_what_perls_say_is_understood(project: Project) -> None:
    names = ["says_where", "syntax", "module", "hash"]
    write(project, {name: PROGRAMS[name] for name in names})
    done = project.run()
    assert done.pair("programs.says_where")["verdict"] == "identical", done.out
    for name in names[1:]:
        assert CANNOT[name][1] in done.pair(f"programs.{name}")["reason"]


def test_what_is_left_and_what_is_told(judged: Judged) -> None:
    assert judged.project.remaining() == []
    assert judged.done.status == 2  # some do not load
    assert (
        "note programs.fails: no case in which the programs exit with status 0" in judged.done.out
    )
    assert judged.pair("echo")["cases"] == 21
    assert judged.pair("removes")["cases"] == 1
    entry = judged.pair("content")
    assert (entry["perl"], entry["python"]) == ("2\n", "3\n")
    assert entry["input"] == [["b"], "", {}]
    assert entry["reproduce"].endswith("programs.content")


# --- the command ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Three programs and a pair of subs."""
    project = Project(tmp_path_factory.mktemp("few"), "perl")
    write(project, {name: PROGRAMS[name] for name in ("names", "environment", "content")})
    project.pair("sub f { return 1 }", "def f() -> float:\n    return 1.0\n")
    return project


@pytest.mark.parametrize(
    ("words", "status", "names"),
    [
        ("", 1, "unit.f programs.names programs.environment programs.content"),
        ("programs", 1, "programs.names programs.environment programs.content"),
        ("programs.names 'programs.env*'", 0, "programs.names programs.environment"),
        ("bin/content.pl", 1, "programs.content"),
        ("--min-coverage 100 programs.names unit.f", 0, "unit.f programs.names"),
    ],
)
def test_programs_are_chosen_by_name(few: Project, words: str, status: int, names: str) -> None:
    done = few.run(*shlex.split(words), cases=5)
    assert done.status == status, done.out
    assert [pair["name"] for pair in done.report["pairs"]] == names.split()


def test_the_line_that_reproduces_it(few: Project) -> None:
    words = shlex.split(few.run("programs.content").pair("programs.content")["reproduce"])
    done = few.parity(*words[1:])
    assert done.status == 1
    assert "the file b, line 2" in done.out


def test_a_program_is_shown_and_not_called(few: Project) -> None:
    shown = few.parity("show", "programs.environment").out
    assert "$ENV{SHOP}" in shown
    assert "os.environ['SHOP']" in shown
    done = few.parity("call", "programs.environment", "1")
    assert done.status == 2
    assert "takes its cases from programs.py only" in done.err


def test_pytest_judges_programs(few: Project) -> None:
    done = run_pytest(few.root, "-k", "names or content")
    assert done.status == 1
    assert "1 failed, 1 passed" in done.out
    assert "the file b, line 2" in done.out


def test_pytest_leaves_the_processes_of_other_tests_alone(few: Project) -> None:
    few.file(
        "conftest.py",
        """
        import subprocess

        import pytest

        @pytest.fixture(scope="session", autouse=True)
        def server():
            with subprocess.Popen(["sleep", "1000"]) as process:
                yield
                assert process.poll() is None
                process.kill()
        """,
    )
    few.file("test_own.py", "def test_own():\n    pass\n")
    done = run_pytest(few.root, "-k", "names or own")
    assert "2 passed" in done.out
    assert done.status == 0, done.out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("side", ["perl", "python"])
def test_an_interrupted_run_leaves_nothing(
    tmp_path: Path, side: str, number: signal.Signals
) -> None:
    project = Project(tmp_path, "perl")
    started = project.root / "started"
    slow = {
        "perl": f"use POSIX; fork or POSIX::setsid(); mkdir '{started}'; sleep 1000",
        "python": "import time\nos.fork() or os.setsid()\n"
        f"os.makedirs('{started}', exist_ok=True)\ntime.sleep(1000)",
    }
    write(project, {"slow": Two(**{"perl": "", "python": "", side: slow[side]})})
    process = start(project.root, "run", "--timeout", "1000")
    try:
        wait_for(started.exists, seconds=30)
        assert started.exists()
        process.send_signal(number)
        process.communicate(timeout=20)
    finally:
        process.kill()
    assert project.remaining() == []
