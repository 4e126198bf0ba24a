"""The command `parity`, and `python -m parity`."""

import os
import signal
import sys


def start() -> None:
    """The command, with all standard files open."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # until there is somebody to take it
    if _open_missing():
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    from parity.commands.main import main

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
