# A number in a box: an object whose operators calculate in IEEE doubles, never in Perl's 64-bit
# integers. worker.pl loads this file where the numbers that come are to be in boxes.
#
# POSIX::fma is C and always takes doubles. $NATIVE makes the same boxes calculate with Perl's own
# operators: the control run. Integers made on the way (int, %, &, ...) leave the box; $TAINTED notes
# an operator that has a meaning for integers only.

package Parity::Box;

use strict;
use warnings;

our $NATIVE  = 0;
our $TAINTED = 0;
my $fma;

sub box {
    my ($number) = @_;
    $number = unpack 'd', pack 'd', $number if !$NATIVE;
    return bless \$number;
}

sub unbox {
    my ($value) = @_;
    return ref $value eq __PACKAGE__ ? ${$value} : $value;
}

# References to the two operands as plain numbers, in the order in which they were written. Not
# copies: that a number was used leaves flags in it which Perl's next operation goes by, so that a
# constant in the code adds up in another way the second time.
sub operands {
    my $other = ref $_[1] eq __PACKAGE__ ? $_[1] : \$_[1];
    return $_[2] ? ($other, $_[0]) : ($_[0], $other);
}

sub arithmetic {
    my ($ieee, $native) = @_;
    return sub {
        my ($x, $y) = &operands;
        return box(($NATIVE ? $native : $ieee)->(${$x}, ${$y}));
    };
}

sub plain {
    my ($operator) = @_;
    return sub {
        my ($x, $y) = &operands;
        return $operator->(${$x}, ${$y});
    };
}

sub integers_only {
    my ($operator) = @_;
    my $calculate = plain($operator);
    return sub { $TAINTED = 1; return &{$calculate} };
}

sub function {
    my ($function) = @_;
    return sub { return box($function->(${$_[0]})) };
}

use overload
    '+'     => arithmetic(sub { $fma->(1, $_[0], $_[1]) }, sub { $_[0] + $_[1] }),
    '-'     => arithmetic(sub { $fma->(-1, $_[1], $_[0]) }, sub { $_[0] - $_[1] }),
    '*'     => arithmetic(sub { $fma->($_[0], $_[1], -0.0) }, sub { $_[0] * $_[1] }),
    '/'     => arithmetic(sub { $_[0] / $_[1] }, sub { $_[0] / $_[1] }),
    '**'    => arithmetic(sub { $_[0]**$_[1] }, sub { $_[0]**$_[1] }),
    'neg'   => sub { return box($NATIVE ? -${$_[0]} : $fma->(-1, ${$_[0]}, -0.0)) },
    'atan2' => arithmetic(sub { atan2 $_[0], $_[1] }, sub { atan2 $_[0], $_[1] }),
    'sin'   => function(sub { sin $_[0] }),
    'cos'   => function(sub { cos $_[0] }),
    'exp'   => function(sub { exp $_[0] }),
    'log'   => function(sub { log $_[0] }),
    'sqrt'  => function(sub { sqrt $_[0] }),
    'abs'   => function(sub { abs $_[0] }),
    'int'   => sub { return int ${$_[0]} },
    '<'     => plain(sub { $_[0] < $_[1] }),
    '<='    => plain(sub { $_[0] <= $_[1] }),
    '>'     => plain(sub { $_[0] > $_[1] }),
    '>='    => plain(sub { $_[0] >= $_[1] }),
    '=='    => plain(sub { $_[0] == $_[1] }),
    '!='    => plain(sub { $_[0] != $_[1] }),
    '<=>'   => plain(sub { $_[0] <=> $_[1] }),
    '%'     => integers_only(sub { $_[0] % $_[1] }),
    '&'     => integers_only(sub { $_[0] & $_[1] }),
    '|'     => integers_only(sub { $_[0] | $_[1] }),
    '^'     => integers_only(sub { $_[0] ^ $_[1] }),
    '<<'    => integers_only(sub { $_[0] << $_[1] }),
    '>>'    => integers_only(sub { $_[0] >> $_[1] }),
    '~'     => integers_only(sub { ~$_[0] }),
    'bool'  => sub { return ${$_[0]} ? 1 : '' },
    '0+'    => sub { return ${$_[0]} },
    '""'    => sub { return "${$_[0]}" };

# POSIX's functions of doubles give a box for a box. Called before anything imports them.
sub wrap_posix {
    require POSIX;
    $fma = \&POSIX::fma;
    for my $name (
        qw(acos acosh asin asinh atan atanh cbrt ceil copysign cosh erf erfc exp2 expm1 fabs fdim
        floor fma fmax fmin fmod hypot j0 j1 lgamma log10 log1p log2 logb nearbyint nextafter
        pow remainder rint round sinh tan tanh tgamma trunc y0 y1)
        )
    {
        no strict 'refs';
        no warnings 'redefine';
        my $original = defined &{"POSIX::$name"} ? \&{"POSIX::$name"} : next;
        *{"POSIX::$name"} = sub {
            my $result = $original->(map { unbox($_) } @_);
            return (grep { ref $_ eq __PACKAGE__ } @_) ? box($result) : $result;
        };
    }
    return;
}

1;
