"""Options that several commands have."""

import click

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
