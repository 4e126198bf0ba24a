"""How much the cases reached: each a real perl and a real port, measured in a child."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, Project, older_perl

from parity.calls.sides import Sides
from parity.judge import coverage
from parity.processes.child import Progress, isolated
from parity.project import pairs, settings
from parity.report.coverage_text import detail_lines, summary_text
from parity.task import Task
from parity.verdict import Coverage

Measure = Any
# Tests of the port's side, or of both alike, need no second perl.
one_perl = pytest.mark.parametrize("exe", ["perl"])


def _measured(progress: Progress, task: Task, cases: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    with Sides(progress, task) as sides:
        return coverage.measure(sides, cases).to_json()


@pytest.fixture
def measure(project: Project, monkeypatch: pytest.MonkeyPatch) -> Measure:
    """Write a pair, or take the project's, and measure these cases of one argument."""
    monkeypatch.chdir(project.root)

    def run(*cases: Any, perl: str = "", python: str = "", pair: str = "unit.f") -> dict[str, Any]:
        if perl:
            project.file("perl/unit.pl", textwrap.dedent(perl).strip() + "\n1;\n")
        project.file("port/unit.py", textwrap.dedent(python or "def f(n): return n").strip() + "\n")
        found_settings = settings.load()
        found = pairs.find(found_settings)
        (chosen,) = pairs.select(found, [pair])
        task = Task(found_settings, chosen, found.pairs, 1000, 1)
        arguments = [(case,) for case in cases]
        result: dict[str, Any] = isolated(_measured, task, arguments, timeout=20, memory=4096)
        return result

    return run


HALF_PERL = """
    sub f {
        my ($n) = @_;
        if ($n > 10) {
            my $m = $n * 2;
            return $m;
        }
        return $n;
    }
"""
HALF_PYTHON = """
    def f(n: float) -> float:
        if n > 10:
            m = n * 2
            return m
        return n
"""


def test_what_half_a_function_did_not_reach_is_named(measure: Measure) -> None:
    found = measure(1.0, 2.0, perl=HALF_PERL, python=HALF_PYTHON)
    assert found["cases"] == 2
    assert found["python"] == {
        "lines": 2,
        "of_lines": 4,
        "branches": 1,
        "of": 2,
        "missing": ["unit.py:3", "unit.py:4"],
    }
    assert found["perl"] == {
        "lines": 3,
        "of": 5,
        "missing": ["unit.pl:4", "unit.pl:5"],
        "not_measurable": [],
    }
    assert Coverage.from_json(found).share == 0.5
    assert summary_text(Coverage.from_json(found)) == (
        "reached 1 of 2 branches, 2 of 4 Python lines, 3 of 5 Perl lines"
    )
    assert detail_lines(Coverage.from_json(found)) == [
        "not reached in 2 cases: unit.py:3, unit.py:4",
        "not reached in 2 cases: unit.pl:4, unit.pl:5",
    ]


def test_a_port_that_keeps_state_is_measured_afresh(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        """
        my $locked = 0;
        sub f {
            my ($on) = @_;
            return 0 if $locked;
            $locked = 1 if $on;
            return 1;
        }
        """,
        """
        locked = False


        def f(on: bool) -> int:
            global locked
            if locked:
                return 0
            if on:
                locked = True
            return 1
        """,
    )
    run = project.run("--min-coverage", "100")
    assert run.pair("unit.f")["coverage"]["python"]["missing"] == []
    assert run.status == 0


@one_perl
def test_all_reached_says_nothing(measure: Measure) -> None:
    found = measure(1.0, 20.0, perl=HALF_PERL, python=HALF_PYTHON)
    assert (found["perl"]["lines"], found["python"]["branches"]) == (5, 2)
    reached = Coverage.from_json(found)
    assert reached.share == 1.0
    assert (summary_text(reached), detail_lines(reached)) == ("", [])


@one_perl
def test_a_straight_line_function_is_whole(measure: Measure) -> None:
    found = measure(1.0, perl="sub f {\n    return $_[0];\n}", python="def f(n):\n    return n")
    assert (found["python"]["lines"], found["python"]["of"]) == (1, 0)
    assert Coverage.from_json(found).share == 1.0


@one_perl
def test_few_cases_are_enough_where_they_reach_everything(measure: Measure) -> None:
    assert measure(*[1.0, 20.0] * 1000, perl=HALF_PERL, python=HALF_PYTHON)["cases"] < 50
    assert measure(*[1.0] * 1000, perl=HALF_PERL, python=HALF_PYTHON)["cases"] == coverage.PART


