"""Subs whose results cannot be compared, each with real perls, and those beside them that can."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Project
from one_pair import in_child, task_of

from parity import CannotRun
from parity.calls.sides import Sides
from parity.judge.comparability import check_hash_order, other_storage, refuse_nondeterminism
from parity.judge.run_cases import rules_for
from parity.perl import hash_order
from parity.task import Task

PORT = "from typing import Any\n\n\ndef f(x: Any) -> Any:\n    return 1\n"
MakeTask = Callable[..., Task]


@pytest.fixture
def task(project: Project, monkeypatch: pytest.MonkeyPatch) -> MakeTask:
    """The task of a sub with $x for its argument."""
    monkeypatch.chdir(project.root)

    def make(perl: str, more: str = "") -> Task:
        if more:
            project.settings(more)
        sub = f"my $calls = 0;\nsub f {{\n    my ($x) = @_;\n    {perl};\n}}"
        return task_of(project, sub, PORT)

    return make


# --- how Perl stores a text -------------------------------------------------------------------

IS_WORD = "return $x =~ /^\\w/ ? 1 : 0"  # in one byte, é is no letter to Perl


def _other_storage(sides: Sides, values: list[Any]) -> tuple[dict[int, Any], list[str]]:
    """What the other storage gives, by row; and the perls that were asked besides the run's."""
    exchange = sides.call_cases([(value,) for value in values])
    found = other_storage(sides, rules_for(sides), exchange)
    return {row: outcome.value for row, outcome in found.items()}, sorted(sides.sub._helpers)


def test_what_a_sub_does_with_the_other_storage(task: MakeTask) -> None:
    found, _ = in_child(task(IS_WORD), _other_storage, ["a", "あ", "é", "b", "ü"])
    assert found == {2: 1.0, 4: 1.0}


TWO_STORAGES = {
    "é": ("é", "$x"),
    "the first": ("\x80", "$x"),
    "the last": ("\xff", "$x"),
    "in a list": ([["é"]], "$x->[0][0]"),
    "a value": ({"a": "é"}, "$x->{a}"),
    "a key": ({"é": 1}, "(keys %$x)[0]"),
    "beside a wide one": (["é", "あ"], "$x->[0]"),
}


@pytest.mark.parametrize("name", TWO_STORAGES)
def test_characters_from_0x80_to_0xff_have_two_storages(task: MakeTask, name: str) -> None:
    value, place = TWO_STORAGES[name]
    if name == "a key":  # a hash gives its keys in its own way
        made = task(f"my $first = {place}; return length $first")
        assert in_child(made, _other_storage, [value]) == ({}, ["upgraded"])
        return
    made = task(f"return utf8::is_utf8({place}) ? 1 : 0")
    assert in_child(made, _other_storage, [value])[0] == {0: 1.0}


@pytest.mark.parametrize("value", ["a", "\x7f", "あ", "éあ", "Ā", b"\xe9", "", 1.0, None, ["あ"]])
def test_other_texts_have_one(task: MakeTask, value: Any) -> None:
    assert in_child(task("return utf8::is_utf8($x) ? 1 : 0"), _other_storage, [value]) == ({}, [])


@pytest.mark.parametrize(
    "perl",
    [
        "return length $x",
        "utf8::upgrade($x); " + IS_WORD,
        "use feature 'unicode_strings'; " + IS_WORD,
        "return ++$calls",  # the other perl has made fewer calls
        "die qq($x\\n)",
        "print length $x; return 1",
    ],
)
def test_a_sub_that_does_the_same_with_both_is_not_refused(task: MakeTask, perl: str) -> None:
    assert in_child(task(perl), _other_storage, ["a", "é", "ÿ"]) == ({}, ["upgraded"])


@pytest.mark.parametrize(
    "perl",
    [
        "die qq(no\\n) if utf8::is_utf8($x); return 1",
        "print utf8::is_utf8($x) ? 1 : 0; return 1",
        "$_[0] = 'x' if utf8::is_utf8($x); return 1",
    ],
)
def test_all_that_a_call_does_is_compared(task: MakeTask, perl: str) -> None:
    assert len(in_child(task(perl), _other_storage, ["é"])[0]) == 1


def test_the_truth_of_the_port_does_not_count_between_perls(task: MakeTask) -> None:
    made = task("return utf8::is_utf8($x) ? 2 : 1")
    made.pair.python.file.write_text(PORT.replace("-> Any", "-> bool"))
    assert in_child(made, _other_storage, ["é"])[0] == {0: 2.0}


def test_a_perl_that_ends_with_the_other_storage_cannot_tell(task: MakeTask) -> None:
    with pytest.raises(CannotRun, match=r"^with texts stored as UTF-8, perl ended \(killed by"):
        in_child(task("kill 'KILL', $$ if utf8::is_utf8($x); return 1"), _other_storage, ["é"])
    with pytest.raises(CannotRun, match=r"^with texts stored as UTF-8, the sub called exit\(3\)"):
        in_child(task("exit 3 if utf8::is_utf8($x); return 1"), _other_storage, ["é"])


