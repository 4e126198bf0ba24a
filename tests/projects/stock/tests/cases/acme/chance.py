from hypothesis import strategies as st

from parity import Cases

dice = Cases(st.tuples(st.floats(1, 1000)))
