# Lesson: the slope of functions in a row.
#
# A network is a row of functions, each taking what the one before it gave. How
# strongly does the end answer to a change at the start? If the first function
# makes a change 2 times as large and the second makes that 3 times as large,
# the end changes 2 * 3 times as much. Nothing else is behind backpropagation.
#
# chain_gradient stands alone: the lessons after this one multiply the slopes where
# they are calculated.
#
# The Python twin of this file is pybackprop/chain.py.

use strict;
use warnings;

# chain_gradient: the slope of n functions in a row, the product of their slopes.
#
# gradients: a vector of n numbers, the slope of function 1, 2, ..., n.
# Returns a number. An empty vector gives 1: where no function is in between,
# the output is the input and changes exactly as much.
# Tutorial: 最後のバイアスに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the last biases)
sub chain_gradient {
    my ($gradients) = @_;

    my $product = 1.0;
    foreach my $gradient (@$gradients) {
        $product = $product * $gradient;
    }

    return $product;
}

1;
