# The Perl end of columns: many cases in one call. Their format is described in columns.py.
# worker.pl loads this file when it is first asked for columns.

package Parity::Columns;

use strict;
use warnings;
no warnings qw(experimental numeric recursion uninitialized);
use List::Util ();

use constant {
    MOST_KEYS => 16,
    SEPARATOR => "\x1E\x00\x1F\x01",    # of texts
};

my $ABSENT            = \'absent';      # in the place of a value whose key is not there
my $created_as_number = defined &builtin::created_as_number ? \&builtin::created_as_number : undef;
my $created_as_string = defined &builtin::created_as_string ? \&builtin::created_as_string : undef;
my $storage           = 'plain';
our $depth = 0;                         # of lists and hashes inside others

sub is_boxed  { return $storage eq 'ieee' || $storage eq 'native' }
sub is_absent { return ref $_[0] eq 'SCALAR' && $_[0] == $ABSENT }

# Whether all of these were made as numbers.
sub are_numbers {
    return List::Util::all { $created_as_number->($_) } @_ if $created_as_number;
    return List::Util::all { defined && !ref && Parity::Worker::is_number($_) } @_;
}

# Whether all of these are text.
sub are_texts {
    return 1 if $created_as_string && List::Util::all { $created_as_string->($_) } @_;
    my $number = $created_as_number || \&Parity::Worker::is_number;
    return List::Util::none { !defined || ref || ref \$_ eq 'GLOB' || $number->($_) } @_;
}

# --- values of columns ------------------------------------------------------------------------

