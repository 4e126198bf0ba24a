"""Faults in the Perl half of the codec, one after the other: its tests have to notice each.

    python tests/mutants/perl_codec.py

`perl_faults.toml` lists them; each is put into a copy of the repository, alone.
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from pathlib import Path

from workspace import Workspace

FAULTS = Path(__file__).with_name("perl_faults.toml")


def main() -> int:
    """Try each fault; 1 where one was not noticed."""
    table = tomllib.loads(FAULTS.read_text("utf-8"))
    faults = table["fault"]
    killed = 0
    with tempfile.TemporaryDirectory() as folder:
        files = sorted({fault["file"] for fault in faults})
        workspace = Workspace(Path(folder), files, table["tests"])
        for fault in faults:
            file, old, new = fault["file"], fault["old"], fault["new"]
            source = workspace.sources[file]
            if source.count(old) != 1:
                found = f"{source.count(old)} times"
                raise SystemExit(f"{FAULTS.name}: {old!r} is in {file} {found}, not once")
            with workspace.changed(file, source.replace(old, new)):
                result = workspace.test()
            killed += result.failed
            print("killed  " if result.failed else "survived", f"{old}  ->  {new}", flush=True)
        print(f"perl codec: {killed} of {len(faults)} killed; {workspace.seconds:.0f} s of CPU")
    return 0 if killed == len(faults) else 1


if __name__ == "__main__":
    sys.exit(main())
