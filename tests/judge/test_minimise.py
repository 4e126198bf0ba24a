"""A case that differs is made small."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Project

SAME = {  # of two texts: the sub's condition, and the port's, which is wrong
    "letters": ("join('', sort split //, $s) eq join '', sort split //, $t", "s == t"),
    "turned": (
        "length $s == length $t && index($s . $s, $t) >= 0",
        "s == t or s[1:] + s[:1] == t",
    ),
    "reverse": ("$s eq reverse $t", "s == t == t[::-1]"),
    "form": (
        "$s =~ /^[A-Z]{2}[0-9]{2}-[A-Z]\\z/",
        "re.fullmatch('[A-Z]{2}[0-9]{2}-?[A-Z]', s)",
    ),
}


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    project = Project(tmp_path_factory.mktemp("minimise"), "perl")
    for name, (perl, python) in SAME.items():
        project.pair(
            f"sub f {{ my ($s, $t) = @_; return {perl} ? 1 : 0 }}",
            f"import re\n\n\ndef f(s: str, t: str) -> int:\n    return 1 if {python} else 0\n",
            name,
        )
    project.pair(
        "sub f { my ($n) = @_; return $n == 255 ? bless {}, 'X' : $n }",
        "def f(n: int) -> int:\n    return n\n",
        "object",
    )
    return project.pairs(cases=5000, coverage=False)


@pytest.mark.parametrize("name", SAME)
def test_texts_that_belong_together(entries: dict[str, dict[str, Any]], name: str) -> None:
    entry = entries[f"{name}.f"]
    assert entry["verdict"] == "differs"
    assert sum(map(len, entry["input"])) <= 10, entry["input"]


def test_the_input_that_cannot_be_compared_is_named(entries: dict[str, dict[str, Any]]) -> None:
    reason = entries["object.f"]["reason"]
    assert "object of class X" in reason
    assert reason.endswith("on n = 255")
