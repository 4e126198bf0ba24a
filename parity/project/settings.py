"""The settings: the table [tool.parity] of the nearest pyproject.toml."""

from __future__ import annotations

import difflib
import math
import os
import shlex
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from parity.errors import UsageError

WORDS = {"perl": "SCRIPT.pl", "python": "SCRIPT.py, -m MODULE or any command"}
CONTEXTS = ("scalar", "list", "void")


@dataclass(frozen=True)
class Declared:
    """What the settings say about one pair; "" and None where they say nothing.

    python: the port, as MODULE:FUNCTION. context: in which the sub is called: scalar, list or
    void. method: the sub is called as a class method. timeout: seconds one call may take.
    inputs: its entry in another cases file, as FILE:NAME.
    """

    python: str = ""
    context: str = ""
    method: bool = False
    timeout: float | None = None
    inputs: str = ""


@dataclass(frozen=True)
class Program:
    """A Perl script and the Python command that takes its place.

    perl: the script and its first arguments. python: a script X.py, -m MODULE or any command, and
    its first arguments. names: texts that count as equal where they are printed.
    timeout: seconds a run may take. cases: how many runs are drawn at most.
    """

    perl: tuple[str, ...]
    python: tuple[str, ...]
    names: tuple[str, ...] = ()
    timeout: float | None = None
    cases: int = 20


@dataclass(frozen=True)
class Settings:
    """Where the two sides are, and how they are run.

    root: the folder of pyproject.toml; the other paths of the file are relative to it.
    perl, python: the folders, in the order in which they are searched.
    cases: the folder of cases files.
    vectorized: a folder with NumPy versions of the ports, which is not part of the port itself.
    exe: the perl, with options if need be. env: variables set for both sides.
    timeout: seconds one call may take. memory: MiB that the processes of a pair may each take.
    srand: what Perl's generator is seeded with before each call; seed: the function
    (MODULE:FUNCTION) that seeds the port's, called with the same number.
    names: rules that pair names by pattern. pairs: pairs by the sub's name.
    not_ported, python_only: patterns of what has no partner, and why.
    programs: the scripts that are pairs, by name.
    """

    root: Path
    perl: tuple[Path, ...]
    python: tuple[Path, ...]
    cases: Path
    vectorized: Path | None = None
    exe: str = "perl"
    env: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 10.0
    memory: int = 4096
    srand: int | None = None
    seed: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    pairs: Mapping[str, Declared] = field(default_factory=dict)
    not_ported: Mapping[str, str] = field(default_factory=dict)
    python_only: Mapping[str, str] = field(default_factory=dict)
    programs: Mapping[str, Program] = field(default_factory=dict)

    @property
    def report(self) -> Path:
        """Where the verdicts of the last runs are kept."""
        return self.root / ".parity" / "report.json"

    def cases_file(self, module: str) -> Path:
        """Where the cases for the functions of a Python module are."""
        return self.cases.joinpath(*module.split(".")).with_suffix(".py")


def load(start: Path | None = None) -> Settings:
    """The settings that hold in a folder (default: the current one). Raises UsageError."""
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if not file.is_file():
            continue
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise UsageError(f"{file}: {error}") from None
        tool = table.get("tool", {})
        if isinstance(tool, dict) and "parity" in tool:
            return _Reader(file).settings(tool["parity"])
    raise UsageError(
        f"no pyproject.toml with a table [tool.parity] in {start} or above it; write one: "
        '[tool.parity] perl = "FOLDER" python = "FOLDER"'
    )


def override(settings: Settings, **changes: Any) -> Settings:
    """The settings with the options of the command line in their place."""
    timeout = changes.get("timeout")
    if not 0 < (timeout or 1) < math.inf:
        raise UsageError(f"--timeout {timeout} is not a number of seconds")
    if timeout:
        for table in ("pairs", "programs"):
            said = getattr(settings, table)
            changes[table] = {name: replace(one, timeout=None) for name, one in said.items()}
    return replace(settings, **{key: value for key, value in changes.items() if value is not None})


