"""Reading [tool.parity]: each mistake is named with its file, table and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Project

from parity.errors import UsageError
from parity.project import pairs, settings

TABLE = '[tool.parity]\nperl = "perl"\npython = "port"\n'


SETTINGS = [  # a pyproject.toml, what the line has to hold
    (f"{TABLE}timeuot = 3\n", ["`timeuot`", "did you mean `timeout`?"]),
    ('[tool.parity]\nperl = "perl"\npyton = "port"\n', ["`pyton`", "did you mean `python`?"]),
    (f"{TABLE}zzz = 3\n", ["`zzz`", "timeout", "memory"]),
    (f'{TABLE}timeout = "3"\n', ["`timeout`", "'3'"]),
    (f"{TABLE}timeout = true\n", ["`timeout`"]),
    (f"{TABLE}timeout = 0\n", ["`timeout`"]),
    (f"{TABLE}timeout = -1\n", ["`timeout`", "-1"]),
    (f"{TABLE}timeout = nan\n", ["`timeout`"]),
    (f"{TABLE}memory = 0\n", ["`memory`"]),
    (f"{TABLE}memory = 0.5\n", ["`memory`"]),
    (f"{TABLE}exe = 5\n", ["`exe`"]),
    (f'{TABLE}cases = "csaes"\n', ["`cases`", "csaes"]),
    ('[tool.parity]\nperl = 5\npython = "port"\n', ["`perl`", "5"]),
    ('[tool.parity]\nperl = "prel"\npython = "port"\n', ["`perl`", "prel"]),
    ('[tool.parity]\nperl = "perl"\npython = "prot"\n', ["`python`", "prot"]),
    ('[tool.parity]\nperl = "perl"\npython = "port/alpha.py"\n', ["`python`", "alpha.py"]),
    ('[tool.parity]\nperl = "perl"\n', ["python = "]),
    ('[tool.parity]\npython = "port"\n', ["perl = "]),
    ("[tool]\nparity = 3\n", ["not a table"]),
    ("tool = 3\n", ["[tool.parity]", "perl =", "python ="]),
    ("[tool.other]\n", ["[tool.parity]"]),
    ("[tool.parity\n", ["line 1"]),
    ('[tool.parity]\nperl = "perl"\nperl = "perl"\n', ["line 3"]),
    ("\udcff\udcfe", []),  # bytes that are no text
]
LINES = [
    ('pairz = { "A::b" = "c:d" }', "did you mean `pairs`?"),
    ('pairs = { "A::b" = "c.d" }', "not MODULE:NAME"),
    ('pairs = { "A::b" = { python = "c:d", contxt = "list" } }', "did you mean `context`?"),
    ('pairs = { "A::b" = { python = "c:d", context = "array" } }', "not scalar, list, void"),
    ('pairs = { "A::b" = { python = "c:d", timeout = 0 } }', "not more than 0"),
    ('pairs = { nothing = "c:d" }', "no sub has that name"),
    ('pairs = { "main::f" = "c:d" }', "is named after its file: unit.f"),
    ("env = { A = 1 }", "not a str"),
    ('srand = "x"', "not a int"),
    ('names = "A"', "is not a table"),
]
WRONG_PROGRAMS = [
    ("", "does not say what to start: perl = "),
    ('perl = "x.pl"', 'does not say what to start: python = "SCRIPT.py, -m MODULE or any command"'),
    ('perl = "gone.pl", python = "x.py"', "`perl` names a script that is not there: "),
    ('perl = "x.pl", python = "gone.py"', "`python` names a script that is not there: "),
    ('perl = "x.pl \'a", python = "x.py"', '`perl` is "x.pl \'a": No closing quotation'),
    ('perl = ["x.pl"], python = "x.py"', "not a str"),
    ('perl = "x.pl", python = "x.py", name = "x"', "unknown key `name`; did you mean `names`?"),
    ('perl = "x.pl", python = "x.py", names = [1]', "not a str or a list of them"),
    ('perl = "x.pl", python = "x.py", timeout = 0', "`timeout` is 0, not more than 0"),
    ('perl = "x.pl", python = "x.py", cases = 1.5', "`cases` is 1.5, not a int"),
]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path, "perl")
    project.pair("sub f { 1 }", "def f() -> int:\n    return 1\n")
    return project


def mistake(project: Project) -> str:
    """What is said of the settings, and of the pairs that they declare."""
    with pytest.raises(UsageError) as raised:
        pairs.find(settings.load(project.root))
    return str(raised.value)


@pytest.mark.parametrize(("text", "said"), SETTINGS)
def test_wrong_settings(project: Project, text: str, said: list[str]) -> None:
    (project.root / "pyproject.toml").write_text(text, "utf-8", "surrogateescape")
    found = mistake(project)
    assert "pyproject.toml" in found
    assert [one for one in said if one not in found] == [], found


@pytest.mark.parametrize(("line", "said"), LINES, ids=[line for line, _ in LINES])
def test_a_wrong_line(project: Project, line: str, said: str) -> None:
    project.settings(line)
    assert said in mistake(project)


@pytest.mark.parametrize(("keys", "said"), WRONG_PROGRAMS)
def test_a_wrong_program(project: Project, keys: str, said: str) -> None:
    for name in ("x.pl", "x.py"):
        project.file(name, "")
    project.settings(f"programs = {{ x = {{ {keys} }} }}")
    found = mistake(project)
    assert '[tool.parity.programs."x"]' in found
    assert said in found


def test_what_is_read(project: Project) -> None:
    project.file("bin/a.pl", "")
    project.settings(
        """
        env = { A = "1" }
        timeout = 3
        srand = 0
        [tool.parity.pairs]
        "unit.f" = { python = "unit:f", context = "list", method = true, inputs = "other:f" }
        "unit.g" = "unit:f"
        [tool.parity.programs]
        a = { perl = "bin/a.pl 'x y'", python = "sh", names = "a.pl", cases = 3 }
        """
    )
    found = settings.load(project.root / "perl")
    assert (found.root, found.perl, found.cases) == (
        project.root,
        (project.root / "perl",),
        project.root / "cases",
    )
    assert (found.env, found.timeout, found.srand, found.memory) == ({"A": "1"}, 3, 0, 4096)
    assert found.pairs == {
        "unit.f": settings.Declared("unit:f", "list", True, None, "other:f"),
        "unit.g": settings.Declared("unit:f"),
    }
    command = ("bin/a.pl", "x y")
    assert found.programs == {"a": settings.Program(command, ("sh",), ("a.pl",), None, 3)}


def test_cases_are_in_tests_unless_the_settings_say_where(project: Project) -> None:
    project.file("pyproject.toml", TABLE)
    assert settings.load(project.root).cases == project.root / "tests" / "cases"


def test_a_pair_has_its_own_timeout(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    port = "def f(x: float) -> float:\n    return x\n"
    project.file("perl/Slow.pm", "package Slow;\nsub f { sleep 30; return $_[0] }\n1;\n")
    project.file("port/Slow.py", port)
    project.settings('[tool.parity.pairs]\n"Slow::f" = { timeout = 0.5 }\n')
    entry = project.run(cases=1).pair("Slow.f")
    assert "did not return within 0.5 s" in entry["reason"]
