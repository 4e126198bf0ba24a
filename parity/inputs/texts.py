"""Texts of the forms that the sources know: those that match their patterns, and mutations."""

from __future__ import annotations

import itertools
import random
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from parity.inputs.bounds import Bounds
from parity.values import columns

DIGITS_AND_LETTERS = (string.digits + "00", string.ascii_lowercase, string.ascii_uppercase)
# What may replace a character; half of these keep it.
ALIKE = {one: group + len(group) * one for group in DIGITS_AND_LETTERS for one in group}
ORDINARY = ["a", "Ab", "word", "Word", "WORD", "and", "0", "1", "12", "x1", "\u00e9"]
SEPARATORS = ["", " ", " ", "\n", ",", ";", ":", "/", "=", ".", "-", "_", "|"]
MOST_OTHERS = 500  # texts of the files around, at most
MARKS = " \n\t0-,.:;/\\%'\"&<>()[]{}_\u00e9"  # characters that mean something in many forms
MOST_FIELDS = 8
MUTATED = 2 / 3  # of the texts that are drawn at once


@dataclass(frozen=True)
class KnownTexts:
    """Texts to make others of.

    own: what stands in the sources of the pair itself. matching: of each pattern texts that match
    it, or nearly. others: what stands in the files around them.
    """

    own: Sequence[str] = ()
    matching: Sequence[Sequence[str]] = ()
    others: Sequence[str] = ()

    @cached_property
    def groups(self) -> list[Sequence[str]]:
        """Groups, from each of which as many are taken."""
        some = (self.own, *self.matching, self.others[:MOST_OTHERS])
        return [group for group in some if group]

    @cached_property
    def words(self) -> list[str]:
        """What may stand in the place of a word: the sources' words, and what is false in Perl."""
        texts = (*self.own, *self.others[:MOST_OTHERS])
        found = (re.findall("[^\\W\\d]+", text) for text in texts)
        return [*dict.fromkeys(itertools.chain(*found)), "0", ""]

    @cached_property
    def numbers(self) -> list[str]:
        """The numbers among them."""
        found = [text for text in (*self.own, *self.others) if text.isdecimal()]
        return list(dict.fromkeys(found)) or ["0"]

    @cached_property
    def separators(self) -> list[str]:
        """What stands between the parts of a text: the sources' own marks, and usual ones."""
        marks = [text for text in self.own if len(text) < 3 and not text.isalnum()]
        joined = "".join(group[0] for group in self.matching if group)
        return [*SEPARATORS, *2 * marks, *(one for one in set_of(joined) if not one.isalnum())]

    def draw(self, rng: random.Random) -> str:
        """One of the texts."""
        return rng.choice(rng.choice(self.groups))


def set_of(text: str) -> list[str]:
    """The characters of a text, once each."""
    return list(dict.fromkeys(text))


def mutate_text(text: str, known: KnownTexts, number: int) -> str:
    """A text of much the same form.

    known: texts to take parts from. number: seeds the mutation; 0 returns the text itself.
    """
    if not number:
        return text
    rng = random.Random(number)
    slightly = rng.random()
    if slightly < 0.4:  # of just the same form
        return (_other_case if slightly < 0.15 else _other_characters)(text, known, rng)
    for _ in range(rng.choice([1, 1, 2, 2, 3])):
        text = rng.choice(WAYS)(text, known, rng)
    at = rng.randrange(2 * len(text) + 1)  # half of them get a character more, less, or another
    instead = rng.choice(["", 2 * text[at : at + 1], rng.choice(" \n"), rng.choice(MARKS)])
    return text[:at] + instead + text[at + 1 :]


# Ways to change a text, each with what is known and a generator.


def _other_characters(text: str, known: KnownTexts, rng: random.Random) -> str:
    """Other digits and letters in the same places."""
    groups = (ALIKE.get(one, one) for one in text)
    return "".join(group[int(len(group) * rng.random())] for group in groups)


def _other_case(text: str, known: KnownTexts, rng: random.Random) -> str:
    return rng.choice([str.upper, str.lower, str.capitalize, str.swapcase])(text)


def _other_end(text: str, known: KnownTexts, rng: random.Random) -> str:
    other = known.draw(rng)
    return text[: rng.randrange(len(text) + 1)] + other[rng.randrange(len(other) + 1) :]


def _other_numbers(text: str, known: KnownTexts, rng: random.Random) -> str:
    """The sources' numbers for the text's own, in most places of as many digits."""

    def number_for(found: re.Match[str]) -> str:
        if rng.random() < 0.3:
            return found[0]
        short = [one.zfill(len(found[0])) for one in known.numbers if len(one) <= len(found[0])]
        return rng.choice([found[0], *(short if rng.random() < 0.75 else known.numbers)])

    return re.sub("[0-9]+", number_for, text)


def _other_word(text: str, known: KnownTexts, rng: random.Random) -> str:
    """Another word in the place of a word or a number."""
    places = [found.span() for found in re.finditer("[^\\W\\d]+|\\d+", text)]
    start, end = rng.choice(places) if places else (len(text), len(text))
    return text[:start] + rng.choice(known.words) + text[end:]


def _joined(text: str, known: KnownTexts, rng: random.Random) -> str:
    """Other texts around it."""
    parts = [known.draw(rng) if rng.random() < 0.6 else rng.choice(ORDINARY) for _ in "abc"]
    parts[rng.randrange(3)] = text
    return rng.choice(known.separators).join(parts[rng.randrange(3) :])


def _fields(text: str, known: KnownTexts, rng: random.Random) -> str:
    """Words with the same separator between them, as in a sentence, a path or a record."""
    sources = [ORDINARY, known.words, known.own or ORDINARY, known.numbers, [""]]
    count = rng.randint(2, MOST_FIELDS)
    parts = [
        known.draw(rng) if rng.random() < 0.3 else rng.choice(rng.choice(sources))
        for _ in range(count)
    ]
    return rng.choice(known.separators).join(parts)


def _nested(text: str, known: KnownTexts, rng: random.Random) -> str:
    """A text that begins with a character in its place, as &amp; for &; or a text within itself."""
    other = known.draw(rng)
    at = text.find(other[:1])
    if not other or at < 0:
        at = rng.randrange(len(text) + 1)
        return text[:at] + other + text[at:]
    return text[:at] + other + text[at + 1 :]


WAYS = [_other_characters, _other_characters, _other_case, _other_end]
WAYS += [_other_numbers, _other_word, _other_word, _joined, _fields, _nested]


# --- many at once, as UTF-8 -------------------------------------------------------------------


def mutated_texts(known: KnownTexts, bounds: Bounds, rng: random.Random, count: int) -> list[bytes]:
    """Mutations of known texts, without those that the bounds or a column exclude."""
    if not known.groups:
        return []
    drawn = [
        mutate_text(known.draw(rng), known, rng.getrandbits(32) if rng.random() < MUTATED else 0)
        for _ in range(count)
    ]
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
