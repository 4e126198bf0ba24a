# Program: trains a network to read handwritten digits.
#
# A fifth of the digits, chosen at random, is held out: the network never trains
# with it, and each epoch's line says what it makes of those. The last line
# has a check sum of all weights and biases, bit for bit.
#
# The training is in main, at the end. What stands before it is no lesson: options,
# digits from a file, messages.
#
# The Python twin of this file is pybackprop/programs/train_digits.py. Both print
# the same bytes, and each reads the networks which the other saved.

use strict;
use warnings;
use POSIX ();

# saved_network.pl lies in the folder of this file, the lessons in the one above it:
# perl looks there, too.
use File::Basename qw(dirname);
use Getopt::Long   qw(GetOptionsFromArray);
use lib dirname(__FILE__), dirname(__FILE__) . '/..';
require 'network.pl';
require 'saved_network.pl';

my $pixels_length = 64;
my $labels_length = 10;
my $usage         = <<"END";
usage: train_digits.pl [options]

  --epochs N         how often to train with every digit (10; 0 with --load)
  --seed N           for the first weights and every random order (1)
  --layers SIZES     the inputs, then each layer's outputs (64,30,10)
  --activation NAME  of all layers but the last: sigmoid, tanh, relu, leaky_relu (tanh)
  --rate X           how large a step is (0.3)
  --batch N          how many digits make a step (10)
  --save FILE        write the network there, as JSON
  --load FILE        go on with a saved network
  --predict          print the predicted labels of the digits held out
  --data FILE        the digits (the file that comes with this program)
  --help             print this
END

# whole_number: the integer that a text stands for.
sub whole_number {
    my ($name, $text, $least, $most) = @_;

    if ($text !~ /\A[0-9]{1,12}\z/ || $text < $least || $text > $most) {
        die "$name: a whole number from $least to $most is needed, not '$text'\n";
    }

    return int($text);
}

# step_size: the number above 0 that a text stands for.
sub step_size {
    my ($name, $text) = @_;

    if ($text =~ /\A[0-9]+(?:[.][0-9]+)?(?:[eE][-+]?[0-9]{1,3})?\z/) {
        my $number = read_number($text);
        if ($number > 0 && $number <= 1e300) {
            return $number;
        }
    }

    die "$name: a number above 0 is needed, not '$text'\n";
}

# read_options: the options by their names.
sub read_options {
    my ($arguments) = @_;

    my $options = {
        seed       => '1',
        layers     => '64,30,10',
        activation => 'tanh',
        rate       => '0.3',
        batch      => '10',
        data       => dirname(__FILE__) . '/digits/digits.txt',
    };
    my $why = '';
    local $SIG{__WARN__} = sub { $why = $why || lcfirst $_[0] };
    Getopt::Long::Configure('no_auto_abbrev', 'no_ignore_case');
    GetOptionsFromArray(
        $arguments, $options,  'epochs=s', 'seed=s', 'layers=s', 'activation=s',
        'rate=s',   'batch=s', 'save=s',   'load=s', 'data=s',   'predict',
        'help',
    ) or die $why;
    if (@$arguments > 0) {
        die "unknown argument: $arguments->[0]\n";
    }
    if (!exists $options->{epochs}) {
        $options->{epochs} = exists $options->{load} ? '0' : '10';
    }

    $options->{epochs} = whole_number('--epochs', $options->{epochs}, 0, 1_000_000);
    $options->{seed}   = whole_number('--seed',   $options->{seed},   0, 4_294_967_295);
    $options->{batch}  = whole_number('--batch',  $options->{batch},  1, 1_000_000);
    $options->{rate}   = step_size('--rate', $options->{rate});
    my $sizes = [];
    foreach my $text (split /,/, $options->{layers}, -1) {
        push @$sizes, whole_number('--layers', $text, 1, 10_000);
    }
    $options->{layers} = $sizes;

    return $options;
}

# read_digits: the inputs and the labels of all digits in a file.
sub read_digits {
    my ($file) = @_;

    my $all_inputs = [];
    my $labels     = [];
    my $number     = 0;
    foreach my $line (split /\n/, read_text($file)) {
        $number = $number + 1;
        my $texts = [split ' ', $line];
        if (@$texts != $pixels_length + 1) {
            die "$file: line $number is not 64 pixels and a label\n";
        }
        my $inputs = [];
        for (my $i = 0; $i < $pixels_length; $i++) {
            push @$inputs, whole_number("$file: line $number", $texts->[$i], 0, 16) / 16;
        }
        push @$all_inputs, $inputs;
        push @$labels,     whole_number("$file: line $number", $texts->[$pixels_length], 0, 9);
    }
    if ($number < 5) {
        die "$file: $number digits are too few\n";
    }

    return ($all_inputs, $labels);
}

