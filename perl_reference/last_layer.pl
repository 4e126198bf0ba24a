# Lesson: the slopes of the last layer.
#
# The last layer turns m inputs into n outputs, activates them, and the cost
# function makes one number of that. How does the cost answer to a change of one
# bias, or of one weight? Three functions stand in a row, so the slope is the
# product of three slopes: of the transform, the activation and the cost.
#
# The weights are an n x m matrix: weight0_1 (row 0, column 1) leads from
# input1 to output0. There are n biases, one for each output.
#
# cost_grad_for_weight and cost_grads_for_weights_by_mat stand alone: they show
# other ways to the same slopes, and no other function calls them.
#
# The Python twin of this file is pybackprop/last_layer.py.

use strict;
use warnings;

# The other lessons lie in the folder of this file: perl looks there, too.
use File::Basename qw(dirname);
use lib dirname(__FILE__);
require 'cost.pl';
require 'matrix.pl';

# m_to_n_transform: turns m inputs into n outputs.
#
#   output0 = weight0_0 * input0 + weight0_1 * input1 + bias0
#
# weights: an n x m matrix.
# biases: a vector of n numbers.
# inputs: a vector of m numbers.
# Returns a new vector of n numbers. An incomplete matrix is an error, and so
# are lengths that don't fit it.
# Tutorial: 最後のバイアスに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the last biases)
sub m_to_n_transform {
    my ($weights, $biases, $inputs) = @_;

    check_mat($weights);

    my $rows_length    = $weights->{rows_length};
    my $columns_length = $weights->{columns_length};
    my $biases_length  = @$biases;
    my $inputs_length  = @$inputs;
    if ($rows_length != $biases_length) {
        die "weights with $rows_length rows do not fit $biases_length biases\n";
    }
    if ($columns_length != $inputs_length) {
        die "weights with $columns_length columns do not fit $inputs_length inputs\n";
    }

    my $outputs = [];
    for (my $row = 0; $row < $rows_length; $row++) {
        my $total = 0.0;
        for (my $column = 0; $column < $columns_length; $column++) {
            my $weight = $weights->{values}[$row + $rows_length * $column];
            $total = $total + $weight * $inputs->[$column];
        }
        push @$outputs, $total + $biases->[$row];
    }

    return $outputs;
}

# cost_grad_for_bias: the slope of the cost for one bias of the last layer.
#
# Mind the cost function. The product is right if the third slope is taken with
# respect to the activated output, as cost_derivative does.
# cross_entropy_cost_derivative (a - y) is the product of the second and the
# third slope already: with it, the slope of the activation must be left out
# (given as 1).
#
# activate_grad_for_output: a number, activate_derivative of the output.
# cost_grad_for_activate_output: a number, the slope of the cost for that
# activated output.
# Returns a number. nan gives nan.
# Tutorial: 最後のバイアスに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the last biases)
sub cost_grad_for_bias {
    my ($activate_grad_for_output, $cost_grad_for_activate_output) = @_;

    # Seen from the bias the transform is output = bias + C, whose slope is 1.
    my $m_to_n_grad_for_bias = 1;

    return $m_to_n_grad_for_bias * $activate_grad_for_output * $cost_grad_for_activate_output;
}

# cost_grads_for_biases: the slopes of the cost for all biases of the last layer.
#
# activate_grads_for_outputs: a vector of n numbers, activate_derivative of
# each output.
# cost_grads_for_activate_outputs: a vector of n numbers, the slopes of the cost
# for the activated outputs (mind the cost function: see cost_grad_for_bias).
# Returns a new vector of n numbers. Unequal lengths are an error.
# Tutorial: 最後のバイアスに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the last biases)
sub cost_grads_for_biases {
    my ($activate_grads_for_outputs, $cost_grads_for_activate_outputs) = @_;

    check_same_length($activate_grads_for_outputs, $cost_grads_for_activate_outputs);

    my $bias_grads = [];
    for (my $i = 0; $i < @$activate_grads_for_outputs; $i++) {
        my $activate_grad_for_output      = $activate_grads_for_outputs->[$i];
        my $cost_grad_for_activate_output = $cost_grads_for_activate_outputs->[$i];
        push @$bias_grads,
            cost_grad_for_bias($activate_grad_for_output, $cost_grad_for_activate_output);
    }

    return $bias_grads;
}

# cost_grad_for_weight: the slope of the cost for one weight of the last layer.
#
# weight_input: a number, the input which the weight is multiplied by.
# activate_grad_for_output: a number, activate_derivative of the output.
# cost_grad_for_activate_output: a number, the slope of the cost for that
# activated output (mind the cost function: see cost_grad_for_bias).
# Returns a number. nan gives nan.
# Tutorial: 最後の重みに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the last weights)
sub cost_grad_for_weight {
    my ($weight_input, $activate_grad_for_output, $cost_grad_for_activate_output) = @_;

    # Seen from the weight the transform is output = weight * INPUT + C, whose
    # slope is INPUT.
    my $m_to_n_grad_for_weight = $weight_input;

    return $m_to_n_grad_for_weight * $activate_grad_for_output * $cost_grad_for_activate_output;
}

# cost_grad_for_weight_by_bias: the same slope, from the slope for the bias.
#
# The two products differ in their first factor only, INPUT instead of 1. So
# the slope for a bias, once found, gives those for all weights of its output.
# (Another order of multiplication: the last bit may differ.)
#
# bias_grad: a number, the slope of the cost for the bias of the same output.
# weight_input: a number, the input which the weight is multiplied by.
# Returns a number. nan gives nan.
# Tutorial: 最後の重みに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the last weights)
sub cost_grad_for_weight_by_bias {
    my ($bias_grad, $weight_input) = @_;

    return $bias_grad * $weight_input;
}

# cost_grads_for_weights: the slopes of the cost for all weights of the last layer.
#
# bias_grads: a vector of n numbers, the slopes of the cost for the biases.
# inputs: a vector of m numbers.
# Returns a new vector of n * m numbers, in the order of a column-major n x m
# matrix. An empty vector gives an empty one.
# Tutorial: 最後の重みに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the last weights)
sub cost_grads_for_weights {
    my ($bias_grads, $inputs) = @_;

    my $weight_grads = [];
    foreach my $weight_input (@$inputs) {
        foreach my $bias_grad (@$bias_grads) {
            push @$weight_grads, cost_grad_for_weight_by_bias($bias_grad, $weight_input);
        }
    }

    return $weight_grads;
}

# cost_grads_for_weights_by_mat: the same slopes as one product of matrices.
#
# The slopes for the biases, as a column, are multiplied by the inputs, as a row.
#
# bias_grads: a vector of n numbers, the slopes of the cost for the biases.
# inputs: a vector of m numbers.
# Returns a new n x m matrix. Its values equal cost_grads_for_weights (only a
# -0.0 there is 0.0 here, since a product of matrices adds to 0).
# Tutorial: 重みの損失関数に対する傾きを行列で表現する
# (Writing the slopes of the cost function for the weights as a matrix)
sub cost_grads_for_weights_by_mat {
    my ($bias_grads, $inputs) = @_;

    return mul_mat(to_mat($bias_grads), transpose(to_mat($inputs)));
}

1;
