"""Faults that porters make: what a run finds of them is measured by tests/benchmarks/recall.py."""

from __future__ import annotations

from ports.faults import (
    checks,
    data,
    dates,
    layout,
    markup,
    numbers,
    paths,
    systems,
    tables,
    tokens,
    typography,
    web,
    words,
)
from ports.faults.fault import Fault, write

__all__ = ["ALL", "Fault", "write"]

TOPICS = [
    *(typography, layout, markup, paths, words, checks, tables),
    *(web, systems, dates, numbers, data, tokens),
]
ALL = [fault for topic in TOPICS for fault in topic.ALL]
