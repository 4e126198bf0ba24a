"""What the sources of both sides tell of inputs."""

from __future__ import annotations

from typing import Any

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
    assert source_values.read([(source, "perl")], []).patterns == found


def test_regular_expressions_of_python() -> None:
    source = r"""re.sub(r"['0-9]+", "", x); re.compile('a"b')"""
    assert source_values.read([(source, "python")], []).patterns == [r"['0-9]+", 'a"b']


def test_flags_of_pythons_regular_expressions() -> None:
    source = "def f(x):\n    return re.match('a', x, re.I | re.DOTALL) or re.match(b'b', x)\n"
    assert source_values.read([(source, "python")], []).patterns == ["(?is)a"]


def test_a_lexers_anchor_is_left_out() -> None:
    found = source_values.read([(r"$x =~ /\G(\d+)\s*/gc", "perl")], []).patterns
    assert found == [r"(\d+)\s*"]


def test_many_numbers_leave_room_for_texts() -> None:
    """Each number has neighbours, which must not crowd out what else stands in the sources."""
    perl = "my %price = (" + ", ".join(f"{n} => {7 * n}" for n in range(1, 60)) + ");"
    perl += "$cents *= 3 if $service eq 'overnight';"
    found = source_values.read([(perl, "perl")], [])
    assert {"overnight", 413} <= set(found.constants)
    assert "overnight" in found.own_texts


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ("my %n = map { $_ => 1 } qw(Mr Mrs Fig approx);", "perl"),
        ("my %n = (Mr => 1, Mrs => 2, Fig => 3, 'approx', 4);", "perl"),
        ("my @n = split ' ', 'Mr Mrs Fig approx and more names that make it longer';", "perl"),
        ("NAMES = set('Mr Mrs Fig approx and more names that make it longer'.split())", "python"),
        ("NAMES = {'Mr': 1, 'Mrs': 2, 'Fig': 3, 'approx': 4}", "python"),
    ],
)
def test_words_of_lists_and_keys(source: str, language: Any) -> None:
    found = source_values.read([(source, language)], [])
    assert {"Mr", "Mrs", "Fig", "approx"} <= set(found.own_texts)


def test_what_is_no_value() -> None:
    source = 'def f(x):\n    """Documentation."""\n    return re.sub("ab+", "-", x)\n'
    assert source_values.read([(source, "python")], []).own_texts == ["-"]
    assert source_values.read([("def f(:", "python")], []).constants == []


def test_products_of_the_numbers() -> None:
    found = source_values.read([("return $n / (1024 * 60)", "perl")], []).constants
    assert {1024 * 60 - 1, 1024 * 1024 - 1, 1024 * 1024} <= set(found)


def test_constants_of_the_files_are_bounded() -> None:
    table = "my @t = (" + ", ".join(f"'t{n}', {n}" for n in range(5000)) + ");"
    found = source_values.read([("return 1", "perl")], [(table, "perl")]).constants
    assert sum(type(one) is str for one in found) <= source_values.MOST_CONSTANTS + 1
