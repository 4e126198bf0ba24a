"""Faults that porters make: what a run finds of them is measured by tests/benchmarks/recall.py."""

from __future__ import annotations

from ports.faults import layout, markup, typography
from ports.faults.fault import Fault, write

__all__ = ["ALL", "Fault", "write"]

ALL = [*typography.ALL, *layout.ALL, *markup.ALL]
