def after_two(x: float) -> float:
    return 0.0


def price(x: float) -> float:
    return x * 3 if x < 1000 else 0.0


def twice(x: float) -> float:
    return price(x) + price(x)


def order(x: float, y: float) -> float:
    return twice(x) / 4 - y


def plain(x: float, y: float) -> float:
    return price(x) + y if x < 1000 else price(x) - y


def keys_of(hash: dict[str, float]) -> str:
    return ",".join(sorted(hash))


def now(x: float) -> float:
    return x
