"""parity run: judge pairs."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parity import terminal
from parity.commands.options import perl_option, strict_option, timeout_option
from parity.errors import UsageError
from parity.terminal import Output

if TYPE_CHECKING:
    from parity.api import Project
    from parity.verdict import Verdict


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "--cases",
    type=click.IntRange(1, 10**11),
    default=1000,
    show_default="1000",
    metavar="N",
    help="Cases a pair, like 1_000_000; the examples and edge values are run in any case.",
)
@click.option("--seed", type=click.IntRange(0), metavar="S", help="The same seed, the same cases.")
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Processes at a time [all cores]."
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Judge on the cluster of this Dask scheduler instead."
)
@timeout_option
@strict_option
@click.option("--json", "json_file", metavar="FILE", help="Write the report; - is standard output.")
@click.option("-x", "stop", is_flag=True, help="Stop at the first pair that is not identical.")
@click.option(
    "--min-coverage",
    type=click.FloatRange(0, 100),
    default=0,
    metavar="PERCENT",
    help="Exit 1 where a pair's cases reached less of sub or port.",
)
@click.option("--vectorized/--no-vectorized", default=True, help="Judge NumPy versions, too.")
@perl_option
def run(
    names: tuple[str, ...] = (),
    timeout: float | None = None,
    perl: str | None = None,
    json_file: str | None = None,
    stop: bool = False,
    min_coverage: float = 0,
    **options: Any,
) -> None:
    """Judge the pairs of these NAMES: cost, 'cost.*', matrix.mul_mat. Without a name: all."""
    from parity import api

    project = api.Project(perl=perl, timeout=timeout)
    screen = Screen(project, names, json_file)
    seed = options.pop("seed")
    seed = api.new_seed() if seed is None else seed
    try:
        with terminal.progress_bar(screen.console, len(screen.names)) as progress:
            verdicts = api.run(project, names, seed=seed, progress=progress, **options)
            with contextlib.closing(verdicts):
                for verdict in verdicts:
                    screen.add(verdict)
                    if stop and verdict.verdict != "identical":
                        break
        screen.show(everything=True)  # after -x, some before the last are missing
    except (KeyboardInterrupt, SystemExit, UsageError):
        screen.interrupted(seed)
        raise
    sys.exit(screen.finish(seed, min_coverage))


class Screen:
    """What a run shows and keeps: verdicts in the order of the pairs, the summary, the report."""

    def __init__(self, project: Project, names: Sequence[str], json_file: str | None) -> None:
        self._project, self._json_file, self._start = project, json_file, time.monotonic()
        self.names = [pair.name for pair in project.select(names)]
        self._perl = project.perl_version
        _check_writable(json_file)
        self._output = Output(sys.stdout, keeps=json_file is not None)
        other = Output(sys.stderr, keeps=True) if json_file == "-" else self._output
        self.console = terminal.console(other)
        self._found: dict[str, Verdict] = {}
        self._waiting = list(self.names)

    def add(self, verdict: Verdict) -> None:
        """Take a verdict, and show it once all before it are there."""
        self._found[verdict.name] = verdict
        self.show()

    def show(self, everything: bool = False) -> None:
        """Show the verdicts up to the first that is missing, or all that are there."""
        from parity.report import text

        width = max(map(len, self.names), default=0)
        for name in list(self._waiting):
            if name in self._found:
                # What rich still holds after an interrupt, it would write again.
                with self.console.capture() as shown:
                    text.show(self.console, self._found[name], width)
                self._waiting.remove(name)
                self.console.file.write(shown.get())
                self.console.file.flush()
            elif not everything:
                return

    def interrupted(self, seed: int) -> None:
        """Show and keep the verdicts that are there."""
        from parity.report.text import count

        self._output.unblock()
        self.show(everything=True)
        if self._found:
            self._save(list(self._found.values()), seed)
            judged = f"{len(self._found)} of {count(len(self.names), 'pair')} judged"
            self.console.print(f"{judged} · seed {seed}", highlight=False)

    def finish(self, seed: int, min_coverage: float) -> int:
        """Write the summary and the report. Returns the exit status."""
        from parity.project import map
        from parity.report import exit_status, json_report, text

        verdicts = [self._found[name] for name in self.names if name in self._found]
        report = self._save(verdicts, seed)
        here, found = self._project.settings, self._project.found
        notes = [*found.misread, *map.orphan_entries(here, found)]
        notes += exit_status.low_coverage(verdicts, min_coverage)
        text.summary(self.console, verdicts, notes, seed, time.monotonic() - self._start)
        if self._json_file:
            json_report.write(report, self._json_file, self._output)
        self._output.end()
        return exit_status.exit_status(verdicts, min_coverage)

    def _save(self, verdicts: Sequence[Verdict], seed: int) -> dict[str, Any]:
        from parity.report import json_report, last_run

        report = json_report.document(verdicts, seed, self._perl)
        last_run.save_run(report, self._project.settings.report)
        return report


def _check_writable(json_file: str | None) -> None:
    """Raises UsageError before anything is judged."""
    if json_file is None or json_file == "-":
        return
    file = Path(json_file).absolute()
    if file.is_dir() or not file.parent.is_dir():
        wrong = "it is a directory" if file.is_dir() else "its folder is not there"
        raise UsageError(f"cannot write the report {json_file}: {wrong}")
