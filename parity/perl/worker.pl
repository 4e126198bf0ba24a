# The Perl end: loads one file, then calls its subs, many cases a message.
#
#   perl worker.pl KIND IN OUT     IN, OUT: numbers of open file descriptors
#
# KIND names the process for people; in one called boxed, numbers can be in boxes. A request is a
# list, an answer is a value; codec.py describes the format.
#
#   [declare, SUB...]                      -> [declared]
#   [seed, NUMBER]                         -> [seeded]
#   [load, FILE, DIRECTORY...]             -> [loaded, FILE...] or [failed, WHY]
#   [packages, NAME...]                    -> [known]
#   [call, SUB, CONTEXT, INVOCANT, ROWS, LENGTH, STORAGE...] and LENGTH bytes of columns
#                                          -> [outcomes, OUTCOME...] and their columns,
#                                             or [exited, STATUS, ROW]
#   [trace, SUB, CONTEXT, INVOCANT, CASE, SUB...]    -> [traced, CALL...]
#   [fork]                                 -> [forked, PID], from the copy, which answers from now on
#   [leave]                                -> [left], from the process that it was copied from
#
# The FILE of a module is below one of the directories, like Acme/Stock.pm. The answer names it and
# the other files of the project that it loaded; only subs of their packages may be called, and subs
# that are declared. NUMBER seeds Perl's generator before every call. CONTEXT:
# scalar, list or void. INVOCANT: the class of a class method, or undef. STORAGE: plain, upgraded
# (texts go in stored as UTF-8), and in a boxed worker ieee or native (see ieee_box.pl).
#
# An OUTCOME is a hash. By row: failed (what the call died with, encoded), printed, warned, tainted
# (a box met an operator that has a meaning for integers only) and asked (what no port can know).
# changed: the numbers of the arguments that were changed. separated: whether all that was printed
# belongs to a row. length: of its columns, the results and the changed arguments.
# A CALL is one of the last SUBs that was called on the way: [SUB, arguments, returned or died,
# value, arguments afterwards, whether in list context]; the call that ended first comes first.

use strict;
use warnings;
no warnings qw(experimental numeric once recursion);

# A file without a package lands in the package of the one who loads it: main, as in a program.
package main;

sub Parity::Worker::do_in_main      { return do $_[0] }
sub Parity::Worker::require_in_main { return require $_[0] }

package Parity::Worker;

use constant {
    EINTR      => 4,       # on every Unix; to load Errno takes 1 ms
    MAX_TRACED => 1000,    # calls
};

my ($in, $out);
my $working            = 0;
my %package_of_project = (main => 1);
my (%declared, $seed);
my $loaded = '';    # the file that was loaded

# In a sub of its own, because Perl's empty pattern // reuses the last successful match.
sub load_part {
    my ($name) = @_;
    return require(__FILE__ =~ s/worker(?=[.]pl\z)/$name/r);
}

sub load_parts {
    load_part($_) for qw(nondeterminism codec columns unchanged calls);
    return;
}

# --- the user's code --------------------------------------------------------------------------

# A sub of the loaded file, by its full name; what `*name = sub {...}` made has none of its own. One
# that a package imported has another name; it may be called if it is declared, and so may one that
# a class inherits.
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
    my $own = $sub && Parity::Codec::sub_name($sub);
    die "$name is not a sub of the loaded file\n"
        if !$sub
        || !$package_of_project{$package}
        || $own ne $name && $own ne "${package}::__ANON__";
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
    Parity::Calls::take_output();
    return defined $why ? ['failed', $why] : ['loaded', project_files($file, @directories)];
}

# Call a sub once with these arguments, with care.
sub call_once {
    my ($sub, $context, $invocant, $arguments) = @_;
    my @columns = map { {values => [$_]} } @{$arguments};
    $Parity::Calls::count = 1;
    return Parity::Calls::call_rows($sub, $context, $invocant, $seed, @columns);
}

