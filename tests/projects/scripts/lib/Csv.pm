package Csv;

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(split_line);

# The fields of a line; quotes hold commas, and a quote is written twice in them.
sub split_line {
    my ($line) = @_;
    my @fields;
    while ($line =~ /\G(?:"((?:[^"]|"")*)"|([^,]*))(,|\z)/g) {
        my ($quoted, $bare, $end) = ($1, $2, $3);
        $quoted =~ s/""/"/g if defined $quoted;
        push @fields, defined $quoted ? $quoted : $bare;
        last if $end eq '';
    }
    return @fields;
}

1;
