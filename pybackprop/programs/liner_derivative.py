"""Program: the slope of the linear function, by the definition.

The tutorial's second complete listing. Prints 3.00000000444089: not 3, since
x_delta isn't all the way at 0 and the calculation rounds.

The Perl twin of this file is perl_reference/programs/liner_derivative.pl.
"""


# Python wants a function defined before its first call; Perl doesn't mind.
def liner(x: float) -> float:
    """The linear function."""
    y = 3 * x + 2

    return y


x = 3.0
x_delta = 0.0000001

# The derivative of the linear function
liner_derivative = (liner(x + x_delta) - liner(x)) / ((x + x_delta) - x)

# Perl prints a number with 15 digits and no newline.
print(f"{liner_derivative:.15g}", end="")
