# Lesson: a whole network.
#
# Everything before this lesson was about one layer, or about two neighbours. Here
# they become a network that learns: the inputs go forward through all layers, the
# slopes come back from the last layer to the first, and each weight takes a small
# step against its slope, so that the cost becomes smaller. Then again, with the
# next few examples.
#
# A layer has three entries: weights, an n x m matrix, biases, a vector of n
# numbers, and activation, a name: sigmoid, tanh, relu, leaky_relu or, for the last
# layer only, softmax. A network has two: layers, and cost, a name. Each cost has a
# meaning after some activations of the last layer:
#
#   squared_error               sigmoid, tanh, relu, leaky_relu
#   cross_entropy               sigmoid
#   categorical_cross_entropy   softmax
#
# A network is checked where it comes in: by create_network, by train, and by a
# program that reads one from a file. All other functions rely on that, for they are
# called for every example.
#
# Messages count layers and epochs from 1.
#
# The tutorial ends before this lesson and has none of its functions. A line
# "Tutorial:" names the section whose rule a function applies.
#
# The Python twin of this file is pybackprop/network.py.

use strict;
use warnings;
use POSIX ();

# The other lessons lie in the folder of this file: perl looks there, too.
use File::Basename qw(dirname);
use lib dirname(__FILE__);
require 'activation.pl';
require 'cost.pl';
require 'hidden_layer.pl';
require 'last_layer.pl';
require 'matrix.pl';
require 'perl_random.pl';

# check_activation: makes sure that there is an activation of this name.
#
# activation: a name.
# Returns nothing. An unknown name is an error.
sub check_activation {
    my ($activation) = @_;

    foreach my $known ('sigmoid', 'tanh', 'relu', 'leaky_relu', 'softmax') {
        if ($activation eq $known) {
            return;
        }
    }

    die "unknown activation: $activation\n";
}

# check_combination: makes sure that a cost has a meaning after an activation.
#
# The cross entropies are written for probabilities: of several independent
# answers (sigmoid), or of one answer out of many (softmax). And softmax, whose
# outputs depend on every input, has no slope for each output alone, which
# squared_error would need.
#
# activation: a name, the activation of the last layer.
# cost_name: a name.
# Returns nothing. An unknown name is an error, and so is a combination without
# a meaning.
sub check_combination {
    my ($activation, $cost_name) = @_;

    check_activation($activation);

    if ($cost_name eq 'squared_error') {
        if ($activation eq 'softmax') {
            die "squared_error has no meaning after softmax\n";
        }
    } elsif ($cost_name eq 'cross_entropy') {
        if ($activation ne 'sigmoid') {
            die "cross_entropy has no meaning after $activation\n";
        }
    } elsif ($cost_name eq 'categorical_cross_entropy') {
        if ($activation ne 'softmax') {
            die "categorical_cross_entropy has no meaning after $activation\n";
        }
    } else {
        die "unknown cost: $cost_name\n";
    }

    return;
}

# check_layer: makes sure that a layer is complete.
#
# layer: a layer.
# Returns nothing. A missing entry, an incomplete matrix, a number of biases that
# doesn't fit it, and an unknown activation are errors.
sub check_layer {
    my ($layer) = @_;

    foreach my $key ('weights', 'biases', 'activation') {
        if (!exists $layer->{$key}) {
            die "a layer without $key\n";
        }
    }

    check_mat($layer->{weights});
    check_activation($layer->{activation});

    my $rows_length   = $layer->{weights}{rows_length};
    my $biases_length = @{$layer->{biases}};
    if ($rows_length != $biases_length) {
        die "weights with $rows_length rows do not fit $biases_length biases\n";
    }

    return;
}

# check_network: makes sure that a network is complete, and that its parts fit.
#
# network: a network.
# Returns nothing. A missing entry, a network without layers, an incomplete
# layer, neighbours that don't fit, softmax in a layer that isn't the last, and a
# cost that has no meaning after the last layer are errors.
sub check_network {
    my ($network) = @_;

    foreach my $key ('layers', 'cost') {
        if (!exists $network->{$key}) {
            die "a network without $key\n";
        }
    }

    my $layers        = $network->{layers};
    my $layers_length = @$layers;
    if ($layers_length == 0) {
        die "a network without layers\n";
    }

    for (my $i = 0; $i < $layers_length; $i++) {
        check_layer($layers->[$i]);
        my $number = $i + 1;
        if ($i > 0) {
            my $columns_length = $layers->[$i]{weights}{columns_length};
            my $rows_length    = $layers->[$i - 1]{weights}{rows_length};
            if ($columns_length != $rows_length) {
                die "layer $number with $columns_length inputs"
                    . " does not fit $rows_length outputs before it\n";
            }
        }
        if ($number < $layers_length && $layers->[$i]{activation} eq 'softmax') {
            die "softmax in layer $number of $layers_length, which is not the last\n";
        }
    }

    check_combination($layers->[$layers_length - 1]{activation}, $network->{cost});

    return;
}

