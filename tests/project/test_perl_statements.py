"""The copy of a Perl source in which each statement has line numbers of its own."""

from __future__ import annotations

import pytest

from parity.project.perl_statements import isolate, places

HEAD = '# line 1 "x.pl"\n'


@pytest.mark.parametrize(
    "source",
    [
        "sub f {\n    my ($n) = @_;\n    return $n if $n;\n    g(1,\n      2);\n}\n1;\n",
        "if ($x) {\n    f();\n}\nelsif ($y) {\n    g();\n} else {\n    h();\n}\n",
        "for (my $i = 0; $i < 2; $i++) {\n    f(@{$x->{list}}, ${$y});\n}\n",
        "print <<E, <<'F';\n$x; $y;\nE\nF\nf();\n",
        "my $x = = 2; f(); g();\n",
    ],
)
def test_what_needs_no_other_lines_is_left_as_it_is(source: str) -> None:
    copy = isolate(source.encode(), "x.pl")
    assert (copy.text.decode(), copy.changed) == (HEAD + source, False)


def test_a_semicolon_alone_changes_no_lines() -> None:
    copy = isolate(b"sub f { return $_[0] }\n", "x.pl")
    assert (copy.text.decode(), copy.changed) == (HEAD + "sub f { return $_[0]; }\n", False)


def test_statements_of_a_shared_line_are_moved() -> None:
    source = "sub f { my ($n) = @_; map { $n } 1, 2 }\nf(1);\n"
    copy = isolate(source.encode(), "x.pl")
    assert copy.text.decode() == HEAD + (
        "sub f { my ($n) = @_; \n# line 4\nmap {; \n# line 5\n$n; \n# line 6\n} 1, 2; }\n"
        "# line 2\nf(1);\n"
    )
    assert copy.changed
    numbers = [one.numbers for one in copy.statements]
    assert all(numbers) and len({n for some in numbers for n in some}) == sum(map(len, numbers))


def test_a_byte_order_mark_stays_first() -> None:
    text = isolate(b"\xef\xbb\xbff(); g();\n", "x.pl").text
    assert text.startswith(b'\xef\xbb\xbf# line 1 "x.pl"\nf(); \n# line ')


def test_what_stands_behind_a_heredoc_or_in_a_text_is_not_moved() -> None:
    copy = isolate(b'f(<<E); g();\nE\nh("@{[ map { $_ } 1 ]}");\n', "x.pl")
    assert [bool(one.numbers) for one in copy.statements] == [True, False, True, False]
    assert copy.changed is False


def test_places() -> None:
    copy = isolate(b"f(); g();\nh();\n", "x.pl")
    assert list(places(copy.statements, "x.pl")) == ["x.pl:1", "x.pl:1:6", "x.pl:2"]
