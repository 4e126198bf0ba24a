"""The report for programs, as strict JSON; docs/report.schema.json describes it."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from parity.errors import UsageError
from parity.verdict import Verdict

_SURROGATE = re.compile("[\ud800-\udfff]")  # UTF-8 has no bytes for half a character


class Writable(Protocol):
    """A text file, as far as it is needed here."""

    def write(self, text: str, /) -> object:
        """Write a text."""


def document(verdicts: Iterable[Verdict], seed: int, perl: str) -> dict[str, Any]:
    """The report. perl: its version."""
    return {
        "seed": seed,
        "perl": perl,
        "python": platform.python_version(),
        "pairs": [verdict.to_json() for verdict in verdicts],
    }


def write(report: dict[str, Any], file: str, stdout: Writable) -> None:
    """Write a report to a file; `-` is standard output. Raises UsageError."""
    text = json.dumps(report, indent=2, allow_nan=False, ensure_ascii=False)
    text = _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"
    if file == "-":
        stdout.write(text)
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write the report {file}: {error.strerror}") from None
