"""The steps in which a pair is judged. What hangs or dies is told by its step."""

from __future__ import annotations

from enum import Enum

LOADING = 60.0  # seconds that loading a file, or making the inputs, may take at least


class Step(Enum):
    """What a judging process is doing, in words."""

    START = "starting"
    LOAD_PERL = "loading the Perl file"
    IMPORT = "importing a Python module"
    DRAW = "making the inputs"
    PERL = "the Perl sub"
    PORT = "the Python port"
    BOXES = "the Perl sub in boxes"
    NUMPY = "the NumPy version"
    COVERAGE = "the coverage"

    number: int

    def __init__(self, text: str) -> None:
        self.text = text
        self.number = len(type(self).__members__)

    def limit(self, timeout: float) -> float:
        """Seconds without progress that are too many; timeout: those that a call may take."""
        calls = self not in (Step.START, Step.LOAD_PERL, Step.IMPORT, Step.DRAW)
        return timeout if calls else max(timeout, LOADING)


STEPS = tuple(Step)