# --- what is printed ------------------------------------------------------------------------------

# check_sum: a number of 32 bits in which every bit of the network has a part.
sub check_sum {
    my ($network) = @_;

    my $sum = 0;
    foreach my $layer (@{$network->{layers}}) {
        my $numbers = [@{$layer->{weights}{values}}, @{$layer->{biases}}];
        foreach my $word (unpack 'V*', pack 'd<*', @$numbers) {
            $sum = ($sum * 1_000_003 + $word) % 4_294_967_291;
        }
    }

    return sprintf '%08x', $sum;
}

# cost_text: the mean of the cost, which is infinite if an output is sure of the
# wrong answer: the logarithm of 0.
sub cost_text {
    my ($network, $all_inputs, $all_wanted) = @_;

    my $mean = eval { mean_cost($network, $all_inputs, $all_wanted) };
    if (!defined $mean) {
        if ($@ =~ /Can't take log/) {
            return 'inf';
        }
        die $@;
    }

    if ($mean == 9**9**9) {
        return 'inf';
    }
    if (POSIX::isnan($mean)) {
        return 'nan';
    }

    return sprintf '%.15g', $mean;
}

# print_epoch: the line of an epoch.
sub print_epoch {
    my ($epoch, $network, $held_inputs, $held_wanted, $held_labels) = @_;

    my $cost  = cost_text($network, $held_inputs, $held_wanted);
    my $right = sprintf '%.4f', accuracy($network, $held_inputs, $held_labels);
    print "epoch $epoch: cost $cost, accuracy $right\n";

    return;
}

# --- the program ----------------------------------------------------------------------------------

# new_network: the network that the options ask for.
sub new_network {
    my ($options) = @_;

    my $activations = [];
    for (my $i = 1; $i < @{$options->{layers}} - 1; $i++) {
        push @$activations, $options->{activation};
    }
    push @$activations, 'softmax';

    return create_network(
        $options->{layers},
        $activations,
        'categorical_cross_entropy',
        $options->{seed},
    );
}

# check_sizes: makes sure that a network takes digits, and gives labels.
sub check_sizes {
    my ($network) = @_;

    my $inputs_length  = $network->{layers}[0]{weights}{columns_length};
    my $outputs_length = @{$network->{layers}[-1]{biases}};
    if ($inputs_length != $pixels_length || $outputs_length != $labels_length) {
        die "a network from $inputs_length inputs to $outputs_length outputs"
            . " does not fit $pixels_length pixels and $labels_length labels\n";
    }

    return;
}

# main: reads the digits, trains, and prints.
sub main {
    my ($arguments) = @_;

    my $options = read_options($arguments);
    if ($options->{help}) {
        print $usage;
        return;
    }

    my ($all_inputs, $labels) = read_digits($options->{data});
    my $network =
        exists $options->{load} ? load_network($options->{load}) : new_network($options);
    check_sizes($network);

    my $order       = shuffle($options->{seed}, scalar @$labels);
    my $held_length = int(@$labels / 5);
    my ($held_inputs, $held_wanted, $held_labels) = ([], [], []);
    my ($train_inputs, $train_wanted) = ([], []);
    for (my $i = 0; $i < @$order; $i++) {
        my $inputs = $all_inputs->[$order->[$i]];
        my $label  = $labels->[$order->[$i]];
        if ($i < $held_length) {
            push @$held_inputs, $inputs;
            push @$held_wanted, label_vector($label, $labels_length);
            push @$held_labels, $label;
        } else {
            push @$train_inputs, $inputs;
            push @$train_wanted, label_vector($label, $labels_length);
        }
    }

    print_epoch(0, $network, $held_inputs, $held_wanted, $held_labels);
    for (my $epoch = 1; $epoch <= $options->{epochs}; $epoch++) {
        train_epoch(
            $network,
            $train_inputs,
            $train_wanted,
            $options->{rate},
            $options->{batch},
            $options->{seed},
            $epoch,
        );
        print_epoch($epoch, $network, $held_inputs, $held_wanted, $held_labels);
    }

    if ($options->{predict}) {
        my $predicted = [];
        foreach my $inputs (@$held_inputs) {
            push @$predicted, predict_label($network, $inputs);
        }
        print 'predicted: ' . join(' ', @$predicted) . "\n";
    }
    print 'check sum of all weights and biases: ' . check_sum($network) . "\n";
    if (exists $options->{save}) {
        save_network($network, $options->{save});
    }

    return;
}

$| = 1;
if (!eval { main([@ARGV]); 1 }) {
    print STDERR "train_digits: $@";
    exit 2;
}
