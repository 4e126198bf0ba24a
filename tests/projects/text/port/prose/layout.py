import math
import re

ROMAN = {
    **{"M": 1000, "CM": 900, "D": 500, "CD": 400, "C": 100, "XC": 90},
    **{"L": 50, "XL": 40, "X": 10, "IX": 9, "V": 5, "IV": 4, "I": 1},
}


def wrap(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in re.findall(r"[^ \t\n\r\f\v]+", text):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)

    return lines


def roman(number: int) -> str:
    text = ""
    for letters, value in ROMAN.items():
        text += letters * (number // value)
        number %= value

    return text


def fill(template: str, values: dict[str, str]) -> str:
    return re.sub(r"(?a)\{(\w+)\}", lambda found: values.get(found[1], found[0]), template)


def money(amount: float) -> str:
    return f"{amount:,.2f}"


def percent(part: int, whole: int) -> str:
    return f"{math.trunc(100 * part / whole + 0.5)}%"


def page(line: int, lines: int) -> int:
    return math.trunc(line / lines)


def tail(text: str, count: int) -> str:
    return text[-count:] if count > 0 else ""


def label(text: str, other: str) -> str:
    return other if text in ("", "0") else text


def pick(values: dict[str, str], keys: list[str]) -> list[str | None]:
    return [values.get(key) for key in keys]


def later(one: str, two: str) -> int:
    return (float(one) > float(two)) - (float(one) < float(two))


def in_order(numbers: list[int]) -> list[int]:
    return sorted(numbers, key=str)


def check_sum(text: str) -> int:
    total = 0
    for letter in text:
        total = (total * 31 + ord(letter)) & 0xFFFFFFFF

    return total
