"""One perl process that calls the subs of one file, spoken to over a pipe pair of its own."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parity.errors import CannotRun
from parity.outcome import BatchOutcome, Outcome, PerlDied, SubExited, Unseparated
from parity.perl import codec, hash_order
from parity.perl.codec import Names, no_names
from parity.perl.die_text import first_line, is_domain_error, message
from parity.perl.version import command
from parity.processes.child import OUTSIDE
from parity.project import perl_source
from parity.values.columns import Column
from parity.values.perl_values import Failure, characters

PIPE = 2**20  # bytes on the way
WORKER = Path(__file__).with_name("worker.pl")


@dataclass(frozen=True)
class Calls:
    """Calls of one sub, a row each.

    context: scalar, list or void. invocant: the class of a class method. columns: the arguments.
    """

    sub: str
    context: str
    invocant: str | None
    rows: int
    columns: Sequence[Column]


@dataclass(frozen=True)
class TracedCall:
    """A call of a sub on the way of another one. in_list: whether it was in list context."""

    sub: str
    arguments: Any
    outcome: Outcome
    in_list: bool


class Perl:
    """A perl process with one file loaded. Raises CannotRun where the file does not load.

    kind: what it is for, as its command line shows it; in the one called boxed, numbers can be in
    boxes. declared: subs that may be called wherever they come from. It has no timeout of its own:
    who calls it may be killed with it (see processes/child.py).
    """

    def __init__(
        self,
        exe: str,
        file: Path,
        directories: Sequence[Path] = (),
        *,
        kind: str = "plain",
        hash_seed: int = 0,
        declared: Sequence[str] = (),
        names: Names = no_names,
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
                [*command(exe), str(WORKER), kind, str(request), str(reply)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=self._errors,
                pass_fds=(request, reply),
                env={**os.environ, **hash_order.environment(hash_seed)},
            )
        try:
            self.ask(["declare", *declared])
            answer = self.ask(["load", str(file), *map(str, directories)])
        except SubExited as exited:
            self.close()
            raise CannotRun(f"{file} does not load: {exited}") from None
        except PerlDied:
            self.close()
            raise
        if answer[0] == b"loaded":
            self.ask(["packages", *_packages(answer[1:])])
        else:
            self.close()
            raise CannotRun(f"{file} does not load: {first_line(characters(answer[1]))}")

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

    def encode(self, value: Any) -> bytes:
        """A value as it crosses. Raises CannotRun for one that cannot."""
        try:
            return codec.encode(value, self._names)
        except codec.WireError as error:
            raise CannotRun(f"an argument: {error}") from None

    def seed(self, number: int) -> None:
        """Seed Perl's generator with this number before every call."""
        self.ask(["seed", number])

    def send(self, calls: Calls, storages: Sequence[str] = ("plain",)) -> None:
        """Ask for these calls, in each storage; perl makes them until `receive` fetches what came.

        Raises CannotRun for an argument that cannot cross.
        """
        try:
            data = b"".join(codec.pack(column, self._names) for column in calls.columns)
        except codec.WireError as error:
            raise CannotRun(f"an argument: {error}") from None
        request = ["call", calls.sub, calls.context, calls.invocant, calls.rows, len(data)]
        self._write([*request, *storages], data)

    def receive(self) -> list[BatchOutcome]:
        """The outcomes of the calls sent last, one for each storage.

        Raises PerlDied and Unseparated, and CannotRun where the sub cannot be called.
        """
        answer = self._answer()
        return [self._batch_outcome(outcome) for outcome in answer[1:]]

    def call(self, calls: Calls, *storages: str) -> list[BatchOutcome]:
        """Send and receive."""
        self.send(calls, storages or ("plain",))
        return self.receive()

    def trace(self, calls: Calls, arguments: Sequence[Any], others: Sequence[str]) -> list[Any]:
        """Call a sub. Gives its calls of these others (TracedCall), the one that ended first first.

        Raises PerlDied, and CannotRun where the sub cannot be called.
        """
        case = self.encode(list(arguments))
        self._write(["trace", calls.sub, calls.context, calls.invocant, case, *others])
        found = []
        for name, before, status, value, after, in_list in self._answer()[1:]:
            failure = _failure(value) if status == b"died" else None
            outcome = Outcome(None if failure else value, failure, after)
            found.append(TracedCall(str(characters(name)), before, outcome, in_list))
        return found

    def fork(self) -> int:
        """Let a copy of the process answer from now on; gives its number."""
        return int(self.ask(["fork"])[1])

    def leave(self) -> None:
        """End the copy, which may have died by itself: the process goes on."""
        self._write(["leave"])
        self._read()

    def ask(self, request: list[Any]) -> Any:
        """Send a request and wait for its answer. Raises PerlDied, CannotRun."""
        self._write(request)
        return self._answer()

    def _answer(self) -> Any:
        answer = self._read()
        if answer[0] == b"exited":
            said = self._said()
            text = f"called exit({answer[1]:g}){': ' + said if said else ''}"
            raise SubExited(f"{'it' if answer[2] < 0 else 'the sub'} {text}")
        if answer[0] == b"error":
            raise CannotRun(first_line(characters(answer[1])))
        if answer[0] == b"left":
            raise PerlDied("perl ended, a copy of the process that was to go on")
        return answer

    def _batch_outcome(self, table: dict[bytes, Any]) -> BatchOutcome:
        results, *changed = codec.unpack(self._read_exactly(int(table[b"length"])))
        if not table[b"separated"]:
            raise Unseparated
        return BatchOutcome(
            results,
            dict(zip(map(int, table[b"changed"]), changed, strict=True)),
            {int(row): _failure(codec.decode(value)) for row, value in table[b"failed"]},
            {int(row): printed for row, printed in table[b"printed"]},
            {int(row): tuple(map(_warning, texts)) for row, texts in table[b"warned"]},
            frozenset(int(row) for row, _ in table[b"tainted"]),
            {int(row): str(characters(what)) for row, what in table[b"asked"]},
        )

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
        died = PerlDied(f"perl ended ({how}){': ' + said if said else ''}")
        died.outside = -status in OUTSIDE
        return died

    def _said(self) -> str:
        """The first line of what perl wrote to STDERR."""
        self._errors.seek(0)
        return first_line(self._errors.read(100_000).decode("utf-8", "replace"))


def _packages(files: Sequence[Any]) -> Iterator[str]:
    """The packages of these files, which perl names in its own way."""
    for name in files:
        with contextlib.suppress(OSError, ValueError):
            file = os.fsdecode(name) if isinstance(name, bytes) else str(name)
            yield from perl_source.packages(Path(file).read_bytes())


def _failure(value: Any) -> Failure:
    """What Perl died with."""
    if isinstance(value, str | bytes):
        text = message(characters(value))
        return Failure("die", text, is_domain_error(text))
    return Failure("die", value)


def _warning(text: str | bytes) -> str:
    return str(characters(text)).strip()
