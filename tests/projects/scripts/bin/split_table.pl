#!/usr/bin/perl
# A table in files by its first column: split_table.pl [--quiet] TABLE; writes parts/KEY.csv

use strict;
use warnings;

my $quiet = @ARGV && $ARGV[0] eq '--quiet' && shift @ARGV;
my ($table) = @ARGV;
die "no table is given\n" if !defined $table;
open my $in, '<', $table or die "cannot read the table\n";
mkdir 'parts';

my ($head, %rows);
while (my $line = <$in>) {
    $line =~ s/\r?\n\z//;
    if (!defined $head) {
        $head = $line;
        next;
    }
    my ($key) = split /;/, $line;
    $key = 'none' if !defined $key || $key !~ /\A[a-z]+\z/;
    push @{$rows{$key}}, $line;
}
close $in or die "cannot read the table\n";

for my $key (sort keys %rows) {
    open my $out, '>', "parts/$key.csv" or die "cannot write parts/$key.csv\n";
    print {$out} map { "$_\n" } $head, @{$rows{$key}};
    close $out or die "cannot write parts/$key.csv\n";
    print "$key: ", scalar @{$rows{$key}}, "\n" if !$quiet;
}
