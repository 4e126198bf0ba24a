# Program: trains a network to read handwritten digits.
#
# A fifth of the digits, chosen at random, is held out: the network never trains
# with it, and each epoch's line says what it makes of those. The last line
# has a check sum of all weights and biases, bit for bit.
#
# The training is in main, at the end. What stands before it is no lesson: options,
# files, messages.
#
# The Python twin of this file is pybackprop/programs/train_digits.py. Both print
# the same bytes, and each reads the networks which the other saved.

use strict;
use warnings;
use POSIX ();

# The lessons lie in the folder above this file: perl looks there, too.
use File::Basename qw(dirname);
use Getopt::Long   qw(GetOptionsFromArray);
use lib dirname(__FILE__) . '/..';
require 'network.pl';

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

# read_text: a whole file.
sub read_text {
    my ($file) = @_;

    my $text = '';
    open my $handle, '<:raw', $file or die "cannot read $file: $!\n";
    while (my $line = readline $handle) {
        $text = $text . $line;
    }
    close $handle or die "cannot read $file: $!\n";

    return $text;
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

# --- saved networks -------------------------------------------------------------------------------

# number_text: a number with all its bits: 17 digits are enough for a double.
sub number_text {
    my ($number) = @_;

    my $text = sprintf '%.17g', $number;
    if ($text =~ /\A-?[0-9]+\z/) {
        $text = $text . '.0';
    }
    if ($text !~ /[0-9]\z/) {
        die "a weight or a bias that is no finite number cannot be saved\n";
    }

    return $text;
}

# read_number: the double nearest to a text. (The reading of a perl before 5.30 may
# miss it by a bit.)
sub read_number {
    my ($text) = @_;

    my ($number) = POSIX::strtod($text);

    return $number;
}

# numbers_text: a vector as JSON.
sub numbers_text {
    my ($numbers) = @_;

    my $texts = [];
    foreach my $number (@$numbers) {
        push @$texts, number_text($number);
    }

    return '[' . join(', ', @$texts) . ']';
}

# network_text: a network as JSON.
sub network_text {
    my ($network) = @_;

    my $texts = [];
    foreach my $layer (@{$network->{layers}}) {
        my $weights = $layer->{weights};
        push @$texts,
            qq({"activation": "$layer->{activation}",\n)
            . qq(  "biases": )
            . numbers_text($layer->{biases}) . qq(,\n)
            . qq(  "weights": {"rows_length": $weights->{rows_length},)
            . qq( "columns_length": $weights->{columns_length},\n)
            . qq(    "values": )
            . numbers_text($weights->{values}) . qq(}});
    }

    return qq({"cost": "$network->{cost}", "layers": [\n) . join(",\n", @$texts) . qq(\n]}\n);
}

# read_json: the value that stands in a JSON text from a position on, and the
# position behind it. A text comes as a reference to it, so that it's not mistaken
# for a number.
sub read_json {
    my ($text, $position, $depth) = @_;

    my $after_blanks = sub {
        pos($text) = $position;
        $text =~ /\G[ \t\r\n]*/g;
        $position = pos $text;
        return substr $text, $position, 1;
    };
    my $refuse = sub { die "not JSON at character $position\n" };

    my $first = $after_blanks->();
    if ($depth > 50) {
        $refuse->();
    }
    if ($first eq '{' || $first eq '[') {
        my $end = $first eq '{' ? '}' : ']';
        my ($hash, $list) = ({}, []);
        $position++;
        my $next = $after_blanks->();
        while ($next ne $end) {
            my $key;
            if ($first eq '{') {
                ($key, $position) = read_json($text, $position, $depth + 1);
                if (ref $key ne 'SCALAR' || $after_blanks->() ne ':') {
                    $refuse->();
                }
                $position++;
            }
            (my $value, $position) = read_json($text, $position, $depth + 1);
            if ($first eq '{') {
                $hash->{$$key} = $value;
            } else {
                push @$list, $value;
            }
            $next = $after_blanks->();
            if ($next eq ',') {
                $position++;
                if ($after_blanks->() eq $end) {
                    $refuse->();
                }
            } elsif ($next ne $end) {
                $refuse->();
            }
        }
        return ($first eq '{' ? $hash : $list, $position + 1);
    }

    pos($text) = $position;
    if ($text =~ /\G-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][-+]?[0-9]+)?/g) {
        my $number = read_number(substr $text, $position, pos($text) - $position);
        return ($number, pos $text);
    }
    pos($text) = $position;
    if ($text =~ /\G"((?:[^"\\\x00-\x1F]|\\(?:["\\\/bfnrt]|u[0-9a-fA-F]{4}))*)"/g) {
        my ($found, $end) = ($1, pos $text);
        my %meaning = (b => "\b", f => "\f", n => "\n", r => "\r", t => "\t");
        $found =~ s/\\(?:u(....)|(.))/defined $1 ? chr hex $1 : $meaning{$2} || $2/ge;
        return (\$found, $end);
    }
    pos($text) = $position;
    if ($text =~ /\G(?:true|false|null)/g) {
        return (undef, pos $text);
    }

    return $refuse->();
}

# vector_of: a vector out of JSON. Anything else is an error.
sub vector_of {
    my ($value) = @_;

    if (ref $value ne 'ARRAY') {
        die "not a saved network\n";
    }
    foreach my $number (@$value) {
        if (!defined $number || ref $number || abs($number) == 9**9**9) {
            die "not a saved network\n";
        }
    }

    return $value;
}

# entry_of: an entry of a hash out of JSON, of the kind that is wanted.
sub entry_of {
    my ($value, $key, $kind) = @_;

    if (ref $value ne 'HASH' || !defined $value->{$key} || ref $value->{$key} ne $kind) {
        die "not a saved network\n";
    }

    return $value->{$key};
}

# network_of: a network out of a JSON text. Anything else is an error.
sub network_of {
    my ($text) = @_;

    my ($value, $end) = read_json($text, 0, 0);
    if (substr($text, $end) =~ /[^ \t\r\n]/) {
        die "not JSON at character $end\n";
    }

    my $layers = [];
    foreach my $saved (@{entry_of($value, 'layers', 'ARRAY')}) {
        my $weights = entry_of($saved, 'weights', 'HASH');
        push @$layers,
            {
            weights => {
                rows_length    => int(vector_of([entry_of($weights, 'rows_length',    '')])->[0]),
                columns_length => int(vector_of([entry_of($weights, 'columns_length', '')])->[0]),
                values         => vector_of(entry_of($weights, 'values', 'ARRAY')),
            },
            biases     => vector_of(entry_of($saved, 'biases', 'ARRAY')),
            activation => ${entry_of($saved, 'activation', 'SCALAR')},
            };
    }

    return {layers => $layers, cost => ${entry_of($value, 'cost', 'SCALAR')}};
}

# load_network: a network from the file where it was saved.
sub load_network {
    my ($file) = @_;

    my $text    = read_text($file);
    my $network = eval {
        my $found = network_of($text);
        check_network($found);
        $found;
    };
    if (!defined $network) {
        die "$file: $@";
    }

    return $network;
}

# save_network: writes a network to a file.
sub save_network {
    my ($network, $file) = @_;

    my $text = network_text($network);
    open my $handle, '>:raw', $file or die "cannot write $file: $!\n";
    print {$handle} $text or die "cannot write $file: $!\n";
    close $handle         or die "cannot write $file: $!\n";

    return;
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
