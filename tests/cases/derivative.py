"""Inputs for the lesson derivative: the tutorial's own numbers."""

from parity import Cases
from pybackprop import derivative as lesson

const = Cases(examples=[(3.0,), (3.0 + 0.0000001,)])
const_derivative = Cases(examples=[(3.0,)])
liner = Cases(examples=[(3.0,), (3.0 + 0.0000001,)])
liner_derivative = Cases(examples=[(3.0,)])
derivative = Cases(
    examples=[
        (lesson.const, 3.0, 0.0000001),
        (lesson.liner, 3.0, 0.0000001),
        (lesson.liner, 3.0, 0.0),  # x + x_delta is x: a division by zero
        (lesson.liner, 1e300, 0.0000001),
    ]
)
