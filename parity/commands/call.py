"""parity call: both sides on one input."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from parity import terminal
from parity.commands.options import perl_option, strict_option, timeout_option

if TYPE_CHECKING:
    from rich.console import Console

    from parity.verdict import CallResult


@click.command(context_settings={"ignore_unknown_options": True})
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
    _show(terminal.console(), name, result)
    sys.exit(1 if result.difference else 0)


def _show(console: Console, name: str, result: CallResult) -> None:
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
