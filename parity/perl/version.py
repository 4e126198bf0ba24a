"""Whether a perl can be used, and which it is."""

from __future__ import annotations

import platform
import shlex
import subprocess

from parity.errors import PerlUnusable


def command(exe: str) -> list[str]:
    """The words of the setting `exe`: a perl, with options if need be."""
    return shlex.split(exe)


def check(exe: str) -> str:
    """The version of this perl, like "5.36.0". Raises PerlUnusable."""
    if platform.system() == "Windows":
        raise PerlUnusable("parity needs Linux, macOS or another Unix; on Windows use WSL")
    ask = 'print join "|", sprintf("%vd", $^V), @Config{qw(nvtype nvsize ivsize doublekind)}'
    try:
        done = subprocess.run(
            [*command(exe), "-MConfig", "-e", ask],
            capture_output=True,
            text=True,
            timeout=30,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, ValueError, IndexError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PerlUnusable(
            f"cannot start perl {exe!r}: {reason}; install perl, or name one with --perl or `exe`"
        ) from None
    except subprocess.TimeoutExpired:
        raise PerlUnusable(f"perl {exe!r} did not answer within 30 s") from None
    version, *numbers = done.stdout.strip().split("|")
    if done.returncode != 0 or len(numbers) != 4:
        said = (done.stderr.strip().splitlines() or ["it is no perl"])[0]
        raise PerlUnusable(f"perl {exe!r} does not work: {said}")
    kind, size, integer_size, double_kind = numbers
    if kind != "double" or size != "8" or integer_size != "8" or double_kind not in ("", "3"):
        raise PerlUnusable(
            f"perl {exe!r} was built with {kind} numbers of {size} bytes and integers of "
            f"{integer_size}; bits can be compared only with 64-bit IEEE doubles and integers"
        )
    if tuple(map(int, version.split(".")[:2])) < (5, 22):
        raise PerlUnusable(f"perl {exe!r} is {version}; parity needs 5.22 or later")
    return version
