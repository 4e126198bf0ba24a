# Whether the arguments of calls are still what they came as.

package Parity::Columns;

use strict;
use warnings;
no warnings qw(experimental numeric once recursion uninitialized);

our $ABSENT;    # in place of a value whose key is missing

# Whether the values of a column are still what they came as.
sub is_unchanged {
    my ($column) = @_;
    my $now = eval { repack($column->{shape}, 0, @{$column->{values}}) };
    return defined $now && $now eq $column->{bytes};
}

# Values that came in a column of this shape as such a column; dies where they are no longer of its
# kind. inside: whether they are items of lists or hashes.
sub repack {
    my ($shape,  $inside) = (shift, shift);
    my ($letter, @inner)  = @{$shape};
    my $count = @_;
    my $head  = pack 'a V', $letter, $count;
    if ($letter eq 'd') {
        die "no numbers\n" if !are_numbers(@_);
        my $doubles = pack 'd<*', @_;
        for (large($doubles)) { die "an integer\n" if "$_[$_]" =~ /\A-?[0-9]+\z/ }
        return "$head$doubles" . pack 'V', 0;
    }
    if ($letter eq 'i') {
        die "no numbers\n" if !are_numbers(@_);
        my $integers = pack 'q<*', @_;
        die "other numbers\n" if pack('d<*', @_) ne pack 'd<*', unpack 'q<*', $integers;
        return $head . $integers;
    }
    if ($letter eq 's') {
        die "no texts\n" if !are_texts(@_) || $inside && !are_single(@_);
        return repack_texts(@_);
    }
    if ($letter eq 'b') {
        my @letters = map { Parity::Codec::encode_value($_) } @_;
        return $head . join '', map { chr index 'FT', $_ } @letters;
    }
    return $head if $letter eq 'n' && !grep { defined } @_;
    if ($letter eq 'm') {
        my ($bytes, $packed) = @inner;    # these differ in how a text is stored
        die "changed\n" if $packed ne packed_values(@_);
        return $head . $bytes;
    }
    return $head . repack_nested($letter, \@inner, @_);
}

sub repack_nested {
    my ($letter, $inner) = (shift, shift);
    my $count = @_;
    if ($letter eq 'o') {
        my @kinds = map  { !defined() ? 0 : is_absent($_) ? 2 : 1 } @_;
        my @there = grep { defined && !is_absent($_) } @_;
        return pack("C$count", @kinds) . repack($inner->[0], 1, @there);
    }
    die "no lists\n" if !are_all($letter eq 'l' ? 'ARRAY' : 'HASH', @_);
    if ($letter eq 'l') {
        my $sizes   = pack "V$count", map { scalar @{$_} } @_;
        my $doubles = $inner->[0][0] eq 'd' ? &doubles_of_lists : undef;
        return $sizes . pack_doubles($doubles) if defined $doubles;
        return $sizes . repack($inner->[0], 1, map { @{$_} } @_);
    }
    if ($letter eq 'h') {
        my ($keys, $doubles) = &parts_of_hashes;
        undef $doubles if $inner->[1][0] ne 'd';
        my $items =
            defined $doubles
            ? pack_doubles($doubles)
            : repack($inner->[1], 1, &items_of_hashes);
        die "a separator\n" if !$keys;
        my $wide = $keys =~ /[\x80-\xFF]/ ? wide_rows(map { sort keys %{$_} } @_) : pack 'V', 0;
        return $keys . $wide . $items;
    }
    my ($names, @fields) = @{$inner};
    my %known = map { $_ => 1 } @{$names};
    for my $hash (@_) {
        for (keys %{$hash}) { die "a new key\n" if !$known{$_} }
    }
    my @columns;
    for my $number (0 .. $#fields) {
        my $name   = $names->[$number];
        my @column = map { exists $_->{$name} ? $_->{$name} : $ABSENT } @_;
        push @columns, repack($fields[$number], 1, @column);
    }
    return join '', repack_texts(@{$names}), @columns;
}

sub repack_texts {
    my $texts = join_texts(scalar @_, join SEPARATOR, @_) || die "a separator\n";
    return $texts . ($texts =~ /[\x80-\xFF]/ ? wide_rows(@_) : pack 'V', 0);
}

# The rows of the texts that are not ASCII, as they go to Perl.
sub wide_rows {
    my @rows = grep { $_[$_] =~ /[^\x00-\x7F]/ } 0 .. $#_;
    return pack 'V V*', scalar @rows, @rows;
}

1;
