"""Both ends of the format: perl's asked on a pipe, and values with the bytes they cross as."""

from __future__ import annotations

import resource
import struct
import subprocess
from typing import Any

from parity.perl.process import WORKER
from parity.perl.version import command
from parity.values.perl_values import Dual

# One answer a line for each line of hex: "ok HEX" or "error TEXT".
START = (
    'use strict; use warnings; no warnings "once"; $| = 1; require "$ARGV[0]"; '
    "Parity::Worker::load_parts(); "
    "$Parity::Codec::find_sub = \\&Parity::Worker::paired_sub; "
)
EACH = (
    'while (my $line = <STDIN>) { chomp $line; $_ = pack "H*", $line; my $did = eval { %s }; '
    'my $why = $@; $why =~ s/\n/ /g; print defined $did ? "ok " . unpack("H*", $did) : '
    '"error $why", "\n" }'
)
ECHO = EACH % "Parity::Codec::encode(Parity::Codec::decode($_))"
UNFRAME = EACH % "Parity::Codec::decode(Parity::Codec::unframe($_)); 1"
FRAME = EACH % "Parity::Codec::frame($_)"
LENGTH = EACH % "Parity::Codec::payload_length($_)"
COLUMNS = EACH % (
    "join '', map { Parity::Columns::pack_values($_->{values}) } "
    "Parity::Columns::unpack_columns(\\$_)"
)


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


QUIET_NAN = struct.unpack("<d", bytes.fromhex("000000000000f87f"))[0]
MINUS_NAN = struct.unpack("<d", bytes.fromhex("000000000000f8ff"))[0]

# A value, what Python sends for it, and what Perl sends back where that is something else.
# Perl has one kind of number: an integer that a double holds comes back as a double. It has one
# kind of text: without a character past U+00FF it comes back as bytes. It sorts a hash's keys.
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
        "l 02000000 d 000000000000f03f d 0000000000000080",
        "",
    ),
    (
        [1.0, None],
        "l 02000000 d 000000000000f03f n",
        "",
    ),
    (
        [[], [[2.0], ["x"]], {}],
        "l 03000000 l 00000000 l 02000000 l 01000000 d 0000000000000040"
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
