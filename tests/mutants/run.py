"""Mutation testing: each part of the harness is mutated against its own tests.

    python tests/mutants/run.py [NAME...]

`targets.toml` says what is mutated and which tests have to notice. Cosmic Ray makes the mutants, a
fixed seed chooses among them, and each is tested in a copy of the repository, alone.
"""

from __future__ import annotations

import ast
import itertools
import random
import sys
import tempfile
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from workspace import Workspace

CONFIGURATION = Path(__file__).with_name("targets.toml")

Place = tuple[int, int]  # line (from 1) and column (from 0)
Span = tuple[Place, Place]


@dataclass(frozen=True)
class Mutant:
    """One change to one file. occurrence: which of the places the operator would change."""

    file: str
    operator: str
    occurrence: int
    line: int


def mutants(
    file: str, source: str, functions: Sequence[str], without: Collection[str] = ()
) -> Iterator[Mutant]:
    """All mutants of a file, or of these functions of it (NAME or CLASS.NAME)."""
    tree, syntax = ast.parse(source), get_ast(source)
    wanted = list(_definitions(tree, functions)) if functions else [((0, 0), (sys.maxsize, 0))]
    unwanted = list(_types(tree))
    for name in plugins.operator_names():
        kind = plugins.get_operator(name)
        if kind.arguments():  # it would have to be told which variables to exchange
            continue
        if name.partition("/")[2] in without:
            continue
        operator = kind()
        spans = (span for node in ast_nodes(syntax) for span in operator.mutation_positions(node))
        for occurrence, span in enumerate(spans):
            if _within(span, wanted) and not _within(span, unwanted):
                yield Mutant(file, name, occurrence, span[0][0])


def _within(span: Span, others: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)


def _span(node: Any) -> Span:
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def _definitions(tree: ast.Module, functions: Sequence[str]) -> Iterator[Span]:
    """Where these functions are. Raises ValueError where one is missing."""
    methods = {
        f"{item.name}.{one.name}": one
        for item in tree.body
        if isinstance(item, ast.ClassDef)
        for one in item.body
        if isinstance(one, ast.FunctionDef)
    }
    found = methods | {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
    if missing := sorted(set(functions) - found.keys()):
        raise ValueError(f"no function {', '.join(missing)}: see {CONFIGURATION.name}")
    return (_span(found[name]) for name in functions)


def _types(tree: ast.Module) -> Iterator[Span]:
    """Annotations, which are never evaluated, and the types that isinstance is asked for."""
    for node in ast.walk(tree):
        for one in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if one is not None:
                yield _span(one)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from (_span(one) for one in node.args[1:] if node.func.id == "isinstance")


def mutated(source: str, mutant: Mutant) -> str | None:
    """The source with the mutant in it; None where that is no program, or the same one."""
    changed = mutate_code(source, plugins.get_operator(mutant.operator)(), mutant.occurrence)
    try:
        same = changed is None or ast.dump(ast.parse(changed)) == ast.dump(ast.parse(source))
    except SyntaxError:
        return None
    return None if same else changed


def sample(target: Mapping[str, Any], sources: Mapping[str, str]) -> Iterator[tuple[Mutant, str]]:
    """The target's mutants, at most as many as it says, each with the file's new source."""
    found = [
        one
        for file, functions in target["files"].items()
        for one in mutants(file, sources[file], functions, target["without"])
    ]
    random.Random(target["seed"]).shuffle(found)
    made = ((one, mutated(sources[one.file], one)) for one in found)
    there = ((one, text) for one, text in made if text is not None)
    return itertools.islice(there, target["sample"])


def judge(target: Mapping[str, Any]) -> bool:
    """Mutate one target and print what its tests did not notice. Whether they noticed enough."""
    print(f"{target['name']}: {' '.join(target['tests'])}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder), target["files"], target["tests"])
        killed = late = done = 0
        for mutant, text in sample(target, workspace.sources):
            with workspace.changed(mutant.file, text):
                result = workspace.test()
            done += 1
            killed += result.failed
            late += result.timed_out
            if not result.failed:
                old = workspace.sources[mutant.file].splitlines()[mutant.line - 1].strip()
                new = text.splitlines()[mutant.line - 1].strip()
                place = f"{mutant.file}:{mutant.line} {mutant.operator.partition('/')[2]}"
                print(f"  survived ({done}.): {place}\n    {old}\n    {new}", flush=True)
    percent = 100 * killed / max(done, 1)
    print(
        f"{target['name']}: {killed} of {done} killed ({percent:.1f} %), {late} of them by the"
        f" time limit; {workspace.seconds:.0f} s of CPU",
        flush=True,
    )
    return done > 0 and percent >= target["least"]


def main(names: Sequence[str]) -> int:
    """Judge these targets, or all; 1 where one has too few killed."""
    configuration = tomllib.loads(CONFIGURATION.read_text("utf-8"))
    common = {key: configuration[key] for key in ("sample", "seed", "without")}
    targets = {target["name"]: common | target for target in configuration["target"]}
    if unknown := sorted(set(names) - targets.keys()):
        print(f"no target {', '.join(unknown)}; there are {', '.join(targets)}", file=sys.stderr)
        return 2
    return 0 if all([judge(targets[name]) for name in names or targets]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
