# Lesson: activation functions.
#
# An activation function decides how strongly a neuron answers. The tutorial
# leaves activate and activate_derivative open; here are four choices for them,
# each with its derivative, and softmax, which looks at a whole vector at once.
#
# Every function takes the input of the activation, the derivatives too: the
# tutorial writes activate($output) and activate_derivative($output) with the
# same $output, the number that comes out of the transform before it.
#
# softmax_derivative stands alone: the lesson network never needs it, since after
# softmax it starts from a - y (see cross_entropy_cost_derivative).
#
# A function without a line "Tutorial:" is not in the tutorial.
#
# The Python twin of this file is pybackprop/activation.py.

use strict;
use warnings;
use POSIX ();

# exponential: e to the power of x, as Perl's exp has it.
#
# The two languages disagree about a result that no double can hold: Perl's
# exp(710) is infinity, Python's math.exp(710) raises OverflowError. Both sides
# of the lessons call this function, which gives infinity, and never exp itself.
#
# x: a number.
# Returns a number, infinity if it is too large. nan gives nan.
sub exponential {
    my ($x) = @_;

    return exp($x);
}

# sigmoid: an S-shaped curve from 0 up to 1, with 0.5 at x = 0.
#
# x: a number.
# Returns a number from 0 to 1. nan gives nan.
# Tutorial: 活性化関数の微分 (The derivative of an activation function)
sub sigmoid {
    my ($x) = @_;

    # A very negative x makes the exponential infinite, and 1 / infinity is 0.
    return 1 / (1 + exponential(-$x));
}

# sigmoid_derivative: the slope of sigmoid, 0.25 at x = 0 and less elsewhere.
#
# x: a number, the input of sigmoid.
# Returns a number. nan gives nan.
# Tutorial: 活性化関数の微分 (The derivative of an activation function)
sub sigmoid_derivative {
    my ($x) = @_;

    my $y = sigmoid($x);

    return $y * (1 - $y);
}

# tanh: the hyperbolic tangent, an S-shaped curve from -1 up to 1.
#
# x: a number.
# Returns a number from -1 to 1. nan gives nan.
# Tutorial: 活性化関数の微分 (The derivative of an activation function)
sub tanh {
    my ($x) = @_;

    return POSIX::tanh($x);
}

# tanh_derivative: the slope of tanh, 1 at x = 0 and less elsewhere.
#
# x: a number, the input of tanh.
# Returns a number. nan gives nan.
# Tutorial: 活性化関数の微分 (The derivative of an activation function)
sub tanh_derivative {
    my ($x) = @_;

    my $y = tanh($x);

    return 1 - $y * $y;
}

# relu: lets positive numbers through and makes all others 0.
#
# x: a number.
# Returns a number. nan gives nan, so that a mistake stays visible.
# Tutorial: 活性化関数の微分 (The derivative of an activation function)
sub relu {
    my ($x) = @_;

    # Not x * (x > 0): that is -0.0 for a negative x, and nan for -infinity.
    if ($x <= 0) {
        return 0.0;
    }

    return $x;
}

# relu_derivative: the slope of relu, 0 up to x = 0 and 1 after it.
#
# At x = 0 there is a corner without a slope of its own; 0 is the usual choice.
#
# x: a number, the input of relu.
# Returns a number. nan gives 1.
# Tutorial: 活性化関数の微分 (The derivative of an activation function)
sub relu_derivative {
    my ($x) = @_;

    if ($x <= 0) {
        return 0.0;
    }

    return 1.0;
}

# leaky_relu: relu which still lets a hundredth of a negative number through.
#
# x: a number.
# Returns a number. nan gives nan.
# Tutorial: 活性化関数の微分 (The derivative of an activation function)
sub leaky_relu {
    my ($x) = @_;

    if ($x <= 0) {
        return 0.01 * $x;
    }

    return $x;
}

# leaky_relu_derivative: the slope of leaky_relu, 0.01 up to x = 0 and 1 after it.
#
# x: a number, the input of leaky_relu.
# Returns a number. nan gives 1.
# Tutorial: 活性化関数の微分 (The derivative of an activation function)
sub leaky_relu_derivative {
    my ($x) = @_;

    if ($x <= 0) {
        return 0.01;
    }

    return 1.0;
}

# activate_array: applies an activation function, or its derivative, to each number.
#
# activate: a function that takes a number and returns a number.
# inputs: a vector of n numbers.
# Returns a new vector of n numbers. An error of the function is passed on.
# Tutorial: 活性化関数の微分 (The derivative of an activation function)
sub activate_array {
    my ($activate, $inputs) = @_;

    my $outputs = [];
    for (my $i = 0; $i < @$inputs; $i++) {
        push @$outputs, $activate->($inputs->[$i]);
    }

    return $outputs;
}

# largest_position: where the largest number of a vector is, the first of equals.
#
# numbers: a vector of n numbers.
# Returns an integer from 0 to n - 1. An empty vector is an error; behind a nan as
# the first number nothing is larger.
sub largest_position {
    my ($numbers) = @_;

    if (@$numbers == 0) {
        die "the largest number of an empty vector\n";
    }

    my $largest = 0;
    for (my $i = 1; $i < @$numbers; $i++) {
        if ($numbers->[$i] > $numbers->[$largest]) {
            $largest = $i;
        }
    }

    return $largest;
}

# softmax: turns a vector into probabilities, the largest input getting the largest one.
#
# inputs: a vector of n numbers.
# Returns a new vector of n numbers whose sum is 1. An empty vector is an error;
# a nan, or an infinity as the largest input, makes every output nan.
# Tutorial: 活性化関数の微分 (The derivative of an activation function)
sub softmax {
    my ($inputs) = @_;

    if (@$inputs == 0) {
        die "softmax of an empty vector\n";
    }

    # The same number taken from every input changes nothing, since it cancels
    # out in the division. With the largest one taken, no exponential is over 1.
    my $largest = $inputs->[largest_position($inputs)];

    my $exponentials = [];
    my $total        = 0.0;
    for (my $i = 0; $i < @$inputs; $i++) {
        push @$exponentials, exponential($inputs->[$i] - $largest);
        $total = $total + $exponentials->[$i];
    }

    my $outputs = [];
    for (my $i = 0; $i < @$inputs; $i++) {
        push @$outputs, $exponentials->[$i] / $total;
    }

    return $outputs;
}

# softmax_derivative: the slopes of softmax, all of them in one matrix.
#
# Each output depends on each input, so there are n x n slopes: row i, column j
# says how output i changes with input j. Such a matrix is called the Jacobian.
# What a matrix looks like is the subject of the lesson "matrix".
#
# inputs: a vector of n numbers, the input of softmax.
# Returns an n x n matrix. An empty vector is an error.
# Tutorial: 活性化関数の微分 (The derivative of an activation function)
sub softmax_derivative {
    my ($inputs) = @_;

    my $outputs = softmax($inputs);
    my $length  = @$outputs;

    my $values = [];
    for (my $column = 0; $column < $length; $column++) {
        for (my $row = 0; $row < $length; $row++) {
            if ($row == $column) {
                push @$values, $outputs->[$row] * (1 - $outputs->[$row]);
            } else {
                # 0 - ... and not -...: the second makes -0.0 of a product of 0.
                push @$values, 0 - $outputs->[$row] * $outputs->[$column];
            }
        }
    }

    return {rows_length => $length, columns_length => $length, values => $values};
}

1;
