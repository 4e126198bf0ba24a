"""Inputs for the lesson chain."""

from parity import Cases

chain_gradient = Cases(examples=[([],), ([2.0, 3.0],), ([1.0, 0.25, -0.2],), ([1e200, 1e200],)])
