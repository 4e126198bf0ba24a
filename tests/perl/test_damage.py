"""Damage: neither end takes a damaged message for a value."""

from __future__ import annotations

import functools
import random
import re
import struct
import tracemalloc
from typing import Any

import pytest
from both_ends import ECHO, START, UNFRAME, ask, raw

from parity.perl import codec
from parity.perl.codec import WireError
from parity.values.perl_values import Dual, Function, Uncrossable

CASE = [0.5, [1.0, -2.0, 3.0], {"rate": 0.1, "名前": ["あ", b"\x00\xff"]}, None, True]
MESSAGES = [
    codec.encode(value)
    for value in [
        ["load", "/some/where/lesson.pl", "/some/where"],
        ["call", "main::liner", "scalar", None, 2, 34, "plain", "upgraded"],
        [b"outcomes", {b"failed": [[3.0, b"no"]], b"changed": [0.0], b"length": 17.0}],
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
            for at in chance.sample(range(codec.HEAD.size), chance.randint(1, 4)):
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
