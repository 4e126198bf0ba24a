"""README.md does what it says, and README.ja.md says the same."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Project, parity

ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
JAPANESE = (ROOT / "README.ja.md").read_text(encoding="utf-8")
READMES = [pytest.param(ENGLISH, id="en"), pytest.param(JAPANESE, id="ja")]

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*\b")


@pytest.fixture
def exe() -> str:
    return "perl"


def blocks(readme: str) -> list[tuple[str, str]]:
    """The code blocks: language and text."""
    return [(match[2], textwrap.dedent(match[3])) for match in FENCE.finditer(readme)]


def prose(readme: str) -> str:
    return FENCE.sub("", readme)


def section(readme: str, heading: str) -> str:
    """What stands below a heading, up to the next heading of any level."""
    _, found, rest = readme.partition(f"\n{heading}\n")
    assert found, f"there is no {heading}"
    return re.split(r"^#+ ", FENCE.sub(lambda m: m[0].replace("\n#", "\n #"), rest), flags=re.M)[0]


def block_with(text: str) -> str:
    """The one code block that holds a text."""
    (found,) = (block for _, block in blocks(ENGLISH) if text in block)
    return found


# --- what the reader is told to do ------------------------------------------------------------


def test_the_worked_example_gives_an_identical_pair(tmp_path: Path) -> None:
    for name in ("perl_reference", "pybackprop", "tests/cases"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    example = section(ENGLISH, "## Add a pair")
    steps = re.findall(r"^\d\. `(.+)`\n(?:\n((?: {3}.*\n|\n)+))?", example, re.MULTILINE)
    assert [bool(code) for _, code in steps] == [True, True, False]
    for file, code in steps[:2]:
        ((_, text),) = [(m[2], textwrap.dedent(m[3])) for m in FENCE.finditer(code)]
        assert not (tmp_path / file).exists()
        (tmp_path / file).write_text(text, encoding="utf-8")
    command, *words = steps[2][0].split()
    assert command == ".venv/bin/parity"

    done = parity(tmp_path, *words)
    assert done.status == 0, done.out + done.err
    assert re.search(r"^ +norm\.squared_norm +identical +1,000 cases", done.out, re.MULTILINE)
    assert "\n1 pair: 1 identical" in done.out


def test_the_first_hour(tmp_path: Path) -> None:
    """Each step is a file that is written, or a command and what it prints."""
    text = section(ENGLISH, "### The first hour")
    commands = 0
    for step in re.split(r"^(?=\d\. `)", text, flags=re.MULTILINE)[1:]:
        (file,) = re.findall(r"\A\d\. `(.+)`", step)
        (_, content), *consoles = blocks(step)
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        for _, console in consoles:
            for command, said in re.findall(r"^\$ (.+)\n((?:[^$].*\n)*)", console, re.MULTILINE):
                if command.startswith("mkdir"):
                    subprocess.run(shlex.split(command), cwd=tmp_path, check=True)
                    continue
                seed = ["--seed", "1"] if command.startswith("parity run") else []
                done = parity(tmp_path, *shlex.split(command)[1:], *seed)
                commands += 1
                whole = re.escape(same(said)).replace(re.escape("…\n"), "(?:.*\n)*")
                printed = same(done.out.replace(f"{tmp_path}/", ""))
                assert re.fullmatch(whole, printed), printed + done.err
    assert commands == 6
    assert done.status == 0


def test_the_program_prints_what_is_said(tmp_path: Path) -> None:
    """In the project that the first hour ends with."""
    for step in re.split(r"^(?=\d\. `)", section(ENGLISH, "### The first hour"), flags=re.M)[1:]:
        (file,) = re.findall(r"\A\d\. `(.+)`", step)
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(blocks(step)[0][1], encoding="utf-8")
    (_, program), (_, said) = blocks(section(ENGLISH, "## From Python"))
    assert "path/to/project" in program
    words = [sys.executable, "-c", program.replace("path/to/project", str(tmp_path))]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert sorted(done.stdout.splitlines()) == sorted(said.splitlines()), done.stderr


def same(printed: str) -> str:
    """What is printed, without the time and the counts that hang on what Hypothesis draws."""
    lines = [re.sub(r" · [\d.]+ s · seed 1$|^  note .*", "", line) for line in printed.splitlines()]
    lines = [re.sub(r"\b\d+ (under known|of 1000)", r"N \1", line) for line in lines]
    return "".join(f"{' '.join(line.split())}\n" for line in lines)


def test_the_cases_file_is_obeyed(project: Project) -> None:
    text = block_with("cross_entropy_cost = Cases(")
    name = re.findall(r"^(\w+) = Cases\(", text, re.MULTILINE)[0]
    project.pair(
        # dies where the vectors have two lengths or hold what is no probability
        f"""
        sub {name} {{
            my ($outputs, $desired) = @_;
            die "lengths" if @$outputs != @$desired;
            for (@$outputs, @$desired) {{ die "no probability" if !($_ >= 0 && $_ <= 1) }}
            return scalar @$outputs;
        }}
        """,
        f"def {name}(outputs: list[float], desired: list[float]) -> int:\n"
        "    return len(outputs)\n",
    )
    assert project.run(cases=60).pair(f"unit.{name}")["verdict"] == "differs"
    project.file("cases/unit.py", text)
    entry = project.run(cases=60).pair(f"unit.{name}")
    assert entry["verdict"] == "identical", entry


def test_the_settings_shown_work(tmp_path: Path) -> None:
    text = block_with("vectorized = ")
    table = tomllib.loads(text)["tool"]["parity"]
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    for key in ("perl", "python", "cases", "vectorized"):
        (tmp_path / table[key]).mkdir(parents=True)
    perl = re.findall(r"`(lib/\w+\.pl)` and `(src/\w+/\w+\.py)` belong together", ENGLISH)
    ((perl_file, python_file),) = perl
    (tmp_path / perl_file).write_text("sub value { return $_[0] * 0.5 }\n1;\n")
    package = tmp_path / table["python"] / "__init__.py"
    package.write_text("")
    (tmp_path / python_file).write_text("def value(x: float) -> float:\n    return x * 0.5\n")
    done = parity(tmp_path, "run", "--cases", "50")
    assert done.status == 0, done.out + done.err
    assert "stock.value  identical" in done.out


def test_the_programs_print_what_is_said() -> None:
    text = block_with("perl_reference/programs/liner_derivative")
    lines = re.findall(r"^(\S+) (.+?) +# (.+)$", text, re.MULTILINE)
    assert len(lines) == 2
    for command, words, said in lines:
        exe = {"perl": "perl", ".venv/bin/python": sys.executable}[command]
        done = subprocess.run([exe, *words.split()], cwd=ROOT, capture_output=True, text=True)
        assert done.stdout.split() == [said], done.stderr


# --- the command line -------------------------------------------------------------------------


def helps() -> dict[str, str]:
    return {
        command: parity(ROOT, command, "--help").out
        for command in ("run", "list", "show", "call", "new")
    }


def test_every_option_is_known_and_told() -> None:
    texts = helps()
    told = set(OPTION.findall(ENGLISH)) - {"--extra", "-m"}  # uv's and python's
    plugin = set(OPTION.findall((ROOT / "parity/pytest_plugin.py").read_text(encoding="utf-8")))
    program = [sys.executable, "-m", "pybackprop.programs.train_digits", "--help"]
    trains = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"--parity", "--parity-seed"} <= told & plugin
    told -= plugin | set(OPTION.findall(trains)) - {"--seed"}
    told -= {"-n"}  # pytest-xdist's
    assert {"--cases", "--seed", "--jobs", "--json", "-x", "--perl"} <= told
    known = {option for text in texts.values() for option in OPTION.findall(text)}
    assert told <= known, told - known
    shown = set(re.findall(r"^ +(--?[a-z-]+)", texts["run"], re.MULTILINE)) - {"--help"}
    assert shown <= told, f"README.md does not tell of {shown - told}"


def test_every_option_of_run_is_accepted(project: Project) -> None:
    usage = block_with("parity run [NAME…]")
    run = usage[usage.index("parity run [NAME…]") : usage.index("parity list")]
    run = run.replace("--scheduler ADDRESS", "")  # which needs a cluster
    values = {"N": "3", "S": "2", "FILE": "told.json", "PERL": "perl", "PERCENT": "50"}
    words = []
    for option, value in re.findall(r"(--?[a-z][a-z-]*)(?: ([A-Z]+)\b)?", run):
        words += [option, values[value]] if value else [option]
    assert len(words) > 10
    project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x")
    done = project.parity("run", *words, "unit.*")
    assert done.status == 0, done.err + done.out
    assert json.loads((project.root / "told.json").read_text())["seed"] == 2


def test_every_command_is_told() -> None:
    usage = block_with("parity run [NAME…]")
    told = set(re.findall(r"^parity (\w+)", usage, re.MULTILINE)) - {"the"}
    listed = parity(ROOT, "--help").out.partition("Commands:")[2].partition("\n\n")[0]
    assert told == set(re.findall(r"^  (\w+) ", listed, re.MULTILINE))


# --- the report and the exit status -----------------------------------------------------------

UNITS = {
    "same": (
        "sub f { return $_[0] * 0.5 }",
        "def f(x: float) -> float:\n    return x * 0.5",
    ),
    "explained": (
        "sub f { return $_[0] + $_[1] }",
        "def f(x: float, y: float) -> float:\n    return x + y",
    ),
    "wrong": (
        "sub f { return $_[0] * 3.0 }",
        "def f(x: float) -> float:\n    return x * 3.0000001",
    ),
    "stateful": (
        "my $calls = 0; sub f { return ++$calls > 1 ? 1.0 : 0.0 }",
        "def f(x: float) -> float:\n    return 0.0",
    ),
    "calls": (
        "sub g { return $_[0] * 2.0 }\nsub f { return g($_[0]) + 1.5 }",
        "def g(x: float) -> float:\n    return x * 2.0\n\n\n"
        "def f(x: float) -> float:\n    return g(x) + 2.5",
    ),
    "unhinted": ("sub f { return $_[0] }", "def f(x):\n    return x"),
}


def test_the_report_has_the_fields_that_are_told(project: Project) -> None:
    for stem, (perl, python) in UNITS.items():
        project.pair(perl, python, stem)
    text = section(ENGLISH, "## The JSON report")
    top = json.loads(re.sub(r"\[PAIR, …\]", "[]", block_with('"pairs": [PAIR')))
    fields = set(re.findall(r"`([a-z_]+)`", text.partition("It is strict JSON")[0]))
    fields -= {"vectorized", "numpy", "worst_share", "undecided"}  # only with NumPy versions
    assert {"name", "worst_explained", "distance", "reproduce", "reason"} <= fields

    report = project.run().report
    assert set(report) == set(top)
    verdicts = {entry["name"].partition(".")[0]: entry["verdict"] for entry in report["pairs"]}
    assert verdicts == {
        "same": "identical",
        "explained": "identical",
        "wrong": "differs",
        "stateful": "differs",
        "calls": "differs",
        "unhinted": "could not run",
    }
    assert all(f'"{verdict}"' in text for verdict in verdicts.values())

    found: set[str] = set()
    for entry in report["pairs"]:
        found |= set(entry)
        seen = entry.get("coverage", {})
        for inner in (entry.get("worst_explained"), entry.get("first_step"), *seen.values()):
            found |= set(inner) if isinstance(inner, dict) else set()
    assert fields <= found, f"told, but not there: {fields - found}"
    assert found <= fields, f"there, but not told: {found - fields}"
    always = set(re.findall(r"`(\w+)`", text.partition("A PAIR has ")[2].partition(";")[0]))
    assert len(always) == 5
    assert all(always <= set(entry) for entry in report["pairs"])


def test_the_exit_statuses() -> None:
    """Those that tests/commands/ and tests/whole/test_signals.py have a command end with."""
    assert told_statuses(ENGLISH) == [0, 1, 2, 3, 130, 143]


def told_statuses(readme: str) -> list[int]:
    return [int(number) for number in re.findall(r"^\| (\d+) \|", readme, re.MULTILINE)]


# --- both languages ---------------------------------------------------------------------------


@pytest.mark.parametrize("readme", READMES)
def test_links_lead_somewhere(readme: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", prose(readme))
    assert len(links) > 4
    for link in links:
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = ROOT / path if path else None
        assert target is None or target.exists(), link
        if anchor:
            text = target.read_text(encoding="utf-8") if target else readme
            assert anchor in anchors(text), link


def anchors(text: str) -> list[str]:
    headings = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("readme", READMES)
def test_files_that_are_named_exist(readme: str) -> None:
    named = re.findall(
        r"`((?:parity|pybackprop|perl_reference|tests)/[\w/.]*)`",
        readme.replace("norm.", "*").replace("price.py", "*"),
    )
    assert len(named) > 10
    assert not [name for name in named if not (ROOT / name).exists()]


def test_the_same_code_in_both_languages() -> None:
    english, japanese = blocks(ENGLISH), blocks(JAPANESE)
    assert [language for language, _ in english] == [language for language, _ in japanese]
    for (_, left), (_, right) in zip(english, japanese, strict=True):
        assert code(left) == code(right)


def code(block: str) -> list[Any]:
    """A block without its comments; of the list of commands, the commands and the options."""
    if block.startswith("parity "):
        lines = block.splitlines()
        commands = [re.split(r"\s{2,}", line)[0] for line in lines if line.startswith("parity")]
        return [*commands, *re.findall(r"--?[a-z][a-z-]*(?: [A-Z]+\b)?", block)]
    return [re.sub(r"(^|\s+)# .*", "", line) for line in block.splitlines()]


def test_the_same_structure_in_both_languages() -> None:
    def structure(readme: str) -> list[str]:
        text = prose(readme)
        found = re.findall(r"^(#+ |\| *`?[\w/.]*|\* \*\*[\w ()]+\*\*|\d\. .+)", text, re.MULTILINE)
        return [re.sub(r"^\| *[^`\d].*", "|", line, flags=re.ASCII) for line in found]

    def links(readme: str) -> list[str]:
        found = re.findall(r"\]\(([^)]+)\)", prose(readme))
        return [re.sub(r"^#.*", "#", link) for link in found if not link.startswith("README")]

    assert structure(ENGLISH) == structure(JAPANESE)
    assert links(ENGLISH) == links(JAPANESE)
    assert "](README.ja.md)" in ENGLISH and "](README.md)" in JAPANESE
    assert told_statuses(ENGLISH) == told_statuses(JAPANESE)


def test_the_same_names_in_both_languages() -> None:
    """Whatever stands in backquotes stands in both, as often."""

    def names(readme: str) -> list[str]:
        return sorted(re.findall(r"`([^`\n]+)`", prose(readme)))

    assert names(ENGLISH) == names(JAPANESE)
