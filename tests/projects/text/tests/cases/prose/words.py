from hypothesis import strategies as st

from parity import Cases

european = st.characters(max_codepoint=0x24F)
names = st.text(st.sampled_from("AbcdefghiRSTw-'"), max_size=8)

trim = lower = Cases(st.tuples(st.text(european)))
fields = Cases(st.tuples(st.text("ab,")))
quoted_words = Cases(st.tuples(st.text('ab, "\\\n')))
count_words = Cases(st.tuples(st.text(st.sampled_from("abAB' .é\n"))))
unique = Cases(st.tuples(st.lists(st.text("abAB"))))
soundex = Cases(st.tuples(names), examples=[("Pfister",), ("Ashcraft",), ("Tymczak",)])
is_word = Cases(st.tuples(st.text("abC\n", max_size=5)))
