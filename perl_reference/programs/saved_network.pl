# How the program train_digits saves a network, as JSON, and reads it again: no lesson.
#
# The Python twin of this file is pybackprop/programs/saved_network.py.

use strict;
use warnings;
use POSIX ();

# The lessons lie in the folder above this file: perl looks there, too.
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/..';
require 'network.pl';

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

1;
