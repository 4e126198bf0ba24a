# The Perl end of columns: the values of one argument, or the results, of many calls. codec.py
# describes their format.

package Parity::Columns;

use strict;
use warnings;
no warnings qw(experimental numeric once recursion uninitialized);
use Scalar::Util qw(isdual);

use constant {
    MAX_DEPTH => 200,
    MAX_KEYS  => 16,
    SEPARATOR => "\x1E\x00\x1F\x01",    # between texts
};

our $ABSENT = \'absent';                # in place of a value whose key is missing
our $depth  = 0;                        # of lists and hashes inside others
our $shared = 0;                        # whether something else refers to one that was packed

sub is_absent { return ref $_[0] eq 'SCALAR' && $_[0] == $ABSENT }

# The subs below take the values as their arguments, for these are no copies.

# Whether all of these were made as numbers.
sub are_numbers {
    for (@_) { return 0 if !defined || ref || !Parity::Codec::is_number($_) }
    return 1;
}

# Whether all of these were made as texts.
sub are_texts {
    for (@_) { return 0 if !defined || ref || ref \$_ eq 'GLOB' || Parity::Codec::is_number($_) }
    return 1;
}

# The same with built-ins, where there are any. They have to stand in the code: then Perl compiles
# them to operations of their own, much faster than a call; before 5.36 it would not compile at all.
if (defined &builtin::created_as_number) {
    no warnings 'redefine';
    ## no critic (ProhibitStringyEval)
    eval q{
        sub are_numbers { builtin::created_as_number($_) || return 0 for @_; return 1 }
        sub are_texts   { builtin::created_as_string($_) || return 0 for @_; return 1 }
        1;
    } || die $@;
}

# Whether none of these is a number, too.
sub are_single {
    for (@_) { return 0 if isdual($_) }
    return 1;
}

sub are_all {
    my $kind = shift;
    for (@_) { return 0 if ref ne $kind }
    return 1;
}

# --- values of columns ------------------------------------------------------------------------

# The columns in the data: of each its values, its shape, and the bytes it came as. The shape is its
# letter and the shapes of the columns in it; of mixed values what they came as.
sub unpack_columns {
    my ($data) = @_;
    my ($at, @columns) = (0);
    while ($at < length ${$data}) {
        my ($values, $shape, $end) = unpack_column($data, $at);
        push @columns,
            {values => $values, shape => $shape, bytes => substr ${$data}, $at, $end - $at};
        $at = $end;
    }
    return @columns;
}

# The values of the column at a place of the data, its shape, and where it ends.
sub unpack_column {
    my ($data, $at) = @_;
    my ($letter, $count) = unpack "x$at a V", ${$data};
    my $shape = [$letter];
    $at += 5;
    my $start = $at;
    my $array = sub {
        my ($template, $bytes) = @_;
        $at += $count * $bytes;
        return [unpack 'x' . ($at - $count * $bytes) . $template . $count, ${$data}];
    };
    my $values;
    if ($letter eq 'd') {
        $values = $array->('d<', 8);
        $values = [map { Parity::Box::box($_) } @{$values}] if Parity::Codec::is_boxed();
        $at += 4;    # no number that goes to Perl is an integer
    } elsif ($letter eq 'i') {
        $values = $array->('q<', 8);
    } elsif ($letter eq 'b') {
        $values = [map { $_ ? !!1 : !!0 } @{$array->('C', 1)}];
    } elsif ($letter eq 'n') {
        $values = [(undef) x $count];
    } elsif ($letter eq 's') {
        ($values, $at) = unpack_texts($data, $at, $count);
    } elsif ($letter =~ /[lhro]/) {
        $values = nested($letter, $data, \$at, $count, $shape);
    } elsif ($letter eq 'm') {
        ($values, $at) = Parity::Codec::decode_many($data, $at, $count);
        push @{$shape}, substr(${$data}, $start, $at - $start), packed_values(@{$values});
    } else {
        die "damaged message: unknown column\n";
    }
    return ($values || [], $shape, $at);
}

# The values of a column with columns inside, whose shapes are added to its own. at: a reference to
# the place in the data, which goes on.
sub nested {
    my ($letter, $data, $at, $count, $shape) = @_;
    my $numbers = sub {
        my ($template, $bytes) = @_;
        my $start = ${$at};
        ${$at} += $count * $bytes;
        return [unpack "x$start $template$count", ${$data}];
    };
    my $inner = sub {
        (my ($values, $found), ${$at}) = unpack_column($data, ${$at});
        push @{$shape}, $found;
        return $values;
    };
    if ($letter eq 'l') {
        my $sizes = $numbers->('V', 4);
        if (!Parity::Codec::is_boxed() && unpack("x${$at} a", ${$data}) eq 'd') {
            push @{$shape}, ['d'];    # the usual ones, in less time
            (my $lists, ${$at}) = unpack_doubles($data, ${$at} + 5, @{$sizes});
            return $lists;
        }
        my $items = $inner->();
        return [map { [splice @{$items}, 0, $_] } @{$sizes}];
    }
    if ($letter eq 'h') {
        my $sizes = $numbers->('V', 4);
        my ($keys, $items) = ($inner->(), $inner->());
        return [map { hash_of($keys, $items, $_) } @{$sizes}];
    }
    if ($letter eq 'r') {
        my $keys = $inner->();
        $shape->[1] = $keys;
        return records($keys, $count, map { $inner->() } @{$keys});
    }
    my $kinds = $numbers->('C', 1);
    my $there = $inner->();
    return [map { $_ == 1 ? shift @{$there} : $_ ? $ABSENT : undef } @{$kinds}];
}

