"""parity: run a Perl sub and its Python port on the same inputs and compare them bit for bit."""

from typing import TYPE_CHECKING, Any

from parity.declarations import Cases, Fails, Known, Run
from parity.errors import CannotRun, DoesNotLoad, ParityError, PerlUnusable, UsageError

if TYPE_CHECKING:
    from parity.api import Project, call, run
    from parity.verdict import CallResult, Verdict

__version__ = "0.1.0"
__all__ = [
    "CallResult",
    "CannotRun",
    "Cases",
    "DoesNotLoad",
    "Fails",
    "Known",
    "ParityError",
    "PerlUnusable",
    "Project",
    "Run",
    "UsageError",
    "Verdict",
    "call",
    "run",
]
_ELSEWHERE = {"CallResult": "verdict", "Verdict": "verdict"}
_ELSEWHERE |= dict.fromkeys(("Project", "call", "run"), "api")


def __getattr__(name: str) -> Any:
    """What is loaded only where it is asked for: cases files need none of it."""
    if name not in _ELSEWHERE:
        raise AttributeError(f"module 'parity' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"parity.{_ELSEWHERE[name]}"), name)
