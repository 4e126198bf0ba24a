"""Python source text, read with `ast`: functions, and where a module is imported from."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from parity.project.source import Source


def python_functions(folder: Path, file: Path) -> list[Source]:
    """The functions of a file in order, methods as CLASS.METHOD.

    If the file has a syntax error: whatever looks like a function at its top level.
    """
    text = file.read_text(encoding="utf-8", errors="replace")
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        matches = re.finditer(r"^def\s+(\w+)", text, re.MULTILINE)
        starts = [(match[1], text.count("\n", 0, match.start()) + 1) for match in matches]
        return [Source(folder, file, name, line, line) for name, line in starts]

    def functions(body: Sequence[ast.stmt], prefix: str) -> Iterator[Source]:
        for statement in body:
            if isinstance(statement, ast.ClassDef):
                yield from functions(statement.body, f"{prefix}{statement.name}.")
            elif isinstance(statement, ast.FunctionDef):
                first = min([statement.lineno, *(d.lineno for d in statement.decorator_list)])
                end = statement.end_lineno or first
                yield Source(folder, file, prefix + statement.name, first, end)

    return list(functions(body, ""))


def import_root(folder: Path) -> Path:
    """The folder from which a folder's modules are imported."""
    return import_root(folder.parent) if (folder / "__init__.py").is_file() else folder
