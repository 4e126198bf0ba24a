"""Which function is the port of which sub: by declaration, by rules, by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import ROOT, Project

from parity.project import pairs, settings

STOCK = ROOT / "tests" / "projects" / "stock"


@pytest.mark.parametrize(
    "name", ["Acme::Stock::total", "Acme::Stock", "Acme::*Stock*", "acme.bag.summed"]
)
def test_pairs_are_chosen_by_either_name(name: str) -> None:
    found = pairs.find(settings.load(STOCK))
    chosen = [pair.name for pair in pairs.select(found, [name])]
    assert "acme.bag.summed" in chosen
    assert not [one for one in chosen if one.startswith("acme.wrong")]


def test_a_package_in_a_block_and_two_subs_that_became_one(project: Project) -> None:
    project.file(
        "perl/Two.pm",
        """
        package Two;
        package Two::Inner { sub inner { return 1 } }
        sub first { return $_[0] / 3 }
        sub again { return $_[0] / 3 }
        1;
        """,
    )
    project.file("port/two.py", "def third(x: float) -> float:\n    return x / 3\n")
    project.settings(
        '[tool.parity.pairs]\n"Two::first" = "two:third"\n"Two::again" = "two:third"\n'
    )
    done = project.run(cases=20)
    assert done.status == 0, done.out
    assert [entry["name"] for entry in done.report["pairs"]] == ["two.third", "Two::again"]
    assert "Two::Inner::inner" in project.parity("list").out


def test_subs_in_texts_are_none_and_those_with_a_full_name_are(project: Project) -> None:
    project.file(
        "perl/unit.pl",
        "use strict;\nmy $text = <<\"E\" . <<'F F';\nsub one { 1 }\nE\nsub two { 1 }\nF F\n"
        "print <<~G;\n  sub three { 1 }\n  G\nsub Other::thing { return $_[0] }\n1;\n",
    )
    project.file("port/unit.py", "def thing(x: float) -> float:\n    return x\n")
    (row,) = json.loads(project.parity("list", "--json").out)
    assert row["perl"] == "Other::thing"
    assert project.run(cases=20).pair("unit.thing")["verdict"] == "identical"


@pytest.mark.parametrize("inputs", ["gone:f", "unit:gone"])
def test_inputs_that_are_not_there(tmp_path: Path, inputs: str) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x\n")
    project.file("cases/unit.py", "")
    project.settings(f'[tool.parity.pairs]\n"unit.f" = {{ inputs = "{inputs}" }}\n')
    done = project.run(cases=10)
    assert done.status == 2
    assert "gone" in done.pair("unit.f")["reason"]


def test_what_a_pair_names_and_is_not_there(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x\n")
    project.settings(
        """
        [tool.parity.pairs]
        "unit.f" = "unit:ff"
        "List::Util::maxx" = "unit:f"
        "List::Util::min" = "no_such.module:f"
        "Acme::Nope" = "unit:f"
        """
    )
    done = project.run(cases=10)
    assert done.status == 2
    reasons = {entry["name"]: entry["reason"] for entry in done.report["pairs"]}
    assert "unit.py: no function ff after import; did you mean f?" in reasons["unit.ff"]
    assert "there is no List::Util::maxx in List/Util.pm" in reasons["unit.f"]
    assert (
        "no module no_such.module, in the Python folders or installed"
        in (reasons["no_such.module.f"])
    )
    assert "there is no Acme.pm, in the Perl folders or installed" in reasons["Acme::Nope"]
    assert "its source is not in the folders" in project.parity("show", "unit.f").out


INSTALLED = """
[tool.parity]
perl = []
python = "port"
[tool.parity.pairs]
"List::Util::max" = { python = "statistics:fmean", inputs = "unit:numbers" }
"Outer::f" = "unit:f"
"""


def test_ports_and_subs_of_installed_modules(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    cases = "from hypothesis import strategies as st\nfrom parity import Cases\n"
    project.file("tests/cases/unit.py", cases + "numbers = Cases(st.just(([2.0],)))\n")
    project.file("pyproject.toml", INSTALLED.replace("perl = []", 'perl = "perl"'))
    outer = "package Outer;\nuse List::Util qw(max);\nsub f { return max(@_) }\n1;\n"
    project.file("perl/Outer.pm", outer)
    project.file(
        "port/unit.py",
        "import statistics\n\n\ndef f(x: float, y: float) -> float:\n"
        "    return statistics.fmean([x, y])\n",
    )
    done = project.run(cases=5)
    assert done.pair("unit.f")["verdict"] == "differs"
    assert done.pair("statistics.fmean")["verdict"] == "differs"  # a list's address is no mean
    project.file("pyproject.toml", INSTALLED)
    assert "Outer.pm" in project.run(cases=5).pair("unit.f")["reason"]
