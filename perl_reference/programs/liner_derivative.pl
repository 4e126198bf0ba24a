# Program: the slope of the linear function, by the definition.
#
# The tutorial's second complete listing. Prints 3.00000000444089: not 3, since
# x_delta isn't all the way at 0 and the calculation rounds.
#
# The Python twin of this file is pybackprop/programs/liner_derivative.py.

use strict;
use warnings;

my $x       = 3;
my $x_delta = 0.0000001;

# The derivative of the linear function
my $liner_derivative = (liner($x + $x_delta) - liner($x)) / (($x + $x_delta) - $x);

# The linear function
sub liner {
    my ($x) = @_;

    my $y = 3 * $x + 2;

    return $y;
}

print $liner_derivative;
