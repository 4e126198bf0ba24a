"""The verdict on any pair, of functions or of programs, whatever happens to it."""

from __future__ import annotations

import time
from dataclasses import replace

from parity.errors import CannotRun, DoesNotLoad, UsageError
from parity.judge import pair
from parity.processes.child import ChildFailed
from parity.programs import judge as programs
from parity.task import Task
from parity.verdict import COULD_NOT_RUN, Verdict


def judge(task: Task) -> Verdict:
    """The verdict on a pair, or on a part of its cases."""
    start = time.monotonic()
    name = task.pair.name
    try:
        found = programs.judge(task) if task.pair.program else pair.judge(task)
    except DoesNotLoad as error:
        found = Verdict(name, COULD_NOT_RUN, reason=str(error), loads=False)
    except (CannotRun, UsageError) as error:
        found = Verdict(name, COULD_NOT_RUN, reason=str(error))
    except ChildFailed as error:
        reason = f"parity itself failed: {str(error).strip().splitlines()[-1]}"
        found = Verdict(name, COULD_NOT_RUN, reason=reason)
    return replace(found, seconds=round(time.monotonic() - start, 3))
