"""Calling the port with the cases of a batch, and keeping what each call did."""

from __future__ import annotations

import contextlib
import io
import itertools
import marshal
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from sys import getrefcount
from typing import Any

from parity.outcome import BatchOutcome, Unseparated
from parity.values.copies import deep_copy, is_same
from parity.values.perl_values import Failure

CAREFUL = 100  # calls that are made one by one, with all care
CONTAINERS = (list, dict, tuple, set)
SCALARS = frozenset([float, int, str, bytes, bool, type(None)])


class PortRaised(Exception):
    """The port ended in a way that no result can show, like KeyboardInterrupt."""


class _Tap(io.FileIO):
    """Where standard output goes: a file that a port cannot close. Notes which call wrote."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self.results: Sequence[Any] = ()  # of the calls that are done
        self.written: dict[int, int] = {}  # bytes, by row

    def write(self, data: Any) -> int:
        """Write, and note it."""
        count = super().write(data)
        row = len(self.results)
        self.written[row] = self.written.get(row, 0) + count
        return count

    def close(self) -> None:
        """Leave it open."""


class PortCaller:
    """Calls one function; what it prints goes to a file, as what its programs print does.

    It changes standard input and output of its process for good.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (close does it)
        self._process = os.getpid()
        self._function: Callable[..., Any] = lambda: None
        self._seed: Callable[[], object] = lambda: None
        self._careful = False
        self._calls = 0
        os.dup2(self._file.fileno(), 1)  # for what the programs print that the port starts
        self._capture()
        sys.stdin = io.StringIO()

    def use(self, function: Callable[..., Any], seed: Callable[[], object] | None) -> None:
        """Call this function. seed: what seeds its generator before each call, if anything."""
        self._function, self._seed = function, seed or self._seed
        self._careful = seed is not None
        self.take_output()  # while its module was imported

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def call(
        self, arguments: Sequence[list[Any]], count: int, with_items: Sequence[int]
    ) -> BatchOutcome:
        """Call the function once for each row. arguments: of each its values, which may change.

        with_items: the numbers of those with lists or hashes. Raises PortRaised, Unseparated.
        """
        before = {number: _packed(arguments[number]) for number in with_items}
        self.take_output()
        with_care = self._calls < CAREFUL or self._careful or not arguments or count == 1
        self._calls += count
        results: list[Any] = []
        failures: dict[int, Failure] = {}
        self._tap.results = results
        self._tap.written.clear()
        if with_care:
            self._call_with_care(arguments, count, results, failures)
        else:
            self._call_fast(arguments, count, results, failures)
        self._leave_if_forked()
        printed = self._cut()
        changed = {
            number: arguments[number]
            for number in with_items
            if _is_changed(before[number], arguments[number])
        }
        return BatchOutcome(results, changed, failures, printed)

    def _call_with_care(
        self,
        arguments: Sequence[list[Any]],
        count: int,
        results: list[Any],
        failures: dict[int, Failure],
    ) -> None:
        size = 0
        for case in zip(*arguments, strict=True) if arguments else [()] * count:
            self._seed()
            try:
                results.append(self._function(*case))
            except Exception as error:
                failures[len(results)] = failure_of(error)
                results.append(None)
            except BaseException as error:
                raise PortRaised(f"the port raised {type(error).__name__}") from None
            self._leave_if_forked()
            if not _are_own(results, len(results) - 1):
                self._careful = True
                results[-1] = _copied(results[-1])
            self._flush()
            now = os.fstat(self._file.fileno()).st_size
            if now != size:
                self._tap.written[len(results) - 1] = now - size
            size = now

    def _call_fast(
        self,
        arguments: Sequence[list[Any]],
        count: int,
        results: list[Any],
        failures: dict[int, Failure],
    ) -> None:
        calls = map(self._function, *arguments)
        while len(results) < count:
            try:
                results.extend(calls)
            except Exception as error:
                failures[len(results)] = failure_of(error)
                results.append(None)
            except BaseException as error:
                raise PortRaised(f"the port raised {type(error).__name__}") from None
            else:
                if len(results) < count:  # map takes a StopIteration of the port's for its end
                    raise Unseparated
        if not _are_own(results):
            raise Unseparated  # a later call may have changed what an earlier one returned

    # --- what is printed

    def take_output(self) -> bytes:
        """What has been printed since it was last taken."""
        self._flush()
        size = os.fstat(self._file.fileno()).st_size
        if not size:
            return b""
        printed = os.pread(self._file.fileno(), size, 0)
        os.ftruncate(self._file.fileno(), 0)
        os.lseek(self._file.fileno(), 0, os.SEEK_SET)
        return printed

    def _cut(self) -> dict[int, bytes]:
        """What each row printed. Raises Unseparated."""
        printed, start, found = self.take_output(), 0, {}
        for row, size in sorted(self._tap.written.items()):
            found[row] = printed[start : start + size]
            start += size
        if start != len(printed):
            raise Unseparated
        return found

    def _flush(self) -> None:
        if sys.stdout is not self._output:  # the port has put something else there
            with contextlib.suppress(Exception):
                sys.stdout.flush()
            self._capture()

    def _capture(self) -> None:
        """What the port prints goes at once to where its programs print, from now on."""
        self._tap = _Tap(self._file.fileno())
        raw: Any = self._tap
        self._output = io.TextIOWrapper(raw, "utf-8", "surrogatepass", "", write_through=True)
        sys.stdout = self._output

    def _leave_if_forked(self) -> None:
        """End this process where it is a copy that the port made by fork, and came back, too."""
        if os.getpid() != self._process:
            os._exit(0)

    def forked(self) -> None:
        """This process is a copy that parity made; its standard output leads nowhere by now."""
        self._process = os.getpid()
        os.dup2(self._file.fileno(), 1)


