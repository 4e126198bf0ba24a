#!/usr/bin/perl
# What a log says, by level: summary.pl [--level LEVEL] < LOG

use strict;
use warnings;

my $only = '';
while (@ARGV) {
    my $option = shift @ARGV;
    if ($option eq '--level' && @ARGV) {
        $only = shift @ARGV;
    }
    else {
        print STDERR "usage: $0 [--level LEVEL] < LOG\n";
        exit 2;
    }
}

my (%lines, %seconds);
while (my $line = <STDIN>) {
    chomp $line;
    next if $line eq '';
    my ($level, $took) = $line =~ /^([A-Z]+) .*?([0-9]*[.]?[0-9]+) s$/
        or die "line $.: not a line of a log";
    next if $only && $level ne $only;
    $lines{$level}++;
    $seconds{$level} += $took;
}

for my $level (sort { $lines{$b} <=> $lines{$a} || $a cmp $b } keys %lines) {
    printf "%-8s %5d %10.2f s\n", $level, $lines{$level}, $seconds{$level} / $lines{$level};
}
