"""The project that soak.py judges: right and wrong ports, and what is true of each pair."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SETTINGS = """
[tool.parity]
perl = "perl"
python = "port"
cases = "cases"
vectorized = "fast"

[tool.parity.names]
"Shop::*" = "*"

[tool.parity.pairs]
"Shop::named" = { python = "shop:named", method = true }

[tool.parity.programs]
total = { perl = "bin/total.pl", python = "bin/total.py", cases = 8 }
wrong_total = { perl = "bin/total.pl", python = "bin/wrong_total.py" }
"""

# number code: whole doubles make perl calculate in integers, which only boxes explain
NUMBERS_PL = """
use strict;
use warnings;

sub slopes {
    my ($vec_a, $vec_y) = @_;
    die "vectors of unequal length\\n" if @$vec_a != @$vec_y;
    return [map { $vec_a->[$_] - $vec_y->[$_] } 0 .. $#$vec_a];
}

sub line {
    my ($x) = @_;
    return 3 * $x + 2;
}

# it takes long enough to be killed meanwhile
sub series {
    my ($x) = @_;
    my $total = 0.0;
    for my $n (1 .. 400) {
        $total = $total + $n * $x;
    }
    return $total;
}

sub third {
    my ($x) = @_;
    return $x > 100 ? $x / 3 : $x;
}

sub inverse {
    my ($x) = @_;
    die "nothing\\n" if $x == 0;
    return 1 / $x;
}

sub doubled {
    my ($n) = @_;
    return $n + $n;
}

sub doubled_later {
    my ($n) = @_;
    return doubled($n) + 1;
}

1;
"""
NUMBERS_PY = """
def slopes(vec_a: list[float], vec_y: list[float]) -> list[float]:
    if len(vec_a) != len(vec_y):
        raise ValueError("vectors of unequal length")
    return [a - y for a, y in zip(vec_a, vec_y)]


def line(x: float) -> float:
    return 3 * x + 2


def series(x: float) -> float:
    total = 0.0
    for n in range(1, 401):
        total = total + n * x
    return total


def third(x: float) -> float:
    return x / 3 if x >= 100 else x


def inverse(x: float) -> float:
    if x == 0:
        raise ValueError("nothing")
    return 1 / x


def doubled(n: int) -> int:
    return n + n if n < 50 else n * 3


def doubled_later(n: int) -> int:
    return doubled(n) + 1
"""
NUMBERS_FAST = """
import numpy as np


def slopes(vec_a, vec_y):
    if len(vec_a) != len(vec_y):
        raise ValueError("vectors of unequal length")
    return vec_a - vec_y


def line(x):
    return 3 * x + 2.001


def series(x):
    return float(np.sum(np.arange(1, 401) * x))
"""
NUMBERS_CASES = """
from hypothesis import strategies as st
from parity import Cases

whole = st.one_of(st.integers(-(2**54), 2**54).map(float), st.just(-0.0), st.floats(-9, 9))
vector = st.lists(whole, min_size=1, max_size=4)
slopes = Cases(st.tuples(vector, vector))
line = Cases(st.tuples(whole))
series = Cases(st.tuples(st.one_of(*[st.floats(-9, 9)] * 9, whole)))
third = Cases(st.tuples(st.integers(0, 999).map(float)))
small = st.tuples(st.integers(-99, 99))
doubled = doubled_later = Cases(small)
inverse = Cases(st.tuples(st.sampled_from([0.0, 3.0, 7.0, 0.1])))
"""

CALLBACKS_PL = """
use strict;
use warnings;

sub half {
    my ($x) = @_;
    return $x / 2;
}

sub sum_of {
    my ($function, $values) = @_;
    my $total = 0.0;
    for my $value (@$values) {
        $total = $total + $function->($value);
    }
    return $total;
}

1;
"""
CALLBACKS_PY = """
from collections.abc import Callable


def half(x: float) -> float:
    return x / 2


def sum_of(function: Callable[[float], float], values: list[float]) -> float:
    total = 0.0
    for value in values:
        total = total + function(value)
    return total
"""

TEXT_PL = """
use strict;
use warnings;

sub backwards {
    my ($text) = @_;
    return length($text) . ':' . reverse $text;
}

sub sign {
    my ($x) = @_;
    return $x <=> 0;
}

1;
"""
TEXT_PY = """
def backwards(text: str) -> str:
    return f"{len(text)}:{text[::-1]}"


def sign(x: float) -> int | None:
    return 1 if x >= 0 else -1
"""
TEXT_CASES = """
from hypothesis import strategies as st
from parity import Cases, Known

backwards = Cases(st.tuples(st.text("aé ÿß", max_size=9)))
sign = Cases(
    st.tuples(st.integers(-9, 9).map(float)),
    known=[Known((0.0,), perl=0, python=1, why="zero has no sign", when=lambda x: x == 0)],
)
"""

# each keeps state between calls; the port of `after` forgets it
STATE_PL = """
use strict;
use warnings;

my ($total, $before) = (0, 0);

sub running_total {
    my ($n) = @_;
    $total = ($total + $n) % 1000;
    return $total >= 0 ? $n : -1;
}

sub after {
    my ($n) = @_;
    my $last = $before;
    $before = $n;
    return $last == 13 ? -1 : $n;
}

1;
"""
STATE_PY = """
total = 0


def running_total(n: int) -> int:
    global total
    total = (total + n) % 1000
    return n if total >= 0 else -1


def after(n: int) -> int:
    return n
"""
STATE_CASES = """
from hypothesis import strategies as st
from parity import Cases

running_total = after = Cases(st.tuples(st.integers(0, 20)))
"""

SHOP_PM = """
package Shop;

use strict;
use warnings;

sub named {
    my ($class, $name) = @_;
    return {class => $class, name => $name};
}

1;
"""
SHOP_PY = """
def named(name: str) -> dict[str, str]:
    return {"class": "Shop", "name": name}
"""

TOTAL_PL = """
use strict;
use warnings;

my $total = 0;
while (my $line = <STDIN>) {
    $total += $1 if $line =~ /(\\d+)/;
}
print "total $total\\n";
exit($total > 100 ? 1 : 0);
"""
TOTAL_PY = """
import re
import sys

found = (re.search(r"[0-9]+", line) for line in sys.stdin)
total = sum(int(match[0]) for match in found if match)
print("total", total)
sys.exit(total > 100)
"""
PROGRAMS_CASES = """
from hypothesis import strategies as st
from parity import Cases, Run

lines = st.lists(st.integers(0, 150).map("a {}\\n".format), max_size=4).map("".join)
total = Cases(st.builds(lambda text: Run(stdin=text), lines), examples=[Run(stdin="b 7\\n")])
wrong_total = Cases(examples=[Run(stdin="b 7\\n"), Run(stdin="b 7\\nc 94\\n")])
"""

FILES = {
    "pyproject.toml": SETTINGS,
    "perl/numbers.pl": NUMBERS_PL,
    "port/numbers.py": NUMBERS_PY,
    "fast/numbers.py": NUMBERS_FAST,
    "cases/numbers.py": NUMBERS_CASES,
    "perl/callbacks.pl": CALLBACKS_PL,
    "port/callbacks.py": CALLBACKS_PY,
    "perl/text.pl": TEXT_PL,
    "port/text.py": TEXT_PY,
    "cases/text.py": TEXT_CASES,
    "perl/state.pl": STATE_PL,
    "port/state.py": STATE_PY,
    "cases/state.py": STATE_CASES,
    "perl/Shop.pm": SHOP_PM,
    "port/shop.py": SHOP_PY,
    "bin/total.pl": TOTAL_PL,
    "bin/total.py": TOTAL_PY,
    "bin/wrong_total.py": TOTAL_PY.replace("> 100", "> 101"),
    "cases/programs.py": PROGRAMS_CASES,
}

LATER = "only after other calls: one side keeps state between calls"
STATUS = "Perl exits with status 1, Python exits with status 0"


@dataclass(frozen=True)
class Truth:
    """What is true of a pair. numpy: the verdict on its NumPy version."""

    verdict: str = "identical"
    where: str = ""
    why: str = ""
    numpy: str = ""


TRUTHS = {
    "numbers.slopes": Truth(numpy="within bound"),
    "numbers.line": Truth(numpy="differs"),
    "numbers.series": Truth(numpy="within bound"),
    "numbers.third": Truth("differs", "the result"),
    "numbers.inverse": Truth(),
    "numbers.doubled": Truth("differs", "the result"),
    "numbers.doubled_later": Truth("differs", "the result"),
    "callbacks.half": Truth(),
    "callbacks.sum_of": Truth(),
    "text.backwards": Truth(),
    "text.sign": Truth(),
    "state.running_total": Truth(),
    "state.after": Truth("differs", "the result", LATER),
    "shop.named": Truth(),
    "programs.total": Truth(),
    "programs.wrong_total": Truth("differs", "exit status", STATUS),
}


def write(root: Path) -> None:
    """Write the project into a folder."""
    for name, text in FILES.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.lstrip("\n"), encoding="utf-8")
