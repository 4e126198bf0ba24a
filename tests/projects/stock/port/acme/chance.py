"""Perl's generator: drand48, seeded as srand does."""

state = 0


def seed(number: int) -> None:
    global state
    state = (number << 16) + 0x330E


def uniform() -> float:
    global state
    state = (state * 0x5DEECE66D + 0xB) % 2**48

    return state / 2**48


def dice(sides: float) -> int:
    return int(uniform() * sides) + 1