@one_perl
def test_the_examples_are_always_among_the_cases(measure: Measure, project: Project) -> None:
    project.file("cases/unit.py", f"{CASES}f = Cases(st.tuples(st.just(1.0)), [(20.0,), (1.0,)])")
    found = measure(20.0, *[1.0] * 5000, perl=HALF_PERL, python=HALF_PYTHON)
    assert (found["cases"], Coverage.from_json(found).share) == (26, 1.0)


# A line, how many statements it has, and which of them f(1.0) does not reach, by their columns.
LINES: list[tuple[str, int, list[int]]] = [
    ("return 2 if $n;", 1, []),
    ("return $n ? 1 : 2;", 1, []),
    ("$n = $n / 2;    # half; not more", 1, []),
    ("my $x = $h{a}{b} + $n;", 1, []),
    ("my @l = @{$h{list}};", 1, []),
    ("my $x = {a => 1, b => [2]};", 1, []),
    ("push @{ $h{list} }, { a => $n };", 1, []),
    ("$n =~ s/a/b/;", 1, []),
    ("$n =~ s/(\\d)/f2($1)/e;", 1, []),
    ("f2($n) or die 'no';", 1, []),
    ("print ''; # one; $n = 2;", 1, []),
    ("my @x = sort { $a <=> $b } 1, 2;", 1, []),
    ("my @x = map { { a => $_ } } 1, 2;", 2, []),
    ("my @x = map {{ %{$_} }} {}, {};", 1, []),
    ("my $x = sub { };", 1, []),
    ("{ $n++; }", 1, []),
    ("$n++; return 2 if $n > 5;", 2, []),
    ("$n++; return 2 if $n; $n--;", 3, [23]),
    ("if ($n) { return 1 }", 2, []),
    ("if (!$n) { return 1 } else { $n++ }", 3, [12]),
    ("if (!$n) { $n++; return 1 } elsif ($n > 2) { $n-- }", 4, [12, 18, 46]),
    ("my @x = map { $_ * 2 } 1, 2;", 2, []),
    ("my @x = map { $_ * 2 } ();", 2, [15]),
    ("my @x = map({ $_ * 2 } ());", 2, [15]),
    ("my @x = map { my $y = $_; $y * 2 } grep { $_ > 1 } 1;", 4, [15, 27]),
    ("my @x = sort { my $c = $a <=> $b; $c } 1;", 3, [16, 35]),
    ("my $x = sub { $n };", 2, [15]),
    ("my $x = do { 1; 2 };", 3, []),
    ("my $x = do { return 1; 2 };", 3, [24]),
    ("eval { die; $n++ };", 3, [13]),
    ("for my $i (()) { $n += $i } $n++;", 3, [18]),
    ("unless ($n) { $n = 1; }", 2, [15]),
    ("my $x = 'a # b'; $n++;", 2, []),
    ("while ($n < 0) { $n++; last }", 3, [18, 24]),
    ("my $x = $n =~ m/'/; return 1; $n =~ s/'//;", 3, [31]),
    ("L: for my $i (1, 2) { next L if $n; $n++ }", 3, [37]),
]


@pytest.mark.parametrize(("line", "count", "missing"), LINES)
def test_statements_that_share_a_line(
    measure: Measure, line: str, count: int, missing: list[int]
) -> None:
    perl = f"our %h; sub f2 {{ 1 }}\nsub f {{\nmy ($n) = @_;\n{line}\n}}"
    found = measure(1.0, perl=perl)["perl"]
    assert found == {
        "lines": 1 + count - len(missing),
        "of": 1 + count,
        "missing": [f"unit.pl:4:{column}" for column in missing],
        "not_measurable": [],
    }


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('my $x = "@{[ map { $_ } 1 ]}";', "unit.pl:4:20"),
        ("my $x = <<E; $n++;\ntext\nE", "unit.pl:4:14"),
        ("if (0) { $n++ }", "unit.pl:4:10"),
    ],
)
def test_what_cannot_be_put_on_a_line_of_its_own(measure: Measure, line: str, place: str) -> None:
    perl = f"sub f {{\nmy ($n) = @_;\n\n{line}\nreturn 2;\n}}"
    found = measure(1.0, perl=perl)["perl"]
    assert place in found["not_measurable"]
    assert found["missing"] == []


