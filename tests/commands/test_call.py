"""parity call: both sides on one input."""

from __future__ import annotations

import re

import pytest
from conftest import Project, Run

from commands.sample import holds, refused, sample_project, together, words_of

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