# check_batch: makes sure that there are examples, each with its wanted outputs.
#
# batch_inputs: a list of vectors, the inputs of each example.
# batch_wanted: a list of vectors, the wanted outputs of each example.
# Returns nothing. Lists of unequal length are an error, and so are empty ones.
sub check_batch {
    my ($batch_inputs, $batch_wanted) = @_;

    my $inputs_length = @$batch_inputs;
    my $wanted_length = @$batch_wanted;
    if ($inputs_length != $wanted_length) {
        die "$inputs_length examples do not fit $wanted_length wanted outputs\n";
    }
    if ($inputs_length == 0) {
        die "a batch without examples\n";
    }

    return;
}

# check_label: makes sure that a label is there.
#
# label: an integer.
# labels_length: an integer, how many labels there are: 0, 1, ...
# Returns nothing. A label that isn't there is an error.
sub check_label {
    my ($label, $labels_length) = @_;

    if ($label < 0 || $label >= $labels_length) {
        die "label $label is not one of $labels_length labels\n";
    }

    return;
}

# check_no_nan: makes sure that no weight and no bias is nan.
#
# nan never goes away again: what is calculated from it is nan, too.
#
# network: a network.
# epoch: an integer, the epoch that was trained, for the message.
# Returns nothing. A weight or a bias that is nan is an error.
sub check_no_nan {
    my ($network, $epoch) = @_;

    my $number = 0;
    foreach my $layer (@{$network->{layers}}) {
        $number = $number + 1;
        foreach my $weight (@{$layer->{weights}{values}}) {
            if (POSIX::isnan($weight)) {
                die "epoch $epoch: a weight of layer $number became nan\n";
            }
        }
        foreach my $bias (@{$layer->{biases}}) {
            if (POSIX::isnan($bias)) {
                die "epoch $epoch: a bias of layer $number became nan\n";
            }
        }
    }

    return;
}

# random_weights: random weights from the normal distribution.
#
# Their mean is 0, and their squared standard deviation 2 / fan.
#
# rows_length: an integer, how many outputs.
# columns_length: an integer, how many inputs.
# fan: an integer, the number of inputs, or of inputs and outputs together.
# seed: an integer of 32 bits.
# Returns a new matrix. Lengths below 1 are an error, and so is a fan below 1.
sub random_weights {
    my ($rows_length, $columns_length, $fan, $seed) = @_;

    if ($rows_length < 1 || $columns_length < 1) {
        die "no weights from $columns_length inputs to $rows_length outputs\n";
    }

    my $deviation = sqrt(2 / $fan);
    my $values    = [];
    foreach my $number (@{normal_numbers($seed, $rows_length * $columns_length)}) {
        push @$values, $deviation * $number;
    }

    return {rows_length => $rows_length, columns_length => $columns_length, values => $values};
}

# glorot_weights: the usual first weights before sigmoid, tanh and softmax.
#
# Of weights that are all alike, each would get the same slope and learn the same,
# so they are random. Too large ones make every layer's outputs larger than those
# before it, too small ones let them fade. Glorot's choice is in between: the
# squared deviation is 2 / (inputs + outputs).
#
# rows_length: an integer, how many outputs.
# columns_length: an integer, how many inputs.
# seed: an integer of 32 bits.
# Returns a new matrix. Lengths below 1 are an error.
sub glorot_weights {
    my ($rows_length, $columns_length, $seed) = @_;

    my $fan = $columns_length + $rows_length;

    return random_weights($rows_length, $columns_length, $fan, $seed);
}

# he_weights: the usual first weights before relu and leaky_relu.
#
# These lose about half of what goes in, so the weights are larger: He's choice
# for the squared deviation is 2 / inputs.
#
# rows_length: an integer, how many outputs.
# columns_length: an integer, how many inputs.
# seed: an integer of 32 bits.
# Returns a new matrix. Lengths below 1 are an error.
sub he_weights {
    my ($rows_length, $columns_length, $seed) = @_;

    my $fan = $columns_length;

    return random_weights($rows_length, $columns_length, $fan, $seed);
}

