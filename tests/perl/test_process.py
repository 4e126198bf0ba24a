"""Perl processes: what calls do, how a process ends, copies of it, what may be called."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import wait_for
from workers import FILE, Live, calls, results

from parity import CannotRun
from parity.outcome import Failure, PerlDied, SubExited, Unseparated, as_values
from parity.perl import codec
from parity.perl.process import WORKER, Calls, Perl
from parity.perl.version import command


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("perl") / "subs.pl"
    file.write_text(FILE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def live(file: Path) -> Iterator[Live]:
    workers = Live(file)
    yield workers
    for perl in workers.workers.values():
        perl.close()


# --- what the calls of a batch do -------------------------------------------------------------

BATCH = r"""
use strict; use warnings;
my $calls = 0;
sub grumble {
    my ($n) = @_;
    print "<$n>" if $n == 1;
    warn "no\n" if $n > 2;
    die "no\n" if $n == 4;
    die {code => $n} if $n == 6;
    return 1 / ($n - 5);
}
sub counted { return ++$calls }
sub add { $_[0] += 1; push @{$_[1]}, 'x'; return }
sub keeps { our @kept = ($_[0], 0, 0, 0); return \@kept }
sub changes { $_[0][3] += 1; return }
sub context { return wantarray ? 'list' : defined wantarray ? 'scalar' : 'void' }
sub of_class { return $_[0] }
sub leaves { my ($n) = @_; print {*STDERR} "bye\n"; exit $n }
sub dies_of { my ($signal) = @_; print {*STDERR} "ouch\nmore\n"; kill $signal, $$; sleep 5 }
sub ends { require POSIX; POSIX::_exit($_[0]) }
sub echoes { system "echo x"; return 1 }
sub asks { return rand() < 2 ? 1 : 0 }
sub outer { return inner($_[0], [1]) + inner(2) }
sub inner { my ($x) = @_; die "two\n" if $x == 2; $_[0] = 'changed'; return 5 }
1;
"""


@pytest.fixture
def batch(exe: str, tmp_path: Path) -> Iterator[Perl]:
    file = tmp_path / "batch.pl"
    file.write_text(BATCH)
    with Perl(exe, file) as perl:
        yield perl


def test_what_each_call_did_is_told_by_its_row(batch: Perl) -> None:
    cases = [[n] for n in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)]
    (outcome,) = batch.call(calls("main::grumble", cases))
    assert results(outcome)[:3] == [-0.25, -1 / 3, -0.5]
    division = Failure("die", "Illegal division by zero", True)
    failures = {3: Failure("die", "no"), 4: division, 5: Failure("die", {b"code": 6.0})}
    assert outcome.failures == failures
    assert outcome.printed == {0: b"<1>"}
    assert outcome.warnings == {row: ("no",) for row in (2, 3, 4, 5)}
    assert (outcome.changed, outcome.tainted, outcome.nondeterminism) == ({}, set(), {})
    some = outcome.take(np.array([0, 3, 5]))
    assert some.failures == {1: failures[3], 2: failures[5]}
    assert (some.printed, some.warnings) == ({0: b"<1>"}, {1: ("no",), 2: ("no",)})


def test_arguments_that_were_changed_come_with_their_number(batch: Perl) -> None:
    (outcome,) = batch.call(calls("main::add", [[1.0, [], "a"], [2.0, ["y"], "b"]]))
    assert results(outcome) == [None, None]
    changed = {number: as_values(column) for number, column in outcome.changed.items()}
    assert changed == {0: [2.0, 3.0], 1: [["x"], ["y", "x"]]}


def test_a_change_at_the_end_of_a_list_is_a_change(batch: Perl) -> None:
    (outcome,) = batch.call(calls("main::changes", [[[0.0, 0.0, 0.0, 1.0]]]))
    assert as_values(outcome.changed[0]) == [[0.0, 0.0, 0.0, 2.0]]


def test_a_list_that_the_sub_uses_again_is_kept_as_it_was(batch: Perl) -> None:
    wanted = [[float(n), 0.0, 0.0, 0.0] for n in range(150)]
    for _ in range(2):  # the first calls are made with care
        (outcome,) = batch.call(calls("main::keeps", [[n] for n, *_ in wanted]))
        assert results(outcome) == wanted


@pytest.mark.parametrize("context", ["scalar", "list", "void"])
def test_a_sub_is_called_in_the_context_asked_for(batch: Perl, context: str) -> None:
    (outcome,) = batch.call(calls("main::context", [[1.0]], context))
    wanted = {"scalar": "scalar", "list": ["list"], "void": None}[context]
    assert results(outcome) == [wanted]


def test_a_class_method_gets_its_class(batch: Perl) -> None:
    (outcome,) = batch.call(calls("main::of_class", [[1.0]], invocant="Some::Class"))
    assert results(outcome) == ["Some::Class"]


def test_a_batch_without_arguments(batch: Perl) -> None:
    (outcome,) = batch.call(Calls("main::counted", "scalar", None, 3, []))
    assert results(outcome) == [1.0, 2.0, 3.0]


def test_each_storage_is_a_run_of_its_own(batch: Perl) -> None:
    outcomes = batch.call(calls("main::counted", [[1.0]]), "plain", "upgraded")
    assert [results(outcome) for outcome in outcomes] == [[1.0], [2.0]]


def test_random_numbers_are_told_unless_they_have_a_seed(batch: Perl) -> None:
    assert batch.call(calls("main::asks", [[1.0]]))[0].nondeterminism == {0: "rand"}
    batch.seed(1)
    assert batch.call(calls("main::asks", [[1.0]]))[0].nondeterminism == {}


def test_a_batch_of_calls_sent_is_received_later(batch: Perl) -> None:
    batch.send(calls("main::counted", [[1.0]] * 5))
    assert results(batch.receive()[0]) == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_what_cannot_be_told_apart_is_said(batch: Perl) -> None:
    """The first calls are made with care."""
    (outcome,) = batch.call(calls("main::echoes", [[1.0]]))
    assert outcome.printed == {0: b"x\n"}
    batch.call(calls("main::counted", [[1.0]] * 200))
    with pytest.raises(Unseparated):
        batch.call(calls("main::echoes", [[1.0]] * 2))
    assert results(batch.call(calls("main::counted", [[1.0]]))[0]) == [201.0]


def test_calls_on_the_way_are_traced(batch: Perl) -> None:
    found = batch.trace(calls("main::outer", [[1.0]]), [1.0], ["main::inner", "main::none"])
    first, second = found
    assert (first.sub, first.arguments, first.in_list) == ("main::inner", [1.0, [1.0]], False)
    assert (first.outcome.value, first.outcome.failure) == (5.0, None)
    assert first.outcome.arguments == [b"changed", [1.0]]
    assert second.outcome.failure == Failure("die", "two")
    assert second.outcome.value is None


# --- how a process ends -----------------------------------------------------------------------


def test_a_sub_that_exits_is_told(batch: Perl) -> None:
    with pytest.raises(SubExited, match=r"^the sub called exit\(3\): bye$"):
        batch.call(calls("main::leaves", [[3.0]]))


@pytest.mark.parametrize(
    ("sub", "argument", "said", "outside"),
    [
        ("dies_of", "KILL", f"perl ended (killed by signal {int(signal.SIGKILL)}): ouch", True),
        ("dies_of", "TERM", f"perl ended (killed by signal {int(signal.SIGTERM)}): ouch", True),
        ("dies_of", "SEGV", f"perl ended (killed by signal {int(signal.SIGSEGV)}): ouch", False),
        ("ends", 4, "perl ended (exit status 4)", False),
    ],
)
def test_a_sub_that_ends_its_process_is_told(
    batch: Perl, sub: str, argument: Any, said: str, outside: bool
) -> None:
    with pytest.raises(PerlDied) as caught:
        batch.call(calls(f"main::{sub}", [[argument]]))
    assert (str(caught.value), caught.value.outside) == (said, outside)
    assert not isinstance(caught.value, SubExited)


def test_a_dead_process_is_told_to_who_writes(batch: Perl) -> None:
    batch._process.kill()
    batch._process.wait()
    with pytest.raises(PerlDied, match=r"killed by signal 9"):
        for _ in range(2):
            batch.send(calls("main::counted", [[1.0]]))


LOADS = {
    "exit 0;": "called exit(0)",
    "print {*STDERR} qq(bye\\n); exit 7;": "it called exit(7): bye",
    "die qq(no\\n);": "does not load: no",
    "die {};": "does not load: HASH",
    "sub {": "does not load: Missing right curly",
}


@pytest.mark.parametrize("source", LOADS)
def test_a_file_that_does_not_load(exe: str, tmp_path: Path, source: str) -> None:
    file = tmp_path / "unit.pl"
    file.write_text(f"{source}\n1;\n")
    with pytest.raises(CannotRun) as caught:
        Perl(exe, file)
    assert str(caught.value).startswith(f"{file} does not load: ")
    assert LOADS[source] in str(caught.value)


def test_a_file_that_is_not_there(exe: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match=r"none\.pl does not load: .*No such file"):
        Perl(exe, tmp_path / "none.pl")


def test_a_file_that_kills_its_perl(exe: str, tmp_path: Path) -> None:
    file = tmp_path / "unit.pl"
    file.write_text("kill 'KILL', $$;\n1;\n")
    with pytest.raises(PerlDied, match="killed by signal 9"):
        Perl(exe, file)


def test_closing_ends_the_process(exe: str, file: Path) -> None:
    perl = Perl(exe, file)
    process = perl._process
    assert process.poll() is None
    perl.close()
    assert process.returncode is not None


# --- copies -----------------------------------------------------------------------------------


def test_a_copy_answers_until_it_leaves(batch: Perl) -> None:
    def counted() -> Any:
        return results(batch.call(calls("main::counted", [[1.0]]))[0])

    assert counted() == [1.0]
    copy = batch.fork()
    assert copy != batch._process.pid
    assert (counted(), counted()) == ([2.0], [3.0])
    batch.leave()
    assert not Path(f"/proc/{copy}").exists()
    assert counted() == [2.0]  # what the copy counted is gone


def test_a_copy_that_died_by_itself_is_left_all_the_same(batch: Perl) -> None:
    copy = batch.fork()
    os.kill(copy, signal.SIGKILL)
    assert wait_for(lambda: not Path(f"/proc/{copy}").exists())
    batch.leave()
    assert results(batch.call(calls("main::counted", [[1.0]]))[0]) == [1.0]


def test_a_copy_that_dies_in_a_call_is_told(batch: Perl) -> None:
    batch.fork()
    with pytest.raises(PerlDied, match="perl ended, a copy"):
        batch.call(calls("main::dies_of", [["KILL"]]))
    assert results(batch.call(calls("main::counted", [[1.0]]))[0]) == [1.0]


# --- damage on a live pipe --------------------------------------------------------------------


@pytest.fixture
def worker(exe: str, file: Path) -> Iterator[Perl]:
    """A worker of its own, killed if a test takes longer than five seconds."""
    with Perl(exe, file) as perl:
        timer = threading.Timer(5, perl._process.kill)
        timer.start()
        yield perl
        timer.cancel()


def end_of_requests(perl: Perl) -> int:
    """Close the pipe; the exit status that follows."""
    os.close(perl._requests)
    perl._requests = os.open(os.devnull, os.O_WRONLY)  # `close` closes it again
    return perl._process.wait()


REQUEST = codec.frame(codec.encode(["declare", "main::same"]))


@pytest.mark.parametrize("place", [8, 11, 12, 16, 30, -1])
def test_a_worker_answers_a_damaged_frame(worker: Perl, place: int) -> None:
    message = bytearray(REQUEST)
    message[place] ^= 0x10
    os.write(worker._requests, message)
    assert worker._read() == [b"error", b"damaged message: the check sum does not fit\n"]
    (outcome,) = worker.call(calls("main::same", [[1.5]]))
    assert results(outcome) == [1.5]  # it goes on working


def test_a_worker_answers_a_damaged_length(worker: Perl) -> None:
    os.write(worker._requests, bytes(codec.HEAD.size))
    assert worker._read() == [b"error", b"damaged message: its length is not credible\n"]
    assert end_of_requests(worker) == 0


@pytest.mark.parametrize("kept", [0, 1, 11, 12, 13, 30, -1])
def test_a_worker_ends_after_a_truncated_frame(worker: Perl, kept: int) -> None:
    os.write(worker._requests, REQUEST[:kept])
    assert end_of_requests(worker) == 0
    if kept:
        answer = worker._read()
        assert answer[0] == b"error"
        assert answer[1].startswith(b"damaged message: ")


@pytest.mark.parametrize("value", [None, 1.0, "load", {}, [], [None], [["load"]], ["shout"]])
def test_a_worker_answers_a_request_that_is_none(worker: Perl, value: Any) -> None:
    os.write(worker._requests, codec.frame(codec.encode(value)))
    assert worker._read()[0] == b"error"
    assert end_of_requests(worker) == 0


# --- what the Perl end loads and calls --------------------------------------------------------

# The modules of Debian's perl-base, the Perl that every Debian has.
PERL_BASE = set(
    """
