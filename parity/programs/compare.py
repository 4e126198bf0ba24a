"""Programs: a Perl script and its port, run as processes on the same input.

Compared are standard output and error, the exit status, and the files left behind. Each run has a
fresh folder, of the same path on both sides.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import itertools
import os
import re
import resource
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import strategies

from parity.calls.loading import load_cases, search
from parity.calls.sides import Task
from parity.declarations import Cases, Run
from parity.errors import CannotRun, DoesNotLoad
from parity.inputs.port import DrawnCase, Port
from parity.inputs.shrink import shrink
from parity.inputs.strategies import make
from parity.judge.equality import Difference
from parity.perl.process import command
from parity.processes.child import LOADING, POLL, Progress, Stopped, Stopwatch, isolated
from parity.project.pairs import import_root
from parity.values import literals

SHRINKING = 15.0  # seconds in which a failing case is made smaller
LARGEST = 2**28  # bytes that a program may write to one file
PIECE = 2**20  # bytes of a long line that are compared at a time
SHOWN = 400  # bytes of a line that are shown around a difference
HASH_SEEDS = (0, 1, 2)  # the usual order of a hash's keys, and others
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:e[-+]\d+)?")
# What die and warn add to a text without a newline; the file's own name comes in between.
LOCATION = (
    rb" at (?:\S+\.p[lm]|\(eval \d+\)|%b) line \d+"
    rb"(?:, <[^>]*> (?:line|chunk) \d+)?(?: during global destruction)?\."
)
# The last line of a perl that has not come to run the script.
NOT_COMPILED = re.compile(
    rb"^(?:BEGIN failed--compilation aborted|.* aborted due to compilation|.* had too many errors)",
    re.MULTILINE,
)

Text = str | bytes


def judge(task: Task) -> dict[str, Any]:
    """What the report says of a pair of programs. Raises CannotRun."""
    _adopt_orphans()
    timeout = task.timeout + LOADING  # each run has its own inside
    with tempfile.TemporaryDirectory(prefix="parity-", ignore_cleanup_errors=True) as base:
        folder = Path(base).resolve()
        try:
            entry = isolated(_judge, task, folder, timeout=timeout, memory=task.settings.memory)
        except Stopped as stopped:
            raise CannotRun(f"{stopped.phase} {stopped.why}") from None
        finally:
            _kill_children()
    return dict(entry)


def _judge(progress: Progress, task: Task, base: Path) -> dict[str, Any]:
    """The same, in a child."""
    progress.step("importing a Python module")
    _adopt_orphans()
    os.environ.update(task.settings.env)
    search(task.settings.python)
    port = _port(task)
    sides = _Sides(progress, task, base)
    progress.step("making the inputs")
    assert task.pair.program
    count = len(port.cases.examples) + min(task.cases, task.pair.program.cases)
    made = [DrawnCase(example) for example in port.cases.examples]
    if port.cases.inputs is not None:
        made = make(port, count, task.number, progress.tick)
    failed, notes = 0, []
    for number, case in enumerate(made):
        (run,) = case.arguments
        perl, python = sides.run(run)
        difference = sides.difference(perl, python)
        failed += bool(perl.status and python.status)
        if difference:
            sides.check(run, perl, python)
            found = None
            if number >= len(port.cases.examples):
                found = sides.smaller(port, count, case)
            tally = {"verdict": "differs", "cases": number + 1, "failed": failed}
            return tally | _reported(task, *(found or (run, difference)))
    if failed == len(made):
        notes.append("no case in which the programs exit with status 0")
    return {"verdict": "identical", "cases": len(made), "failed": failed, "notes": notes}


def _port(task: Task) -> Port:
    """The cases of a program, as `inputs` takes them: each a tuple of one Run."""
    module, name = task.pair.inputs
    file = task.settings.cases_file(module)
    cases = load_cases(file, name)
    if cases.known:
        raise CannotRun(f"{file}: {name} has known differences, which are for functions only")

    def possible(case: Any) -> bool:
        if mistake := _mistake(case):
            raise CannotRun(f"{file}: {name}: {mistake}")
        return not _impossible(case)

    examples: list[Any] = list(cases.examples) or [Run()] * (cases.inputs is None)
    for example in examples:
        if not possible(example):
            raise CannotRun(f"{file}: {name}: {_impossible(example)} in {_described(example)}")
    inputs = None if cases.inputs is None else strategies.tuples(cases.inputs.filter(possible))
    return Port(file, Run, {}, Cases(inputs, [(example,) for example in examples]), [], [])


@dataclass(frozen=True)
class _Outcome:
    """What a run came to. place: the folder of `out`, `err`, and `files`, all that it left.

    tree: what each of the files is, by name.
    """

    place: Path
    status: int
    tree: Mapping[bytes, str]

    def streams(self) -> list[tuple[str, Path]]:
        return [("standard output", self.place / "out"), ("standard error", self.place / "err")]

    def file(self, name: bytes) -> Path:
        return self.place / "files" / os.fsdecode(name)


class _Sides:
    """Both programs, and how they are started and compared."""

    def __init__(self, progress: Progress, task: Task, base: Path) -> None:
        self.progress, self.task, self.base, self.work = progress, task, base, base / "run"
        self.commands = {"Perl": _perl(task), "Python": _python(task)}
        roots = [str(import_root(folder)) for folder in task.settings.python]
        roots += filter(None, [os.environ.get("PYTHONPATH")])
        usual = {"PERL_HASH_SEED": "0", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        self.env = usual | {**os.environ, "PYTHONPATH": os.pathsep.join(roots)}
        assert task.pair.program
        names = sorted(map(_encoded, task.pair.program.names), key=len, reverse=True)
        # A script is started by its whole path, and prints that; the settings have its name.
        inner = b"|".join(re.escape(name) for name in names) or rb"(?!)"
        self._names = re.compile(rb"(?:/[^\s/]+)*/(?:%b)|(?:%b)" % (inner, inner))
        self._location = re.compile(LOCATION % re.escape(os.fsencode(task.pair.perl.file)))

    def run(self, run: Run) -> tuple[_Outcome, _Outcome]:
        """Both sides on a case."""
        return self.start("Perl", run), self.start("Python", run)

    def start(self, side: str, run: Run, name: str = "", hash_seed: int = 0) -> _Outcome:
        """One side on a case. name: the folder that keeps what comes of it."""
        self.progress.tick()
        place = self.base / (name or side)
        shutil.rmtree(place, ignore_errors=True)
        for folder in (place, self.work):
            folder.mkdir()
        for file, content in run.files.items():
            path = self.work / os.fsdecode(_encoded(file))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_encoded(content))
        (place / "in").write_bytes(_encoded(run.stdin))
        words = [*map(_encoded, self.commands[side]), *map(_encoded, run.arguments)]
        env = self.env
        if hash_seed:
            env = env | dict.fromkeys(("PERL_HASH_SEED", "PYTHONHASHSEED"), str(hash_seed))
        try:
            status = self._wait(side, run, words, env, place)
        finally:
            _kill_children()
            self.work.mkdir(exist_ok=True)  # it may have been removed
            tree = _tree(self.work)
            self.work.rename(place / "files")
        sizes = [(place / stream).stat().st_size for stream in ("out", "err")]
        if status == -signal.SIGXFSZ or max(sizes) >= LARGEST:
            raise CannotRun(
                f"the {side} program writes more than {LARGEST >> 20} MiB on {_described(run)}"
            )
        if side == "Perl" and status > 0:
            said = (place / "err").read_bytes()
            if NOT_COMPILED.search(said):
                first = said.splitlines()[0].decode("utf-8", "backslashreplace")
                raise DoesNotLoad(f"{self.task.pair.perl.file} does not compile: {first}")
        return _Outcome(place, status, tree)

    def _wait(
        self, side: str, run: Run, words: list[bytes], env: dict[str, str], place: Path
    ) -> int:
        with contextlib.ExitStack() as stack:
            modes = {"in": "rb", "out": "wb", "err": "wb"}
            files = [stack.enter_context((place / n).open(mode)) for n, mode in modes.items()]
            try:
                process = subprocess.Popen(
                    words,
                    stdin=files[0],
                    stdout=files[1],
                    stderr=files[2],
                    cwd=self.work,
                    env=env,
                    process_group=0,  # a script may kill its own
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST,) * 2),
                )
                try:
                    return self._ended(process)
                finally:
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.killpg(process.pid, signal.SIGKILL)
            except OSError as error:
                raise DoesNotLoad(
                    f"cannot start {os.fsdecode(words[0])}: {error.strerror}"
                ) from None
            except subprocess.TimeoutExpired:
                raise CannotRun(
                    f"the {side} program does not end within {self.task.timeout:g} s on "
                    f"{_described(run)}"
                ) from None

    def _ended(self, process: subprocess.Popen[bytes]) -> int:
        watch = Stopwatch()
        while True:
            try:
                return process.wait(POLL)
            except subprocess.TimeoutExpired:
                if watch.look() > self.task.timeout:
                    raise

    def check(self, run: Run, perl: _Outcome, python: _Outcome) -> None:
        """Run both sides again. Raises CannotRun where one of them varies."""
        for side, first in (("Perl", perl), ("Python", python)):
            for hash_seed in HASH_SEEDS:
                found = self.difference(first, self.start(side, run, "again", hash_seed))
                if found:
                    order = " with the keys of a hash in another order" if hash_seed else ""
                    raise CannotRun(
                        f"not comparable: two runs of the {side} program on the same input differ"
                        f"{order}: {found.where} on {_described(run)}"
                    )

    def smaller(self, port: Port, count: int, case: DrawnCase) -> tuple[Run, Difference] | None:
        """The smallest differing case that is found in time."""
        until = time.monotonic() + SHRINKING
        found: list[tuple[Run, Difference]] = []

        def differs(arguments: tuple[Any, ...]) -> bool:
            (run,) = arguments
            perl, python = self.run(run)
            difference = self.difference(perl, python)
            if difference:
                self.check(run, perl, python)
                found.append((run, difference))
            return difference is not None

        with contextlib.suppress(CannotRun):
            shrink(port, count, self.task.number, case, differs, until)
        return found[-1] if found else None

    # --- comparing

    def difference(self, perl: _Outcome, python: _Outcome) -> Difference | None:
        """The first difference between two runs."""
        found = next(self._differences(perl, python), None)
        if found is None:
            return None
        where, why, both = found
        if perl.status != python.status:
            last = python.place.joinpath("err").read_bytes()[-SHOWN:].splitlines()[-1:]
            said = f", saying {_shown(last[0])!r}" if last and python.status else ""
            why = f"Perl {_ended(perl.status)}, Python {_ended(python.status)}{said}"
        return Difference(where, why, both[0], both[1], both)

    def _differences(
        self, perl: _Outcome, python: _Outcome
    ) -> Iterator[tuple[str, str, tuple[Any, Any]]]:
        """Where, why, and both values."""
        for (name, left), (_, right) in zip(perl.streams(), python.streams(), strict=True):
            yield from self._first_line(name, left, right, printed=True)
        if perl.status != python.status:
            yield "exit status", "", (perl.status, python.status)
        for path in sorted({*perl.tree, *python.tree}):
            name = f"the file {path.decode('utf-8', 'backslashreplace')}"
            kinds = (perl.tree.get(path), python.tree.get(path))
            if kinds[0] != kinds[1]:
                missing = [s for s, kind in zip(self.commands, kinds, strict=True) if not kind]
                yield name, "".join(f"it is missing on the {s} side" for s in missing), kinds
            elif str(kinds[0]).endswith("file"):
                yield from self._first_line(name, perl.file(path), python.file(path))

    def _first_line(
        self, name: str, left: Path, right: Path, printed: bool = False
    ) -> Iterator[tuple[str, str, tuple[Any, Any]]]:
        """The first line in which two files differ."""
        number, before = 1, 0  # before: bytes of the line in earlier pieces
        with left.open("rb") as one, right.open("rb") as other:
            pieces = [iter(partial(file.readline, PIECE), b"") for file in (one, other)]
            for both in itertools.zip_longest(*pieces, fillvalue=b""):
                if both[0] != both[1]:
                    both = tuple(map(self.plain, both)) if printed else both
                if both[0] != both[1]:
                    pairs = enumerate(zip(*both, strict=False))
                    same = next((n for n, (a, b) in pairs if a != b), min(map(len, both)))
                    first = max(0, same - SHOWN // 2) if max(map(len, both)) > SHOWN else 0
                    byte = before + first + 1
                    place = f"line {number}" + (f", from byte {byte} on" if byte > 1 else "")
                    cut = [text[first:][:SHOWN] for text in both]
                    yield f"{name}, {place}", _digits(*both), (_shown(cut[0]), _shown(cut[1]))
                    return
                ends = both[0].endswith(b"\n")
                number, before = number + ends, 0 if ends else before + len(both[0])

    def plain(self, line: bytes) -> bytes:
        """A printed line without what may differ."""
        return self._names.sub(b"NAME", self._location.sub(b"", line))


# --- the commands -------------------------------------------------------------------------------


def _perl(task: Task) -> list[str]:
    assert task.pair.program
    folders = [f"-I{folder}" for folder in task.settings.perl]
    script = str(task.pair.perl.file)
    return [*command(task.settings.exe), *folders, script, *task.pair.program.perl[1:]]


def _python(task: Task) -> list[str]:
    assert task.pair.program
    first, *rest = task.pair.program.python
    if first.endswith(".py"):
        return [sys.executable, str(task.pair.python.file), *rest]
    if first == "-m" and rest:
        with contextlib.suppress(ImportError, ValueError):
            if importlib.util.find_spec(rest[0]):
                return [sys.executable, "-P", "-m", *rest]  # -P: not from the folder of the run
        raise DoesNotLoad(f"-m {rest[0]}: there is no such module in the Python folders")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    local = task.settings.root / first
    return [str(local) if local.is_file() else shutil.which(first, path=path) or first, *rest]


# --- processes and files ------------------------------------------------------------------------


def _adopt_orphans() -> None:
    """Linux: what loses its parent becomes a child of this process, and can be killed by it."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def _kill_children() -> None:
    """Kill what this process started and what that started, until nothing is left."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    while children.is_file() and (left := children.read_text().split()):
        for word in left:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(int(word), signal.SIGKILL)
                os.waitpid(int(word), 0)


def _tree(folder: Path) -> dict[bytes, str]:
    """What is in a folder: by name, what it is. All of it can be read and removed afterwards."""
    found = {}
    top = os.fsencode(folder)
    os.chmod(top, 0o700)
    for place, folders, files in os.walk(top):
        for path in (os.path.join(place, name) for name in (*folders, *files)):
            mode = os.lstat(path).st_mode
            kind = "special"
            if stat.S_ISLNK(mode):
                kind = f"link to {os.readlink(path).decode('utf-8', 'backslashreplace')}"
            elif stat.S_ISDIR(mode):
                kind = "folder"
                os.chmod(path, 0o700)
            elif stat.S_ISREG(mode):
                kind = "executable file" if mode & stat.S_IXUSR else "file"
                os.chmod(path, 0o600)
            found[os.path.relpath(path, top)] = kind
    return found


# --- texts --------------------------------------------------------------------------------------


def _encoded(text: Text) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def _shown(text: bytes) -> Text | None:
    """A text as str, where it is UTF-8; None for nothing."""
    try:
        return text.decode() or None
    except UnicodeDecodeError:
        return text


def _ended(status: int) -> str:
    if status < 0:
        return f"is killed by signal {-status} ({signal.strsignal(-status)})"
    return f"exits with status {status}"


def _digits(*both: bytes) -> str:
    """Says so where only the last digits of numbers differ."""
    if NUMBER.sub(b"0", both[0]) != NUMBER.sub(b"0", both[1]):
        return ""
    pairs = zip(*(map(float, NUMBER.findall(text)) for text in both), strict=True)
    if all(abs(one - other) <= 1e-14 * abs(one) for one, other in pairs):
        return "the same numbers with other digits: Perl prints as format(x, '.15g') does"
    return ""


def _mistake(case: Any) -> str:
    """What is not of its type in a case; "" where all is."""
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
    """Why no process can be given this; "" where one can."""
    try:
        names = [_encoded(name) for name in run.files]
        words = [_encoded(word) for word in run.arguments]
        _ = [_encoded(text) for text in (run.stdin, *run.files.values())]
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


def _described(run: Run) -> str:
    """A case in one line, as a cases file may have it."""
    texts = [repr(list(run.arguments))] if run.arguments else []
    texts += [f"stdin={run.stdin!r}"] if run.stdin else []
    texts += [f"files={dict(run.files)!r}"] if run.files else []
    line = f"Run({', '.join(texts)})"
    return line if len(line) < 500 else line[:500] + " …"


def _reported(task: Task, run: Run, difference: Difference) -> dict[str, Any]:
    """A differing case, as it stands in the report."""
    options = [] if task.settings.exe == "perl" else ["--perl", task.settings.exe]
    words = [*options, "--cases", str(task.cases), "--seed", str(task.seed), task.pair.name]
    texts = [_shown(_encoded(text)) or "" for text in (*run.arguments, run.stdin)]
    files = {name: _shown(_encoded(text)) or "" for name, text in run.files.items()}
    return {
        "input": literals.to_json([texts[:-1], texts[-1], files]),
        "perl": literals.to_json(difference.perl),
        "python": literals.to_json(difference.python),
        "where": difference.where,
        "why": difference.why,
        "reproduce": shlex.join(["parity", "run", *words]),
        "shown": {
            "input": _described(run),
            "perl": [literals.literal(difference.perl), ""],
            "python": [literals.literal(difference.python), ""],
        },
    }