@dataclass(frozen=True)
class _Reader:
    """Reads and checks the table; an error names the file, the table and the key."""

    file: Path
    title: str = "[tool.parity]"

    def wrong(self, text: str) -> UsageError:
        return UsageError(f"{self.file}: {self.title} {text}")

    def inner(self, key: str) -> _Reader:
        return replace(self, title=f"{self.title[:-1]}.{key}]")

    def settings(self, table: Any) -> Settings:
        keys = [one.name for one in fields(Settings) if one.name != "root"]
        self.check_keys(table, keys)
        for key in ("perl", "python"):
            if key not in table:
                raise self.wrong(
                    f'does not say where the {key.title()} code is: {key} = "FOLDER" '
                    "([] where it is in installed modules only)"
                )
        root = self.file.parent
        found: dict[str, Any] = {
            "root": root,
            "perl": self.folders(table, "perl"),
            "python": self.folders(table, "python"),
            "cases": Path(os.path.normpath(root / "tests/cases")),
        }
        for key in ("cases", "vectorized"):
            if key in table:
                found[key] = self.folder(key, self.text(table, key))
        for key in ("exe", "seed"):
            if key in table:
                found[key] = self.text(table, key)
        for key in ("env", "names", "not_ported", "python_only"):
            if key in table:
                found[key] = self.inner(key).texts(table[key])
        if "srand" in table:
            found["srand"] = self.number(table, "srand", int, least=-1)
        for key, kind in (("timeout", float), ("memory", int)):
            if key in table:
                found[key] = self.number(table, key, kind)
        pairs = self.inner("pairs")
        pairs.check_keys(table.get("pairs", {}))
        found["pairs"] = {
            name: pairs.inner(f'"{name}"').pair(value)
            for name, value in table.get("pairs", {}).items()
        }
        programs = self.inner("programs")
        programs.check_keys(table.get("programs", {}))
        found["programs"] = {
            name: programs.inner(f'"{name}"').program(value)
            for name, value in table.get("programs", {}).items()
        }
        return Settings(**found)

    def pair(self, value: Any) -> Declared:
        if isinstance(value, str):
            value = {"python": value}
        self.check_keys(value, [one.name for one in fields(Declared)])
        found: dict[str, Any] = {
            key: self.text(value, key) for key in ("python", "context", "inputs") if key in value
        }
        for key in ("python", "inputs"):
            if key in found and not all(found[key].partition(":")[::2]):
                raise self.wrong(f"`{key}` is {found[key]!r}, not MODULE:NAME")
        if found.get("context", "list") not in CONTEXTS:
            raise self.wrong(f"`context` is {found['context']!r}, not {', '.join(CONTEXTS)}")
        if "method" in value:
            if not isinstance(value["method"], bool):
                raise self.wrong(f"`method` is {value['method']!r}, not true or false")
            found["method"] = value["method"]
        if "timeout" in value:
            found["timeout"] = self.number(value, "timeout", float)
        return Declared(**found)

    def program(self, value: Any) -> Program:
        self.check_keys(value, [one.name for one in fields(Program)])
        found: dict[str, Any] = {}
        for key in ("perl", "python"):
            try:
                found[key] = tuple(shlex.split(self.text(value, key) if key in value else ""))
            except ValueError as error:
                raise self.wrong(f"`{key}` is {value[key]!r}: {error}") from None
            if not found[key]:
                raise self.wrong(f'does not say what to start: {key} = "{WORDS[key]}"')
        for key in ("perl", "python"):
            script = self.file.parent / found[key][0]
            if (key == "perl" or script.suffix == ".py") and not script.is_file():
                raise self.wrong(f"`{key}` names a script that is not there: {script}")
        if "names" in value:
            found["names"] = self.listed(value, "names")
        for key, kind in (("timeout", float), ("cases", int)):
            if key in value:
                found[key] = self.number(value, key, kind)
        return Program(**found)

    def check_keys(self, table: Any, keys: Iterable[str] | None = None) -> None:
        if not isinstance(table, dict):
            raise self.wrong("is not a table")
        for key in table:
            if keys is not None and key not in keys:
                near = difflib.get_close_matches(key, keys, n=1)
                hint = f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(keys)}"
                raise self.wrong(f"has an unknown key `{key}`; {hint}")

    def text(self, table: dict[str, Any], key: str) -> str:
        if not isinstance(table[key], str):
            raise self.wrong(f"`{key}` is {table[key]!r}, not a str")
        return str(table[key])

    def texts(self, table: Any) -> dict[str, str]:
        self.check_keys(table)
        return {key: self.text(table, key) for key in table}

    def listed(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        value = table[key]
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(f"`{key}` is {value!r}, not a str or a list of them")
        return tuple(value)

    def number(self, table: dict[str, Any], key: str, kind: type, least: int = 0) -> Any:
        value = table[key]
        if isinstance(value, bool) or not isinstance(value, int if kind is int else (int, float)):
            raise self.wrong(f"`{key}` is {value!r}, not a {kind.__name__}")
        if not least < value < math.inf:
            raise self.wrong(f"`{key}` is {value!r}, not more than {least}")
        return value

    def folders(self, table: dict[str, Any], key: str) -> tuple[Path, ...]:
        return tuple(self.folder(key, name) for name in self.listed(table, key))

    def folder(self, key: str, name: str) -> Path:
        path = Path(os.path.normpath(self.file.parent / name))
        if not path.is_dir():
            raise self.wrong(f"`{key}` names a folder that is not there: {path}")
        return path
