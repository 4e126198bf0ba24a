"""The first difference between two runs of programs: output, exit status, files."""

from __future__ import annotations

import itertools
import os
import re
import signal
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from parity.judge.equality import Difference
from parity.programs.run import Result

PIECE = 2**20  # bytes of a long line that are compared at a time
SHOWN = 400  # bytes of a line that are shown around a difference
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:e[-+]\d+)?")
# What die and warn add to a text without a newline; the script's name comes in between.
LOCATION = (
    rb" at (?:\S+\.p[lm]|\(eval \d+\)|%b) line \d+"
    rb"(?:, <[^>]*> (?:line|chunk) \d+)?(?: during global destruction)?\."
)

Place = tuple[str, str, tuple[object, object]]  # where, why, and both values


class Comparison:
    """Compares runs.

    script: the Perl file. names: texts that count as equal where they are printed.
    """

    def __init__(self, script: Path, names: Sequence[bytes]) -> None:
        # A script is started by its whole path, and prints that; the settings have its name.
        longest_first = sorted(names, key=len, reverse=True)
        inner = b"|".join(re.escape(name) for name in longest_first) or rb"(?!)"
        self._names = re.compile(rb"(?:/[^\s/]+)*/(?:%b)|(?:%b)" % (inner, inner))
        self._location = re.compile(LOCATION % re.escape(os.fsencode(script)))

    def difference(self, perl: Result, python: Result) -> Difference | None:
        """The first difference between two runs."""
        found = next(self._differences(perl, python), None)
        if found is None:
            return None
        where, why, both = found
        if perl.status != python.status:
            last = python.place.joinpath("err").read_bytes()[-SHOWN:].splitlines()[-1:]
            said = f", saying {as_text(last[0])!r}" if last and python.status else ""
            why = f"Perl {_ended(perl.status)}, Python {_ended(python.status)}{said}"
        return Difference(where, why, both[0], both[1], both)

    def _differences(self, perl: Result, python: Result) -> Iterator[Place]:
        """Where, why, and both values."""
        for (name, left), (_, right) in zip(perl.streams(), python.streams(), strict=True):
            yield from self._first_line(name, left, right, printed=True)
        if perl.status != python.status:
            yield "exit status", "", (perl.status, python.status)
        for path in sorted({*perl.tree, *python.tree}):
            name = f"the file {path.decode('utf-8', 'backslashreplace')}"
            kinds = (perl.tree.get(path), python.tree.get(path))
            if kinds[0] != kinds[1]:
                missing = [s for s, kind in zip(("Perl", "Python"), kinds, strict=True) if not kind]
                yield name, "".join(f"it is missing on the {s} side" for s in missing), kinds
            elif str(kinds[0]).endswith("file"):
                yield from self._first_line(name, perl.file(path), python.file(path))

    def _first_line(
        self, name: str, left: Path, right: Path, printed: bool = False
    ) -> Iterator[Place]:
        """The first line in which two files differ."""
        number, before = 1, 0  # before: bytes of the line in earlier pieces
        with left.open("rb") as one, right.open("rb") as other:
            pieces = [iter(partial(file.readline, PIECE), b"") for file in (one, other)]
            for both in itertools.zip_longest(*pieces, fillvalue=b""):
                if both[0] != both[1]:
                    both = tuple(map(self._plain, both)) if printed else both
                if both[0] != both[1]:
                    pairs = enumerate(zip(*both, strict=False))
                    same = next((n for n, (a, b) in pairs if a != b), min(map(len, both)))
                    first = max(0, same - SHOWN // 2) if max(map(len, both)) > SHOWN else 0
                    byte = before + first + 1
                    place = f"line {number}" + (f", from byte {byte} on" if byte > 1 else "")
                    cut = [text[first:][:SHOWN] for text in both]
                    yield f"{name}, {place}", _digits(*both), (as_text(cut[0]), as_text(cut[1]))
                    return
                ends = both[0].endswith(b"\n")
                number, before = number + ends, 0 if ends else before + len(both[0])

    def _plain(self, line: bytes) -> bytes:
        """A printed line without what may differ."""
        return self._names.sub(b"NAME", self._location.sub(b"", line))


def as_text(text: bytes) -> str | bytes | None:
    """A text as str if it is UTF-8; None for nothing."""
    try:
        return text.decode() or None
    except UnicodeDecodeError:
        return text


def _ended(status: int) -> str:
    if status < 0:
        return f"is killed by signal {-status} ({signal.strsignal(-status)})"
    return f"exits with status {status}"


def _digits(*both: bytes) -> str:
    """The hint for lines that differ in the last digits of their numbers only; else ""."""
    if NUMBER.sub(b"0", both[0]) != NUMBER.sub(b"0", both[1]):
        return ""
    pairs = zip(*(map(float, NUMBER.findall(text)) for text in both), strict=True)
    if all(abs(one - other) <= 1e-14 * abs(one) for one, other in pairs):
        return "the same numbers with other digits: Perl prints as format(x, '.15g') does"
    return ""
