"""parity: run a Perl sub and its Python port on the same inputs and compare them bit for bit."""

from parity.declarations import Cases, Fails, Known, Run
from parity.errors import CannotRun, DoesNotLoad, ParityError, PerlUnusable, UsageError

__version__ = "0.1.0"
__all__ = [
    "CannotRun",
    "Cases",
    "DoesNotLoad",
    "Fails",
    "Known",
    "ParityError",
    "PerlUnusable",
    "Run",
    "UsageError",
]
