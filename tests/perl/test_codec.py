"""The format: both ends against the same bytes, in both directions."""

from __future__ import annotations

import random
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from both_ends import (
    COLUMNS,
    EACH,
    ECHO,
    FRAME,
    LENGTH,
    START,
    TABLE,
    UNFRAME,
    ask,
    from_perl,
    identical,
    raw,
)
from conftest import PERLS, older_perl
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.perl import codec
from parity.perl.codec import WireError
from parity.values import columns
from parity.values.columns import (
    Column,
    Flags,
    Hashes,
    Integers,
    Lists,
    Mixed,
    Nothing,
    Numbers,
    Optional,
    Records,
    Texts,
)
from parity.values.perl_values import Dual, Function, Uncrossable

DEEP = "l 01000000 "


@pytest.fixture(params=[*PERLS, "older"])
def any_exe(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each perl at hand, and this one as an older one."""
    return older_perl(tmp_path) if request.param == "older" else str(request.param)


# --- values -----------------------------------------------------------------------------------

IDS = [f"{number}-{text[:24]}" for number, (_, text, _) in enumerate(TABLE)]


@pytest.mark.parametrize(("value", "sent", "back"), TABLE, ids=IDS)
def test_python_sends_and_reads_the_bytes_of_the_table(value: Any, sent: str, back: str) -> None:
    assert codec.encode(value) == raw(sent)
    assert identical(codec.decode(raw(sent)), value)
    if back:
        assert identical(codec.decode(raw(back)), from_perl(value))


def test_perl_reads_and_sends_the_bytes_of_the_table(any_exe: str) -> None:
    deep = raw(DEEP * 190 + "n")
    answers = ask(any_exe, START + ECHO, [*(raw(sent) for _, sent, _ in TABLE), deep])
    wanted = [*(raw(back or sent) for _, sent, back in TABLE), deep]
    assert answers == [f"ok {message.hex()}" for message in wanted]


def test_tuples_and_subclasses_cross_as_what_they_are() -> None:
    class Number(float):
        pass

    assert codec.encode((1.0, 2.0)) == codec.encode([1.0, 2.0])
    assert codec.encode(()) == codec.encode([])
    one = "d 000000000000f03f"
    assert codec.encode(Number(1)) == codec.encode(np.float64(1)) == raw(one)
    assert codec.encode([np.float64(1), Number(1)]) == raw(f"l 02000000 {one} {one}")


# An expression, and what Perl sends for it; the last column: what an older perl may send.
FROM_PERL: list[tuple[str, str, str]] = [
    ("undef", "n", ""),
    ("3", "d 0000000000000840", ""),
    ("'3'", "b 01000000 33", ""),
    ("2**53", "d 0000000000004043", ""),
    ("9007199254740992", "i 0000000000002000", ""),
    ("9007199254740993", "i 0100000000002000", ""),
    ("18446744073709551615", "u ffffffffffffffff", ""),
    ("-9223372036854775807 - 1", "i 0000000000000080", ""),
    ("1e20", "d 408cb5781daf1544", ""),
    ("-0.0", "d 0000000000000080", ""),
    ("9**9**9", "d 000000000000f07f", ""),
    ("1 == 1", "T", ""),
    ("1 == 2", "F", ""),
    ('my $x = (1 == 2); my $y = "$x" . ($x + 0); $x', "F", ""),
    # A text that was used as a number, and a number that was printed.
    ("my $x = '3'; my $y = $x + 1; $x", "w d 0000000000000840 b 01000000 33", ""),
    ("my $x = '3.0'; my $y = $x + 1; $x", "b 03000000 332e30", ""),
    ("my $x = '3 apples'; no warnings; my $y = $x + 1; $x", "b 08000000 33206170706c6573", ""),
    (
        'my $x = 1.5; my $y = "$x"; $x',
        "d 000000000000f83f",
        "w d 000000000000f83f b 03000000 312e35",
    ),
    ("my $x = '0'; my $y = $x + 1; $x", "w d 0000000000000000 b 01000000 30", ""),
    ("Scalar::Util::dualvar(5, 'five')", "b 04000000 66697665", ""),
    ("'0 but true'", "b 0a000000 30206275742074727565", ""),
    ('"\\xe9"', "b 01000000 e9", ""),
    ('my $x = "\\xe9"; utf8::upgrade($x); $x', "b 01000000 e9", ""),
    ('"\\x{3042}"', "s 03000000 e38182", ""),
    ('"\\x{d800}"', "s 03000000 eda080", ""),
    ("[1, [], 'a']", "l 03000000 d 000000000000f03f l 00000000 b 01000000 61", ""),
    ("+{b => undef, a => 'x'}", "h 02000000 b 01000000 61 b 01000000 78 b 01000000 62 n", ""),
    ("\\&Other::sub", "f 0a000000 4f746865723a3a737562", ""),
    ("*STDOUT", "x 04000000 474c4f42", ""),
    ("\\1", "x 10000000 5343414c4152207265666572656e6365", ""),
]


def test_perls_own_values_give_the_bytes_of_the_table(any_exe: str) -> None:
    script = EACH % "my $made = eval $_; die $@ if $@; Parity::Codec::encode($made)"
    sources = [source.encode() for source, _, _ in FROM_PERL]
    answers = ask(any_exe, f"sub Other::sub {{ }} {START}no strict; {script}", sources)
    for (source, sent, guessed), answer in zip(FROM_PERL, answers, strict=True):
        wanted = [f"ok {raw(text).hex()}" for text in (sent, guessed) if text]
        assert answer in wanted, source


def test_perl_nests_as_deeply_as_the_format_allows(any_exe: str) -> None:
    script = EACH % "my $made = 1; $made = [$made] for 1 .. $_; Parity::Codec::encode($made)"
    deepest, deeper = ask(any_exe, START + script, [b"200", b"201"])
    assert deepest == f"ok {raw(DEEP * 200 + 'd 000000000000f03f').hex()}"
    assert deeper.startswith(f"ok {raw(DEEP * 200 + 'x').hex()}")


def test_python_reads_what_only_perl_sends() -> None:
    three = "d 0000000000000840"
    assert codec.decode(raw(f"w {three} b 01000000 33")) == Dual(3.0, b"3")
    assert codec.decode(raw("w i 0100000000002000 s 01000000 33")) == Dual(2**53 + 1, "3")
    assert codec.decode(raw("f 03000000 613a62")) == Function("a:b")
    assert codec.decode(raw("x 04000000 474c4f42")) == Uncrossable("GLOB")


def test_a_paired_function_crosses_by_its_name(exe: str) -> None:
    sent = codec.encode([abs, 1.0], {abs: "main::twice"}.get)
    assert sent == raw("l 02000000 f 0b000000 6d61696e3a3a7477696365 d 000000000000f03f")
    assert ask(exe, "sub twice { } " + START + ECHO, [sent]) == [f"ok {sent.hex()}"]


texts = st.text(st.characters(), max_size=5) | st.text("aé\x80あ\ud800😀", max_size=3)
scalars = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers(-(2**63), 2**64 - 1)
    | st.integers(-3, 3).flatmap(lambda n: st.sampled_from([2**53 + n, -(2**53) + n, 2**63 + n]))
    | texts
    | st.binary(max_size=5)
)
plain_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(st.floats(), max_size=4)
        | st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=12,
)


@given(plain_values)
@settings(max_examples=100)
def test_every_value_survives_python(value: Any) -> None:
    assert identical(codec.decode(codec.encode(value)), value)
    assert codec.unframe(codec.frame(codec.encode(value))) == codec.encode(value)


# --- frames -----------------------------------------------------------------------------------


def test_both_ends_make_the_same_frame(exe: str) -> None:
    chance = random.Random(11)
    payloads = [chance.randbytes(length) for length in range(70)]
    payloads += [chance.randbytes(9_000 + more) for more in range(4)]
    payloads += [b"\xff" * length for length in (4, 7, 8, 65_537)]
    frames = [codec.frame(payload) for payload in payloads]
    assert ask(exe, START + FRAME, payloads) == [f"ok {frame.hex()}" for frame in frames]
    assert [codec.unframe(frame) for frame in frames] == payloads
    assert ask(exe, START + UNFRAME, [codec.frame(b"n")]) == ["ok 31"]


def test_a_frame_starts_with_its_length() -> None:
    assert codec.frame(b"abcde")[:8] == bytes.fromhex("05000000 faffffff")
    assert codec.frame(b"abcde")[codec.HEAD.size :] == b"abcde"


@pytest.mark.parametrize(("length", "fits"), [(0, True), (2**30, True), (2**30 + 1, False)])
def test_the_longest_message(exe: str, length: int, fits: bool) -> None:
    head = struct.pack("<III", length, length ^ 0xFFFFFFFF, 0)
    answer = ask(exe, START + LENGTH, [head])[0]
    if fits:
        assert codec.payload_length(head) == length
        assert answer == "ok " + str(length).encode().hex()
    else:
        with pytest.raises(WireError, match="damaged message: its length is not credible"):
            codec.payload_length(head)
        assert answer.startswith("error damaged message: its length is not credible")


# --- columns ----------------------------------------------------------------------------------

ONE, TWO = "000000000000f03f", "0000000000000040"
WIDE = {b"%d" % n: n for n in range(17)}


def numbers(*some: float, **wide: int) -> Numbers:
    return Numbers(np.array(some), {int(row[1:]): integer for row, integer in wide.items()})


def sizes(*some: int) -> Any:
    return np.array(some, np.uint32)


def texts_of(*some: str) -> Texts:
    column = columns.of(some)
    assert isinstance(column, Texts)
    return column


# A column, what Python sends for it, and what Perl sends back where that is something else.
WIDE = "s 01000000 03000000"
COLUMN_TABLE: list[tuple[Column, str, str]] = [
    (numbers(1.0, -0.0), f"d 02000000 {ONE} 0000000000000080 00000000", ""),
    (numbers(float("nan")), "d 01000000 000000000000f87f 00000000", ""),
    (numbers(2.0**53, 2.0**60), "d 02000000 0000000000004043 000000000000b043 00000000", ""),
    (numbers(), "d 00000000 00000000", ""),
    (
        Integers(np.array([1, -1])),
        f"i 02000000 0100000000000000 {'ff' * 8}",
        f"d 02000000 {ONE} 000000000000f0bf 00000000",
    ),
    (
        Integers(np.array([1, 2**53, 2**53 + 1])),
        "i 03000000 0100000000000000 0000000000002000 0100000000002000",
        f"d 03000000 {ONE} 0000000000004043 0000000000004043 02000000 01000000 02000000"
        " i 0000000000002000 i 0100000000002000",
    ),
    (Flags(np.array([True, False])), "b 02000000 01 00", ""),
    (Nothing(3), "n 03000000", ""),
    (texts_of("a", "", "bc"), "s 03000000 0b000000 61 1e001f01 1e001f01 6263 00000000", ""),
    (texts_of(""), "s 01000000 00000000 00000000", ""),
    (texts_of("", ""), "s 02000000 04000000 1e001f01 00000000", ""),
    (
        texts_of("a", "é", "b", "あ"),
        "s 04000000 13000000 61 1e001f01 c3a9 1e001f01 62 1e001f01 e38182 02000000 01000000"
        " 03000000",
        "s 04000000 13000000 61 1e001f01 c3a9 1e001f01 62 1e001f01 e38182 00000000",
    ),
    (
        texts_of("\x7f\x80"),
        "s 01000000 03000000 7fc280 01000000 00000000",
        f"{WIDE} 7fc280 00000000",
    ),
    (texts_of("\ud800"), "s 01000000 03000000 eda080 01000000 00000000", f"{WIDE} eda080 00000000"),
    (
        Lists(sizes(2, 0, 1), numbers(1.0, 2.0, 1.0)),
        f"l 03000000 02000000 00000000 01000000 d 03000000 {ONE} {TWO} {ONE} 00000000",
        "",
    ),
    (
        Lists(sizes(1), Lists(sizes(1), texts_of("a"))),
        "l 01000000 01000000 l 01000000 01000000 s 01000000 01000000 61 00000000",
        "",
    ),
    (Lists(sizes(0), numbers()), "l 01000000 00000000 d 00000000 00000000", ""),
    (
        Records(2, ("a", "あ"), (numbers(1.0, 2.0), Nothing(2))),
        f"r 02000000 s 02000000 08000000 61 1e001f01 e38182 01000000 01000000"
        f" d 02000000 {ONE} {TWO} 00000000 n 02000000",
        f"r 02000000 s 02000000 08000000 61 1e001f01 e38182 00000000"
        f" d 02000000 {ONE} {TWO} 00000000 n 02000000",
    ),
    (Records(1, (), ()), "r 01000000 s 00000000 00000000 00000000", ""),
    (
        Records(2, ("a", "b"), (Optional(np.array([1, 2], "u1"), numbers(1.0)), Nothing(2))),
        "r 02000000 s 02000000 06000000 61 1e001f01 62 00000000"
        f" o 02000000 01 02 d 01000000 {ONE} 00000000 n 02000000",
        "",
    ),
    (
        Optional(np.array([0, 1, 0], "u1"), texts_of("x")),
        "o 03000000 00 01 00 s 01000000 01000000 78 00000000",
        "",
    ),
    (
        Mixed([None, 1.0, "a", True, ["é"]]),
        f"m 05000000 n d {ONE} s 01000000 61 T l 01000000 s 02000000 c3a9",
        f"m 05000000 n d {ONE} b 01000000 61 T l 01000000 b 01000000 e9",
    ),
    (
        Hashes(sizes(17), texts_of(*"abcdefghijklmnopq"), Nothing(17)),
        "h 01000000 11000000 s 11000000 51000000 "
        + " 1e001f01 ".join(f"{ord(letter):02x}" for letter in "abcdefghijklmnopq")
        + " 00000000 n 11000000",
        "",
    ),
]
COLUMN_IDS = [f"{number}-{sent[:24]}" for number, (_, sent, _) in enumerate(COLUMN_TABLE)]


@pytest.mark.parametrize(("column", "sent", "back"), COLUMN_TABLE, ids=COLUMN_IDS)
def test_python_sends_and_reads_the_columns_of_the_table(
    column: Column, sent: str, back: str
) -> None:
    assert codec.pack(column) == raw(sent)
    (again,) = codec.unpack(raw(sent))
    assert type(again) is type(column)
    assert codec.pack(again) == raw(sent)
    (returned,) = codec.unpack(raw(back or sent))
    assert identical(from_perl(returned.values()), from_perl(column.values()))


def test_perl_reads_and_sends_the_columns_of_the_table(any_exe: str) -> None:
    answers = ask(any_exe, START + COLUMNS, [raw(sent) for _, sent, _ in COLUMN_TABLE])
    for (_, sent, back), answer in zip(COLUMN_TABLE, answers, strict=True):
        assert answer == f"ok {raw(back or sent).hex()}", sent


def test_columns_follow_each_other(exe: str) -> None:
    together = b"".join(raw(sent) for _, sent, _ in COLUMN_TABLE)
    wanted = b"".join(raw(back or sent) for _, sent, back in COLUMN_TABLE)
    assert b"".join(map(codec.pack, codec.unpack(together))) == together
    assert ask(exe, START + COLUMNS, [together]) == [f"ok {wanted.hex()}"]
    assert codec.unpack(b"") == []


# The results of a batch as Perl source, and the letters of their columns; then an older perl's.
OWN_COLUMNS = {
    "1, 2.5": ("d", ""),
    "'a', 'b'": ("s", ""),
    "1, 'a'": ("m", ""),
    "1 == 1, 1 == 2": ("b", ""),
    "undef, undef": ("n", ""),
    "undef, 1": ("o", ""),
    "undef, 1, 'a'": ("m", ""),
    "[1], []": ("l", ""),
    "[1], {}": ("m", ""),
    "{}, {a => 1}": ("r", ""),
    "+{map { $_ => 1 } 0 .. 15}": ("r", ""),
    "+{map { $_ => 1 } 0 .. 16}": ("h", ""),
    "(map { {$_ => 1} } 0 .. 16)": ("h", ""),
    "{a => 1}, {b => 'x'}, {a => 'y'}": ("r", ""),
    '"a\\x1e\\x00\\x1f\\x01b"': ("m", ""),
    '"a\\x1e", "b\\x1e\\x00\\x1f"': ("s", ""),
    '{"a\\x1e" => 1}': ("r", ""),
    '{"a\\x1e\\x00\\x1f\\x01" => 1}': ("m", ""),
    '"\\x{110000}", "a"': ("m", ""),
    "\\1": ("m", ""),
    "*STDOUT": ("m", ""),
    "sub { 1 }": ("m", ""),
    "my $x = 3; my $y = qq($x)": ("m", "s"),
}


@pytest.mark.parametrize("source", OWN_COLUMNS)
def test_perl_packs_values_of_one_kind_as_one_column(any_exe: str, source: str) -> None:
    script = EACH % "my @made = eval $_; die $@ if $@; Parity::Columns::pack_values(\\@made)"
    (answer,) = ask(any_exe, START + "no strict; no warnings; " + script, [source.encode()])
    assert answer.startswith("ok ")
    packed = bytes.fromhex(answer[3:])
    assert chr(packed[0]) in OWN_COLUMNS[source]
    (column,) = codec.unpack(packed)
    assert column.count == len(column.values())


CUT_SHORT = [raw(sent) for _, sent, _ in COLUMN_TABLE]


@pytest.mark.parametrize("packed", CUT_SHORT, ids=COLUMN_IDS)
def test_python_refuses_a_column_cut_short(packed: bytes) -> None:
    for length in range(1, len(packed)):
        with pytest.raises(WireError, match="damaged message: "):
            codec.unpack(packed[:length])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("z 00000000", "unknown column"),
        (f"d 01000000 {ONE} 01000000 00000000 z", "unknown letter"),
        ("r 01000000 n 00000000", "keys that are not text"),
        (f"h 01000000 01000000 d 01000000 {ONE} 00000000 n 01000000", "keys that are not text"),
        ("m 01000000 s 01000000 e9", NO_UTF_8 := "its text is not UTF-8"),
    ],
)
def test_python_refuses_what_is_no_column(text: str, why: str) -> None:
    with pytest.raises(WireError, match=f"damaged message: {why}"):
        codec.unpack(raw(text))


def test_perl_refuses_what_is_no_column(exe: str) -> None:
    answers = ask(exe, START + COLUMNS, [raw("z 00000000"), raw("m 01000000 s 01000000 e9")])
    assert answers[0].startswith("error damaged message: unknown column")
    assert answers[1].startswith("error damaged message: its text is not UTF-8")


def test_a_column_takes_no_value_that_cannot_cross() -> None:
    with pytest.raises(WireError, match="a value of type object cannot cross to Perl"):
        codec.pack(Mixed([1.0, object()]))
    with pytest.raises(WireError, match="a value of type set cannot cross to Perl"):
        codec.pack(columns.of([[{1.0}]]))
    with pytest.raises(TypeError):
        codec.pack(None)  # type: ignore[arg-type]


def test_a_function_in_a_column_crosses_by_its_name() -> None:
    sent = codec.pack(columns.of([[abs]]), {abs: "main::twice"}.get)
    assert codec.unpack(sent)[0].values() == [[Function("main::twice")]]
    inside = codec.pack(columns.of([{"f": abs}, {"f": None}]), {abs: "main::twice"}.get)
    assert codec.unpack(inside)[0].values() == [{"f": Function("main::twice")}, {"f": None}]


def test_what_perl_gives_back_unchanged() -> None:
    assert codec.as_perl_returns((1, {"é": "あ"})) == [1, {"é": "あ"}]
    assert codec.as_perl_returns([len], {len: "main::f"}.get) == [Function("main::f")]
