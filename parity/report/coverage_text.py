"""What is said of a pair's coverage."""

from __future__ import annotations

from collections.abc import Sequence

from parity.verdict import Coverage

SHOWN = 10  # places named, at most


def summary_text(found: Coverage | None) -> str:
    """Like "reached 7 of 12 branches, 9 of 14 Perl lines"; "" if everything was reached."""
    python, perl = (found.python, found.perl) if found else (None, None)
    counts = []
    if python:
        counts = [(python.branches, python.of, "branches")]
        counts += [(python.lines, python.of_lines, "Python lines")]
    if perl:
        counts += [(perl.lines, perl.of, "Perl lines")]
    parts = [f"{seen} of {of} {what}" for seen, of, what in counts if _sum(seen) < _sum(of)]
    return "reached " + ", ".join(parts) if parts else ""


def detail_lines(found: Coverage | None) -> list[str]:
    """Lines that name what was not reached, and what could not be measured."""
    lines: list[str] = []
    if found is None:
        return lines
    for language, side in (("Python", found.python), ("Perl", found.perl)):
        reason = side.reason if side else found.reason or "unknown"
        if reason is not None:
            lines.append(f"{language} coverage could not be measured: {reason}")
        if side and side.missing:
            lines.append(f"not reached in {found.cases} cases: {_first(side.missing)}")
    unknown = found.perl and found.perl.not_measurable
    if unknown:
        lines.append(f"not measurable: {_first(unknown)}")
    return lines


def _first(places: Sequence[str]) -> str:
    more = f", and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    return ", ".join(places[:SHOWN]) + more


def _sum(*counts: int | None) -> int:
    return sum(count or 0 for count in counts)
