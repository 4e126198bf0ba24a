"""Ports that are right, in ways that a comparison can stumble over: none may be called wrong."""

from __future__ import annotations

import functools
import itertools
import math
import random
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, Project, Run

from parity.perl.codec import same_double
from parity.perl.process import Perl

HEAD = """\
import math
from collections.abc import Callable
from typing import Annotated, Any, Literal


def g(x: float) -> float:
    return x - 1


def h(x: float) -> float:
    return x / 3


"""
SUBS = "sub g { return $_[0] - 1 }\nsub h { return $_[0] / 3 }\n"


@dataclass(frozen=True)
class Right:
    """A sub f and a port f that is right.

    explained: whether Perl's integers come between in some case. head: Perl above the sub.
    returning: whether at least one case has to return. cases: what the cases file says.
    """

    name: str
    perl: str
    python: str
    explained: bool = False
    head: str = ""
    cases: str = ""


BY_INTEGERS = [  # whole values past 2**53, and zeros: Perl calculates these in integers
    Right(
        "past_2_53",
        "my ($x) = @_; return 3 * $x + 2",
        "def f(x: float) -> float:\n    return 3 * x + 2",
        True,
        cases="f = Cases(st.tuples(st.integers(2**51, 2**53 - 1).map(float)))",
    ),
    Right(
        "times_zero",
        "my ($x) = @_; return $x * 0",
        "def f(x: float) -> float:\n    return x * 0",
        True,
    ),
    Right(
        "zero_minus",
        "my ($x) = @_; return -(0 - $x) * 5",
        "def f(x: float) -> float:\n    return -(0 - x) * 5",
        True,
    ),
    Right(
        "sum_of_negative_zeros",
        "my ($x, $y) = @_; return $x + $y",
        "def f(x: float, y: float) -> float:\n    return x + y",
        True,
        cases="f = Cases(st.tuples(*[st.sampled_from([-0.0, 0.0, 1.5])] * 2))",
    ),
    Right(
        "accumulated_in_place",
        "my ($v) = @_; $v->[$_] += $v->[$_ - 1] for 1 .. $#$v; return $v->[-1]",
        "def f(v: list[float]) -> float | None:\n    for i in range(1, len(v)):\n"
        "        v[i] += v[i - 1]\n    return v[-1] if v else None",
        True,
        cases="f = Cases(st.tuples(st.lists(st.integers(2**52, 2**60).map(float))),"
        " examples=[([7834995744370157.0] * 3,)])",
    ),
    Right(
        "sum_of_exponentials",
        "my ($v) = @_; my $s = 0; $s += exp $_ for @$v; return $s",
        "def f(v: list[float]) -> float:\n    s = 0.0\n    for x in v:\n"
        "        s += math.exp(x)\n    return s",
        True,
        cases="f = Cases(st.tuples(st.lists(st.floats(36, 43), min_size=3, max_size=9)))",
    ),
    Right(
        "compared_after_a_sum",
        "my ($x, $y) = @_; return $x + $y > 9007199254740992 ? 'more' : 'same'",
        "def f(x: float, y: float) -> str:\n    return 'more' if x + y > 2**53 else 'same'",
        True,
        cases="f = Cases(st.tuples(st.just(2.0**53 - 1), st.sampled_from([1.0, 2.0, 3.0])))",
    ),
    Right(
        "printed_sum",
        'my ($x, $y) = @_; print $x + $y, "\\n"; return',
        "def f(x: float, y: float) -> None:\n    print(f'{x + y:.15g}')",
        True,
        cases="f = Cases(st.tuples(st.just(2.0**53 - 1), st.sampled_from([1.0, 2.0])))",
    ),
    Right(
        "dot_product",
        "my ($v, $w) = @_; my $s = 0; $s += $v->[$_] * $w->[$_] for 0 .. $#$v; return $s",
        "def f(v: list[float], w: list[float]) -> float:\n    s = 0.0\n"
        "    for i in range(len(v)):\n        s += v[i] * w[i]\n    return s",
        True,
        cases="n = st.lists(st.integers(0, 2**28).map(float), min_size=4, max_size=4)\n"
        "f = Cases(st.tuples(n, n))",
    ),
]

