"""What is asked of a judge: one pair, how many cases, and how strictly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from parity.project.pairs import Pair
from parity.project.settings import Settings

PART = 250_000  # cases of a pair that are judged in one go; whole batches
STRATEGY_CASES = 300  # the first cases of a run, which strategies draw


@dataclass(frozen=True)
class Task:
    """One pair to be judged, or of many cases a part. pairs: all that there are.

    strict: explained cases and vivified data are differences. vectorized, coverage, explain:
    whether the NumPy version is judged, coverage measured, and differences explained.
    one_by_one: cases from this number on are called alone, to know the one that fails.
    """

    settings: Settings
    pair: Pair
    pairs: Sequence[Pair]
    cases: int
    seed: int
    strict: bool = False
    vectorized: bool = True
    coverage: bool = True
    explain: bool = True
    part: int = 0
    one_by_one: int | None = None

    @property
    def numbers(self) -> range:
        """The numbers of the part's cases."""
        return range(self.part * PART, min(self.cases, (self.part + 1) * PART))

    @property
    def timeout(self) -> float:
        """Seconds one call of this pair may take."""
        return (self.pair.program or self.pair.declared).timeout or self.settings.timeout

    @property
    def input_seed(self) -> int:
        """The seed of this pair's inputs."""
        import hashlib  # it takes a while, and only who judges needs it

        digest = hashlib.sha256(f"{self.seed}:{self.pair.name}".encode()).digest()
        return int.from_bytes(digest[:8], "little")

    def parts(self) -> list[Task]:
        """The task in parts of PART cases, the same ones however many processes there are."""
        count = 1 if self.pair.program else -(-self.cases // PART)
        return [replace(self, part=part) for part in range(count)]
