"""Outcomes, and their differences, in few words."""

from __future__ import annotations

from typing import Any

from parity.judge.equality import Comparison, Difference
from parity.outcome import Failure, Outcome


def returned(value: Any, arguments: list[Any] | None = None, printed: bytes = b"") -> Outcome:
    return Outcome(value, None, arguments or [], printed)


def failed(error: str, value: Any, domain: bool = False) -> Outcome:
    return Outcome(None, Failure(error, value, domain), [])


def in_short(outcome: Outcome) -> str:
    return str(outcome.failure)


def results(perl: Any, python: Any, **how: Any) -> Difference | None:
    """The difference of two returned values."""
    return Comparison(**how).difference(returned(perl), returned(python))


def arguments(perl: list[Any], python: list[Any], **how: Any) -> Difference | None:
    """The difference of the arguments after the call."""
    return Comparison(**how).difference(returned(1.0, perl), returned(1.0, python))
