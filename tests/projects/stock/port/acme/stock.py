import os
import re

from acme.bag import summed  # noqa: F401 (as Perl exports it)


def sizes(factor: float) -> list[float]:
    return [size * factor for size in (1, 2, 3)]


def half_price(price: float) -> float:
    return _halved(price)


def first_word(text: str) -> str | None:
    found = re.match(r"\w+", text, re.ASCII)

    return found[0] if found else None


def taxed(price: float) -> float:
    return price * float(os.environ["SHOP_RATE"])


def count_words(text: str) -> dict[str, int]:
    count: dict[str, int] = {}
    for word in re.split(r"[ \t\n\r\f\v\x85\xa0]+", text.strip(" \t\n\r\f\v")):
        if word:
            count[word] = count.get(word, 0) + 1

    return count


def _halved(price: float) -> float:
    return price / 2
