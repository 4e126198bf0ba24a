"""Pickles over a pipe: the size in 8 bytes, little-endian, and the bytes."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from typing import Any


class Frames:
    """What comes over a pipe in pieces, put together."""

    def __init__(self) -> None:
        self._data = bytearray()

    def add(self, data: bytes) -> Iterator[bytes]:
        """The frames that are whole by now."""
        self._data += data
        while len(self._data) >= 8:
            end = 8 + int.from_bytes(self._data[:8], "little")
            if len(self._data) < end:
                return
            frame = bytes(self._data[8:end])
            del self._data[:end]
            yield frame


def framed(what: tuple[Any, ...]) -> bytes:
    """A request or an answer as it is sent."""
    pickled = pickle.dumps(what)
    return len(pickled).to_bytes(8, "little") + pickled


def write(descriptor: int, data: bytes) -> None:
    """Write all of it, to a pipe that blocks."""
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
