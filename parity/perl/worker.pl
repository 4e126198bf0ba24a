# The Perl end of the wire: loads one file, then calls its subs, many cases a message.
#
#   perl worker.pl IN OUT [boxed]     IN, OUT: numbers of open file descriptors
#
# A request is a list, an answer is a value; the format is described in codec.py.
#
#   [declare, SUB...]                     -> [declared]
#   [seed, NUMBER]                        -> [seeded]
#   [load, FILE, DIRECTORY...]            -> [loaded, PERL_VERSION] or [failed, WHY]
#   [call, SUB, CONTEXT, STORAGE, CASES]  -> [outcomes, OUTCOME...] or [exited, STATUS]
#   [columns, SUB, CONTEXT, TRUTH, LENGTH, STORAGE...] -> [columns, MANY...]
#   [trace, SUB, CONTEXT, CASE, SUB...]   -> [traced, CALL...]
#
# The FILE of a module is below one of the directories, like Acme/Stock.pm. Subs that are declared
# may be called wherever they come from. NUMBER seeds Perl's generator before every call.
# CONTEXT: scalar, list or void. STORAGE: plain, upgraded (texts go in stored as UTF-8), and in
# a boxed worker ieee or native (see ieee_box.pl). An OUTCOME is an encoded list of its own:
# [returned or died, value, arguments afterwards, printed, warnings, tainted box, chance].
# MANY is what became of many cases: [what the rows that failed said, LENGTH of its columns (0 where
# there is more to be seen), the rows that failed, those that warned, the arguments that were changed].
# A CALL is one of the last SUBs that was called on the way: [SUB, arguments, returned or died,
# value, arguments afterwards, whether in list context]; the call that ended first comes first.
#
# Only modules that Debian's perl-base holds are loaded, and nothing that arrives is evaluated.

# What no port can know: Perl's random numbers without a seed, and the time. The built-ins are
# replaced for all that is compiled from here on, and do what they did.
package Parity::Chance;

use strict;
use warnings;

our $DONE = [];    # a value for each call that is done, where there are many
my ($seeded, %asked) = (0);

# A call begins. number: what its random numbers are seeded with, if anything.
sub forget {
    my ($number) = @_;
    %asked  = ();
    $seeded = defined $number ? 1 : 0;
    CORE::srand($number) if $seeded;
    return;
}

# Whether this call, by its number, is the one that has a seed.
sub is_seeded { return $seeded == 1 + @{$DONE} }

sub asked { return join ', ', sort keys %asked }

BEGIN {
    no warnings 'once';
    *CORE::GLOBAL::rand = sub (;$) {
        $asked{rand} = 1 if !is_seeded();
        return @_ ? CORE::rand($_[0]) : CORE::rand();
    };
    *CORE::GLOBAL::srand = sub (;$) {
        $seeded = 1 + @{$DONE} if @_;
        return @_ ? CORE::srand($_[0]) : CORE::srand();
    };
    *CORE::GLOBAL::time = sub () {
        $asked{time} = 1;
        return CORE::time();
    };
    *CORE::GLOBAL::localtime = sub (;$) {
        $asked{localtime} = 1 if !@_;
        return @_ ? CORE::localtime($_[0]) : CORE::localtime();
    };
    *CORE::GLOBAL::gmtime = sub (;$) {
        $asked{gmtime} = 1 if !@_;
        return @_ ? CORE::gmtime($_[0]) : CORE::gmtime();
    };
}

# List::Util's shuffle and sample draw from the same generator.
sub wrap_list_util {
    require List::Util;
    for my $name (qw(shuffle sample)) {
        no strict 'refs';
        no warnings qw(redefine prototype);
        my $original = defined &{"List::Util::$name"} ? \&{"List::Util::$name"} : next;
        *{"List::Util::$name"} = sub (@) {
            $asked{"List::Util::$name"} = 1 if !is_seeded();
            return &{$original};
        };
    }
    return;
}

# A file without a package lands in the package of the one who loads it: main, as in a program.
package main;

sub Parity::Worker::do_in_main      { return do $_[0] }
sub Parity::Worker::require_in_main { return require $_[0] }

package Parity::Worker;

use strict;
use warnings;
no warnings qw(experimental numeric recursion);
use Scalar::Util qw(blessed isdual reftype);    # its library holds Sub::Util's functions, too

use constant {
    HEAD       => 12,
    MAX_LENGTH => 2**30,
    MAX_DEPTH  => 200,
    EXACT      => 2**53,    # below this size a double holds every integer
    EINTR      => 4,        # on every Unix; to load Errno takes 1 ms
};

