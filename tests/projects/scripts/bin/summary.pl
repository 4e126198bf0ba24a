#!/usr/bin/perl
# What a web server's log on standard input says of each path.
use strict;
use warnings;
use Getopt::Long;

my ($top, $min, $errors) = (5, 0, 0);
GetOptions('top=i' => \$top, 'min=i' => \$min, 'errors' => \$errors)
    or die "usage: summary.pl [--top N] [--min BYTES] [--errors] < LOG\n";

my (%requests, %bytes);
my ($total, $bad) = (0, 0);
while (my $line = <STDIN>) {
    chomp $line;
    next unless $line =~ /\S/;
    my ($request, $status, $size) = $line =~ /^\S+ \[[^]]*\] "([^"]*)" (\d{3}) (\d{1,9}|-)$/;
    if (!defined $request) {
        warn "not understood: $line";
        $bad++;
        next;
    }
    $size = 0 if $size eq '-';
    next if $size < $min || $errors && $status < 400;
    my (undef, $path) = split ' ', $request;
    $path ||= '(none)';
    $requests{$path}++;
    $bytes{$path} += $size;
    $total++;
}

my @paths = sort { $bytes{$b} <=> $bytes{$a} || $a cmp $b } keys %requests;
splice @paths, $top if @paths > $top;
printf "%-12s %5s %8s %6s %6s\n", qw(path count KiB mean share);
for my $path (@paths) {
    my ($count, $size) = ($requests{$path}, $bytes{$path});
    my $mean = int($size / $count + 0.5);
    printf "%-12s %5d %8.1f %6d %5.1f%%\n", $path, $count, $size / 1024, $mean,
        100 * $count / $total;
}
print "$total requests, $bad lines not understood\n";
exit($bad ? 1 : 0);
