"""The pytest plugin: with --parity every pair of the project is a test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from parity.calls.sides import Task


def pytest_addoption(parser: pytest.Parser) -> None:
    """--parity, --parity-cases and --parity-seed."""
    group = parser.getgroup("parity", "parity: a Perl sub and its Python port are a test")
    group.addoption("--parity", action="store_true", help="Collect the pairs of [tool.parity].")
    group.addoption("--parity-cases", type=int, default=1000, metavar="N", help="Cases a pair.")
    group.addoption("--parity-seed", type=int, metavar="S", help="The same seed, the same cases.")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed here, so that all workers of pytest-xdist get the same."""
    if config.option.parity and config.option.parity_seed is None:
        config.option.parity_seed = int.from_bytes(os.urandom(4), "little")


def pytest_report_header(config: pytest.Config) -> str | None:
    """The seed, which makes the same cases again."""
    return f"parity: seed {config.option.parity_seed}" if config.option.parity else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add the pairs, before -k and -m choose among all items.

    Not where the command line names other places than the project's folder.
    """
    config = session.config
    places = [Path(config.invocation_params.dir, word.partition("::")[0]) for word in config.args]
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    everything = not named or config.rootpath in [place.resolve() for place in places]
    if config.option.parity and everything:
        parent = Pairs.from_parent(session, name="parity", nodeid="parity")
        pairs: list[pytest.Item | pytest.Collector] = [*parent.collect()]
        items += (pair for pair in pairs if isinstance(pair, pytest.Item))
        report = pytest.CollectReport("parity", "passed", None, pairs)  # so that they are counted
        config.hook.pytest_collectreport(report=report)


class Pairs(pytest.Collector):
    """All pairs of the project."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item a pair, in the order of the Perl files."""
        from parity.calls.sides import Task
        from parity.errors import PerlUnusable, UsageError
        from parity.perl import process
        from parity.project import pairs, settings

        options = self.config.option
        try:
            here = settings.load(self.config.rootpath)
            found = pairs.find(here)
            chosen = pairs.select(found, [])
            perl = process.check(here.exe)
        except (UsageError, PerlUnusable) as error:
            raise pytest.UsageError(str(error)) from None
        for pair in chosen:
            task = Task(here, pair, found.pairs, options.parity_cases, options.parity_seed)
            yield Item.from_parent(self, name=pair.name, task=task, perl=perl)


class Item(pytest.Item):
    """A pair."""

    def __init__(self, *, task: Task, perl: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.task, self.perl = task, perl

    def runtest(self) -> None:
        """Judge the pair; anything but a pass raises."""
        from parity.judge import pair
        from parity.report import text

        found = pair.apart([self.task], pair.on_this_machine(1))
        (entry,) = (one for one in found if isinstance(one, dict))
        text.keep(text.document([entry], self.task.seed, self.perl), self.task.settings.report)
        if text.status([entry]):
            raise NoParity(entry)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:
        """What `parity run` says of the pair."""
        if not isinstance(excinfo.value, NoParity):
            return super().repr_failure(excinfo)
        import io

        from rich.console import Console

        from parity.report import text

        shown = io.StringIO()
        text.show(Console(file=shown, emoji=False), excinfo.value.entry, 0)
        return shown.getvalue()

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """Where the port is."""
        source = self.task.pair.python
        return source.file, max(source.line - 1, 0), self.name


class NoParity(Exception):
    """A pair that is not identical, or whose NumPy version is not within its bound."""

    def __init__(self, entry: dict[str, Any]) -> None:
        super().__init__(entry["verdict"])
        self.entry = entry
