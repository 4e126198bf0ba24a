"""What became of Acme::Stock::total and of some that found a better home here."""


def summed(*prices: float) -> float:
    total = 0.0
    for price in prices:
        total = total + price

    return total


def smallest(*words: str) -> str:
    return min(words)


class Bag:
    @classmethod
    def label(cls, name: str) -> str:
        return f"Acme::Stock: {name}"
