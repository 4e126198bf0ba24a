package Prose::Words;

use strict;
use warnings;
use feature 'unicode_strings';

my %CODE;
@CODE{split //, 'BFPVCGJKQSXZDTLMNR'} = split //, '111122222222334556';

# Without the white space around it.
sub trim {
    my ($text) = @_;
    $text =~ s/\A\s+//;
    $text =~ s/\s+\z//;
    return $text;
}

# The fields of a line of CSV without quotes; empty ones at its end do not count.
sub fields {
    my ($line) = @_;
    return [split /,/, $line];
}

# The words of a line; quotes hold words together, a backslash in them takes what follows.
sub quoted_words {
    my ($line) = @_;
    my @words;
    while ($line =~ /\G[ ,]*(?:"((?:[^"\\]|\\.)*)"|([^ ,"]+))/gcs) {
        my ($quoted, $bare) = ($1, $2);
        $quoted =~ s/\\(.)/$1/gs if defined $quoted;
        push @words, defined $quoted ? $quoted : $bare;
    }
    die "a quote is not closed\n" if $line =~ /\G[ ,]*"/gc;
    return \@words;
}

# How often each word is there, whatever its case.
sub count_words {
    my ($text) = @_;
    my %count;
    $count{lc $_}++ for split /[^\w']+/a, $text;
    delete $count{''};
    return \%count;
}

# The words in order, without those that are there again.
sub unique {
    my ($words) = @_;
    my %seen;
    return [sort grep { !$seen{$_}++ } @{$words}];
}

# A letter and three digits, the same for names that sound alike.
sub soundex {
    my ($name) = @_;
    my ($first, @rest) = grep { /[A-Z]/ } split //, uc $name;
    return '' unless defined $first;
    my ($code, $last) = ($first, $CODE{$first} || 0);
    for my $letter (@rest) {
        next if $letter =~ /[HW]/;
        my $digit = $CODE{$letter} || 0;
        $code .= $digit if $digit && $digit != $last;
        $last = $digit;
    }
    return substr "${code}000", 0, 4;
}

# Is it one word? A newline at its end does not matter.
sub is_word {
    my ($text) = @_;
    return $text =~ /^[a-z]+$/ ? 1 : 0;
}

# What stands in small letters.
sub lower {
    my ($text) = @_;
    return lc $text;
}

1;
