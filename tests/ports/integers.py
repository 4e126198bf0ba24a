"""Ports that are right where Perl calculates in integers: these explain what differs."""

from __future__ import annotations

from ports.pair import Right

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
