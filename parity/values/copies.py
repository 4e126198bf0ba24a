"""Copies of plain values, and what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def deep_copy(value: Any) -> Any:
    """A copy of an argument. An object that occurs twice in it becomes two."""
    if isinstance(value, list):
        return [deep_copy(item) for item in value]
    if isinstance(value, tuple):
        items = [deep_copy(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if isinstance(value, dict):
        return {key: deep_copy(item) for key, item in value.items()}
    return value


def leaves(value: Any) -> Iterator[Any]:
    """The numbers and texts in a value, keys of dicts among them."""
    if isinstance(value, list | tuple):
        for one in value:
            yield from leaves(one)
    elif isinstance(value, dict):
        yield from leaves([*value, *value.values()])
    else:
        yield value
