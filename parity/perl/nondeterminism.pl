# What no port can know: Perl's random numbers without a seed, and the time. The built-ins are
# replaced for all that is compiled from here on; they do what they did, and note who asked.

package Parity::Nondeterminism;

use strict;
use warnings;

my $seeded = -1;    # the row whose call has a seed
my %asked;          # of a row: what its call asked for

sub forget {
    ($seeded, %asked) = (-1);
    return;
}

# Seed the generator for the call that begins.
sub seed {
    my ($number) = @_;
    CORE::srand($number);
    $seeded = $Parity::Calls::ROW;
    return;
}

# Of each row whose call asked for something: what.
sub asked {
    return map { ($_ => join ', ', sort keys %{$asked{$_}}) } keys %asked;
}

sub note {
    my ($what) = @_;
    $asked{$Parity::Calls::ROW}{$what} = 1;
    return;
}

sub note_random {
    my ($what) = @_;
    note($what) if $seeded != $Parity::Calls::ROW;
    return;
}

BEGIN {
    no warnings 'once';
    *CORE::GLOBAL::rand = sub (;$) {
        note_random('rand');
        return @_ ? CORE::rand($_[0]) : CORE::rand();
    };
    *CORE::GLOBAL::srand = sub (;$) {
        $seeded = $Parity::Calls::ROW if @_;
        return @_ ? CORE::srand($_[0]) : CORE::srand();
    };
    *CORE::GLOBAL::time = sub () {
        note('time');
        return CORE::time();
    };
    *CORE::GLOBAL::localtime = sub (;$) {
        note('localtime') if !@_;
        return @_ ? CORE::localtime($_[0]) : CORE::localtime();
    };
    *CORE::GLOBAL::gmtime = sub (;$) {
        note('gmtime') if !@_;
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
            note_random("List::Util::$name");
            return &{$original};
        };
    }
    return;
}

1;
