"""The settings: the table [tool.parity] of the nearest pyproject.toml."""

from __future__ import annotations

import difflib
import math
import os
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from parity import UsageError


@dataclass(frozen=True)
class Settings:
    """Where the two sides are, and how they are run.

    root: the folder of pyproject.toml; the other paths of the file are relative to it.
    perl, python: the two folders. cases: the folder of cases files.
    vectorized: a folder with NumPy versions of the ports, which is not part of the port itself.
    exe: the perl, with options if need be. timeout: seconds one call may take.
    memory: MiB that the processes of one pair may each take.
    """

    root: Path
    perl: Path
    python: Path
    cases: Path
    vectorized: Path | None = None
    exe: str = "perl"
    timeout: float = 10.0
    memory: int = 4096

    @property
    def report(self) -> Path:
        """Where the verdicts of the last runs are kept."""
        return self.root / ".parity" / "report.json"


KEYS: dict[str, tuple[type, ...]] = {
    "perl": (str,),
    "python": (str,),
    "cases": (str,),
    "vectorized": (str,),
    "exe": (str,),
    "timeout": (int, float),
    "memory": (int,),
}


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
            return _check(file, tool["parity"])
    raise UsageError(
        f"no pyproject.toml with a table [tool.parity] in {start} or above it; write one: "
        '[tool.parity] perl = "FOLDER" python = "FOLDER"'
    )


def override(settings: Settings, **changes: Any) -> Settings:
    """The settings with the options of the command line in their place."""
    if not 0 < (changes.get("timeout") or 1) < math.inf:
        raise UsageError(f"--timeout {changes['timeout']} is not a number of seconds")
    return replace(settings, **{key: value for key, value in changes.items() if value is not None})


def _check(file: Path, table: Any) -> Settings:
    def wrong(text: str) -> UsageError:
        return UsageError(f"{file}: [tool.parity] {text}")

    if not isinstance(table, dict):
        raise wrong("is not a table")
    for key, value in table.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(KEYS)}"
            raise wrong(f"has an unknown key `{key}`; {hint}")
        if not isinstance(value, KEYS[key]) or isinstance(value, bool):
            raise wrong(f"`{key}` is {value!r}, not a {KEYS[key][-1].__name__}")
    for key in ("timeout", "memory"):
        if key in table and not 0 < table[key] < math.inf:
            raise wrong(f"`{key}` is {table[key]!r}, not more than 0")
    root = file.parent
    for key in ("perl", "python"):
        if key not in table:
            raise wrong(f'does not say where the {key.title()} code is: {key} = "FOLDER"')
    folders: dict[str, Any] = {}
    for key in ("perl", "python", "cases", "vectorized"):
        if key == "vectorized" and key not in table:
            continue
        folders[key] = Path(os.path.normpath(root / table.get(key, "tests/cases")))
        if key in table and not folders[key].is_dir():
            raise wrong(f"`{key}` names a folder that is not there: {folders[key]}")
    rest = {key: value for key, value in table.items() if key not in folders}
    return Settings(root=root, **folders, **rest)
