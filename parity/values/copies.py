"""Copying and walking plain values: lists, tuples and dicts of numbers and texts."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any


def deep_copy(value: Any) -> Any:
    """A copy in which every list, tuple and dict is new, whatever they share."""
    if isinstance(value, list):
        return [deep_copy(item) for item in value]
    if isinstance(value, tuple):
        items = [deep_copy(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if isinstance(value, dict):
        return {key: deep_copy(item) for key, item in value.items()}
    return value


def leaves(value: Any) -> Iterator[Any]:
    """The numbers, texts and other values in lists, tuples and dicts, keys included."""
    if isinstance(value, list | tuple):
        for one in value:
            yield from leaves(one)
    elif isinstance(value, dict):
        yield from leaves([*value, *value.values()])
    else:
        yield value


def is_same(one: Any, other: Any) -> bool:
    """Whether two values have the same types and bits throughout; other objects are the same."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, dict):
        return len(one) == len(other) and is_same(list(one.items()), list(other.items()))
    if isinstance(one, float):
        return struct.pack("d", one) == struct.pack("d", other)
    if isinstance(one, int | str | bytes):
        return bool(one == other)
    return one is other
