# The Perl end of columns: many cases in one call. Their format is described in columns.py.
# perl_worker.pl loads this file when it is first asked for columns.

package Parity::Columns;

use strict;
use warnings;
no warnings qw(experimental numeric recursion uninitialized);
use List::Util   ();
use Scalar::Util ();

use constant MOST_KEYS => 16;

my $ABSENT            = \'absent';    # in the place of a value whose key is not there
my $created_as_number = defined &builtin::created_as_number ? \&builtin::created_as_number : undef;
my $storage           = 'plain';

sub is_boxed  { return $storage eq 'ieee' || $storage eq 'native' }
sub is_absent { return ref $_[0] eq 'SCALAR' && $_[0] == $ABSENT }

# Whether all of these were made as numbers.
sub are_numbers {
    return List::Util::all { $created_as_number->($_) } @_ if $created_as_number;
    return List::Util::all { defined && !ref && Parity::Worker::is_number($_) } @_;
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
        return [unpack 'x' . ($at - $count * $bytes) . $template . $count, ${$data}];
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
        $values = [map { Parity::Box::box($_) } @{$values}] if is_boxed();
    } elsif ($letter eq 'b') {
        $values = [map { $_ ? !!1 : !!0 } @{$array->('C', 1)}];
    } elsif ($letter eq 'n') {
        $values = [(undef) x $count];
    } elsif ($letter eq 's') {
        my $sizes = $array->('V', 4);
        my $start = $at;
        $values = [map { substr ${$data}, ($at += $_) - $_, $_ } @{$sizes}];
        if (substr(${$data}, $start, $at - $start) =~ /[\x80-\xFF]/) {
            for (@{$values}) { utf8::decode($_) && utf8::downgrade($_, 1) }
        }
        if ($storage eq 'upgraded') {
            for (@{$values}) { utf8::upgrade($_) }
        }
    } elsif ($letter eq 'l') {
        my $sizes = $array->('V', 4);
        if (!is_boxed() && unpack("x$at a", ${$data}) eq 'd') {
            $at += 5;    # the usual ones, in less time
            push @{$shape}, ['d'];
            $values = [map { [unpack 'd<*', substr ${$data}, ($at += 8 * $_) - 8 * $_, 8 * $_] }
                    @{$sizes}];
        } else {
            my $items = $inner->();
            $values = [map { [splice @{$items}, 0, $_] } @{$sizes}];
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
    @seen{map { Scalar::Util::refaddr($_) } @_} = ();
    return keys %seen == @_;
}

# The column of these values; dies where they are not of one kind.
sub pack_column {
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
    return pack_lists(@_)                                     if $kind eq 'ARRAY';
    return pack_hashes(sub { shift; pack_column(@_) }, 0, @_) if $kind eq 'HASH';
    die "a value of another kind\n";
}

# Values that came in a column of this shape as such a column again.
sub repack_column {
    my $shape = shift;
    my ($letter, @inner) = @{$shape};
    my $count = @_;
    return pack('a V', 'd', $count) . unchanged_doubles(pack('d<*', @_), @_) if $letter eq 'd';
    if ($letter eq 'i') {
        my $integers = pack 'q<*', @_;
        die "other numbers\n" if pack('d<*', @_) ne pack 'd<*', unpack 'q<*', $integers;
        return pack('a V', 'i', $count) . $integers;
    }
    return pack "a V C$count", $letter, $count, map { $_ ? 1 : 0 } @_ if $letter eq 'b';
    return pack 'a V', $letter, $count if $letter eq 'n' && !grep { defined } @_;
    return pack_texts(@_)                               if $letter eq 's';
    return list_sizes(@_) . repack_items($inner[0], @_) if $letter eq 'l';
    return pack_hashes(sub { repack_inside($inner[shift], @_) }, $letter eq 'h', @_)
        if $letter eq 'r' || $letter eq 'h';
    die "a value of another kind\n" if $letter ne 'o';
    my @kinds = map  { !defined() ? 0 : is_absent($_) ? 2 : 1 } @_;
    my @there = grep { defined && !is_absent($_) } @_;
    return pack("a V C$count", 'o', $count, @kinds) . repack_inside($inner[0], @there);
}

# The same inside a list or hash, where a number may have become a text that is equal to it.
sub repack_inside {
    my $shape = shift;
    die "a value of another kind\n" if $shape->[0] =~ /[di]/ && !are_numbers(@_);
    return repack_column($shape, @_);
}

sub pack_lists {
    my $head    = list_sizes(@_);
    my $doubles = doubles_of_lists(@_);
    return $head . pack_column(map { @{$_} } @_) if !defined $doubles;
    return $head . with_large($doubles, @_);
}

# Lists that came in a column with such items.
sub repack_items {
    my $shape   = shift;
    my $doubles = $shape->[0] eq 'd' ? doubles_of_lists(@_) : undef;
    return repack_inside($shape, map { @{$_} } @_) if !defined $doubles;
    return pack('a V', 'd', length($doubles) / 8) . unchanged_doubles($doubles, @_);
}

sub list_sizes {
    die "a value of another kind\n" if !List::Util::all { ref eq 'ARRAY' } @_;
    return pack 'a V V' . @_, 'l', scalar @_, map { scalar @{$_} } @_;
}

# The numbers of lists as doubles, in less time than as many numbers in a row; undef if there is
# anything else in them.
sub doubles_of_lists {
    return undef if !$created_as_number;
    for my $list (@_) {
        for (@{$list}) { $created_as_number->($_) or return undef }
    }
    return join '', map { pack 'd<*', @{$_} } @_;
}

# pack is called with the number of an inner column and its values. rows: as 'h' in any case.
sub pack_hashes {
    my ($pack, $rows) = (shift, shift);
    my $count = @_;
    die "a value of another kind\n" if !List::Util::all { ref eq 'HASH' } @_;
    my %names;
    for (@_) {
        @names{keys %{$_}} = ();
        last if keys %names > MOST_KEYS;
    }
    my @names = sort keys %names;
    if (!$rows && @names <= MOST_KEYS) {
        my $same = List::Util::all { keys %{$_} == @names } @_;
        my @all  = pack 'a V', 'r', $count;
        push @all, join_texts(@names);
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
    my @keys = map { [sort keys %{$_}] } @_;
    return
          pack("a V V$count", 'h', $count, map { scalar @{$_} } @keys)
        . join_texts(map { @{$_} } @keys)
        . $pack->(1, map { @{$_[$_]}{@{$keys[$_]}} } 0 .. $#keys);
}

sub pack_numbers { return with_large(pack('d<*', @_), @_) }

# These doubles, unless one of the numbers, which came as such, has become an integer of 64 bits.
sub unchanged_doubles {
    my $doubles = shift;
    my @large   = large($doubles) or return $doubles;
    my @numbers = (ref $_[0] ? map { @{$_} } @_ : @_)[@large];
    for my $index (0 .. $#large) {
        my $double = unpack 'd<', substr $doubles, 8 * $large[$index], 8;
        die "an integer\n" if "$double" ne "$numbers[$index]";
    }
    return $doubles;
}

# Where these doubles are of size 2**53 to 2**64.
sub large {
    my ($doubles) = @_;
    my @large;
    for my $high ("\x43", "\xC3") {    # the sign and the first bits of the exponent
        my $at = -1;
        while (($at = index $doubles, $high, $at + 1) >= 0) {
            next if ($at & 7) != 7;
            push @large, $at >> 3 if (substr $doubles, $at - 1, 1) =~ /[\x40-\xF0]/;
        }
    }
    return @large;
}

# The column of these doubles, which are the numbers that follow, or are in the lists that follow.
# To it belong those of size 2**53 to 2**64 as integers.
sub with_large {
    my $doubles = shift;
    my @large   = large($doubles);
    my @numbers = @large ? (ref $_[0] ? map { @{$_} } @_ : @_)[@large] : ();
    my @kept    = grep {
        my $number = $numbers[$_];
        $number >= -9223372036854775808 && ($number < 18446744073709551615 || $number == ~0)
    } 0 .. $#numbers;
    my $template = join '', map { $numbers[$_] < 9223372036854775808 ? 'q<' : 'Q<' } @kept;
    return pack('a V', 'd', length($doubles) / 8) . $doubles . pack 'V V' . @kept . $template,
        scalar @kept, @large[@kept], @numbers[@kept];
}

sub pack_texts {
    my $number = $created_as_number || \&Parity::Worker::is_number;
    die "a value of another kind\n" if List::Util::any { !defined || ref || $number->($_) } @_;
    return join_texts(@_);
}

sub join_texts {
    my $all = join '', @_;
    die "a value of another kind\n"
        if index($all, '*') >= 0 && List::Util::any { ref \$_ eq 'GLOB' } @_;
    my $texts = \@_;
    if ($all =~ /[^\x00-\x7F]/) {
        $texts = [@_];
        for (@{$texts}) { utf8::encode($_) }
        $all = join '', @{$texts};
        die "a character past U+10FFFF\n" if $all =~ /\xF4[\x90-\xBF]|[\xF5-\xFF]/;
    }
    return pack('a V V' . @_, 's', scalar @_, map { length } @{$texts}) . $all;
}

# A value with plain numbers where there were boxes.
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
# operator that has a meaning for integers only, the row counts as failed: see Parity::Box.
sub call_rows {
    my ($sub, $context, $arguments, $values, $failed) = @_;
    my ($x, $y) = @{$arguments};
    my $last  = $#{$x};
    my $plain = $context eq 'scalar' && !is_boxed();
    if ($plain && @{$arguments} == 1) {
        for my $value (@{$values} ? @{$x}[@{$values} .. $last] : @{$x}) {
            push @{$values}, scalar $sub->($value);
        }
    } elsif ($plain && @{$arguments} == 2) {
        push @{$values}, scalar $sub->($x->[$_], $y->[$_]) for @{$values} .. $last;
    } else {
        for my $row (@{$values} .. $last) {
            local $Parity::Box::TAINTED = 0;
            my @given = map { \$_->[$row] } @{$arguments};
            my $value;
            if ($context eq 'list') {
                $value = [$sub->(map { ${$_} } @given)];
            } elsif ($context eq 'void') {
                $sub->(map { ${$_} } @given);
            } else {
                $value = $sub->(map { ${$_} } @given);
            }
            push @{$values}, $value;
            push @{$failed}, $row if $Parity::Box::TAINTED;
        }
    }
    return;
}

# Call a sub with each row of columns. What came of it, and the column of the results.
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
    my ($warned, @values, @failed) = (0);
    {
        local ($_, $,, $\);
        local $/ = "\n";
        local $SIG{__WARN__} = $SIG{__WARN__} || sub { $warned = 1 };
        while (@values < $count) {
            last if eval { call_rows($sub, $context, \@arguments, \@values, \@failed); 1 };
            push @failed, scalar @values;
            push @values, undef;
        }
    }
    if (is_boxed()) {
        for my $column (\@values, @arguments) {
            @{$column} = map { unboxed($_, 0) } @{$column};
        }
    }
    if (@failed) {    # something else in their place, so that the rest may be a column
        my %failed = map { $_ => 1 } @failed;
        my ($good) = grep { !$failed{$_} } 0 .. $#values;
        @values[@failed] = ($values[$good]) x @failed if defined $good;
    }
    @values = map { $_ ? 1 : 0 } @values if $truth;
    my $column = @failed < $count ? eval { pack_column(@values) } : undef;
    my @changed;
    for my $number (0 .. $#arguments) {
        my $now = eval { repack_column($shapes[$number], @{$arguments[$number]}) };
        next if defined $now && substr($data, $starts[$number], length $now) eq $now;
        push @changed, $number;
        my $after = eval { pack_column(@{$arguments[$number]}) };
        $column = defined $column && defined $after ? $column . $after : undef;
    }
    return ($warned, $column, \@failed, \@changed);
}

1;