LARGE = "f = Cases(st.tuples(st.lists(st.integers(2**50, 2**53 - 1).map(float), min_size=2)))"
BY_INTEGERS += [  # a box has to get through all that a number gets through
    Right(
        "assigned_and_counted_up",
        "my ($v) = @_; my $x = $v->[0]; $x *= 7; $x++; $x -= $v->[1]; $x += 2; $x--; return $x",
        "def f(v: list[float]) -> float:\n    return v[0] * 7 + 1 - v[1] + 2 - 1",
        True,
        cases=LARGE,
    ),
    Right(
        "sorted_and_compared",
        "my ($v) = @_; my @w = sort { $b <=> $a } map { $_ * 3 + 1 } @$v;"
        " return [@w[0 .. 1], $w[0] == $w[1] ? 'tie' : 'order', max(@w) - $w[-1]]",
        "def f(v: list[float]) -> list[Any]:\n"
        "    w = sorted((x * 3 + 1 for x in v), reverse=True)\n"
        "    return [*w[:2], 'tie' if w[0] == w[1] else 'order', max(w) - w[-1]]",
        True,
        head="use List::Util qw(max);",
        cases=LARGE,
    ),
    Right(
        "formatted",
        "my ($v) = @_; my $s = $v->[0] * 5 + $v->[1]; return sprintf('%.3e', $s) . ($s ? $s : '')",
        "def f(v: list[float]) -> str:\n    s = v[0] * 5 + v[1]\n    return f'{s:.3e}{s:.15g}'",
        True,
        cases=LARGE,
    ),
    Right(
        "through_posix",
        "my ($v) = @_; my $x = floor($v->[0] / 3) * 9 + 1; return fmod($x, 1e6) + abs(-$x - 2)",
        "def f(v: list[float]) -> float:\n    x = math.floor(v[0] / 3) * 9.0 + 1\n"
        "    return math.fmod(x, 1e6) + abs(-x - 2)",
        True,
        head="use POSIX qw(floor fmod);",
        cases=LARGE,
    ),
    Right(
        "as_index_and_key",
        "my ($v) = @_; my %h; my $k = $v->[0] * 0; for my $i (0 .. $k + 1)"
        " { $h{$i * 1.5} = $v->[$i] + $k } return [$h{0} * -0.0, $h{1.5} * 9 + 1]",
        "def f(v: list[float]) -> list[float]:\n    return [v[0] * -0.0, v[1] * 9 + 1]",
        True,
        cases=LARGE,
    ),
]

