"""Large runs: columns carry what they say, and hide nothing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict, get_type_hints

import numpy as np
import pytest
from annotated_types import Predicate
from conftest import CASES as CASES_HEAD
from conftest import Project, Run, older_perl
from hypothesis import given
from hypothesis import strategies as st

from parity import Cases
from parity.calls.sides import PART
from parity.inputs.port import Port
from parity.judge import bulk
from parity.perl import codec
from parity.perl.process import Perl
from parity.values import columns

RARELY = 1009  # of so many integers, about one has a given remainder
CASES = 20_000


@pytest.fixture(scope="module", params=["this", "older"])
def perl(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Perl]:
    """A perl with a sub that gives back its argument."""
    folder = tmp_path_factory.mktemp("columns")
    file = folder / "unit.pl"
    file.write_text(
        "use strict; use warnings;\nsub same { return $_[0] }\n"
        'sub grumble { warn "no" if $_[0] > 2; die "no" if $_[0] == 4; return $_[0] }\n1;\n'
    )
    with Perl("perl" if request.param == "this" else older_perl(folder), file) as started:
        yield started


NUMBERS = st.floats() | st.sampled_from([2.0**53, 2.0**60, -(2.0**62), 2.0**63, 1e300, -0.0])
INTEGERS = st.integers(-(2**63), 2**63 - 1)
VALUES: list[st.SearchStrategy[list[Any]]] = [
    st.lists(NUMBERS, min_size=1),
    st.lists(INTEGERS, min_size=1),
    st.lists(st.text(), min_size=1),
    st.lists(st.none(), min_size=1),
    st.lists(st.lists(NUMBERS), min_size=1),
    st.lists(st.lists(st.lists(st.text())), min_size=1),
    st.lists(st.dictionaries(st.text(), st.integers(0, 9)), min_size=1),
    st.lists(st.fixed_dictionaries({"a": NUMBERS, "あ": st.lists(st.text())}), min_size=1),
]


@given(data=st.data())
@pytest.mark.parametrize("values", VALUES)
def test_columns_come_back_as_they_went(
    perl: Perl, values: st.SearchStrategy[list[Any]], data: st.DataObject
) -> None:
    some = data.draw(values)
    there = columns.of(some, whole=True)
    assert there
    assert repr(columns.values(there)) == repr([as_new(value) for value in some])
    perl.send_columns("main::same", "scalar", False, [there])
    (many,) = perl.receive_columns()
    (back,) = many.columns
    assert (many.failed, many.unsure, many.changed) == ({}, [], [])
    mine = columns.of(some)
    assert mine and back
    doubtful = columns.doubts(back, mine)
    for value, level in zip(some, doubtful, strict=True):
        large = re.search(r"e\+1[5-9]|\d{16}", repr(value))  # there it may be
        assert level == 0 or (level == 1 and large), value
    other = data.draw(values)
    if len(other) == len(some) and (theirs := columns.of(other)):
        rows = columns.doubts(back, theirs)
        for row, (left, right) in enumerate(zip(some, other, strict=True)):
            assert rows[row] or repr(as_new(left)) == repr(as_new(right))


def test_the_rows_that_warn_and_fail_are_told(perl: Perl) -> None:
    there = columns.of([1.0, 3.0, 2.0, 4.0, 5.0])
    assert there
    perl.send_columns("main::grumble", "scalar", False, [there])
    (many,) = perl.receive_columns()
    assert (many.unsure, list(many.failed), many.failed[3].value) == ([1, 3, 4], [3], "no")
    some = many.take(np.array([0, 3, 4]))
    assert (some.unsure, list(some.failed)) == ([1, 2], [1])


def as_new(value: Any) -> Any:
    """With the keys of hashes in order."""
    if isinstance(value, dict):
        return {key: as_new(value[key]) for key in sorted(value)}
    return value


PERL_SEPARATOR = "".join(f"\\x{byte:02x}" for byte in columns.MARK)

# In each, sub and port differ about once in a thousand cases, where $n is 3, and in none of those
# that strategies draw, which are the first ones.
RARE = {
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


def rare(project: Project, perl: str, python: str, result: str = "Any", stem: str = "unit") -> None:
    project.pair(
        f"sub f {{\n    my ($x) = @_;\n    my $n = $x % {RARELY};\n    {perl};\n}}",
        "from typing import Any\n\n\n"
        "def fail() -> int:\n    raise ValueError('no')\n\n\n"
        f"def f(x: int) -> {result}:\n    n = x % {RARELY}\n    {python}\n\n\nf.buf = []\n",
        stem,
    )
    project.file(
        f"cases/{stem}.py",
        f"{CASES_HEAD}f = Cases(\n    st.tuples(st.integers(4, 500)),\n"
        "    arrays=lambda chance, n: (chance.integers(0, 10**6, n),),\n)\n",
    )


Judged = tuple[Project, Run]


def judged_at_once(folder: Path, some: Iterable[tuple[str, str, str]]) -> Judged:
    """One run of many: subs, ports, and what these are hinted to return."""
    project = Project(folder, "perl")
    for number, (perl, python, result) in enumerate(some):
        rare(project, perl, python, result, f"unit{number}")
    return project, project.run(cases=CASES)


@pytest.fixture(scope="module")
def rare_run(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    some = ((perl, python, HINTS.get(n, "Any")) for n, (perl, python, _) in RARE.items())
    return judged_at_once(tmp_path_factory.mktemp("rare"), some)


@pytest.mark.parametrize("name", RARE)
def test_what_differs_rarely_is_found(rare_run: Judged, name: str) -> None:
    project, run = rare_run
    entry = run.pair(f"unit{list(RARE).index(name)}.f")
    assert (entry["verdict"], entry["where"]) == ("differs", RARE[name][2]), entry
    (number,) = entry["input"]
    assert number % RARELY == 3
    assert entry["cases"] > bulk.FIRST
    assert "after" not in entry
    assert project.parity(*entry["reproduce"].split()[1:]).status == 1


# Sub, port, and what the port is hinted to return.
RIGHT = [
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


@pytest.fixture(scope="module")
def right_run(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    return judged_at_once(tmp_path_factory.mktemp("right"), RIGHT)


@pytest.mark.parametrize("number", range(len(RIGHT)))
def test_right_ports_are_right_in_large_runs(right_run: Judged, number: int) -> None:
    entry = right_run[1].pair(f"unit{number}.f")
    assert entry["verdict"] == "identical", entry
    assert entry["cases"] == CASES
    warns = "careful" in RIGHT[number][0]
    assert warns == any("Perl warns: careful" in note for note in entry["notes"])


@pytest.mark.parametrize(
    ("hint", "condition"),
    [
        ("str", "length($x) == 7 && ord($x) % 3 == 1"),
        ("float", "abs($x) > 12.5 && abs($x) < 12.75"),
        ("list[float]", "@$x == 7 && $x->[3] > 10 && $x->[3] < 16"),
        ("Annotated[float, Interval(gt=0, lt=1)]", "$x > 0.5 && $x < 0.502"),
        ("dict[str, str]", "keys(%$x) == 3"),
    ],
)
def test_all_kinds_of_arguments(tmp_path: Path, hint: str, condition: str) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        # Not among the first cases, which are judged one by one.
        f"my $calls = 0;\nsub f {{\n    my ($x) = @_;\n"
        f"    return ++$calls > {2 * bulk.FIRST} && {condition} ? 1 : 0;\n}}",
        "from typing import Annotated\n\nfrom annotated_types import Interval\n\n\n"
        f"def f(x: {hint}) -> int:\n    return 0\n",
    )
    entry = project.run(cases=CASES).pair("unit.f")
    assert entry["verdict"] == "differs", entry
    assert "only after other calls" in entry["why"]


def test_calls_far_apart_that_matter_later_are_found(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        f"my %seen;\nsub f {{\n    my ($n) = @_;\n    $seen{{$n}} = 1;\n"
        f"    return $seen{{3}} && $seen{{4}} && $n % {RARELY} == 24 * 24 + 1 ? 1 : 0;\n}}",
        "def f(n: int) -> int:\n    return 0\n",
    )
    project.file(
        "cases/unit.py",
        "from hypothesis import strategies as st\nfrom parity import Cases\n\n"
        "f = Cases(st.tuples(st.integers(10, 10**6)), [(3,), *[(9,)] * 50, (4,)])\n",
    )
    entry = project.run(cases=CASES).pair("unit.f")
    assert entry["cases"] > bulk.FIRST
    assert entry["after"] == [[3], [4]]


def test_state_seen_with_arguments_that_no_pickle_holds(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "my $calls = 0;\nsub f { return ++$calls > 40 ? 1 : 0 }",
        "import typing\n\nPoint = typing.NamedTuple('Other', [('x', float), ('y', float)])\n\n\n"
        "def f(p: Point) -> int:\n    return 0\n",
    )
    entry = project.run().pair("unit.f")
    assert (entry["cases"], len(entry["after"])) == (41, 40)


@pytest.mark.parametrize("condition", ["> 150", "== 151"])
def test_a_counter_needs_many_calls_and_shows_few(tmp_path: Path, condition: str) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        f"my $calls = 0;\nsub f {{ return ++$calls {condition} ? 1 : 0 }}",
        "def f(x: float) -> int:\n    return 0\n",
    )
    run = project.run()
    entry = run.pair("unit.f")
    assert (entry["cases"], len(entry["after"]), entry["perl"]) == (151, 150, 1)
    assert "only after other calls" in entry["why"]
    assert "after      140 calls that --json FILE holds, and then" in run.out
    assert len(re.findall("^ +after ", run.out, re.MULTILINE)) == 1 + 10


@pytest.mark.parametrize(
    ("perl", "python"),
    [
        ("join('', sort split //, $s) eq join '', sort split //, $t", "s == t"),
        ("length $s == length $t && index($s . $s, $t) >= 0", "s == t or s[1:] + s[:1] == t"),
        ("$s eq reverse $t", "s == t == t[::-1]"),
        ("$s =~ /^[A-Z]{2}[0-9]{2}-[A-Z]\\z/", "re.fullmatch('[A-Z]{2}[0-9]{2}-?[A-Z]', s)"),
    ],
)
def test_texts_that_belong_together(tmp_path: Path, perl: str, python: str) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        f"sub f {{ my ($s, $t) = @_; return {perl} ? 1 : 0 }}",
        f"import re\n\n\ndef f(s: str, t: str) -> int:\n    return 1 if {python} else 0\n",
    )
    entry = project.run(cases=5000).pair("unit.f")
    assert entry["verdict"] == "differs"
    assert sum(map(len, entry["input"])) <= 10, entry["input"]


@pytest.mark.parametrize(
    ("hint", "perl", "python"),
    [
        (
            "Annotated[float, Interval(ge=0, le=100_000)]",
            "int($x * 100 + 0.5) / 100",
            "round(x * 100) / 100",
        ),
        (
            "str",
            "$x =~ /^([0-9][0-9]):([0-9][0-9])$/ ? $1 > 23 || $2 > 59 ? -1 : $1 < 12 ? 1 : 2 : 0",
            "clock(x)",
        ),
    ],
)
def test_amounts_of_money_and_texts_of_a_form(
    tmp_path: Path, hint: str, perl: str, python: str
) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        f"sub f {{ my ($x) = @_; return {perl} }}",
        "import re\nfrom typing import Annotated\n\nfrom annotated_types import Interval\n\n\n"
        "def clock(x: str) -> int:\n"
        "    if not re.fullmatch('[0-9][0-9]:[0-9][0-9]\\n?', x):\n        return 0\n"
        "    hours, minutes = int(x[:2]), int(x[3:])\n"
        "    return -1 if hours > 23 or minutes > 59 else 1 if hours <= 12 else 2\n\n\n"
        f"def f(x: {hint}) -> float:\n    return {python}\n",
    )
    assert project.run(cases=CASES).pair("unit.f")["verdict"] == "differs"


def test_state_where_few_inputs_are_possible(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        """
        my ($calls, $last, %seen, %calls) = (0, 0);
        sub next_id { $calls += 1; return $calls }
        sub was_on { my ($on) = @_; my $was = $last; $last = $on ? 1 : 0; return $was }
        sub is_new { my ($n) = @_; return $seen{$n}++ ? 0 : 1 }
        sub month { my $month = $calls{month}++ % 12; return $month }
        sub answer { return 42 }
        """,
        """
        from typing import Literal


        def next_id() -> int:
            return 1


        def was_on(on: bool) -> int:
            return 0


        def is_new(n: Literal[1, 2, 3]) -> int:
            return 1


        def month() -> int:
            month.calls += 1
            return (month.calls - 1) % 11


        month.calls = 0


        def answer() -> int:
            return 42
        """,
    )
    run = project.run()
    for name in ("next_id", "was_on", "is_new", "month"):
        entry = run.pair(f"unit.{name}")
        assert entry["verdict"] == "differs", entry
        assert "only after other calls" in entry["why"]
    assert run.pair("unit.answer")["verdict"] == "identical"
    assert run.pair("unit.month")["cases"] == 12
    assert run.pair("unit.answer")["cases"] == 1  # calls that change nothing are no cases
    assert project.run(cases=11).pair("unit.month")["verdict"] == "identical"


def test_a_case_that_differs_alone_after_all(tmp_path: Path) -> None:
    """Made small, it differs after other calls only; as it was found, it does alone."""
    project = Project(tmp_path, "perl")
    project.pair(
        "my $total = 0.0;\nsub f { $total += $_[0]; return $total }",
        "def f(x: float) -> float:\n    return x\n",
    )
    entry = project.run(cases=100).pair("unit.f")
    assert entry["verdict"] == "differs" and "after" not in entry
    assert entry["reproduce"].startswith("parity call"), entry
    assert project.parity(*entry["reproduce"].split()[1:]).status == 1


@pytest.mark.parametrize(
    ("perl", "python", "hint"),
    [
        ('$seen{$x}++ ? "v$x" : undef', "'v' + x", "str"),
        ("$seen{$x}++ ? length $x : -1", "len(x)", "str"),
        ("$seen{$x}++ ? $x : undef", "x", "float"),
        ('print($seen{first}++ ? "" : "begin") && $x', "x", "float"),
        ("$seen{first}++ ? $x : die", "x", "float"),
    ],
)
def test_what_integers_do_not_explain_is_state(
    tmp_path: Path, perl: str, python: str, hint: str
) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        f"my %seen;\nsub f {{\n    my ($x) = @_;\n    return {perl};\n}}",
        f"from typing import Any\n\n\ndef f(x: {hint}) -> Any:\n    return {python}\n",
    )
    assert project.run().pair("unit.f")["verdict"] == "differs"


def test_failures_beside_what_integers_explain(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        'sub f {\n    my ($x) = @_;\n    die "no\\n" if $x == 0.5;\n'
        "    return 3 * $x + 2 - 3 * $x;\n}",
        "def f(x: float) -> float:\n    if x == 0.5:\n        raise ValueError('no')\n"
        "    return 3 * x + 2 - 3 * x\n",
    )
    project.file(
        "cases/unit.py",
        "from hypothesis import strategies as st\nfrom parity import Cases\n\n"
        "f = Cases(st.tuples(st.floats(0, 1)), arrays=lambda chance, count: "
        "(chance.choice([0.5, 2.0**53 - 1], count),))\n",
    )
    entry = project.run(cases=CASES).pair("unit.f")
    assert (entry["verdict"], entry["cases"]) == ("identical", CASES), entry
    assert entry["explained"] > 1000 and entry["failed"] > 1000


def test_integers_of_large_runs_are_in_no_boxes(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        # Other rows are explained by as much, so that this one is not judged alone to be shown.
        "sub f {\n    my ($n, $y) = @_;\n    return 3 * $y + 2 - 3 * $y if $n != 24 * 24 + 1;\n"
        "    return $n * 9007199254740993 - $n * 9007199254740992;\n}",
        "from typing import Annotated\n\nfrom annotated_types import Interval\n\n\n"
        "def f(n: Annotated[int, Interval(ge=1, le=2000)], y: float) -> float:\n"
        "    if n != 24 * 24 + 1:\n        return 3 * y + 2 - 3 * y\n"
        "    return n * 9007199254740993.0 - n * 9007199254740992.0\n",
    )
    entry = project.run(cases=CASES).pair("unit.f")
    assert (entry["verdict"], entry["cases"] > bulk.FIRST) == ("differs", True), entry


def test_class_methods_in_large_runs(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.file(
        "perl/Acme.pm",
        "package Acme;\nuse strict;\nuse warnings;\nsub count { return scalar @_ }\n1;\n",
    )
    project.file("port/acme.py", "def count(x: float) -> int:\n    return 2\n")
    project.settings(
        '\n[tool.parity.pairs]\n"Acme::count" = { python = "acme:count", method = true }\n'
    )
    entry = project.run(cases=2000).pair("acme.count")
    assert (entry["verdict"], entry["cases"]) == ("identical", 2000), entry


@pytest.mark.parametrize(
    ("perl", "result", "first", "then"),
    [
        ("return 'yes'", "bool", "True", "1"),
        ("return (0.5, 1.5)", "tuple[float, float]", "(0.5, 1.5)", "[0.5, 1.5]"),
    ],
)
def test_a_port_that_returns_what_its_hint_does_not_say(
    tmp_path: Path, perl: str, result: str, first: str, then: str
) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        f"sub f {{ {perl} }}",
        f"def f(x: float) -> {result}:\n    f.calls += 1\n"
        f"    return {first} if f.calls < {2 * bulk.FIRST} else {then}\n\n\nf.calls = 0\n",
    )
    entry = project.run(cases=CASES).pair("unit.f")
    assert (entry["verdict"], entry["cases"] > bulk.FIRST) == ("differs", True), entry


@pytest.mark.parametrize("enough", ["1", "++$calls > 2_000"])  # perl with boxes counts for itself
def test_what_integers_do_not_explain(tmp_path: Path, enough: str) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        # Integers explain differences that are larger.
        "my $calls = 0;\nsub f {\n    my ($x) = @_;\n"
        "    my ($y, $two) = ($x * $x, 3 * $x + 2 - 3 * $x);\n"
        f"    my $enough = {enough};\n"
        "    return $enough && $y > 110 && $y < 120 ? $two + 1e-9 : $two;\n}",
        "def f(x: float) -> float:\n    return 3 * x + 2 - 3 * x\n",
    )
    entry = project.run(cases=CASES).pair("unit.f")
    assert (entry["verdict"], entry["cases"] > bulk.FIRST) == ("differs", True), entry


@pytest.mark.parametrize("warning", ["", 'warn "careful" if $calls == 1000;'])
def test_what_differed_in_a_batch_and_does_not_alone_is_told(tmp_path: Path, warning: str) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        f"my $calls = 0;\nsub f {{ $calls++; {warning} return $calls == 1000 ? 1 : 0 }}",
        "def f(x: int) -> int:\n    return 0\n",
    )
    entry = project.run(cases=CASES).pair("unit.f")
    assert (entry["verdict"], entry["cases"]) == ("differs", 1000)
    assert "after" in entry["why"]


@pytest.mark.parametrize(
    ("hint", "change"),
    [
        ("int", "$_ += 0.5 if $_ > 0"),
        ("int", "$_ &= ~0 if $_ < 0"),
        ("float", "$_ |= 1 if $_ > 2**60 && $_ < 2**62"),
    ],
)
def test_numbers_that_are_changed_in_place(tmp_path: Path, hint: str, change: str) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        f"my $calls = 0;\nsub f {{\n    my ($x) = @_;\n    if (++$calls > {2 * bulk.FIRST}) "
        f"{{\n        for (@{{$x}}) {{ {change} }}\n    }}\n    return 1;\n}}",
        f"def f(x: list[{hint}]) -> int:\n    return 1\n",
    )
    entry = project.run(cases=CASES).pair("unit.f")
    assert (entry["verdict"], entry["cases"] > bulk.FIRST) == ("differs", True), entry


SELDOM = f"$n % {RARELY} == 7"  # never among the first cases with the seeds below
HEAD = (
    "from typing import Annotated, Any\n\nfrom annotated_types import Interval\n\n\n"
    "N = Annotated[int, Interval(ge=2000, le=10**6)]\n\n\n"
)
FLAGS = "f = Cases(st.tuples(st.integers(2000, 10**6), st.lists(st.booleans(), min_size=2)))\n"


def judged(root: Path, perl: str, python: str, cases: str, count: int) -> dict[str, Any]:
    """The entry of such a sub and port; cases: what the cases file says, if anything."""
    project = Project(root, "perl")
    project.pair(f"sub f {{ {perl} }}", f"{HEAD}def f{python}\n")
    if cases:
        imports = "from hypothesis import strategies as st\nfrom parity import Cases\n\n"
        project.file("cases/unit.py", f"{imports}{cases}")
    return project.run(cases=count, seed=1).pair("unit.f")


@pytest.mark.parametrize(
    ("perl", "python", "cases"),
    [
        (f"my ($n) = @_; $_[0] = 0 if {SELDOM}; return;", "(n: N) -> None:\n    return None", ""),
        (
            f"my ($n) = @_; $_[0] = 0 if {SELDOM}; return (1, 2);",
            "(n: N) -> tuple[int, int]:\n    return 1, 2",
            "",
        ),
        (
            f"my ($n) = @_; $_[2] = 0 if {SELDOM}; return 1;",
            "(n: N, x: float, y: float) -> int:\n    return 1",
            "",
        ),
        (
            f'my ($n) = @_; if ({SELDOM}) {{ $_[0] = 0; die "no\\n" }} return;',
            "(n: N) -> None:\n    if n % 1009 == 7:\n        raise ValueError('no')",
            "",
        ),
        (
            f"my ($n, $flags) = @_; for ({SELDOM} ? @$flags : ()) {{ $_ = undef if !$_ }} return 1",
            "(n: N, flags: list[bool]) -> int:\n    return 1",
            FLAGS,
        ),
        (
            f"my ($n, $flags) = @_; for ({SELDOM} ? @$flags : ()) {{ $_ = 'yes' if $_ }} return 1",
            "(n: N, flags: list[Any]) -> int:\n    return 1",
            FLAGS,
        ),
        (
            f'my ($n) = @_; select STDERR if $n % 101 == 50; print "hello" if {SELDOM}; return 1',
            "(n: N) -> int:\n    return 1",
            "",
        ),
    ],
)
def test_what_a_sub_rarely_does(tmp_path: Path, perl: str, python: str, cases: str) -> None:
    entry = judged(tmp_path, perl, python, cases, 8000)
    assert (entry["verdict"], entry["cases"] > bulk.ALONE) == ("differs", True), entry


@pytest.mark.parametrize(
    ("perl", "python"),
    [
        (f"my ($n) = @_; srand 1 if !({SELDOM}); my $x = rand; return 1", "int:\n    return 1"),
        (f"my ($n) = @_; return {SELDOM} ? *STDOUT : 1", "bool:\n    return True"),
    ],
)
def test_what_cannot_be_judged_and_is_rare(tmp_path: Path, perl: str, python: str) -> None:
    entry = judged(tmp_path, perl, f"(n: N) -> {python}", "", 8000)
    assert (entry["verdict"], entry["cases"]) == ("could not run", 0), entry


def test_the_order_of_a_dicts_keys(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub wrong {\n    my ($h) = @_;\n"
        "    return (sort { $h->{$b} <=> $h->{$a} || $a cmp $b } keys %$h)[0];\n}\n"
        "sub right { my ($h) = @_; return $h->{y} - $h->{x} }",
        "def wrong(h: dict[str, float]) -> str:\n    return max(h, key=h.__getitem__)\n\n\n"
        "def right(h: dict[str, float]) -> float:\n    y, x = h.values()\n    return y - x\n",
    )
    project.file(
        "cases/unit.py",
        "from hypothesis import strategies as st\nfrom parity import Cases\n\n"
        "numbers = st.sampled_from([1.0, 2.0])\n"
        "hashes = st.dictionaries(st.sampled_from('abcd'), numbers, min_size=1)\n"
        "wrong = Cases(st.tuples(hashes), examples=[({'a': 1.0},)] * 299)\n"
        "right = Cases(st.tuples(st.builds(dict, y=st.floats(0, 1), x=st.floats(0, 1))))\n",
    )
    run = project.run(cases=3000, seed=1)
    wrong, right = run.pair("unit.wrong"), run.pair("unit.right")
    assert (wrong["verdict"], wrong["cases"] > bulk.FIRST) == ("differs", True), wrong
    assert (right["verdict"], right["cases"]) == ("identical", 3000), right


@pytest.mark.parametrize(
    ("perl", "python", "cases"),
    [
        (  # both change an argument, and reading creates an element in Perl
            "my ($v) = @_; push @$v, [1]; return defined $v->[2][0] ? 1 : 0",
            "(v: list[list[float]]) -> int:\n    v.append([1])\n"
            "    return 1 if len(v) > 2 and v[2] else 0",
            "f = Cases(st.tuples(st.lists(st.lists(st.floats(0, 1), min_size=1), max_size=4)))\n",
        ),
        (
            "my ($n) = @_; my $was = defined $_ ? 1 : 0; $_ = $n % 2 ? $n : undef; return $was",
            "(n: N) -> int:\n    return 0",
            "",
        ),
        (
            "my ($n) = @_; $SIG{__WARN__} = sub { die $_[0] } if $n % 7 == 0; "
            'warn "odd\\n" if $n % 7 == 1; return $n',
            "(n: N) -> int:\n    return n",
            "",
        ),
        (  # a later call changes an argument
            "our $old; my ($v) = @_; push @$old, 1 if $old; $old = $v; return 1",
            "(v: list[float]) -> int:\n    if f.old is not None:\n        f.old.append(1)\n"
            "    f.old = v\n    return 1\n\n\nf.old = None",
            "",
        ),
    ],
)
def test_right_ports_of_subs_that_leave_something(
    tmp_path: Path, perl: str, python: str, cases: str
) -> None:
    entry = judged(tmp_path, perl, python, cases, 2000)
    assert (entry["verdict"], entry["cases"]) == ("identical", 2000), entry


def test_boxes_that_take_longer_than_a_call_may(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.settings("timeout = 2\n")
    project.pair(
        "sub f {\n    my ($x) = @_;\n    my $s = 0.0;\n"
        "    for my $i (1 .. 1000) { $s = $s + $x * $x - $x }\n    return $s;\n}",
        "def f(x: float) -> float:\n    s = 0.0\n    for _ in range(1000):\n"
        "        s = s + x * x - x\n    return s\n",
    )
    project.file(
        "cases/unit.py",
        "from hypothesis import strategies as st\nfrom parity import Cases\n\n"
        "f = Cases(st.tuples(st.integers(2**27, 2**28).map(float)))\n",
    )
    entry = project.run(cases=2000).pair("unit.f")
    assert (entry["verdict"], entry["cases"]) == ("identical", 2000), entry


def test_what_is_nested_too_deeply_is_no_column() -> None:
    value: list[Any] = []
    for _ in range(codec.MAX_DEPTH - 2):
        value = [value]
    assert columns.of([value], whole=True)
    assert columns.of([[{"x": value}]], whole=True) is None


def test_counts_end_with_the_case_that_differs(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub f {\n    my ($v, $n) = @_;\n    push @$v, 1;\n"
        '    die "odd\\n" if $n % 2;\n    return @$v;\n}',
        f"{HEAD}def f(v: list[float], n: N) -> tuple[float, ...]:\n"
        "    if n % 1009 != 7:\n        v.append(1)\n    if n % 2:\n"
        "        raise ValueError('odd')\n    if n % 1009 == 7:\n        v.append(1)\n"
        "    return tuple(v)\n",
    )
    entry = project.run(cases=8000, seed=1).pair("unit.f")
    assert (entry["verdict"], entry["cases"] > bulk.ALONE) == ("differs", True), entry
    assert entry["explained"] == 0 and entry["failed"] < entry["cases"], entry


def test_what_only_calls_after_it_make_differ(tmp_path: Path) -> None:
    """A case that warned is called again after all that were called with it."""
    perl = f"our $calls++; return 0 if !({SELDOM}); warn; return $calls > 5000 ? 1 : 0"
    python = "(n: N) -> int:\n    return 0"
    entry = judged(tmp_path, f"my ($n) = @_; {perl}", python, "", 20_000)
    assert entry["cases"] < 5000 <= len(entry["after"]), entry["cases"]
    assert "only after other calls" in entry["why"]


@pytest.mark.parametrize(
    ("field", "perl", "python", "more"),
    [
        ("explained", "3 * $x + 2 - 3 * $x", "3 * x + 2 - 3 * x", ""),
        (
            "known",
            "$x > 1 && $n % 2 ? 2 : 1",
            "1",
            ", known=[Known((5, 7.0), perl=2, python=1, when=lambda n, x: x > 1, why='meant')]",
        ),
    ],
)
def test_half_of_the_cases_up_to_one_that_differs(
    tmp_path: Path, field: str, perl: str, python: str, more: str
) -> None:
    entry = judged(
        tmp_path,
        f"my ($n, $x) = @_; return -1 if $n % {20 * RARELY} == 7 && $x < 1; return {perl}",
        f"(n: N, x: float) -> float:\n    return {python}",
        "from parity import Known\n"
        "f = Cases(st.tuples(st.integers(2000, 10**6), st.sampled_from([0.5, 2.0**53 - 1]))"
        f"{more}, arrays=lambda chance, count: "
        "(chance.integers(2000, 10**6, count), chance.choice([0.5, 2.0**53 - 1], count)))\n",
        200_000,
    )
    assert (entry["verdict"], entry["cases"] > bulk.FIRST) == ("differs", True), entry
    assert 0.48 < entry[field] / entry["cases"] < 0.52, entry


@pytest.mark.parametrize("side", ["perl", "python"])
def test_a_list_that_one_side_uses_again(tmp_path: Path, side: str) -> None:
    perl = "@buf = ($_[0], 2); return \\@buf" if side == "perl" else "return [$_[0], 2]"
    python = "[x, 2.0]" if side == "perl" else "f.buf"
    project = Project(tmp_path, "perl")
    project.pair(
        f"my @buf;\nsub f {{ {perl} }}",
        f"def f(x: float) -> list[float]:\n    f.buf[:] = [x, 2.0]\n    return {python}\n\n\n"
        "f.buf = []\n",
    )
    assert project.run(cases=3000).pair("unit.f")["verdict"] == "identical"


# Sub, port, and the port's hints.
ONCE = {
    "failures": (
        'die "no\n" if $x > 0; return [$x, 1]',
        "if x > 0:\n        raise ValueError('no')\n    return [x, 1.0]",
        "x: float",
        "list[float]",
    ),
    "divisions by zero": (
        "return {y => 1 / ($x % 2)}",
        "return {'y': 1 / (x % 2)}",
        "x: int",
        "dict[str, float]",
    ),
    "undef": (
        "return defined $x ? $x + 1 : undef",
        "return None if x is None else x + 1",
        "x: float | None",
        "float | None",
    ),
}


@pytest.mark.parametrize("name", ONCE)
def test_a_case_of_a_large_run_is_called_once(tmp_path: Path, name: str) -> None:
    perl, python, hints, result = ONCE[name]
    project = Project(tmp_path, "perl")
    counted = tmp_path / "calls"
    project.pair(
        f"sub f {{\n    my ($x, $y, $z) = @_;\n    {perl};\n}}",
        "from pathlib import Path\n\n\n"
        f"def f({hints}) -> {result}:\n    f.calls += 1\n    if f.calls % 100 == 0:\n"
        f"        Path({str(counted)!r}).write_text(str(f.calls))\n    {python}\n\n\nf.calls = 0\n",
    )
    entry = project.run(cases=CASES).pair("unit.f")
    assert (entry["verdict"], entry["cases"]) == ("identical", CASES), entry
    assert entry["failed"] > 1000 or name not in ("failures", "divisions by zero")
    assert int(counted.read_text()) < CASES + 500  # some are judged alone


Ascii = Annotated[str, Predicate(str.isascii)]  # for which no arrays are known


class Record(TypedDict, total=False):
    """A hash with keys that may be missing."""

    a: Ascii
    b: list[float]


def left_out(x: float, y: float = 1.0, z: float = 2.0) -> None:
    """Has arguments that may be left out."""


def records(x: Record, y: float | None) -> None:
    """Has a hash and an undef."""


def hashes(x: dict[Literal["a", "b", "c"], list[str]], y: list[list[bool]]) -> None:
    """Has hashes and lists inside others."""


def draws_of(function: Callable[..., None]) -> bulk.Draws:
    hints = get_type_hints(function, include_extras=True)
    port = Port(Path("cases/unit.py"), function, hints, Cases(), [], [])
    return bulk.Draws(port, range(300, 2 * bulk.FEWER), 1, lambda: None)


@pytest.mark.parametrize("function", [left_out, records, hashes])
def test_a_case_is_found_again_by_its_number(function: Callable[..., None]) -> None:
    draws = draws_of(function)
    for batch in draws:
        cases = batch.cases(range(len(batch)))
        for row in (0, len(batch) // 2, len(batch) - 1):
            whole = draws.holding(batch.first + row)
            assert whole.cases([batch.first + row - whole.first]) == cases[row : row + 1]


@pytest.mark.parametrize("function", [left_out, records, hashes])
def test_what_is_drawn_comes_in_columns(function: Callable[..., None]) -> None:
    draws = draws_of(function)
    assert len(list(draws)) <= 2 * 3  # batches, and numbers of arguments
    pieces = list(bulk.Pieces(draws, 1.0))
    assert [piece.first for piece in pieces] == sorted(
        set(itertools.accumulate(map(len, pieces), initial=300)) - {2 * bulk.FEWER}
    )
    assert len({len(piece.columns or []) for piece in pieces}) == (3 if function is left_out else 1)
    for piece in pieces:
        for column in piece.columns or [None]:
            assert column, piece
            again = columns.of(columns.values(column), whole=True)
            assert again and columns.to_bytes(again) == columns.to_bytes(column)


@pytest.mark.parametrize(
    ("seconds", "returned", "largest", "sizes"),
    [
        (1e-7, 1, bulk.BATCH, [1, 10, 100, 1_000, 10_000, bulk.BATCH, bulk.BATCH]),
        (1e-3, 1, bulk.BATCH, [1, 10, 100, 100]),
        (1.0, 1, bulk.BATCH, [1, 1]),
        (1e-7, 100_000, bulk.BATCH, [1, 10, 10]),
        (1e-7, 0, bulk.LEAST, [1, 10, 100, 100]),
    ],
)
def test_as_many_are_called_at_once_as_cost_little(
    seconds: float, returned: float, largest: int, sizes: list[int]
) -> None:
    numbers = columns.of([0.0] * 200_000, whole=True)
    assert numbers
    pieces = bulk.Pieces([bulk.Batch(0, [numbers])], 1.0)
    found = []
    for piece in itertools.islice(pieces, len(sizes)):
        found.append(len(piece))
        pieces.took(seconds, returned, largest)
    assert found == sizes
    pieces.took(10.0)
    assert len(next(iter(pieces))) == max(1, sizes[-1] // 10)


def test_memory_that_only_many_results_need(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub f { return $_[0] }",
        "def f(x: float) -> float:\n    f.calls += 1\n    if f.calls == 600:\n"
        "        raise MemoryError\n    return x\n\n\nf.calls = 0\n",
    )
    assert project.run(cases=2000).pair("unit.f")["verdict"] == "identical"


def test_parts_repeat_no_case() -> None:
    assert not any(PART % size for size in (*bulk.SIZES, bulk.FEWER))


@pytest.mark.parametrize(
    ("perl", "python"),
    [
        ("'0.5'", "x[0]"),
        ("$x->[0] / 2 - 1", "x[0]"),
        ("abs($x->[0]) < 100 && $x->[0] == int $x->[0] ? $x->[0] . '' : $x->[0]", "x[0]"),
        ("$x->[0]", "-x[0]"),
        ("$x->[0]", "str(x[0]) if abs(x[0]) < 100 and x[0] == int(x[0]) else x[0]"),
    ],
)
def test_a_side_that_changes_its_argument_rarely(tmp_path: Path, perl: str, python: str) -> None:
    calls = 2 * bulk.FIRST
    project = Project(tmp_path, "perl")
    project.pair(
        "my $calls = 0;\nsub f {\n    my ($x) = @_;\n"
        f"    $x->[0] = {perl} if ++$calls > {calls} && @$x == 7;\n    return 1;\n}}",
        f"def f(x: list[float]) -> int:\n    f.calls += 1\n"
        f"    if f.calls > {calls} and len(x) == 7:\n        x[0] = {python}\n"
        "    return 1\n\n\nf.calls = 0\n",
    )
    entry = project.run(cases=CASES).pair("unit.f")
    assert entry["where"] == "argument x[0] after the call"
    assert entry["cases"] > bulk.FIRST


@pytest.mark.parametrize(
    ("perl", "python", "said"),
    [
        ("exit 3 if $n == 3; return 1", "return 1", "exit(3)"),
        ("kill 9, $$ if $n == 3; return 1", "return 1", "signal 9"),
        ("1 while $n == 3; return 1", "return 1", "the Perl sub did not return within 3 s on x ="),
        (
            "return 1",
            "while n == 3:\n        pass\n    return 1",
            "the Python port did not return within 3 s on x =",
        ),
        ("return 1", "raise SystemExit if n == 3 else 0", "raised SystemExit on x ="),
    ],
)
def test_what_stops_a_large_run(tmp_path: Path, perl: str, python: str, said: str) -> None:
    project = Project(tmp_path, "perl")
    if python.startswith("raise"):
        python = "if n == 3:\n        raise SystemExit\n    return 1"
    rare(project, perl, python)
    project.settings("timeout = 3\n")
    entry = project.run(cases=4000).pair("unit.f")
    assert entry["verdict"] == "could not run"
    assert said in entry["reason"], entry["reason"]
    assert not project.remaining()


def test_arrays_of_a_cases_file(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        """
        sub f {
            my ($m, $v, $t, $i) = @_;
            die 'shape' if $m->{rows} != @{$m->{values}} || @$v != 3 || $t !~ /^[ab]$/ || ref $i;
            return $m->{values}[0] * $v->[2];
        }
        """,
        "def f(m: dict[str, object], v: list[float], t: str, i: int) -> float:\n"
        "    return m['values'][0] * v[2]\n",
    )
    project.file(
        "cases/unit.py",
        """
        import numpy as np
        from hypothesis import strategies as st
        from parity import Cases

        f = Cases(
            st.just(({"rows": 2, "values": [1.5, 2.5]}, [1.5, 0.5, 2.0], "a", 3)),
            arrays=lambda chance, n: (
                {"values": chance.random((n, 2)), "rows": np.full(n, 2)},
                chance.random((n, 3)),
                chance.choice(["a", "b"], n).tolist(),
                chance.integers(0, 5, n),
            ),
        )
        """,
    )
    entry = project.run(cases=5000).pair("unit.f")
    assert (entry["verdict"], entry["failed"]) == ("identical", 0), entry
    assert entry["cases"] > 4000  # the strategy has a single one


@pytest.mark.parametrize(
    ("gives", "said"),
    [
        ("np.full(n, 2**63, np.uint64),", "gives integers past 2**63 - 1"),
        ("np.zeros(n // 2),", "values where"),
        ("np.zeros(n)", "not iterable"),
        ("1 / 0,", "division by zero"),
        ("[1, 'a'] * (n // 2),", "values of more than one kind"),
        (f"[{columns.SEPARATOR!r}] * n,", "in it, which parity uses itself"),
    ],
)
def test_wrong_arrays_of_a_cases_file(tmp_path: Path, gives: str, said: str) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { return 1 }", "def f(x: int) -> int:\n    return 1\n")
    project.file(
        "cases/unit.py",
        "import numpy as np\nfrom hypothesis import strategies as st\nfrom parity import Cases\n\n"
        f"f = Cases(st.tuples(st.integers(0, 9)), arrays=lambda chance, n: ({gives}))\n",
    )
    run = project.run(cases=3000)
    assert said in run.pair("unit.f")["reason"]
    assert run.status == 1


def test_a_port_that_ends_an_iteration(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        'sub f { my ($x) = @_; die "no\\n" if $x % 2; return $x }',
        'def f(x: int) -> int:\n    if x % 2:\n        raise StopIteration("no")\n    return x\n',
    )
    entry = project.run(cases=5000).pair("unit.f")
    assert (entry["verdict"], entry["cases"]) == ("identical", 5000)
    assert 1000 < entry["failed"] < 4000


def test_the_same_seed_makes_the_same_large_run(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    rare(project, "return $n == 3 ? 1 : 0", "return 0")
    first, again, other = (project.run(cases=CASES, seed=seed).pair("unit.f") for seed in (1, 1, 2))
    assert first["cases"] == again["cases"] != other["cases"]
