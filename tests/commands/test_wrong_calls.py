"""Wrong calls of the command: an error of one line, and the status."""

from __future__ import annotations

import pytest
from conftest import Project

from commands.sample import Inside, refused, words_of

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
