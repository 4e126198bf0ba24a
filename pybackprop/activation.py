"""Lesson: activation functions.

An activation function decides how strongly a neuron answers. The tutorial
leaves activate and activate_derivative open; here are four choices for them,
each with its derivative, and softmax, which looks at a whole vector at once.

Every function takes the input of the activation, the derivatives too: the
tutorial writes activate($output) and activate_derivative($output) with the
same $output, the number that comes out of the transform before it.

softmax_derivative stands alone: the lesson network never needs it, since after
softmax it starts from a - y (see cross_entropy_cost_derivative).

A function without a line "Tutorial:" is not in the tutorial.

The Perl twin of this file is perl_reference/activation.pl.
"""

import math
from collections.abc import Callable

from pybackprop.matrix import Matrix


def exponential(x: float) -> float:
    """e to the power of x, as Perl's exp has it.

    The two languages disagree about a result that no double can hold: Perl's
    exp(710) is infinity, Python's math.exp(710) raises OverflowError. Both sides
    of the lessons call this function, which gives infinity, and never exp itself.

    x: a number.
    Returns a number, infinity if it is too large. nan gives nan.
    """
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def sigmoid(x: float) -> float:
    """An S-shaped curve from 0 up to 1, with 0.5 at x = 0.

    x: a number.
    Returns a number from 0 to 1. nan gives nan.
    Tutorial: 活性化関数の微分 (The derivative of an activation function)
    """
    # A very negative x makes the exponential infinite, and 1 / infinity is 0.
    return 1 / (1 + exponential(-x))


def sigmoid_derivative(x: float) -> float:
    """The slope of sigmoid, 0.25 at x = 0 and less elsewhere.

    x: a number, the input of sigmoid.
    Returns a number. nan gives nan.
    Tutorial: 活性化関数の微分 (The derivative of an activation function)
    """
    y = sigmoid(x)

    return y * (1 - y)


def tanh(x: float) -> float:
    """The hyperbolic tangent, an S-shaped curve from -1 up to 1.

    x: a number.
    Returns a number from -1 to 1. nan gives nan.
    Tutorial: 活性化関数の微分 (The derivative of an activation function)
    """
    return math.tanh(x)


def tanh_derivative(x: float) -> float:
    """The slope of tanh, 1 at x = 0 and less elsewhere.

    x: a number, the input of tanh.
    Returns a number. nan gives nan.
    Tutorial: 活性化関数の微分 (The derivative of an activation function)
    """
    y = tanh(x)

    return 1 - y * y


def relu(x: float) -> float:
    """Lets positive numbers through and makes all others 0.

    x: a number.
    Returns a number. nan gives nan, so that a mistake stays visible.
    Tutorial: 活性化関数の微分 (The derivative of an activation function)
    """
    # Not x * (x > 0): that is -0.0 for a negative x, and nan for -infinity.
    if x <= 0:
        return 0.0

    return x


def relu_derivative(x: float) -> float:
    """The slope of relu, 0 up to x = 0 and 1 after it.

    At x = 0 there is a corner without a slope of its own; 0 is the usual choice.

    x: a number, the input of relu.
    Returns a number. nan gives 1.
    Tutorial: 活性化関数の微分 (The derivative of an activation function)
    """
    if x <= 0:
        return 0.0

    return 1.0


def leaky_relu(x: float) -> float:
    """relu which still lets a hundredth of a negative number through.

    x: a number.
    Returns a number. nan gives nan.
    Tutorial: 活性化関数の微分 (The derivative of an activation function)
    """
    if x <= 0:
        return 0.01 * x

    return x


def leaky_relu_derivative(x: float) -> float:
    """The slope of leaky_relu, 0.01 up to x = 0 and 1 after it.

    x: a number, the input of leaky_relu.
    Returns a number. nan gives 1.
    Tutorial: 活性化関数の微分 (The derivative of an activation function)
    """
    if x <= 0:
        return 0.01

    return 1.0


def activate_array(activate: Callable[[float], float], inputs: list[float]) -> list[float]:
    """Applies an activation function, or its derivative, to each number.

    activate: a function that takes a number and returns a number.
    inputs: a vector of n numbers.
    Returns a new vector of n numbers. An error of the function is passed on.
    Tutorial: 活性化関数の微分 (The derivative of an activation function)
    """
    outputs = []
    for i in range(len(inputs)):
        outputs.append(activate(inputs[i]))

    return outputs


def largest_position(numbers: list[float]) -> int:
    """Where the largest number of a vector is, the first of equals.

    numbers: a vector of n numbers.
    Returns an integer from 0 to n - 1. An empty vector is an error; behind a nan as
    the first number nothing is larger.
    """
    if len(numbers) == 0:
        raise ValueError("the largest number of an empty vector")

    largest = 0
    for i in range(1, len(numbers)):
        if numbers[i] > numbers[largest]:
            largest = i

    return largest


def softmax(inputs: list[float]) -> list[float]:
    """Turns a vector into probabilities, the largest input getting the largest one.

    inputs: a vector of n numbers.
    Returns a new vector of n numbers whose sum is 1. An empty vector is an error;
    a nan, or an infinity as the largest input, makes every output nan.
    Tutorial: 活性化関数の微分 (The derivative of an activation function)
    """
    if len(inputs) == 0:
        raise ValueError("softmax of an empty vector")

    # The same number taken from every input changes nothing, since it cancels
    # out in the division. With the largest one taken, no exponential is over 1.
    largest = inputs[largest_position(inputs)]

    exponentials = []
    total = 0.0
    for i in range(len(inputs)):
        exponentials.append(exponential(inputs[i] - largest))
        total = total + exponentials[i]

    outputs = []
    for i in range(len(inputs)):
        outputs.append(exponentials[i] / total)

    return outputs


def softmax_derivative(inputs: list[float]) -> Matrix:
    """The slopes of softmax, all of them in one matrix.

    Each output depends on each input, so there are n x n slopes: row i, column j
    says how output i changes with input j. Such a matrix is called the Jacobian.
    What a matrix looks like is the subject of the lesson "matrix".

    inputs: a vector of n numbers, the input of softmax.
    Returns an n x n matrix. An empty vector is an error.
    Tutorial: 活性化関数の微分 (The derivative of an activation function)
    """
    outputs = softmax(inputs)
    length = len(outputs)

    values = []
    for column in range(length):
        for row in range(length):
            if row == column:
                values.append(outputs[row] * (1 - outputs[row]))
            else:
                # 0 - ... and not -...: the second makes -0.0 of a product of 0.
                values.append(0 - outputs[row] * outputs[column])

    return {"rows_length": length, "columns_length": length, "values": values}
