"""`parity new`: what it reads in a sub, what it writes, what it leaves alone and refuses."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CASES, Project
from hypothesis import find

from parity import UsageError
from parity.calls.loading import load_cases
from parity.new.stub import new
from parity.project.settings import load

PAIR = '"Acme::Stock::totalOf" = "acme.stock:total_of"\n'


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project, with one perl."""
    return Project(tmp_path, "perl")


def start(project: Project, name: str) -> list[str]:
    return new(load(project.root), name)


def package(project: Project, text: str) -> None:
    project.file("perl/Acme/Stock.pm", f"package Acme::Stock;\nuse strict;\n{text}\n1;\n")


def stub(project: Project, text: str) -> str:
    """The head of what is written for the sub `f`; it loads, and its cases can be drawn."""
    package(project, text)
    start(project, "Acme::Stock::f")
    written = ast.parse((project.root / "port/acme/stock.py").read_text()).body[-1]
    assert isinstance(written, ast.FunctionDef)
    cases = load_cases(project.root / "cases/acme/stock.py", "f", needed=True)
    assert "Callable" in ast.unparse(written.args) or len(cases.examples) == 1
    if cases.inputs is not None:
        assert isinstance(find(cases.inputs, lambda case: True), tuple)
    return f"({ast.unparse(written.args)}) -> {ast.unparse(written.returns or written)}"


BODIES = {  # arguments and result, by the sub's body
    "my ($x, $y) = @_; return $x * $y;": "(x: float, y: float) -> float",
    "my $x = shift; my $y = shift @_; my $z = shift(); $x": "(x: float, y: float, z: float)",
    "my $x = shift // 5; my $y = shift || 'a'; 1": "(x: float=5, y: str='a') -> float",
    "my $x = shift // [1]; return @$x": "(x: list[float] | None=None) -> tuple[float, ...]",
    "my $x = shift || 5; my ($y) = @_; 1": "(x: float, y: float)",
    "my $n = @_ ? shift : 1; return $n % 2": "(n: int=1)",
    "@_ == 2 or die; my ($x, $y) = @_; $x . $y": "(x: str, y: str)",
    "my ($x, undef, $in) = @_; $x": "(x: float, arg1: float, in_: float)",
    "my ($list, $lambda) = @_; $$list[0]": "(list_: list[float], lambda_: float)",
    "return $_[0] . substr($_[1], $_[2], 1)": "(arg0: str, arg1: str, arg2: int)",
    "my $x = $_[0]; my $y = $_[1]; return $x == $y": "(x: float, y: float) -> bool",
    "my $x = shift; die if @_; my $n = @_; $x": "(x: float) -> float",
    "my ($x, @y) = @_; $_[3]": "(x: float, *y: float) -> float",
    "@{'x'} = @_; 1": "(*rest: float) -> float",
    "lc shift": "(arg0: str) -> str",
    "local ($a, $b) = @_; $a": "(a: float, b: float)",
    "my ($x, $y) = map { $_ // 0 } @_; $x": "(x: float, y: float)",
    "my $t = 0; $t += $_ for @_; return $t": "(*args: float)",
    "my ($x, @more) = @_; for my $m (@more) { $m .= $x }": "(x: str, *more: str) -> None",
    "my $x = shift; return join $x, @_": "(x: str, *rest: float) -> str",
    "my ($x, %o) = @_; $x * $o{by}": "(x: float, *o: str | float)",
    "my %o = @_; return; ": "(*o: str | float) -> None",
    "my ($x) = @_; return @$x": "(x: list[float]) -> tuple[float, ...]",
    "my ($x) = @_; return scalar @{$x}": "(x: list[float])",
    "my ($x) = @_; return [map { lc $_ } @$x]": "(x: list[str]) -> list[float]",
    "my ($m, $i) = @_; $m->[$i + 1][0] * 2": "(m: list[list[float]], i: int)",
    "my ($m) = @_; for my $r (@$m) { for (@$r) { $_ + 1 } }": "(m: list[list[float]]) -> None",
    "my ($h) = @_; my $k = $h->{a}; $k eq $$h{'b c'}": "(h: dict[str, str]) -> bool",
    "my ($h) = @_; $h->{n} + @{$h->{of}}": "(h: dict[str, float | list[float]])",
    "my ($h) = @_; return { %$h }": "(h: dict[str, float]) -> dict[str, float]",
    "my ($f) = @_; $f->(1, 2) + 1": "(f: Callable[[float, float], float])",
    "my ($f, $x) = @_; &$f($x)": "(f: Callable[[float], float], x: float)",
    "my ($s) = @_; $s =~ s/a/b/; return $s": "(s: str) -> str",
    "my ($n) = @_; return sub { shift }, [0 .. $n - 1]": "(n: int) -> tuple[float, ...]",
    "my ($node) = @_; $node = $node->{n} while $node; 1": "(node: dict[",
    "my ($class, $x) = @_; return $x . 'a'": "(x: str)",
    "my $self = shift; my $x = shift; $x": "(x: float)",
    "my ($self) = @_; $self->{x} . 'a'": "(self: dict[str, str])",
    "wantarray ? 1 : 0": "() -> tuple[float, ...]",
    "": "() -> float",
}


