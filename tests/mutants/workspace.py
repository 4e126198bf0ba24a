"""A copy of the repository, in which one file at a time is changed and the tests are run."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "build", "*.egg-info")
PLUGINS = ["-p", "fixed_examples", "-p", "no:cacheprovider", "-p", "no:xdist"]
MEMORY = 4 * 2**30  # bytes of address space for one process: a mutant may take all there is


@dataclass(frozen=True)
class Result:
    """How a test run ended; one that is out of time has failed."""

    failed: bool
    timed_out: bool = False
    said: str = ""


class Workspace:
    """The copy. files: those that will be changed. tests: arguments for pytest.

    The second perl is not in it, so that the tests take only the usual one. Raises SystemExit where
    the tests fail as they are.
    """

    def __init__(self, folder: Path, files: Iterable[str], tests: Sequence[str]) -> None:
        self.root = folder / "copy"
        shutil.copytree(ROOT, self.root, ignore=LEFT_OUT)
        self.sources = {file: (self.root / file).read_text("utf-8") for file in files}
        self._command = [sys.executable, "-m", "pytest", "-x", "-q", *PLUGINS, *tests]
        path = os.pathsep.join([str(self.root), str(Path(__file__).parent)])
        self._environment = {**os.environ, "PYTHONPATH": path}
        since, self._started = time.monotonic(), _cpu()
        first = self.test(limit=600)
        self._limit = 10 + 5 * (time.monotonic() - since)
        if first.failed:
            raise SystemExit(f"the tests fail without a mutant:\n{first.said}")
        # Byte code is known by a file's time in seconds and its size: a mutant's could be stale.
        self._environment["PYTHONDONTWRITEBYTECODE"] = "1"
        for file in map(Path, self.sources):
            for stale in (self.root / file.parent).glob(f"__pycache__/{file.stem}.*.pyc"):
                stale.unlink()

    @property
    def seconds(self) -> float:
        """CPU time of all test runs."""
        return _cpu() - self._started

    @contextlib.contextmanager
    def changed(self, file: str, text: str) -> Iterator[None]:
        """With another text in a file."""
        path = self.root / file
        path.write_text(text, "utf-8")
        try:
            yield
        finally:
            path.write_text(self.sources[file], "utf-8")

    def test(self, limit: float | None = None) -> Result:
        """Run the tests, at most for so many seconds."""
        with subprocess.Popen(
            self._command,
            cwd=self.root,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        ) as process:
            try:
                said, _ = process.communicate(timeout=limit or self._limit)
            except subprocess.TimeoutExpired:
                return Result(True, timed_out=True)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        return Result(process.returncode != 0, said=said)


def _cpu() -> float:
    """Seconds of CPU that ended children took, and theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
