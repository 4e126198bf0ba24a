from hypothesis import strategies as st

from parity import Cases, Run

entries = st.builds(
    "{} {} {} s".format,
    st.sampled_from(["INFO", "WARN", "ERROR", "info"]),
    st.text("ab 1.", max_size=5),
    st.sampled_from(["0", "1.5", "12.25", ".5", "1."]),
)
logs = st.lists(entries, max_size=6).map("\n".join)
options = st.sampled_from([[], ["--level", "INFO"], ["--level"], ["--level", "0"], ["--help"]])
summary = Cases(st.builds(lambda words, log: Run(words, stdin=log), options, logs))
summary_wrong = Cases(examples=[Run(stdin="WARN a 1 s\nINFO b 2 s\n")])

cells = st.lists(st.sampled_from(["a", "b", "ab", "", "A b", "é"]), max_size=3).map(";".join)
tables = st.builds(
    lambda ending, rows: "".join(f"{row}{ending}" for row in ["key;value", *rows]),
    st.sampled_from(["\n", "\r\n"]),
    st.lists(cells, max_size=5),
)
split_table = Cases(
    st.builds(lambda table: Run(["in.csv"], files={"in.csv": table}), tables),
    examples=[Run(), Run(["gone.csv"])],
)
split_table_wrong = Cases(examples=[Run(["in.csv"], files={"in.csv": "key\na\nA b\n"})])
