"""Texts for a regular expression: some that match, and some that miss it by one thing each.

Every alternative, every member of a class and every repeat is taken, and what lies just outside of
it: a digit of another script, a line end before `$`, one repetition more than are allowed.
"""

from __future__ import annotations

import itertools
import random
import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator, Sequence
from typing import Any

MATCHING = 6  # texts that match, drawn at random
FITTED = 2  # of these, into which words are put
MOST = 160  # texts of a pattern
MOST_REPEATED = 100  # times
VARIED = 9  # repetitions that differ
LONGEST = 200  # characters

CLASSES = {  # what a class of characters has in it, and what people may think is in it, or is not
    sre.CATEGORY_DIGIT: ("0179", "\u0663"),
    sre.CATEGORY_NOT_DIGIT: ("a_ ", "5\u0663"),
    sre.CATEGORY_WORD: ("abZ0", "_\u00e9-"),
    sre.CATEGORY_NOT_WORD: (" -.", "\u00e9a_"),
    sre.CATEGORY_SPACE: (" ", "\t\n\x0b\x1c\u00a0a"),
    sre.CATEGORY_NOT_SPACE: ("ab0.", "\u00a0\x1c "),
}
OTHERS = "aZ05 _-.,:/\u00e9"  # for what a class has not
PLACES = {  # what may stand there without being seen
    sre.AT_BEGINNING: ["\n", " "],
    sre.AT_BEGINNING_STRING: ["\n", " "],
    sre.AT_BOUNDARY: ["a", "_", "\u00e9", "-"],
    sre.AT_NON_BOUNDARY: [" "],
    sre.AT_END: ["\n", " ", "\n\n", "\r\n"],
    sre.AT_END_STRING: ["\n", " "],
}

Found = tuple[str, list[str]]  # a text that matches, and what may stand in its place


def pattern_texts(pattern: str, seed: int, words: Sequence[str] = ()) -> list[str]:
    """The texts; none if it is not a valid pattern. Another seed gives others that match.

    words: what is put into the places of the pattern's groups, where it fits.
    """
    try:
        tree = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return []
    rng = random.Random(seed)
    letters = "".join(dict.fromkeys(re.sub(r"\\\w|\w", "", pattern)))
    whole, others = _Texts(rng, letters).of(tree)
    random_ones = [_Texts(rng, letters).of(tree)[0] for _ in range(MATCHING - 1)]
    if len(others) > MOST:
        others = rng.sample(others, MOST)
    around = [f"a{whole}a", f"{whole} {random_ones[0]}", f"{whole}{whole}", f"{whole}\n{whole}"]
    around += [whole.upper(), whole.lower()]
    matching = [whole, *random_ones]
    fitted = [text for one in matching[:FITTED] for text in _fitted(pattern, one, words)]
    if len(fitted) > MOST:
        fitted = rng.sample(fitted, MOST)
    in_turn = itertools.chain(*itertools.zip_longest(others, fitted))
    found = dict.fromkeys([*matching, *(text for text in in_turn if text is not None), *around])
    return [text for text in found if len(text) <= LONGEST]


def _fitted(pattern: str, text: str, words: Sequence[str]) -> Iterator[str]:
    """A text that matches, with each word in the place of each group, where it matches then, too;
    once alone, and once with other words around it.
    """
    compiled = re.compile(pattern)
    match = compiled.search(text)
    for start, end in match.regs[1:] if match else ():
        for word in words if start >= 0 else ():
            other = text[:start] + word + text[end:]
            again = compiled.search(other)
            if again and (start, start + len(word)) in again.regs:
                yield from (other, f"a {other} a")


