"""The cases of a pair of programs: what a process can be given, and what it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies

from parity.calls.loading import load_cases
from parity.declarations import Cases, Run
from parity.errors import CannotRun
from parity.inputs.port import Port
from parity.task import Task

LONGEST = 500  # characters of a case in a message


def program_cases(task: Task) -> Port:
    """The cases of a program as `inputs` takes them: each a tuple of one Run. Raises CannotRun."""
    module, name = task.pair.inputs
    file = task.settings.cases_file(module)
    cases = load_cases(file, name)
    if cases.known:
        raise CannotRun(f"{file}: {name} has known differences, which are for functions only")

    def possible(case: Any) -> bool:
        if wrong := _wrong_type(case):
            raise CannotRun(f"{file}: {name}: {wrong}")
        return not _impossible(case)

    examples: list[Any] = list(cases.examples) or [Run()] * (cases.inputs is None)
    for example in examples:
        if not possible(example):
            raise CannotRun(f"{file}: {name}: {_impossible(example)} in {described(example)}")
    inputs = None if cases.inputs is None else strategies.tuples(cases.inputs.filter(possible))
    return Port(file, Run, {}, Cases(inputs, [(example,) for example in examples]), [], [])


def _wrong_type(case: Any) -> str:
    """What in a case has a wrong type, in words; "" if nothing has."""
    if not isinstance(case, Run):
        return f"a case is {type(case).__name__}, not parity.Run()"
    words, files = case.arguments, case.files
    if isinstance(words, str | bytes) or not isinstance(words, Sequence):
        return f"the arguments are {type(words).__name__}, not a list of texts"
    if not isinstance(files, Mapping):
        return f"the files are {type(files).__name__}, not a dict"
    for text in (*words, case.stdin, *files, *files.values()):
        if not isinstance(text, str | bytes):
            return f"{text!r} is {type(text).__name__}, not str or bytes"
    return ""


def _impossible(run: Run) -> str:
    """Why no process can be given this; "" if one can."""
    try:
        names = [encode(name) for name in run.files]
        words = [encode(word) for word in run.arguments]
        _ = [encode(text) for text in (run.stdin, *run.files.values())]
    except UnicodeEncodeError:
        return "half of a character, which UTF-8 has no bytes for,"
    if any(b"\0" in text for text in (*names, *words)):
        return "a NUL character in an argument or a file's name"
    for name in names:
        parts = name.split(b"/")
        inside = any(b"/".join(parts[:n]) in names for n in range(1, len(parts)))
        if inside or any(p in (b"", b".", b"..") or len(p) > 255 for p in parts):
            return f"the file name {name!r}"
    return ""


def described(run: Run) -> str:
    """A case in one line, as a cases file may have it; shortened if it is long."""
    texts = [repr(list(run.arguments))] if run.arguments else []
    texts += [f"stdin={run.stdin!r}"] if run.stdin else []
    texts += [f"files={dict(run.files)!r}"] if run.files else []
    line = f"Run({', '.join(texts)})"
    return line if len(line) < LONGEST else line[:LONGEST] + " …"


def encode(text: str | bytes) -> bytes:
    """A text in UTF-8."""
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
