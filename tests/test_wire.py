"""The wire: both ends against the same bytes, and what becomes of damage."""

from __future__ import annotations

import functools
import os
import random
import re
import resource
import struct
import subprocess
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity import CannotRun
from parity.perl import codec
from parity.perl.codec import Dual, Function, Uncrossable, WireError
from parity.perl.process import WORKER, Perl, PerlDied, command

# One answer a line for each line of hex: "ok HEX" or "error TEXT".
START = 'use strict; use warnings; $| = 1; require "$ARGV[0]"; '
EACH = (
    'while (my $line = <STDIN>) { chomp $line; $_ = pack "H*", $line; my $did = eval { %s }; '
    'my $why = $@; $why =~ s/\\n/ /g; print defined $did ? "ok " . unpack("H*", $did) : '
    '"error $why", "\\n" }'
)
ECHO = EACH % "Parity::Worker::encode(Parity::Worker::decode($_))"
UNFRAME = EACH % "Parity::Worker::decode(Parity::Worker::unframe($_)); 1"
FRAME = EACH % "Parity::Worker::frame($_)"
LENGTH = EACH % "Parity::Worker::payload_length($_)"
# Perls before 5.36 cannot tell what a scalar was made as.
OLD = "BEGIN { delete $builtin::{$_} for qw(created_as_number is_bool) } "


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (2**29, 2**29))


def ask(exe: str, script: str, messages: list[bytes]) -> list[str]:
    """The answer of one perl process, which must not warn, to each message."""
    done = subprocess.run(
        [*command(exe), "-e", script, str(WORKER)],
        input="".join(f"{message.hex()}\n" for message in messages).encode(),
        capture_output=True,
        timeout=60,
        preexec_fn=limit_memory,
    )
    assert (done.returncode, done.stderr.decode("utf-8", "replace")) == (0, "")
    answers = done.stdout.decode("utf-8", "replace").split("\n")[:-1]
    assert len(answers) == len(messages)
    return answers


def raw(text: str) -> bytes:
    """The bytes written as letters and hexadecimal digits."""
    words = text.split()
    return b"".join(w.encode() if len(w) == 1 else bytes.fromhex(w) for w in words)


