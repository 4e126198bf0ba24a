# The Perl end of the format that codec.py describes: frames, values and columns.
#
# Only modules that Debian's perl-base holds are loaded, and nothing that arrives is evaluated.

package Parity::Codec;

use strict;
use warnings;
no warnings qw(experimental numeric recursion uninitialized);
use Scalar::Util qw(blessed isdual reftype);    # its library holds Sub::Util's functions, too

use constant {
    HEAD       => 12,
    MAX_LENGTH => 2**30,
    MAX_DEPTH  => 200,
    EXACT      => 2**53,                        # below this size a double holds every integer
};

our $STORAGE = 'plain';    # how texts and numbers that arrive are stored: see worker.pl
our $find_sub;             # gives the sub of a name

my $created_as_number = defined &builtin::created_as_number ? \&builtin::created_as_number : undef;
my $is_bool           = defined &builtin::is_bool           ? \&builtin::is_bool           : undef;

sub is_boxed { return $STORAGE eq 'ieee' || $STORAGE eq 'native' }

# --- frames -----------------------------------------------------------------------------------

sub check_sum {
    my ($payload) = @_;
    use integer;
    my $sum = 0;
    for (my $start = 0; $start < length $payload; $start += 65536) {
        my $piece = substr $payload, $start, 65536;
        $piece .= "\0" x (-length($piece) & 3);
        $sum = ($sum * 0x2545F491 + $_) % 4294967291 for unpack 'V*', $piece;
    }
    return $sum;
}

sub frame {
    my ($payload) = @_;
    my $length = length $payload;
    die "a result of $length bytes is too long to cross\n" if $length > MAX_LENGTH;
    return pack('V3', $length, $length ^ 0xFFFFFFFF, check_sum($payload)) . $payload;
}

sub payload_length {
    my ($head) = @_;
    die "damaged message: the head is cut short\n" if length $head != HEAD;
    my ($length, $flipped) = unpack 'V2', $head;
    die "damaged message: its length is not credible\n"
        if ($length ^ $flipped) != 0xFFFFFFFF || $length > MAX_LENGTH;
    return $length;
}

sub unframe {
    my ($message) = @_;
    my $length    = payload_length(substr $message, 0, HEAD);
    my $payload   = substr $message, HEAD;
    die "damaged message: " . length($payload) . " bytes where $length should be\n"
        if length $payload != $length;
    die "damaged message: the check sum does not fit\n"
        if unpack('x8V', $message) != check_sum($payload);
    return $payload;
}

# --- values -----------------------------------------------------------------------------------

sub encode_text {
    my ($text) = @_;
    if (utf8::is_utf8($text)) {
        my $bytes = $text;
        if (!utf8::downgrade($bytes, 1)) {
            return encode_unknown('text with a character past U+10FFFF')
                if $text =~ /[^\x{0}-\x{10FFFF}]/;
            utf8::encode($text);
            return 's' . pack('V', length $text) . $text;
        }
        $text = $bytes;
    }
    return 'b' . pack('V', length $text) . $text;
}

sub encode_unknown {
    my ($type) = @_;
    utf8::encode($type) if utf8::is_utf8($type);
    return 'x' . pack('V', length $type) . $type;
}

sub encode_number {
    my ($number) = @_;
    return 'd' . pack 'd<', $number if $number > -EXACT && $number < EXACT;

    # Perl prints an integer with all its digits, a double of this size with an exponent.
    my $digits = "$number";
    return 'd' . pack 'd<', $number if $digits !~ /\A-?[0-9]+\z/;
    return 'i' . pack 'q<', $number if $number < 9223372036854775808;
    return 'u' . pack 'Q<', $number;
}

# Whether a scalar that is no reference was made as a number.
sub is_number {
    my ($value) = @_;
    return $created_as_number->($value) if $created_as_number;
    return 0                            if isdual($value) || utf8::is_utf8($value);
    return length('' & $value);    # text & text is text, '' here; any number makes it a number
}

sub encode_scalar {
    my ($value) = @_;
    return encode_number($value) if is_number($value);
    if (isdual($value)) {
        my ($number, $text) = ($value + 0, "$value");
        return 'T' if $is_bool ? $is_bool->($value) && $number : $number == 1 && $text eq '1';
        return 'F' if $number == 0 && $text eq '';
        return 'w' . encode_number($number) . encode_text($text) if "$number" eq $text;
    }
    return ref \$value eq 'GLOB' ? encode_unknown('GLOB') : encode_text("$value");
}

