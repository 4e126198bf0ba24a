"""The command `parity`: its subcommands, and the exit status of each error."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import click

from parity import __version__, terminal
from parity.commands.call import call
from parity.commands.list_pairs import list_pairs
from parity.commands.new import new
from parity.commands.run import run
from parity.commands.show import show
from parity.errors import CannotRun, PerlUnusable, UsageError
from parity.project.did_you_mean import did_you_mean

EPILOG = """\
Exit status: 0 parity holds; 1 something differs or could not run; 2 the call, the settings or a
file is wrong; 3 perl could not be used; 130 interrupted; 143 ended by SIGTERM. The settings are
the table [tool.parity] of the nearest pyproject.toml: perl = "FOLDER", python = "FOLDER".
"""


class Interrupted(Exception):
    """Ctrl-C. click would turn a KeyboardInterrupt into an error of its own."""


class Commands(click.Group):
    """A group that suggests what a misspelt command was meant to be."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted from None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command that the first word names."""
        if args and args[0] not in self.commands:
            run_it = f"; did you mean `parity run {args[0]}`? (see `parity --help`)"
            hint = did_you_mean(args[0], self.commands, "`parity {}`", run_it)
            raise UsageError(f"there is no command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)


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


for command in (run, call, list_pairs, new, show):
    commands.add_command(command)


def main() -> NoReturn:
    """The command `parity`: every error is one line, and has its exit status."""
    try:
        terminal.handle_signals()
        commands.main(prog_name="parity", standalone_mode=False)
    except click.ClickException as error:
        ours = isinstance(error, click.NoSuchOption) and error.ctx and error.ctx.parent is None
        hint = " Options belong to a command, as in `parity run --seed 1`." if ours else ""
        terminal.fail(error.format_message() + hint, 2)
    except UsageError as error:
        terminal.fail(str(error), 2)
    except PerlUnusable as error:
        terminal.fail(str(error), 3)
    except CannotRun as error:
        terminal.fail(str(error), 2 if type(error) is not CannotRun else 1)
    except (Interrupted, KeyboardInterrupt, click.Abort):
        # An interrupt that came through the exec of a text, as in a dataclass that was being made,
        # would end Python by the signal after all, unless another text is run.
        exec("")
        terminal.fail("interrupted", 130)
    except OSError as error:
        terminal.fail_writing(error)
    sys.exit(0)
