"""Calling the sub: in the perl of the run, and in others for what a single perl cannot tell."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from parity.errors import CannotRun, DoesNotLoad
from parity.outcome import BatchOutcome, PerlDied, SubExited
from parity.perl.codec import Names
from parity.perl.process import Calls, Perl
from parity.task import Task

ATTEMPTS = 3  # to ask a perl that is not the run's own: it may be killed from outside


class SubCaller:
    """The perls of one pair, each with the sub's file loaded."""

    def __init__(self, task: Task, names: Names) -> None:
        self._task, self._names = task, names
        self._stack = contextlib.ExitStack()
        self._helpers: dict[str, Perl] = {}
        self.main = self._stack.enter_context(self._first())

    def close(self) -> None:
        """End all of them."""
        for perl in self._helpers.values():
            perl.close()
        self._stack.close()

    def _first(self) -> Perl:
        """The perl of the run. Raises DoesNotLoad."""
        pair = self._task.pair
        for last in (False, True):
            try:
                return self.new()
            except PerlDied as died:
                if last:
                    raise DoesNotLoad(f"{pair.perl.file} does not load: {died}") from None
            except CannotRun as error:
                text, file = str(error), pair.perl.file
                if f"Can't locate {file} in @INC" in text:
                    where = "in the Perl folders or installed"
                    text = f"there is no {file}, {where}, for {pair.perl_name}"
                raise DoesNotLoad(text) from None
        raise AssertionError

    def new(self, kind: str = "plain", exe: str = "", hash_seed: int = 0) -> Perl:
        """A new perl. kind: as Perl has it. exe: another command. Raises CannotRun, PerlDied."""
        settings, pair = self._task.settings, self._task.pair
        module = pair.perl.folder is None or pair.perl.file.suffix == ".pm"
        file = pair.perl.file.relative_to(pair.perl.folder or "") if module else pair.perl.file
        perl = Perl(
            exe or settings.exe,
            file,
            settings.perl,
            kind=kind,
            hash_seed=hash_seed,
            declared=[other.perl.name for other in self._task.pairs if not other.perl.line],
            names=self._names,
        )
        if settings.srand is not None:
            perl.seed(settings.srand)
        return perl

    def boxed(self, calls: Calls) -> list[BatchOutcome]:
        """The calls with their numbers in boxes: IEEE doubles, the control run twice, IEEE again.

        Twice, for the first control run leaves flags in the code's constants; again, for a sub that
        keeps state does something else the second time. See ieee_box.pl.
        Raises SubExited, PerlDied, CannotRun.
        """
        storages = ("ieee", "native", "native", "ieee")
        return self._ask("boxed", lambda perl: perl.call(calls, *storages))

    def upgraded(self, calls: Calls) -> BatchOutcome:
        """The calls with texts stored as UTF-8. Raises PerlDied, CannotRun."""
        (found,) = self._ask("upgraded", lambda perl: perl.call(calls, "upgraded"))
        return found

    def fresh(self, calls: Calls, storage: str = "plain", hash_seed: int = 0) -> BatchOutcome:
        """The calls in a perl of their own. Raises PerlDied, CannotRun."""
        for attempt in range(ATTEMPTS):
            try:
                with self.new("fresh", hash_seed=hash_seed) as perl:
                    return perl.call(calls, storage)[0]
            except SubExited:
                raise
            except PerlDied:
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError

    def _ask(self, kind: str, request: Callable[[Perl], list[BatchOutcome]]) -> list[BatchOutcome]:
        """Ask a helper, which lives as long as it can; one that died is started again."""
        for attempt in range(ATTEMPTS):
            try:
                if kind not in self._helpers:
                    self._helpers[kind] = self.new(kind)
                return request(self._helpers[kind])
            except SubExited:
                self._drop(kind)
                raise
            except PerlDied:
                self._drop(kind)
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError

    def _drop(self, kind: str) -> None:
        if kind in self._helpers:
            self._helpers.pop(kind).close()
