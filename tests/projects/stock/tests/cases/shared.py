from hypothesis import strategies as st

from parity import Cases

word = st.text(st.characters(max_codepoint=126, min_codepoint=33), min_size=1)
words = Cases(st.tuples(st.text(st.characters(max_codepoint=126))))
several_words = Cases(st.lists(word, min_size=1, max_size=4).map(tuple))
