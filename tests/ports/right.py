"""Ports that are right, in ways that a comparison can stumble over."""

from __future__ import annotations

from ports.integers import BY_INTEGERS
from ports.pair import Right

PYTHON_HEAD = """\
import math
from collections.abc import Callable
from typing import Annotated, Any, Literal


def g(x: float) -> float:
    return x - 1


def h(x: float) -> float:
    return x / 3


"""
PERL_HEAD = "sub g { return $_[0] - 1 }\nsub h { return $_[0] / 3 }\n"
SHARED = {  # files that some of them load
    "perl/shared.pl": "package Shared;\nsub third { return $_[0] / 3 }\n1;\n",
    "port/shared_port.py": "def third(x: float) -> float:\n    return x / 3\n",
}

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
        fails=True,
    ),
    Right(
        "message_with_newline",
        'my ($x) = @_; die "no\\n" if $x == 3; return $x',
        "def f(x: float) -> float:\n    if x == 3:\n        raise RuntimeError('no')\n    return x",
        fails=True,
    ),
    Right(
        "croak",
        'my ($x) = @_; croak("no at all") if $x == 3; return $x',
        "def f(x: float) -> float:\n    if x == 3:\n        raise ValueError('no at all')\n"
        "    return x",
        head="use Carp qw(croak);",
        fails=True,
    ),
    Right(
        "confess",
        'my ($x) = @_; Carp::confess("no at all") if $x == 3; return $x',
        "def f(x: float) -> float:\n    if x == 3:\n        raise ValueError('no at all')\n"
        "    return x",
        head="use Carp;",
        fails=True,
    ),
    Right(
        "message_with_a_place_in_it",
        'my ($x) = @_; die "stuck at step 3 at line 4" if $x == 3; return $x',
        "def f(x: float) -> float:\n    if x == 3:\n"
        "        raise ValueError('stuck at step 3 at line 4')\n    return x",
        fails=True,
    ),
    Right(
        "dies_with_a_hash",
        "my ($x) = @_; die { code => $x, text => 'no' } if $x == 3; return $x",
        "def f(x: float) -> float:\n    if x == 3:\n"
        "        raise ValueError({'code': 3, 'text': 'no'})\n    return x",
        fails=True,
    ),
    Right(
        "dies_with_an_object",
        "my ($x) = @_; die bless({}, 'My::TooBig') if $x == 3; return $x",
        "class TooBig(Exception):\n    pass\n\n\ndef f(x: float) -> float:\n    if x == 3:\n"
        "        raise TooBig\n    return x",
        fails=True,
    ),
    Right(
        "key_error",
        'my ($t) = @_; die "foo\\n" if $t eq "foo"; return $t',
        "def f(t: str) -> str:\n    return {}[t] if t == 'foo' else t",
        fails=True,
    ),
    Right(
        "division_by_zero",
        "my ($x, $y) = @_; return $x / $y",
        "def f(x: float, y: float) -> float:\n    return x / y",
        fails=True,
    ),
    Right(
        "modulus_zero",
        "my ($m, $n) = @_; return $m % $n",
        "def f(m: int, n: int) -> int:\n    return m % n",
        cases="f = Cases(st.tuples(*[st.integers(-99, 99)] * 2), examples=[(1, 0)])",
        fails=True,
    ),
    Right(
        "log",
        "my ($x) = @_; return log $x",
        "def f(x: float) -> float:\n    return math.log(x)",
        fails=True,
    ),
    Right(
        "sqrt",
        "my ($x) = @_; return sqrt $x",
        "def f(x: float) -> float:\n    return math.sqrt(x)",
        fails=True,
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
        fails=True,
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
        note="reading creates",
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
        fails=True,
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

# Another perl may calculate, hold values and word its errors in another way.
BY_PERL = [*BY_INTEGERS, *NUMBERS, *TEXTS, *FAILURES]
ALL = [*BY_PERL, *EFFECTS, *SIGNATURES]
