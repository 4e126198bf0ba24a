"""What a cases file says: inputs, examples and known differences of a pair."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True)
class Cases:
    """What a cases file says about one pair: a module-level variable named like the port.

    inputs: a Hypothesis strategy of argument tuples; None derives the inputs from the type hints.
    examples: argument tuples that are run in every run, first. For a program, Run in their place.
    text_numbers: the sub returns its numbers as text ("3" for 3), and that is meant.
    known: differences that are meant.
    arrays: for large runs, beside inputs, so many cases at once: given a NumPy generator and a
    count, it returns the values of each argument: an array of numbers, a 2-D array for lists of
    one length, a list of texts, or a dict of such for hashes with these keys.
    """

    inputs: SearchStrategy[tuple[Any, ...]] | None = None
    examples: Sequence[tuple[Any, ...]] = ()
    text_numbers: bool = False
    known: Sequence[Known] = ()
    arrays: Callable[[Any, int], Sequence[Any]] | None = None


@dataclass(frozen=True)
class Known:
    """A difference between sub and port that is meant. Each run sees that it is still there.

    example: arguments that show it. perl, python: what each side returns for them; Fails(TEXT)
    for a side that fails. why: the reason, for people.
    when: says of arguments whether the difference covers them; they are counted apart and not
    judged. Without it the example alone is covered.
    """

    example: tuple[Any, ...]
    perl: Any
    python: Any
    why: str
    when: Callable[..., bool] | None = None


@dataclass(frozen=True)
class Fails:
    """The result of a side that fails with this text."""

    text: str


@dataclass(frozen=True)
class Run:
    """A case of a program: what a process is given. A str is given in UTF-8.

    arguments: what follows the arguments in the settings. stdin: standard input.
    files: what is in the folder in which it runs, by name: "in.txt", "data/a.csv".
    """

    arguments: Sequence[str | bytes] = ()
    stdin: str | bytes = b""
    files: Mapping[str, str | bytes] = field(default_factory=dict)
