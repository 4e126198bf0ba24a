"""Hints, and what is drawn for them."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Required,
    TypedDict,
    TypeVar,
)

import annotated_types as at
import numpy as np

from parity import Cases
from parity.inputs import array_draws
from parity.inputs.port import Port
from parity.inputs.strategies import edge_cases, make


def port(*wanted: Any, constants: tuple[Any, ...] = (), cases: Cases | None = None) -> Port:
    """A port with one parameter for each hint: x0, x1, …"""
    names = [f"x{n}" for n in range(len(wanted))]
    scope: dict[str, Any] = {}
    exec(f"def f({', '.join(names)}): pass", scope)
    given = dict(zip(names, wanted, strict=True))
    return Port(Path("cases/unit.py"), scope["f"], given, cases or Cases(), [], constants)


def made(hint: Any, count: int = 400, **more: Any) -> list[Any]:
    """What is made for one parameter."""
    return [case.arguments[0] for case in make(port(hint, **more), count, 1, lambda: None)]


def edges(hint: Any) -> list[Any]:
    return [case[0] for case in edge_cases(port(hint), 1)]


def array_values(where: Port, count: int, seed: int = 1) -> list[list[Any]]:
    """What NumPy draws, a list of values for each parameter."""
    draw = array_draws.drawer(where)
    assert draw
    return [column.values() for column in draw(np.random.default_rng(seed), count)]


class Color(enum.Enum):
    RED = "red"
    GREEN = 2
    BOTH = ("red", 2)
    NOTHING = None
    OTHER = object()  # cannot cross


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Point(NamedTuple):
    x: float
    ok: bool


class Options(TypedDict):
    name: str
    size: NotRequired[Annotated[int, at.Ge(3)]]
    flag: NotRequired[bool]


class Loose(TypedDict, total=False):
    must: Required[float]
    may: Literal["a", "b"]


class Tree(TypedDict):
    value: float
    children: list[Tree]


Meters = NewType("Meters", float)
Small = NewType("Small", Annotated[int, at.Interval(ge=0, lt=10)])  # type: ignore[valid-newtype]
Number = TypeVar("Number", int, str)
Bounded = TypeVar("Bounded", bound=float)
