"""`parity new`: the stub of a port."""