def failure_of(error: Exception) -> Failure:
    """An exception as a failure: its first argument, or the text that its class gives it."""
    value = error.args[0] if error.args else ""
    usual = (BaseException.__str__, KeyError.__str__)  # else the class has a text of its own
    if type(error).__str__ not in usual and not isinstance(value, list | dict):
        with contextlib.suppress(Exception):  # it may fail itself
            value = str(error)
    domain = isinstance(error, ZeroDivisionError | ValueError)
    return Failure(type(error).__name__, value, domain)


def _are_own(results: Sequence[Any], start: int = 0) -> bool:
    """Whether nothing else refers to these results, or to the lists and hashes in them.

    Only then no later call changes one. start: of the first result in question.
    """
    if SCALARS.issuperset(map(type, results[start:])):
        return True
    level = [value for value in results[start:] if type(value) not in SCALARS]
    while level:
        if max(map(getrefcount, level)) > _REFERENCES:
            return False
        if SCALARS.issuperset(map(type, _items(level))):
            return True
        level = [item for item in _items(level) if isinstance(item, CONTAINERS)]
    return True


def _copied(value: Any) -> Any:
    """A copy of a result. Raises PortRaised for one that leads back to itself."""
    try:
        return deep_copy(value)
    except RecursionError:
        text = "the port's result leads back to itself, or is nested too deeply,"
        raise PortRaised(text) from None


def _items(values: Sequence[Any]) -> Iterable[Any]:
    """What is in those of the values that are lists or hashes."""
    if set(map(type, values)) == {list}:  # the usual case, in less time
        return itertools.chain.from_iterable(values)
    return itertools.chain.from_iterable(map(_items_of_one, values))


def _items_of_one(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, CONTAINERS) else ()


def _references_of_items(values: Sequence[Any]) -> int:
    """What `_are_own` counts of values that only one list refers to."""
    level = [value for value in values if type(value) not in SCALARS]
    return max(map(getrefcount, level))


_REFERENCES = _references_of_items([[]])


def _packed(values: list[Any]) -> Any:
    """All that is in these values, to compare it afterwards."""
    try:
        return marshal.dumps(values, 2)  # later versions note what is there twice
    except ValueError:  # something else is in them
        return deep_copy(values)


def _is_changed(before: Any, values: list[Any]) -> bool:
    if isinstance(before, bytes):
        with contextlib.suppress(ValueError):
            return marshal.dumps(values, 2) != before
        return True
    return not is_same(before, values)
