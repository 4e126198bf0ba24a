import re
import textwrap
from decimal import ROUND_HALF_UP, Decimal


def wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width)  # breaks long words, and at hyphens


def roman(number: int) -> str:
    text = ""
    for letters, value in zip("MDCLXVI", (1000, 500, 100, 50, 10, 5, 1), strict=True):
        text += letters * (number // value)  # IIII
        number %= value

    return text


def fill(template: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], ""), template)


def money(amount: float) -> str:
    cents = Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_UP)  # what was meant

    return f"{cents:,}"


def percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%"  # half to even


def page(line: int, lines: int) -> int:
    return line // lines  # down, not to zero


def tail(text: str, count: int) -> str:
    return text[-count:]  # all for 0


def label(text: str, other: str) -> str:
    return text or other  # "0" is true


def pick(values: dict[str, str], keys: list[str]) -> list[str | None]:
    return [values[key] for key in keys]  # raises


def later(one: str, two: str) -> int:
    return (one > two) - (one < two)  # as text


def in_order(numbers: list[int]) -> list[int]:
    return sorted(numbers)  # as numbers


def check_sum(text: str) -> int:
    total = 0
    for letter in text:
        total = total * 31 + ord(letter)  # never cut

    return total
