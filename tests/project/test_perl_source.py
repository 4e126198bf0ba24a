"""What is read of Perl source text: subs and their packages, literals, patterns, errors."""

from __future__ import annotations

import textwrap

import pytest
from conftest import Project

from parity.project import perl_source


def _source(text: str) -> bytes:
    return textwrap.dedent(text).lstrip("\n").encode()


def _subs(text: str) -> list[tuple[str, int, int]]:
    return [(sub.name, sub.line, sub.end) for sub in perl_source.subs(_source(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("sub f { 1 }", ["main::f"]),
        ("package A::B; sub f { 1 }", ["A::B::f"]),
        ("{ package X; sub f { 1 } } sub g { 2 }", ["X::f", "main::g"]),
        (
            "package A; { package X; sub f { 1 } sub f2 { 2 } } sub g { 2 }",
            ["X::f", "X::f2", "A::g"],
        ),
        ("package A; BEGIN { package X; sub f { 1 } } sub g { 2 }", ["X::f", "A::g"]),
        ("package A; sub o { package X; sub f { 1 } } sub g { 2 }", ["A::o", "X::f", "A::g"]),
        ("package A { sub f { 1 } } sub g { 2 }", ["A::f", "main::g"]),
        ("package A 1.2 { sub f { 1 } } package B 1.3; sub g { 2 }", ["A::f", "B::g"]),
        ("package # hidden from PAUSE\n  A; sub f { 1 }", ["A::f"]),
        ("package A'B; sub f { 1 } sub C'D'g { 2 }", ["A::B::f", "C::D::g"]),
        ("package A::2022_B; sub f { 1 }", ["A::2022_B::f"]),
        ("package A; sub B::f { 1 } sub ::g { 2 } sub ::B::h { 3 }", ["B::f", "main::g", "B::h"]),
        ("package A; sub ENV { 1 }", ["main::ENV"]),
        ("sub f; sub f { 1 } sub g($$);", ["main::f"]),
        ("my sub f { 1 } state sub g { 2 } our sub h { 3 }", ["main::h"]),
        ("if (1) { sub f { 1 } } BEGIN { sub g { 2 } } END { h() }", ["main::f", "main::g"]),
        ("sub f { sub g { 1 } my $h = sub { sub i { 2 } } }", ["main::f", "main::g", "main::i"]),
        ("package A; AUTOLOAD { 1 } DESTROY { 2 }", ["A::AUTOLOAD", "A::DESTROY"]),
        ("package A; *f = sub { 1 }; *B::g = sub { 2 };", ["A::f", "B::g"]),
        ("local *f = sub { 1 }; *{$name} = sub { 2 }; *g = \\&f; $h = sub { 3 };", []),
        (
            "sub f($x, $y = 2) { 1 } sub g :lvalue { $x } sub h (&@) { }",
            ["main::f", "main::g", "main::h"],
        ),
        ("# sub f { 1 }\nmy $x = 'sub g { 1 }'; my $y = q{sub h { 1 }};", []),
        ("print <<A, <<'B';\nsub f { 1 }\nA\nsub g { 1 }\nB\nsub h { 1 }", ["main::h"]),
        ("=pod\n\nsub f { 1 }\n\n=cut\n\nsub g { 1 }", ["main::g"]),
        ("sub f { 1 }\n__END__\nsub g { 1 }", ["main::f"]),
        ("sub f { 1 }\n__DATA__\nsub g { 1 }", ["main::f"]),
        ("format F =\n@<<\n$x\n.\nsub f { 1 }", ["main::f"]),
        ("sub f { 1<<index('a', 'b') } sub g { $_[0] =~ /[@#]/ }", ["main::f", "main::g"]),
        ("sub f { (PI * $_[0]) } sub g { 2 }", ["main::f", "main::g"]),
    ],
)
def test_names_of_subs(text: str, names: list[str]) -> None:
    assert [name for name, *_ in _subs(text)] == names
    assert perl_source.errors(text.encode()) == []


def test_lines_of_subs() -> None:
    assert _subs(
        """
        sub f
        {
            my $text = "}";
            if ($text) {
        }
        }
        sub g { 1 } sub h {
            2 }
        """
    ) == [("main::f", 1, 6), ("main::g", 7, 7), ("main::h", 7, 8)]


def test_a_byte_order_mark_and_latin_1() -> None:
    assert _subs("\ufeffsub f { 1 }") == [("main::f", 1, 1)]
    source = b"# caf\xe9\nsub f { 'caf\xe9' } sub g { 2 }\n"
    assert [sub.name for sub in perl_source.subs(source)] == ["main::f", "main::g"]
    assert [source[slice(*sub.span)][:5] for sub in perl_source.subs(source)] == [
        b"sub f",
        b"sub g",
    ]


def test_packages() -> None:
    text = "package A'B; { package C; } package A'B; sub D::f { 1 } sub main::g { 1 } use E;"
    assert perl_source.packages(text.encode()) == ["A::B", "C", "D"]
    assert perl_source.packages(b"sub f { 'package X;' }\n# package Y;\n") == []


def test_errors_are_named_by_their_lines() -> None:
    assert perl_source.errors(b"sub f { 1 }\nsub g { 2 }\n") == []
    assert perl_source.errors(b"sub f { 1 }\nmy $x = = 3;\nsub g { 2 }\n") == [2]
    assert perl_source.errors(b"sub f {\n  1;\n") != []


def test_literals() -> None:
    source = _source(
        r"""
        my @n = (1, 1_000, .5, 1e3, 0x1F, 0b101, 017, 1.25, $x{7}, $x[8]);    # 99
        my @t = ('a', "b", q(c), qq{d\n\t\x41\x{263a}\"}, 'it''s', 'x\'y\\z', '12', "");
        my @w = qw(e f-g); my @no = ("h$x", "i@y", "j\Qk", "l@{[ 'm' ]}");
        my $p = qr/n 3/; # 'o'
        my @s = (" p", ' ');
        """
    )
    numbers, texts = perl_source.literals(source)
    assert numbers == [1.0, 1000.0, 0.5, 1000.0, 31.0, 5.0, 15.0, 1.25, 7.0, 8.0, 12.0]
    assert texts[:4] == ["a", "b", "c", 'd\n\tA☺"']
    assert texts[4:] == ["it", "s", "x'y\\z", "12", "", "e", "f-g", "m", " p", " "]


def test_patterns() -> None:
    source = _source(
        r"""
        $x =~ /a(\d+)/gi; m{b{2} c}x; s/d\/e/f/; s{g}{h}e; qr'i$'; split /,/, $x; split(';', $x);
        split ' ', $x; m!j!; qr<k>; m[l]; $x / 2; $y / 3; tr/m/n/; "/o/"; # /p/
        m{
            q   # a comment
        }xs;
        /r$x/; /s@{y}t/; /$/; / /; grep { !/u/ } @x; '/v/';
        """
    )
    assert perl_source.patterns(source) == [
        ("a(\\d+)", "gi"),
        ("b{2} c", "x"),
        ("d\\/e", ""),
        ("g", "e"),
        ("i$", ""),
        (",", ""),
        (";", ""),
        ("j", ""),
        ("k", ""),
        ("l", ""),
        ("\n    q   # a comment\n", "xs"),
        ("$", ""),
        (" ", ""),
        ("u", ""),
    ]


# --- in a project -----------------------------------------------------------------------------


def test_a_package_in_a_block_ends_with_it(project: Project) -> None:
    project.file(
        "perl/Acme.pm",
        "package Acme;\n{ package Acme::Helper; sub helper { 2 } }\nsub total { 1 }\n1;\n",
    )
    project.file("port/Acme.py", "def total() -> float:\n    return 1.0\n")
    done = project.parity("run", "Acme::total", "--cases", "1")
    assert done.status == 0, done
    listed = project.parity("list").out
    assert "Acme::total" in listed and "Acme::Helper::helper" in listed


def test_a_sub_that_is_assigned_is_called(project: Project) -> None:
    project.file("perl/unit.pl", "*f = sub { $_[0] + 1 };\n*g = sub { 2 };\n1;\n")
    project.file(
        "port/unit.py",
        "def f(x: float) -> float:\n    return x + 1\n\n\ndef g() -> float:\n    return 3.0\n",
    )
    assert project.parity("run", "unit.f", "--cases", "20").status == 0
    done = project.parity("run", "unit.g", "--cases", "1")
    assert done.status == 1 and "differs" in done.out


def test_perl_that_is_not_understood_is_named(project: Project) -> None:
    project.file("perl/fine.pl", "sub f { 1 }\n1;\n")
    project.file("port/fine.py", "def f() -> float:\n    return 1.0\n")
    assert "not understood" not in project.parity("list").err + project.parity("run").out
    project.file("perl/odd.pl", "sub g { 1 }\n\nmy $x = = 3;\n1;\n")
    note = "odd.pl:3: this Perl is not understood; a sub near it may not be found"
    for words, status in ((["list"], 0), (["list", "--json"], 0), (["run", "fine"], 0)):
        done = project.parity(*words)
        assert done.status == status
        said = done.out + done.err
        assert said.count(note) == 1
    assert project.parity("list", "--check").status == 1  # for odd.g has no port
