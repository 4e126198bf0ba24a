"""Ports that differ where next to no input reaches, and right ones with such places."""

from __future__ import annotations

import re

from parity.task import STRATEGY_CASES
from parity.values import columns
from ports.pair import Right, Wrong

BRANCHES = [  # a branch that next to no random input takes
    Wrong(
        "at_one_float",
        "my ($x) = @_; return $x == 12.5 ? 1 : 0",
        "def f(x: float) -> int:\n    return 0",
        input=[12.5],
        sides=(1, 0),
    ),
    Wrong(
        "at_one_integer",
        "my ($n) = @_; return $n == 42 ? 1 : 0",
        "def f(n: int) -> int:\n    return 0",
        input=[42],
        sides=(1, 0),
    ),
    Wrong(
        "just_above_a_bound",
        "my ($x) = @_; return $x > 0.7 ? 1 : 0",
        "def f(x: float) -> int:\n    return int(x >= 0.7)",
        input=[0.7],
        sides=(0, 1),
    ),
    Wrong(
        "at_one_text",
        'my ($t) = @_; return $t eq "0" ? 1 : 0',
        "def f(t: str) -> int:\n    return 0",
        input=["0"],
        sides=(1, 0),
    ),
    Wrong(
        "default_by_truth",
        "my ($t) = @_; return $t || 'none'",
        "def f(t: str) -> str:\n    return t or 'none'",
        input=["0"],
        sides=("none", "0"),
    ),
    Wrong(
        "at_one_length",
        "my ($v) = @_; return @$v == 17 ? 1 : 0",
        "def f(v: list[float]) -> int:\n    return 0",
        input=[[0.0] * 17],
        sides=(1, 0),
    ),
    Wrong(
        "far_out",
        "my ($x) = @_; return $x > 1e300 ? 1 : 0",
        "def f(x: float) -> int:\n    return 0",
        sides=(1, 0),
    ),
    Wrong(
        "at_one_float_in_a_list",
        "my ($v) = @_; my $n = 0; for (@$v) { $n++ if $_ == -3.25 } return $n",
        "def f(v: list[float]) -> int:\n    return 0",
        sides=(1, 0),
    ),
    Wrong(
        "at_one_text_of_an_option",
        "my ($x, $t) = @_; return ($t // '') eq 'fast' ? 2 * $x : $x",
        "def f(x: float, t: str | None = None) -> float:\n    return x",
    ),
]

TEXTS = [  # texts of a form that stands in the sources, or with something in it more than once
    Wrong(
        "runs_of_spaces",
        "my ($t) = @_; $t =~ s/ +/ /g; return $t",
        "def f(t: str) -> str:\n    return t.replace('  ', ' ')",
    ),
    Wrong(
        "runs_of_any_letter",
        "my ($t) = @_; my $n = 0; while ($t =~ /((.)\\2*)/gs) { $n = length $1 if length $1 > $n }"
        " return $n",
        "def f(t: str) -> int:\n    n = same = 0\n    for i, letter in enumerate(t):\n"
        "        same = same + 1 if i and letter == t[i - 1] else 1\n        n = max(n, same)\n"
        "    return min(n, 4)",
    ),
    Wrong(
        "a_key_and_its_value",
        "my ($t) = @_; return $t =~ /^(\\w+)\\s*=\\s*(.*?)\\s*\\z/as ? $2 : undef",
        "import re\n\n\ndef f(t: str) -> str | None:\n"
        "    found = re.match(r'(\\w+)\\s*=\\s*(.*)', t, re.A | re.S)\n"
        "    return found and found[2]",
    ),
    Wrong(
        "a_form_of_digits",
        "my ($t) = @_; return $t =~ /^[0-9]{4}-([0-9]{2})-[0-9]{2}\\z/ ? $1 + 0 : -1",
        "def f(t: str) -> int:\n    return -1",
    ),
    Wrong(
        "a_class_of_characters",
        "my ($t) = @_; return $t =~ m{^0x[0-9a-f]+\\z}i ? 1 : 0",
        "import re\n\n\ndef f(t: str) -> int:\n"
        "    return int(re.match(r'0x[0-9a-f]+\\Z', t) is not None)",
    ),
]

SELDOM = [*BRANCHES, *TEXTS]

# --- one in a thousand cases ------------------------------------------------------------------

RARELY = 1009  # of so many integers, about one has a given remainder
LATER = range(STRATEGY_CASES + 1, 10**9)  # none of the cases that strategies draw
HEAD = """\
import re
from typing import Annotated, Any

from annotated_types import Interval

N = Annotated[int, Interval(ge=2000, le=10**6)]


def fail() -> int:
    raise ValueError('no')


"""
PERL_SEPARATOR = "".join(f"\\x{byte:02x}" for byte in columns.MARK)
INTEGERS = (
    "f = Cases(st.tuples(st.integers(4, 500)),"
    " arrays=lambda chance, n: (chance.integers(0, 10**6, n),))"
)


