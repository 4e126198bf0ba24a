"""Program: the slope of the constant function, by the definition.

The tutorial's first complete listing. Prints 0.

The Perl twin of this file is perl_reference/programs/const_derivative.pl.
"""


# Python wants a function defined before its first call; Perl doesn't mind.
def const(x: float) -> float:
    """The constant function."""
    return 5


x = 3.0
x_delta = 0.0000001

# The derivative of the constant function
const_derivative = (const(x + x_delta) - const(x)) / ((x + x_delta) - x)

# Perl prints a number with 15 digits and no newline.
print(f"{const_derivative:.15g}", end="")
