"""The command line."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click

from parity import __version__
from parity.errors import CannotRun, PerlUnusable, UsageError
from parity.project.did_you_mean import did_you_mean

if TYPE_CHECKING:
    from rich.console import Console

    from parity.verdict import CallResult, Verdict

EPILOG = """\
Exit status: 0 parity holds; 1 something differs or could not run; 2 the call, the settings or a
file is wrong; 3 perl could not be used; 130 interrupted; 143 ended by SIGTERM. The settings are
the table [tool.parity] of the nearest pyproject.toml: perl = "FOLDER", python = "FOLDER".
"""


_signals: list[int] = []  # those that came, for an exception is lost where garbage is collected


class Interrupted(Exception):
    """Ctrl-C; of a KeyboardInterrupt click says something of its own."""


class Output:
    """A standard file. Where it is full, or nobody reads it, what is done goes on if it has to.

    keeps: whether the report is wanted in any case.
    """

    def __init__(self, stream: IO[str], keeps: bool) -> None:
        self._stream, self._keeps = stream, keeps
        self._error: OSError | None = None

    def write(self, text: str) -> int:
        """Write, or do nothing any more."""
        with self._kept():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Write what is left."""
        with self._kept():
            self._stream.flush()

    def unblock(self) -> None:
        """Where who reads stands still, what is left goes nowhere."""
        with contextlib.suppress(OSError, ValueError):
            if not select.select([], [self._stream], [], 0)[1]:
                self._give_up()

    def end(self) -> None:
        """Write what is left. Raises OSError where something was lost that somebody would read."""
        self.flush()
        if self._error and self._error.errno != errno.EPIPE:
            raise self._error

    @contextlib.contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno == errno.EPIPE and not self._keeps:
                raise
            self._error = error
            self._give_up()

    def _give_up(self) -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Commands(click.Group):
    """A group that knows what a misspelt command was meant to be."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted from None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command that the first word names."""
        if args and args[0] not in self.commands:
            run = f"; did you mean `parity run {args[0]}`? (see `parity --help`)"
            hint = did_you_mean(args[0], self.commands, "`parity {}`", run)
            raise UsageError(f"there is no command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)


perl_option = click.option("--perl", metavar="PERL", help="The perl to run, with options if any.")
timeout_option = click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    metavar="S",
    help="Seconds a call may take.",
)

strict_option = click.option(
    "--strict", is_flag=True, help="Explained cases and vivified data are differences."
)