# Lists of doubles of these sizes, and where they end.
sub unpack_doubles {
    my ($data, $at, @sizes) = @_;
    my @lists;
    for my $size (@sizes) {
        push @lists, [unpack 'd<*', substr ${$data}, $at, 8 * $size];
        $at += 8 * $size;
    }
    return (\@lists, $at + 4);
}

# A hash of so many keys and items, which are taken from the lists.
sub hash_of {
    my ($keys, $items, $size) = @_;
    my %hash;
    @hash{splice @{$keys}, 0, $size} = splice @{$items}, 0, $size;
    return \%hash;
}

sub unpack_texts {
    my ($data, $at, $count) = @_;
    my $length = unpack "x$at V", ${$data};
    my @texts  = split SEPARATOR, substr(${$data}, $at + 4, $length), -1;
    @texts = (q()) if $count && !$length;       # of nothing split makes nothing
    $at += 4 + $length;
    my $wide = unpack "x$at V",    ${$data};    # texts that are not ASCII
    my @wide = unpack "x4 V$wide", substr ${$data}, $at, 4 + 4 * $wide;
    for (@texts[@wide]) { utf8::decode($_) && utf8::downgrade($_, 1) }

    if ($Parity::Codec::STORAGE eq 'upgraded') {
        for (@texts) { utf8::upgrade($_) }
    }
    return (\@texts, $at + 4 + 4 * $wide);
}

# Hashes with these keys, a column each, but for those that are absent.
sub records {
    my ($keys, $count, @columns) = @_;
    my @hashes;
    for my $row (0 .. $count - 1) {
        my %hash;
        @hash{@{$keys}} = map { $_->[$row] } @columns;
        push @hashes, \%hash;
    }
    for my $number (0 .. $#columns) {
        my @lacking = grep { is_absent($columns[$number][$_]) } 0 .. $count - 1;
        delete $_->{$keys->[$number]} for @hashes[@lacking];
    }
    return \@hashes;
}

# --- columns of values ------------------------------------------------------------------------

# The column of these values.
sub pack_values {
    my ($values) = @_;
    local $depth = 0;
    my $packed = eval { pack_column(@{$values}) };
    return defined $packed ? $packed : pack_mixed(@{$values});
}

# The column of results, and whether something else refers to one of them: it may have been changed
# since it was returned.
sub pack_results {
    my ($values) = @_;
    local $shared = 0;
    my $packed = pack_values($values);
    $shared ||= grep { ref && !Parity::Calls::is_own($_) } @{$values} if $packed =~ /\Am/;
    return ($packed, $shared);
}

# The column of these values; dies where they are nested too deeply for one.
sub pack_column {
    local $depth = $depth + 1;
    die "nested too deeply\n" if $depth > MAX_DEPTH;
    my $count = @_;
    my $kind  = ref $_[0];
    return &pack_lists    if $kind eq 'ARRAY' && are_all('ARRAY', @_);
    return &pack_hashes   if $kind eq 'HASH'  && are_all('HASH',  @_);
    return &pack_numbers  if are_numbers(@_);
    return pack_texts(@_) if are_texts(@_) && are_single(@_);
    return pack 'a V', 'n', $count if !grep { defined } @_;
    my @there = grep { defined && !is_absent($_) } @_;

    if (@there < $count) {
        my @kinds  = map { !defined() ? 0 : is_absent($_) ? 2 : 1 } @_;
        my $packed = pack_column(@there);
        return pack("a V C$count", 'o', $count, @kinds) . $packed
            if $packed !~ /\Am/ || grep { is_absent($_) } @_;
    }
    my @encoded = map { Parity::Codec::encode_value($_) } @_;
    return pack('a V', 'b', $count) . join '', map { $_ eq 'T' ? "\1" : "\0" } @encoded
        if !grep { !/\A[TF]\z/ } @encoded;
    $shared ||= grep { ref && !Parity::Calls::is_own($_) } @_;
    return pack('a V', 'm', $count) . join '', @encoded;
}

sub pack_mixed { return pack('a V', 'm', scalar @_) . &packed_values }

sub packed_values {
    return join '', map { Parity::Codec::encode_value($_) } @_;
}

