"""Arrays of rows and of the items that belong to rows."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def spread(items: Array, sizes: Array) -> Array:
    """Per row: whether it holds for any of its items. sizes: the number of items of each row."""
    found = np.zeros(len(sizes), bool)
    if items.any():
        found[np.repeat(np.arange(len(sizes)), sizes)[items]] = True
    return found


def distinct(numbers: Array) -> Array:
    """Numbers from 0 on, in order, each once; np.unique would load all of numpy.ma."""
    return numbers[np.diff(numbers, prepend=-1) > 0]


def cut(row: Any, sizes: Array) -> list[Any]:
    """A row cut into lists of these sizes."""
    ends = np.cumsum(sizes).tolist()
    return [row[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def item_places(sizes: Array, rows: Array) -> Array:
    """The places of the items of these rows among all items."""
    ends = np.cumsum(sizes, dtype=np.int64)[rows]
    chosen = sizes[rows].astype(np.int64)
    return np.repeat(ends - np.cumsum(chosen), chosen) + np.arange(chosen.sum())