def sub(body: str) -> str:
    return f"my ($x) = @_; my $n = $x % {RARELY}; {body}"


def port(body: str, result: str) -> str:
    return f"def f(x: int) -> {result}:\n    n = x % {RARELY}\n    {body}\n\n\nf.buf = []"


# In each, sub and port differ where $n is 3 only.
DIFFERS = {
    "value": ("return $n == 3 ? 1.25 : $n * 0.5", "return n * 0.5", "the result"),
    "text for a number": ("return $n == 3 ? '1.5' : $n * 0.5", "return n * 0.5", "the result"),
    "undef": ("return $n == 3 ? undef : $n * 0.5", "return n * 0.5", "the result"),
    "a list": ("return [$n, $n == 3 ? 4 : 5]", "return [n, 5]", "[1]"),
    "its length": ("return $n == 3 ? [1] : [1, 1]", "return [1, 1]", "the result"),
    "an undef inside": ("return [$n == 3 ? undef : 1, undef]", "return [1, None]", "[0]"),
    "an item of many lists": ("return [[1], [$n == 3 ? 2 : 1]]", "return [[1], [1]]", "[1][0]"),
    "a letter": ("return $n == 3 ? 'ab' : 'aa'", "return 'aa'", "the result"),
    "a wide letter": ('return $n == 3 ? "\\x{e9}" : "e"', "return 'e'", "the result"),
    "a letter as bytes": (
        'return $n == 3 ? "\\x{c3}\\x{a9}" : "\\x{e9}"',
        "return 'é'",
        "the result",
    ),
    "what separates texts": (
        f'return $n == 3 ? "a{PERL_SEPARATOR}b" : "a"',
        "return 'a'",
        "the result",
    ),
    "what separates texts, elsewhere": (
        f'return $n == 3 ? ["a{PERL_SEPARATOR}b", "c"] : ["a", "b{PERL_SEPARATOR}c"]',
        f"return ['a', 'b' + {columns.SEPARATOR!r} + 'c']",
        "[0]",
    ),
    "many keys": (
        "return {map { $_ => $n == 3 && $_ == 9 ? 1 : 0 } 0 .. 19}",
        "return dict.fromkeys(map(str, range(20)), 0)",
        "{'9'}",
    ),
    "a key": ("return $n == 3 ? {a => 1} : {b => 1}", "return {'b': 1}", "b"),
    "a key for an undef": (
        "return $n == 3 ? {a => 1} : {b => 1}",
        "return {'b': None if n == 3 else 1}",
        "b",
    ),
    "a hash's value": ("return {a => $n == 3 ? 1 : 2}", "return {'a': 2}", "a"),
    "an error": ('die "no\\n" if $n == 3; return 1', "return 1", "the error"),
    "what is printed": ('print "x" if $n == 3; return 1', "return 1", "the printed output"),
    "a list that is used again": (
        "our @buf = ($n == 3 ? -1 : $x); return \\@buf",
        "f.buf[:] = [x]; return f.buf",
        "[0]",
    ),
    "the largest integer": (
        "return $n == 3 ? ~0 : 1",
        "return 2.0**64 if n == 3 else 1.0",
        "the result",
    ),
    "an argument that becomes its text": (
        "$_[0] .= '' if $n == 3; return 1",
        "return 1",
        "argument x after the call",
    ),
    "the end of a loop that is not there": (
        "no warnings; last if $n == 3; return 1",
        "return 1",
        "the result",
    ),
    "what an error says": (
        "die $n == 3 ? qq(a\n) : qq(b\n) if $n & 1; return 1",
        "if n % 2 == 1:\n        raise ValueError('b')\n    return 1",
        "the error",
    ),
    "a truth": ("return $n != 3", "return True", "the result"),
    "the sign of 0": ("return $n == 3 ? -0.0 : 0.0", "return 0.0", "the result"),
    "a digit past 2**53": (
        "return $n == 3 ? 9007199254740993 : 9007199254740992",
        "return 9007199254740992.0",
        "the result",
    ),
}
HINTS = {"a list": "list[int]", "its length": "list[int]", "a truth": "bool"}

