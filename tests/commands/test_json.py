"""The report of parity run --json."""

from __future__ import annotations

import json
import re

import pytest
from conftest import CASES, Project

from commands.sample import PAIRS


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
