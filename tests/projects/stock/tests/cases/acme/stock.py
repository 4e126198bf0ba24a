from hypothesis import strategies as st

from parity import Cases

line = st.text(st.characters(max_codepoint=126))
count_words = Cases(st.tuples(line), examples=[("a b a",)])
