# The Perl end of the wire, as worker.pl, in a perl that also sees which statements a sub reaches.
#
#   perl line_coverage.pl FILE COPY WORKER IN OUT
#
#   [watch, FILE, [NUMBER...]...]  -> [watching]
#   [missing]                      -> [missing, [INDEX...], [INDEX...]]
#
# COPY is loaded in place of FILE: in it each statement has line numbers of its own, which `watch`
# lists by statement (see perl_statements.py). `missing` gives the places in that list of what no call
# has reached: of the statements that perl has, and of those that it does not have under any number.

package DB;

use strict;
use warnings;

our $single;
our $file = '';
our %statement_of;    # by the number of a line of $file
our %left;            # the statements that have not been reached; true for those that perl has

# Perl calls this before each statement while $single is true; it ends when all has been seen.
sub DB {    ## no critic (ProhibitSubroutinesNamedLikeBuiltins)
    my (undef, $where, $line) = caller;
    return if !exists $statement_of{$line} || $where ne $file;
    delete $left{delete $statement_of{$line}};
    $single = 0 if !%left;
    return;
}

package Parity::Lines;

use strict;
use warnings;

my ($original, $copy) = splice @ARGV, 0, 2;

# The copy, where perl is about to load its original. Other files are left to perl.
sub find_copy {
    my (undef, $name) = @_;
    my ($path) = grep { -f } map { "$_/$name" } grep { !ref } @INC;
    return if !defined $path || "@{[(stat $path)[0, 1]]}" ne "@{[(stat $original)[0, 1]]}";
    $INC{$name} = $path;
    open my $source, '<', $copy or die "cannot open $copy: $!\n";
    return $source;
}

sub watch {
    my ($file, @statements) = @_;
    utf8::encode($file) if utf8::is_utf8($file);
    my $lines = do { no strict 'refs'; \@{"main::_<$file"} };
    for my $index (0 .. $#statements) {
        my @numbers = @{$statements[$index]};
        @DB::statement_of{@numbers} = ($index) x @numbers;
        no warnings 'numeric';    # as a number, a line is true where a statement begins
        $DB::left{$index} = grep { defined $lines->[$_] && $lines->[$_] != 0 } @numbers;
    }
    $DB::file = $file;
    return ['watching'];
}

sub missing {
    my @left = map { 0 + $_ } sort { $a <=> $b } keys %DB::left;
    return ['missing', [grep { $DB::left{$_} } @left], [grep { !$DB::left{$_} } @left]];
}

# What is compiled from here on has the hook: the worker has not, the user's files have.
if (!caller) {
    require(shift @ARGV);
    Parity::Worker::load_part($_) for qw(nondeterminism codec columns calls);
    my ($answer, $call) = (\&Parity::Worker::answer, \&Parity::Calls::call_batch);
    my $require = \&Parity::Worker::require_in_main;
    my $do      = \&Parity::Worker::do_in_main;
    no warnings 'redefine';
    *Parity::Worker::answer = sub {
        my ($what, @rest) = @_;
        return Parity::Codec::encode(watch(@rest)) if $what eq 'watch';
        return $what eq 'missing' ? Parity::Codec::encode(missing()) : &{$answer};
    };
    *Parity::Calls::call_batch = sub {
        $DB::single = %DB::left ? 1 : 0;
        my @outcome = &{$call};
        $DB::single = 0;
        return @outcome;
    };
    *Parity::Worker::require_in_main = sub { unshift @INC, \&find_copy; return &{$require} };
    *Parity::Worker::do_in_main      = sub {
        unshift @INC, \&find_copy;
        return &{$do} if $_[0] ne $original;
        $INC{$original} = $original;
        my $result = $do->($copy);
        delete $INC{$copy};
        return $result;
    };
    ## no critic (RequireLocalizedPunctuationVars)
    $^P = 0x02 | 0x04 | 0x10;    # call DB::DB; keep blocks as they are; note the lines of subs
    Parity::Worker::main();
}

1;