def identical(a: Any, b: Any) -> bool:
    """The same types, structure, order and bits."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return struct.pack("<d", a) == struct.pack("<d", b)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(identical, a, b))
    if isinstance(a, dict):
        return identical(list(a), list(b)) and identical(list(a.values()), list(b.values()))
    if isinstance(a, Dual):
        return identical(a.number, b.number) and identical(a.text, b.text)
    return bool(a == b)


# --- both ends against the same bytes ---------------------------------------------------------

QUIET_NAN = struct.unpack("<d", bytes.fromhex("000000000000f87f"))[0]
MINUS_NAN = struct.unpack("<d", bytes.fromhex("000000000000f8ff"))[0]

# A value, what Python sends for it, and what Perl sends back where that is something else.
# Perl has one kind of number: an integer that a double holds comes back as a double. It has one
# kind of text: without a character past U+00FF it comes back as bytes. It sorts a hash's keys,
# and never sends D.
TABLE: list[tuple[Any, str, str]] = [
    (None, "n", ""),
    (True, "T", ""),
    (False, "F", ""),
    (0.0, "d 0000000000000000", ""),
    (-0.0, "d 0000000000000080", ""),
    (5e-324, "d 0100000000000000", ""),
    (-5e-324, "d 0100000000000080", ""),
    (2.225073858507201e-308, "d ffffffffffff0f00", ""),
    (2.2250738585072014e-308, "d 0000000000001000", ""),
    (1.0, "d 000000000000f03f", ""),
    (-1.0, "d 000000000000f0bf", ""),
    (0.1, "d 9a9999999999b93f", ""),
    (1.7976931348623157e308, "d ffffffffffffef7f", ""),
    (float("inf"), "d 000000000000f07f", ""),
    (float("-inf"), "d 000000000000f0ff", ""),
    (QUIET_NAN, "d 000000000000f87f", ""),
    (MINUS_NAN, "d 000000000000f8ff", ""),
    (2.0**53 - 1, "d ffffffffffff3f43", ""),
    (2.0**53, "d 0000000000004043", ""),
    (2.0**53 + 2, "d 0100000000004043", ""),
    (-(2.0**53), "d 00000000000040c3", ""),
    (2.0**63 - 1024, "d ffffffffffffdf43", ""),
    (2.0**63, "d 000000000000e043", ""),
    (-(2.0**63), "d 000000000000e0c3", ""),
    (2.0**64 - 2048, "d ffffffffffffef43", ""),
    (2.0**64, "d 000000000000f043", ""),
    (0, "i 0000000000000000", "d 0000000000000000"),
    (1, "i 0100000000000000", "d 000000000000f03f"),
    (-1, "i ffffffffffffffff", "d 000000000000f0bf"),
    (2**53 - 1, "i ffffffffffff1f00", "d ffffffffffff3f43"),
    (-(2**53) + 1, "i 010000000000e0ff", "d ffffffffffff3fc3"),
    (2**53, "i 0000000000002000", ""),
    (-(2**53), "i 000000000000e0ff", ""),
    (2**53 + 1, "i 0100000000002000", ""),
    (-(2**53) - 1, "i ffffffffffffdfff", ""),
    (2**63 - 1, "i ffffffffffffff7f", ""),
    (-(2**63), "i 0000000000000080", ""),
    (2**63, "u 0000000000000080", ""),
    (2**63 + 1, "u 0100000000000080", ""),
    (2**64 - 1, "u ffffffffffffffff", ""),
    ("", "s 00000000", "b 00000000"),
    ("A b", "s 03000000 412062", "b 03000000 412062"),
    ("1.50", "s 04000000 312e3530", "b 04000000 312e3530"),
    ("é", "s 02000000 c3a9", "b 01000000 e9"),
    ("ÿ\x00", "s 03000000 c3bf00", "b 02000000 ff00"),
    ("Ā", "s 02000000 c480", ""),
    ("あ", "s 03000000 e38182", ""),
    ("éあ", "s 05000000 c3a9e38182", ""),
    ("😀", "s 04000000 f09f9880", ""),
    ("\U0010ffff", "s 04000000 f48fbfbf", ""),
    ("\ufffe", "s 03000000 efbfbe", ""),
    ("\ud800", "s 03000000 eda080", ""),
    ("\udfff.", "s 04000000 edbfbf2e", ""),
    (b"", "b 00000000", ""),
    (b"\x00\xff", "b 02000000 00ff", ""),
    (b"\xc3\xa9", "b 02000000 c3a9", ""),
    ([], "l 00000000", ""),
    ([None], "l 01000000 n", ""),
    ([1], "l 01000000 i 0100000000000000", "l 01000000 d 000000000000f03f"),
    (
        [1.0, -0.0],
        "D 02000000 000000000000f03f 0000000000000080",
        "l 02000000 d 000000000000f03f d 0000000000000080",
    ),
    (
        [1.0, None],
        "l 02000000 d 000000000000f03f n",
        "",
    ),
    (
        [[], [[2.0], ["x"]], {}],
        "l 03000000 l 00000000 l 02000000 D 01000000 0000000000000040"
        " l 01000000 s 01000000 78 h 00000000",
        "l 03000000 l 00000000 l 02000000 l 01000000 d 0000000000000040"
        " l 01000000 b 01000000 78 h 00000000",
    ),
    ({}, "h 00000000", ""),
    ({b"k": True}, "h 01000000 b 01000000 6b T", ""),
    (
        {"b": False, "a": {"": [None]}},
        "h 02000000 s 01000000 62 F s 01000000 61 h 01000000 s 00000000 l 01000000 n",
        "h 02000000 b 01000000 61 h 01000000 b 00000000 l 01000000 n b 01000000 62 F",
    ),
    (
        {"é": None, "あ": None},
        "h 02000000 s 02000000 c3a9 n s 03000000 e38182 n",
        "h 02000000 b 01000000 e9 n s 03000000 e38182 n",
    ),
]
IDS = [f"{number}-{text[:24]}" for number, (_, text, _) in enumerate(TABLE)]


@pytest.mark.parametrize(("value", "sent", "back"), TABLE, ids=IDS)
def test_python_sends_and_reads_the_bytes_of_the_table(value: Any, sent: str, back: str) -> None:
    assert codec.encode(value) == raw(sent)
    assert identical(codec.decode(raw(sent)), value)
    if back:
        assert identical(codec.decode(raw(back)), from_perl(value))


OLDER = pytest.mark.parametrize("old", ["", OLD], ids=["told", "guessed"])


@OLDER
def test_perl_reads_and_sends_the_bytes_of_the_table(exe: str, old: str) -> None:
    deep = raw(DEEP * 190 + "n")
    answers = ask(exe, old + START + ECHO, [*(raw(sent) for _, sent, _ in TABLE), deep])
    wanted = [*(raw(back or sent) for _, sent, back in TABLE), deep]
    assert answers == [f"ok {message.hex()}" for message in wanted]


def from_perl(value: Any) -> Any:
    """What comes back from Perl for a value, in words of Python."""
    if isinstance(value, bool | None):
        return value
    if isinstance(value, int):
        return float(value) if abs(value) < 2**53 else value
    if isinstance(value, str):
        return value.encode("latin-1") if all(ord(c) < 256 for c in value) else value
    if isinstance(value, list | tuple):
        return [from_perl(item) for item in value]
    if isinstance(value, dict):
        characters = {k.decode("latin-1") if isinstance(k, bytes) else k: k for k in value}
        return {
            from_perl(characters[c]): from_perl(value[characters[c]]) for c in sorted(characters)
        }
    return value


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


@OLDER
def test_perls_own_values_give_the_bytes_of_the_table(exe: str, old: str) -> None:
    script = EACH % "my $made = eval $_; die $@ if $@; Parity::Worker::encode($made)"
    sources = [source.encode() for source, _, _ in FROM_PERL]
    answers = ask(exe, f"sub Other::sub {{ }} {old}{START}no strict; {script}", sources)
    for (source, sent, guessed), answer in zip(FROM_PERL, answers, strict=True):
        wanted = [f"ok {raw(text).hex()}" for text in (sent, guessed) if text]
        assert answer in wanted, source


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


FILE = r"""
use strict;
use warnings;
use utf8;
use POSIX ();
use File::Basename qw(dirname);
sub same  { return $_[0] }
sub all   { return @_ }
sub is_upgraded { return utf8::is_utf8($_[0]) }
sub code  { return \&same }
sub nameless { return sub { 1 } }
sub größe { return \&größe }
sub 大きさ { return \&大きさ }
sub glob_itself { return *STDOUT }
sub glob_reference { return \*STDOUT }
sub object { return bless {}, 'Some::Class' }
sub pattern { return qr/x/ }
sub scalar_reference { return \"x" }
sub reference_reference { return \\"x" }
sub format_error { return [1, {a => [sub { }, *STDERR]}] }
sub past_unicode { return "a\x{110000}" }
sub key_past_unicode { return {"a\x{110000}" => 1} }
sub warns_past_unicode { warn "a\x{110000}\n"; return 1 }
sub dies_past_unicode { die "a\x{110000}\n" }
sub own_list { my @list = (1); push @list, \@list; return \@list }
sub own_list_twice { my @list; push @list, \@list, \@list; return \@list }
sub deep { my $value = 1; $value = [$value] for 1 .. 2_000; return $value }
sub tree {
    my $root = {children => []};
    push @{$root->{children}}, {parent => $root, number => $_} for 1 .. 3;
    return $root;
}
sub shared { my $row = [1, 2]; return [$row, $row] }
1;
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("perl") / "subs.pl"
    file.write_text(FILE, encoding="utf-8")
    return file


