"""`parity new`: starts a port with its stub, its pair in the settings and its cases."""

from __future__ import annotations

import ast
import builtins
import json
import keyword
import os
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from parity.errors import UsageError
from parity.perl import version
from parity.project import pairs
from parity.project.settings import Declared, Settings
from parity.project.source import Source

try:
    import tomlkit

    from parity.new.perl_types import Argument, Guess, Sub
except ImportError as error:
    raise UsageError(
        f"parity new needs {error.name}; install the extra `new` from your checkout of "
        "perl-parity: pip install '/path/to/checkout[new]'"
    ) from None

IMPORTS = {
    "Callable": "from collections.abc import Callable\n",
    "st": "from hypothesis import strategies as st\n",
    "Cases": "from parity import Cases\n",
}
TAKEN = {*keyword.kwlist, *dir(builtins)}
WIDTH = 100
PLAIN = {"float": ("1.0", "st.floats()"), "int": ("1", "st.integers(0, 10)")}
PLAIN |= {"str": ('"a"', "st.text()"), "bool": ("True", "st.booleans()")}


def new(settings: Settings, name: str) -> list[str]:
    """Write the stub of a sub's port, its entry in the cases file and, where its name does not
    tell, its pair. Gives the places of stub and entry, and the pair's name.

    Raises UsageError; nothing is written then.
    """
    name, source = _find(settings, name)
    declared = settings.pairs.get(name, Declared())
    sub = Sub(source)
    if sub.wrong:
        _compile(settings, source.file)
    first = sub.arguments[0] if sub.arguments else None
    invoked = first and (first.name == "class" or first == Argument("self"))
    method = declared.method or bool(invoked)
    arguments = _named(sub.arguments[1 if method else 0 :])

    natural = [*pairs.names_by_rules(settings.names, name), f"{source.stem}.{_plain(source)}"]
    module, function = _port(settings, source, natural, declared)
    file = _python_file(settings.python, module)
    port = _read(file)
    if function in _names(file, port):
        line = _names(file, port)[function]
        raise UsageError(f"{file}:{line}: {function} is there already, and is not overwritten")
    port = port or f'"""The port of {source.file.name}."""\n'
    texts = {file: _with(port, _stub(sub, name, function, arguments, settings.root), "\n\n\n")}

    inputs, _, entry = declared.inputs.partition(":")
    entry = entry or function
    cases = settings.cases_file(inputs or module)
    given = _read(cases)
    if entry not in _names(cases, given):
        texts[cases] = _with(given, f"{entry} = {_cases(arguments)}\n", "\n\n")

    says: dict[str, Any] = {} if declared.python else {"python": f"{module}:{function}"}
    says = {} if f"{module}.{function}" in natural else says
    says |= {"method": True} if method and not declared.method else {}
    if says:
        table = settings.root / "pyproject.toml"
        texts[table] = _registered(_read(table), name, says)
    _write(texts)
    lines = [(f, _names(f, _read(f))[n]) for f, n in ((file, function), (cases, entry))]
    return [*(f"{os.path.relpath(one)}:{line}" for one, line in lines), name]


def _find(settings: Settings, name: str) -> tuple[str, Source]:
    """The sub of a name, as `parity list` shows it, or of a plain name that is there once."""
    found = pairs.find(replace(settings, pairs={}))  # what they name may have no port yet
    ported = {pair.perl_name: pair.python for pair in found.pairs}
    subs = {pair.perl_name: pair.perl for pair in found.pairs} | found.perl_only
    named = [full for full, sub in subs.items() if name in (full, sub.name)]
    named = named or [full for full, sub in subs.items() if name == _plain(sub)]
    if len(named) > 1:
        raise UsageError(f"{name} names {len(named)} subs; name one: {', '.join(named)}")
    if not named:
        folders = ", ".join(os.path.relpath(folder, settings.root) for folder in settings.perl)
        raise UsageError(
            f"no sub {name} is written in Perl in {folders}{pairs.did_you_mean_pair(name, subs)}"
        )
    if named[0] in ported:
        port = ported[named[0]]
        raise UsageError(f"{named[0]} has its port already: {port.file}:{port.line}")
    return named[0], subs[named[0]]