class _Texts:
    """The texts of the parts of a pattern. own: characters that mean something in it."""

    def __init__(self, rng: random.Random, own: str) -> None:
        self._rng, self._own = rng, own
        self._groups: dict[int, str] = {}

    def of(self, items: Any) -> Found:
        """Of parts that follow each other: in one text after the other one part is replaced."""
        parts = [self._part(operator, value) for operator, value in items]
        for place in range(1, len(parts)):
            if (
                items[place - 1][0] is items[place][0] is sre.LITERAL
                and parts[place - 1][0].isalpha()
            ):
                parts[place] = parts[place][0], []  # another case of a word's first letter only
        texts = [text for text, _ in parts]
        others = []
        for place, (_, some) in enumerate(parts):
            before, after = "".join(texts[:place]), "".join(texts[place + 1 :])
            others += [before + other + after for other in some]
        return "".join(texts), others[: 4 * MOST]

    def _part(self, operator: Any, value: Any) -> Found:
        match operator:
            case sre.LITERAL:
                letter = chr(value)
                return letter, [letter.swapcase()] if letter.swapcase() != letter else []
            case sre.NOT_LITERAL:
                return self._one_of([one for one in OTHERS if one != chr(value)], [chr(value)])
            case sre.ANY:
                return self._one_of([*"ab0 ."], [*self._own, "\n"])
            case sre.IN:
                return self._class(value)
            case sre.BRANCH:
                branches = [self.of(branch) for branch in value[1]]
                texts = [text for text, _ in branches]
                return self._one_of(texts, [one for _, some in branches for one in some])
            case sre.SUBPATTERN:
                group, _, _, inner = value
                text, others = self.of(inner)
                if group is None:
                    return text, others
                self._groups[group] = text
                return text, [*others, "0", ""]
            case sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT:
                return self._repeat(*value)
            case sre.AT:
                return "", PLACES.get(value, [])
            case sre.GROUPREF:
                return self._groups.get(value, ""), ["x"]
            case sre.ASSERT:
                return self.of(value[1])
            case sre.ASSERT_NOT:
                text, others = self.of(value[1])
                return "", [text, *others]
            case sre.ATOMIC_GROUP:
                return self.of(value)
        return "", []

    def _one_of(self, texts: Sequence[str], others: Sequence[str] = ()) -> Found:
        return self._rng.choice(texts or [""]), [*texts, *others]

    def _class(self, members: Any) -> Found:
        inside: list[str] = []
        outside: list[str] = []
        negated = False
        for operator, value in members:
            match operator:
                case sre.NEGATE:
                    negated = True
                case sre.LITERAL:
                    inside.append(chr(value))
                case sre.RANGE:
                    first, last = value
                    inside += [chr(first), chr(last), chr(self._rng.randint(first, last))]
                    outside += [chr(one) for one in (first - 1, last + 1) if 0 <= one < 0x110000]
                case sre.CATEGORY:
                    typical, edges = CLASSES.get(value, ("a", ""))
                    inside += typical
                    outside += edges
        outside += [one.swapcase() for one in inside if one.swapcase() != one][:2]
        if negated:
            others = [*inside, *(one for one in self._own if one not in inside)]
            return self._one_of([one for one in OTHERS if one not in inside], others)
        return self._one_of(inside, outside)

    def _repeat(self, least: int, most: Any, inner: Any) -> Found:
        endless = most is sre.MAXREPEAT or most > MOST_REPEATED
        least = min(least, MOST_REPEATED)
        usual = min(max(least, self._rng.randint(1, 3)), least + 3 if endless else most)
        text, others = self.of(inner)
        usual, least = (min(one, LONGEST // (len(text) or 1)) for one in (usual, least))
        texts = [text, *(self.of(inner)[0] for _ in range(min(usual, VARIED)))]
        whole = "".join(texts[n % len(texts)] for n in range(usual))
        counts = {0, 1, 2, least - 1, least, least + 1, *((4,) if endless else (most, most + 1))}
        found = ["".join(texts[n % len(texts)] for n in range(c)) for c in sorted(counts) if c >= 0]
        if usual:
            found += [other + whole[len(text) :] for other in others]
        return whole, found