# create_network: a network with random weights, and biases of 0.
#
# sizes: a vector of integers, the number of inputs, then of each layer's outputs.
# activations: a list of names, one for each layer.
# cost_name: a name.
# seed: an integer of 32 bits; layer 1 has seed + 1 for its weights, and so on.
# Returns a new network. Less than two sizes, a number of activations that doesn't
# fit, sizes below 1, and everything that check_network refuses are errors.
sub create_network {
    my ($sizes, $activations, $cost_name, $seed) = @_;

    my $sizes_length       = @$sizes;
    my $activations_length = @$activations;
    if ($sizes_length < 2) {
        die "a network cannot have $sizes_length sizes\n";
    }
    if ($activations_length != $sizes_length - 1) {
        die "$activations_length activations do not fit $sizes_length sizes\n";
    }

    my $layers = [];
    for (my $i = 0; $i < $activations_length; $i++) {
        my $activation = $activations->[$i];
        my $weights;
        if ($activation eq 'relu' || $activation eq 'leaky_relu') {
            $weights = he_weights($sizes->[$i + 1], $sizes->[$i], $seed + $i + 1);
        } else {
            $weights = glorot_weights($sizes->[$i + 1], $sizes->[$i], $seed + $i + 1);
        }
        my $biases = [];
        for (my $j = 0; $j < $sizes->[$i + 1]; $j++) {
            push @$biases, 0.0;
        }
        push @$layers, {weights => $weights, biases => $biases, activation => $activation};
    }

    my $network = {layers => $layers, cost => $cost_name};
    check_network($network);

    return $network;
}

# activate_layer: applies the activation of a layer, called by its name.
#
# activation: a name.
# outputs: a vector of n numbers, what comes out of the transform.
# Returns a new vector of n numbers, the activated outputs. An unknown name is an
# error, and so is softmax of an empty vector.
# Tutorial: 活性化関数の微分 (The derivative of an activation function)
sub activate_layer {
    my ($activation, $outputs) = @_;

    check_activation($activation);

    if ($activation eq 'sigmoid') {
        return activate_array(\&sigmoid, $outputs);
    }
    if ($activation eq 'tanh') {
        return activate_array(\&tanh, $outputs);
    }
    if ($activation eq 'relu') {
        return activate_array(\&relu, $outputs);
    }
    if ($activation eq 'leaky_relu') {
        return activate_array(\&leaky_relu, $outputs);
    }

    return softmax($outputs);
}

# activate_layer_derivative: the slope of a layer's activation for each output.
#
# activation: a name.
# outputs: a vector of n numbers, what comes out of the transform, before the
# activation.
# Returns a new vector of n numbers. An unknown name is an error, and so is
# softmax, whose slopes are a matrix.
# Tutorial: 活性化関数の微分 (The derivative of an activation function)
sub activate_layer_derivative {
    my ($activation, $outputs) = @_;

    check_activation($activation);

    if ($activation eq 'sigmoid') {
        return activate_array(\&sigmoid_derivative, $outputs);
    }
    if ($activation eq 'tanh') {
        return activate_array(\&tanh_derivative, $outputs);
    }
    if ($activation eq 'relu') {
        return activate_array(\&relu_derivative, $outputs);
    }
    if ($activation eq 'leaky_relu') {
        return activate_array(\&leaky_relu_derivative, $outputs);
    }

    die "softmax has no slope for each output alone\n";
}

# cost_of_outputs: the cost, called by its name.
#
# cost_name: a name.
# vec_a: a vector of n numbers, the activated outputs of the last layer.
# vec_y: a vector of n numbers, the wanted outputs.
# Returns a number. An unknown name is an error, and so is what the cost function
# refuses.
# Tutorial: 損失関数の微分 (The derivative of the cost function)
sub cost_of_outputs {
    my ($cost_name, $vec_a, $vec_y) = @_;

    if ($cost_name eq 'squared_error') {
        return cost($vec_a, $vec_y);
    }
    if ($cost_name eq 'cross_entropy') {
        return cross_entropy_cost($vec_a, $vec_y);
    }
    if ($cost_name eq 'categorical_cross_entropy') {
        return categorical_cross_entropy_cost($vec_a, $vec_y);
    }

    die "unknown cost: $cost_name\n";
}

