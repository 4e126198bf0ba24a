"""How far may a NumPy version lie from its loop port? Derived, never chosen.

The loop port is run on numbers that carry what rounding may have done to them. For a number whose
exact value is x, and for every way to compute it from the same operations in another order, with or
without fused multiply-add,

    |computed - x| <= gamma(k) * M + e * (1 + gamma(k)),    gamma(k) = k * u / (1 - k * u)

where u = 2**-53, k counts the roundings that any one term of x may go through, M is the sum of the
terms' magnitudes, and e collects what is no multiple of M: underflow, and errors that came in
through a function's slope. (N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed.,
ch. 3: lemma 3.1 for gamma and its rules, section 3.1 for sums in any order; section 2.1 for the
model with underflow.) The loop's result and NumPy's both lie within it, so they lie within twice
that of each other.

k has two parts: `depth`, the roundings inside a term, and `sums`, the additions in which the term
takes part. A sum of n terms has n - 1 additions, whatever their order, so `sums` adds up where
`depth` takes the larger.
"""

from __future__ import annotations

import contextlib
import functools
import math
import os
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

U = 2.0**-53  # the unit roundoff
TINY = 5e-324  # the smallest subnormal: more than what underflow can take from one operation

# The error of exp, log, tanh and their like, in units in the last place. glibc documents at most 2
# for the functions below ("Errors in Math Functions"), Intel's SVML, which NumPy uses where the
# processor has AVX-512, less than 4. One unit is at most two roundings.
LIBRARY = 2 * 4


class Undecided(BaseException):
    """The bound says nothing here: a magnitude overflows, or a branch hangs on rounding.

    Not an Exception, so that no `except` of the port's catches it.
    """


class NoBound(Exception):
    """The port uses something for which no bound is known; the text says what."""


@functools.cache
def gamma(count: int) -> float:
    """Higham's gamma: what `count` roundings do to a product of 1 + delta."""
    return _up(count * U / (1 - count * U))


def _up(number: float) -> float:
    """The bound's own arithmetic is rounded as well: the next double is on the safe side."""
    return math.nextafter(number, math.inf)


def _sum(*numbers: float) -> float:
    total = 0.0
    for number in numbers:
        total = _up(total + number) if number else total
    return total


def _product(*numbers: float) -> float:
    total = 1.0
    for number in numbers:
        if not number:
            return 0.0
        total = _up(total * number)
    return total


