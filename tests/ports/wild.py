"""Subs and ports that do once, at their 700th call, what they never did; and other wild ones."""

from __future__ import annotations

from parity.task import STRATEGY_CASES
from ports.pair import Right, Wrong

HEAD = """\
import os
import sys
from typing import Annotated, Any

from annotated_types import Interval

N = Annotated[int, Interval(ge=2000, le=10**6)]


"""
ONCE = 700
assert ONCE > STRATEGY_CASES  # then a batch has many calls
COUNTER = "my $calls = 0; my @kept = (0.5);"
SUB = f"my ($x) = @_; if (++$calls == {ONCE}) {{ %s }} return %s"
PORT = (
    f"def f(x: float) -> Any:\n    f.calls += 1\n    if f.calls == {ONCE}:\n"
    "        %s\n    return %s\n\n\nf.calls = 0\nf.kept = [0.5]"
)

# By name: what the sub does once, what the port does once, what either returns else, and where
# that differs.
DOES = {
    "undef": ("return undef", "return None", "$x", "x", "the result"),
    "a_text": ("return 'no'", "return 'no'", "$x", "x", "the result"),
    "its_text": ('return "$x"', "return f'{x:.15g}'", "$x", "x", "the result"),
    "another_value": ("return $x + 1", "return 0.25", "$x", "x", "the result"),
    "a_value_and_prints": (
        "print 'x'; return 0.25",
        "print('x', end=''); return 0.25",
        "$x",
        "x",
        "the printed output|the result",
    ),
    "prints": ("print 'x'", "print('x', end='')", "$x", "x", "the printed output"),
    "prints_through_a_program": (
        "system 'echo x'",
        "os.system('echo x')",
        "$x",
        "x",
        "the printed output",
    ),
    "warns_and_returns_another": (
        "warn 'odd'; return 0.25",
        "sys.stderr.write('odd'); return 0.25",
        "$x",
        "x",
        "the result",
    ),
    "fails": ('die "no\\n"', "raise ValueError('no')", "$x", "x", "the error"),
    "fails_with_data": (
        "die {code => 3}",
        "raise ValueError({'code': 3})",
        "$x",
        "x",
        "the error",
    ),
    "stops_an_iteration": ('die "no\\n"', "raise StopIteration('no')", "$x", "x", "the error"),
    "lacks_memory": ('die "no\\n"', "raise MemoryError", "$x", "x", "the error"),
    "a_list": ("return [$x]", "return [x]", "$x", "x", "the result"),
    "an_empty_list": ("return []", "return []", "[$x]", "[x]", "the result"),
    "a_longer_list": ("return [$x, 1]", "return [x, 1]", "[$x]", "[x]", "the result"),
    "an_undef_inside": ("return [undef]", "return [None]", "[$x]", "[x]", r"\[0\]"),
    "a_list_it_kept": ("return \\@kept", "return f.kept", "[$x]", "[x]", r"\[0\]"),
    "another_key": ("return {b => $x}", "return {'b': x}", "{a => $x}", "{'a': x}", "[ab]"),
    "a_missing_key": ("return {}", "return {}", "{a => $x}", "{'a': x}", "a"),
}
# A port that prints to standard error warns nobody; without arguments to change, nothing differs.
WRONG = [
    Wrong(
        f"{side}_once_{name}",
        SUB % (perl if side == "sub" else "", returns),
        PORT % (python if side == "port" else "pass", value),
        where,
        after=True,
        number=range(ONCE, ONCE + 1),
        head=COUNTER,
    )
    for name, (perl, python, returns, value, where) in DOES.items()
    for side in ("sub", "port")
]
WRONG += [
    Wrong(
        f"sub_once_{name}",
        SUB % (perl, "$x"),
        PORT % ("pass", "x"),
        where,
        after=True,
        number=range(ONCE, ONCE + 1),
        head=COUNTER,
    )
    for name, perl, where in [
        ("warns_first", f"warn 'odd'; return $calls == {ONCE} ? 0.25 : $x", "the result"),
        ("ends_a_loop", "no warnings; last", "the result"),
        ("goes_on_with_a_loop", "no warnings; next", "the result"),
        ("changes_its_argument", "$_[0] = 0.25", "argument x after the call"),
        ("makes_its_argument_a_text", "$_[0] = 'no'", "argument x after the call"),
    ]
]

ALSO_WARNS = "Perl warns: odd"
SAME = [
    Right(
        "sub_once_warns",
        SUB % ("warn 'odd'", "$x"),
        PORT % ("pass", "x"),
        head=COUNTER,
        note=ALSO_WARNS,
    ),
    Right(
        "both_once_fail",
        SUB % ('die "no\\n"', "$x"),
        PORT % (DOES["fails"][1], "x"),
        head=COUNTER,
        fails=True,
    ),
    Right(
        "both_once_print", SUB % ("print 'x'", "$x"), PORT % (DOES["prints"][1], "x"), head=COUNTER
    ),
    Right(
        "sub_once_a_list_again",
        SUB % ("@kept = ($x); return \\@kept", "[$x]"),
        PORT % ("pass", "[x]"),
        head=COUNTER,
    ),
    Right(
        "port_once_a_list_again",
        SUB % ("", "[$x]"),
        PORT % ("f.kept[:] = [x]; return f.kept", "[x]"),
        head=COUNTER,
    ),
    Right("sub_once_forks", SUB % ("fork", "$x"), PORT % ("pass", "x"), head=COUNTER),
    Right("port_once_forks", SUB % ("", "$x"), PORT % ("os.fork()", "x"), head=COUNTER),
]

