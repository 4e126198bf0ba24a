"""The command `parity`, and `python -m parity`."""

import os
import sys

HASH_SEED = "6640"  # the one that Dask gives its workers


def start() -> None:
    """Start again with a fixed order of sets, so that each run does the same; then the command."""
    if "PYTHONHASHSEED" not in os.environ:
        os.environ["PYTHONHASHSEED"] = HASH_SEED
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    from parity.cli import main

    main()


if __name__ == "__main__":
    start()