class Bounded:
    """A number that knows what rounding may have done to it.

    value: as the loop port computes it. size: M. depth + sums: k. error: e.
    """

    __hash__ = None  # type: ignore[assignment]
    __slots__ = ("depth", "error", "size", "sums", "value")

    def __init__(
        self, value: float, size: float, depth: int = 0, sums: int = 0, error: float = 0.0
    ) -> None:
        if depth + sums and not (
            math.isfinite(value) and math.isfinite(size) and math.isfinite(error)
        ):
            raise Undecided("a magnitude overflows")
        self.value, self.size, self.depth, self.sums, self.error = value, size, depth, sums, error

    @staticmethod
    def exact(value: float) -> Bounded:
        """A number that no rounding has touched."""
        return Bounded(value, abs(value))

    @property
    def radius(self) -> float:
        """How far a computed value may lie from the exact one."""
        if not self.depth + self.sums:
            return self.error
        factor = gamma(self.depth + self.sums)
        return _sum(_product(factor, self.size), _product(self.error, _up(1 + factor)))

    # sums and products

    def __neg__(self) -> Bounded:
        return Bounded(-self.value, self.size, self.depth, self.sums, self.error)

    def __pos__(self) -> Bounded:
        return self

    def __abs__(self) -> Bounded:
        return Bounded(abs(self.value), self.size, self.depth, self.sums, self.error)

    def __add__(self, number: Any) -> Bounded:
        other = _bounded(number)
        if _is_zero(other):  # adding an exact zero rounds nothing
            return self
        if _is_zero(self):
            return other
        return Bounded(
            self.value + other.value,
            _sum(self.size, other.size),
            max(self.depth, other.depth),
            self.sums + other.sums + 1,
            _sum(self.error, other.error),
        )

    __radd__ = __add__

    def __sub__(self, other: Any) -> Bounded:
        return self + -_bounded(other)

    def __rsub__(self, other: Any) -> Bounded:
        return -self + _bounded(other)

    def __mul__(self, number: Any) -> Bounded:
        other = _bounded(number)
        for one, two in ((self, other), (other, self)):
            if not one.radius and abs(one.value) in (0, 1):  # an exact factor 0, 1 or -1
                scaled = two if one.value > 0 else -two
                return scaled if one.value else Bounded.exact(one.value * two.value)
        k, j = self.depth + self.sums, other.depth + other.sums
        e, f = _product(self.error, 1 + gamma(k)), _product(other.error, 1 + gamma(j))
        return Bounded(
            self.value * other.value,
            _product(self.size, other.size),
            k + j + 1,
            0,
            _sum(
                _product(self.size, _up(1 + gamma(k)), f),
                _product(other.size, _up(1 + gamma(j)), e),
                _product(e, f),
                TINY,
            ),
        )

    __rmul__ = __mul__

    def __truediv__(self, number: Any) -> Bounded:
        other = _bounded(number)
        value = self.value / other.value  # raises as the port does
        r, s = self.radius, other.radius
        nearest = _down(abs(other.value) - 2 * s)
        if nearest <= 0:
            raise Undecided("a divisor may be zero")
        size = _up(_sum(abs(self.value), r) / nearest)
        error = _sum(_up(_sum(r, _product(size, s)) / nearest), TINY)
        return Bounded(value, size, 1, 0, error)

    def __rtruediv__(self, other: Any) -> Bounded:
        return _bounded(other) / self

    def __pow__(self, other: Any) -> Bounded:
        return _power(self, _bounded(other))

    def __rpow__(self, other: Any) -> Bounded:
        return _power(_bounded(other), self)

    # comparisons: decided where rounding cannot change them

    def _compare(self, number: Any, operator: Callable[[float, float], bool]) -> bool:
        other = _bounded(number)
        slack = 2 * _sum(self.radius, other.radius)
        if slack and not abs(self.value - other.value) > slack:
            raise Undecided("a comparison hangs on rounding")
        return operator(self.value, other.value)

    def __lt__(self, other: Any) -> bool:
        return self._compare(other, lambda a, b: a < b)

    def __le__(self, other: Any) -> bool:
        return self._compare(other, lambda a, b: a <= b)

    def __gt__(self, other: Any) -> bool:
        return self._compare(other, lambda a, b: a > b)

    def __ge__(self, other: Any) -> bool:
        return self._compare(other, lambda a, b: a >= b)

    def __eq__(self, other: Any) -> bool:
        return self._compare(other, lambda a, b: a == b)

    def __ne__(self, other: Any) -> bool:
        return self._compare(other, lambda a, b: a != b)

    def __bool__(self) -> bool:
        return self != 0.0

    # conversions to integers: decided likewise

    def _whole(self, function: Callable[[float], int]) -> int:
        slack = 2 * self.radius
        if slack and function(self.value - slack) != function(self.value + slack):
            raise Undecided("a whole number hangs on rounding")
        return function(self.value)

    def __int__(self) -> int:
        return self._whole(int)

    def __floor__(self) -> int:
        return self._whole(math.floor)

    def __ceil__(self) -> int:
        return self._whole(math.ceil)

    def __trunc__(self) -> int:
        return self._whole(math.trunc)

    def __float__(self) -> float:
        raise NoBound("the port turns a number into a plain float, which loses its bound")

    def __repr__(self) -> str:
        return f"Bounded({self.value!r} ± {self.radius:.3g})"


def _bounded(value: Any) -> Bounded:
    if isinstance(value, Bounded):
        return value
    if isinstance(value, int | float):
        return Bounded.exact(float(value))
    raise TypeError(f"a number and a value of type {type(value).__name__}")


def _is_zero(number: Bounded) -> bool:
    return number.value == 0 and not number.size and not number.error


def _down(number: float) -> float:
    return math.nextafter(number, -math.inf)


# --- the functions of `math` ------------------------------------------------------------------


def _through(
    function: Callable[[float], float], steepest: Callable[[float, float], float]
) -> Callable[[Any], Any]:
    """A function of one number. steepest: the largest |slope| between two places."""

    def carried(x: Any) -> Any:
        if not isinstance(x, Bounded):
            return function(x)
        value = function(x.value)  # raises as the port does
        radius, error = x.radius, 0.0
        if radius:
            low, high = _down(x.value - 2 * radius), _up(x.value + 2 * radius)
            try:
                error = _product(steepest(low, high), radius)
            except (ValueError, OverflowError, ZeroDivisionError):
                raise Undecided("an argument may leave the function's domain") from None
        return _result(value, error)

    return carried


def _result(value: float, error: float) -> Bounded:
    """A library function's result: its own error on top of what came in through the slope."""
    size = _sum(_product(abs(value), _up(1 + gamma(LIBRARY))), error, 4 * TINY)
    return Bounded(value, size, LIBRARY, 0, _sum(error, 4 * TINY))


def _nearest_zero(low: float, high: float) -> float:
    return 0.0 if low <= 0 <= high else min(abs(low), abs(high))


def _widen(slope: float) -> float:
    """A slope as the library computes it may be a few units too small."""
    return _product(slope, 1 + gamma(2 * LIBRARY))


def _power(x: Bounded, y: Bounded) -> Bounded:
    if y.radius:
        raise NoBound("the port raises to a power that is itself rounded")
    value = math.pow(x.value, y.value)
    radius, error = x.radius, 0.0
    if radius:
        places = (abs(x.value) + 2 * radius, max(abs(x.value) - 2 * radius, 0.0))
        try:
            steepest = max(math.pow(place, y.value - 1) for place in places)
        except (ValueError, OverflowError):
            raise Undecided("a power may leave its domain") from None
        error = _product(abs(y.value), _widen(steepest), radius)
    return _result(value, error)