NUMBERS = [
    Right(
        "guarded_sigmoid",
        "my ($x) = @_; my $e = $x < -709 ? 9**9**9 : exp(-$x); return 1 / (1 + $e)",
        "def f(x: float) -> float:\n    e = math.inf if x < -709 else math.exp(-x)\n"
        "    return 1 / (1 + e)",
        cases="f = Cases(st.tuples(st.floats(-1e4, 1e4)), examples=[(-1000.0,), (1000.0,)])",
    ),
    Right(
        "integers",
        "my ($m, $n) = @_; return ($m * 31 + $n) % 1000003",
        "def f(m: int, n: int) -> int:\n    return (m * 31 + n) % 1000003",
        cases="f = Cases(st.tuples(*[st.integers(-(2**40), 2**40)] * 2))",
    ),
    Right(
        "integer_hash",
        "my ($v) = @_; my $h = 5381; $h = ($h * 33 ^ $_) & 0xffffffff for @$v; return $h",
        "def f(v: list[int]) -> int:\n    h = 5381\n    for x in v:\n"
        "        h = (h * 33 ^ x) & 0xFFFFFFFF\n    return h",
        cases="f = Cases(st.tuples(st.lists(st.integers(0, 2**32))))",
    ),
    Right(
        "hash_over_floats",
        "my ($v) = @_; my $h = 5381; $h = ($h * 33 + int $_) & 0xffffffff for @$v; return $h",
        "def f(v: list[float]) -> int:\n    h = 5381\n    for x in v:\n"
        "        h = (h * 33 + int(x)) & 0xFFFFFFFF\n    return h",
        cases="f = Cases(st.tuples(st.lists(st.floats(0, 1e6))))",
    ),
    Right(
        "unsigned",
        "my ($n) = @_; return 9223372036854775807 + $n",
        "def f(n: int) -> int:\n    return 9223372036854775807 + n",
        cases="f = Cases(st.tuples(st.integers(0, 2**62)))",
    ),
    Right(
        "every_double_comes_back",
        "my ($v) = @_; return [@$v]",
        "def f(v: list[float]) -> list[float]:\n    return list(v)",
    ),
    Right(
        "used_as_text",
        'my ($x) = @_; my $t = "$x"; my $n = length $t; return $x',
        "def f(x: float) -> float:\n    return x",
    ),
    Right(
        "text_of_a_number",
        'my ($x) = @_; return "$x"',
        "def f(x: float) -> str:\n    t = f'{x:.15g}'\n"
        "    return {'nan': 'NaN', 'inf': 'Inf', '-inf': '-Inf'}.get(t, t)",
        cases="f = Cases(st.tuples(st.floats(1e-3, 1e3)))",
    ),
    Right(
        "true_as_a_number",
        "my ($x) = @_; return $x * ($x > 0)",
        "def f(x: float) -> float:\n    return x * (x > 0)",
        True,
    ),
    Right(
        "counts_as_true",
        "my ($x) = @_; return [$x > 0, !($x > 0)]",
        "def f(x: float) -> list[int]:\n    return [int(x > 0), int(not x > 0)]",
    ),
    Right(
        "bool",
        "my ($x) = @_; return $x > 0",
        "def f(x: float) -> bool:\n    return x > 0",
    ),
    Right(
        "bool_for_one_and_zero",
        "my ($x) = @_; return $x > 0 ? 1 : 0",
        "def f(x: float) -> bool:\n    return x > 0",
    ),
    Right(
        "truth_of_text",
        "my ($t) = @_; return $t",
        "def f(t: str) -> bool:\n    return t not in ('', '0')",
    ),
]

TEXTS = [
    Right(
        "captures",
        'my ($n) = @_; my ($a, $b) = "$n:7" =~ /\\A(-?\\d+):(\\d+)/; return [$a, $b]',
        "def f(n: int) -> list[str]:\n    return [str(n), '7']",
    ),
    Right(
        "keys_are_text",
        "my ($h) = @_; return [sort keys %$h]",
        "def f(h: dict[str, int]) -> list[str]:\n    return sorted(h)",
        cases="f = Cases(st.tuples(st.dictionaries(st.text('ab1\\xe9\\u3042'), st.just(1))))",
    ),
    Right(
        "characters",
        "my ($t) = @_; return [length $t, scalar reverse($t), $t . chr 0x3042]",
        "def f(t: str) -> list[Any]:\n    return [len(t), t[::-1], t + '\\u3042']",
    ),
    Right(
        "latin_1",
        "my ($t) = @_; return $t . chr 233",
        "def f(t: str) -> str:\n    return t + 'é'",
        cases="f = Cases(st.tuples(st.text('aé\\xff')), examples=[('é',)])",
    ),
    Right(
        "bytes",
        "my ($b) = @_; return substr($b, 0, 2) . chr 255",
        "def f(b: bytes) -> bytes:\n    return b[:2] + b'\\xff'",
    ),
    Right(
        "code_points",
        "my ($t) = @_; return [map { ord } split //, $t]",
        "def f(t: str) -> list[int]:\n    return [ord(c) for c in t]",
    ),
    Right(
        "text_zero",
        "my ($t) = @_; return $t || 'none'",
        "def f(t: str) -> str:\n    return t if t not in ('', '0') else 'none'",
    ),
    Right(
        "declared_text_numbers",
        'my ($n) = @_; return join "", $n',
        "def f(n: int) -> int:\n    return n",
        cases="f = Cases(text_numbers=True)",
    ),
]

