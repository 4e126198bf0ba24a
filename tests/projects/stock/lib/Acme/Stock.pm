package Acme::Stock;

use strict;
use warnings;
use Exporter 'import';
use Other::Rounding qw(half);

our @EXPORT_OK = qw(total);

sub total {
    my (@prices) = @_;
    my $total = 0.0;
    $total = $total + $_ for @prices;
    return $total;
}

sub label {
    my ($class, $name) = @_;
    return "$class: $name";
}

sub sizes {
    my ($factor) = @_;
    return map { $_ * $factor } 1 .. 3;
}

sub halfPrice {
    my ($price) = @_;
    return half($price);
}

sub firstWord {
    my ($text) = @_;
    my ($word) = $text =~ /\A(\w+)/a;
    return $word;
}

sub taxed {
    my ($price) = @_;
    return $price * $ENV{SHOP_RATE};
}

sub countWords {
    my ($text) = @_;
    my %count;
    $count{$_}++ for split ' ', $text;
    return \%count;
}

sub _show { print "@_\n" }

1;