# Sub, port, and what the port is hinted to return.
SAME = [
    ("return $n * 0.5", "return n * 0.5", "float"),
    ("return $n == 3", "return n == 3", "bool"),
    ("return {$n => [$n]}", "return {str(n): [n]}", "dict[str, list[int]]"),
    ("return 'a' x ($n % 5)", "return 'a' * (n % 5)", "str"),
    ("return ($n, 'x')", "return (n, 'x')", "tuple[int, str]"),
    ("print 'x' if $n == 3", "print('x', end='') if n == 3 else 0", "None"),
    ('die "no\\n" if $n == 3; return 1', "return 1 if n != 3 else fail()", "int"),
    ("warn 'careful' if $n == 3; return 1", "return 1", "int"),
    ("return $n == 3 ? undef : $n", "return None if n == 3 else n", "int | None"),
    ("return $n == 3 ? !!0 : 'a'", "return '' if n == 3 else 'a'", "str"),
    ("my $left = $_; $_ = 5; return defined $left ? 1 : 0", "return 0", "int"),
    ("no warnings; next if $n == 3; return 1", "return None if n == 3 else 1", "int | None"),
    (
        "my $p = $n == 3 ? '' : 'x'; return 'ab' =~ /$p/ ? 1 : 0",
        "return 1 if n == 3 else 0",
        "int",
    ),
    (
        "if ($n == 3) { eval { die 1 } } return $@ ? 1 : 0",
        "return 1 if n == 3 else 0",
        "int",
    ),
    ('return "\\x{e9}\\x{3042}$n"', "return f'é\\u3042{n}'", "str"),
    (f'return "{PERL_SEPARATOR}$n"', f"return {columns.SEPARATOR!r} + str(n)", "str"),
    (
        "our $calls++; return $calls",
        "f.calls = getattr(f, 'calls', 0) + 1\n    return f.calls",
        "int",
    ),
]

BY_REMAINDER = [
    *(
        Wrong(
            name.replace(" ", "_").replace("'", ""),
            sub(perl),
            port(python, HINTS.get(name, "Any")),
            re.escape(where),
            input=lambda x: x % RARELY == 3,
            cases=INTEGERS,
            number=LATER,
        )
        for name, (perl, python, where) in DIFFERS.items()
    ),
    *(
        Right(
            f"same_{number}",
            sub(perl),
            port(python, result),
            cases=INTEGERS,
            fails="die" in perl and "eval" not in perl,
            note="Perl warns: careful" if "careful" in perl else "",
        )
        for number, (perl, python, result) in enumerate(SAME)
    ),
]

# What strategies draw does not count up to the calls from which they differ.
LATE = f"++$calls > {2 * STRATEGY_CASES}"
COUNTER = "my $calls = 0;"


def after_many_calls(name: str, hint: str, perl: str, where: str = "the result") -> Wrong:
    """A sub that needs many calls, and does so seldom even then."""
    body = f"my ($x) = @_; {perl}"
    python = f"def f(x: {hint}) -> int:\n    return 0"
    return Wrong(name, body, python, where, after=True, number=LATER, head=COUNTER)


ARGUMENTS = [
    after_many_calls(f"an_argument_of_{name}", hint, f"return {LATE} && {condition} ? 1 : 0")
    for name, hint, condition in [
        ("text", "str", "length($x) == 7 && ord($x) % 3 == 1"),
        ("number", "float", "abs($x) > 12.5 && abs($x) < 12.75"),
        ("list", "list[float]", "@$x == 7 && $x->[3] > 10 && $x->[3] < 16"),
        ("bounds", "Annotated[float, Interval(gt=0, lt=1)]", "$x > 0.5 && $x < 0.502"),
        ("hash", "dict[str, str]", "keys(%$x) == 3"),
    ]
]
IN_PLACE = [
    *(
        after_many_calls(
            f"changed_in_place_{number}",
            f"list[{hint}]",
            f"if ({LATE}) {{ for (@$x) {{ {change} }} }} return 0",
            r"argument x\[\d+\] after the call",
        )
        for number, (hint, change) in enumerate(
            [
                ("int", "$_ += 0.5 if $_ > 0"),
                ("int", "$_ &= ~0 if $_ < 0"),
                ("float", "$_ |= 1 if $_ > 2**60 && $_ < 2**62"),
            ]
        )
    ),
    *(
        Wrong(
            f"first_item_{number}",
            f"my ($x) = @_; $x->[0] = {perl} if {LATE} && @$x == 7; return 1",
            f"def f(x: list[float]) -> int:\n    f.calls += 1\n"
            f"    if f.calls > {2 * STRATEGY_CASES} and len(x) == 7:\n        x[0] = {python}\n"
            "    return 1\n\n\nf.calls = 0",
            r"argument x\[0\] after the call",
            after=True,
            number=LATER,
            head=COUNTER,
        )
        for number, (perl, python) in enumerate(
            [
                ("'0.5'", "x[0]"),
                ("$x->[0] / 2 - 1", "x[0]"),
                ("abs($x->[0]) < 100 && $x->[0] == int $x->[0] ? $x->[0] . '' : $x->[0]", "x[0]"),
                ("$x->[0]", "-x[0]"),
                ("$x->[0]", "str(x[0]) if abs(x[0]) < 100 and x[0] == int(x[0]) else x[0]"),
            ]
        )
    ),
]