# last_bias_grads: the slopes of the cost for all biases of the last layer.
#
# activation: a name, the activation of the last layer.
# cost_name: a name.
# outputs: a vector of n numbers, what comes out of the last transform (only the
# slope of the squared error needs it).
# vec_a: a vector of n numbers, the activated outputs.
# vec_y: a vector of n numbers, the wanted outputs.
# Returns a new vector of n numbers. Unequal lengths are an error, and so is what
# check_combination refuses.
# Tutorial: 最後のバイアスに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the last biases)
sub last_bias_grads {
    my ($activation, $cost_name, $outputs, $vec_a, $vec_y) = @_;

    check_combination($activation, $cost_name);

    if ($cost_name eq 'squared_error') {
        my $activate_grads = activate_layer_derivative($activation, $outputs);
        return cost_grads_for_biases($activate_grads, cost_derivative($vec_a, $vec_y));
    }

    # With both cross entropies the slope of the activation is in a - y already (see
    # cross_entropy_cost_derivative): a - y is the slope for the bias, as it stands.
    return cross_entropy_cost_derivative($vec_a, $vec_y);
}

# layer_grads: all slopes of a layer, from those for its biases.
#
# bias_grads: a vector of n numbers, the slopes of the cost for the biases.
# inputs: a vector of m numbers, the inputs of the layer.
# Returns the entries weights, a new n x m matrix, and biases, the vector given.
# Tutorial: 最後の重みに対する損失関数の傾きを求める
# (Finding the slope of the cost function for the last weights)
sub layer_grads {
    my ($bias_grads, $inputs) = @_;

    my $weight_grads = {
        rows_length    => scalar @$bias_grads,
        columns_length => scalar @$inputs,
        values         => cost_grads_for_weights($bias_grads, $inputs),
    };

    return {weights => $weight_grads, biases => $bias_grads};
}

# forward: sends inputs through all layers, and keeps what went through each.
#
# network: a network whose first layer has m inputs.
# inputs: a vector of m numbers.
# Returns a list with three vectors for each layer: inputs, outputs (what came out
# of the transform) and activate_outputs, the inputs of the next layer. Inputs that
# don't fit the network are an error.
sub forward {
    my ($network, $inputs) = @_;

    my $passes       = [];
    my $layer_inputs = $inputs;
    foreach my $layer (@{$network->{layers}}) {
        my $outputs          = m_to_n_transform($layer->{weights}, $layer->{biases}, $layer_inputs);
        my $activate_outputs = activate_layer($layer->{activation}, $outputs);
        push @$passes,
            {inputs => $layer_inputs, outputs => $outputs, activate_outputs => $activate_outputs};
        $layer_inputs = $activate_outputs;
    }

    return $passes;
}

# backpropagate: the slopes of the cost for every weight and bias, for one example.
#
# network: a network whose first layer has m inputs and whose last has n outputs.
# inputs: a vector of m numbers.
# vec_y: a vector of n numbers, the wanted outputs.
# Returns a list with two entries for each layer: weights, a matrix, and biases, a
# vector. Lengths that don't fit the network are an error.
sub backpropagate {
    my ($network, $inputs, $vec_y) = @_;

    my $passes = forward($network, $inputs);

    # The last layer first, then each from the slopes of the one after it.
    my $layers     = $network->{layers};
    my $last       = @$layers - 1;
    my $bias_grads = last_bias_grads(
        $layers->[$last]{activation},
        $network->{cost},
        $passes->[$last]{outputs},
        $passes->[$last]{activate_outputs},
        $vec_y,
    );
    my $gradients = [layer_grads($bias_grads, $passes->[$last]{inputs})];
    for (my $i = $last - 1; $i >= 0; $i--) {
        my $activate_grads =
            activate_layer_derivative($layers->[$i]{activation}, $passes->[$i]{outputs});
        $bias_grads = hidden_cost_grads_for_biases(
            $bias_grads,
            $layers->[$i + 1]{weights},
            $activate_grads,
        );
        unshift @$gradients, layer_grads($bias_grads, $passes->[$i]{inputs});
    }

    return $gradients;
}

# add_to_numbers: adds each number of a vector to that of another one.
#
# totals: a vector of n numbers, which is changed.
# numbers: a vector of n numbers.
# Returns nothing. Unequal lengths are an error.
sub add_to_numbers {
    my ($totals, $numbers) = @_;

    check_same_length($totals, $numbers);

    for (my $i = 0; $i < @$totals; $i++) {
        $totals->[$i] = $totals->[$i] + $numbers->[$i];
    }

    return;
}

