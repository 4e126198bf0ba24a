"""Texts of the forms that the sources know: those that match their patterns, and mutations."""

from __future__ import annotations

import random
import re
import signal
import string
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from parity.inputs.bounds import Bounds
from parity.inputs.fast_hypothesis import draw_many
from parity.values import columns

MATCHING = 16  # ASCII texts that match a regular expression of a source…
MOST_LETTERS = 500  # …of at most this length…
LONGEST_DRAW = 1.0  # …within these seconds: the search for a match may never end
OWN = 32  # of the known texts, those that most likely belong to this function

DIGITS_AND_LETTERS = (string.digits + "00", string.ascii_lowercase, string.ascii_uppercase)
# What may replace a character; half of these keep it.
ALIKE = {one: group + len(group) * one for group in DIGITS_AND_LETTERS for one in group}


class _OutOfTime(BaseException):  # not an Exception, for these are caught on the way
    pass


def matching(pattern: str) -> list[str]:
    """Some texts that match; none if it is not a valid pattern, or the search takes too long."""
    found: list[str] = []

    def collect(text: str, entropy: bytes) -> None:
        found.append(text)

    def give_up(number: int, frame: Any) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_DRAW, LONGEST_DRAW)
    try:
        strategy = st.from_regex(re.compile(pattern, re.A), alphabet=string.printable)
        draw_many(strategy, collect, 0, MATCHING)
    except (Exception, _OutOfTime):
        return []
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return [text for text in found if len(text) <= MOST_LETTERS]


def mutate_text(text: str, others: Sequence[str], number: int) -> str:
    """A text of much the same form.

    others: texts to take parts from. number: seeds the mutation; 0 returns the text itself.
    """
    if not number:
        return text
    rng = random.Random(number)
    way = rng.randrange(4)
    if way < 2:  # other digits and letters
        groups = (ALIKE.get(one, one) for one in text)
        text = "".join(group[int(len(group) * rng.random())] for group in groups)
    elif way == 2 and re.search("[0-9]", text):
        text = _other_numbers(text, others, rng)
    elif way == 2:  # in another case
        text = rng.choice([str.upper, str.lower, str.capitalize, str.swapcase])(text)
    else:  # the end of another text
        other = rng.choice(others)
        text = text[: rng.randrange(len(text) + 1)] + other[rng.randrange(len(other) + 1) :]
    at = rng.randrange(2 * len(text) + 1)  # half of them get a character more, less, or another
    instead = rng.choice(["", 2 * text[at : at + 1], rng.choice(" \n")])
    return text[:at] + instead + text[at + 1 :]


def _other_numbers(text: str, others: Sequence[str], rng: random.Random) -> str:
    """The text with the sources' numbers for its own, in most places of as many digits."""
    numbers = [one for one in others if one.isdecimal()] or ["0"]

    def number_for(found: re.Match[str]) -> str:
        short = [one.zfill(len(found[0])) for one in numbers if len(one) <= len(found[0])]
        return rng.choice([found[0], *(short if rng.random() < 0.75 else numbers)])

    return re.sub("[0-9]+", number_for, text)


# --- many at once, as UTF-8 -------------------------------------------------------------------


def mutated_texts(
    known: Sequence[str], bounds: Bounds, rng: random.Random, count: int
) -> list[bytes]:
    """Mutations of known texts, without those that the bounds or a column exclude."""
    if not known:
        return []
    drawn = [mutate_text(rng.choice(known[:OWN]), known, rng.getrandbits(32)) for _ in range(count)]
    fitting = [one for one in drawn if columns.SEPARATOR not in one and bounds.admit(one)]
    return [one.encode("utf-8", "surrogatepass") for one in fitting]


def respell(rng: np.random.Generator, texts: Sequence[bytes]) -> list[bytes]:
    """These texts, most of them with other digits, some with other letters, in the same places."""
    letters = np.frombuffer(columns.MARK.join(texts), np.uint8).copy()
    sizes = np.fromiter(map(len, texts), np.int64, len(texts)) + len(columns.MARK)
    for first, count, share in ((48, 10, 0.5), (65, 26, 0.1), (97, 26, 0.1)):
        changed = np.repeat(rng.random(len(texts)) < share, sizes)[: len(letters)]
        changed &= (letters >= first) & (letters < first + count)
        changed &= rng.random(len(letters)) < 0.5
        letters[changed] = first + rng.integers(0, count, int(changed.sum()))
    return letters.tobytes().split(columns.MARK)
