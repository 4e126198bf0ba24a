"""How much of a bound is used, and where the rest goes: python tests/benchmarks/slack.py

A share is |computed - exact| / bound: computed in doubles, exact in rational numbers, bound as
parity.bounds derives it from the loop. Shown is the largest share of INPUTS random inputs, and the
four factors whose product it is. Let k be the roundings that the bound counts, M the sum of the
terms' magnitudes, u = 2**-53; and of each operation r its result, m the sum of the magnitudes of
the terms in it, and e its rounding error. The e add up to the whole error.

    order      sum of m / (k M)            few terms go through all k roundings
    cancelled  sum of |r| / sum of m       terms of both signs cancel, so results are smaller
    size       sum of |e| / (u sum of |r|) few roundings are as large as they can be
    signs      |sum of e| / sum of |e|     roundings of both signs cancel

A product of factors has no order and no cancellation: its relative errors just add up.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parity.judge.rounding_bounds import Bounded, U

INPUTS = 1000
SEED = 1
LENGTHS = (10, 100, 1000)

Array = NDArray[np.float64]
Combine = Callable[[Any, Any], Any]


class Operations:
    """Operations on columns (a number for each input) that keep what rounding did."""

    def __init__(self) -> None:
        self.magnitudes, self.results, self.sizes, self.errors = np.zeros((4, INPUTS))

    def _keep(self, magnitude: Array | float, result: Array | float, error: Array) -> None:
        self.magnitudes += magnitude
        self.results += np.abs(result)
        self.sizes += np.abs(error)
        self.errors += error

    def add(self, one: tuple[Array, Array], two: tuple[Array, Array]) -> tuple[Array, Array]:
        """Adds numbers that have their magnitudes beside them."""
        (a, size_a), (b, size_b) = one, two
        total = a + b
        part = total - a
        error = (a - (total - part)) + (b - part)  # exact: Knuth's TwoSum
        self._keep(size_a + size_b, total, error)
        return total, size_a + size_b

    def term(self, a: Array, b: Array) -> tuple[Array, Array]:
        """A product that is to be added."""
        product, error = _product(a, b)
        self._keep(np.abs(product), product, error)
        return product, np.abs(product)

    def multiply(self, a: Array, b: Array) -> Array:
        """A product that is to be multiplied: errors count relative to it."""
        product, error = _product(a, b)
        self._keep(1.0, 1.0, error / product)
        return product

    def factors(self, place: int, counted: int, whole: Array) -> list[float]:
        """The four factors for one input. counted: k. whole: M."""
        kept = (self.magnitudes, self.results, self.sizes, self.errors)
        magnitude, result, size, error = (float(numbers[place]) for numbers in kept)
        return [
            magnitude / (counted * float(whole[place])),
            result / magnitude,
            size / (U * result),
            abs(error) / size,
        ]


def _product(a: Array, b: Array) -> tuple[Array, Array]:
    """A product and its rounding error, itself exact: Dekker's product."""
    product = a * b
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    return product, a2 * b2 - (((product - a1 * b1) - a2 * b1) - a1 * b2)


def _halves(number: Array) -> tuple[Array, Array]:
    large = number * (2.0**27 + 1)
    high = large - (large - number)
    return high, number - high


def in_sequence(combine: Combine, items: list[Any]) -> Any:
    return functools.reduce(combine, items)