# The values of a column and its shape, and where in the data it ends.
sub unpack_column {
    my ($data, $at) = @_;
    my ($letter, $count) = unpack "x$at a V", ${$data};
    my $shape = [$letter];
    $at += 5;
    my $array = sub {
        my ($template, $bytes) = @_;
        $at += $count * $bytes;
        my @found = unpack 'x' . ($at - $count * $bytes) . $template . $count, ${$data};
        return \@found;
    };
    my $inner = sub {
        my ($values, $found, $end) = unpack_column($data, $at);
        push @{$shape}, $found;
        $at = $end;
        return $values;
    };
    my $values;
    if ($letter eq 'd' || $letter eq 'i') {
        $values = $array->($letter eq 'd' ? 'd<' : 'q<', 8);
        $values = [map { Parity::Box::box($_) } @{$values}] if is_boxed() && $letter eq 'd';
    } elsif ($letter eq 'b') {
        $values = [map { $_ ? !!1 : !!0 } @{$array->('C', 1)}];
    } elsif ($letter eq 'n') {
        $values = [(undef) x $count];
    } elsif ($letter eq 's') {
        my $length = unpack "x$at V", ${$data};
        my @texts  = split SEPARATOR, substr(${$data}, $at + 4, $length), -1;
        @texts = (q()) if $count && !$length;    # of nothing split makes nothing
        $at += 4 + $length;
        my $wide = unpack "x$at V", ${$data};    # texts that are not ASCII
        my (undef, @wide) = unpack 'V*', substr ${$data}, $at, 4 + 4 * $wide, '';
        for (@texts[@wide]) { utf8::decode($_) && utf8::downgrade($_, 1) }
        if ($storage eq 'upgraded') {
            for (@texts) { utf8::upgrade($_) }
        }
        $values = \@texts;
    } elsif ($letter eq 'l') {
        my $sizes = $array->('V', 4);
        if (!is_boxed() && unpack("x$at a", ${$data}) eq 'd') {
            $at += 5;    # the usual ones, in less time
            push @{$shape}, ['d'];
            for my $size (@{$sizes}) {
                my @list = unpack 'd<*', substr ${$data}, $at, 8 * $size;
                $at += 8 * $size;
                push @{$values}, \@list;
            }
        } else {
            my $items = $inner->();
            for my $size (@{$sizes}) {
                my @list = splice @{$items}, 0, $size;
                push @{$values}, \@list;
            }
        }
    } elsif ($letter eq 'h') {
        my $sizes = $array->('V', 4);
        my ($keys, $items) = ($inner->(), $inner->());
        for my $size (@{$sizes}) {
            my %hash;
            @hash{splice @{$keys}, 0, $size} = splice @{$items}, 0, $size;
            push @{$values}, \%hash;
        }
    } elsif ($letter eq 'r') {
        my $keys  = $inner->();
        my @items = map { $inner->() } @{$keys};
        for my $row (0 .. $count - 1) {
            my %hash;
            @hash{@{$keys}} = map { $_->[$row] } @items;
            push @{$values}, \%hash;
        }
        if (grep { $_->[0] eq 'o' } @{$shape}[2 .. $#{$shape}]) {
            for my $hash (@{$values}) {
                delete @{$hash}{grep { is_absent($hash->{$_}) } @{$keys}};
            }
        }
    } elsif ($letter eq 'o') {
        my $kinds = $array->('C', 1);
        my $there = $inner->();
        $values = [map { $_ == 1 ? shift @{$there} : $_ ? $ABSENT : undef } @{$kinds}];
    } else {
        die "damaged message: unknown column\n";
    }
    return ($values || [], $shape, $at);
}

# --- columns of values ------------------------------------------------------------------------

# The values come as arguments, for these are no copies.

# Whether no list or hash is there twice: one that is used again for each result shows the last.
sub are_distinct {
    my %seen;
    @seen{@_} = ();
    return keys %seen == @_;
}

# The column of these values; dies where they are not of one kind.
sub pack_column {
    local $depth = $depth + 1;
    die "nested too deeply\n" if $depth > Parity::Worker::MAX_DEPTH();
    my $count = @_;
    my $kind  = ref $_[0];
    return pack_numbers(@_) if $kind eq '' && are_numbers(@_);
    if (List::Util::any { !defined || ref eq 'SCALAR' } @_) {
        my @kinds = map { !defined() ? 0 : is_absent($_) ? 2 : 1 } @_;
        return pack 'a V', 'n', $count if !grep { $_ } @kinds;
        my @there = grep { defined && !is_absent($_) } @_;
        die "a value of another kind\n" if @there == $count;
        return pack("a V C$count", 'o', $count, @kinds) . pack_column(@there);
    }
    return pack_texts(@_)                                     if $kind eq '';
    die "the same list or hash twice\n"                       if !are_distinct(@_);
    return list_sizes(@_) . pack_column(@{items(@_)})         if $kind eq 'ARRAY';
    return pack_hashes(sub { shift; pack_column(@_) }, 0, @_) if $kind eq 'HASH';
    die "a value of another kind\n";
}

# Values that came in a column of this shape as such a column again; dies where they are no longer of
# its kind, as a number that has become a text equal to it.
sub repack_column {
    my $shape = shift;
    my ($letter, @inner) = @{$shape};
    my $count = @_;
    die "a value of another kind\n" if $letter =~ /[di]/ && !are_numbers(@_);
    return pack('a V', 'd', $count) . unchanged_doubles(@_) if $letter eq 'd';
    if ($letter eq 'i') {
        my $integers = pack 'q<*', @_;
        die "other numbers\n" if pack('d<*', @_) ne pack 'd<*', unpack 'q<*', $integers;
        return pack('a V', 'i', $count) . $integers;
    }
    if ($letter eq 'b') {
        my @bytes = map { Parity::Worker::encode_value($_) } @_;
        return pack("a V", $letter, $count) . join '', map { chr index 'FT', $_ } @bytes;
    }
    return pack 'a V', $letter, $count if $letter eq 'n' && !grep { defined } @_;
    return pack_texts(@_)                                          if $letter eq 's';
    return list_sizes(@_) . repack_column($inner[0], @{items(@_)}) if $letter eq 'l';
    return pack_hashes(sub { repack_column($inner[shift], @_) }, $letter eq 'h', @_)
        if $letter eq 'r' || $letter eq 'h';
    die "a value of another kind\n" if $letter ne 'o';
    my @kinds = map  { !defined() ? 0 : is_absent($_) ? 2 : 1 } @_;
    my @there = grep { defined && !is_absent($_) } @_;
    return pack("a V C$count", 'o', $count, @kinds) . repack_column($inner[0], @there);
}

sub list_sizes {
    my @sizes = map { ref eq 'ARRAY' ? scalar @{$_} : die "a value of another kind\n" } @_;
    return pack 'a V V' . @_, 'l', scalar @_, @sizes;
}

sub items {
    my @items;
    push @items, @{$_} for @_;
    return \@items;
}

# pack is called with the number of an inner column and its values. rows: as 'h' in any case.
sub pack_hashes {
    my ($pack, $rows) = (shift, shift);
    my $count = @_;
    die "a value of another kind\n" if !List::Util::all { ref eq 'HASH' } @_;
    my @names = sort keys %{$_[0]};
    my $same  = List::Util::all { keys %{$_} == @names } @_;
    for my $name (@names) {
        $same &&= List::Util::all { exists $_->{$name} } @_;
    }
    if (!$same) {
        my %names;
        for (@_) {
            @names{keys %{$_}} = ();
            last if keys %names > MOST_KEYS;
        }
        @names = sort keys %names;
    }
    if (!$rows && @names <= MOST_KEYS) {
        my @all = (pack('a V', 'r', $count), join_texts(@names));
        for my $number (0 .. $#names) {
            my $key = $names[$number];
            push @all, $pack->(
                $number + 1,
                $same
                ? map { $_->{$key} } @_
                : map { exists $_->{$key} ? $_->{$key} : $ABSENT } @_
            );
        }
        return join '', @all;
    }
    my (@sizes, @keys, @items);
    for (@_) {
        my @row = sort keys %{$_};
        push @sizes, scalar @row;
        push @keys,  @row;
        push @items, @{$_}{@row};
    }
    return pack("a V V$count", 'h', $count, @sizes) . join_texts(@keys) . $pack->(1, @items);
}

# These numbers as doubles, unless one of them has become an integer of 64 bits.
sub unchanged_doubles {
    my $doubles = pack 'd<*', @_;
    for (large($doubles)) {
        my $double = unpack 'd<', substr $doubles, 8 * $_, 8;
        die "an integer\n" if "$double" ne "$_[$_]";
    }
    return $doubles;
}

# Where these doubles are of size 2**53 to 2**64.
sub large {
    my ($doubles) = @_;
    my $highest = $doubles & (("\0" x 7 . "\x7F") x (length($doubles) / 8));
    my ($at, @large) = (-1);
    while (($at = index $highest, "\x43", $at + 1) >= 0) {    # the first bits of the exponent
        push @large, $at >> 3 if (substr $doubles, $at - 1, 1) =~ /[\x40-\xF0]/;
    }
    return @large;
}

# The column of these numbers. To it belong those of size 2**53 to 2**64 as integers.
sub pack_numbers {
    my $doubles = pack 'd<*', @_;
    my @large =
        grep { $_[$_] >= -9223372036854775808 && ($_[$_] < 18446744073709551615 || $_[$_] == ~0) }
        large($doubles);
    my $template = join '', map { $_[$_] < 9223372036854775808 ? 'q<' : 'Q<' } @large;
    return pack('a V', 'd', scalar @_) . $doubles . pack 'V V' . @large . $template,
        scalar @large, @large, @_[@large];
}

sub pack_texts {
    die "a value of another kind\n" if !are_texts(@_);
    return join_texts(@_);
}

# Python sees where a text holds the separator.
sub join_texts {
    my $texts = join SEPARATOR, @_;
    if ($texts =~ /[^\x00-\x7F]/) {
        utf8::encode($texts);
        die "a character past U+10FFFF\n"
            if $texts =~ /[\xF4-\xFF]/ && $texts =~ /\xF4[\x90-\xBF]|[\xF5-\xFF]/;
    }
    return pack('a V V', 's', scalar @_, length $texts) . $texts;
}

# A copy of a value, with plain numbers where there were boxes.
sub unboxed {
    my ($value, $depth) = @_;
    my $kind = ref $value;
    return $value    if $kind eq '' || ++$depth > Parity::Worker::MAX_DEPTH();
    return ${$value} if $kind eq 'Parity::Box';
    return [map { unboxed($_, $depth) } @{$value}]                      if $kind eq 'ARRAY';
    return {map { $_ => unboxed($value->{$_}, $depth) } keys %{$value}} if $kind eq 'HASH';
    return $value;
}

# --- calling ----------------------------------------------------------------------------------

# Call a sub with each row, from the one after those whose values are there. Where it uses an
# operator that has a meaning for integers only, the row counts as failed: see ieee_box.pl.
# What the one before it left in $@ and $_ no row sees.
# rows: what is given to it, and may be changed, unless that is what is in the columns.
sub call_rows {
    my ($sub, $context, $arguments, $values, $failed, $rows) = @_;
    my ($x, $y) = @{$arguments};
    my $last  = $#{$x};
    my $plain = $context eq 'scalar' && !is_boxed();
    if ($plain && @{$arguments} == 1 && !@{$values}) {
        for my $value (@{$x}) {
            ($@, $_) = '' if $@ || defined;
            push @{$values}, scalar $sub->($value);
        }
    } elsif ($plain && @{$arguments} == 1) {
        for my $row (@{$values} .. $last) {
            ($@, $_) = '' if $@ || defined;
            push @{$values}, scalar $sub->($x->[$row]);
        }
    } elsif ($plain && @{$arguments} == 2) {
        for my $row (@{$values} .. $last) {
            ($@, $_) = '' if $@ || defined;
            push @{$values}, scalar $sub->($x->[$row], $y->[$row]);
        }
    } else {
        for my $row (@{$values} .. $last) {
            local $Parity::Box::TAINTED = 0;
            my $given = $rows->[$row] = [map { $_->[$row] } @{$arguments}];
            my $value;
            ($@, $_) = '' if $@ || defined;
            if ($context eq 'list') {
                $value = [$sub->(@{$given})];
            } elsif ($context eq 'void') {
                $sub->(@{$given});
            } else {
                $value = $sub->(@{$given});
            }
            push @{$values}, $value;
            push @{$failed}, $row if $Parity::Box::TAINTED;
        }
    }
    return;
}

# Call a sub with each row of columns. The column of the results, what the rows that failed said, and
# the numbers of these rows, of those that warned, and of the arguments that were changed.
sub call {
    (my ($sub, $context), $storage, my ($truth, $data)) = @_;
    my (@arguments, @shapes, @starts);
    my $at = 0;
    while ($at < length $data) {
        push @starts, $at;
        my ($values, $shape, $end) = unpack_column(\$data, $at);
        push @arguments, $values;
        push @shapes,    $shape;
        $at = $end;
    }
    my $count = @{$arguments[0]};
    my (@values, @rows, @failed, %errors, @warned, $left);
    {
        local $Parity::Chance::DONE = \@values;
        local ($_, $,, $\);
        local $/ = "\n";
        my $handler = $SIG{__WARN__} || sub { push @warned, scalar @values };
        local $SIG{__WARN__} = $handler;
        while (@values < $count) {
            last if eval { call_rows($sub, $context, \@arguments, \@values, \@failed, \@rows); 1 };
            $errors{scalar @values} = Parity::Worker::encode_value(Parity::Worker::died($@));
            push @failed, scalar @values;
            push @values, undef;
        }
        $left = defined $, || defined $\ || ($/ // '') ne "\n";
        $left ||= ($SIG{__WARN__} // '') ne $handler;
    }
    for my $number (@rows ? 0 .. $#arguments : ()) {
        $arguments[$number] = [map { $_->[$number] } @rows];
    }
    if (is_boxed()) {
        for my $column (\@values, @arguments) {
            @{$column} = map { unboxed($_, 0) } @{$column};
        }
    }
    if (@failed) {    # something else in their place, so that the rest may be a column
        my %failed = map { $_ => 1 } @failed;
        my ($good) = grep { !$failed{$_} } 0 .. $#values;
        @values[@failed] = map { unboxed($values[$good], 0) } @failed if defined $good;
    }
    # Alone, a call does not see what others have left in these variables.
    # By `next` or `last` a call ends a loop here.
    my $usable = !$left && @values == $count && @failed < $count;
    $usable &&= !$truth || !grep { ref || ref \$_ eq 'GLOB' } @values;    # which may not cross
    @values = map { $_ ? 1 : 0 } @values if $truth;
    my $column = $usable ? eval { pack_column(@values) } : undef;
    my @changed;
    for my $number (0 .. $#arguments) {
        my $now = eval { repack_column($shapes[$number], @{$arguments[$number]}) };
        next if defined $now && substr($data, $starts[$number], length $now) eq $now;
        push @changed, $number;
        my $after = eval { pack_column(@{$arguments[$number]}) };
        $column = defined $column && defined $after ? $column . $after : undef;
    }
    return (
        $column,  [map { $_ // Parity::Worker::encode_value(undef) } @errors{@failed}],
        \@failed, \@warned, \@changed
    );
}

1;
