"""The lessons over NumPy arrays: same names, no loops over elements.

A vector is a 1-D array and a matrix a 2-D array of 64-bit floats. NumPy adds in
an order of its own, and some CPUs have other last bits for exp and tanh: the
results agree with the loops of the lessons up to rounding, not bit for bit.
"""