def in_pairs(combine: Combine, items: list[Any]) -> Any:
    while len(items) > 1:
        alone = items[len(items) // 2 * 2 :]
        items = [*map(combine, items[:-1:2], items[1::2]), *alone]
    return items[0]


# --- what is calculated: exactly, as the loop carries its bound, by NumPy, and by Operations (what
# --- combines the items, and the items); with k and M of the bound


def a_sum(chance: np.random.Generator, terms: int, signed: bool) -> dict[str, Any]:
    a = numbers(chance, terms, signed)
    return {
        "exact": [sum(map(Fraction, row)) for row in a.tolist()],
        "bounds": [sum(map(Bounded.exact, row), Bounded.exact(0.0)) for row in a.tolist()],
        "numpy": [np.sum(row) for row in a],
        "operations": lambda kept: (kept.add, [(x, np.abs(x)) for x in a.T]),
        "counted": (terms - 1, np.abs(a).sum(axis=1)),
    }


def a_sum_of_products(chance: np.random.Generator, terms: int, signed: bool) -> dict[str, Any]:
    a, b = numbers(chance, terms, signed), numbers(chance, terms, signed)
    rows = list(zip(a.tolist(), b.tolist(), strict=True))

    def dot(kind: Callable[[float], Any], one: list[float], two: list[float]) -> Any:
        return sum(map(operator.mul, map(kind, one), map(kind, two)), kind(0.0))

    return {
        "exact": [dot(Fraction, *row) for row in rows],
        "bounds": [dot(Bounded.exact, *row) for row in rows],
        "numpy": [np.dot(*row) for row in zip(a, b, strict=True)],
        "operations": lambda kept: (kept.add, list(map(kept.term, a.T, b.T))),
        "counted": (terms, np.abs(a * b).sum(axis=1)),
    }


def a_product(chance: np.random.Generator, terms: int, signed: bool) -> dict[str, Any]:
    a = np.exp2(numbers(chance, terms, True)) * (chance.choice([-1, 1], terms) if signed else 1)
    return {
        "exact": [
            Fraction(*map(math.prod, zip(*map(float.as_integer_ratio, row), strict=True)))
            for row in a.tolist()
        ],
        "bounds": [math.prod(map(Bounded.exact, row)) for row in a.tolist()],
        "numpy": [np.prod(row) for row in a],
        "operations": lambda kept: (kept.multiply, list(a.T)),
        "counted": (terms - 1, np.ones(INPUTS)),
    }


def numbers(chance: np.random.Generator, terms: int, signed: bool) -> Array:
    """Rows of evenly distributed numbers, from 0 or from -1 up to 1."""
    return chance.uniform(-1 if signed else 0, 1, (INPUTS, terms))


def shares(computed: Any, work: dict[str, Any]) -> Array:
    rows = zip(computed, work["exact"], work["bounds"], strict=True)
    return np.array(
        [float(abs(Fraction(float(c)) - x) / Fraction(bound.radius)) for c, x, bound in rows]
    )


def reached(terms: int) -> float:
    """The share of a sum that loses all it can: 1 plus half a unit, again and again."""
    row = [1.0, *[U] * (terms - 1)]
    bound = sum(map(Bounded.exact, row), Bounded.exact(0.0))
    error = sum(map(Fraction, row)) - Fraction(functools.reduce(operator.add, row))
    return float(error / Fraction(bound.radius))


def show(name: str, terms: int, share: float, factors: list[float] | None = None) -> None:
    """A line of the table."""
    product = " = " + " x ".join(f"{factor:9.4f}" for factor in factors) if factors else ""
    print(f"{name:40}{terms:8,}{share:10.5f}{product}")


def main() -> None:
    print(f"the largest share of {INPUTS:,} inputs, seed {SEED}\n")
    print(f"{'':43}terms     share = {'    order x cancelled x      size x     signs'}")
    chance = np.random.default_rng(SEED)
    for calculated in (a_sum, a_sum_of_products, a_product):
        for signed in (False, True):
            for terms in LENGTHS:
                work = calculated(chance, terms, signed)
                name = calculated.__name__[2:].replace("_", " ")
                name += ", both signs, " if signed else ", positive, "
                for order in (in_sequence, in_pairs):
                    kept = Operations()
                    result = order(*work["operations"](kept))
                    used = shares(result[0] if isinstance(result, tuple) else result, work)
                    worst = int(used.argmax())
                    factors = kept.factors(worst, *work["counted"])
                    assert math.isclose(math.prod(factors), used[worst], rel_tol=1e-6)
                    show(name + order.__name__.replace("_", " "), terms, used[worst], factors)
                show(name + "NumPy", terms, shares(work["numpy"], work).max())
    print()
    for terms in LENGTHS:
        show("1 and then 2**-53 each, in sequence", terms, reached(terms))


if __name__ == "__main__":
    main()
