"""Finding the pairs: which Python function is the port of which Perl sub.

In this order: what the settings declare for a sub; their rules for names; the same name in a file
of the same name. Both sides are read as text and nothing is run, so files that fail to load are
found as well.
"""

from __future__ import annotations

import fnmatch
import os
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from parity.errors import UsageError
from parity.project import perl_source
from parity.project.did_you_mean import did_you_mean
from parity.project.python_source import import_root, python_functions
from parity.project.settings import Declared, Program, Settings
from parity.project.source import Source

NOTHING_SAID = Declared()
PERL = (".pl", ".pm")
PROGRAMS = "programs"  # a folder of this name holds scripts, which are never loaded


@dataclass(frozen=True)
class Pair:
    """One function in both languages, or one program.

    name: the port's, as "file.function"; a program's as "programs.NAME".
    """

    name: str
    perl: Source
    python: Source
    declared: Declared = NOTHING_SAID
    program: Program | None = None

    @property
    def perl_name(self) -> str:
        """The sub's name for people (see `perl_name`); of a program, its command."""
        return shlex.join(self.program.perl) if self.program else perl_name(self.perl)

    @property
    def inputs(self) -> tuple[str, str]:
        """Where its cases are: a module in the folder of cases files, and the name there."""
        if self.program:
            return PROGRAMS, re.sub(r"\W|^(?=\d)", "_", self.perl.name)
        module, _, name = self.declared.inputs.partition(":")
        return module or self.python.stem or "__init__", name or self.python.name.replace(".", "_")

    @property
    def python_name(self) -> str:
        """The port's name for people, with its module; of a program, its command."""
        if self.program:
            return shlex.join(self.program.python)
        return f"{self.python.stem}.{self.python.name}".lstrip(".")


@dataclass(frozen=True)
class Found:
    """Everything there is: the pairs, the programs, and by its name what has no partner.

    misread: the Perl files that the parser does not fully understand, in words.
    """

    pairs: list[Pair]
    programs: list[Pair]
    perl_only: dict[str, Source]
    python_only: dict[str, Source]
    misread: list[str]


def perl_name(sub: Source) -> str:
    """A sub's name for people: Acme::Stock::total, or file.function without a package."""
    package, _, plain = sub.name.rpartition("::")
    return f"{sub.stem}.{plain}" if package == "main" else sub.name


def find(settings: Settings) -> Found:
    """The pairs of a project, in the order of the Perl files and of the subs in them."""
    subs: dict[str, Source] = {}
    misread: list[str] = []
    for folder in settings.perl:
        for file in _files(folder, PERL):
            for source in perl_subs(folder, file):
                subs.setdefault(perl_name(source), source)
            misread += _misread(file)
    for name in settings.pairs:
        if name not in subs:
            subs[name] = _elsewhere(settings, name, subs)
    functions: dict[str, Source] = {}
    for folder in settings.python:
        for file in _files(folder, (".py",), settings.vectorized):
            for source in python_functions(folder, file):
                functions.setdefault(f"{source.stem}.{source.name}".lstrip("."), source)

    pairs: list[Pair] = []
    taken: set[str] = set()
    for name, sub in subs.items():
        declared = settings.pairs.get(name, NOTHING_SAID)
        port = _find_port(settings, name, sub, functions, taken)
        if port is None:
            if declared.python or name in settings.pairs:
                raise UsageError(
                    f"the settings say something about {name}, which has no port; say which: "
                    'python = "MODULE:FUNCTION"'
                )
            continue
        # Two subs may have become one function; the second pair then has the sub's name.
        pairs.append(Pair(name if port in taken else port, sub, functions[port], declared))
        taken.add(port)
    paired = {pair.perl_name for pair in pairs}
    return Found(
        pairs,
        [_program(settings, name, program) for name, program in settings.programs.items()],
        {name: sub for name, sub in subs.items() if name not in paired},
        {n: s for n, s in functions.items() if n not in taken and "." not in s.name},
        misread,
    )


def _find_port(
    settings: Settings, name: str, sub: Source, functions: dict[str, Source], taken: set[str]
) -> str | None:
    """The name of a sub's port in `functions`; a declared one from elsewhere is added there."""
    declared = settings.pairs.get(name, NOTHING_SAID).python
    if declared:
        module, _, function = declared.partition(":")
        port = f"{module}.{function}"
        if port not in functions:
            file = Path(*module.split(".")).with_suffix(".py")
            functions[port] = Source(None, file, function, 0, 0)
        return port
    plain = sub.name.rpartition("::")[2]
    ported = [*names_by_rules(settings.names, name), f"{sub.stem}.{plain}".lstrip(".")]
    return next((port for port in ported if port in functions and port not in taken), None)


