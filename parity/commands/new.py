"""parity new: start a port."""

from __future__ import annotations

import click

from parity.project import settings


@click.command()
@click.argument("name")
def new(name: str) -> None:
    """Start the port of the Perl sub NAME: Acme::Stock::total, or stock.total of lib/stock.pl.

    Writes the stub with the arguments that the sub has and a guess at their types, its entry in
    the cases file, and its pair in the settings if the names do not say it. Nothing that is
    there is overwritten.
    """
    from parity.new import stub

    port, cases, pair = stub.new(settings.load(), name)
    print(f"1. write the port in {port}")
    print(f"2. give the inputs in {cases}")
    print(f"3. parity run {pair}")
