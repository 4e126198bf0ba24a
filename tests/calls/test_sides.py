"""Both sides of a pair, loaded and called: methods, arguments as texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Project

import parity
from parity.api import call_texts


def test_class_methods(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.file(
        "perl/Acme.pm",
        "package Acme;\nuse strict;\nuse warnings;\nsub count { return scalar @_ }\n1;\n",
    )
    project.file("port/acme.py", "def count(x: float) -> int:\n    return 2\n")
    project.settings(
        '\n[tool.parity.pairs]\n"Acme::count" = { python = "acme:count", method = true }\n'
    )
    entry = project.pairs(cases=2000)["acme.count"]
    assert (entry["verdict"], entry["cases"]) == ("identical", 2000), entry


def test_arguments_are_literals_json_and_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project(tmp_path, "perl")
    monkeypatch.chdir(tmp_path)
    project.pair(
        "sub f { return ref $_[0] eq 'HASH' ? $_[0]{x} : $_[0] }",
        "def f(x: object) -> object:\n    return x['x'] if isinstance(x, dict) else x\n",
    )
    project.file("one.json", '{"x": [1.5, {"float": "nan"}, true, null, {"bytes": "c3a9"}]}')
    project.file("two.txt", "{'x': [1.5, -inf, True, None]}")
    here = parity.Project(tmp_path)
    for argument, said in [
        ("@one.json", "[1.5, nan, True, None, 'Ã©']"),
        ("@two.txt", "[1.5, -inf, True, None]"),
        ('{"x": [true, null]}', "[True, None]"),
    ]:
        done = call_texts(here, "unit.f", [argument])
        assert (done.difference, done.perl.value) == (None, said)
    with pytest.raises(parity.UsageError, match=r"@three.txt: No such file"):
        call_texts(here, "unit.f", ["@three.txt"])


def test_a_call_that_fails_or_hangs_is_told(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.settings("timeout = 1\n")
    project.pair(
        "sub data { my ($n) = @_; die {code => 3} if $n == 255; return $n }\n"
        "sub endless { my ($n) = @_; 1 while $n == 77; return $n }",
        "def data(n: int) -> int:\n    return n\n\n\ndef endless(n: int) -> int:\n    return n\n",
    )
    here = parity.Project(tmp_path)
    assert call_texts(here, "unit.data", ["255"]).perl.value == "die: {'code': 3.0}"
    with pytest.raises(parity.CannotRun, match="the Perl sub did not return within 1 s on 77"):
        call_texts(here, "unit.endless", ["77"])