def test_results_that_change_with_the_lines(measure: Measure) -> None:
    perl = "sub f { my ($n) = @_; return __LINE__; }"
    found = measure(1.0, perl=perl)["perl"]
    assert found == {"reason": "it does something else where each statement has its own line"}
    found = measure(1.0, perl="sub f {\n my ($n) = @_;\n return __LINE__; return 2;\n}")["perl"]
    assert (found["lines"], found["missing"]) == (2, ["unit.pl:3:19"])


def test_a_file_that_loads_itself_again(measure: Measure, project: Project) -> None:
    project.file("perl/other.pl", "require 'unit.pl';\n1;\n")
    perl = """
        use File::Basename;
        use lib dirname(__FILE__);
        require 'other.pl';
        sub f { my ($n) = @_; $n }
    """
    found = measure(1.0, perl=perl)["perl"]
    places = ["unit.pl:4", "unit.pl:4:23"]
    assert found == {"lines": 0, "of": 0, "missing": [], "not_measurable": places}


def test_statements_on_several_lines_count_once(measure: Measure) -> None:
    perl = """
        sub f {
            my ($n) = @_;
            my $x = g($n,
                2,
            );
            my %h = (
                a => 1,
            );
            return $x
                if $n == 5;
            for (my $i = 0; $i < @{[1, 2]}; $i++) {
                $x++;
            }
            return
                $x;
        }
        sub g { return $_[0] }
    """
    found = measure(1.0, perl=perl)["perl"]
    assert (found["lines"], found["of"], found["not_measurable"]) == (7, 7, [])


def test_chains_of_elsif(measure: Measure) -> None:
    perl = """
        sub f {
            my ($n) = @_;
            if ($n == 1) {
                return 1;
            }
            elsif ($n == 2) {
                return 2;
            } elsif ($n == 3) {
                return 3;
            } else {
                return 4;
            }
        }
    """
    found = measure(2.0, 4.0, perl=perl)["perl"]
    assert found["missing"] == ["unit.pl:4", "unit.pl:9"]
    assert (found["lines"], found["of"]) == (4, 6)


def test_loops_that_are_never_entered(measure: Measure) -> None:
    perl = """
        sub f {
            my ($n) = @_;
            for my $i (1 .. $n) {
                $n += $i;
            }
            while ($n > 0) {
                $n--;
            }
            return $n;
        }
    """
    python = """
        def f(n):
            for i in range(int(n)):
                n += i
            while n > 0:
                n -= 1
            return n
    """
    found = measure(0.0, perl=perl, python=python)
    assert found["perl"]["missing"] == ["unit.pl:4", "unit.pl:7"]
    assert found["python"]["missing"] == ["unit.py:3", "unit.py:5"]
    assert (found["python"]["branches"], found["python"]["of"]) == (2, 4)


@one_perl
def test_a_branch_that_skips_nothing_but_lines_that_were_reached(measure: Measure) -> None:
    python = """
        def f(n):
            if n > 0:
                n = -n
            return n
    """
    found = measure(1.0, perl="sub f { return $_[0] }", python=python)["python"]
    assert (found["branches"], found["of"], found["missing"]) == (1, 2, ["unit.py:2 -> 4"])


def test_nested_functions_belong_to_theirs(measure: Measure) -> None:
    perl = """
        sub f {
            my ($n) = @_;
            my $never = sub {
                my ($m) = @_;
                return $m + 1;
            };
            my $once = sub {
                return 2;
            };
            return $once->();
        }
        sub other {
            return 7;
        }
    """
    python = """
        def f(n):
            def never(m):
                return m + 1

            return (lambda: 2)()


        def other():
            return 7
    """
    found = measure(1.0, perl=perl, python=python)
    assert found["perl"]["missing"] == ["unit.pl:4", "unit.pl:5"]
    assert found["perl"]["of"] == 7
    assert found["python"]["missing"] == ["unit.py:3"]


def test_blocks_for_the_items_of_an_empty_list(measure: Measure) -> None:
    perl = """
        sub f {
            my @none = ();
            my @x = map {
                my $y = $_;
                $y * 2;
            } @none;
            return grep {
                $_ > 1
            } @none;
        }
    """
    found = measure(1.0, perl=perl)["perl"]
    assert found == {
        "lines": 3,
        "of": 6,
        "missing": ["unit.pl:4", "unit.pl:5", "unit.pl:8"],
        "not_measurable": [],
    }


