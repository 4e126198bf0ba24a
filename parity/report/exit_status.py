"""The exit status that a run's verdicts have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from parity.project.pairs import PROGRAMS
from parity.verdict import Verdict


def exit_status(verdicts: Sequence[Verdict], min_coverage: float = 0) -> int:
    """0, 1 or 2. min_coverage: percent of sub and port that the cases of each pair must reach."""
    worst = 1 if low_coverage(verdicts, min_coverage) else 0
    for verdict in verdicts:
        if verdict.verdict != "identical":
            worst = max(worst, 1 if verdict.loads else 2)
        if verdict.vectorized and verdict.vectorized.verdict != "within bound":
            worst = max(worst, 1)
    return worst


def low_coverage(verdicts: Iterable[Verdict], min_coverage: float) -> list[str]:
    """A line for each identical pair whose cases reached less than so many percent.

    The coverage of programs is not measured.
    """
    lines = []
    for verdict in verdicts:
        share = 100 * (verdict.coverage.share if verdict.coverage else 0.0)
        program = verdict.name.startswith(f"{PROGRAMS}.")
        if verdict.verdict == "identical" and not program and share < min_coverage:
            lines.append(f"{verdict.name}: {share:.0f} % reached, less than {min_coverage:g} %")
    return lines
