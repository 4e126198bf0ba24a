"""The pytest plugin: with --parity every pair of the project is a test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from parity.api import Project
    from parity.project.pairs import Pair
    from parity.verdict import Verdict


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
        from parity.api import Project
        from parity.errors import PerlUnusable, UsageError

        try:
            project = Project(self.config.rootpath)
            chosen = project.select()
            assert project.perl_version
        except (UsageError, PerlUnusable) as error:
            raise pytest.UsageError(str(error)) from None
        for pair in chosen:
            yield Item.from_parent(self, name=pair.name, project=project, pair=pair)


class Item(pytest.Item):
    """A pair."""

    def __init__(self, *, project: Project, pair: Pair, **rest: Any) -> None:
        super().__init__(**rest)
        self.project, self.pair = project, pair

    def runtest(self) -> None:
        """Judge the pair; anything but a pass raises."""
        from parity.api import run
        from parity.report.exit_status import exit_status
        from parity.report.json_report import document
        from parity.report.last_run import save_run

        project, options = self.project, self.config.option
        cases, seed = options.parity_cases, options.parity_seed
        (verdict,) = run(project, [self.pair], cases=cases, seed=seed, jobs=1)
        save_run(document([verdict], seed, project.perl_version), project.settings.report)
        if exit_status([verdict]):
            raise NoParity(verdict)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:
        """What `parity run` says of the pair."""
        if not isinstance(excinfo.value, NoParity):
            return super().repr_failure(excinfo)
        import io

        from rich.console import Console

        from parity.report import text

        shown = io.StringIO()
        text.show(Console(file=shown, emoji=False), excinfo.value.verdict, 0)
        return shown.getvalue()

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """Where the port is."""
        source = self.pair.python
        return source.file, max(source.line - 1, 0), self.name


class NoParity(Exception):
    """A pair that is not identical, or whose NumPy version is not within its bound."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.verdict)
        self.verdict = verdict