def test_a_perl_killed_once_is_asked_again(task: MakeTask, tmp_path: Path) -> None:
    mark = tmp_path / "killed"
    perl = (
        f"if (utf8::is_utf8($x) && !-e '{mark}') {{ open my $f, '>', '{mark}'; close $f; "
        f"kill 'KILL', $$ }} {IS_WORD}"
    )
    assert in_child(task(perl), _other_storage, ["é"])[0] == {0: 1.0}
    assert mark.exists()


# --- the order of keys ------------------------------------------------------------------------

KEYS = {letter: 1.0 for letter in "abcdefgh"}


def _check_hash_order(sides: Sides, value: Any) -> None:
    check_hash_order(sides, rules_for(sides), (value,))


@pytest.mark.parametrize(
    "perl",
    [
        "return join ',', keys %$x",
        "my %own = map { $_ => 1 } 'a' .. 'h'; return [keys %own]",
        "print keys %$x; return 1",
        "die join(',', keys %$x) . qq(\\n)",
        "return (each %$x)[0]",
    ],
)
def test_a_sub_that_goes_by_the_order_of_keys_is_refused(task: MakeTask, perl: str) -> None:
    with pytest.raises(CannotRun) as caught:
        in_child(task(perl), _check_hash_order, KEYS)
    said = str(caught.value)
    assert said.startswith(
        "the sub's result depends on the order in which Perl keeps the keys of a hash: on x = {'a'"
    )
    assert re.search(
        r"and with PERL_HASH_SEED=\d+ PERL_PERTURB_KEYS=2 .*; let it sort the ke", said
    )


@pytest.mark.parametrize(
    "perl",
    ["return join ',', sort keys %$x", "return $x", "return {%$x, z => 1}", "return ++$calls"],
)
def test_a_sub_that_does_not_is_not_refused(task: MakeTask, perl: str) -> None:
    in_child(task(perl), _check_hash_order, KEYS)


@pytest.mark.parametrize("seed", hash_order.OTHERS)
def test_each_other_order_is_tried(task: MakeTask, seed: int) -> None:
    with pytest.raises(CannotRun, match=rf"it is 0\.0, and with PERL_HASH_SEED={seed} .* 1\.0"):
        in_child(task(f"return $ENV{{PERL_HASH_SEED}} == {seed} ? 1 : 0"), _check_hash_order, {})


def test_a_perl_that_ends_with_another_order_cannot_tell(task: MakeTask) -> None:
    with pytest.raises(CannotRun, match=r"^perl ended \(killed by signal 9\) on x = 1\.5$"):
        in_child(task("kill 'KILL', $$ if $ENV{PERL_HASH_SEED}; return 1"), _check_hash_order, 1.5)
    with pytest.raises(CannotRun, match=r"^the sub called exit\(3\) on x = 1\.5$"):
        in_child(task("exit 3 if $ENV{PERL_HASH_SEED}; return 1"), _check_hash_order, 1.5)


def test_a_perl_of_another_order_that_is_killed_once_is_asked_again(
    task: MakeTask, tmp_path: Path
) -> None:
    mark = tmp_path / "killed"
    perl = f"if (!-e '{mark}') {{ open my $f, '>', '{mark}'; close $f; kill 'KILL', $$ }} return 1"
    in_child(task(perl), _check_hash_order, 1.5)
    assert mark.exists()


# --- the time, and random numbers -------------------------------------------------------------


def _refuse(sides: Sides, value: Any) -> str:
    (asked,) = sides.call_cases([(value,)]).left.nondeterminism.values()
    refuse_nondeterminism(sides, asked, (value,))
    raise AssertionError


NO_SEED = (
    '; say in [tool.parity] what seeds both sides: srand = 1 and seed = "MODULE:FUNCTION", for a '
    "port that draws from Perl's generator"
)


@pytest.mark.parametrize(
    ("perl", "asked", "end"),
    [
        ("return time", "time", "; let it take the time as an argument"),
        ("return scalar localtime", "localtime", "; let it take the time as an argument"),
        ("return scalar gmtime", "gmtime", "; let it take the time as an argument"),
        ("return rand", "rand", NO_SEED),
        ("require List::Util; return List::Util::shuffle(1, 2)", "List::Util::shuffle", NO_SEED),
        ("return rand() + time", "rand, time", "; let it take the time as an argument"),
    ],
)
def test_what_no_port_can_know_is_refused(task: MakeTask, perl: str, asked: str, end: str) -> None:
    with pytest.raises(CannotRun) as caught:
        in_child(task(perl), _refuse, 1.5)
    assert str(caught.value) == f"not comparable: the sub asks for {asked} on x = 1.5{end}"


def test_who_has_a_seed_is_told_nothing_of_it(task: MakeTask, project: Project) -> None:
    project.file("port/seeds.py", "def seed(number: int) -> None:\n    pass\n")
    made = task("srand; return rand", 'seed = "seeds:seed"\nsrand = 1\n')

    def refuse(sides: Sides) -> None:
        refuse_nondeterminism(sides, "rand", (1.5,))

    with pytest.raises(CannotRun, match=r"^not comparable: the sub asks for rand on x = 1\.5$"):
        in_child(made, refuse)
