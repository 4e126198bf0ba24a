"""Backpropagation, taken apart: a faithful Python port of perl_reference/.

One module a lesson, read in this order: derivative, activation, cost, chain,
matrix, last_layer, hidden_layer, perl_random, network. Each has a Perl twin of the same name.
"""
