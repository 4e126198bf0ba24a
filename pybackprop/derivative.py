"""Lesson: the derivative.

A derivative answers one question: if the input of a function changes a
little, how strongly does its output change? This file holds the tutorial's
two example functions, their derivatives, and the definition itself.

The Perl twin of this file is perl_reference/derivative.pl.
"""

from collections.abc import Callable


def const(x: float) -> float:
    """The constant function f(x) = 5.

    x: a number, which has no influence on the output.
    Returns a number. No input is an error.
    Tutorial: 定数関数の微分 (The derivative of a constant function)
    """
    return 5


def const_derivative(x: float) -> float:
    """The slope of const, which is 0 at every x.

    x: a number, which has no influence on the output.
    Returns a number. No input is an error.
    Tutorial: 定数関数の微分 (The derivative of a constant function)
    """
    return 0


def liner(x: float) -> float:
    """The linear function f(x) = 3x + 2.

    "liner" is the tutorial's spelling of "linear", kept so that readers find it there.

    x: a number.
    Returns a number. No number is an error; nan gives nan.
    Tutorial: 一次関数の微分 (The derivative of a linear function)
    """
    y = 3 * x + 2

    return y


def liner_derivative(x: float) -> float:
    """The slope of liner, which is the coefficient of x.

    x: a number, which has no influence on the output.
    Returns a number. No input is an error.
    Tutorial: 一次関数の微分 (The derivative of a linear function)
    """
    return 3


def derivative(function: Callable[[float], float], x: float, x_delta: float) -> float:
    """The definition of the derivative, for any function.

      f'(x) = (f(x + Δx) - f(x)) / ((x + Δx) - x)

    The definition lets Δx go to 0. A computer cannot go all the way: a small
    x_delta gives a good approximation, one that is too small gives a bad one.

    function: a function that takes a number and returns a number.
    x: a number, the place where the slope is wanted.
    x_delta: a number, the small change of the input.
    Returns a number. Raises ZeroDivisionError where x + x_delta is x again.
    Tutorial: 微分の定義 (The definition of the derivative)
    """
    # The input change is written (x + Δx) - x, not Δx: rounding makes
    # the two differ a little, and the first is the change that really happened.
    output_change = function(x + x_delta) - function(x)
    input_change = (x + x_delta) - x

    return output_change / input_change
