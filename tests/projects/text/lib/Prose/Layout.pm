package Prose::Layout;

use strict;
use warnings;

my @ROMAN = (
    [1000, 'M'], [900, 'CM'], [500, 'D'], [400, 'CD'], [100, 'C'], [90, 'XC'],
    [50,   'L'], [40,  'XL'], [10,  'X'], [9,   'IX'], [5,   'V'], [4,  'IV'],
    [1,    'I'],
);

# The lines of a text, none longer than the width unless it is one word.
sub wrap {
    my ($text, $width) = @_;
    my @lines;
    for my $word (split ' ', $text) {
        if (@lines && length($lines[-1]) + 1 + length($word) <= $width) {
            $lines[-1] .= " $word";
        } else {
            push @lines, $word;
        }
    }
    return \@lines;
}

sub roman {
    my ($number) = @_;
    my $roman = '';
    for my $pair (@ROMAN) {
        my ($value, $letters) = @{$pair};
        $roman .= $letters x int($number / $value);
        $number %= $value;
    }
    return $roman;
}

# The template with the values in place of {their names}; what has no value stays.
sub fill {
    my ($template, $values) = @_;
    $template =~ s/(\{(\w+)\})/exists $values->{$2} ? $values->{$2} : $1/age;
    return $template;
}

# An amount with two digits and commas.
sub money {
    my ($amount) = @_;
    my $text = sprintf '%.2f', $amount;
    1 while $text =~ s/^(-?\d+)(\d{3})/$1,$2/;
    return $text;
}

sub percent {
    my ($part, $whole) = @_;
    return int(100 * $part / $whole + 0.5) . '%';
}

# Where the page breaks: a number below zero counts from the end.
sub page {
    my ($line, $lines) = @_;
    return int($line / $lines);
}

# The end of a text, or all where it is short.
sub tail {
    my ($text, $count) = @_;
    return $text if $count >= length $text;
    return substr $text, -$count if $count > 0;
    return '';
}

# The label of a line, or another.
sub label {
    my ($text, $other) = @_;
    return $text || $other;
}

# These values, in this order.
sub pick {
    my ($values, $keys) = @_;
    return [@{$values}{@{$keys}}];
}

# Which of two version numbers is later: 1, 0 or -1.
sub later {
    my ($one, $two) = @_;
    return $one <=> $two;
}

# The lengths of some lines, in the usual order.
sub in_order {
    my ($numbers) = @_;
    return [sort @{$numbers}];
}

# A check sum of 32 bits.
sub check_sum {
    my ($text) = @_;
    my $sum = 0;
    $sum = ($sum * 31 + ord $_) & 0xffffffff for split //, $text;
    return $sum;
}

1;
