"""Running a program: in a fresh folder, with limits; what it leaves running is killed."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from parity.declarations import Run
from parity.errors import CannotRun, DoesNotLoad
from parity.perl import hash_order
from parity.perl.version import command
from parity.processes import orphans
from parity.processes.child import OUTSIDE, POLL, Stopwatch
from parity.programs.cases import described, encode
from parity.project.python_source import import_root
from parity.task import Task

LARGEST = 2**28  # bytes that a program may write to one file
# The last line of a perl that fails before it runs the script.
NOT_COMPILED = re.compile(
    rb"^(?:BEGIN failed--compilation aborted|.* aborted due to compilation|.* had too many errors)",
    re.MULTILINE,
)

Side = Literal["Perl", "Python"]


@dataclass(frozen=True)
class Result:
    """What a run came to.

    place: a folder with the files `out` and `err`, and `files`, the folder in which it ran.
    status: negative for a signal. tree: the names of all in `files`, and what kind each is.
    """

    place: Path
    status: int
    tree: Mapping[bytes, str]

    def streams(self) -> list[tuple[str, Path]]:
        """Standard output and error."""
        return [("standard output", self.place / "out"), ("standard error", self.place / "err")]

    def file(self, name: bytes) -> Path:
        """One of the files."""
        return self.place / "files" / os.fsdecode(name)


class Runner:
    """Runs both programs of a pair, always in the same folder below `base`.

    tick: called before each run.
    """

    def __init__(self, task: Task, base: Path, tick: Callable[[], object]) -> None:
        self._task, self._base, self._work, self._tick = task, base, base / "run", tick
        self._commands = {"Perl": _perl(task), "Python": _python(task)}
        roots = [str(import_root(folder)) for folder in task.settings.python]
        roots += filter(None, [os.environ.get("PYTHONPATH")])
        usual = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"} | hash_order.environment()
        self._env = usual | {**os.environ, "PYTHONPATH": os.pathsep.join(roots)}

    def both(self, run: Run) -> tuple[Result, Result]:
        """Both sides on a case."""
        return self.one("Perl", run), self.one("Python", run)

    def one(self, side: Side, run: Run, name: str = "", hash_seed: int = 0) -> Result:
        """One side on a case; again if a signal from outside may have ended it. Raises CannotRun.

        name: the folder that keeps the result, until the next run under this name.
        """
        result = self._once(side, run, name, hash_seed)
        return self._once(side, run, name, hash_seed) if -result.status in OUTSIDE else result

    def _once(self, side: Side, run: Run, name: str, hash_seed: int) -> Result:
        self._tick()
        place = self._base / (name or side)
        self._prepare(place, run)
        words = [*map(encode, self._commands[side]), *map(encode, run.arguments)]
        env = self._env
        if hash_seed:
            env = env | hash_order.environment(hash_seed) | {"PYTHONHASHSEED": str(hash_seed)}
        try:
            status = self._run(side, run, words, env, place)
        finally:
            orphans.kill()
            self._work.mkdir(exist_ok=True)  # it may have been removed
            tree = _tree(self._work)
            self._work.rename(place / "files")
        self._check(side, run, place, status)
        return Result(place, status, tree)

    def _prepare(self, place: Path, run: Run) -> None:
        shutil.rmtree(place, ignore_errors=True)
        for folder in (place, self._work):
            folder.mkdir()
        for file, content in run.files.items():
            path = self._work / os.fsdecode(encode(file))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encode(content))
        (place / "in").write_bytes(encode(run.stdin))

    def _run(
        self, side: Side, run: Run, words: list[bytes], env: dict[str, str], place: Path
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
                    cwd=self._work,
                    env=env,
                    process_group=0,  # a script may kill its own
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST,) * 2),
                )
                try:
                    return self._wait(process)
                finally:
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.killpg(process.pid, signal.SIGKILL)
            except OSError as error:
                text = f"cannot start {os.fsdecode(words[0])}: {error.strerror}"
                raise DoesNotLoad(text) from None
            except subprocess.TimeoutExpired:
                text = f"the {side} program does not end within {self._task.timeout:g} s"
                raise CannotRun(f"{text} on {described(run)}") from None

    def _wait(self, process: subprocess.Popen[bytes]) -> int:
        watch = Stopwatch()
        while True:
            try:
                return process.wait(POLL)
            except subprocess.TimeoutExpired:
                if watch.look() > self._task.timeout:
                    raise

    def _check(self, side: Side, run: Run, place: Path, status: int) -> None:
        """Raises CannotRun if too much was written, or the script does not compile."""
        sizes = [(place / stream).stat().st_size for stream in ("out", "err")]
        if status == -signal.SIGXFSZ or max(sizes) >= LARGEST:
            text = f"the {side} program writes more than {LARGEST >> 20} MiB"
            raise CannotRun(f"{text} on {described(run)}")
        if side == "Perl" and status > 0:
            said = (place / "err").read_bytes()
            if NOT_COMPILED.search(said):
                first = said.splitlines()[0].decode("utf-8", "backslashreplace")
                raise DoesNotLoad(f"{self._task.pair.perl.file} does not compile: {first}")


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


def _tree(folder: Path) -> dict[bytes, str]:
    """The kind of each file in a folder, by its path. Makes all of them readable and removable."""
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