def _plain(sub: Source) -> str:
    return sub.name.rpartition("::")[2]


def _compile(settings: Settings, file: Path) -> None:
    """Ask perl about a file that tree-sitter-perl does not quite understand."""
    version.check(settings.exe)
    folders = [f"-I{folder}" for folder in settings.perl]
    words, env = [*shlex.split(settings.exe), *folders, "-c", str(file)], settings.env
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, **env})
    if done.returncode:
        raise UsageError(f"{file} does not compile: {done.stderr.splitlines()[0]}")


def _port(
    settings: Settings, source: Source, natural: Sequence[str], declared: Declared
) -> tuple[str, str]:
    """Where the port goes: as declared, to a file that is there, by the rules, in snake_case."""
    if declared.python:
        module, _, function = declared.python.partition(":")
        if not function.isidentifier():
            raise UsageError(f"the port is to be {declared.python}: a method is written by hand")
        return module, function
    *ruled, same = [(one.rpartition(".")[0], one.rpartition(".")[2]) for one in natural]
    there = [one for one in (*ruled, same) if _python_file(settings.python, one[0]).is_file()]
    own = same[1] if source.name.startswith("main::") else pairs.snake_case(same[1])
    module, function = [*there, *ruled[1::2], (pairs.snake_case(same[0]), own)][0]
    return module, function + "_" * keyword.iskeyword(function)


def _python_file(folders: Sequence[Path], module: str) -> Path:
    """The file of a module: the first that is there, or else one in the first folder."""
    if not folders:
        raise UsageError("the setting `python` names no folder that a port could go into")
    bare = [folder.joinpath(*module.split(".")) for folder in folders]
    files = [file for one in bare for file in (one.with_suffix(".py"), one / "__init__.py")]
    return next((file for file in files if file.is_file()), files[0])


def _named(arguments: Sequence[Argument]) -> list[Argument]:
    """The arguments under names, and with defaults, that Python takes."""
    found: list[Argument] = []
    for number, one in enumerate(arguments):
        later = all(other.default or other.rest for other in arguments[number:])
        name = one.name
        while name in TAKEN or name in [other.name for other in found]:
            name += "_"
        found.append(replace(one, name=name, default=one.default if later else ""))
    return found


# --- the code ---------------------------------------------------------------------------------


def _stub(sub: Sub, name: str, function: str, arguments: Sequence[Argument], root: Path) -> str:
    """The port without its body."""
    words = []
    for one in arguments:
        hint = one.guess.inner if one.rest else one.guess.hint
        hint = f"str | {hint}" if one.rest == "%" and "str" not in hint else hint
        hint += " | None" * (one.default == "None")
        default = f" = {one.default}" if one.default else ""
        words.append("*" * bool(one.rest) + f"{one.name}: {hint}{default}")
    head = f"def {function}({', '.join(words)}) -> {sub.result}:"
    if len(head) > WIDTH:
        broken = "".join(f"    {word},\n" for word in words)
        head = f"def {function}(\n{broken}) -> {sub.result}:"
    file = Path(os.path.relpath(sub.source.file, root)).as_posix()
    wrong = f"\n    # {file}:{sub.wrong} was not understood: are these the arguments?"
    return f'''{head}
    """The port of {name} ({file}:{sub.source.line})."""{wrong if sub.wrong else ""}
    raise NotImplementedError("{function} is a stub: its body is still to be written")
'''


def _cases(arguments: Sequence[Argument]) -> str:
    """The entry in the cases file: an example; inputs, where a type hint cannot name the keys."""
    guesses = [one.guess for one in arguments]
    if any("Callable" in one.hint for one in guesses):
        return "Cases()  # the type hints make the inputs: a function is no literal"
    rest = arguments[-1].rest if arguments else ""
    made = [_made(one, optional=bool(rest) and one is guesses[-1]) for one in guesses]
    examples, strategies = [one[0] for one in made], [one[1] for one in made]
    flat = ""
    if rest:
        flat = "case[-1]" if rest == "@" else "sum(case[-1].items(), ())"
        flat = f".map(lambda case: (*case[:-1], *{flat}))"
        examples[-1] = examples[-1][1:-1].replace(": ", ", ")  # [1.0] and {"a": 1.0}
    example = f"({', '.join(examples)}{',' * (len(examples) == 1)})"
    if rest != "%" and "{" not in example:
        return f"Cases(examples=[{example}])"
    return f"Cases(\n    st.tuples({', '.join(strategies)}){flat},\n    examples=[{example}],\n)"


