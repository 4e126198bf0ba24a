"""Subs whose results cannot be compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import CASES, Project

SELDOM = "$_[0] % 1009 == 7"


@pytest.fixture(scope="module")
def reasons(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """By the sub's name, why it cannot be compared."""
    project = Project(tmp_path_factory.mktemp("comparability"), "perl")
    project.pair(
        f"sub often {{ srand 1 if !({SELDOM}); my $x = rand; return 1 }}\n"
        f"sub glob {{ return {SELDOM} ? *STDOUT : 1 }}\n"
        "sub chance { return rand }\n"
        "sub now { return time }\n"
        "sub code { return [sub { 1 }] }\n"
        "sub first_key { my %h = map { $_ => 1 } 'a' .. 'h'; return (keys %h)[0] }",
        "from typing import Annotated\n\nfrom annotated_types import Interval\n\n"
        "N = Annotated[int, Interval(ge=2000, le=10**6)]\n\n\n"
        "def often(n: N) -> int:\n    return 1\n\n\ndef glob(n: N) -> bool:\n    return True\n\n\n"
        "def chance(n: N) -> float:\n    return 0.5\n\n\ndef now(n: N) -> int:\n    return 1\n\n\n"
        "def code(n: N) -> list[float]:\n    return []\n\n\n"
        "def first_key(n: N) -> str:\n    return 'a'\n",
    )
    entries = project.pairs(cases=8000, coverage=False)
    for entry in entries.values():
        assert (entry["verdict"], entry["cases"]) == ("could not run", 0), entry
    return {name.removeprefix("unit."): entry["reason"] for name, entry in entries.items()}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("often", "not comparable: the sub asks for rand on n = "),
        ("glob", "of a kind that cannot cross"),
        ("chance", "not comparable: the sub asks for rand"),
        ("now", "the sub asks for time"),
        ("code", "result [0] is of a kind that cannot cross"),
        ("first_key", "the order in which Perl keeps the keys of a hash"),
    ],
)
def test_the_reason(reasons: dict[str, str], name: str, said: str) -> None:
    assert said in reasons[name]


def test_the_order_of_a_dicts_keys(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub wrong {\n    my ($h) = @_;\n"
        "    return (sort { $h->{$b} <=> $h->{$a} || $a cmp $b } keys %$h)[0];\n}\n"
        "sub right { my ($h) = @_; return $h->{y} - $h->{x} }",
        "def wrong(h: dict[str, float]) -> str:\n    return max(h, key=h.__getitem__)\n\n\n"
        "def right(h: dict[str, float]) -> float:\n    y, x = h.values()\n    return y - x\n",
    )
    project.file(
        "cases/unit.py",
        f"{CASES}numbers = st.sampled_from([1.0, 2.0])\n"
        "hashes = st.dictionaries(st.sampled_from('abcd'), numbers, min_size=1)\n"
        "wrong = Cases(st.tuples(hashes), examples=[({'a': 1.0},)] * 299)\n"
        "right = Cases(st.tuples(st.builds(dict, y=st.floats(0, 1), x=st.floats(0, 1))))\n",
    )
    entries = project.pairs(cases=3000, coverage=False)
    wrong, right = entries["unit.wrong"], entries["unit.right"]
    assert (wrong["verdict"], wrong["cases"] > 299) == ("differs", True), wrong
    assert (right["verdict"], right["cases"]) == ("identical", 3000), right