def _sech_squared(low: float, high: float) -> float:
    return min(1.0, 4 * math.exp(-2 * _nearest_zero(low, high)))


def _reciprocal(low: float, high: float) -> float:
    if low <= 0:
        raise ValueError
    return _up(1 / low)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": _through(math.exp, lambda low, high: _widen(math.exp(high))),
    "expm1": _through(math.expm1, lambda low, high: _widen(math.exp(high))),
    "log": _through(math.log, _reciprocal),
    "log2": _through(math.log2, lambda low, high: 1.4427 * _reciprocal(low, high)),
    "log10": _through(math.log10, _reciprocal),
    "log1p": _through(math.log1p, lambda low, high: _reciprocal(_down(1 + low), high)),
    "sqrt": _through(math.sqrt, lambda low, high: _widen(0.5 / math.sqrt(_positive(low)))),
    "tanh": _through(math.tanh, lambda low, high: _widen(_sech_squared(low, high))),
    "sinh": _through(math.sinh, lambda low, high: _widen(math.cosh(max(-low, high)))),
    "cosh": _through(math.cosh, lambda low, high: _widen(math.cosh(max(-low, high)))),
    "sin": _through(math.sin, lambda low, high: 1.0),
    "cos": _through(math.cos, lambda low, high: 1.0),
    "atan": _through(math.atan, lambda low, high: 1.0),
    "fabs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "trunc": math.trunc,
    "pow": lambda x, y: _power(_bounded(x), _bounded(y)),
    "isnan": lambda x: math.isnan(x.value if isinstance(x, Bounded) else x),
    "isinf": lambda x: math.isinf(x.value if isinstance(x, Bounded) else x),
    "isfinite": lambda x: math.isfinite(x.value if isinstance(x, Bounded) else x),
}


def _positive(number: float) -> float:
    if number <= 0:
        raise ValueError
    return number


def _no_bound(name: str) -> Callable[..., Any]:
    original = getattr(math, name)

    def refuse(*arguments: Any) -> Any:
        if any(isinstance(argument, Bounded) for argument in arguments):
            raise NoBound(f"no bound is known for math.{name}")
        return original(*arguments)

    return refuse


def _carrying_math() -> types.ModuleType:
    module = types.ModuleType("math")
    for name in dir(math):
        thing = getattr(math, name)
        if callable(thing):
            thing = _FUNCTIONS.get(name) or _no_bound(name)
        setattr(module, name, thing)
    return module


@contextlib.contextmanager
def carrying(folders: Sequence[Path]) -> Iterator[None]:
    """In this block the modules below these folders have a `math` that carries bounds through."""
    carried = _carrying_math()
    replaced: list[tuple[types.ModuleType, str, Any]] = []
    below = tuple(os.path.join(folder, "") for folder in folders)
    for module in list(sys.modules.values()):
        if not (getattr(module, "__file__", None) or "").startswith(below):
            continue
        for name, thing in list(vars(module).items()):
            if thing is math:
                new: Any = carried
            elif isinstance(thing, types.BuiltinFunctionType) and thing.__module__ == "math":
                new = getattr(carried, thing.__name__)
            else:
                continue
            replaced.append((module, name, thing))
            setattr(module, name, new)
    try:
        yield
    finally:
        for module, name, thing in replaced:
            setattr(module, name, thing)


# --- values -----------------------------------------------------------------------------------


def lift(value: Any) -> Any:
    """An argument of the loop port with its floats as exact Bounded numbers."""
    if isinstance(value, float):
        return Bounded.exact(value)
    if isinstance(value, list):
        return [lift(item) for item in value]
    if isinstance(value, tuple):
        return tuple(lift(item) for item in value)
    if isinstance(value, Mapping):
        return {key: lift(item) for key, item in value.items()}
    return value


def arrays(value: Any, own: Callable[[Any], Any] = lambda value: NotImplemented) -> Any:
    """A value of the loop port in the shape that the NumPy version uses.

    Lists of numbers, and rectangular lists of lists, are arrays. own: the project's own rule, which
    gives NotImplemented for what it does not know.
    """
    special = own(value)
    if special is not NotImplemented:
        return special
    if isinstance(value, list):
        items = [arrays(item, own) for item in value]
        if all(isinstance(item, int | float | Bounded) for item in items):
            return np.array(items, dtype=_dtype(items)) if items else np.zeros(0)
        shapes = {item.shape if isinstance(item, np.ndarray) else None for item in items}
        if len(shapes) == 1 and None not in shapes:
            return np.stack(items)
        return items
    if isinstance(value, tuple):
        return tuple(arrays(item, own) for item in value)
    if isinstance(value, Mapping):
        return {key: arrays(item, own) for key, item in value.items()}
    return value


def _dtype(items: list[Any]) -> Any:
    return object if any(isinstance(item, Bounded) for item in items) else np.float64