# divide_numbers: divides each number of a vector: sums become means.
#
# totals: a vector of n numbers, which is changed.
# count: an integer.
# Returns nothing. Dies with a division by zero for a count of 0.
sub divide_numbers {
    my ($totals, $count) = @_;

    for (my $i = 0; $i < @$totals; $i++) {
        $totals->[$i] = $totals->[$i] / $count;
    }

    return;
}

# step_down: takes a step against the slopes, which makes the cost smaller.
#
# numbers: a vector of n weights or biases, which is changed.
# grads: a vector of n numbers, the slopes of the cost for them.
# rate: a number, how large a step is.
# Returns nothing. Unequal lengths are an error.
sub step_down {
    my ($numbers, $grads, $rate) = @_;

    check_same_length($numbers, $grads);

    for (my $i = 0; $i < @$numbers; $i++) {
        $numbers->[$i] = $numbers->[$i] - $rate * $grads->[$i];
    }

    return;
}

# batch_grads: the mean of the slopes of several examples.
#
# network: a network whose first layer has m inputs and whose last has n outputs.
# batch_inputs: a list of vectors of m numbers.
# batch_wanted: a list of as many vectors of n numbers, the wanted outputs.
# Returns a list with two entries for each layer: weights, a matrix, and biases, a
# vector. No example is an error, and so is what backpropagate refuses.
sub batch_grads {
    my ($network, $batch_inputs, $batch_wanted) = @_;

    check_batch($batch_inputs, $batch_wanted);

    my $means = backpropagate($network, $batch_inputs->[0], $batch_wanted->[0]);
    for (my $i = 1; $i < @$batch_inputs; $i++) {
        my $gradients = backpropagate($network, $batch_inputs->[$i], $batch_wanted->[$i]);
        for (my $j = 0; $j < @$means; $j++) {
            add_to_numbers($means->[$j]{weights}{values}, $gradients->[$j]{weights}{values});
            add_to_numbers($means->[$j]{biases},          $gradients->[$j]{biases});
        }
    }

    foreach my $mean (@$means) {
        divide_numbers($mean->{weights}{values}, scalar @$batch_inputs);
        divide_numbers($mean->{biases},          scalar @$batch_inputs);
    }

    return $means;
}

# update: takes a step down with every weight and bias.
#
# network: a network, which is changed.
# gradients: a list with two entries for each layer: weights, a matrix, and
# biases, a vector.
# rate: a number, how large a step is.
# Returns nothing. Slopes that don't fit the network are an error.
sub update {
    my ($network, $gradients, $rate) = @_;

    my $layers           = $network->{layers};
    my $layers_length    = @$layers;
    my $gradients_length = @$gradients;
    if ($layers_length != $gradients_length) {
        die "slopes of $gradients_length layers do not fit $layers_length layers\n";
    }

    for (my $i = 0; $i < $layers_length; $i++) {
        step_down($layers->[$i]{weights}{values}, $gradients->[$i]{weights}{values}, $rate);
        step_down($layers->[$i]{biases},          $gradients->[$i]{biases},          $rate);
    }

    return;
}

# train_batch: takes one step down, by the mean of the slopes of several examples.
#
# network: a network, which is changed.
# batch_inputs: a list of vectors, the inputs of each example.
# batch_wanted: a list of vectors, the wanted outputs of each example.
# rate: a number, how large a step is.
# Returns nothing. What batch_grads refuses is an error.
sub train_batch {
    my ($network, $batch_inputs, $batch_wanted, $rate) = @_;

    update($network, batch_grads($network, $batch_inputs, $batch_wanted), $rate);

    return;
}

# train_epoch: trains with every example once, batch after batch, in a random order.
#
# network: a network, which is changed.
# all_inputs: a list of vectors, the inputs of each example.
# all_wanted: a list of vectors, the wanted outputs of each example.
# rate: a number, how large a step is.
# batch_length: an integer, how many examples make a batch; the last may have less.
# seed: an integer of 32 bits; the order is that of seed + epoch.
# epoch: an integer, the number of this epoch.
# Returns nothing. A batch length below 1 is an error, and so are no examples, what
# batch_grads refuses, and a weight or a bias that became nan.
sub train_epoch {
    my ($network, $all_inputs, $all_wanted, $rate, $batch_length, $seed, $epoch) = @_;

    check_batch($all_inputs, $all_wanted);
    if ($batch_length < 1) {
        die "a batch cannot have $batch_length examples\n";
    }

    my $order = shuffle($seed + $epoch, scalar @$all_inputs);
    for (my $start = 0; $start < @$order; $start += $batch_length) {
        my $end = $start + $batch_length;
        if ($end > @$order) {
            $end = @$order;
        }
        my $batch_inputs = [];
        my $batch_wanted = [];
        for (my $i = $start; $i < $end; $i++) {
            push @$batch_inputs, $all_inputs->[$order->[$i]];
            push @$batch_wanted, $all_wanted->[$order->[$i]];
        }
        train_batch($network, $batch_inputs, $batch_wanted, $rate);
    }

    check_no_nan($network, $epoch);

    return;
}

