"""Arguments made of one another: equal, nearly equal, of the same parts, or an item of another.

A sub that compares two texts, or looks a key up, shows little on arguments drawn apart. Hypothesis
relates the arguments of a case, NumPy those of some rows of a batch.
"""

from __future__ import annotations

import itertools
import math
import random
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from parity.inputs.hints import Bytes, HashOf, Kind, ListOf, Number, Text
from parity.inputs.port import Port
from parity.inputs.values import LEAST, MOST
from parity.values import columns
from parity.values.columns import Column, Hashes, Lists, Numbers, Packed, Texts
from parity.values.copies import deep_copy

LEAST_RELATED = 16  # rows of a batch with related arguments, at least


def same_typed_pairs(port: Port) -> list[tuple[int, int]]:
    """The pairs of parameters of which the second may be made of the first, or an item of it."""
    pairs = itertools.permutations(range(len(port.kinds)), 2)
    return [(one, other) for one, other in pairs if _fit(port.kinds[one], port.kinds[other])]


def _fit(source: Kind, target: Kind) -> bool:
    """Whether values of the target may be made of values of the source."""
    match source, target:
        case ListOf(item) | HashOf(item), Number() | Text() | Bytes():
            return item == target and not source.bounds and not target.bounds
        case ListOf(), ListOf():
            return is_list(source) and source == target
        case Number() | Text() | Bytes(), _:
            return source == target and not source.bounds
    return False


def is_list(kind: Kind) -> bool:
    """Whether it is a list of any length."""
    return isinstance(kind, ListOf) and kind.type is list and not kind.bounds


def same_lengths(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments with all lists cut to the length of the shortest."""
    lists = [argument for argument in arguments if isinstance(argument, list)]
    shortest = min((len(argument) for argument in lists), default=0)
    return tuple(a[:shortest] if isinstance(a, list) else a for a in arguments)


def relate(
    pairs: Sequence[tuple[int, int]], arguments: tuple[Any, ...], number: int
) -> tuple[Any, ...]:
    """One argument made of another one, or an item of it. number: seeds the choice."""
    rng, changed = random.Random(number), list(arguments)
    source, target = rng.choice(pairs)
    if max(source, target) >= len(changed):
        return arguments
    value = changed[source]
    if isinstance(value, list | dict) and not isinstance(changed[target], list):
        item = rng.choice(list(value) or [changed[target]])
        inside = isinstance(item, str) and isinstance(changed[target], str) and rng.random() < 0.5
        changed[target] = fit_words(changed[target], [item], rng) if inside else item
    elif isinstance(value, str) and rng.random() < 0.4:
        changed[target] = fit_words(changed[target], re.findall("[^\\W_]+", value), rng)
    else:
        changed[target] = mutate(value, rng)
    return tuple(changed)


def fit_words(text: str, words: Sequence[str], rng: random.Random) -> str:
    """A text with these words in the places of its own: one of them, or all in their order."""
    places = list(re.finditer("[^\\W_]+", text))
    if not places or not words:
        return text
    if rng.random() < 0.5:
        in_order = iter(words)
        return re.sub("[^\\W_]+", lambda found: next(in_order, found[0]), text)
    found = rng.choice(places)
    return text[: found.start()] + rng.choice(words) + text[found.end() :]


def mutate(value: Any, rng: random.Random) -> Any:
    """The same number, text or list, or nearly, or one of the same parts."""
    if isinstance(value, float):
        near = [math.nextafter(value, sign * math.inf) for sign in (1, -1)]
        return rng.choice([value, -value, *near])
    if isinstance(value, int):
        near = [-value, value + 1, value - 1]
        return rng.choice([value, *(n for n in near if LEAST <= n <= MOST)])
    start, stop = sorted(rng.choices(range(len(value) + 1), k=2))
    order = rng.sample(range(len(value)), len(value))
    items = [value[at : at + 1] for at in order]
    shuffled = [value[at] for at in order] if isinstance(value, list) else value[:0].join(items)
    ways = [value, value[::-1], value[start:stop], value[stop:] + value[:stop], value + value]
    ways += [value[:start] + value[stop:], shuffled]
    if isinstance(value, str):
        pieces = re.split("([^\\w])", value)  # without its first or last part, at a mark
        ways += ["".join(pieces[2:]), "".join(pieces[:-2]), value.swapcase()]
    return deep_copy(rng.choice(ways))


def relate_columns(rng: np.random.Generator, source: Column, target: Column) -> Column:
    """The target, in some rows made of the source, or one of its items or keys."""
    rows = rng.integers(0, source.count, source.count // 64 + LEAST_RELATED)
    places, there, ways = rows, source, random_of(rng)
    if isinstance(source, Lists | Hashes):
        rows = rows[source.sizes[rows] > 0]
        ends = np.cumsum(source.sizes, dtype=np.int64)[rows]
        places = ends - 1 - rng.integers(0, source.sizes[rows])
        there = source.items if isinstance(source, Lists) else source.keys
    if type(there) is not type(target):
        return target
    if isinstance(there, Numbers) and isinstance(target, Numbers):
        target.numbers[rows] = there.numbers[places]
    elif isinstance(there, Packed) and isinstance(target, Packed):
        target.array[rows] = there.array[places]
    elif isinstance(there, Texts):
        texts, others = target.values(), there.values()
        for row, place in zip(rows.tolist(), places.tolist(), strict=True):
            texts[row] = others[place] if there is not source else mutate(others[place], ways)
        return columns.of(texts)
    return target


def random_of(rng: np.random.Generator) -> random.Random:
    """A generator of Python's, seeded by one of NumPy's."""
    return random.Random(int(rng.integers(2**63)))
