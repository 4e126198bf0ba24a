# Lesson: the slopes of a hidden layer.
#
# A hidden layer is one before the last. Its activated outputs are the inputs
# of the next layer, here called the forward layer, where each of them goes into
# every output. So its slope is a sum, one term for each forward output; and
# each term needs only what was already found there: the slope for a forward
# bias. From the last layer to the first, each layer starts from the slopes of
# the one after it. Hence the name: backpropagation.
#
# The Python twin of this file is pybackprop/hidden_layer.py.

use strict;
use warnings;

use File::Basename qw(dirname);
use lib dirname(__FILE__);
require 'cost.pl';
require 'last_layer.pl';
require 'matrix.pl';

# check_forward_weights: makes sure that forward weights fit between two layers.
#
# forward_bias_grads: a vector of p numbers, one for each forward output.
# forward_weights: a p x n matrix.
# activate_grads_for_outputs: a vector of n numbers, one for each output.
# Returns nothing. An incomplete matrix is an error, and so are lengths that
# don't fit it.
# Tutorial: not there, what the functions of this lesson need
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

# cost_grad_for_forward_input: the slope of the cost for the input of a forward
# output, as that one forward output sees it.
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
# forward_bias_grads: a vector of p numbers, the slopes for the forward biases.
# forward_weights_for_output: a vector of p numbers, the weights from this
# output to each forward output (a column of the forward weights).
# activate_grad_for_output: a number, activate_derivative of this output.
# Returns a number, 0 for empty vectors. Unequal lengths are an error.
# Tutorial: 最後から2番目のバイアスに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the second to last biases)
sub hidden_cost_grad_for_bias {
    my ($forward_bias_grads, $forward_weights_for_output, $activate_grad_for_output) = @_;

    check_same_length($forward_bias_grads, $forward_weights_for_output);

    # Seen from the bias the transform is output = bias + C, whose slope is 1.
    my $m_to_n_grad_for_bias = 1;

    my $total = 0.0;
    for (my $i = 0; $i < @$forward_bias_grads; $i++) {
        my $forward_bias_grad  = $forward_bias_grads->[$i];
        my $forward_weight     = $forward_weights_for_output->[$i];
        my $forward_input_grad = cost_grad_for_forward_input($forward_bias_grad, $forward_weight);
        $total = $total + $forward_input_grad * $activate_grad_for_output * $m_to_n_grad_for_bias;
    }

    return $total;
}

# hidden_cost_grads_for_biases: the slopes of the cost for all biases of a hidden
# layer.
#
# forward_bias_grads: a vector of p numbers, the slopes for the forward biases.
# forward_weights: a p x n matrix.
# activate_grads_for_outputs: a vector of n numbers, activate_derivative of
# each output of this layer.
# Returns a new vector of n numbers. An incomplete matrix is an error, and so
# are lengths that don't fit it.
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
            $forward_weights_for_output->[$row] =
                $forward_weights->{values}[$row + $rows_length * $column];
        }

        $bias_grads->[$column] = hidden_cost_grad_for_bias(
            $forward_bias_grads,
            $forward_weights_for_output,
            $activate_grads_for_outputs->[$column],
        );
    }

    return $bias_grads;
}

# hidden_cost_grads_for_biases_by_mat: the same slopes by a product of matrices,
# the transposed forward weights times the forward biases' slopes as a column.
#
# The slope of the activation is the same in every term of the sum, so it is
# multiplied once, after the sum. (Another order: the last bits may differ.)
#
# forward_bias_grads: a vector of p numbers, the slopes for the forward biases.
# forward_weights: a p x n matrix.
# activate_grads_for_outputs: a vector of n numbers, activate_derivative of
# each output of this layer.
# Returns a new n x 1 matrix. An incomplete matrix is an error, and so are
# lengths that don't fit it.
# Tutorial: 最後から2番目のバイアスに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the second to last biases)
sub hidden_cost_grads_for_biases_by_mat {
    my ($forward_bias_grads, $forward_weights, $activate_grads_for_outputs) = @_;

    check_forward_weights($forward_bias_grads, $forward_weights, $activate_grads_for_outputs);

    my $forward_input_grads = mul_mat(transpose($forward_weights), to_mat($forward_bias_grads));

    my $bias_grads = [];
    for (my $i = 0; $i < @$activate_grads_for_outputs; $i++) {
        $bias_grads->[$i] = $forward_input_grads->{values}[$i] * $activate_grads_for_outputs->[$i];
    }

    return to_mat($bias_grads);
}

# hidden_cost_grads_for_weights: the slopes of the cost for all weights of a
# hidden layer, in the order of a column-major n x m matrix.
#
# The rule is that of the last layer: the bias's slope times INPUT.
#
# forward_bias_grads: a vector of p numbers, the slopes for the forward biases.
# forward_weights: a p x n matrix.
# activate_grads_for_outputs: a vector of n numbers, activate_derivative of
# each output of this layer.
# inputs: a vector of m numbers, the inputs of this layer.
# Returns a new vector of n * m numbers. An incomplete matrix is an error, and
# so are lengths that don't fit it.
# Tutorial: 最後から2番目のバイアスに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the second to last biases)
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
# forward_bias_grads: a vector of p numbers, the slopes for the forward biases.
# forward_weights: a p x n matrix.
# activate_grads_for_outputs: a vector of n numbers, activate_derivative of
# each output of this layer.
# inputs: a vector of m numbers, the inputs of this layer.
# Returns a new n x m matrix. An incomplete matrix is an error, and so are
# lengths that don't fit it.
# Tutorial: 最後から2番目のバイアスに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the second to last biases)
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