class Live:
    """Live workers, one for each perl and mode, started anew where one has died."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.workers: dict[tuple[str, bool], Perl] = {}

    def perl(self, exe: str, boxed: bool = False) -> Perl:
        perl = self.workers.get((exe, boxed))
        if perl is None or perl._process.poll() is not None:
            if perl:
                perl.close()
            perl = self.workers[exe, boxed] = Perl(exe, self.file, boxed=boxed)
        return perl

    def call(self, exe: str, sub: str, *arguments: Any, boxed: bool = False) -> Any:
        """One call's outcome; a worker that takes longer than two seconds is killed."""
        perl = self.perl(exe, boxed)
        timer = threading.Timer(2, perl._process.kill)
        timer.start()
        try:
            return perl.call(sub, "scalar", "plain", [perl.encode(arguments)])[0]
        except PerlDied:
            perl._process.wait()
            raise
        finally:
            timer.cancel()


@pytest.fixture(scope="module")
def live(file: Path) -> Iterator[Live]:
    workers = Live(file)
    yield workers
    for perl in workers.workers.values():
        perl.close()


@pytest.mark.parametrize("storage", ["plain", "upgraded", "ieee", "native"])
def test_values_come_back_through_a_worker_in_every_storage(
    exe: str, live: Live, storage: str
) -> None:
    perl = live.perl(exe, boxed=storage in ("ieee", "native"))
    cases = [perl.encode([value]) for value, _, _ in TABLE]
    outcomes = perl.call("main::same", "scalar", storage, cases)
    for (value, _, _), outcome in zip(TABLE, outcomes, strict=True):
        assert identical(outcome.value, from_perl(value))
        assert identical(outcome.arguments, [from_perl(value)])
        assert outcome.warnings == ()