@pytest.mark.parametrize("body", BODIES)
def test_arguments_and_result(project: Project, body: str) -> None:
    assert stub(project, f"sub f {{\n    {body}\n}}").startswith(BODIES[body])


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("sub f($$) { my ($x, $y) = @_; $x + $y }", "(x: float, y: float)"),
        ("use feature 'signatures';\nsub f ($x, $y = 1, @z) { $x . $y }", "(x: str, y: str=1, *z"),
        ("sub g { 1 } sub f { my ($x) = @_; 1 } sub h { 1 }", "(x: float)"),
        ("use constant N => 2; sub f { my ($x) = @_; $x + ( N * $x ) }", "(x: float)"),
    ],
)
def test_other_forms(project: Project, text: str, head: str) -> None:
    assert stub(project, text).startswith(head)


def test_what_is_written(project: Project) -> None:
    package(project, "sub totalOf { my ($x, @y) = @_; $x += $_ for @y; return $x }")
    project.settings("\n[tool.other]\na   =  1  # odd\n")
    assert project.parity("new", "totalOf").out == (
        "1. write the port in port/acme/stock.py:4\n"
        "2. give the inputs in cases/acme/stock.py:3\n"
        "3. parity run Acme::Stock::totalOf\n"
    )
    assert (project.root / "cases/acme/stock.py").read_text() == (
        "from parity import Cases\n\ntotal_of = Cases(examples=[(1.0, 1.0)])\n"
    )
    told = (project.root / "pyproject.toml").read_text()
    assert f"[tool.parity.pairs]\n{PAIR}\n[tool.other]\na   =  1  # odd\n" in told
    port = project.root / "port/acme/stock.py"
    assert port.read_text() == (
        '"""The port of Stock.pm."""\n\n\ndef total_of(x: float, *y: float) -> float:\n'
        '    """The port of Acme::Stock::totalOf (perl/Acme/Stock.pm:3)."""\n'
        '    raise NotImplementedError("total_of is a stub: its body is still to be written")\n'
    )
    ran = project.parity("run", "Acme::Stock::totalOf", "--cases", "20")
    assert ran.status == 1 and "total_of is a stub: its body is still to be written" in ran.out
    body = "for one in y:\n        x = x + one\n    return x\n"
    port.write_text(port.read_text().partition("raise")[0] + body)
    ran = project.parity("run", "Acme::Stock::totalOf", "--cases", "50")
    assert ran.status == 0, ran.out + ran.err


@pytest.mark.parametrize(
    ("head", "first", "last"),
    [
        ("#!/usr/bin/python\nX = 1\n", "#!/usr/bin/python\n\nfrom col", "X = 1"),
        ('"""D."""\nfrom __future__ import annotations\n\nX = 1\n', '"""D."""\nfrom __f', "X = 1"),
        ('"""D\nd."""\n\nX = 1', '"""D\nd."""\n\nfrom collections', "X = 1"),
        ("from typing import (\n    Any,\n)\nX: Any = 1\n", "from typing import (\n", "X: Any = 1"),
        ("import math\r\n\r\nX = 1\r\n", "import math\r\nfrom collections", "X = 1\r"),
        ("from typing import Callable\n\n\nX = 1", "from typing import Callable\n\n\nX", "X = 1"),
    ],
)
def test_a_module_that_is_there(project: Project, head: str, first: str, last: str) -> None:
    package(project, "sub f { $_[0]->(1) }")
    port = project.file("port/acme/stock.py", "")
    port.write_bytes(head.encode())
    start(project, "Acme::Stock::f")
    text = port.read_bytes().decode()
    assert text.startswith(first) and f"{last}\n" in text
    assert text.count("\n") == text.count("\r\n") or "\r" not in text
    assert text.count("Callable\n") + text.count("Callable\r") == 1
    assert load_cases(port, "none") is not None  # it loads