my $STORAGE           = 'plain';
my $created_as_number = defined &builtin::created_as_number ? \&builtin::created_as_number : undef;
my $is_bool           = defined &builtin::is_bool           ? \&builtin::is_bool           : undef;

# --- the format -------------------------------------------------------------------------------

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
        my ($number, $text) = do { no warnings 'numeric'; ($value + 0, "$value") };
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

sub decode {
    my ($payload) = @_;
    my $position  = 0;
    my $end       = length $payload;
    my $boxed     = $STORAGE eq 'ieee' || $STORAGE eq 'native';
    my $upgraded  = $STORAGE eq 'upgraded';

    my $take = sub {
        my ($count) = @_;
        die "damaged message: it ends in the middle of a value\n" if $position + $count > $end;
        $position += $count;
        return substr $payload, $position - $count, $count;
    };
    my $octets = sub { return $take->(unpack 'V', $take->(4)) };
    my $get;
    $get = sub {
        my ($depth) = @_;
        die "damaged message: it is nested too deeply\n" if $depth > MAX_DEPTH + 10;
        my $tag = $take->(1);
        if ($tag eq 'd') {
            my $number = unpack 'd<', $take->(8);
            return $boxed ? Parity::Box::box($number) : $number;
        }
        return undef if $tag eq 'n';
        return !!1   if $tag eq 'T';
        return !!0   if $tag eq 'F';
        return unpack 'q<', $take->(8) if $tag eq 'i';
        return unpack 'Q<', $take->(8) if $tag eq 'u';
        return paired_sub($octets->()) if $tag eq 'f';
        if ($tag eq 'b') {
            my $text = $octets->();
            utf8::upgrade($text) if $upgraded;
            return $text;
        }
        if ($tag eq 's') {
            my $text = $octets->();
            die "damaged message: its text is not UTF-8\n"
                if $text =~ /[\x80-\xFF]/
                && (!utf8::decode($text) || $text =~ /[^\x{0}-\x{10FFFF}]/);
            $upgraded ? utf8::upgrade($text) : utf8::downgrade($text, 1);
            return $text;
        }
        if ($tag eq 'l') {
            my $count = unpack 'V', $take->(4);
            my @list;
            push @list, $get->($depth + 1) for 1 .. $count;
            return \@list;
        }
        if ($tag eq 'D') {
            my $count = unpack 'V',   $take->(4);
            my @list  = unpack 'd<*', $take->(8 * $count);
            return $boxed ? [map { Parity::Box::box($_) } @list] : \@list;
        }
        if ($tag eq 'h') {
            my $count = unpack 'V', $take->(4);
            my %hash;
            for (1 .. $count) {
                die "damaged message: a key that is not text\n"
                    if substr($payload, $position, 1) !~ /[sb]/;
                my $key = $get->($depth + 1);
                die "damaged message: a key that is there twice\n" if exists $hash{$key};
                $hash{$key} = $get->($depth + 1);
            }
            return \%hash;
        }
        die sprintf "damaged message: unknown letter 0x%02x\n", ord $tag;
    };
    my $value = $get->(0);
    undef $get;
    die 'damaged message: ' . ($end - $position) . " bytes are left over\n" if $position != $end;
    return $value;
}

# --- loading and calling ----------------------------------------------------------------------

my ($in, $out, $tap);
my $tail               = '';            # what follows the answer's frame
my %package_of_project = (main => 1);
my (%declared, $seed);
my $pid     = $$;
my $working = 0;

# A sub's full name as characters; Sub::Util gives some as UTF-8 bytes.
sub sub_name {
    my ($sub) = @_;
    my $name = Sub::Util::subname($sub);
    utf8::decode($name) if !utf8::is_utf8($name);
    return $name;
}

my $loaded = '';    # the file that was loaded

# A sub of the loaded file, by its full name; what `*name = sub {...}` made has none of its own. One
# that a package imported has another name; it may be called if it is declared, and so may one that a
# class inherits.
sub paired_sub {
    my ($name) = @_;
    utf8::decode($name) if !utf8::is_utf8($name);
    utf8::upgrade($name);
    if ($declared{$name}) {
        my ($package, $plain) = $name =~ /\A(.+)::(.+)\z/s;
        no strict 'refs';
        return \&{$name} if defined &{$name};
        return UNIVERSAL::can($package, $plain) || die "there is no $name in $loaded\n";
    }
    my $sub = $name =~ /\A\w+(?:::\w+)+\z/ && $name !~ /\A(?:Parity|CORE)::/ && do {
        no strict 'refs';
        defined &{$name} ? \&{$name} : undef;
    };
    my ($package) = $name =~ /\A(.+)::/s;
    die "$name is not a sub of the loaded file\n"
        if !$sub
        || !$package_of_project{$package}
        || sub_name($sub) ne $name && sub_name($sub) ne "${package}::__ANON__";
    return $sub;
}

