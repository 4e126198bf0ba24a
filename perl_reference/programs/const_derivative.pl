# Program: the slope of the constant function, by the definition.
#
# The tutorial's first complete listing. Prints 0.
#
# The Python twin of this file is pybackprop/programs/const_derivative.py.

use strict;
use warnings;

my $x       = 3;
my $x_delta = 0.0000001;

# The derivative of the constant function
my $const_derivative = (const($x + $x_delta) - const($x)) / (($x + $x_delta) - $x);

# The constant function
sub const {
    return 5;
}

print $const_derivative;
