"""Subs whose results depend on how Perl stores a text, judged in runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Project

SUB = "sub f {\n    my ($text) = @_;\n    return ucfirst $text;\n}"
PORTS = {  # what is done with a first letter from 0x80 to 0xFF
    "as_bytes": "x",
    "as_utf8": "x[:1].title() + x[1:]",
    "as_neither": "x[:1] + '!' + x[1:]",
}


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    project = Project(tmp_path_factory.mktemp("storages"), "perl")
    for name, there in PORTS.items():
        project.pair(
            SUB,
            "def f(x: str) -> str:\n    if '\\x80' <= x[:1] <= '\\xff':\n"
            f"        return {there}\n    return x[:1].title() + x[1:]\n",
            name,
        )
    for name, body in (("most", "return $x"), ("most_and_print", "print 1; return $x")):
        project.pair(
            f"sub f {{\n    my ($x) = @_;\n    {body} =~ /\\w/ ? 1 : 0;\n}}",
            "from typing import Literal\n\n\ndef f(x: Literal['é', 'ü']) -> int:\n"
            f"    {'print(1, end=chr(0)[1:])' if 'print' in body else 'pass'}\n    return 1\n",
            name,
        )
    return project.pairs("*.f", cases=1000, coverage=False)


@pytest.mark.parametrize("name", ["as_bytes", "as_utf8"])
def test_a_port_that_does_what_one_storage_gives_is_right(
    entries: dict[str, dict[str, Any]], name: str
) -> None:
    entry = entries[f"{name}.f"]
    assert entry["verdict"] == "identical", entry
    (note,) = [note for note in entry["notes"] if "how it stores" in note]
    assert note.startswith("in ") and "unicode_strings" in note


def test_a_port_that_does_what_neither_gives_is_wrong(entries: dict[str, dict[str, Any]]) -> None:
    entry = entries["as_neither.f"]
    assert (entry["verdict"], entry["where"]) == ("differs", "the result"), entry


@pytest.mark.parametrize("name", ["most", "most_and_print"])
def test_where_most_cases_have_two_results_nothing_is_said(
    entries: dict[str, dict[str, Any]], name: str
) -> None:
    entry = entries[f"{name}.f"]
    assert entry["verdict"] == "could not run", entry
    assert "cases Perl's result depends on how it stores" in entry["reason"]


def test_a_time_zone_of_the_settings_reaches_the_port(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.settings('env = { TZ = "Asia/Tokyo" }\n')
    project.pair(
        "sub f {\n    my ($t) = @_;\n    return (localtime $t)[2];\n}",
        "import time\nfrom typing import Annotated\n\nfrom annotated_types import Interval\n\n\n"
        "def f(t: Annotated[int, Interval(ge=0, le=2**31)]) -> int:\n"
        "    return time.localtime(t).tm_hour\n",
    )
    (entry,) = project.pairs("unit.f", cases=100, coverage=False).values()
    assert entry["verdict"] == "identical", entry
