"""Inputs for the lesson activation: where the curves bend, and where exp leaves the doubles."""

import math

from hypothesis import strategies as st

from parity import Cases
from pybackprop import activation as lesson

exponential = Cases(examples=[(709.0,), (710.0,), (-745.0,), (-746.0,), (1000.0,)])
sigmoid = Cases(examples=[(0.0,), (1000.0,), (-1000.0,), (-709.5,), (-710.0,), (37.0,)])
sigmoid_derivative = Cases(examples=[(0.0,), (1000.0,), (-1000.0,)])
tanh = Cases(examples=[(0.0,), (-0.0,), (1000.0,), (-1000.0,), (0.5,)])
tanh_derivative = Cases(examples=[(0.0,), (1000.0,), (-1000.0,), (0.5,)])
relu = Cases(examples=[(0.0,), (-0.0,), (3.0,), (-3.0,), (-math.inf,)])
relu_derivative = Cases(examples=[(0.0,), (-0.0,), (3.0,), (-3.0,), (5e-324,)])
leaky_relu = Cases(examples=[(0.0,), (-0.0,), (3.0,), (-3.0,), (-math.inf,)])
leaky_relu_derivative = Cases(examples=[(0.0,), (-0.0,), (3.0,), (-3.0,), (5e-324,)])
activate_array = Cases(
    examples=[
        (lesson.sigmoid, [-1000.0, -1.0, 0.0, 1.0, 1000.0]),
        (lesson.tanh_derivative, [-1.0, 0.0, 1.0]),
        (lesson.relu, []),
    ]
)
largest_position = Cases(
    examples=[([],), ([1.0, 2.0, 2.0],), ([math.nan, 1.0],), ([1.0, math.nan, 2.0],)]
)
softmax = Cases(
    examples=[
        ([],),
        ([5.0],),
        ([1.0, 2.0, 3.0],),
        ([1000.0, 1000.0, -1000.0],),
        ([math.inf, 1.0],),
        ([-math.inf, -math.inf],),
        ([1.0, math.nan, 2.0],),
    ]
)
softmax_derivative = Cases(  # short vectors: the Jacobian has the square of their length
    st.tuples(st.lists(st.floats(-9, 9) | st.floats(), max_size=5)),
    examples=[([],), ([5.0],), ([1.0, 2.0, 3.0],), ([1000.0, 0.0, -1000.0],)],
)