@pytest.mark.parametrize(
    ("name", "settings", "there", "written", "pair"),
    [
        ("stock.totalOf", "", "", "stock.py: totalOf", ""),
        ("main::totalOf", "", "", "stock.py: totalOf", ""),
        ("stock.is", "", "", "stock.py: is_", '"stock.is" = "stock:is_"\n'),
        ("Acme::Stock::totalOf", "", "", "acme/stock.py: total_of", PAIR),
        ("Acme::Stock::totalOf", "", "Acme/Stock.py", "Acme/Stock.py: totalOf", ""),
        ("Acme::Stock::totalOf", 'names = {"Acme::*" = "a.*"}', "", "a/stock.py: total_of", ""),
        ("Acme::Stock::totalOf", 'names = {"Acme::*" = "a.*"}', "a/Stock.py", "a/Stock.py: to", ""),
        ("Acme::Stock::totalOf", f"[tool.parity.pairs]\n{PAIR}", "", "acme/stock.py: total_of", ""),
        ("Acme::Stock::make", "", "", "acme/stock.py: make", "method = true"),
        ("Acme::Bag::size", "", "", "acme/stock.py: size", ""),
        ("Far::g", "", "", "far.py: g", '"Far::g" = "far:g"\n'),
    ],
)
def test_where_the_port_goes(
    project: Project, name: str, settings: str, there: str, written: str, pair: str
) -> None:
    project.file("perl/stock.pl", "sub totalOf { 1 }\nsub is { 1 }\n1;\n")
    subs = "sub totalOf { 1 }\nsub make { my $class = shift; 1 }\n"
    project.file("perl/Far.pm", "package Far;\n{\n    1;\n}\nsub g { 1 }\n1;\n")
    package(project, f"{subs}package Acme::Bag {{ sub size {{ 1 }} }}")
    project.settings(settings)
    before = (project.root / "pyproject.toml").read_text()
    if there:
        project.file(f"port/{there}", "X = 1\n")
    start(project, name)
    file, _, function = written.partition(": ")
    assert f"def {function}" in (project.root / "port" / file).read_text()
    after = (project.root / "pyproject.toml").read_text()
    assert pair in after and (bool(pair) or name.startswith("Acme::Bag") or after == before)


def test_an_entry_that_is_there_is_left_alone(project: Project) -> None:
    package(project, "sub f { my ($x) = @_; $x }")
    text = f"{CASES}f = Cases(st.tuples(st.just(2.0)))\n"
    file = project.file("cases/acme/stock.py", text)
    assert start(project, "f")[1].endswith("cases/acme/stock.py:3")
    assert file.read_text() == text


REFUSED = [
    ("Acme::Stock::totl", "did you mean Acme::Stock::total?"),
    ("List::Util::max", "no sub List::Util::max is written in Perl in perl; `parity list`"),
    ("again", "again names 2 subs; name one: odd.again, Acme::Stock::again"),
    ("Acme::Stock::there", "port/acme/stock.py:1: there is there already, and is not overwritten"),
    ("odd.paired", "odd.paired has its port already: "),
    ("odd.broken", "perl/odd.pl does not compile: "),
    ("odd.method", "the port is to be a:B.c: a method is written by hand"),
    ("odd.none", "no sub odd.none is written in Perl in perl; did you mean "),
]


@pytest.mark.parametrize(("name", "said"), REFUSED)
def test_what_is_refused(project: Project, name: str, said: str) -> None:
    package(project, "sub total { 1 }\nsub again { 1 }\nsub there { 1 }")
    perl = (
        "sub paired { 1 }\nsub again { 1 }\nmy $text = q{\nsub none { 1 }\n};\nsub method { 1 }\n"
    )
    project.settings('[tool.parity.pairs]\n"odd.method" = "a:B.c"\n')
    project.file("perl/odd.pl", perl + "sub broken { my $x = ((1; }\n")
    project.file("port/odd.py", "def paired() -> float:\n    return 1.0\n")
    project.file("port/acme/stock.py", "there = 1\n")
    files = {file: file.read_text() for file in project.root.rglob("*") if file.is_file()}
    done = project.parity("new", name)
    assert (done.status, done.out) == (2, "")
    assert said in done.err and done.err.count("\n") == 1
    assert files == {file: file.read_text() for file in project.root.rglob("*") if file.is_file()}


def test_nothing_is_half_written(project: Project) -> None:
    package(project, "sub f { 1 }")
    project.file("cases/acme", "a file where a folder would be")
    with pytest.raises(UsageError, match="cases/acme"):
        start(project, "f")
    assert not (project.root / "port/acme").exists()


def test_without_the_extra() -> None:
    code = "import sys; sys.modules['tomlkit'] = None\nimport parity.new.stub\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.endswith(
        "parity new needs tomlkit; install the extra `new` from your checkout of "
        "perl-parity: pip install '/path/to/checkout[new]'\n"
    )
