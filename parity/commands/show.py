"""parity show: both sources of a pair."""

from __future__ import annotations

import click

from parity import terminal
from parity.project import pairs, settings

WIDTH = 200  # of the table, if the output is no terminal


@click.command()
@click.argument("name")
def show(name: str) -> None:
    """Show both sources of the pair NAME, side by side."""
    from rich.syntax import Syntax
    from rich.table import Table

    found = pairs.find(settings.load())
    console = terminal.console()
    if not console.is_terminal:
        console.width = WIDTH
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
