"""What the sources of both sides tell of inputs."""

from __future__ import annotations

import pytest

from parity.inputs import source_values


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (r"$x =~ /^\d+-[a-z]{2}\z/ or die", [r"^\d+-[a-z]{2}\Z"]),
        (r"return unless /a|b/i && $y !~ m/c\/d/;", [r"(?i)a|b", r"c\/d"]),
        (r"(my $t = $s) =~ s/ +$/ /g; my @p = split /\s*,\s*/, $t;", [" +$", r"\s*,\s*"]),
        (r"my $word = qr{(\w{2,}) = }x; s{<b>}{}g", [r"(?x)(\w{2,}) = ", "<b>"]),
        ("$x =~ /^$prefix/; $x =~ /a(/; $x / 2 + $y / 3", []),
        (r"$x =~ m~a/\d+~i; qr|b!| && m{c}", [r"(?i)a/\d+", "b!", "c"]),
        (r"$x =~ /\A(?<k>[[:upper:]]+)\h\k<k>\z/", [r"\A(?P<k>[A-Z]+)[ \t](?P=k)\Z"]),
        (r"$x =~ /^\$[0-9]+\\\@a$/; $x =~ /a\\$b/", [r"^\$[0-9]+\\\@a$"]),
        (r"$x =~ m(^(?:a|b)$) && m[[0-9]x] && m<y>", [r"^(?:a|b)$", "[0-9]x", "y"]),
        ("$x =~ / a # one\n b /x; qr/ c\n d /ix", ["(?x) a # one\n b ", "(?ix) c\n d "]),
        (r"$x =~ /[[:punct:]]/; f(%m, one, 2)", []),
        (r"$x =~ /\p{Lu}\p{Ll}+\x{42}\K[^[:space:][:digit:]]/", [r"[A-Z][a-z]+\x42[^\s0-9]"]),
    ],
)
def test_regular_expressions_of_perl(source: str, found: list[str]) -> None:
    assert source_values.patterns((source, "perl")) == found


def test_regular_expressions_of_python() -> None:
    source = r"""re.sub(r"['0-9]+", "", x); re.compile('a"b')"""
    assert source_values.patterns((source, "python")) == [r"['0-9]+", 'a"b']