AutoLoader Carp Carp/Heavy Config Cwd DynaLoader Errno Exporter Exporter/Heavy Fcntl
File/Basename File/Glob File/Path File/Spec File/Spec/Unix File/Temp FileHandle Getopt/Long
Hash/Util IO IO/File IO/Handle IO/Pipe IO/Seekable IO/Select IO/Socket IO/Socket/INET IO/Socket/IP
IO/Socket/UNIX IPC/Open2 IPC/Open3 List/Util POSIX Scalar/Util SelectSaver Socket Symbol
Text/ParseWords Text/Tabs Text/Wrap Tie/Hash XSLoader attributes base builtin bytes constant
feature fields integer lib locale overload overloading parent re strict utf8 vars warnings
warnings/register
""".split()  # noqa: SIM905
)


@pytest.mark.parametrize("boxed", [False, True], ids=["plain", "boxed"])
def test_the_perl_end_loads_only_what_perl_base_holds(exe: str, boxed: bool) -> None:
    more = "Parity::Worker::load_part('ieee_box'); Parity::Box::wrap_posix(); " if boxed else ""
    script = f'require "{WORKER}"; Parity::Worker::load_parts(); {more}'
    script += "Parity::Nondeterminism::wrap_list_util(); "
    script += 'print join "\\n", grep { !m{/parity/perl/} } keys %INC'
    done = subprocess.run(
        [*command(exe), "-e", script], capture_output=True, text=True, check=True, timeout=30
    )
    loaded = set(done.stdout.split("\n"))
    assert "strict.pm" in loaded
    assert ("POSIX.pm" in loaded) == boxed
    assert loaded - {f"{name}.pm" for name in PERL_BASE} == set()


# The file imports dirname and loads POSIX; what those define is not the file's own.
NOT_ITS_OWN = [
    "POSIX::_exit",
    "POSIX::floor",
    "CORE::exit",
    "CORE::GLOBAL::exit",
    "Parity::Worker::load",
    "Parity::Worker::paired_sub",
    "Parity::Box::box",
    "main::Parity::Worker::load",
    "main::dirname",
    "File::Basename::dirname",
    "Scalar::Util::blessed",
    "UNIVERSAL::isa",
    "Internals::SvREADONLY",
    "utf8::encode",
    "main::none",
    "main::main",
    "none::none",
    "",
    "same",
    "::same",
    "main::",
    "main'same",
    "main::same\n",
    "main::same()",
    "main::same; exit",
    "&main::same",
    "*main::same",
    "exit",
    "system",
    "`id`",
    "main::été",
    "\x00",
    "main::\ud800",
]


@pytest.mark.parametrize("boxed", [False, True], ids=["plain", "boxed"])
@pytest.mark.parametrize("name", NOT_ITS_OWN)
def test_only_subs_of_the_loaded_file_can_be_called(
    exe: str, live: Live, name: str, boxed: bool
) -> None:
    why = None if "\n" in name else "is not a sub of the loaded file"
    with pytest.raises(CannotRun, match=why):
        live.call(exe, name, 7.0, boxed=boxed)
    assert results(live.call(exe, "main::same", 1.5, boxed=boxed)) == [1.5]


@pytest.mark.parametrize("name", ["POSIX::_exit", "CORE::exit", "Parity::Worker::load", "", "exit"])
def test_only_subs_of_the_loaded_file_can_be_arguments(exe: str, file: Path, name: str) -> None:
    with Perl(exe, file, names=lambda function: name) as perl:
        with pytest.raises(CannotRun, match="is not a sub of the loaded file"):
            perl.call(calls("main::same", [[len]]))
        assert codec.no_names(len) is None


def test_a_declared_sub_may_come_from_anywhere(exe: str, file: Path) -> None:
    with Perl(exe, file, declared=["main::dirname", "main::nothing"]) as perl:
        assert results(perl.call(calls("main::dirname", [["/a/b"]]))[0]) == ["/a"]
        with pytest.raises(CannotRun, match=r"there is no main::nothing in .*subs\.pl"):
            perl.call(calls("main::nothing", [[1.0]]))