def test_texts_go_in_in_the_storage_asked_for(exe: str, live: Live) -> None:
    perl = live.perl(exe)
    cases = [perl.encode(["é"]), perl.encode([b"\xe9"]), perl.encode(["あ"])]
    for storage, wanted in (("plain", [False, False, True]), ("upgraded", [True] * 3)):
        outcomes = perl.call("main::is_upgraded", "scalar", storage, cases)
        assert [bool(outcome.value) for outcome in outcomes] == wanted


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


def test_every_value_survives_perl(exe: str, live: Live) -> None:
    perl = live.perl(exe)

    @given(st.lists(plain_values, min_size=1, max_size=10))
    @settings(max_examples=40)
    def check(values: list[Any]) -> None:
        outcome = perl.call("main::all", "list", "plain", [perl.encode(values)])[0]
        assert identical(outcome.value, from_perl(values))
        assert identical(outcome.arguments, from_perl(values))

    check()


def test_a_message_larger_than_a_pipe_holds(exe: str, live: Live) -> None:
    numbers = [float(n) for n in range(100_000)]
    perl = live.perl(exe)
    outcome = perl.call("main::same", "scalar", "plain", [perl.encode([numbers])])[0]
    assert outcome.value == numbers


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


# --- damage -----------------------------------------------------------------------------------

CASE = [0.5, [1.0, -2.0, 3.0], {"rate": 0.1, "名前": ["あ", b"\x00\xff"]}, None, True]
MESSAGES = [
    codec.encode(value)
    for value in [
        ["load", "/some/where/lesson.pl", "/some/where"],
        ["call", "main::liner", "scalar", "plain", codec.encode(CASE), codec.encode([1.0])],
        [b"outcomes", codec.encode([b"returned", 1.5, [1.0, 2.0], b"", [], False])],
        [b"error", b"main::nothing is not a sub of the loaded file\n"],
        CASE,
        [1.0, -1.0, 2.0, -2.0, 0.0, -0.0, 1e300],
        [[1.0, 2.0], [3.0, 4.0]],
        [[1, 2, 3], [2**53 + 1, 2**63, -5]],
        {"weights": [[0.1, 0.2], [0.3, 0.4]], "biases": [0.0, 1.0], "empty": {}},
        "text of some length, あいうえお, é",
        list(range(20)),
    ]
]
PAYLOAD_DAMAGE = ["bits", "bytes", "cut", "insertion", "deletion", "swap", "repeated slice"]
PAYLOAD_DAMAGE += ["copied slice", "moved slice", "garbage"]
MESSAGE_DAMAGE = [*PAYLOAD_DAMAGE, "head", "length"]
COUNT = 10_000