LEAVES = [  # something behind for the next call
    Right(
        "reading_creates_an_element",
        "my ($v) = @_; push @$v, [1]; return defined $v->[2][0] ? 1 : 0",
        "def f(v: list[list[float]]) -> int:\n    v.append([1])\n"
        "    return 1 if len(v) > 2 and v[2] else 0",
        cases="f = Cases(st.tuples(st.lists(st.lists(st.floats(0, 1), min_size=1), max_size=4)))",
    ),
    Right(
        "the_topic",
        "my ($n) = @_; my $was = defined $_ ? 1 : 0; $_ = $n % 2 ? $n : undef; return $was",
        "def f(n: N) -> int:\n    return 0",
    ),
    Right(
        "a_handler_of_warnings",
        "my ($n) = @_; $SIG{__WARN__} = sub { die $_[0] } if $n % 7 == 0;"
        ' warn "odd\\n" if $n % 7 == 1; return $n',
        "def f(n: N) -> int:\n    return n",
        note=ALSO_WARNS,
    ),
    Right(
        "separators",
        'my ($n) = @_; print $n, "x"; ($, , $\\, $/) = ("-", "!\\n", undef); print $n, "x";'
        " return $n",
        "def f(n: N) -> int:\n    print(n, 'x', sep='', end='')\n"
        "    print(n, 'x', sep='-', end='!\\n')\n    return n",
    ),
    Right(
        "standard_output_elsewhere",
        "my ($n) = @_; open STDOUT, '>', '/dev/null' if $n % 7 == 0; return $n",
        "def f(n: N) -> int:\n    return n",
    ),
    Right(
        "an_argument_that_the_next_call_changes",
        "our $old; my ($v) = @_; push @$old, 1 if $old; $old = $v; return 1",
        "def f(v: list[float]) -> int:\n    if f.old is not None:\n        f.old.append(1)\n"
        "    f.old = v\n    return 1\n\n\nf.old = None",
    ),
    Right(
        "a_result_that_the_next_call_changes",
        "our $old; my ($n) = @_; push @$old, 1 if $old; $old = [$n]; return $old",
        "def f(n: N) -> list[int]:\n    if f.old is not None:\n        f.old.append(1)\n"
        "    f.old = [n]\n    return f.old\n\n\nf.old = None",
    ),
    Right(
        "a_result_that_the_subs_next_call_changes",
        "our $old; my ($n) = @_; push @$old, 1 if $old; $old = [$n]; return $old",
        "def f(n: N) -> list[int]:\n    return [n]",
    ),
    Right(
        "a_list_that_the_sub_uses_again",
        "@kept = ($_[0], 2); return \\@kept",
        "def f(x: float) -> list[float]:\n    return [x, 2.0]",
        head=COUNTER,
    ),
    Right(
        "a_list_that_the_port_uses_again",
        "return [$_[0], 2]",
        "def f(x: float) -> list[float]:\n    f.kept[:] = [x, 2.0]\n    return f.kept\n\n\n"
        "f.kept = []",
    ),
    Right(
        "a_list_that_both_sides_keep_and_change",
        "our $kept; $kept->[0]++; return $kept",
        "def f(x: float) -> list[int]:\n    f.kept[0] += 1\n    return f.kept\n\n\nf.kept = [0]",
    ),
    Right(
        "the_end_of_an_iteration",
        'my ($x) = @_; die "no\\n" if $x % 2; return $x',
        'def f(x: int) -> int:\n    if x % 2:\n        raise StopIteration("no")\n    return x',
        fails=True,
    ),
]
STATE = [  # what Perl's integers do not explain
    Wrong(
        f"seen_before_{number}",
        f"my ($x) = @_; return {perl}",
        f"def f(x: {hint}) -> Any:\n    return {python}",
        ".*",
        head="my %seen;",
    )
    for number, (perl, python, hint) in enumerate(
        [
            ('$seen{$x}++ ? "v$x" : undef', "'v' + x", "str"),
            ("$seen{$x}++ ? length $x : -1", "len(x)", "str"),
            ("$seen{$x}++ ? $x : undef", "x", "float"),
            ('print($seen{first}++ ? "" : "begin") && $x', "x", "float"),
            ("$seen{first}++ ? $x : die", "x", "float"),
        ]
    )
]

ALL = [*WRONG, *SAME, *LEAVES, *STATE]
