"""Ports that are wrong in one way each, which most inputs show."""

from __future__ import annotations

from ports.pair import Wrong

HEAD = "import math\nfrom typing import Any\n\n\n"
NAN = {"float": "nan"}

FAILURES = [
    Wrong(
        "name_error_for_a_division",
        "my ($x) = @_; return 1 / $x",
        "def f(x: float) -> float:\n    return 1 / x if x else undefined_name",
        "the error",
        "the errors differ",
        sides=(
            {"error": "Illegal division by zero"},
            {"error": "NameError: name 'undefined_name' is not defined"},
        ),
    ),
    Wrong(
        "only_perl_dies",
        'my ($x) = @_; die "negative\\n" if $x < 0; return $x + 1',
        "def f(x: float) -> float:\n    return x + 1",
        "the error",
        "only Perl fails",
        sides=({"error": "negative"}, 0.0),
    ),
    Wrong(
        "only_python_raises",
        "my ($x) = @_; return $x + 1",
        "def f(x: float) -> float:\n    if x == 7:\n        raise ValueError('seven')\n"
        "    return x + 1",
        "the error",
        "only Python fails",
        [7.0],
        (8.0, {"error": "ValueError: seven"}),
    ),
    Wrong(
        "another_message",
        'my ($x) = @_; die "too small: $x\\n" if $x == 3; return $x',
        "def f(x: float) -> float:\n    if x == 3:\n"
        "        raise ValueError('too small: 3.0')\n    return x",
        "the error",
        "the errors differ",
        [3.0],
        ({"error": "too small: 3"}, {"error": "ValueError: too small: 3.0"}),
    ),
    Wrong(
        "message_cut_short",
        'my ($x) = @_; die "stuck at $x" if $x == 3; return $x',
        "def f(x: float) -> float:\n    if x == 3:\n        raise ValueError('stuck')\n"
        "    return x",
        "the error",
        "the errors differ",
        [3.0],
        ({"error": "stuck at 3"}, {"error": "ValueError: stuck"}),
    ),
    Wrong(
        "key_error",
        "my ($t) = @_; die \"'$t' is missing\\n\" if $t eq 'foo'; return $t",
        "def f(t: str) -> str:\n    return {}[t] if t == 'foo' else t",
        "the error",
        "the errors differ",
        ["foo"],
        ({"error": "'foo' is missing"}, {"error": "KeyError: foo"}),
    ),
    Wrong(
        "own_message_for_a_division",
        'my ($x) = @_; die "Illegal division by nothing\\n" if $x == 3; return $x',
        "def f(x: float) -> float:\n    return 1 / 0 if x == 3 else x",
        "the error",
        "the errors differ",
        [3.0],
    ),
    Wrong(
        "index_error",
        "my ($v) = @_; return $v->[0]",
        "def f(v: list[int]) -> int:\n    return v[0]",
        "the error",
        "only Python fails",
        [[]],
    ),
    Wrong(
        "overflow_error",
        "my ($x) = @_; return exp($x)",
        "def f(x: float) -> float:\n    return math.exp(x)",
        "the error",
        "only Python fails",
    ),
    Wrong(
        "dies_with_other_data",
        "my ($x) = @_; die { code => 4, text => 'no' } if $x == 3; return $x",
        "def f(x: float) -> float:\n    if x == 3:\n"
        "        raise ValueError({'code': 5, 'text': 'no'})\n    return x",
        "the error",
        "the errors differ",
        [3.0],
    ),
]