# Call a sub, and note the calls of these others on the way.
sub trace {
    my ($sub, $context, $invocant, $arguments, @names) = @_;
    my @calls;
    for my $name (@names) {
        my $original = eval { paired_sub($name) } or next;
        my $wrapper  = sub {
            my $wanted = wantarray;
            my $before = Parity::Codec::encode_value([@_]);
            my @given  = \(@_);    # what is taken from @_ was given all the same
            my @result;
            my $done  = eval { @result = $wanted ? &{$original} : scalar &{$original}; 1 };
            my $error = $@;
            my $value = !$done ? Parity::Calls::died($error) : $wanted ? \@result : $result[0];
            push @calls, join '', 'l', pack('V', 6), Parity::Codec::encode_text($name), $before,
                Parity::Codec::encode_text($done ? 'returned' : 'died'),
                Parity::Codec::encode_value($value),
                Parity::Codec::encode_value([map { ${$_} } @given]), $wanted ? 'T' : 'F'
                if @calls < MAX_TRACED;
            die $error if !$done;
            return $wanted ? @result : $result[0];
        };
        replace_everywhere($original, $wrapper);
    }
    call_once($sub, $context, $invocant, $arguments);
    return join '', 'l', pack('V', 1 + @calls), Parity::Codec::encode_text('traced'), @calls;
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

# --- requests ---------------------------------------------------------------------------------

# Call a sub with a batch, in each of these storages; the outcomes, and their columns.
sub call {
    my ($name, $context, $invocant, $rows, $length, @storages) = @_;
    my $columns = read_exactly($length);    # even where there is no such sub
    my $sub     = paired_sub($name);
    my (@outcomes, $tail);
    for my $storage (@storages) {
        $Parity::Codec::STORAGE = $storage;
        $Parity::Box::NATIVE    = $storage eq 'native';
        my ($outcome, $packed) =
            Parity::Calls::call_batch($sub, $context, $invocant, $seed, $rows, $columns);
        push @outcomes, $outcome;
        $tail .= $packed;
    }
    return (Parity::Codec::encode(['outcomes', @outcomes]), $tail);
}

# A copy of this process answers what comes next, until it is told to leave.
sub fork_copy {
    my $copy = fork;
    die "cannot fork: $!\n" if !defined $copy;
    if ($copy) {
        waitpid $copy, 0;
        return ['left'];
    }
    $Parity::Calls::pid = $$;
    return ['forked', $$];
}

# What answers a request, and columns that follow the answer.
sub answer {
    my ($what, @rest) = @_;
    $Parity::Codec::STORAGE = 'plain';
    return call(@rest) if $what eq 'call';
    if ($what eq 'trace') {
        my ($name, $context, $invocant, $case, @names) = @rest;
        return trace(paired_sub($name), $context, $invocant, Parity::Codec::decode($case), @names);
    }
    my %answers = (
        load    => sub { return load(@rest) },
        declare => sub {
            %declared = map { $_ => 1 } @rest;
            return ['declared'];
        },
        packages => sub {
            %package_of_project = map { $_ => 1 } 'main', @rest;
            return ['known'];
        },
        seed => sub { ($seed) = @rest; return ['seeded'] },
        fork => \&fork_copy,
    );
    return Parity::Codec::encode($answers{$what}->());
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
    my $original = $$;
    while (1) {
        my $head = read_exactly(Parity::Codec::HEAD());
        return if $head eq '';
        my ($reply, $columns) = eval {
            my $rest    = read_exactly(Parity::Codec::payload_length($head));
            my $request = Parity::Codec::decode(Parity::Codec::unframe($head . $rest));
            return 'leave' if $request->[0] eq 'leave';
            $working = 1;
            my ($answer, $packed) = answer(@{$request});
            (Parity::Codec::frame($answer), $packed);
        };
        $working = 0;
        if (!defined $reply) {
            $reply = Parity::Codec::frame(Parity::Codec::encode(['error', "$@"]));
        } elsif ($reply eq 'leave') {
            next if $$ == $original;    # the copy has died by itself
            return;
        }
        kill 'KILL', $$
            if $$ != $Parity::Calls::pid;    # a copy that the sub made by fork came back, too
        write_all($reply);
        write_all($columns) if defined $columns;
    }
    return;
}

sub main {
    my ($kind, $in_number, $out_number) = @ARGV;
    @ARGV = ();
    open $in,  '<&=', $in_number  or die "cannot open descriptor $in_number: $!\n";
    open $out, '>&=', $out_number or die "cannot open descriptor $out_number: $!\n";
    binmode $_ for $in, $out;
    load_parts();
    $Parity::Codec::find_sub = \&paired_sub;
    Parity::Calls::start();

    if ($kind eq 'boxed') {
        load_part('ieee_box');
        Parity::Box::wrap_posix();
    }
    Parity::Nondeterminism::wrap_list_util();
    serve();
    return;
}

# A sub that calls exit ends here, if nowhere else.
END {
    if ($working && $$ == $Parity::Calls::pid && $out) {
        write_all(Parity::Codec::frame(Parity::Codec::encode(['exited', $?, $Parity::Calls::ROW])));
        $working = 0;
    }
}

main() if !caller;

1;
