# Calling a sub with each row of a batch, and keeping what each call did.
#
# A call sees nothing of the calls before it but what the user's code keeps: $_, $@, $, $\ $/ and
# $SIG{__WARN__} are as at the start. The first calls are made with care, and a call that is made
# alone. The others are not, for speed, unless one of those before showed that its sub needs it; a
# batch that shows it itself has to be called again, each row alone.

package Parity::Calls;

use strict;
use warnings;
no warnings qw(experimental numeric once recursion uninitialized closed unopened);
use Scalar::Util qw(blessed);

use constant {
    CAREFUL      => 100,    # so many calls
    MAX_DEPTH    => 200,
    MAX_WARNINGS => 10,     # of a call
};

our $pid   = $$;    # of the process that makes the calls
our $count = 0;     # of the rows
our $ROW   = -1;    # the row whose call is running
our $values;        # the results
our $told = 0;      # how much had been printed after the last call…
our $base = 0;      # …beyond what had been printed before the first
my $tap;            # the file that STDOUT writes to
my $handler;        # of warnings
my $called  = 0;    # calls so far
my $careful = 0;    # whether one of them needed care
my $care;           # whether the rows are called with care
my $too_late;       # whether one of the rows did, and had none
my (%failed, %warned, %tainted, %printed, %loops);

sub start {
    open $tap, '+<&', \*STDOUT or die "cannot duplicate STDOUT: $!\n";
    binmode $tap;
    return;
}

# --- what is printed --------------------------------------------------------------------------

# Whether what is printed goes elsewhere than to the file that STDOUT is to write to.
sub prints_elsewhere {
    my @now  = stat STDOUT;
    my @ours = stat $tap;
    return !@now || $now[0] != $ours[0] || $now[1] != $ours[1] || select ne 'main::STDOUT';
}

# Whether it had to be restored.
sub restore_output {
    my $elsewhere = prints_elsewhere();
    if ($elsewhere) {
        open STDOUT, '>&', $tap or die "cannot restore STDOUT: $!\n";
    }
    select STDOUT;
    $| = 1;    # flushes, too
    return $elsewhere;
}

# All that has been printed, taken from the file.
sub take_output {
    restore_output();
    my $size = -s $tap;
    return '' if !$size;
    sysseek $tap, 0, 0;
    sysread $tap, my ($printed), $size;
    truncate $tap, 0;
    sysseek $tap, 0, 0;
    return $printed;
}

# Note what the call of a row printed. size: what is in the file, or what STDOUT has written.
sub cut {
    my ($row, $size) = @_;
    $printed{$row} = [$told - $base, $size - $told] if $size != $told;
    $told = $size;
    return;
}

# --- results that the sub keeps ---------------------------------------------------------------

# A result that the sub, or anything else, still refers to may be changed by a later call. Weak
# references do not count, so that one may lead back to where it came from.
sub is_own {
    my $depth = $_[1] + 1;
    return 0 if $depth > MAX_DEPTH;
    my $kind = ref $_[0];
    if ($kind eq 'ARRAY') {
        return 0 if Internals::SvREFCNT(@{$_[0]}) > 1;
        for (grep { ref } @{$_[0]}) {
            return 0 if !is_own($_, $depth);
        }
    } elsif ($kind eq 'HASH') {
        return 0 if Internals::SvREFCNT(%{$_[0]}) > 1;
        for (grep { ref } values %{$_[0]}) {
            return 0 if !is_own($_, $depth);
        }
    }
    return 1;
}

# A copy of a value, with plain numbers where there were boxes. above: the references that lead
# here; one that leads back is kept.
sub copy {
    my ($value, @above) = @_;
    my $kind = ref $value;
    return ${$value} if $kind eq 'Parity::Box';
    return $value    if $kind ne 'ARRAY' && $kind ne 'HASH' || @above >= MAX_DEPTH;
    return $value    if grep { $_ == $value } @above;
    push @above, $value;
    return [map { copy($_, @above) } @{$value}] if $kind eq 'ARRAY';
    return {map { $_ => copy($value->{$_}, @above) } keys %{$value}};
}

# --- the calls --------------------------------------------------------------------------------