SEVENTH = f"$n % {RARELY} == 7"
FLAGS = "f = Cases(st.tuples(st.integers(2000, 10**6), st.lists(st.booleans(), min_size=2)))"
EFFECTS = [
    Wrong(f"effect_{number}", f"my ($n, $v) = @_; {perl}", python, where, "", None, None, cases)
    for number, (perl, python, where, cases) in enumerate(
        [
            (
                f"$_[0] = 0 if {SEVENTH}; return;",
                "def f(n: N) -> None:\n    return None",
                "argument n after the call",
                "",
            ),
            (
                f"$_[0] = 0 if {SEVENTH}; return (1, 2);",
                "def f(n: N) -> tuple[int, int]:\n    return 1, 2",
                "argument n after the call",
                "",
            ),
            (
                f"$_[2] = 0 if {SEVENTH}; return 1;",
                "def f(n: N, x: float, y: float) -> int:\n    return 1",
                "argument y after the call",
                "",
            ),
            (
                f'if ({SEVENTH}) {{ $_[0] = 0; die "no\\n" }} return;',
                "def f(n: N) -> None:\n    if n % 1009 == 7:\n        raise ValueError('no')",
                "argument n after the call",
                "",
            ),
            (
                f"for ({SEVENTH} ? @$v : ()) {{ $_ = undef if !$_ }} return 1",
                "def f(n: N, v: list[bool]) -> int:\n    return 1",
                r"argument v\[\d\] after the call",
                FLAGS,
            ),
            (
                f"for ({SEVENTH} ? @$v : ()) {{ $_ = 'yes' if $_ }} return 1",
                "def f(n: N, v: list[Any]) -> int:\n    return 1",
                r"argument v\[\d\] after the call",
                FLAGS,
            ),
            (
                f'select STDERR if $n % 101 == 50; print "hello" if {SEVENTH}; return 1',
                "def f(n: N) -> int:\n    return 1",
                "the printed output",
                "",
            ),
        ]
    )
]

FORMS = [
    Wrong(
        "amounts_of_money",
        "my ($x) = @_; return int($x * 100 + 0.5) / 100",
        "def f(x: Annotated[float, Interval(ge=0, le=100_000)]) -> float:\n"
        "    return round(x * 100) / 100",
    ),
    Wrong(
        "times_of_the_day",
        "my ($x) = @_; return $x !~ /^([0-9][0-9]):([0-9][0-9])$/ ? 0"
        " : $1 > 23 || $2 > 59 ? -1 : $1 < 12 ? 1 : 2",
        "def f(x: str) -> float:\n"
        "    if not re.fullmatch('[0-9][0-9]:[0-9][0-9]\\n?', x):\n        return 0\n"
        "    hours, minutes = int(x[:2]), int(x[3:])\n"
        "    return -1 if hours > 23 or minutes > 59 else 1 if hours <= 12 else 2",
    ),
]

# The wrong result is mended by the next call, while the batch is still under way.
MENDED = [
    Wrong(
        f"mended_after_call_{number}",
        "my ($x) = @_; return [$x]",
        "def f(x: float) -> list[float]:\n    f.calls += 1\n    if f.wrong:\n"
        "        f.wrong.pop()[0] = f.right\n"
        f"    if f.calls != {number}:\n        return [x]\n"
        "    f.right = x\n    f.wrong.append([12345.0])\n    return f.wrong[0]\n\n\n"
        "f.calls, f.wrong = 0, []",
        r"\[0\]",
        after=True,
        number=range(number, number + 1),
    )
    for number in (10,)
]

HINTED = [
    Wrong(
        f"no_{name}_as_hinted",
        f"return {perl}",
        f"def f(x: float) -> {result}:\n    f.calls += 1\n"
        f"    return {first} if f.calls < {2 * STRATEGY_CASES} else {then}\n\n\nf.calls = 0",
        after=True,
        number=LATER,
    )
    for name, perl, result, first, then in [
        ("truth", "'yes'", "bool", "True", "1"),
        ("tuple", "(0.5, 1.5)", "tuple[float, float]", "(0.5, 1.5)", "[0.5, 1.5]"),
    ]
]

ALL = [*BY_REMAINDER, *ARGUMENTS, *IN_PLACE, *EFFECTS, *FORMS, *HINTED, *MENDED]
