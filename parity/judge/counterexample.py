"""A differing case for people and programs: its values, its place, the command that shows it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import Any

from parity.calls.sides import Sides
from parity.judge.compared import ComparedCase
from parity.judge.equality import Difference
from parity.project.pairs import Pair
from parity.task import Task
from parity.values import literals
from parity.verdict import Counterexample, Shown


def counterexample(
    sides: Sides, case: ComparedCase, where: str = "", why: str = ""
) -> Counterexample:
    """A differing case as it stands in the report; where and why, if not the difference's."""
    difference = case.difference
    if difference is None and case.vivified:
        where = f"argument {case.vivified[0]} after the call"
        why = "reading it created it in Perl (--strict)"
        difference = Difference(where, why, case.perl.arguments, list(case.arguments), ("", ""))
    if difference is None:
        both = (case.perl.shown, case.port.shown)
        difference = Difference(where, why, *both, both)
    texts = arguments(sides, case.arguments)
    return Counterexample(
        input=[literals.to_json(argument, sides.name) for argument in case.arguments],
        perl=literals.to_json(literals.perl_texts(difference.perl), sides.name),
        python=literals.to_json(difference.python, sides.name),
        where=where or difference.where,
        why=why or difference.why,
        reproduce=reproduce(sides.task, sides.task.pair, texts),
        shown=shown(sides, case.arguments, difference),
        arguments=tuple(texts),
    )


def shown(sides: Sides, case: Sequence[Any], difference: Difference) -> Shown:
    """A case and both values at the place of the difference, as literals and as bits."""
    left, right = literals.perl_texts(difference.at[0]), difference.at[1]
    return Shown(
        sides.described(case),
        (literals.literal(left), literals.hexadecimal(left)),
        (literals.literal(right, sides.short_name), literals.hexadecimal(right)),
    )


def arguments(sides: Sides, case: Sequence[Any]) -> list[str]:
    """A case's arguments as Python literals."""
    return [literals.literal(argument, sides.short_name) for argument in case]


def reproduce(task: Task, pair: Pair, texts: Sequence[str]) -> str:
    """The command line that calls a pair with these arguments."""
    dashes = ["--"] if any(text.startswith("-") for text in texts) else []
    words = ["parity", "call", *_options(task), pair.name, *dashes, *texts]
    return " ".join(map(_quoted, words))


def run_again(task: Task) -> str:
    """The command line that runs a pair with the same cases."""
    counts = ["--cases", str(task.cases), "--seed", str(task.seed)]
    return shlex.join(["parity", "run", *_options(task), *counts, task.pair.name])


def _options(task: Task) -> list[str]:
    strict = ["--strict"] if task.strict else []
    return strict if task.settings.exe == "perl" else [*strict, "--perl", task.settings.exe]


def _quoted(word: str) -> str:
    """A word for the shell; a literal in single quotes is easier to read in double ones."""
    plain = "'" in word and not re.search(r'["$`!]|\\(?=[\\\n]|$)', word)
    return f'"{word}"' if plain else shlex.quote(word)
