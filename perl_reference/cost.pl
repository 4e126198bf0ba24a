# Lesson: cost functions.
#
# A cost function says in one number how far the outputs of a network are from
# the wanted ones. Many numbers go in and one comes out; its derivative is a
# vector, one slope for each number that went in. Each of these is a partial
# derivative: the slope for one input, all others being constants.
#
# vec_a holds the activated outputs of the network, vec_y the wanted outputs.
#
# A function without a line "Tutorial:" is not in the tutorial.
#
# The Python twin of this file is pybackprop/cost.py.

use strict;
use warnings;

# check_same_length: makes sure that two vectors can be walked through together.
#
# vec_a: a vector of numbers.
# vec_b: a vector of numbers.
# Returns nothing. Unequal lengths are an error.
sub check_same_length {
    my ($vec_a, $vec_b) = @_;

    my $length_a = @$vec_a;
    my $length_b = @$vec_b;
    if ($length_a != $length_b) {
        die "vectors of unequal length: $length_a and $length_b\n";
    }

    return;
}

# cost: the squared error, half the sum of (a - y) * (a - y).
#
# The half is there for the derivative, in which it cancels out a 2.
#
# vec_a: a vector of n numbers, the activated outputs.
# vec_y: a vector of n numbers, the wanted outputs.
# Returns a number, 0 for empty vectors. Unequal lengths are an error.
# Tutorial: 損失関数の微分 (The derivative of the cost function)
sub cost {
    my ($vec_a, $vec_y) = @_;

    check_same_length($vec_a, $vec_y);

    my $total = 0.0;
    for (my $i = 0; $i < @$vec_a; $i++) {
        my $difference = $vec_a->[$i] - $vec_y->[$i];
        $total = $total + $difference * $difference;
    }

    return 0.5 * $total;
}

# cost_derivative: the slopes of cost, one for each activated output.
#
# It looks like one function with many outputs, but is only one slope after
# another: no other output has an influence on the slope of this one.
#
# vec_a: a vector of n numbers, the activated outputs.
# vec_y: a vector of n numbers, the wanted outputs.
# Returns a new vector of n numbers. Unequal lengths are an error.
# Tutorial: 損失関数の微分 (The derivative of the cost function)
sub cost_derivative {
    my ($vec_a, $vec_y) = @_;

    check_same_length($vec_a, $vec_y);

    my $outputs = [];
    for (my $i = 0; $i < @$vec_a; $i++) {
        push @$outputs, cost_derivative_each($vec_a->[$i], $vec_y->[$i]);
    }

    return $outputs;
}

# cost_derivative_each: the slope of cost for one activated output, a - y.
#
# It is a partial derivative: every other output counts as a constant, whose
# slope is 0.
#
# each_a: a number, one activated output.
# each_y: a number, the wanted output.
# Returns a number. nan gives nan.
# Tutorial: 損失関数の微分 (The derivative of the cost function),
# 偏微分とは何ですか? (What is a partial derivative?)
sub cost_derivative_each {
    my ($each_a, $each_y) = @_;

    return $each_a - $each_y;
}

# cross_entropy_cost: the binary cross entropy, for outputs of sigmoid.
#
#   the negative sum of y * log(a) + (1 - y) * log(1 - a)
#
# Every output is a probability of its own, that of the answer "yes".
#
# vec_a: a vector of n numbers from 0 to 1, the activated outputs.
# vec_y: a vector of n numbers from 0 to 1, the wanted outputs.
# Returns a number, 0 for empty vectors. Unequal lengths are an error, and so is
# the logarithm of 0 or less (an output which is sure of the wrong answer).
# Tutorial: 損失関数の微分 (The derivative of the cost function)
sub cross_entropy_cost {
    my ($vec_a, $vec_y) = @_;

    check_same_length($vec_a, $vec_y);

    my $total = 0.0;
    for (my $i = 0; $i < @$vec_a; $i++) {
        my $each_a = $vec_a->[$i];
        my $each_y = $vec_y->[$i];

        # A term whose factor is 0 counts as 0. Without the "if" an output which
        # is exactly right (a = y = 0 or a = y = 1) would ask for log(0).
        if ($each_y != 0) {
            $total = $total - $each_y * log($each_a);
        }
        if ($each_y != 1) {
            $total = $total - (1 - $each_y) * log(1 - $each_a);
        }
    }

    return $total;
}

# cross_entropy_cost_derivative: a - y for each output of the network.
#
# Mind what it is the slope of. It is the slope of cross_entropy_cost after
# sigmoid, and of categorical_cross_entropy_cost after softmax, with respect to
# the output before that activation: the activation's slope is in it already,
# and must not be multiplied to it again. With respect to the activated output
# the slopes are (a - y) / (a * (1 - a)) for the first cost and -y / a for the
# second. For cross_entropy_cost after softmax it is wrong.
#
# vec_a: a vector of n numbers from 0 to 1, the activated outputs.
# vec_y: a vector of n numbers from 0 to 1, the wanted outputs.
# Returns a new vector of n numbers. Unequal lengths are an error.
# Tutorial: 損失関数の微分 (The derivative of the cost function)
sub cross_entropy_cost_derivative {
    my ($vec_a, $vec_y) = @_;

    check_same_length($vec_a, $vec_y);

    my $vec_out = [];
    for (my $i = 0; $i < @$vec_a; $i++) {
        push @$vec_out, $vec_a->[$i] - $vec_y->[$i];
    }

    return $vec_out;
}

# categorical_cross_entropy_cost: the cross entropy for outputs of softmax.
#
#   the negative sum of y * log(a)
#
# The outputs together are the probabilities of n answers of which one is right.
#
# vec_a: a vector of n numbers from 0 to 1, the activated outputs.
# vec_y: a vector of n numbers whose sum is 1, the wanted outputs.
# Returns a number, 0 for empty vectors. Unequal lengths are an error, and so is
# the logarithm of 0 or less (an output which is sure of the wrong answer).
# Tutorial: 損失関数の微分 (The derivative of the cost function)
sub categorical_cross_entropy_cost {
    my ($vec_a, $vec_y) = @_;

    check_same_length($vec_a, $vec_y);

    my $total = 0.0;
    for (my $i = 0; $i < @$vec_a; $i++) {
        my $each_a = $vec_a->[$i];
        my $each_y = $vec_y->[$i];

        # A term whose factor is 0 counts as 0: the probability of a wrong
        # answer may well be exactly 0, which has no logarithm.
        if ($each_y != 0) {
            $total = $total - $each_y * log($each_a);
        }
    }

    return $total;
}

1;
