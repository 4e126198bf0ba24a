"""A sub and its port, as the tables of ports have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Right:
    """A sub f and a port f that is right.

    explained: whether Perl's integers come between in some case. head: Perl above the sub.
    cases: what the cases file says. fails: whether both sides fail in some case. note: part of a
    note.
    """

    name: str
    perl: str
    python: str
    explained: bool = False
    head: str = ""
    cases: str = ""
    fails: bool = False
    note: str = ""


@dataclass(frozen=True)
class Wrong:
    """A sub f and a port f that differs: at a place (a pattern), for a reason (part of the text).

    input, sides: the smallest input, and the results or arguments there, where they are known;
    input may be a function that tells whether it is one.
    number: of the case, from 1 on. after: whether it differs only after other calls.
    """

    name: str
    perl: str
    python: str
    where: str = "the result"
    why: str = ""
    input: Any = None
    sides: tuple[Any, Any] | None = None
    cases: str = ""
    number: range = range(1, 10**9)
    after: bool = False
    head: str = ""


Pair = Right | Wrong


@dataclass(frozen=True)
class Table:
    """Pairs that are judged in one project, with so many cases each.

    by_perl: those for which another perl can make a difference. perl, python: what stands above
    each sub and each port. coverage: whether it is measured.
    """

    pairs: Sequence[Pair]
    cases: int
    by_perl: Sequence[Pair] = ()
    perl: str = ""
    python: str = ""
    coverage: bool = False
