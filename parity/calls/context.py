"""The context of a sub's call: fixed by the settings and the port's hint, never by a result."""

from __future__ import annotations

import contextlib
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from parity.project.pairs import Pair


@dataclass(frozen=True)
class Context:
    """name: scalar, list or void. declared: the settings say so, not the port's hint."""

    name: str = "scalar"
    declared: bool = False


def context_of(function: Callable[..., Any], pair: Pair) -> Context:
    """The context: a port that returns a tuple stands for list context, one of None for void."""
    if pair.declared.context:
        return Context(pair.declared.context, declared=True)
    hints: dict[str, Any] = {}
    with contextlib.suppress(Exception):  # of a function in C they may be unknown
        hints = typing.get_type_hints(function)
    result = hints.get("return", Any)
    union = typing.get_origin(result) in (typing.Union, types.UnionType)
    arms = typing.get_args(result) if union else (result,)
    if any((typing.get_origin(arm) or arm) is tuple for arm in arms):
        return Context("list")
    return Context("void" if "return" in hints and result is type(None) else "scalar")
