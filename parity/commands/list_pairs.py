"""parity list: the correspondence map."""

from __future__ import annotations

import json
import sys

import click

from parity import terminal
from parity.project import map, pairs, settings


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="The map as JSON.")
@click.option("--markdown", is_flag=True, help="The map as a table in Markdown.")
@click.option("--check", is_flag=True, help="Exit 1 if something is neither paired nor declared.")
def list_pairs(as_json: bool, markdown: bool, check: bool) -> None:
    """Show the map: every sub and function, and what became of it in the last run."""
    from parity.report import last_run, map_text

    here = settings.load()
    found = pairs.find(here)
    rows = map.rows(here, found, last_run.what_became(here.report))
    if as_json:
        print(json.dumps(map_text.map_to_json(rows), indent=2, ensure_ascii=False))
    elif markdown:
        print(map_text.map_to_markdown(rows))
    else:
        map_text.show_map(terminal.console(), rows)
    for line in found.misread:
        print(f"parity: {line}", file=sys.stderr)
    if check:
        wrong = [*map.unpaired(rows), *map.stale_declarations(here, found)]
        wrong += map.orphan_entries(here, found)
        for line in wrong:
            print(f"parity: {line}", file=sys.stderr)
        sys.exit(1 if wrong else 0)