# above: the references that lead here, so that one which leads back is seen at once.
sub encode {
    my ($value, @above) = @_;
    return 'n'                                                 if !defined $value;
    return encode_scalar($value)                               if !ref $value;
    return encode_number(${$value})                            if ref $value eq 'Parity::Box';
    return encode_unknown('object of class ' . blessed $value) if blessed $value;
    return encode_unknown('reference that leads back to itself')
        if grep { $_ == $value } @above;
    return encode_unknown('reference that is nested too deeply') if @above >= MAX_DEPTH;
    push @above, $value;

    if (ref $value eq 'ARRAY') {
        return join '', 'l', pack('V', scalar @{$value}), map { encode($_, @above) } @{$value};
    }
    if (ref $value eq 'HASH') {
        my @keys = sort keys %{$value};
        return encode_unknown('text with a character past U+10FFFF')
            if grep { utf8::is_utf8($_) && /[^\x{0}-\x{10FFFF}]/ } @keys;
        return join '', 'h', pack('V', scalar @keys),
            map { encode_text($_) . encode($value->{$_}, @above) } @keys;
    }
    if (ref $value eq 'CODE') {
        my $name = sub_name($value);
        utf8::encode($name);
        return 'f' . pack('V', length $name) . $name;
    }
    return encode_unknown(reftype($value) . ' reference');
}

# A value as it crosses, or why it cannot.
sub encode_value {
    my ($value) = @_;
    my $encoded = eval { encode($value) };
    return defined $encoded ? $encoded : encode_unknown("value: $@");
}

# A sub's full name as characters; Sub::Util gives some as UTF-8 bytes.
sub sub_name {
    my ($sub) = @_;
    my $name = Sub::Util::subname($sub);
    utf8::decode($name) if !utf8::is_utf8($name);
    return $name;
}

sub decode {
    my ($payload) = @_;
    my ($value, $end) = decode_at(\$payload, 0, 0);
    my $left = length($payload) - $end;
    die "damaged message: $left bytes are left over\n" if $left;
    return $value;
}

# So many bytes of the data, from a place on.
sub bytes_at {
    my ($data, $at, $count) = @_;
    die "damaged message: it ends in the middle of a value\n" if $at + $count > length ${$data};
    return substr ${$data}, $at, $count;
}

# The value at a place of the data, and where it ends.
sub decode_at {
    my ($data, $at, $level) = @_;
    die "damaged message: it is nested too deeply\n" if $level > MAX_DEPTH + 10;
    my $tag = bytes_at($data, $at++, 1);
    return (undef, $at) if $tag eq 'n';
    return (!!1,   $at) if $tag eq 'T';
    return (!!0,   $at) if $tag eq 'F';
    if ($tag =~ /[diu]/) {
        my $number = unpack {d => 'd<', i => 'q<', u => 'Q<'}->{$tag}, bytes_at($data, $at, 8);
        return ($tag eq 'd' && is_boxed() ? Parity::Box::box($number) : $number, $at + 8);
    }
    die sprintf "damaged message: unknown letter 0x%02x\n", ord $tag if $tag !~ /[bsflh]/;
    my $size = unpack 'V', bytes_at($data, $at, 4);
    $at += 4;
    if ($tag =~ /[bsf]/) {
        my $text = bytes_at($data, $at, $size);
        return ($find_sub->($text),       $at + $size) if $tag eq 'f';
        return (stored_text($text, $tag), $at + $size);
    }
    my ($value, @items);
    for (1 .. $size) {
        if ($tag eq 'h') {
            die "damaged message: a key that is not text\n" if bytes_at($data, $at, 1) !~ /[sb]/;
            ($value, $at) = decode_at($data, $at, $level + 1);
            push @items, $value;
        }
        ($value, $at) = decode_at($data, $at, $level + 1);
        push @items, $value;
    }
    return (\@items, $at) if $tag eq 'l';
    my %hash = @items;
    die "damaged message: a key that is there twice\n" if keys %hash != $size;
    return (\%hash, $at);
}

# So many values from a place of the data on, and where they end.
sub decode_many {
    my ($data, $at, $count) = @_;
    my @values;
    for (1 .. $count) {
        (my $value, $at) = decode_at($data, $at, 0);
        push @values, $value;
    }
    return (\@values, $at);
}

# A text that arrived, in the storage that is asked for.
sub stored_text {
    my ($text, $tag) = @_;
    if ($tag eq 's') {
        die "damaged message: its text is not UTF-8\n"
            if $text =~ /[\x80-\xFF]/
            && (!utf8::decode($text) || $text =~ /[^\x{0}-\x{10FFFF}]/);
        utf8::downgrade($text, 1);
    }
    utf8::upgrade($text) if $STORAGE eq 'upgraded';
    return $text;
}

1;