# train: trains for a number of epochs.
#
# All arguments but epochs are those of train_epoch.
#
# epochs: an integer, how often every example is seen; nothing is trained below 1.
# Returns nothing. An incomplete network is an error; so is what train_epoch refuses,
# which ends the training.
sub train {
    my ($network, $all_inputs, $all_wanted, $rate, $batch_length, $epochs, $seed) = @_;

    check_network($network);

    for (my $epoch = 1; $epoch <= $epochs; $epoch++) {
        train_epoch($network, $all_inputs, $all_wanted, $rate, $batch_length, $seed, $epoch);
    }

    return;
}

# predict: the activated outputs of the last layer.
#
# network: a network whose first layer has m inputs.
# inputs: a vector of m numbers.
# Returns a new vector. Inputs that don't fit the network are an error.
sub predict {
    my ($network, $inputs) = @_;

    my $passes = forward($network, $inputs);

    return $passes->[-1]{activate_outputs};
}

# predict_label: the label whose output is the largest.
#
# network: a network whose first layer has m inputs and whose last has n outputs.
# inputs: a vector of m numbers.
# Returns an integer from 0 to n - 1. What predict refuses is an error.
sub predict_label {
    my ($network, $inputs) = @_;

    return largest_position(predict($network, $inputs));
}

# label_vector: the wanted outputs for a label: 1 in its place, 0 in all others.
#
# label: an integer.
# labels_length: an integer, how many labels there are: 0, 1, ...
# Returns a new vector of numbers. A label that isn't there is an error.
sub label_vector {
    my ($label, $labels_length) = @_;

    check_label($label, $labels_length);

    my $vec_y = [];
    for (my $i = 0; $i < $labels_length; $i++) {
        if ($i == $label) {
            push @$vec_y, 1.0;
        } else {
            push @$vec_y, 0.0;
        }
    }

    return $vec_y;
}

# accuracy: the part of the examples whose predicted label is right.
#
# network: a network whose first layer has m inputs and whose last has n outputs.
# all_inputs: a list of vectors of m numbers.
# labels: a vector of as many integers, the right labels.
# Returns a number from 0 to 1. No examples are an error, and so are lists of
# unequal length, a label that isn't there, and what predict refuses.
sub accuracy {
    my ($network, $all_inputs, $labels) = @_;

    my $inputs_length = @$all_inputs;
    my $labels_length = @$labels;
    if ($inputs_length != $labels_length) {
        die "$inputs_length examples do not fit $labels_length labels\n";
    }
    if ($inputs_length == 0) {
        die "no examples\n";
    }

    my $layers         = $network->{layers};
    my $outputs_length = @{$layers->[-1]{biases}};
    my $right          = 0;
    for (my $i = 0; $i < $inputs_length; $i++) {
        check_label($labels->[$i], $outputs_length);
        if (predict_label($network, $all_inputs->[$i]) == $labels->[$i]) {
            $right = $right + 1;
        }
    }

    return $right / $inputs_length;
}

# mean_cost: the mean of the cost of several examples.
#
# network: a network whose first layer has m inputs and whose last has n outputs.
# all_inputs: a list of vectors of m numbers.
# all_wanted: a list of as many vectors of n numbers, the wanted outputs.
# Returns a number. No example is an error, and so is what predict and the cost
# function refuse.
sub mean_cost {
    my ($network, $all_inputs, $all_wanted) = @_;

    check_batch($all_inputs, $all_wanted);

    my $total = 0.0;
    for (my $i = 0; $i < @$all_inputs; $i++) {
        my $vec_a = predict($network, $all_inputs->[$i]);
        $total = $total + cost_of_outputs($network->{cost}, $vec_a, $all_wanted->[$i]);
    }

    return $total / @$all_inputs;
}

1;