NUMBERS = [
    Wrong(
        "last_bit",
        "my ($x) = @_; return $x * 0.1 * 3",
        "def f(x: float) -> float:\n    return x * (0.1 * 3)",
    ),
    Wrong(
        "sign_of_zero",
        "my ($x) = @_; return -$x / 3",
        "def f(x: float) -> float:\n    return 0.0 - x / 3",
        input=[0.0],
        sides=(-0.0, 0.0),
    ),
    Wrong(
        "zero_of_an_integer",
        "my ($n) = @_; return $n * -1.0",
        "def f(n: int) -> float:\n    return n * -1.0",
        input=[0],
        sides=(0.0, -0.0),
    ),
    Wrong(
        "nan_is_not_zero",
        "my ($x) = @_; return $x - $x",
        "def f(x: float) -> float:\n    return 0.0",
        sides=(NAN, 0.0),
    ),
    Wrong(
        "reordered_sum",
        "my ($x, $y, $z) = @_; return $x + $y + $z",
        "def f(x: float, y: float, z: float) -> float:\n    return x + (y + z)",
    ),
    Wrong(
        "sum_from_the_end",
        "my ($v) = @_; my $s = 0; $s += $_ for @$v; return $s",
        "def f(v: list[float]) -> float:\n    s = 0.0\n    for x in reversed(v):\n"
        "        s += x\n    return s",
        cases="f = Cases(st.tuples(st.lists(st.floats(-1e6, 1e6))))",
    ),
    Wrong(
        "fsum",
        "my ($v) = @_; my $s = 0; $s += $_ for @$v; return $s",
        "def f(v: list[float]) -> float:\n    return math.fsum(v)",
        cases="f = Cases(st.tuples(st.lists(st.floats(-1e6, 1e6))))",
    ),
    Wrong(
        "power_for_a_product",
        "my ($x) = @_; return $x * $x * $x",
        "def f(x: float) -> float:\n    return x**3",
        cases="f = Cases(st.tuples(st.floats(-1e6, 1e6)))",
    ),
    Wrong(
        "single_precision",
        "my ($x) = @_; return $x + 0.1",
        "import struct\ndef f(x: float) -> float:\n"
        "    return x + struct.unpack('f', struct.pack('f', 0.1))[0]",
    ),
    Wrong(
        "floor_for_int",
        "my ($x) = @_; return int($x)",
        "def f(x: float) -> int:\n    return math.floor(x)",
        cases="f = Cases(st.tuples(st.floats(-1e3, 1e3)))",
    ),
    Wrong(
        "floor_division",
        "my ($n) = @_; return int($n / 2)",
        "def f(n: int) -> int:\n    return n // 2",
        cases="f = Cases(st.tuples(st.integers(-1000, 1000)))",
        input=[-1],
        sides=(0, -1),
    ),
    Wrong(
        "modulus_of_a_fraction",
        "my ($x) = @_; return $x % 3",
        "def f(x: float) -> float:\n    return x % 3",
        cases="f = Cases(st.tuples(st.floats(-1e6, 1e6)))",
    ),
    Wrong(
        "integer_becomes_a_double",
        "my ($n) = @_; return $n * $n * $n",
        "def f(n: int) -> int:\n    return n * n * n",
        why="Perl's integer became a double",
    ),
    Wrong(
        "integers_made_floats",
        "my ($n) = @_; return $n * 3 + 1",
        "def f(n: int) -> float:\n    return float(n) * 3 + 1",
        cases="f = Cases(st.tuples(st.integers(0, 2**60)))",
    ),
]

HASHES = [  # integers that must not be excused as Perl's integer arithmetic
    Wrong(
        "hash_without_its_mask",
        "my ($v) = @_; my $h = 5381; for my $x (@$v) { $h = ($h * 33 + int($x)) & 0xffffffff }"
        " return $h",
        "def f(v: list[float]) -> float:\n    h = 5381.0\n    for x in v:\n"
        "        h = h * 33 + int(x)\n    return h % 4294967296.0",
        cases="f = Cases(st.tuples(st.lists(st.floats(0, 1e6), max_size=12)))",
    ),
    Wrong(
        "hash_in_floats",
        "my ($v) = @_; my $h = 7; for my $x (@$v) { $h = ($h ^ int($x)) * 16777619 & 0xffffffff }"
        " return $h",
        "def f(v: list[float]) -> float:\n    h = 7.0\n    for x in v:\n"
        "        h = float(int(h) ^ int(x)) * 16777619.0 % 4294967296.0\n    return h",
        cases="f = Cases(st.tuples(st.lists(st.floats(0, 1e6), max_size=8)))",
    ),
    Wrong(
        "generator_in_floats",
        "my ($x) = @_; return (int($x) * 6364136223846793 + 1442695) & 0xffffffff",
        "def f(x: float) -> int:\n    return int(float(int(x)) * 6364136223846793.0 + 1442695.0)"
        " & 0xFFFFFFFF",
        cases="f = Cases(st.tuples(st.floats(0, 1000)))",
    ),
    Wrong(
        "shifted_hash",
        "my ($v) = @_; my $h = 0; $h = (($h << 5) + $h + int($_)) & 0x7fffffffffffffff for @$v;"
        " return $h",
        "def f(v: list[float]) -> float:\n    h = 0.0\n    for x in v:\n"
        "        h = (h * 33 + int(x)) % 2.0**63\n    return h",
        cases="f = Cases(st.tuples(st.lists(st.floats(0, 1e6), max_size=16)))",
    ),
    Wrong(
        "modulus_of_a_large_sum",
        "my ($v) = @_; my $s = 0; $s += $_ for @$v; return $s % 1000003",
        "def f(v: list[float]) -> float:\n    s = 0.0\n    for x in v:\n        s += x\n"
        "    return math.fmod(s, 1000003.0)",
        cases="f = Cases(st.tuples(st.lists(st.integers(0, 2**60).map(float), max_size=3)))",
    ),
    Wrong(
        "modulus_of_a_large_product",
        "my ($x, $y) = @_; return ($x * $y) % 1000003",
        "def f(x: float, y: float) -> float:\n    return math.fmod(x * y, 1000003.0)",
        cases="n = st.integers(0, 2**31).map(float)\nf = Cases(st.tuples(n, n))",
    ),
]

