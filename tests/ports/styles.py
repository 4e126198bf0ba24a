"""Eight styles of taking arguments in Perl, by the paths that a verdict on a sub may take.

In each, `sub f` calls `sub inner`, whose ports are right or wrong; the style is that of `inner`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Style:
    """`sub inner`, which returns 3 * $x + $y, and how it is called with $x and $y."""

    sub: str
    call: str = "inner($x, $y)"


STYLES = {
    "shift": Style("sub inner { my $x = shift; my $y = shift; return 3 * $x + $y }"),
    "changed_in_place": Style(
        "sub inner { unshift @_, 3; $_ = -$_ for my @all = splice @_, 0, 2;"
        " return $all[0] * $all[1] + pop @_ }"
    ),
    "ampersand": Style(
        "sub inner { my ($x, $y) = @_; return 3 * $x + $y }\nsub again { return &inner }",
        "again($x, $y)",
    ),
    "goto": Style(
        "sub inner { my ($x, $y) = @_; return 3 * $x + $y }\nsub again { goto &inner }",
        "again($x, $y)",
    ),
    "local": Style("sub inner { local @_ = (@_, 3); return $_[2] * $_[0] + $_[1] }"),
    "prototype": Style("sub inner($$) { my ($x, $y) = @_; return 3 * $x + $y }", "inner $x, $y"),
    "defaults": Style("sub inner { my $x = shift // 1; my $y = shift // 2; return 3 * $x + $y }"),
    "wantarray": Style(
        "sub inner { my ($x, $y) = @_; return wantarray ? (1, 2) : 3 * $x + $y }",
        "scalar inner($x, $y)",
    ),
}
RIGHT, WRONG = "3 * x + y", "3 * x + y + 4096"


@dataclass(frozen=True)
class Path:
    """A sub f and its port, where %s stands for the call of inner.

    right, wrong: what the entry of such a port has to hold: keys, and parts of their texts or the
    least counts. more: what stands above f in the sub's file. cases: what the cases file says.
    """

    perl: str
    python: str
    right: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, Any] = field(default_factory=dict)
    more: str = ""
    cases: str = ""


PLAIN = "my ($x, $y) = @_; my $z = %s; return $z + 1"
LARGE = "[st.integers(2**51, 2**53 - 1).map(float)] * 2"
PATHS = {
    "first_difference": Path(PLAIN, "return inner(x, y) + 1", {}, {"first_step": ".inner'"}),
    "state": Path(
        "my ($x, $y) = @_; my $z = $calls++ < 40 ? 0 : %s; return $z",
        "f.calls += 1\n    return 0 if f.calls <= 40 else inner(x, y)",
        {},
        {"why": "only after other calls", "cases": "41"},
        more="my $calls = 0;",
        cases="f = Cases(st.tuples(*[st.floats(1, 1000)] * 2))",
    ),
    "explained": Path(
        PLAIN,
        "return inner(x, y) + 1",
        {"worst_explained": "distance"},
        {},
        cases=f"f = Cases(st.tuples(*{LARGE}))",
    ),
    "known": Path(
        "my ($x, $y) = @_; my $z = %s; return $x == 5 ? 7 : $z",
        "return 8 if x == 5 else inner(x, y)",
        {"known": 1},
        {},
        cases="from parity import Known\nf = Cases(examples=[(5.0, 1.0)], known="
        "[Known((5.0, 2.0), perl=7, python=8, why='meant', when=lambda x, y: x == 5)])",
    ),
    "coverage": Path(
        "my ($x, $y) = @_;\nmy $z = 0;\nif ($x > 0) {\n    $z = %s;\n}\nreturn $z",
        "z = 0.0\n    if x > 0:\n        z = inner(x, y)\n    return z",
        {"coverage": "'missing': [], 'not_measurable': []"},
        {},
    ),
}
