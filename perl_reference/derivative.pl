# Lesson: the derivative.
#
# A derivative answers one question: if the input of a function changes a
# little, how strongly does its output change? This file holds the tutorial's
# two example functions, their derivatives, and the definition itself.
#
# The Python twin of this file is pybackprop/derivative.py.

use strict;
use warnings;

# const: the constant function f(x) = 5.
#
# x: a number, which has no influence on the output.
# Returns a number. No input is an error.
# Tutorial: 定数関数の微分 (The derivative of a constant function)
sub const {
    my ($x) = @_;

    return 5;
}

# const_derivative: the slope of const, which is 0 at every x.
#
# x: a number, which has no influence on the output.
# Returns a number. No input is an error.
# Tutorial: 定数関数の微分 (The derivative of a constant function)
sub const_derivative {
    my ($x) = @_;

    return 0;
}

# liner: the linear function f(x) = 3x + 2.
#
# "liner" is the tutorial's spelling of "linear", kept so that readers find it there.
#
# x: a number.
# Returns a number. No number is an error; nan gives nan.
# Tutorial: 一次関数の微分 (The derivative of a linear function)
sub liner {
    my ($x) = @_;

    my $y = 3 * $x + 2;

    return $y;
}

# liner_derivative: the slope of liner, which is the coefficient of x.
#
# x: a number, which has no influence on the output.
# Returns a number. No input is an error.
# Tutorial: 一次関数の微分 (The derivative of a linear function)
sub liner_derivative {
    my ($x) = @_;

    return 3;
}

# derivative: the definition of the derivative, for any function.
#
#   f'(x) = (f(x + Δx) - f(x)) / ((x + Δx) - x)
#
# The definition lets Δx go to 0. A computer cannot go all the way: a small
# x_delta gives a good approximation, one that is too small gives a bad one.
#
# function: a function that takes a number and returns a number.
# x: a number, the place where the slope is wanted.
# x_delta: a number, the small change of the input.
# Returns a number. Dies with a division by zero where x + x_delta is x again.
# Tutorial: 微分の定義 (The definition of the derivative)
sub derivative {
    my ($function, $x, $x_delta) = @_;

    # The input change is written (x + Δx) - x, not Δx: rounding makes
    # the two differ a little, and the first is the change that really happened.
    my $output_change = $function->($x + $x_delta) - $function->($x);
    my $input_change  = ($x + $x_delta) - $x;

    return $output_change / $input_change;
}

1;
