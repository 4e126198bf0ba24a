"""Programs as pairs: everything that a process leaves is looked at."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import Project, Run, run_pytest

RUN = "could not run"
PERL = "use strict;\nuse warnings;\n"
PYTHON = "import os\nimport sys\nimport time\nfrom pathlib import Path\n\n"


@dataclass(frozen=True)
class Pair:
    """A script and its port, the cases, and what is to be said of them."""

    name: str
    perl: str
    python: str
    verdict: str = "identical"
    words: tuple[str, ...] = ()
    cases: str = "Cases()"
    where: str = ""


SAID = 'print "said\\n";'
SAY = "print('said')"
TWICE = "Cases(examples=[Run(['a']), Run(['b'])])"
PAIRS = [
    Pair("same", SAID, SAY),
    Pair("output", SAID, "print('sad')", "differs", where="standard output, line 1"),
    Pair("no_newline", SAID, "print('said', end='')", "differs", where="standard output, line 1"),
    Pair(
        "errors",
        'warn "a\\n";',
        "print('b', file=sys.stderr)",
        "differs",
        where="standard error, line 1",
    ),
    Pair("other_stream", SAID, "print('said', file=sys.stderr)", "differs"),
    Pair(
        "status",
        "exit 3;",
        "sys.exit(4)",
        "differs",
        where="exit status",
        words=("Perl exits with status 3, Python with 4",),
    ),
    Pair("same_status", "exit 3;", "sys.exit(3)"),
    Pair("signal", "kill 9, $$;", "pass", "differs", where="exit status"),
    Pair("place", 'die "no";', "print('no', file=sys.stderr)\nsys.exit(255)"),
    Pair(
        "other_message",
        'die "no";',
        "print('yes', file=sys.stderr)\nsys.exit(255)",
        "differs",
        where="standard error, line 1",
    ),
    Pair("wrong_name", 'print "$0\\n";', "print('wrong.py')", "differs"),
    Pair("name", 'print "usage: $0 FILE\\n";', "print('usage:', sys.argv[0], 'FILE')"),
    Pair(
        "content",
        'open my $f, ">", "x" or die; print $f "a\\nb\\n";',
        "Path('x').write_text('a\\nc\\n')",
        "differs",
        where="the file x, line 2",
    ),
    Pair(
        "same_content",
        'open my $f, ">", "x" or die; print $f "a\\n";',
        "Path('x').write_text('a\\n')",
    ),
    Pair(
        "missing",
        'open my $f, ">", "x" or die;',
        "pass",
        "differs",
        words=("missing on the Python side",),
        where="the file x",
    ),
    Pair(
        "more",
        "1;",
        "Path('x').write_text('')",
        "differs",
        words=("missing on the Perl side",),
        where="the file x",
    ),
    Pair("folder", "mkdir 'x';", "Path('x').write_text('')", "differs", where="the file x"),
    Pair(
        "executable",
        'open my $f, ">", "x" or die; chmod 0755, "x";',
        "Path('x').write_text('')",
        "differs",
        where="the file x",
    ),
    Pair("link", "symlink 'a', 'x';", "os.symlink('b', 'x')", "differs", where="the file x"),
    Pair(
        "removed",
        "unlink 'in.txt';",
        "pass",
        "differs",
        cases="Cases(examples=[Run(files={'in.txt': 'a'})])",
        where="the file in.txt",
    ),
    Pair(
        "fresh",
        'print -e "x" ? "old" : "new"; open my $f, ">", "x" or die;',
        "print('new', end='')\nPath('x').write_text('')",
        cases=TWICE,
    ),
    Pair(
        "arguments",
        "print join '|', @ARGV;",
        "print('|'.join(sys.argv[1:]), end='')",
        cases="Cases(examples=[Run(['a b', '', 'é', b'\\xff'.decode('latin-1')])])",
    ),
    Pair(
        "input",
        "print scalar <STDIN> while !eof STDIN;",
        "sys.stdout.write(sys.stdin.read())",
        cases="Cases(st.builds(lambda text: Run(stdin=text), st.text('ab\\n', max_size=9)))",
    ),
    Pair(
        "bytes",
        "binmode STDIN; binmode STDOUT; local $/; print <STDIN>;",
        "sys.stdout.buffer.write(sys.stdin.buffer.read())",
        cases="Cases(st.builds(lambda text: Run(stdin=text), st.binary(max_size=9)))",
    ),
    Pair(
        "tree",
        'open my $f, "<", "data/a.txt" or die; print <$f>;',
        "print(Path('data/a.txt').read_text(), end='')",
        cases="Cases(examples=[Run(files={'data/a.txt': 'a\\nb'})])",
    ),
    Pair(
        "small",
        "local $/; my $t = <STDIN>; print length $t;",
        "t = sys.stdin.read()\nprint(len(t) + t.count('b'), end='')",
        "differs",
        cases="Cases(st.builds(lambda text: Run(stdin=text), st.text('ab\\n', min_size=3)))",
        where="standard output, line 1",
    ),
    Pair("endless", "1 while 1;", "pass", RUN, ("the Perl program does not end within 1 s",)),
    Pair(
        "port_endless",
        "1;",
        "while True:\n    pass",
        RUN,
        ("the Python program does not end within 1 s",),
    ),
    Pair("floods", 'print "x" x 1e6 while 1;', "pass", RUN, ("the Perl program",)),
    Pair("child", "if (!fork) { sleep 1000; }", "if not os.fork():\n    time.sleep(1000)"),
    Pair(
        "daemon", "require POSIX; if (!fork) { POSIX::setsid(); exit if fork; sleep 1000; }", "pass"
    ),
    Pair(
        "order",
        "my %h = map { $_ => 1 } 'a' .. 'p'; print keys %h;",
        "print('a')",
        RUN,
        ("not comparable", "the keys of a hash in another order"),
    ),
    Pair("varies", "print $$;", "print('a')", RUN, ("not comparable: two runs of the Perl",)),
    Pair("not_perl", "sub {", "pass", "differs", where="standard error"),
    Pair(
        "no_run",
        SAID,
        SAY,
        RUN,
        ("a case of no_run is int, not parity.Run()",),
        "Cases(examples=[3])",
    ),
    Pair(
        "bad_file",
        SAID,
        SAY,
        RUN,
        ("the file name b'../x'",),
        "Cases(examples=[Run(files={'../x': 'a'})])",
    ),
    Pair("bad_argument", SAID, SAY, RUN, ("a NUL character",), "Cases(examples=[Run(['\\0'])])"),
]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Run]:
    """All of them in one run."""
    project = Project(tmp_path_factory.mktemp("programs"), "perl")
    table = ["timeout = 1", "[tool.parity.programs]"]
    cases = ["from hypothesis import strategies as st\nfrom parity import Cases, Run\n"]
    for pair in PAIRS:
        project.file(f"bin/{pair.name}.pl", PERL + pair.perl + "\n")
        project.file(f"tools/{pair.name}.py", PYTHON + pair.python + "\n")
        names = f', names = ["{pair.name}.pl", "{pair.name}.py"]' if pair.name == "name" else ""
        words = f'perl = "bin/{pair.name}.pl", python = "tools/{pair.name}.py"{names}'
        table.append(f"{pair.name} = {{ {words} }}")
        cases.append(f"{pair.name} = {pair.cases}")
    project.settings("\n".join(table) + "\n")
    project.file("cases/programs.py", "\n".join(cases) + "\n")
    project.pair("sub f { return $_[0] / 3 }", "def f(x: float) -> float:\n    return x / 3\n")
    return project, project.run(cases=20)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_program_gets_its_verdict(judged: tuple[Project, Run], pair: Pair) -> None:
    entry = judged[1].pair(f"programs.{pair.name}")
    assert entry["verdict"] == pair.verdict, entry
    assert entry.get("where", "").startswith(pair.where), entry
    told = f"{entry.get('reason', '')} {entry.get('why', '')}"
    assert [word for word in pair.words if word not in told] == [], told


def test_the_rest_is_untouched(judged: tuple[Project, Run]) -> None:
    project, run = judged
    assert run.status == 1
    assert run.pair("unit.f")["verdict"] == "identical"
    assert project.remaining() == []


def test_a_failing_case_is_made_small(judged: tuple[Project, Run]) -> None:
    _, text, _ = judged[1].pair("programs.small")["input"]
    assert len(text) == 3 and text.count("b") == 1


def test_that_no_case_succeeds_is_a_note(judged: tuple[Project, Run]) -> None:
    assert "both fail" in str(judged[1].pair("programs.place")["notes"])


def test_programs_stand_in_the_map(judged: tuple[Project, Run]) -> None:
    project, _ = judged
    done = project.parity("list")
    assert "bin/same.pl" in done.out and "tools/same.py" in done.out
    assert project.parity("run", "programs.same").status == 0
    entry = judged[1].pair("programs.output")
    assert project.parity(*entry["reproduce"].split()[1:]).status == 1


def test_pytest_judges_programs(judged: tuple[Project, Run]) -> None:
    done = run_pytest(judged[0].root, "-k", "programs.same or programs.output")
    assert "FAILED parity::programs.output" in done.out
    assert "1 failed" in done.out and "passed" in done.out


@pytest.mark.parametrize(
    ("table", "status", "said"),
    [
        ('a = { perl = "bin/a.pl" }', 2, "python"),
        ('a = { perl = "bin/a.pl", python = "a.py", nmaes = [] }', 2, "did you mean `names`?"),
        ('a = { perl = "bin/b.pl", python = "a.py" }', 2, "bin/b.pl"),
        ('a = { perl = "bin/a.pl", python = "-m no_such" }', 2, "there is no such module"),
        ('a = { perl = "bin/a.pl", python = "no-such-program" }', 2, "cannot start"),
        ('a = { perl = "bin/a.pl", python = "a.py", cases = 0 }', 2, "cases"),
    ],
)
def test_a_program_that_is_not_there(tmp_path: Path, table: str, status: int, said: str) -> None:
    project = Project(tmp_path, "perl")
    project.file("bin/a.pl", PERL + SAID)
    project.file("a.py", SAY)
    project.settings(f"[tool.parity.programs]\n{table}\n")
    done = project.run()
    assert done.status == status, done.out
    assert said in done.err + done.out


def test_a_command_of_any_kind(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.file("bin/a.pl", PERL + 'print "@ARGV\\n";')
    project.file("port/pack/__init__.py", "")
    project.file("port/pack/a.py", "import sys\n\nprint(*sys.argv[1:])\n")
    script = project.file("tool", f"#!{sys.executable}\nimport sys\nprint(*sys.argv[1:])\n")
    script.chmod(0o755)
    project.file(
        "pyproject.toml",
        """
        [tool.parity]
        perl = "bin"
        python = "port"
        [tool.parity.programs]
        module = { perl = "bin/a.pl x", python = "-m pack.a x" }
        program = { perl = "bin/a.pl", python = "tool" }
        system = { perl = "bin/a.pl", python = "echo" }
        """,
    )
    done = project.run("programs")
    assert done.status == 0, done.out + done.err