@click.group(cls=Commands, invoke_without_command=True, epilog=EPILOG)
@click.version_option(__version__, prog_name="parity")
@click.pass_context
def commands(ctx: click.Context) -> None:
    """Run Perl subs and their Python ports on the same inputs and compare them bit for bit.

    A sub and a function are a pair if they have the same name, in files of the same name.
    Without a command: parity run.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(run)


@commands.command()
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
    cases: int = 1000,
    seed: int | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    timeout: float | None = None,
    strict: bool = False,
    json_file: str | None = None,
    stop: bool = False,
    min_coverage: float = 0,
    vectorized: bool = True,
    perl: str | None = None,
) -> None:
    """Judge the pairs of these NAMES: cost, 'cost.*', matrix.mul_mat. Without a name: all."""
    from parity import api
    from parity.project import map
    from parity.report import exit_status, json_report, last_run, text

    project = api.Project(perl=perl, timeout=timeout)
    waiting = [pair.name for pair in project.select(names)]
    version = project.perl_version
    if json_file not in (None, "-"):
        file = Path(str(json_file)).absolute()
        wrong = "it is a directory" if file.is_dir() else "its folder is not there"
        if file.is_dir() or not file.parent.is_dir():
            raise UsageError(f"cannot write the report {json_file}: {wrong}")
    seed = api.new_seed() if seed is None else seed
    output = Output(sys.stdout, keeps=json_file is not None)
    stdout = _console(output)
    console = _console(Output(sys.stderr, keeps=True)) if json_file == "-" else stdout
    start = time.monotonic()
    found: dict[str, Verdict] = {}
    in_order = list(waiting)
    options: dict[str, Any] = {"cases": cases, "seed": seed, "jobs": jobs, "strict": strict}
    options |= {"vectorized": vectorized, "scheduler": scheduler}
    try:
        with _bar(console, len(in_order)) as progress:
            verdicts = api.run(project, names, progress=progress, **options)
            with contextlib.closing(verdicts):
                for verdict in verdicts:
                    found[verdict.name] = verdict
                    _show(console, found, waiting)
                    if stop and verdict.verdict != "identical":
                        break
        _show(console, found, waiting, whole=True)  # after -x, some before the last are missing
    except (KeyboardInterrupt, SystemExit, UsageError):
        output.unblock()
        _show(console, found, waiting, whole=True)
        if found:
            report = json_report.document(found.values(), seed, version)
            last_run.save_run(report, project.settings.report)
            pairs_judged = f"{len(found)} of {text.count(len(in_order), 'pair')}"
            console.print(f"{pairs_judged} judged · seed {seed}", highlight=False)
        raise
    judged = [found[name] for name in in_order if name in found]
    report = json_report.document(judged, seed, version)
    last_run.save_run(report, project.settings.report)
    notes = [*project.found.misread, *map.orphan_entries(project.settings, project.found)]
    notes += exit_status.low_coverage(judged, min_coverage)
    text.summary(console, judged, notes, seed, time.monotonic() - start)
    if json_file:
        json_report.write(report, json_file, output)
    output.end()
    sys.exit(exit_status.exit_status(judged, min_coverage))


@contextlib.contextmanager
def _bar(console: Console, pairs: int) -> Iterator[Callable[[int, int], None]]:
    """What is told the progress of a run: it shows a bar, and ends the run after a signal."""
    if not console.is_terminal:
        yield lambda done, whole: _stop_if_signalled()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as progress:
        bar = progress.add_task("")

        def show(done: int, whole: int) -> None:
            _stop_if_signalled()
            what = "pairs" if whole == pairs else "parts of pairs"
            progress.update(bar, description=what, completed=done, total=whole)
            progress.refresh()

        yield show


def _show(
    console: Console, entries: dict[str, Verdict], waiting: list[str], whole: bool = False
) -> None:
    """Show the verdicts that wait for it, up to one that is missing, or all that are there."""
    from parity.report import text

    width = max(map(len, [*waiting, *entries]), default=0)
    for name in list(waiting):
        if name in entries:
            with console.capture() as shown:  # what rich keeps, it writes again after an interrupt
                text.show(console, entries[name], width)
            waiting.remove(name)
            console.file.write(shown.get())
            console.file.flush()
        elif not whole:
            return


@commands.command("list")
@click.option("--json", "as_json", is_flag=True, help="The map as JSON.")
@click.option("--markdown", is_flag=True, help="The map as a table in Markdown.")
@click.option("--check", is_flag=True, help="Exit 1 if something is neither paired nor declared.")
def list_(as_json: bool, markdown: bool, check: bool) -> None:
    """Show the map: every sub and function, and what became of it in the last run."""
    import json

    from parity.project import map, pairs, settings
    from parity.report import map_text
    from parity.report.last_run import what_became

    found_settings = settings.load()
    found = pairs.find(found_settings)
    rows = map.rows(found_settings, found, what_became(found_settings.report))
    console = _console()
    if as_json:
        console.file.write(
            json.dumps(map_text.map_to_json(rows), indent=2, ensure_ascii=False) + "\n"
        )
    elif markdown:
        console.file.write(map_text.map_to_markdown(rows) + "\n")
    else:
        map_text.show_map(console, rows)
    for text in found.misread:
        print(f"parity: {text}", file=sys.stderr)
    if check:
        wrong = [*map.unpaired(rows), *map.stale_declarations(found_settings, found)]
        wrong += map.orphan_entries(found_settings, found)
        for text in wrong:
            print(f"parity: {text}", file=sys.stderr)
        sys.exit(1 if wrong else 0)


@commands.command()
@click.argument("name")
def show(name: str) -> None:
    """Show both sources of the pair NAME, side by side."""
    from rich.syntax import Syntax
    from rich.table import Table

    from parity.project import pairs, settings

    found = pairs.find(settings.load())
    console = _console()
    if not console.is_terminal:
        console.width = 200
    for pair in pairs.select(found, [name]):
        table = Table(expand=True, title=pair.name)
        sides = []
        for source, language in ((pair.perl, "perl"), (pair.python, "python")):
            table.add_column(f"{source.file.name}:{source.line}", ratio=1)
            theme = "ansi_dark" if console.is_terminal else "bw"
            text = source.text() or "# its source is not in the folders of the settings"
            sides.append(Syntax(text, language, theme=theme, word_wrap=True))
        table.add_row(*sides)
        console.print(table)


@commands.command(context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
@timeout_option
@strict_option
@perl_option
def call(
    name: str, args: tuple[str, ...], timeout: float | None, strict: bool, perl: str | None
) -> None:
    """Call both sides of the pair NAME with ARGS and show what each does.

    ARGS are Python literals (0.5 '[1.0, -inf, nan]' '"text"'), JSON, @FILE for what stands in a
    file (as the report writes it, or a literal), and names of paired functions.
    """
    from parity import api

    project = api.Project(perl=perl, timeout=timeout)
    name = project.pair(name).name
    result = api.call_texts(project, name, args, strict=strict)
    _show_call(_console(), name, result)
    sys.exit(1 if result.difference else 0)


def _show_call(console: Console, name: str, result: CallResult) -> None:
    from parity.report.text import show_difference

    def line(label: str, text: str) -> None:
        console.print(f"  {label:10} {text}", soft_wrap=True, highlight=False, markup=False)

    changed = result.perl.changed or result.python.changed
    for label, side in (("perl", result.perl), ("python", result.python)):
        line(label, f"{side.value}   {side.hex}".rstrip())
        if changed:
            line("", f"arguments afterwards: {', '.join(side.arguments)}")
        if side.printed:
            line("", f"printed: {side.printed!r}")
        for warning in side.warnings:
            line("", f"warned: {warning}")
    if result.difference:
        console.print(f"{name} [red]differs[/]", highlight=False)
        show_difference(console, result.difference)
        if result.known:
            line("    if meant", result.known)
    else:
        why = ", explained by Perl's integer arithmetic" if result.explained else ""
        console.print(f"{name} [green]identical[/]{why}", highlight=False)


@commands.command("new")
@click.argument("name")
def new_(name: str) -> None:
    """Start the port of the Perl sub NAME: Acme::Stock::total, or stock.total of lib/stock.pl.

    Writes the stub with the arguments that the sub has and a guess at their types, its entry in
    the cases file, and its pair in the settings where the names do not say it. Nothing that is
    there is overwritten.
    """
    from parity.new.stub import new
    from parity.project import settings

    port, cases, pair = new(settings.load(), name)
    print(f"1. write the port in {port}")
    print(f"2. give the inputs in {cases}")
    print(f"3. parity run {pair}")


def _stop_if_signalled() -> None:
    if _signals:
        _stop()


def _stop() -> NoReturn:
    """End as the first signal says that came."""
    if _signals[0] == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + _signals[0])


def _console(output: Any = None) -> Console:
    from rich.console import Console

    return Console(file=output, emoji=False)


def main() -> NoReturn:
    """The command `parity`: every error is one line, and has its exit status."""

    def fail(text: str, code: int) -> NoReturn:
        line = " ".join(str(text).split())
        with contextlib.suppress(OSError):
            print(f"parity: {line}", file=sys.stderr)
        sys.exit(code)

    def interrupt(number: int, frame: object) -> NoReturn:
        _signals.append(number)
        _stop()

    signal.signal(signal.SIGTERM, interrupt)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, interrupt)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        commands.main(prog_name="parity", standalone_mode=False)
    except click.ClickException as error:
        ours = isinstance(error, click.NoSuchOption) and error.ctx and error.ctx.parent is None
        hint = " Options belong to a command, as in `parity run --seed 1`." if ours else ""
        fail(error.format_message() + hint, 2)
    except UsageError as error:
        fail(str(error), 2)
    except PerlUnusable as error:
        fail(str(error), 3)
    except CannotRun as error:
        fail(str(error), 2 if type(error) is not CannotRun else 1)
    except (Interrupted, KeyboardInterrupt):
        fail("interrupted", 130)
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if error.errno == errno.EPIPE:  # who read our output has gone
            sys.exit(1)
        fail(f"cannot write standard output: {error.strerror}", 2)
    sys.exit(0)
