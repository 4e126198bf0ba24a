from hypothesis import strategies as st

from parity import Cases

number = st.integers(0, 20)
version = st.from_regex(r"[0-9]{1,2}(\.[0-9])?", fullmatch=True)
key = st.sampled_from(["a", "b", "c"])

wrap = Cases(st.tuples(st.text("ab- \n"), st.integers(1, 12)))
roman = Cases(st.tuples(st.integers(0, 3999)))
fill = Cases(
    st.tuples(st.text("{}ab "), st.dictionaries(key, st.text())),
    examples=[("{a}{b}", {"a": "{b}"})],
)
money = Cases(st.tuples(st.floats(-1e15, 1e15)), examples=[(0.125,), (2.675,), (-1234567.5,)])
percent = Cases(st.tuples(number, st.integers(1, 20)))
page = Cases(st.tuples(st.integers(-100, 100), st.integers(1, 20)))
tail = Cases(st.tuples(st.text("abc"), number))
pick = Cases(st.tuples(st.dictionaries(key, st.text()), st.lists(key)))
later = Cases(st.tuples(version, version))
in_order = Cases(st.tuples(st.lists(number)))
check_sum = Cases(st.tuples(st.text()))
