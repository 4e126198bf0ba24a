# Lesson: the slopes of a hidden layer.
#
# A hidden layer is one before the last. Its activated outputs are the inputs
# of the next layer, here called the forward layer, where each of them goes into
# every output. So its slope is a sum, one term for each forward output; and
# each term needs only what was already found there: the slope for a forward
# bias. From the last layer to the first, each layer starts from the slopes of
# the one after it. Hence the name: backpropagation.
#
# These arguments are the same in all functions of this lesson:
#
#   forward_bias_grads           a vector of p numbers, the slopes of the cost for
#                                the biases of the forward layer
#   forward_weights              a p x n matrix, the weights of the forward layer
#   activate_grads_for_outputs   a vector of n numbers, activate_derivative of each
#                                output of this layer
#   inputs                       a vector of m numbers, the inputs of this layer
#
# hidden_cost_grads_for_weights and the two functions by_mat stand alone: they show
# other ways to the slopes, and the lesson network calls none of them.
#
# A function without a line "Tutorial:" is not in the tutorial.
#
# The Python twin of this file is pybackprop/hidden_layer.py.

use strict;
use warnings;

# The other lessons lie in the folder of this file: perl looks there, too.
use File::Basename qw(dirname);
use lib dirname(__FILE__);
require 'cost.pl';
require 'last_layer.pl';
require 'matrix.pl';

# check_forward_weights: makes sure that forward weights fit between two layers.
#
# Returns nothing. An incomplete matrix is an error, and so are lengths that
# don't fit it.
sub check_forward_weights {
    my ($forward_bias_grads, $forward_weights, $activate_grads_for_outputs) = @_;

    check_mat($forward_weights);

    my $rows_length    = $forward_weights->{rows_length};
    my $columns_length = $forward_weights->{columns_length};
    my $biases_length  = @$forward_bias_grads;
    my $outputs_length = @$activate_grads_for_outputs;
    if ($rows_length != $biases_length) {
        die "forward weights with $rows_length rows do not fit $biases_length biases\n";
    }
    if ($columns_length != $outputs_length) {
        die "forward weights with $columns_length columns do not fit $outputs_length outputs\n";
    }

    return;
}

# cost_grad_for_forward_input: one forward output's part in the slope for its input.
#
# A weight and its input are multiplied, so they may change roles: the slope for
# the weight is the bias's slope times INPUT, and the slope for the input is
# the bias's slope times WEIGHT.
#
# forward_bias_grad: a number, the slope of the cost for the forward bias.
# forward_weight: a number, the weight from this input to that forward output.
# Returns a number. nan gives nan.
# Tutorial: 最後から2番目のバイアスに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the second to last biases)
sub cost_grad_for_forward_input {
    my ($forward_bias_grad, $forward_weight) = @_;

    return $forward_bias_grad * $forward_weight;
}

# hidden_cost_grad_for_bias: the slope of the cost for one bias of a hidden layer.
#
# forward_weights_for_output: a vector of p numbers, the weights from this
# output to each forward output (a column of the forward weights).
# activate_grad_for_output: a number, activate_derivative of this output.
# Returns a number, 0 for empty vectors. Unequal lengths are an error.
# Tutorial: 最後から2番目のバイアスに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the second to last biases)
sub hidden_cost_grad_for_bias {
    my ($forward_bias_grads, $forward_weights_for_output, $activate_grad_for_output) = @_;

    check_same_length($forward_bias_grads, $forward_weights_for_output);

    # Seen from the bias the transform is output = bias + C, whose slope is 1. A
    # factor of 1 is left out of the terms.
    my $total = 0.0;
    for (my $i = 0; $i < @$forward_bias_grads; $i++) {
        my $forward_bias_grad  = $forward_bias_grads->[$i];
        my $forward_weight     = $forward_weights_for_output->[$i];
        my $forward_input_grad = cost_grad_for_forward_input($forward_bias_grad, $forward_weight);
        $total = $total + $forward_input_grad * $activate_grad_for_output;
    }

    return $total;
}

# hidden_cost_grads_for_biases: the slopes of the cost for all biases of a hidden layer.
#
# Returns a new vector of n numbers. What check_forward_weights refuses is an error.
# Tutorial: 最後から2番目のバイアスに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the second to last biases)
sub hidden_cost_grads_for_biases {
    my ($forward_bias_grads, $forward_weights, $activate_grads_for_outputs) = @_;

    check_forward_weights($forward_bias_grads, $forward_weights, $activate_grads_for_outputs);

    my $rows_length = $forward_weights->{rows_length};
    my $bias_grads  = [];
    for (my $column = 0; $column < @$activate_grads_for_outputs; $column++) {
        my $forward_weights_for_output = [];
        for (my $row = 0; $row < $rows_length; $row++) {
            push @$forward_weights_for_output,
                $forward_weights->{values}[$row + $rows_length * $column];
        }

        my $bias_grad = hidden_cost_grad_for_bias(
            $forward_bias_grads,
            $forward_weights_for_output,
            $activate_grads_for_outputs->[$column],
        );
        push @$bias_grads, $bias_grad;
    }

    return $bias_grads;
}

# hidden_cost_grads_for_biases_by_mat: the same slopes by a product of matrices.
#
# The transposed forward weights are multiplied by the slopes for the forward
# biases, as a column.
#
# The slope of the activation is the same in every term of the sum, so it is
# multiplied once, after the sum. (Another order: the last bits may differ.)
#
# Returns a new n x 1 matrix. What check_forward_weights refuses is an error.
sub hidden_cost_grads_for_biases_by_mat {
    my ($forward_bias_grads, $forward_weights, $activate_grads_for_outputs) = @_;

    check_forward_weights($forward_bias_grads, $forward_weights, $activate_grads_for_outputs);

    my $forward_input_grads = mul_mat(transpose($forward_weights), to_mat($forward_bias_grads));

    my $bias_grads = [];
    for (my $i = 0; $i < @$activate_grads_for_outputs; $i++) {
        push @$bias_grads, $forward_input_grads->{values}[$i] * $activate_grads_for_outputs->[$i];
    }

    return to_mat($bias_grads);
}

# hidden_cost_grads_for_weights: the slopes of the cost for all weights of a hidden layer.
#
# The rule is that of the last layer: the bias's slope times INPUT.
#
# Returns a new vector of n * m numbers, in the order of a column-major n x m
# matrix. What check_forward_weights refuses is an error.
sub hidden_cost_grads_for_weights {
    my ($forward_bias_grads, $forward_weights, $activate_grads_for_outputs, $inputs) = @_;

    my $bias_grads = hidden_cost_grads_for_biases(
        $forward_bias_grads,
        $forward_weights,
        $activate_grads_for_outputs,
    );

    return cost_grads_for_weights($bias_grads, $inputs);
}

# hidden_cost_grads_for_weights_by_mat: the same slopes by products of matrices.
#
# Returns a new n x m matrix. What check_forward_weights refuses is an error.
sub hidden_cost_grads_for_weights_by_mat {
    my ($forward_bias_grads, $forward_weights, $activate_grads_for_outputs, $inputs) = @_;

    my $bias_grads = hidden_cost_grads_for_biases_by_mat(
        $forward_bias_grads,
        $forward_weights,
        $activate_grads_for_outputs,
    );

    return mul_mat($bias_grads, transpose(to_mat($inputs)));
}

1;