@one_perl
def test_an_except_that_is_never_reached(measure: Measure) -> None:
    python = """
        def f(n):
            try:
                return 1 / n
            except ZeroDivisionError:
                return 0.0
    """
    found = measure(1.0, perl="sub f { return 1 / $_[0] }", python=python)
    assert found["python"]["missing"] == ["unit.py:4", "unit.py:5"]
    assert summary_text(Coverage.from_json(found)) == "reached 2 of 4 Python lines"
    assert Coverage.from_json(found).share == 0.5


def test_a_sub_that_dies_and_prints(measure: Measure) -> None:
    perl = """
        sub f {
            my ($n) = @_;
            print "$n\\n";
            die "big\\n" if $n > 1;
            return $n;
        }
    """
    python = """
        def f(n):
            print(n)
            if n > 1:
                raise ValueError("big")
            return n
    """
    found = measure(2.0, perl=perl, python=python)
    assert found["perl"]["missing"] == ["unit.pl:5"]
    assert found["python"]["missing"] == ["unit.py:5"]


def test_one_liners(measure: Measure) -> None:
    found = measure(1.0, perl="sub f { return $_[0] / 2 }", python="def f(n): return n / 2")
    assert found["perl"] == {"lines": 1, "of": 1, "missing": [], "not_measurable": []}
    assert (found["python"]["lines"], found["python"]["of_lines"]) == (1, 1)
    found = measure(1.0, perl="sub f { my ($n) = @_; return $n }")
    assert (found["perl"]["of"], found["perl"]["not_measurable"]) == (2, [])


def test_a_sub_of_a_package_in_another_file(measure: Measure, project: Project) -> None:
    project.file(
        "perl/Acme/Stock.pm",
        """\
        package Acme::Stock;
        use Acme::More;
        sub f {
            my ($n) = @_;
            return Acme::More::more($n) if $n;
            return 0;
        }
        1;
        """,
    )
    project.file(
        "perl/Acme/More.pm",
        "package Acme::More;\n\nsub more {\n    return 1;\n    return 2;\n    return 3;\n}\n1;\n",
    )
    project.settings('[tool.parity.pairs]\n"Acme::Stock::f" = { python = "unit:f" }\n')
    found = measure(1.0, pair="Acme::Stock::f")["perl"]
    assert (found["lines"], found["missing"]) == (2, ["Stock.pm:6"])


@one_perl
def test_what_is_cached_is_run_again(measure: Measure) -> None:
    python = "import functools\n\n@functools.lru_cache\ndef f(n):\n    return n"
    found = measure(1.0, perl="sub f { return $_[0] }", python=python)["python"]
    assert (found["lines"], found["of_lines"]) == (1, 1)


@one_perl
def test_a_port_in_c_is_not_covered(measure: Measure, project: Project) -> None:
    project.settings('[tool.parity.pairs]\n"unit.f" = { python = "math:sqrt" }\n')
    found = measure(1.0, perl="sub f { return $_[0] }", pair="unit.f")
    assert found["python"] == {"reason": "the port is not Python code"}
    assert found["perl"]["lines"] == 1
    assert Coverage.from_json(found).share == 0.0
    assert detail_lines(Coverage.from_json(found)) == [
        "Python coverage could not be measured: the port is not Python code"
    ]


@one_perl
def test_a_sub_that_is_not_in_the_text_is_not_covered(measure: Measure, project: Project) -> None:
    project.file("perl/Made.pm", "package Made;\n*{'g'} = sub { return 1 };\n1;\n")
    project.settings('[tool.parity.pairs]\n"Made::g" = { python = "unit:f" }\n')
    found = measure(1.0, pair="Made::g")
    assert found["perl"]["reason"] == "the source of Made::g is not in the Perl folders"
    assert Coverage.from_json(found).share == 0.0


def test_a_sub_that_ends_its_process_is_not_covered(measure: Measure) -> None:
    found = measure(1.0, perl="sub f {\n    exit 3;\n}", python="def f(n):\n    return n")
    assert found["perl"] == {"reason": "the sub called exit(3)"}
    assert Coverage.from_json(found).share == 0.0
    assert found["python"]["lines"] == 1


def test_a_perl_that_cannot_tell_a_number_from_its_text(tmp_path: Path) -> None:
    project = Project(tmp_path, older_perl(tmp_path))
    project.pair(HALF_PERL, textwrap.dedent(HALF_PYTHON))
    entry = project.run(cases=3000).pair("unit.f")
    assert entry["verdict"] == "identical", entry
    assert entry["coverage"]["perl"] == {
        "lines": 5,
        "of": 5,
        "missing": [],
        "not_measurable": [],
    }
