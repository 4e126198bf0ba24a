"""One pair, both sides of it loaded in a child, for a function to look at."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

from conftest import Project

from parity.calls.sides import Sides
from parity.processes.child import Progress, isolated
from parity.project import pairs, settings
from parity.task import Task

TIMEOUT = 20  # seconds that a call may take


def _with_sides(progress: Progress, task: Task, function: Callable[..., Any], *rest: Any) -> Any:
    with Sides(progress, task) as sides:
        return function(sides, *rest)


def task_of(project: Project, perl: str, python: str) -> Task:
    """The task of a sub f and its port; the working folder is the project's."""
    project.pair(perl, textwrap.dedent(python))
    found_settings = settings.load()
    found = pairs.find(found_settings)
    (chosen,) = pairs.select(found, ["unit.f"])
    return Task(found_settings, chosen, found.pairs, 1000, 1)


def in_child(task: Task, function: Callable[..., Any], *arguments: Any) -> Any:
    """function(sides, *arguments) in a child. Raises what it raises."""
    return isolated(_with_sides, task, function, *arguments, timeout=TIMEOUT, memory=4096)
