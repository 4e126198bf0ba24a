"""What Perl adds to the text of a die, and which texts are Perl's own."""

from __future__ import annotations

import functools
import os
import re

# What perl says on its own where Python's math raises ZeroDivisionError or ValueError.
_DOMAIN = re.compile(
    r"Illegal division by zero|Illegal modulus zero|Can't take log of |Can't take sqrt of "
)
# What die, croak and confess add; what looks like it may be the sub's own, as "at app.ini line 3".
_BACKTRACE = re.compile(r"(?<=\n)(?:\t.* called at .+ line \d+\n)+\Z")
_LINE = re.compile(r" line \d+(?:, <.*?> (?:line|chunk) \d+)?\.?\n\Z")
_LONGEST_PATH = 4096
_NO_FILE = re.compile(r"\(eval \d+\)|-e")


def message(text: str) -> str:
    """A die's text without the place that Perl added, a file that is there, and final newline."""
    first = _BACKTRACE.sub("", text)
    if line := _LINE.search(first):
        start = max(first.rfind("\n", 0, line.start()) + 1, line.start() - _LONGEST_PATH)
        for at in re.finditer(" at ", first[start : line.start()]):
            path = first[start + at.end() : line.start()]
            if _NO_FILE.fullmatch(path) or _is_file(path):
                return first[: start + at.start()]
    return text.removesuffix("\n")


def is_domain_error(message: str) -> bool:
    """Whether Perl itself died of a division by zero, or a logarithm or root out of its domain."""
    return _DOMAIN.match(message) is not None


@functools.lru_cache(maxsize=256)
def _is_file(path: str) -> bool:
    return os.path.isfile(path)


def first_line(text: str) -> str:
    """The first line that says something."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return lines[0] if lines else ""
