"""A file of subs, and live perls that have it loaded."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from parity.outcome import BatchOutcome, PerlDied
from parity.perl.process import Calls, Perl
from parity.values import columns

FILE = r"""
use strict;
use warnings;
use utf8;
use POSIX ();
use File::Basename qw(dirname);
sub same  { return $_[0] }
sub all   { return @_ }
sub is_upgraded { return utf8::is_utf8($_[0]) }
sub code  { return \&same }
sub nameless { return sub { 1 } }
sub größe { return \&größe }
sub 大きさ { return \&大きさ }
sub glob_itself { return *STDOUT }
sub glob_reference { return \*STDOUT }
sub object { return bless {}, 'Some::Class' }
sub pattern { return qr/x/ }
sub scalar_reference { return \"x" }
sub reference_reference { return \\"x" }
sub format_error { return [1, {a => [sub { }, *STDERR]}] }
sub past_unicode { return "a\x{110000}" }
sub key_past_unicode { return {"a\x{110000}" => 1} }
sub warns_past_unicode { warn "a\x{110000}\n"; return 1 }
sub dies_past_unicode { die "a\x{110000}\n" }
sub own_list { my @list = (1); push @list, \@list; return \@list }
sub own_list_twice { my @list; push @list, \@list, \@list; return \@list }
sub deep { my $value = 1; $value = [$value] for 1 .. 2_000; return $value }
sub tree {
    my $root = {children => []};
    push @{$root->{children}}, {parent => $root, number => $_} for 1 .. 3;
    return $root;
}
sub weak_tree {
    my $root = {children => []};
    for my $number (1 .. 3) {
        push @{$root->{children}}, {parent => $root, number => $number};
        Scalar::Util::weaken($root->{children}[-1]{parent});
    }
    return $root;
}
sub shared { my $row = [1, 2]; return [$row, $row] }
1;
"""


def calls(
    sub: str, cases: Sequence[Sequence[Any]], context: str = "scalar", invocant: str | None = None
) -> Calls:
    """Calls of a sub of main with these cases."""
    arguments = [columns.of(one, keep_integers=True) for one in zip(*cases, strict=True)]
    return Calls(sub, context, invocant, len(cases), arguments)


def results(outcome: BatchOutcome) -> list[Any]:
    return outcome.column.values()


class Live:
    """Live workers, one for each perl and mode, started anew where one has died."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.workers: dict[tuple[str, bool], Perl] = {}

    def perl(self, exe: str, boxed: bool = False) -> Perl:
        perl = self.workers.get((exe, boxed))
        if perl is None or perl._process.poll() is not None:
            if perl:
                perl.close()
            kind = "boxed" if boxed else "plain"
            perl = self.workers[exe, boxed] = Perl(exe, self.file, kind=kind)
        return perl

    def call(self, exe: str, sub: str, *arguments: Any, boxed: bool = False) -> BatchOutcome:
        """One call's outcome; a worker that takes longer than two seconds is killed."""
        perl = self.perl(exe, boxed)
        timer = threading.Timer(2, perl._process.kill)
        timer.start()
        try:
            return perl.call(calls(sub, [arguments]))[0]
        except PerlDied:
            perl._process.wait()
            raise
        finally:
            timer.cancel()