FAILURES = [
    Right(
        "message_without_newline",
        'my ($x) = @_; die "no $x" if $x == 3; return $x',
        "def f(x: float) -> float:\n    if x == 3:\n        raise ValueError('no 3')\n    return x",
    ),
    Right(
        "message_with_newline",
        'my ($x) = @_; die "no\\n" if $x == 3; return $x',
        "def f(x: float) -> float:\n    if x == 3:\n        raise RuntimeError('no')\n    return x",
    ),
    Right(
        "croak",
        'my ($x) = @_; croak("no at all") if $x == 3; return $x',
        "def f(x: float) -> float:\n    if x == 3:\n        raise ValueError('no at all')\n"
        "    return x",
        head="use Carp qw(croak);",
    ),
    Right(
        "confess",
        'my ($x) = @_; Carp::confess("no at all") if $x == 3; return $x',
        "def f(x: float) -> float:\n    if x == 3:\n        raise ValueError('no at all')\n"
        "    return x",
        head="use Carp;",
    ),
    Right(
        "message_with_a_place_in_it",
        'my ($x) = @_; die "stuck at step 3 at line 4" if $x == 3; return $x',
        "def f(x: float) -> float:\n    if x == 3:\n"
        "        raise ValueError('stuck at step 3 at line 4')\n    return x",
    ),
    Right(
        "dies_with_a_hash",
        "my ($x) = @_; die { code => $x, text => 'no' } if $x == 3; return $x",
        "def f(x: float) -> float:\n    if x == 3:\n"
        "        raise ValueError({'code': 3, 'text': 'no'})\n    return x",
    ),
    Right(
        "dies_with_an_object",
        "my ($x) = @_; die bless({}, 'My::TooBig') if $x == 3; return $x",
        "class TooBig(Exception):\n    pass\n\n\ndef f(x: float) -> float:\n    if x == 3:\n"
        "        raise TooBig\n    return x",
    ),
    Right(
        "key_error",
        'my ($t) = @_; die "foo\\n" if $t eq "foo"; return $t',
        "def f(t: str) -> str:\n    return {}[t] if t == 'foo' else t",
    ),
    Right(
        "division_by_zero",
        "my ($x, $y) = @_; return $x / $y",
        "def f(x: float, y: float) -> float:\n    return x / y",
    ),
    Right(
        "modulus_zero",
        "my ($m, $n) = @_; return $m % $n",
        "def f(m: int, n: int) -> int:\n    return m % n",
        cases="f = Cases(st.tuples(*[st.integers(-99, 99)] * 2), examples=[(1, 0)])",
    ),
    Right(
        "log",
        "my ($x) = @_; return log $x",
        "def f(x: float) -> float:\n    return math.log(x)",
    ),
    Right(
        "sqrt",
        "my ($x) = @_; return sqrt $x",
        "def f(x: float) -> float:\n    return math.sqrt(x)",
    ),
    Right(
        "caught_inside",
        "my ($x) = @_; my $y = eval { 1 / $x }; return defined $y ? $y : -1",
        "def f(x: float) -> float:\n    try:\n        return 1 / x\n"
        "    except ZeroDivisionError:\n        return -1",
    ),
    Right(
        "changed_before_both_fail",
        'my ($v) = @_; push @$v, 1.5; die "no\\n" if @$v > 3; return scalar @$v',
        "def f(v: list[float]) -> int:\n    v.append(1.5)\n    if len(v) > 3:\n"
        "        raise ValueError('no')\n    return len(v)",
    ),
]