# Note whether something else refers to one of these lists or hashes. What is inside of others has
# been copied, and so has a reference more. Dies at a depth that only one reaches that leads back to
# itself.
sub look_for_shared {
    my $own = $depth > 1 ? 2 : 1;
    $shared ||=
        ref $_[0] eq 'ARRAY'
        ? grep { Internals::SvREFCNT(@{$_}) > $own } @_
        : grep { Internals::SvREFCNT(%{$_}) > $own } @_;
    my %seen;
    @seen{@_} = () if $depth > 4;
    die "shared\n" if $depth > 4 && keys %seen < @_;
    return;
}

sub pack_lists {
    &look_for_shared;
    my $count   = @_;
    my $head    = pack "a V V$count", 'l', $count, map { scalar @{$_} } @_;
    my $doubles = &doubles_of_lists;
    return $head . (defined $doubles ? pack_doubles($doubles) : pack_column(map { @{$_} } @_));
}

# The column of these doubles, none of which is an integer of 2**53 or more.
sub pack_doubles {
    my ($doubles) = @_;
    return pack('a V', 'd', length($doubles) / 8) . $doubles . pack 'V', 0;
}

# The numbers in lists that hold nothing else, as doubles, but for integers of 2**53 or more. They are
# not copied: that takes less time.
sub doubles_of_lists {
    my $doubles = '';
    for my $list (@_) {
        return if !are_numbers(@{$list});
        $doubles .= pack 'd<*', @{$list};
    }
    return large($doubles) ? undef : $doubles;
}

sub pack_hashes {
    &look_for_shared;
    my $count = @_;
    my @names = sort keys %{$_[0]};
    my $same  = have_keys(\@names, @_);
    if (!$same) {
        my %names;
        for (@_) {
            @names{keys %{$_}} = ();
            last if keys %names > MAX_KEYS;
        }
        @names = sort keys %names;
    }
    if (@names <= MAX_KEYS) {
        my $keys = pack_texts(@names);
        return &pack_mixed if $keys !~ /\As/;
        my @columns;
        for my $name (@names) {
            my @column = $same ? map { $_->{$name} }
                @_ : map { exists $_->{$name} ? $_->{$name} : $ABSENT } @_;
            push @columns, pack_column(@column);
        }
        return join '', pack('a V', 'r', $count), $keys, @columns;
    }
    my ($keys, $doubles) = &parts_of_hashes;
    return &pack_mixed if !$keys;
    my $items = defined $doubles ? pack_doubles($doubles) : pack_column(&items_of_hashes);
    return pack('a V', 'h', $count) . $keys . pack('V', 0) . $items;
}

# The sizes of these hashes and their sorted keys, packed, where no key holds the separator; and the
# items as doubles, where they are nothing else: to copy them takes more time.
sub parts_of_hashes {
    my ($joined, $doubles, $items, @sizes) = ('', '', 0);
    for (@_) {
        my @row = sort keys %{$_};
        push @sizes, scalar @row;
        $items += @row;
        $joined .= join SEPARATOR, @row, '';
        next if !defined $doubles;
        if (are_numbers(@{$_}{@row})) { $doubles .= pack 'd<*', @{$_}{@row} }
        else                          { undef $doubles }
    }
    undef $doubles if defined $doubles && large($doubles);
    my $keys = join_texts($items, substr $joined, 0, -length SEPARATOR);
    return ($keys && pack('V*', @sizes) . $keys, $doubles);
}

sub items_of_hashes {
    return map { my $hash = $_; @{$hash}{sort keys %{$hash}} } @_;
}

# Whether each of these hashes has just these keys.
sub have_keys {
    my $names = shift;
    for (@_) { return 0 if keys %{$_} != @{$names} }
    for my $name (@{$names}) {
        for (@_) { return 0 if !exists $_->{$name} }
    }
    return 1;
}

# These numbers as doubles, and those that are integers of 2**53 or more as such.
sub pack_numbers {
    my $doubles = pack 'd<*', @_;
    my @wide    = grep { "$_[$_]" =~ /\A-?[0-9]+\z/ } large($doubles);
    return pack('a V', 'd', scalar @_) . $doubles . pack('V V*', scalar @wide, @wide) . join '',
        map { Parity::Codec::encode_number($_[$_]) } @wide;
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

# The column of these texts; mixed where one holds the separator.
sub pack_texts {
    my $texts = join_texts(scalar @_, join SEPARATOR, @_);
    return $texts ? $texts . pack 'V', 0 : &pack_mixed;
}

# So many texts with the separator between them, packed; nothing where one holds it.
sub join_texts {
    my ($count, $joined) = @_;
    my $expected = $count ? $count - 1 : 0;
    if (   $joined =~ tr/\x1E// != $expected
        && $joined =~ tr/\x1F// != $expected
        && $joined =~ tr/\x01// != $expected)
    {
        my $marks = () = $joined =~ /${\SEPARATOR}/g;
        return '' if $marks != $expected;
    }
    if ($joined =~ /[^\x00-\x7F]/) {
        utf8::encode($joined);
        return '' if $joined =~ /[\xF4-\xFF]/ && $joined =~ /\xF4[\x90-\xBF]|[\xF5-\xFF]/;
    }
    return pack('a V V', 's', $count, length $joined) . $joined;
}

1;
