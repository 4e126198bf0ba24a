#!/usr/bin/perl
# Writes each column of a CSV file into a file of its own, and what it adds up to.
use strict;
use warnings;
use Csv qw(split_line);

my ($file, @wanted) = @ARGV;
if (!defined $file) {
    print STDERR "usage: $0 FILE [COLUMN ...]\n";
    exit 64;
}
open my $in, '<', $file or die "cannot read $file: $!\n";
chomp(my @lines = <$in>);
close $in or die "cannot read $file: $!\n";
my @names = @lines ? split_line(shift @lines) : ();
my %place = map { $names[$_] => $_ } 0 .. $#names;
@wanted = grep { /\A\w+\z/a } @names unless @wanted;

mkdir 'out' or die "cannot make out: $!\n";
for my $name (@wanted) {
    if (!exists $place{$name}) {
        warn "no column $name";
        next;
    }
    my @values = map { (split_line($_))[$place{$name}] // '' } @lines;
    open my $out, '>', "out/$name.txt" or die "cannot write out/$name.txt: $!\n";
    print {$out} map {"$_\n"} @values;
    close $out or die "cannot write out/$name.txt: $!\n";
    my $sum = 0;
    $sum += $_ for grep { /^-?\d{1,9}(?:\.\d{1,3})?$/ } @values;
    print "$name: ", scalar @values, " values, $sum\n";
}