EFFECTS = [
    Right(
        "changed_in_place",
        "my ($v, $h) = @_; $_ /= 3 for @$v; $h->{n} = @$v; delete $h->{a}; return",
        "def f(v: list[float], h: dict[str, int]) -> None:\n    for i in range(len(v)):\n"
        "        v[i] /= 3\n    h['n'] = len(v)\n    h.pop('a', None)",
    ),
    Right(
        "changed_by_the_next_call",
        "my ($v) = @_; $last->[0] = 0.5 if @$last; $last = $v; return scalar @$v",
        "def f(v: list[float]) -> int:\n    if f.last:\n        f.last[0] = 0.5\n"
        "    f.last = v\n    return len(v)\n\n\nf.last = []",
        head="my $last = [];\n",
    ),
    Right(
        "printed",
        'my ($x) = @_; print "x = $x\\n"; printf "%.3f|%5d\\n", $x, 7; return $x',
        "def f(x: float) -> float:\n    print(f'x = {x:.15g}')\n    print(f'{x:.3f}|{7:5d}')\n"
        "    return x",
        cases="f = Cases(st.tuples(st.floats(1e-3, 1e3)))",
    ),
    Right(
        "printed_character",
        'my ($x) = @_; print chr(233), "\\n"; return $x',
        "def f(x: float) -> float:\n    print('é')\n    return x",
    ),
    Right(
        "printed_in_pieces",
        'my ($v) = @_; local ($, , $\\) = ("-", "!"); print @$v; return',
        "def f(v: list[int]) -> None:\n    print(*v, sep='-', end='!')",
    ),
    Right(
        "vivified",
        "my ($h) = @_; return $h->{a}{b}",
        "def f(h: dict[str, dict[str, int]]) -> int | None:\n    return h.get('a', {}).get('b')",
    ),
    Right(
        "loop_result_is_void",
        "my ($v) = @_; for my $x (@$v) { $x *= 0.5 }",
        "def f(v: list[float]) -> None:\n    for i in range(len(v)):\n        v[i] *= 0.5",
    ),
    Right(
        "list_or_none",
        "my ($v) = @_; return if !@$v; return @$v",
        "def f(v: list[float]) -> tuple[float, ...] | None:\n    return tuple(v) or None",
    ),
    Right(
        "empty_tuple",
        "my ($v) = @_; return @$v",
        "def f(v: list[float]) -> tuple[float, ...]:\n    return tuple(v)",
    ),
    Right(
        "several_results",
        "my ($x) = @_; return ($x / 3, [$x], { x => $x })",
        "def f(x: float) -> tuple[float, list[float], dict[str, float]]:\n"
        "    return x / 3, [x], {'x': x}",
    ),
    Right(
        "undef",
        "my ($x) = @_; return if $x > 0; return $x",
        "def f(x: float) -> float | None:\n    return None if x > 0 else x",
    ),
    Right(
        "keys_in_any_order",
        "my ($x) = @_; return { map { (chr(97 + $_) => $x / ($_ + 1)) } reverse 0 .. 9 }",
        "def f(x: float) -> dict[str, float]:\n"
        "    return {chr(97 + i): x / (i + 1) for i in range(10)}",
    ),
    Right(
        "nested",
        "my ($x) = @_; return { a => [{ b => [[$x], []] }, undef], '' => {}, 'c d' => '1' }",
        "def f(x: float) -> Any:\n    return {'c d': '1', '': {}, 'a': ({'b': [(x,), []]}, None)}",
    ),
    Right(
        "shared_list",
        "my ($v) = @_; return [$v, $v]",
        "def f(v: list[float]) -> list[list[float]]:\n    return [v, v]",
    ),
]