def names_by_rules(rules: Mapping[str, str], name: str) -> Iterator[str]:
    """The port names that the rules give a sub, longest pattern first, each in snake_case, too."""
    dotted = name.replace("::", ".")
    for pattern in sorted(rules, key=len, reverse=True):
        before, star, after = pattern.replace("::", ".").partition("*")
        middle = dotted[len(before) : len(dotted) - len(after)]
        if dotted == f"{before}{middle}{after}" and (star or not middle):
            port = rules[pattern].replace("::", ".").replace(":", ".").replace("*", middle)
            yield port
            yield snake_case(port)


def snake_case(name: str) -> str:
    """ "Acme.Stock.totalValue" becomes "acme.stock.total_value"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _elsewhere(settings: Settings, name: str, subs: Iterable[str]) -> Source:
    """A sub that the settings name and no text shows: made at run time, in C, or installed."""
    package, colons, plain = name.rpartition("::")
    if not colons:
        raise UsageError(
            f"the settings pair {name}, but no sub has that name{did_you_mean_pair(name, subs)}"
        )
    if package == "main":
        text = f"the settings pair {name}; a sub without a package is named after its file: "
        raise UsageError(
            text + (", ".join(n for n in subs if n.endswith(f".{plain}")) or "FILE.SUB")
        )
    file = Path(*package.split("::")).with_suffix(".pm")
    for folder in settings.perl:
        if (folder / file).is_file():
            return Source(folder, folder / file, name, 0, 0)
    return Source(None, file, name, 0, 0)


def _program(settings: Settings, name: str, program: Program) -> Pair:
    """A pair of programs, with the files of their sources where those are known."""
    script, *words = program.python
    places = [settings.root / script] if script.endswith(".py") else []
    if script == "-m" and words:
        parts = words[0].split(".")
        bare = [import_root(folder).joinpath(*parts) for folder in settings.python]
        places = [file for one in bare for file in (one.with_suffix(".py"), one / "__main__.py")]
    python = next((file for file in places if file.is_file()), None)

    def whole(file: Path) -> Source:
        return Source(None, file, name, 1, file.read_bytes().count(b"\n") + 1)

    return Pair(
        f"{PROGRAMS}.{name}",
        whole(settings.root / program.perl[0]),
        whole(python) if python else Source(None, Path(script), name, 0, 0),
        program=program,
    )


def select(found: Found, patterns: Sequence[str]) -> list[Pair]:
    """The pairs that a command names, by the port's name or the sub's; all for no name.

    `cost`, `cost.*`, `matrix.mul_mat`, `Acme::Stock`, `Acme::Stock::total`.
    """
    everything = [*found.pairs, *found.programs]
    if not everything:
        raise UsageError(
            "there are no pairs: no Perl sub has a Python function of the same name in a file of "
            "the same name; `parity list` shows what is on each side"
        )
    names = [name for pair in everything for name in (pair.name, pair.perl_name)]
    chosen: set[str] = set()
    for pattern in patterns:
        matching = {
            name
            for name in names
            if fnmatch.fnmatchcase(name, pattern)
            or name.startswith((pattern + ".", pattern + "::"))
        }
        if not matching:
            one_side = [("Perl", found.perl_only), ("Python", found.python_only)]
            for side, sources in one_side:
                if pattern in sources:
                    raise UsageError(f"{pattern} is in {side} only, so there is no pair to run")
            raise UsageError(f"no pair is named {pattern}{did_you_mean_pair(pattern, names)}")
        chosen |= matching
    return [
        pair
        for pair in everything
        if not patterns or pair.name in chosen or pair.perl_name in chosen
    ]


def did_you_mean_pair(word: str, names: Iterable[str]) -> str:
    """The hint after a pattern or a plain name that no sub or function has."""
    names = list(names)
    same = sorted({name for name in names if name.endswith((f".{word}", f"::{word}"))})
    if same:
        return f"; did you mean {' or '.join(same[:3])}?"
    return did_you_mean(word, names, otherwise="; `parity list` shows the names", cutoff=0.5)


def _files(root: Path, suffixes: Sequence[str], without: Path | None = None) -> Iterator[Path]:
    """The files of a folder that may hold pairs, in order."""
    for directory, folders, files in os.walk(root):
        folders[:] = sorted(
            name
            for name in folders
            if name != PROGRAMS and name[0] not in "._" and Path(directory, name) != without
        )
        for name in sorted(files):
            if Path(name).suffix in suffixes:
                yield Path(directory, name)


# --- Perl -------------------------------------------------------------------------------------


def perl_subs(folder: Path, file: Path) -> list[Source]:
    """The named subs of a Perl file, in order."""
    subs = perl_source.subs(file.read_bytes())
    return [Source(folder, file, sub.name, sub.line, sub.end) for sub in subs]


def _misread(file: Path) -> Iterator[str]:
    for line in perl_source.errors(file.read_bytes())[:1]:
        yield f"{file}:{line}: this Perl is not understood; a sub near it may not be found"