def _made(guess: Guess, optional: bool = False) -> tuple[str, str]:
    """An example of a type, and a strategy. optional: a hash need not have all its keys."""
    if guess.kind not in ("list", "dict"):
        return PLAIN[guess.kind]
    inner = {json.dumps(key): _made(one) for key, one in guess.keys.items()}
    example, strategy = inner.pop('""', PLAIN["float"])
    if guess.kind == "list":
        return f"[{example}]", f"st.lists({strategy}, max_size=5)"
    if not inner:
        return f'{{"a": {example}}}', f"st.dictionaries(st.text(), {strategy}, max_size=5)"
    examples, strategies = (
        "{" + ", ".join(f"{key}: {both[n]}" for key, both in inner.items()) + "}" for n in (0, 1)
    )
    return examples, f"st.fixed_dictionaries({'{}, optional=' * optional}{strategies})"


# --- the files --------------------------------------------------------------------------------


def _names(file: Path, text: str) -> dict[str, int]:
    """The names at the top level of a module, and their lines. Raises UsageError."""
    try:
        body = ast.parse(text).body
    except SyntaxError as error:
        raise UsageError(f"{file}:{error.lineno}: {error.msg}") from None
    found: dict[str, int] = {}
    for one in body:
        if isinstance(one, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name: one.lineno for alias in one.names}
        elif isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[one.name] = one.lineno
        else:
            names = [node for node in ast.walk(one) if isinstance(node, ast.Name)]
            found |= {n.id: n.lineno for n in names if isinstance(n.ctx, ast.Store)}
    return found


def _with(text: str, code: str, gap: str) -> str:
    """A module with a definition at its end, and above it the imports that this needs."""
    used = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    missing = used - _names(Path(), text).keys()
    needed = "".join(line for name, line in IMPORTS.items() if name in missing)
    body, lines = ast.parse(text).body, text.splitlines(keepends=True)
    imports = [one for one in body if isinstance(one, ast.Import | ast.ImportFrom)]
    head = imports or body[: ast.get_docstring(ast.parse(text)) is not None]
    comments = next((n for n, line in enumerate(lines) if line[0] != "#"), len(lines))
    at = (head[-1].end_lineno or 0) if head else comments
    before, after = "".join(lines[:at]), "".join(lines[at:])
    if needed and before:
        before = before.rstrip() + ("\n" if imports else "\n\n")
    if needed and after and not after.startswith("\n"):
        needed += "\n\n"
    text = (before + needed + after).rstrip()
    return text + gap * bool(text) + code


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _write(texts: dict[Path, str]) -> None:
    """Write files, if all of them can be written; the ends of their lines stay as they are."""
    for file in texts:
        there = next(path for path in (file, *file.parents) if path.exists())
        if not os.access(there, os.W_OK) or (there != file and not there.is_dir()):
            raise UsageError(f"{file} cannot be written, because of {there}")
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        dos = file.is_file() and b"\r\n" in file.read_bytes()
        file.write_text(text, encoding="utf-8", newline="\r\n" if dos else "\n")


def _registered(text: str, name: str, says: dict[str, Any]) -> str:
    """The settings with something said about a sub; all else stays as it is."""
    document: Any = tomlkit.parse(text)
    table = document["tool"]["parity"]
    entry: Any = table.get("pairs", {}).get(name, {})
    says = ({"python": str(entry)} if isinstance(entry, str) else dict(entry)) | says
    value: Any = tomlkit.inline_table()
    value.update(says)
    value = says["python"] if list(says) == ["python"] else value
    if "pairs" in table:
        table["pairs"][name] = value
    elif isinstance(table, tomlkit.items.InlineTable):
        table["pairs"] = tomlkit.inline_table().add(name, value)
    else:
        table["pairs"] = tomlkit.table().add(name, value).add(tomlkit.nl())
    return tomlkit.dumps(document)