SIGNATURES = [
    Right(
        "defaults",
        "my ($x, $y, $t) = @_; $y = 2 if @_ < 2; $t = 'z' if @_ < 3; return [$x / $y, $t]",
        "def f(x: float, y: float = 2, t: str = 'z') -> list[Any]:\n    return [x / y, t]",
    ),
    Right(
        "rest",
        "my ($x, @rest) = @_; $x /= $_ || 1 for @rest; return [$x, scalar @rest]",
        "def f(x: float, *rest: float) -> list[float]:\n    for y in rest:\n"
        "        x /= y or 1\n    return [x, len(rest)]",
    ),
    Right(
        "no_arguments",
        "return 0.1 + 0.2",
        "def f() -> float:\n    return 0.1 + 0.2",
    ),
    Right(
        "function",
        "my ($function, $x) = @_; return $function->($x) / 7",
        "def f(function: Callable[[float], float], x: float) -> float:\n    return function(x) / 7",
    ),
    Right(
        "returned_function",
        "my ($x) = @_; return $x > 0 ? \\&g : \\&h",
        "def f(x: float) -> Callable[[float], float]:\n    return g if x > 0 else h",
    ),
    Right(
        "optional",
        "my ($x) = @_; return defined $x ? $x / 3 : 'none'",
        "def f(x: float | None) -> float | str:\n    return x / 3 if x is not None else 'none'",
    ),
    Right(
        "literal",
        "my ($t) = @_; return { up => 1, down => -1 }->{$t}",
        "def f(t: Literal['up', 'down']) -> int:\n    return {'up': 1, 'down': -1}[t]",
    ),
    Right(
        "matrix",
        "my ($m) = @_; my @s = map { my $s = 0; $s += $_ / 3 for @$_; $s } @$m; return \\@s",
        "def f(m: list[list[float]]) -> list[float]:\n    sums = []\n    for row in m:\n"
        "        s = 0.0\n        for x in row:\n            s += x / 3\n"
        "        sums.append(s)\n    return sums",
        cases="f = Cases(st.tuples(st.lists(st.lists(st.floats(-9, 9)))), examples=[([[-0.0]],)])",
    ),
    Right(
        "package",
        "my ($x) = @_; return helper($x)",
        "def f(x: float) -> float:\n    return x / 9",
        head="package My::Module;\nsub helper { return $_[0] / 9 }",
    ),
    Right(
        "package_of_the_same_helper",
        "my ($x) = @_; return helper($x)",
        "def f(x: float) -> float:\n    return x / 11",
        head="sub helper { return $_[0] / 11 }",
    ),
    Right(
        "requires_a_sibling",
        "my ($x) = @_; return Shared::third($x)",
        "from shared_port import third\n\n\ndef f(x: float) -> float:\n    return third(x)",
        head="require 'shared.pl';",
    ),
    Right(
        "requires_by_its_place",
        "my ($x) = @_; return Shared::third($x)",
        "from shared_port import third\n\n\ndef f(x: float) -> float:\n    return third(x)",
        head="use File::Basename qw(dirname);\nrequire(dirname(__FILE__) . '/shared.pl');",
    ),
    Right(
        "state_in_the_file",
        "my ($x) = @_; return $x / $divisor",
        "DIVISOR = 13\n\n\ndef f(x: float) -> float:\n    return x / DIVISOR",
        head="my $divisor = 13;",
    ),
    Right(
        "prototype_and_attribute",
        "return $_[0] / 3",
        "def f(x: float) -> float:\n    return x / 3",
        head="sub twice($);",
    ),
]

ALL = [*BY_INTEGERS, *NUMBERS, *TEXTS, *FAILURES, *EFFECTS, *SIGNATURES]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """All of them in one run with a perl."""

    @functools.cache
    def judge(exe: str, *options: str) -> Run:
        project = Project(tmp_path_factory.mktemp("right"), exe)
        for right in ALL:
            perl = f"{right.head}\n{SUBS}sub f {{ {right.perl} }}"
            project.pair(perl, f"{HEAD}{right.python}\n", right.name)
            if right.cases:
                project.file(f"cases/{right.name}.py", f"{CASES}{right.cases}\n")
        project.file("perl/shared.pl", "package Shared;\nsub third { return $_[0] / 3 }\n1;\n")
        text = "def third(x: float) -> float:\n    return x / 3\n"
        project.file("port/shared_port.py", text)
        return project.run(*(options or ["*.f"]), cases=200)

    return judge


