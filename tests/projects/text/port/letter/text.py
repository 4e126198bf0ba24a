"""The right ports of Letter::Text."""

import re
from typing import Annotated

from annotated_types import Interval

SPACE = (
    " \t\n\r\f\v\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)
SPACE += "\u2028\u2029\u202f\u205f\u3000"  # what \s is in Perl


def trim(text: str) -> str:
    return text.strip(SPACE)


def words(text: str) -> list[str]:
    return [word for word in re.split(f"[{SPACE}]+", text) if word]


def wrap(text: str, width: Annotated[int, Interval(ge=0, le=80)]) -> str:
    lines: list[str] = []
    for word in words(text):
        if lines and len(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)

    return "\n".join(lines)


def counts(text: str) -> dict[str, int]:
    count: dict[str, int] = {}
    for word in words(text):
        count[word.lower()] = count.get(word.lower(), 0) + 1

    return count


def fields(line: str) -> list[str]:
    found = line.split(",")
    while found and not found[-1]:
        found.pop()

    return found


def fill(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), text)


def roman(number: Annotated[int, Interval(ge=0, le=3999)]) -> str:
    text = ""
    signs = ["M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"]
    for sign, value in zip(
        signs, [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1], strict=True
    ):
        while number >= value:
            text += sign
            number -= value

    return text


def share(part: float, whole: float) -> str:
    if whole == 0:
        return "-"

    percentage = 100 * part / whole
    if percentage != percentage or percentage in (float("inf"), float("-inf")):
        return {"nan": "NaN%", "inf": "Inf%", "-inf": "-Inf%"}[str(percentage)]

    return f"{percentage:.1f}%"


def last_letters(word: str, count: Annotated[int, Interval(ge=0, le=20)]) -> str:
    end = word[-count:] if count > 0 else ""

    return "" if end == "0" else end


def sorted(texts: list[str]) -> list[str]:
    copy = list(texts)
    copy.sort()

    return copy