STRUCTURES = [
    Wrong(
        "list_length",
        "my ($v) = @_; return [map { $_ * 2 } @$v]",
        "def f(v: list[float]) -> list[float]:\n    return [x * 2 for x in v[:-1]]",
        why="of length 1 in Perl, 0 in Python",
        sides=([0.0], []),
    ),
    Wrong(
        "inner_list_length",
        "my ($x) = @_; return [[$x], [$x, $x]]",
        "def f(x: float) -> list[list[float]]:\n    return [[x], [x]]",
        r"\[1\]",
        "of length 2 in Perl, 1 in Python",
    ),
    Wrong(
        "inner_value",
        "my ($x) = @_; return { rows => [{ x => 1 }, { x => $x / 3 }] }",
        "def f(x: float) -> Any:\n    return {'rows': [{'x': 1}, {'x': x * (1 / 3)}]}",
        r"rows\[1\]\.x",
    ),
    Wrong(
        "another_key",
        "my ($x) = @_; return { total => $x }",
        "def f(x: float) -> dict[str, float]:\n    return {'totl': x}",
        "totl",
        "Perl has no key 'totl'",
    ),
    Wrong(
        "missing_key",
        "my ($x) = @_; return { a => 1, b => $x }",
        "def f(x: float) -> dict[str, float]:\n    return {'a': 1}",
        "b",
        "Python has no key 'b'",
    ),
    Wrong(
        "extra_key",
        "my ($x) = @_; return { a => $x }",
        "def f(x: float) -> Any:\n    return {'a': x, 'b c': None}",
        r"\{'b c'\}",
        "Perl has no key 'b c'",
    ),
    Wrong(
        "number_keys",
        "my ($x) = @_; return { 1 => $x }",
        "def f(x: float) -> dict[int, float]:\n    return {1: x}",
        why="a key of a Perl hash is always text",
    ),
    Wrong(
        "hash_for_a_list",
        "my ($x) = @_; return { 0 => $x }",
        "def f(x: float) -> list[float]:\n    return [x]",
        why="Python has a list, Perl a hash",
    ),
    Wrong(
        "list_in_scalar_context",
        "my ($v) = @_; my @w = @$v; return @w",
        "def f(v: list[float]) -> list[float]:\n    return v",
        why="Python has a list, Perl a number",
    ),
    Wrong(
        "unannotated_tuple",
        "my ($x) = @_; return ($x, $x + 1)",
        "def f(x: float):\n    return x, x + 1",
        why="annotate the port's result as a tuple",
    ),
    Wrong(
        "tuple_too_short",
        "my ($x) = @_; return ($x, $x, $x)",
        "def f(x: float) -> tuple[float, float]:\n    return x, x",
        why="of length 3 in Perl, 2 in Python",
    ),
    Wrong(
        "sorted_as_numbers",
        "my ($v) = @_; return [sort @$v]",
        "def f(v: list[int]) -> list[int]:\n    return sorted(v)",
        r"\[\d\]",
    ),
]

