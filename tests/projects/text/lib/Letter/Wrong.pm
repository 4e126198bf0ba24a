package Letter::Wrong;

use strict;
use warnings;

use Letter::Text qw(trim wrap);

# In each, the port makes a mistake that is easily made.

sub fields {
    my ($line) = @_;

    return [split /,/, $line];
}

sub ends_with_digit {
    my ($text) = @_;

    return $text =~ /[0-9]$/ ? 1 : 0;
}

sub given {
    my ($text) = @_;

    return $text ? 1 : 0;
}

sub rounded {
    my ($number) = @_;

    return sprintf '%.0f', $number;
}

sub numbers_in_order {
    my ($numbers) = @_;

    return [sort @{$numbers}];
}

sub half {
    my ($number) = @_;

    return int($number / 2);
}

sub letter_at {
    my ($text, $at) = @_;

    return substr $text, $at, 1;
}

sub words_of {
    my ($text) = @_;

    return [split / /, $text];
}

sub paragraph {
    my ($text) = @_;

    return trim(wrap($text, 12)) . '.';
}

1;
