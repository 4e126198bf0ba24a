"""The wrong ports of Letter::Wrong: the comments say what was overlooked."""

import re
from typing import Annotated

from annotated_types import Interval

from letter.text import trim

Small = Annotated[int, Interval(ge=-1000, le=1000)]


def fields(line: str) -> list[str]:
    return line.split(",")  # Perl leaves off the empty fields at the end


def ends_with_digit(text: str) -> int:
    return 1 if re.search(r"[0-9]\Z", text) else 0  # Perl's $ also fits before a newline


def given(text: str) -> int:
    return 1 if text else 0  # "0" is false in Perl


def rounded(number: Annotated[float, Interval(ge=-1000, le=1000)]) -> str:
    return str(int(number + 0.5))  # a half goes to the even number


def numbers_in_order(numbers: list[Small]) -> list[int]:
    return sorted(numbers)  # Perl sorts them as texts


def half(number: Small) -> int:
    return number // 2  # int() goes towards zero


def letter_at(text: str, at: Annotated[int, Interval(ge=-5, le=5)]) -> str | None:
    return text[at] if at < len(text) else None  # before the beginning it is an error, too


def words_of(text: str) -> list[str]:
    return text.split()  # / / is a single space, and the first one makes an empty word


def _wrap(text: str, width: int) -> str:
    return "\n".join(text.split())  # every word in a line of its own


def paragraph(text: str) -> str:
    return trim(_wrap(text, 12)) + "."