@pytest.mark.parametrize("right", ALL, ids=lambda right: right.name)
def test_it_is_identical(judge: Callable[..., Run], exe: str, right: Right) -> None:
    pair = judge(exe).pair(f"{right.name}.f")
    assert pair["verdict"] == "identical", pair
    assert pair["cases"] > pair["failed"]
    assert (pair["explained"] > 0) == right.explained, pair
    if right in FAILURES and right.name != "caught_inside":
        assert pair["failed"] > 0


def test_the_run_holds(judge: Callable[..., Run], exe: str) -> None:
    run = judge(exe)
    assert run.status == 0, run.out
    assert len(run.report["pairs"]) == len(ALL)


def test_strict_excuses_nothing(judge: Callable[..., Run], exe: str) -> None:
    excused = ["past_2_53.f", "times_zero.f", "vivified.f"]
    strict = judge(exe, "--strict", *excused, "integers.f", "changed_in_place.f")
    assert strict.status == 1
    assert len(strict.report["pairs"]) == 5
    found = {pair["name"] for pair in strict.report["pairs"] if pair["verdict"] != "identical"}
    assert found == set(excused)


@pytest.mark.parametrize("name", ["times_zero", "vivified"])
def test_a_strict_difference_can_be_reproduced(project: Project, name: str) -> None:
    right = next(right for right in ALL if right.name == name)
    project.pair(f"sub f {{ {right.perl} }}", f"{HEAD}{right.python}\n")
    line = project.run("--strict", cases=100).pair("unit.f")["reproduce"]
    done = project.parity(*shlex.split(line)[1:])
    assert done.status == 1 and "unit.f differs" in done.out


def test_the_worst_explained_case_is_shown(judge: Callable[..., Run], exe: str) -> None:
    run = judge(exe)
    assert "worst explained case: " in run.out
    worst = run.pair("past_2_53.f")["worst_explained"]
    assert 0 < worst["distance"] < 2**-50
    assert worst["perl"] != worst["python"]


def test_what_reading_created_is_noted(judge: Callable[..., Run], exe: str) -> None:
    assert any("reading creates" in note for note in judge(exe).pair("vivified.f")["notes"])


@pytest.mark.parametrize("package", [False, True], ids=["folder", "package"])
def test_files_named_like_modules(project: Project, package: bool) -> None:
    """The port's files may be called like modules that parity, or they themselves, import."""
    folders = ["", "sub/"] if package else [""]
    names = []
    for folder in folders:
        if package:
            project.file(f"port/{folder}__init__.py", "")
        for module in ("random", "statistics", "json", "types", "math", "numpy"):
            project.pair(
                "sub ninth { return sqrt($_[0] * $_[0]) / 9 }",
                "import math\n\n\ndef ninth(x: float) -> float:\n    return math.sqrt(x * x) / 9\n",
                folder + module,
            )
            names.append(f"{folder.replace('/', '.')}{module}.ninth")
    run = project.run(cases=20)
    assert run.status == 0, run.out
    assert sorted(pair["name"] for pair in run.report["pairs"]) == sorted(names)


# --- numbers in boxes ---------------------------------------------------------------------------

