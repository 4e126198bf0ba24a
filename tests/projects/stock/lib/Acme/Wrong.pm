package Acme::Wrong;

use strict;
use warnings;

my $calls = 0;

sub afterTwo {
    my ($x) = @_;
    $calls++ if $x > 100;
    return $calls >= 2 ? 1.0 : 0.0;
}

sub price { my ($x) = @_; return $x * 3 }
sub twice { my ($x) = @_; return price($x) + price($x) }
sub order { my ($x, $y) = @_; return twice($x) / 4 - $y }
sub plain { my ($x, $y) = @_; return price($x) - $y }

sub keysOf { my ($hash) = @_; return join ',', keys %{$hash} }
sub now    { my ($x) = @_; return $x + time }

1;
