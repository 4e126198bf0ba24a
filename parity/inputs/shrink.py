"""Making a failing case small."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hypothesis import Phase
from hypothesis.database import InMemoryExampleDatabase

from parity.inputs.fast_hypothesis import as_test, run_test
from parity.inputs.hints import deletable_depth
from parity.inputs.port import DrawnCase, Port
from parity.inputs.strategies import strategy
from parity.values.copies import leaves


def shrink(
    port: Port, count: int, number: int, case: DrawnCase, test: Callable[[tuple[Any, ...]], None]
) -> None:
    """Look for a case that `test` refuses, starting with this one, and make it small."""
    phases = (Phase.reuse, Phase.generate, Phase.shrink)
    # At last, what is in this case is drawn often.
    own = replace(port, constants=list(leaves(case.arguments)), patterns=(), usual=False)
    for one in (port, own):
        whole = as_test(strategy(one), test, number, count, phases, InMemoryExampleDatabase())
        if case.entropy is not None:
            with contextlib.suppress(Exception):  # it fails, and is kept to start from
                whole.hypothesis.fuzz_one_input(case.entropy)
        run_test(whole)


def deletions(port: Port, arguments: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Cases with parts of texts, lists and hashes left out, of one argument or at once of all.

    Texts that only together make a case, Hypothesis does not make small. The larger parts first.
    """
    levels = [deletable_depth(kind) for kind, _ in zip(port.kinds, arguments, strict=False)]
    free = [n for n, deep in enumerate(levels) if deep]
    if port.cases.inputs is not None or not free:
        return
    size = longest = max(_longest(arguments[n]) for n in free)
    while size:
        for start in range(0, longest, size):
            for group in [[n] for n in free] + [free]:
                done = [arguments]
                for depth in range(3):
                    changed = list(arguments)
                    for n in group:
                        if depth < levels[n]:
                            changed[n] = _without(arguments[n], start, start + size, depth)
                    if tuple(changed) not in done:
                        done.append(tuple(changed))
                        yield done[-1]
        size //= 2


def _longest(value: Any) -> int:
    """The length of the longest text, list or hash in it."""
    inside = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    own = len(value) if isinstance(value, str | bytes | list | dict) else 0
    return max([own, *map(_longest, inside)])


def _without(value: Any, start: int, stop: int, depth: int) -> Any:
    """A value without these items or letters; or its items without them, as deep as there are."""
    sized = (str, bytes, list, dict)
    inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    if depth and any(isinstance(one, sized) for one in inner):
        if isinstance(value, dict):
            return {k: _without(v, start, stop, depth - 1) for k, v in value.items()}
        return [_without(one, start, stop, depth - 1) for one in value]
    if isinstance(value, dict):
        return {k: v for at, (k, v) in enumerate(value.items()) if not start <= at < stop}
    part: Any = value
    return part[:start] + part[stop:] if isinstance(value, sized) else value
