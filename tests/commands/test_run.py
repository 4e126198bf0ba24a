"""parity run: which pairs, in which order, what is printed."""

from __future__ import annotations

import pytest
from conftest import CASES, Project

from commands.sample import HALF, PAIRS, holds, names, together, words_of


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


def test_markup_in_names_and_values_is_shown_as_it_is(project: Project) -> None:
    project.pair(
        "sub f { my ($t) = @_; return { '[bold]' => '[red]x[/red]' } }",
        "def f(t: str) -> dict[str, str]:\n    return {'[bold]': '[/]'}\n",
    )
    done = project.run(cases=3)
    assert done.status == 1
    assert "[red]x[/red]" in done.out and "'[/]'" in done.out and "{'[bold]'}" in done.out


def test_the_line_that_reproduces(sample: Project) -> None:
    command, *words = sample.run("gamma.low", cases=20).pair("gamma.low")["reproduce"].split()
    assert command == "parity"
    done = sample.parity(*words)
    assert done.status == 1 and "gamma.low differs" in done.out


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
