from hypothesis import strategies as st

from parity import Cases, Run

path = st.sampled_from(["/", "/a", "/a.css", "0", "/é", ""])
size = st.one_of(st.integers(0, 9), st.integers(0, 10**9 - 1), st.just("-"))
good = st.builds('h [1/May] "GET {}" {} {}'.format, path, st.sampled_from([200, 404]), size)
line = st.one_of(good, good, good, st.text("h \t\xa0\r", max_size=3))
log = st.lists(line, max_size=9).map("\n".join)
option = st.sampled_from(["--top=1", "--min=100", "--errors", "--top=-1", "--nothing"])
summary = Cases(
    st.builds(Run, st.lists(option, max_size=2), log),
    examples=[
        Run(["--top", "x", "--what"], "x\n"),
        Run(["--min"]),
        Run(stdin='h [] "GET /a" 200 2\nh [] "GET /a" 200 3\n\xff\nh [] "GET 0 x" 404 -\r\n'),
        Run(stdin=b'h [] "GET /\xa0b" 200 0\nh [] "GET 0" 200 1\n'),
    ],
)
rounds = ties = quiet = succeeds = zero = spaces = default = returns = summary

field = st.one_of(
    st.integers(-99, 99).map(str), st.sampled_from(["0.1", "0.2", '"a,""b"', "٣", ""])
)
row = st.lists(field, min_size=1, max_size=3).map(",".join)
table = st.lists(row, max_size=4).map(lambda rows: "\n".join(["a,b,c", *rows, ""]))
columns = Cases(
    st.builds(lambda text, words: Run(["t", *words], files={"t": text}), table,
              st.lists(st.sampled_from("abcd"), max_size=2)),
    examples=[
        Run(),
        Run(["gone"]),
        Run(["t"], files={"t": 'a,b\n0.1,"a,""b"\n0.2'}),
        Run(["t", "é", "/x"], files={"t": "/x,é\n1,٣"}),
        Run(["t"], files={"t": "a\n1\n", "out": ""}),
        Run(["t"], files={"t": ""}),
    ],
)  # fmt: skip
digits = last_line = suffix = quotes = unicode = status = columns