TYPES = [
    Wrong(
        "text_from_perl",
        'my ($x) = @_; my ($n) = "$x is 1 of 7" =~ /is (\\d+)/; return $n',
        "def f(x: float) -> int:\n    return 1",
        why="Perl has the text '1', Python an integer",
        sides=("1", 1),
    ),
    Wrong(
        "text_from_python",
        "my ($x) = @_; return 1",
        "def f(x: float) -> str:\n    return '1'",
        why="Perl has a number, Python text",
        sides=(1, "1"),
    ),
    Wrong(
        "undef_is_not_zero",
        "my ($x) = @_; return undef",
        "def f(x: float) -> float:\n    return 0.0",
        why="Perl has undef, Python a number",
        sides=(None, 0.0),
    ),
    Wrong(
        "empty_text_is_not_none",
        "my ($x) = @_; return ''",
        "def f(x: float) -> str | None:\n    return None",
        why="Perl has text, Python undef",
        sides=("", None),
    ),
    Wrong(
        "undef_is_not_empty_text",
        "my ($x) = @_; return undef",
        "def f(x: float) -> str:\n    return ''",
        why="Perl has undef, Python text",
        sides=(None, ""),
    ),
    Wrong(
        "undef_is_not_false",
        "my ($x) = @_; return { ok => undef }",
        "def f(x: float) -> dict[str, bool]:\n    return {'ok': False}",
        "ok",
    ),
    Wrong(
        "truth_at_zero",
        "my ($x) = @_; return $x > 0",
        "def f(x: float) -> bool:\n    return x >= 0",
        why="not the same truth",
        input=[0.0],
    ),
    Wrong(
        "truth_of_text_zero",
        "my ($t) = @_; return $t",
        "def f(t: str) -> bool:\n    return bool(t)",
        why="not the same truth",
        input=["0"],
    ),
    Wrong(
        "characters_not_bytes",
        "my ($t) = @_; return length $t",
        "def f(t: str) -> int:\n    return len(t.encode('utf-8', 'surrogatepass'))",
    ),
    Wrong(
        "printed_digits",
        'my ($v) = @_; return join ",", @$v',
        "def f(v: list[float]) -> str:\n    return ','.join(str(x) for x in v)",
    ),
]

EFFECTS = [
    Wrong(
        "changed_in_perl_only",
        "my ($v) = @_; $_ *= 2 for @$v; return",
        "def f(v: list[float]) -> None:\n    v = [x * 2 for x in v]",
        r"argument v\[0\] after the call",
    ),
    Wrong(
        "changed_in_python_only",
        "my ($v) = @_; return scalar @$v",
        "def f(v: list[float]) -> int:\n    v.append(1.0)\n    return len(v) - 1",
        "argument v after the call",
        "of length 0 in Perl, 1 in Python",
        [[]],
    ),
    Wrong(
        "changed_inside",
        "my ($h) = @_; $h->{x}[0] = 1 if exists $h->{x}; return",
        "def f(h: dict[str, list[float]]) -> None:\n    pass",
        r"argument h\.x after the call",
        cases="f = Cases(st.tuples(st.dictionaries(st.sampled_from('wxyz'), st.just([]))))",
    ),
    Wrong(
        "aliased_argument",
        "$_[0] *= 2; return 1",
        "def f(x: float) -> int:\n    x *= 2\n    return 1",
        "argument x after the call",
    ),
    Wrong(
        "changed_before_the_error",
        "my ($v) = @_; push @$v, 1.5; die qq(no\\n) if @$v > 3; return",
        "def f(v: list[float]) -> None:\n    if len(v) >= 3:\n        raise ValueError('no')\n"
        "    v.append(1.5)",
        "argument v after the call",
    ),
    Wrong(
        "printed_by_perl_only",
        'my ($x) = @_; print "x\\n" if $x > 1; return $x',
        "def f(x: float) -> float:\n    return x",
        "the printed output",
        sides=("x\n", ""),
    ),
    Wrong(
        "printed_by_python_only",
        "my ($x) = @_; return $x",
        "def f(x: float) -> float:\n    print('x')\n    return x",
        "the printed output",
        sides=("", "x\n"),
    ),
    Wrong(
        "printed_otherwise",
        'my ($x) = @_; print "$x\\n"; return',
        "def f(x: float) -> None:\n    print(x)",
        "the printed output",
    ),
]

# Another perl may calculate and hold values in another way; all the rest is the same for it.
BY_PERL = [*FAILURES[:2], *NUMBERS, *HASHES, *TYPES]
ALL = [*FAILURES, *NUMBERS, *HASHES, *STRUCTURES, *TYPES, *EFFECTS]