# The loaded file, and the other files of the project that it loaded.
sub project_files {
    my ($loaded, @directories) = @_;
    my @others = grep {
        my $file = $_;
        grep { index($file, "$_/") == 0 } @directories
    } grep { defined && !ref } values %INC;
    return ($INC{$loaded} || $loaded, @others);
}

sub load {
    my ($file, @directories) = @_;
    unshift @INC, @directories;
    local $0 = $file;
    local ($@, $!) = ('', 0);
    $loaded = $file;
    my $result = $file =~ m{\A/} ? do_in_main($file) : eval { require_in_main($file) };
    my $why    = $@ ne '' ? "$@" : !defined $result && !-r $file ? "$file: $!" : undef;
    restore_output();
    return defined $why ? ['failed', $why] : ['loaded', project_files($file, @directories)];
}

# Whether what is printed goes elsewhere than to the file that STDOUT is to write to.
sub prints_elsewhere {
    my @now  = stat STDOUT;
    my @ours = stat $tap;
    return !@now || $now[0] != $ours[0] || $now[1] != $ours[1] || select ne 'main::STDOUT';
}

# What was printed since the last call, taken from the file that STDOUT writes to.
sub restore_output {
    if (prints_elsewhere()) {
        open STDOUT, '>&', $tap or die "cannot restore STDOUT: $!\n";
    }
    select STDOUT;
    $| = 1;    # flushes, too
    my $size = sysseek $tap, 0, 1;
    return '' if !defined $size || $size == 0;
    $size = -s $tap;
    sysseek $tap, 0, 0;
    sysread $tap, my ($printed), $size;
    truncate $tap, 0;
    sysseek $tap, 0, 0;
    return $printed;
}

# A value as it crosses, or why it cannot.
sub encode_value {
    my ($value) = @_;
    my $encoded = eval { encode($value) };
    return defined $encoded ? $encoded : encode_unknown("value: $@");
}

sub call {
    my ($sub, $context, $arguments) = @_;
    my @warnings;
    my ($value, $status) = (undef, 'returned');
    local $Parity::Box::TAINTED = 0;
    Parity::Chance::forget($seed);
    {
        local ($_, $,, $\);
        local $/ = "\n";
        local $SIG{__WARN__} = $SIG{__WARN__} || sub { push @warnings, "$_[0]" if @warnings < 10 };
        my $done = eval {
            if    ($context eq 'list') { $value = [$sub->(@{$arguments})] }
            elsif ($context eq 'void') { $sub->(@{$arguments}) }
            else                       { $value = $sub->(@{$arguments}) }
            1;
        };
        ($status, $value) = ('died', died($@)) if !$done;
    }
    return join '', 'l', pack('V', 7), encode_text($status), encode_value($value),
        encode($arguments), encode_text(restore_output()), encode(\@warnings),
        $Parity::Box::TAINTED ? 'T' : 'F', encode_text(Parity::Chance::asked());
}

# Load another file of the worker's. The match ends in here: a sub's empty pattern would be the last
# one that matched.
sub load_part {
    my ($name) = @_;
    return require(__FILE__ =~ s/worker(?=[.]pl\z)/$name/r);
}

# Call a sub with many cases at once, in each of these storages. The columns of the cases follow the
# request without a frame, and those of the results the answer.
sub call_columns {
    my ($name, $context, $truth, $length, @storages) = @_;
    load_part('columns');
    my $sub  = paired_sub($name);
    my $data = read_exactly($length);
    my @many;
    for my $storage (@storages) {
        $Parity::Box::NATIVE = $storage eq 'native';
        Parity::Chance::forget($seed);
        my ($columns, $errors, @rows) =
            Parity::Columns::call($sub, $context, $storage, $truth, $data);
        my @seen = (prints_elsewhere(), restore_output(), Parity::Chance::asked());
        $columns = '' if !defined $columns || grep { $_ ne '' } @seen;
        push @many, [$errors, map { pack 'V*', @{$_} } [length $columns], @rows];
        $tail .= $columns;
    }
    return encode(['columns', @many]);
}

