"""The command `parity`, and `python -m parity`."""

import os
import signal
import sys

HASH_SEED = "6640"  # the one that Dask gives its workers


def start() -> None:
    """Start again with a fixed order of sets, so that each run does the same; then the command."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # until there is somebody to take it
    if _open_missing() or "PYTHONHASHSEED" not in os.environ:
        os.environ.setdefault("PYTHONHASHSEED", HASH_SEED)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    from parity.commands.cli import main

    main()


def _open_missing() -> bool:
    """Whether a standard file was closed: the next file that is opened would take its place."""
    missing = False
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
            missing = True
    return missing


if __name__ == "__main__":
    start()
