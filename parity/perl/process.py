"""One perl process that calls the subs of one file, spoken to over a pipe pair of its own."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from parity.errors import CannotRun, ParityError
from parity.perl import codec
from parity.perl.codec import characters
from parity.perl.version import command
from parity.project import perl_source
from parity.values import columns
from parity.values.columns import Array, Column

PIPE = 2**20  # bytes on the way
WORKER = Path(__file__).with_name("worker.pl")

# What perl says on its own where Python's math raises ZeroDivisionError or ValueError.
OWN_ERROR = re.compile(
    r"Illegal division by zero|Illegal modulus zero|Can't take log of |Can't take sqrt of "
)
# What die, croak and confess add; what looks like it may be the sub's own, as "at app.ini line 3".
_BACKTRACE = re.compile(r"(?<=\n)(?:\t.* called at .+ line \d+\n)+\Z")
_LINE = re.compile(r" line \d+(?:, <.*?> (?:line|chunk) \d+)?\.?\n\Z")
LONGEST_PATH = 4096
_OBJECT = re.compile(r"object:[\w:]+")
_NO_FILE = re.compile(r"\(eval \d+\)|-e")


class PerlDied(ParityError):
    """The perl process ended, or the sub called exit; the text says how."""


@dataclass(frozen=True)
class Outcome:
    """What one call did, on either side.

    value: the result, or for a call that failed the error: its text, or the data that died.
    error: for a call that failed the exception's type, "die" for Perl; "" for one that returned.
    domain: the call failed by dividing by zero, or by a log or square root out of its domain.
    arguments: the arguments after the call. tainted: see ieee_box.pl.
    chance: what no port can know that the sub asked for, like "rand"; "" for nothing.
    """

    value: Any
    error: str
    arguments: list[Any]
    printed: bytes
    domain: bool = False
    warnings: tuple[str, ...] = ()
    tainted: bool = False
    chance: str = ""

    @property
    def is_object(self) -> bool:
        """Whether Perl died with an object that has no text: the value names its class."""
        return isinstance(self.value, str) and _OBJECT.fullmatch(self.value) is not None


@dataclass(frozen=True)
class Many:
    """What many calls did, on either side.

    columns: the results and then each argument that was changed; empty if these are no columns.
    failed: what the rows that failed did; their results mean nothing. changed: the numbers of the
    arguments that were changed. unsure: the rows that did what is not told here, like a warning.
    """

    columns: list[Column]
    failed: dict[int, Outcome]
    changed: list[int]
    unsure: Sequence[int] = ()

    def take(self, rows: Array) -> Many:
        """The same of these rows, which are in order."""
        some = [columns.take(one, rows) for one in self.columns]
        places = {row: place for place, row in enumerate(rows.tolist())}
        failed = {places[row]: one for row, one in self.failed.items() if row in places}
        unsure = [places[row] for row in self.unsure if row in places]
        return Many(some, failed, self.changed, unsure)


class Perl:
    """A perl process with one file loaded. Raises CannotRun where the file does not load.

    It has no timeout of its own: who calls it may be killed with it (see isolate.py).
    """

    def __init__(
        self,
        exe: str,
        file: Path,
        directories: Sequence[Path] = (),
        *,
        boxed: bool = False,
        hash_seed: int = 0,
        declared: Sequence[str] = (),
        names: Callable[[Any], str | None] = lambda function: None,
    ) -> None:
        self._names = names
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (close does it)
        with contextlib.ExitStack() as stack:
            request, self._requests = os.pipe()
            self._replies, reply = os.pipe()
            with contextlib.suppress(AttributeError, OSError):  # in big pieces, where it can be
                for end in (request, reply):
                    fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, PIPE)
            stack.callback(os.close, request)
            stack.callback(os.close, reply)
            output = stack.enter_context(tempfile.TemporaryFile())
            self._process = subprocess.Popen(
                [*command(exe), str(WORKER), str(request), str(reply), *(["boxed"] * boxed)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=self._errors,
                pass_fds=(request, reply),
                env={**os.environ, "PERL_HASH_SEED": str(hash_seed)},
            )
        try:
            self.ask(["declare", *declared])
            answer = self.ask(["load", str(file), *map(str, directories)])
            if answer[0] == b"loaded":
                self.ask(["packages", *_packages(answer[1:])])
        except PerlDied as died:
            self.close()
            raise CannotRun(f"{file} does not load: {died}") from None
        if answer[0] != b"loaded":
            self.close()
            raise CannotRun(f"{file} does not load: {_one_line(characters(answer[1]))}")

    def __enter__(self) -> Perl:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        for descriptor in (self._requests, self._replies):
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._process.kill()
        self._process.wait()
        self._errors.close()

    def encode(self, arguments: Sequence[Any]) -> bytes:
        """A case's arguments as they cross. Raises CannotRun for a value that cannot."""
        try:
            return codec.encode(list(arguments), self._names)
        except codec.WireError as error:
            raise CannotRun(f"an argument: {error}") from None

    def seed(self, number: int) -> None:
        """Seed Perl's generator with this number before every call."""
        self.ask(["seed", number])

    def trace(
        self, sub: str, context: str, case: bytes, others: Sequence[str]
    ) -> list[tuple[str, Any, Outcome, bool]]:
        """Call a sub. Returns its calls of these others, the call that ended first first.

        Of each the sub, its arguments, what it did, and whether it was called in list context.
        """
        answer = self.ask(["trace", sub, context, case, *others])
        if answer[0] != b"traced":
            raise CannotRun(_one_line(characters(answer[1])))
        return [
            (
                str(characters(name)),
                before,
                _outcome([status, value, after, b"", [], False, b""]),
                listed,
            )
            for name, before, status, value, after, listed in answer[1:]
        ]

    def send(self, sub: str, context: str, storage: str, cases: Sequence[bytes]) -> None:
        """Ask for these cases; perl works on them until `receive` fetches the outcomes."""
        self._write(["call", sub, context, storage, *cases])

    def receive(self) -> list[Outcome]:
        """The outcomes of the cases sent last, in order. Raises PerlDied."""
        answer = self._read()
        if answer[0] == b"exited":
            raise PerlDied(self._exit("the sub", answer[1]))
        if answer[0] == b"error":
            raise CannotRun(_one_line(characters(answer[1])))
        return [_outcome(codec.decode(item)) for item in answer[1:]]

    def send_columns(
        self,
        sub: str,
        context: str,
        truth: bool,
        arguments: Sequence[Column],
        storages: Sequence[str] = ("plain",),
    ) -> None:
        """Ask for many cases, in each storage; perl works until `receive_columns` fetches them."""
        data = b"".join(map(columns.to_bytes, arguments))
        self._write(["columns", sub, context, truth, len(data), *storages], data)

    def receive_columns(self) -> list[Many]:
        """What came of the cases sent last. Raises PerlDied."""
        answer = self._read()
        if answer[0] != b"columns":
            raise PerlDied("perl ended among many calls")
        found = []
        for errors, *packed in answer[1:]:
            numbers = (np.frombuffer(one, "<u4").tolist() for one in packed)
            (length,), failed, warned, changed = numbers
            outcomes = (
                _outcome([b"died", codec.decode(error), [], b"", [], False, b""])
                for error in errors
            )
            data, at, some = self._read_exactly(length), 0, []
            try:
                while at < len(data):
                    column, at = columns.from_bytes(data, at)
                    some.append(column)
            except ValueError:
                some.clear()
            found.append(Many(some, dict(zip(failed, outcomes, strict=True)), changed, warned))
        return found

    def call(self, sub: str, context: str, storage: str, cases: Sequence[bytes]) -> list[Outcome]:
        """Send and receive."""
        self.send(sub, context, storage, cases)
        return self.receive()

    def ask(self, request: list[Any]) -> Any:
        """Send a request and wait for its answer."""
        self._write(request)
        answer = self._read()
        if answer[0] == b"exited":
            raise PerlDied(self._exit("it", answer[1]))
        return answer

    def _write(self, request: list[Any], tail: bytes = b"") -> None:
        message = memoryview(codec.frame(codec.encode(request)) + tail)
        try:
            while message:
                message = message[os.write(self._requests, message) :]
        except BrokenPipeError:
            raise self._death() from None

    def _read(self) -> Any:
        head = self._read_exactly(codec.HEAD.size)
        length = codec.payload_length(head)
        return codec.decode(codec.unframe(head + self._read_exactly(length)))

    def _read_exactly(self, count: int) -> bytes:
        parts = []
        while count:
            part = os.read(self._replies, min(count, 2**20))
            if not part:
                raise self._death()
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def _death(self) -> PerlDied:
        # A forked child of perl's may hold the pipe's other end, so perl itself may live on.
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return PerlDied("perl closed its end of the wire")
        said = self._said()
        how = f"killed by signal {-status}" if status < 0 else f"exit status {status}"
        return PerlDied(f"perl ended ({how}){': ' + said if said else ''}")

    def _exit(self, what: str, status: float) -> str:
        said = self._said()
        return f"{what} called exit({status:g}){': ' + said if said else ''}"

    def _said(self) -> str:
        """The first line of what perl wrote to STDERR."""
        self._errors.seek(0)
        return _one_line(self._errors.read(100_000).decode("utf-8", "replace"))