# Call a sub, and note the calls of these others on the way.
sub trace {
    my ($sub, $context, $arguments, @names) = @_;
    my @calls;
    for my $name (@names) {
        my $original = eval { paired_sub($name) } or next;
        my $wrapper  = sub {
            my $wanted = wantarray;
            my $before = eval { encode([@_]) } || encode_unknown('arguments');
            my @result;
            my $done  = eval { @result = $wanted ? &{$original} : scalar &{$original}; 1 };
            my $error = $@;
            my $value = !$done ? died($error) : $wanted ? \@result : $result[0];
            push @calls, join '', 'l', pack('V', 6), encode_text($name), $before,
                encode_text($done ? 'returned' : 'died'), encode($value), encode([@_]),
                $wanted ? 'T' : 'F'
                if @calls < 1000;
            die $error if !$done;
            return $wanted ? @result : $result[0];
        };
        replace_everywhere($original, $wrapper);
    }
    call($sub, $context, $arguments);
    return join '', 'l', pack('V', 1 + @calls), encode_text('traced'), @calls;
}

# What a sub died with: an object as its text, or else as the name of its class.
sub died {
    my ($error) = @_;
    return $error if !blessed $error;
    require overload;
    return overload::Method($error, '""') ? "$error" : 'object:' . ref $error;
}

# A sub may have been imported elsewhere, so that every package of the project is looked through.
sub replace_everywhere {
    my ($original, $other) = @_;
    no strict 'refs';
    no warnings qw(redefine prototype);
    for my $package (keys %package_of_project) {
        for my $name (keys %{"${package}::"}) {
            next                            if $name =~ /::\z/ || !defined &{"${package}::$name"};
            *{"${package}::$name"} = $other if \&{"${package}::$name"} == $original;
        }
    }
    return;
}

sub answer {
    my ($request) = @_;
    $STORAGE = 'plain';
    my ($what, @rest) = @{decode($request)};
    if ($what eq 'load') {
        return encode(load(@rest));
    }
    if ($what eq 'declare') {
        %declared = map { $_ => 1 } @rest;
        return encode(['declared']);
    }
    if ($what eq 'packages') {
        %package_of_project = map { $_ => 1 } 'main', @rest;
        return encode(['known']);
    }
    if ($what eq 'seed') {
        ($seed) = @rest;
        return encode(['seeded']);
    }
    if ($what eq 'trace') {
        my ($traced, $context, $case, @names) = @rest;
        return trace(paired_sub($traced), $context, decode($case), @names);
    }
    return call_columns(@rest) if $what eq 'columns';
    my ($name, $context, $storage, @cases) = @rest;
    my $sub = paired_sub($name);
    $STORAGE             = $storage;
    $Parity::Box::NATIVE = $storage eq 'native';
    my @outcomes = map { encode_text(call($sub, $context, decode($_))) } @cases;
    return join '', 'l', pack('V', 1 + @outcomes), encode_text('outcomes'), @outcomes;
}

sub read_exactly {
    my ($count) = @_;
    my $data = '';
    while (length $data < $count) {
        my $got = sysread $in, $data, $count - length $data, length $data;
        next         if !defined $got && $! == EINTR;
        return $data if !$got;
    }
    return $data;
}

sub write_all {
    my ($data) = @_;
    my $done = 0;
    while ($done < length $data) {
        my $wrote = syswrite $out, $data, length($data) - $done, $done;
        next   if !defined $wrote && $! == EINTR;
        return if !defined $wrote;
        $done += $wrote;
    }
    return;
}

sub serve {
    while (1) {
        my $head = read_exactly(HEAD);
        return if $head eq '';
        my $reply = eval {
            my $payload = unframe($head . read_exactly(payload_length($head)));
            $working = 1;
            frame(answer($payload));
        };
        $reply   = frame(encode(['error', "$@"])) if !defined $reply;
        $working = 0;
        kill 'KILL', $$ if $$ != $pid;    # a copy made by fork came back, too
        write_all($reply);
        write_all($tail) if $tail ne '';
        $tail = '';
    }
    return;
}

sub main {
    my ($in_number, $out_number, $boxed) = @ARGV;
    @ARGV = ();
    open $in,  '<&=', $in_number  or die "cannot open descriptor $in_number: $!\n";
    open $out, '>&=', $out_number or die "cannot open descriptor $out_number: $!\n";
    open $tap, '+<&', \*STDOUT    or die "cannot duplicate STDOUT: $!\n";
    binmode $_ for $in, $out, $tap;
    if ($boxed) {
        load_part('ieee_box');
        Parity::Box::wrap_posix();
    }
    Parity::Chance::wrap_list_util();
    serve();
    return;
}

# A sub that calls exit ends here, if nowhere else.
END {
    if ($working && $$ == $pid && $out) {
        write_all(frame(encode(['exited', $?])));
        $working = 0;
    }
}

main() if !caller;

1;