def damaged(kind: str, chance: random.Random, data: bytes) -> bytes:
    """The data with some damage of a kind."""
    new = bytearray(data)
    size = len(data)
    start = chance.randrange(size)
    stop = start + chance.randint(1, 16)
    place = chance.randint(0, size)
    match kind:
        case "bits":
            for bit in chance.sample(range(8 * size), chance.choice([1, 2, 5])):
                new[bit // 8] ^= 1 << bit % 8
        case "bytes":
            for at in chance.sample(range(size), min(size, chance.choice([1, 2, 8]))):
                new[at] = chance.randrange(256)
        case "cut":
            new = chance.choice([new[:start], new[start + 1 :]])
        case "insertion":
            new[place:place] = chance.randbytes(chance.randint(1, 9))
        case "deletion":
            del new[start:stop]
        case "swap":  # bytes, words or doubles
            width = chance.choice([n for n in (1, 4, 8) if size >= 2 * n])
            a, b = (width * n for n in chance.sample(range(size // width), 2))
            new[a : a + width], new[b : b + width] = new[b : b + width], new[a : a + width]
        case "repeated slice":
            new[start:start] = data[start:stop]
        case "copied slice":
            part = data[start:stop]
            at = chance.randint(0, size - len(part))
            new[at : at + len(part)] = part
        case "moved slice":
            del new[start:stop]
            new[place:place] = data[start:stop]
        case "garbage":
            new[:] = chance.randbytes(chance.randrange(200))
        case "head":
            for at in chance.sample(range(16), chance.randint(1, 4)):
                new[at] = chance.randrange(256)
        case "length":
            length = chance.choice([0, 1, size, 2**30, 2**32 - 1, chance.randrange(2**31)])
            new[:8] = struct.pack("<II", length, length ^ 0xFFFFFFFF)
        case _:
            raise AssertionError(kind)
    return bytes(new)


def damages(kinds: list[str], originals: list[bytes], seed: int) -> list[tuple[str, bytes]]:
    """COUNT damaged messages, each with the kind of its damage."""
    chance = random.Random(seed)
    made: list[tuple[str, bytes]] = []
    while len(made) < COUNT:
        kind, original = kinds[len(made) % len(kinds)], chance.choice(originals)
        data = damaged(kind, chance, original)
        if data != original:
            made.append((kind, data))
    return made


@functools.cache
def damaged_messages() -> list[tuple[str, bytes]]:
    return damages(MESSAGE_DAMAGE, [codec.frame(payload) for payload in MESSAGES], 1)


@functools.cache
def damaged_payloads() -> list[bytes]:
    return [data for _, data in damages(PAYLOAD_DAMAGE, MESSAGES, 2)]


@functools.cache
def perl_on_damaged_messages(exe: str) -> list[str]:
    return ask(exe, START + UNFRAME, [message for _, message in damaged_messages()])


def test_undamaged_messages_pass(exe: str) -> None:
    loose = "sub liner { } " + START + UNFRAME
    frames = [codec.frame(payload) for payload in MESSAGES]
    assert ask(exe, loose, frames) == ["ok 31"] * len(frames)
    assert [codec.unframe(frame) for frame in frames] == MESSAGES


@pytest.mark.parametrize("kind", MESSAGE_DAMAGE)
def test_python_refuses_a_damaged_message(kind: str) -> None:
    missed = []
    for message in (message for name, message in damaged_messages() if name == kind):
        try:
            missed.append(codec.decode(codec.unframe(message)))
        except WireError as error:
            assert str(error).startswith("damaged message: ")
    assert not missed, f"{len(missed)} went unnoticed"


@pytest.mark.parametrize("kind", MESSAGE_DAMAGE)
def test_perl_refuses_a_damaged_message(exe: str, kind: str) -> None:
    pairs = zip(damaged_messages(), perl_on_damaged_messages(exe), strict=True)
    answers = [answer for (name, _), answer in pairs if name == kind]
    missed = [answer for answer in answers if not answer.startswith("error damaged message: ")]
    assert not missed, f"{len(missed)} went unnoticed"


def well_formed(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(well_formed, value))
    if isinstance(value, dict):
        return all(isinstance(k, str | bytes) and well_formed(v) for k, v in value.items())
    scalar = None | bool | int | float | str | bytes | Dual | Function | Uncrossable
    return isinstance(value, scalar)


def test_python_survives_damage_under_right_sums() -> None:
    refused = 0
    payloads = damaged_payloads()
    tracemalloc.start()
    for payload in payloads:
        try:
            assert well_formed(codec.decode(codec.unframe(codec.frame(payload))))
        except WireError as error:
            assert str(error).startswith("damaged message: ")
            refused += 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20
    assert 0 < refused < COUNT


def test_perl_survives_damage_under_right_sums(exe: str) -> None:
    answers = ask(exe, START + ECHO, damaged_payloads())
    refused = [answer for answer in answers if not answer.startswith("ok ")]
    clear = r"error (damaged message: |.* is not a sub of the loaded file)"
    assert [answer for answer in refused if not re.match(clear, answer)] == []
    assert 0 < len(refused) < COUNT
    for answer in answers:
        if answer.startswith("ok "):
            assert well_formed(codec.decode(bytes.fromhex(answer[3:])))


DEEP = "l 01000000 "
CUT = "it ends in the middle of a value"
NO_KEY = "a key that is not text"
NO_UTF_8 = "its text is not UTF-8"
BROKEN = {
    "nothing": ("", CUT),
    "unknown letter": ("z", "unknown letter"),
    "half a double": ("d 00000000", CUT),
    "half a size": ("b 0000", CUT),
    "text cut short": ("b 05000000 61", CUT),
    "more than a message holds": ("b ffffffff 61", CUT),
    "list cut short": ("l 02000000 n", CUT),
    "a list of 2**32 - 1": ("l ffffffff n n", CUT),
    "doubles cut short": ("D 02000000 0000000000000000", CUT),
    "2**32 - 1 doubles": ("D ffffffff 0000000000000000", CUT),
    "a hash of 2**32 - 1": ("h ffffffff b 00000000 n", f"{CUT}|{NO_KEY}"),
    "key without value": ("h 01000000 b 00000000", CUT),
    "left over": ("n n", "1 bytes are left over"),
    "key undef": ("h 01000000 n n", NO_KEY),
    "key a list": ("h 01000000 l 00000000 n", NO_KEY),
    "key a number": ("h 01000000 d 000000000000f03f n", NO_KEY),
    "key a bool": ("h 01000000 T n", NO_KEY),
    "key twice": ("h 02000000 b 01000000 61 n b 01000000 61 T", "a key that is there twice"),
    "key twice, as s and b": (
        "h 02000000 s 02000000 c3a9 n b 01000000 e9 T",
        "a key that is there twice",
    ),
    "lone continuation byte": ("s 01000000 80", NO_UTF_8),
    "latin-1 as UTF-8": ("s 01000000 e9", NO_UTF_8),
    "overlong": ("s 02000000 c080", NO_UTF_8),
    "past U+10FFFF": ("s 04000000 f4908080", NO_UTF_8),
    "cut character": ("s 02000000 e381", NO_UTF_8),
    "nested 211 deep": (DEEP * 211 + "n", "it is nested too deeply"),
    "nested 20,000 deep": (DEEP * 20_000 + "n", "it is nested too deeply"),
}


def test_both_ends_refuse_what_is_no_value(exe: str) -> None:
    answers = ask(exe, START + ECHO, [raw(text) for text, _ in BROKEN.values()])
    for (name, (text, why)), answer in zip(BROKEN.items(), answers, strict=True):
        assert re.match(f"error damaged message: ({why})", answer), name
        with pytest.raises(WireError, match=f"damaged message: ({why})"):
            codec.decode(raw(text))


@pytest.mark.parametrize(
    "text",
    [
        "w T b 00000000",
        "w b 00000000 b 00000000",
        "w d 0000000000000000 n",
        "w d 0000000000000000",
        "h 01000000 f 00000000 n",
        "x 02000000 61",
    ],
)
def test_python_refuses_a_broken_value_of_perls(text: str) -> None:
    with pytest.raises(WireError, match="damaged message: "):
        codec.decode(raw(text))


def test_perl_refuses_what_only_perl_sends(exe: str) -> None:
    for answer in ask(exe, START + ECHO, [raw("w T b 00000000"), raw("x 00000000")]):
        assert answer.startswith("error damaged message: unknown letter")


# --- damage on a live pipe --------------------------------------------------------------------


@pytest.fixture
def worker(exe: str, file: Path) -> Iterator[Perl]:
    """A worker of its own, killed if a test takes longer than five seconds."""
    with Perl(exe, file) as perl:
        timer = threading.Timer(5, perl._process.kill)
        timer.start()
        yield perl
        timer.cancel()


def end_of_requests(perl: Perl) -> int:
    """Close the pipe; the exit status that follows."""
    os.close(perl._requests)
    perl._requests = os.open(os.devnull, os.O_WRONLY)  # `close` closes it again
    return perl._process.wait()


@pytest.mark.parametrize("place", [8, 12, 16, 30, -1])
def test_a_worker_answers_a_damaged_frame(worker: Perl, place: int) -> None:
    request = ["call", "main::same", "scalar", "plain", worker.encode([1.5])]
    message = bytearray(codec.frame(codec.encode(request)))
    message[place] ^= 0x10
    os.write(worker._requests, message)
    assert worker._read() == [b"error", b"damaged message: the check sum does not fit\n"]
    outcome = worker.call("main::same", "scalar", "plain", [worker.encode([1.5])])[0]
    assert outcome.value == 1.5  # it goes on working


def test_a_worker_answers_a_damaged_length(worker: Perl) -> None:
    os.write(worker._requests, bytes(16))
    assert worker._read() == [b"error", b"damaged message: its length is not credible\n"]
    assert end_of_requests(worker) == 0


@pytest.mark.parametrize("kept", [0, 1, 15, 16, 17, 40, -1])
def test_a_worker_ends_after_a_truncated_frame(worker: Perl, kept: int) -> None:
    request = ["call", "main::same", "scalar", "plain", worker.encode([1.5])]
    os.write(worker._requests, codec.frame(codec.encode(request))[:kept])
    assert end_of_requests(worker) == 0
    if kept:
        answer = worker._read()
        assert answer[0] == b"error"
        assert answer[1].startswith(b"damaged message: ")


@pytest.mark.parametrize("value", [None, 1.0, "load", {}, [], [None], [["load"]], ["shout"]])
def test_a_worker_answers_a_request_that_is_none(worker: Perl, value: Any) -> None:
    os.write(worker._requests, codec.frame(codec.encode(value)))
    assert worker._read()[0] == b"error"
    assert end_of_requests(worker) == 0


# --- values that cannot cross -----------------------------------------------------------------


def nested(depth: int) -> Any:
    value: Any = 1.0
    for _ in range(depth):
        value = [value]
    return value


def circular() -> Any:
    value: list[Any] = [1.0]
    value += [value, value]
    return value


REFUSED = {
    "object": (object(), "a value of type object"),
    "set": ({1.0}, "a value of type set"),
    "complex": (1j, "a value of type complex"),
    "array": (np.zeros(2), "a value of type ndarray"),
    "function": (len, "a value of type builtin_function_or_method"),
    "range": (range(3), "a value of type range"),
    "2**64": (2**64, "the integer 18446744073709551616, which needs more than 64 bits,"),
    "-2**63 - 1": (
        -(2**63) - 1,
        "the integer -9223372036854775809, which needs more than 64 bits,",
    ),
    "int key": ({1: 2.0}, "a dict key of type int (keys are text)"),
    "None key": ({None: 2.0}, "a dict key of type NoneType (keys are text)"),
    "tuple key": ({("a",): 2.0}, "a dict key of type tuple (keys are text)"),
}
WRAPPED: dict[str, Callable[[Any], Any]] = {
    "": lambda value: value,
    "[0]": lambda value: [value],
    "[1][2]": lambda value: [1.0, (2.0, 3.0, value)],
    "a": lambda value: {"b": 1.0, "a": value},
    "a.b[1]": lambda value: {"a": {"b": [0.0, value, 0.0]}},
    "[0].a": lambda value: [{"a": value}],
}


@pytest.mark.parametrize("path", WRAPPED)
@pytest.mark.parametrize(("value", "what"), REFUSED.values(), ids=REFUSED.keys())
def test_a_value_that_cannot_cross_is_named_with_its_place(
    value: Any, what: str, path: str
) -> None:
    with pytest.raises(WireError) as caught:
        codec.encode(WRAPPED[path](value))
    assert str(caught.value) == f"{what} cannot cross to Perl{path and f' at {path}'}"


def test_deep_values(exe: str, live: Live) -> None:
    for value in (nested(210), circular()):
        with pytest.raises(WireError, match="nested more than 200 deep cannot cross"):
            codec.encode(value)
    assert codec.decode(codec.encode(nested(190))) == nested(190)
    assert live.call(exe, "main::same", nested(190)).value == nested(190)


def test_two_keys_that_are_one_in_perl_are_refused() -> None:
    with pytest.raises(WireError, match="key"):
        codec.encode({"a": 1.0, b"a": 2.0})


FROM_SUBS: dict[str, Any] = {
    "code": Function("main::same"),
    "nameless": Function("main::__ANON__"),
    "größe": Function("main::größe"),
    "大きさ": Function("main::大きさ"),
    "glob_itself": Uncrossable("GLOB"),
    "glob_reference": Uncrossable("GLOB reference"),
    "object": Uncrossable("object of class Some::Class"),
    "pattern": Uncrossable("object of class Regexp"),
    "scalar_reference": Uncrossable("SCALAR reference"),
    "reference_reference": Uncrossable("REF reference"),
    "format_error": [1.0, {b"a": [Function("main::__ANON__"), Uncrossable("GLOB")]}],
    "past_unicode": Uncrossable("text with a character past U+10FFFF"),
    "key_past_unicode": Uncrossable("text with a character past U+10FFFF"),
    "dies_past_unicode": Uncrossable("text with a character past U+10FFFF"),
    "shared": [[1.0, 2.0], [1.0, 2.0]],
}


@pytest.mark.parametrize(("sub", "value"), FROM_SUBS.items(), ids=FROM_SUBS.keys())
def test_perls_other_values_come_as_what_they_are(
    exe: str, live: Live, sub: str, value: Any
) -> None:
    assert identical(live.call(exe, f"main::{sub}").value, value)


@pytest.mark.parametrize("sub", ["own_list", "own_list_twice", "tree", "deep"])
def test_a_value_without_an_end_comes_with_one(exe: str, live: Live, sub: str) -> None:
    value = live.call(exe, f"main::{sub}").value
    while isinstance(value, list | dict):
        value = list(value.values())[-1] if isinstance(value, dict) else value[-1]
    assert isinstance(value, Uncrossable)
    why = "is nested too deeply" if sub == "deep" else "leads back to itself"
    assert value.type == f"reference that {why}"


def test_a_warning_past_unicode_does_not_stop_the_call(exe: str, live: Live) -> None:
    outcome = live.call(exe, "main::warns_past_unicode")
    assert (outcome.value, len(outcome.warnings)) == (1.0, 1)


def test_a_function_with_a_name_past_ascii_can_be_an_argument(exe: str, file: Path) -> None:
    names = {len: "main::größe", abs: "main::大きさ"}.get
    with Perl(exe, file, names=names) as perl:
        outcomes = perl.call("main::all", "list", "plain", [perl.encode([len]), perl.encode([abs])])
    wanted = [[Function("main::größe")], [Function("main::大きさ")]]
    assert [outcome.value for outcome in outcomes] == wanted


# --- what the Perl end loads and calls --------------------------------------------------------

# The modules of Debian's perl-base, the Perl that every Debian has.
PERL_BASE = set(
    """
AutoLoader Carp Carp/Heavy Config Cwd DynaLoader Errno Exporter Exporter/Heavy Fcntl
File/Basename File/Glob File/Path File/Spec File/Spec/Unix File/Temp FileHandle Getopt/Long
Hash/Util IO IO/File IO/Handle IO/Pipe IO/Seekable IO/Select IO/Socket IO/Socket/INET IO/Socket/IP
IO/Socket/UNIX IPC/Open2 IPC/Open3 List/Util POSIX Scalar/Util SelectSaver Socket Symbol
Text/ParseWords Text/Tabs Text/Wrap Tie/Hash XSLoader attributes base builtin bytes constant
feature fields integer lib locale overload overloading parent re strict utf8 vars warnings
warnings/register
""".split()  # noqa: SIM905
)


@pytest.mark.parametrize("boxed", [False, True], ids=["plain", "boxed"])
def test_the_perl_end_loads_only_what_perl_base_holds(exe: str, boxed: bool) -> None:
    more = "Parity::Worker::load_part('ieee_box'); Parity::Box::wrap_posix(); " if boxed else ""
    script = f'require "{WORKER}"; Parity::Worker::load_part("columns"); {more}'
    script += 'print join "\\n", grep { !m{/parity/perl/} } keys %INC'
    done = subprocess.run(
        [*command(exe), "-e", script], capture_output=True, text=True, check=True, timeout=30
    )
    loaded = set(done.stdout.split("\n"))
    assert "strict.pm" in loaded
    assert ("POSIX.pm" in loaded) == boxed
    assert loaded - {f"{name}.pm" for name in PERL_BASE} == set()


# The file imports dirname and loads POSIX; what those define is not the file's own.
NOT_ITS_OWN = [
    "POSIX::_exit",
    "POSIX::floor",
    "CORE::exit",
    "CORE::GLOBAL::exit",
    "Parity::Worker::load",
    "Parity::Worker::paired_sub",
    "Parity::Box::box",
    "main::Parity::Worker::load",
    "main::dirname",
    "File::Basename::dirname",
    "Scalar::Util::blessed",
    "UNIVERSAL::isa",
    "Internals::SvREADONLY",
    "utf8::encode",
    "main::none",
    "main::main",
    "none::none",
    "",
    "same",
    "::same",
    "main::",
    "main'same",
    "main::same\n",
    "main::same()",
    "main::same; exit",
    "&main::same",
    "*main::same",
    "exit",
    "system",
    "`id`",
    "main::été",
    "\x00",
    "main::\ud800",
]


@pytest.mark.parametrize("boxed", [False, True], ids=["plain", "boxed"])
@pytest.mark.parametrize("name", NOT_ITS_OWN)
def test_only_subs_of_the_loaded_file_can_be_called(
    exe: str, live: Live, name: str, boxed: bool
) -> None:
    why = None if "\n" in name else "is not a sub of the loaded file"
    with pytest.raises(CannotRun, match=why):
        live.call(exe, name, 7.0, boxed=boxed)
    assert live.call(exe, "main::same", 1.5, boxed=boxed).value == 1.5


@pytest.mark.parametrize("name", ["POSIX::_exit", "CORE::exit", "Parity::Worker::load", "", "exit"])
def test_only_subs_of_the_loaded_file_can_be_arguments(exe: str, file: Path, name: str) -> None:
    with (
        Perl(exe, file, names=lambda function: name) as perl,
        pytest.raises(CannotRun, match="is not a sub of the loaded file"),
    ):
        perl.call("main::same", "scalar", "plain", [perl.encode([len])])