# Every operation on every pair of the operands, then chains of three and five: one call evaluates
# thousands of operations, each of which Python does as well.
CHAINS = """
    my ($values, $signs) = @_;
    my @results;
    for my $x (@$values) {
        for my $y (@$values) {
            for my $z (@$signs) {
                push @results, $x + $y * $z, $x - $y * -$z, ($x - $y) * $z - $x,
                    -($x * $y + $z) * $x, (($x + $y) * $z - $y) * $x + $z;
                push @results, (-$x / $y + $z) * $y if $y != 0;
            }
        }
    }
    return \\@results;
"""
OPERATIONS = 2 + 3 + 3 + 4 + 5
NASTY = [0.0, -0.0, 1.0, -1.0, 3.0, -7.0, 0.1, 5e-324, -5e-324, 2.2250738585072014e-308, 1e-17]
NASTY += [2.0**31, 2.0**32 + 1, 2.0**52 + 0.5, 2.0**53 - 1, 2.0**53, -(2.0**53) - 2, 2.0**60 + 256]
NASTY += [2.0**63, -(2.0**63), 2.0**63 - 1024, 2.0**64, -(2.0**64), 1e19, 123456789.0 * 2**20]
NASTY += [1e308, -1.7976931348623157e308, math.inf, -math.inf, math.nan, 94906267.0, -3037000500.0]
THIRD = [0.0, -0.0, 1.0, -3.0, 2.0**53 + 2, -(2.0**62), 0.3, 1e300, 5e-324, -math.inf]


def chains(values: list[float], signs: list[float]) -> list[float]:
    """CHAINS in Python's floats."""
    results = []
    for x, y, z in itertools.product(values, values, signs):
        results += [x + y * z, x - y * -z, (x - y) * z - x]
        results += [-(x * y + z) * x, ((x + y) * z - y) * x + z]
        if y != 0:
            results.append((-x / y + z) * y)
    return results


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "chains.pl"
    file.write_text(f"use strict;\nuse warnings;\nsub chains {{ {CHAINS} }}\n1;\n")
    return file


def operands(count: int) -> list[list[float]]:
    """The nasty values and their like: whole numbers of every size, powers of two, their sums."""
    chance = random.Random(1)

    def one() -> float:
        kind = chance.randrange(4)
        if kind == 0:
            return chance.choice(NASTY)
        if kind == 1:
            return float(chance.randint(-(2 ** chance.randint(1, 70)), 2 ** chance.randint(1, 70)))
        if kind == 2:
            return chance.choice([-1.0, 1.0]) * 2.0 ** chance.randint(-1074, 1023)
        return chance.uniform(-1, 1) * 2.0 ** chance.randint(-60, 80)

    return [NASTY, *([one() for _ in range(32)] for _ in range(count - 1))]


def test_boxes_calculate_like_python(file: Path, exe: str) -> None:
    lists = operands(7)
    count = differing_plain = 0
    with Perl(exe, file, boxed=True) as boxed, Perl(exe, file) as plain:
        for some in lists:
            case = [boxed.encode([some, THIRD])]
            expected = chains(some, THIRD)
            (ieee,) = boxed.call("main::chains", "scalar", "ieee", case)
            (perls,) = plain.call("main::chains", "scalar", "plain", case)
            assert not ieee.error and not ieee.tainted
            assert len(ieee.value) == len(expected) > 50_000
            wrong = [pair for pair in zip(ieee.value, expected, strict=True) if not same(*pair)]
            assert wrong == []
            count += len(expected)
            differing_plain += sum(not same(*p) for p in zip(perls.value, expected, strict=True))
    assert count * OPERATIONS / 5 > 1_000_000
    assert differing_plain > 1000  # so it is the boxes that make them equal


def test_boxes_with_perls_operators_change_nothing(file: Path, exe: str) -> None:
    with Perl(exe, file, boxed=True) as boxed, Perl(exe, file) as plain:
        for some in operands(3):
            case = [boxed.encode([some, THIRD])]
            boxed.call("main::chains", "scalar", "native", case)  # leaves flags in constants
            (native,) = boxed.call("main::chains", "scalar", "native", case)
            (perls,) = plain.call("main::chains", "scalar", "plain", case)
            wrong = [p for p in zip(native.value, perls.value, strict=True) if not same(*p)]
            assert wrong == []


def same(left: Any, right: Any) -> bool:
    """The same double; a Perl integer past 2**53 is none."""
    if isinstance(left, float) and isinstance(right, float):
        return same_double(left, right)
    return type(left) is type(right) and left == right