def message(text: str) -> str:
    """A die's text without the place that Perl added, a file that is there, and final newline."""
    first = _BACKTRACE.sub("", text)
    if line := _LINE.search(first):
        start = max(first.rfind("\n", 0, line.start()) + 1, line.start() - LONGEST_PATH)
        for at in re.finditer(" at ", first[start : line.start()]):
            path = first[start + at.end() : line.start()]
            if _NO_FILE.fullmatch(path) or _is_file(path):
                return first[: start + at.start()]
    return text.removesuffix("\n")


def _packages(files: Sequence[Any]) -> Iterator[str]:
    """The packages of these files, which perl names in its own way."""
    for name in files:
        with contextlib.suppress(OSError, ValueError):
            file = os.fsdecode(name) if isinstance(name, bytes) else str(name)
            yield from perl_source.packages(Path(file).read_bytes())


@functools.lru_cache(maxsize=256)
def _is_file(path: str) -> bool:
    return os.path.isfile(path)


def _one_line(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return lines[0] if lines else ""


def _outcome(parts: list[Any]) -> Outcome:
    status, value, arguments, printed, warnings, tainted, chance = parts
    died = status == b"died"
    domain = False
    if died and isinstance(value, str | bytes):
        value = message(characters(value))
        domain = OWN_ERROR.match(value) is not None
    return Outcome(
        value=value,
        error="die" if died else "",
        arguments=arguments,
        printed=printed,
        domain=domain,
        warnings=tuple(str(characters(warning)).strip() for warning in warnings),
        tainted=tainted,
        chance=chance.decode(),
    )