# Whether the sub left settings that the next call would see.
sub left_settings {
    return defined $, || defined $\ || ($/ // '') ne "\n" || ($SIG{__WARN__} // '') ne $handler;
}

# What happens after the call of a row that is made with care.
sub finish {
    my ($row) = @_;
    kill 'KILL', $$ if $$ != $pid;    # a copy that the sub made by fork came back, too
    return if $row < 0;
    if (ref $values->[$row] && !is_own($values->[$row])) {
        $values->[$row] = copy($values->[$row]);
        $careful = 1;
    }
    my $elsewhere = restore_output();
    $careful ||= $elsewhere || left_settings();
    cut($row, -s $tap);
    ($_, $,, $\, $/, $@, $SIG{__WARN__}) = (undef, undef, undef, "\n", '', $handler);
    $tainted{$row} = 1 if $Parity::Box::TAINTED;
    $Parity::Box::TAINTED = 0;
    return;
}

# The loop over the rows, as a sub of the sub that is called, its invocant and the columns. Perl
# compiles it once for so many arguments, for a context, with care or without. A call that leaves
# by `next` or `last` returns undef.
sub loop {
    my ($arguments, $context, $invocant, $care) = @_;
    my $given = join ', ', $invocant ? '$invocant' : (),
        map { '$c' . $_ . '->[$ROW]' } 0 .. $arguments - 1;
    my $call = "\$sub->($given)";
    $call = "\$results->[\$ROW] = $call"   if $context eq 'scalar';
    $call = "\$results->[\$ROW] = [$call]" if $context eq 'list';
    my $columns = join ', ', qw($results $sub $invocant $seed), map { "\$c$_" } 0 .. $arguments - 1;
    my $before =
        $care
        ? 'finish($ROW - 1); Parity::Nondeterminism::seed($seed) if defined $seed;'
        : 'cut($ROW - 1, tell STDOUT) if $told != tell STDOUT; ($@, $_) = "" if $@ || defined;';
    my $code = "sub { my ($columns) = \@_; while (++\$ROW < \$count) { $before $call } return }";
    return $loops{$code} ||= eval $code || die $@;    ## no critic (ProhibitStringyEval)
}

sub warned {
    push @{$warned{$ROW}}, "$_[0]" if @{$warned{$ROW} || []} < MAX_WARNINGS;
    return;
}

# Call a sub once for each row. columns: as Parity::Columns::unpack_columns has them; their values
# are what the calls are given, and may change. Returns the values.
sub call_rows {
    my ($sub, $context, $invocant, $seed, @columns) = @_;
    $care = $careful || $called < CAREFUL || $count == 1 || defined $seed;
    $care ||= Parity::Codec::is_boxed();
    my $loop = loop(scalar @columns, $context, defined $invocant, $care);
    $values = [(undef) x $count];
    my @given = ($values, $sub, $invocant, $seed, map { $_->{values} } @columns);
    $ROW = -1;
    local ($_, $,, $\);
    local $/ = "\n";
    $handler = $SIG{__WARN__} || \&warned;
    local $SIG{__WARN__} = $handler;
    take_output();
    $told = $base = $care ? 0 : tell STDOUT;

    while ($ROW < $count) {
        next if eval { $loop->(@given); 1 };
        $failed{$ROW} = Parity::Codec::encode_value(died($@));
    }
    $care ? finish($count - 1) : cut($count - 1, tell STDOUT);
    $too_late = !$care && (prints_elsewhere() || left_settings());
    $careful ||= $too_late;
    $called += $count;
    return $values;
}

# What a sub died with: an object as its text, or else as the name of its class.
sub died {
    my ($error) = @_;
    return $error if !blessed $error;
    require overload;
    return overload::Method($error, '""') ? "$error" : 'object:' . ref $error;
}

# Call a sub with each row of a batch; columns: the bytes of the arguments. The outcome as it
# crosses, and the columns that belong to it: the results, then each argument that was changed.
sub call_batch {
    my ($sub, $context, $invocant, $seed, $rows, $columns) = @_;
    $count  = $rows;
    %failed = %warned = %tainted = %printed = ();
    Parity::Nondeterminism::forget();
    my @arguments = Parity::Columns::unpack_columns(\$columns);
    my $results   = call_rows($sub, $context, $invocant, $seed, @arguments);
    $results = copy($results) if Parity::Codec::is_boxed();
    my ($packed, $shared) = Parity::Columns::pack_results($results);
    my @changed;

    for my $number (0 .. $#arguments) {
        my $column = $arguments[$number];
        $column->{values} = copy($column->{values}) if Parity::Codec::is_boxed();
        next if Parity::Columns::is_unchanged($column);
        push @changed, $number;
        $packed .= Parity::Columns::pack_values($column->{values});
    }
    my ($output, $whole) = (take_output(), 0);
    for my $row (keys %printed) {
        my ($start, $length) = @{$printed{$row}};
        $printed{$row} = substr $output, $start, $length;
        $whole += $length;
    }
    my %asked   = Parity::Nondeterminism::asked();
    my $outcome = {
        failed    => by_row(\%failed),
        printed   => by_row(\%printed),
        warned    => by_row(\%warned),
        tainted   => by_row(\%tainted),
        asked     => by_row(\%asked),
        changed   => \@changed,
        separated => $whole == length $output && !$too_late && ($care || !$shared) ? 1 : 0,
        length    => length $packed,
    };
    return ($outcome, $packed);
}

sub by_row {
    my ($of) = @_;
    return [map { [0 + $_, $of->{$_}] } sort { $a <=> $b } keys %{$of}];
}

1;
