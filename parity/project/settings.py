"""The settings: the table [tool.parity] of the nearest pyproject.toml."""

from __future__ import annotations

import math
import os
import shlex
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from parity.errors import UsageError
from parity.project.did_you_mean import did_you_mean

CONTEXTS = ("scalar", "list", "void")


@dataclass(frozen=True)
class Declared:
    """What the settings say about one pair; "" and None where they say nothing.

    python: the port, as MODULE:FUNCTION. context: in which the sub is called: scalar, list or
    void. method: the sub is called as a class method. timeout: seconds a call may take.
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
    timeout: seconds a call may take. memory: MiB that each process of a pair may take.
    srand: what Perl's generator is seeded with before each call; seed: the function
    (MODULE:FUNCTION) that seeds the port's, called with the same number.
    names: rules that pair names by pattern. pairs: what is declared, by the sub's name.
    not_ported, python_only: patterns of names without a partner, and the reasons.
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
            found = _Table(file).read(tool["parity"], _SETTINGS, _FOLDERS)
            cases = Path(os.path.normpath(folder / "tests/cases"))
            return Settings(**{"root": folder, "cases": cases} | found)
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


# --- reading ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    """A table of the file: its errors name the file, the table and the key."""

    file: Path
    title: str = "[tool.parity]"

    def wrong(self, text: str) -> UsageError:
        return UsageError(f"{self.file}: {self.title} {text}")

    def inner(self, key: str) -> _Table:
        return replace(self, title=f"{self.title[:-1]}.{key}]")

    def read(
        self, table: Any, keys: Mapping[str, _Read], required: Mapping[str, str]
    ) -> dict[str, Any]:
        """The values of a table, each read as `keys` says. required: what is said if one lacks."""
        for key in self.checked(table):
            if key not in keys:
                hint = did_you_mean(key, keys, "`{}`", f"; the keys are {', '.join(keys)}")
                raise self.wrong(f"has an unknown key `{key}`{hint}")
        for key, text in required.items():
            if key not in table:
                raise self.wrong(text)
        return {key: read(self, key, table[key]) for key, read in keys.items() if key in table}

    def checked(self, table: Any) -> dict[str, Any]:
        if not isinstance(table, dict):
            raise self.wrong("is not a table")
        return table


_Read = Callable[[_Table, str, Any], Any]  # reads the value of a key of a table


def _text(table: _Table, key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise table.wrong(f"`{key}` is {value!r}, not a str")
    return value


def _texts(table: _Table, key: str, value: Any) -> tuple[str, ...]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(one, str) for one in words):
        raise table.wrong(f"`{key}` is {words!r}, not a str or a list of them")
    return tuple(words)


def _flag(table: _Table, key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise table.wrong(f"`{key}` is {value!r}, not true or false")
    return value


def _number(kind: type, least: int, table: _Table, key: str, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int if kind is int else (int, float)):
        raise table.wrong(f"`{key}` is {value!r}, not a {kind.__name__}")
    if not least < value < math.inf:
        raise table.wrong(f"`{key}` is {value!r}, not more than {least}")
    return value


def _folder(table: _Table, key: str, value: Any) -> Path:
    path = Path(os.path.normpath(table.file.parent / _text(table, key, value)))
    if not path.is_dir():
        raise table.wrong(f"`{key}` names a folder that is not there: {path}")
    return path


def _folders(table: _Table, key: str, value: Any) -> tuple[Path, ...]:
    return tuple(_folder(table, key, one) for one in _texts(table, key, value))


def _qualified(table: _Table, key: str, value: Any) -> str:
    if not all(_text(table, key, value).partition(":")[::2]):
        raise table.wrong(f"`{key}` is {value!r}, not MODULE:NAME")
    return str(value)


def _context(table: _Table, key: str, value: Any) -> str:
    if _text(table, key, value) not in CONTEXTS:
        raise table.wrong(f"`{key}` is {value!r}, not {', '.join(CONTEXTS)}")
    return str(value)


def _command(table: _Table, key: str, value: Any) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(_text(table, key, value)))
    except ValueError as error:
        raise table.wrong(f"`{key}` is {value!r}: {error}") from None
    if not words:
        raise table.wrong(_COMMANDS[key])
    script = table.file.parent / words[0]
    if (key == "perl" or script.suffix == ".py") and not script.is_file():
        raise table.wrong(f"`{key}` names a script that is not there: {script}")
    return words


def _each(read: _Read, table: _Table, key: str, value: Any) -> dict[str, Any]:
    """A table whose keys are names: each value read alike."""
    inner = table.inner(key)
    return {name: read(inner, name, one) for name, one in inner.checked(value).items()}


def _pair(table: _Table, name: str, value: Any) -> Declared:
    value = {"python": value} if isinstance(value, str) else value
    return Declared(**table.inner(f'"{name}"').read(value, _PAIR, {}))


def _program(table: _Table, name: str, value: Any) -> Program:
    return Program(**table.inner(f'"{name}"').read(value, _PROGRAM, _COMMANDS))


_SECONDS = partial(_number, float, 0)
_COUNT = partial(_number, int, 0)
_FOLDERS = {
    key: f'does not say where the {key.title()} code is: {key} = "FOLDER" '
    "([] where it is in installed modules only)"
    for key in ("perl", "python")
}
_COMMANDS = {
    "perl": 'does not say what to start: perl = "SCRIPT.pl"',
    "python": 'does not say what to start: python = "SCRIPT.py, -m MODULE or any command"',
}
_SETTINGS: dict[str, _Read] = {
    "perl": _folders,
    "python": _folders,
    "cases": _folder,
    "vectorized": _folder,
    "exe": _text,
    "env": partial(_each, _text),
    "timeout": _SECONDS,
    "memory": _COUNT,
    "srand": partial(_number, int, -1),
    "seed": _text,
    "names": partial(_each, _text),
    "pairs": partial(_each, _pair),
    "not_ported": partial(_each, _text),
    "python_only": partial(_each, _text),
    "programs": partial(_each, _program),
}
_PAIR: dict[str, _Read] = {
    "python": _qualified,
    "context": _context,
    "method": _flag,
    "timeout": _SECONDS,
    "inputs": _qualified,
}
_PROGRAM: dict[str, _Read] = {
    "perl": _command,
    "python": _command,
    "names": _texts,
    "timeout": _SECONDS,
    "cases": _COUNT,
}
