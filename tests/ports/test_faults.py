"""Each right port does what its sub does on the arguments that show a fault; the wrong one not."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ports.faults import ALL, Fault, write

# Calls each sub with its arguments; prints what it returns or dies with, and the arguments then.
CALL = r"""
use strict;
use warnings;
no warnings 'once';
use JSON::PP;
my $json = JSON::PP->new->utf8->allow_nonref;
my @answers;
for my $call (@{ $json->decode(do { local $/; <STDIN> }) }) {
    my ($name, $arguments) = @$call;
    my $package = "In::$name";
    my $file = "perl/$name.pl";
    open my $in, '<:utf8', $file or die "$file: $!";
    my $source = do { local $/; <$in> };
    eval "package $package; no warnings; $source" or die "$file: $@";
    my $sub = $package->can($name) or die "$file: no sub $name";
    my $result = eval { $sub->(@$arguments) };
    my $failure = $@ ? $@ =~ s/(?: at \(eval.*|\n\z)//sr : undef;
    push @answers, [$result, $failure, $arguments];
}
print $json->encode(\@answers);
"""


@cache
def from_perl(root: Path) -> dict[str, Any]:
    """What each sub does with the arguments that show the fault: one perl for all."""
    write(root, ALL, wrong=False)
    calls = json.dumps([[one.name, one.shows] for one in ALL])
    done = subprocess.run(
        ["perl", "-e", CALL], cwd=root, input=calls.encode(), capture_output=True, check=True
    )
    answers = json.loads(done.stdout)
    return {one.name: plain(answer) for one, answer in zip(ALL, answers, strict=True)}


def from_port(source: str, one: Fault) -> Any:
    names: dict[str, Any] = {}
    exec(compile(source, one.name, "exec"), names)
    arguments = deepcopy(one.shows)
    try:
        result, failure = names[one.name](*arguments), None
    except Exception as error:
        result, failure = None, str(error)
    return plain([result, failure, arguments])


def plain(value: Any) -> Any:
    """A value that tells no number from its text, for JSON::PP does not either."""
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, bool):
        return "1" if value else ""
    return f"{value:.15g}" if isinstance(value, float) else None if value is None else str(value)


@pytest.fixture(scope="module")
def perl(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return from_perl(tmp_path_factory.mktemp("faults") / "right")


def test_names_are_unique() -> None:
    assert not [name for name, count in Counter(one.name for one in ALL).items() if count > 1]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_the_fault_shows(perl: dict[str, Any], one: Fault) -> None:
    assert from_port(one.right_file, one) == perl[one.name]
    assert from_port(one.wrong_file, one) != perl[one.name]
