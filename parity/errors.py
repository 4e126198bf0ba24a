"""The errors that parity raises for what its user can mend."""


class ParityError(Exception):
    """The base of these errors."""


class UsageError(ParityError):
    """The call, the settings or a file is wrong (exit status 2)."""


class PerlUnusable(ParityError):
    """There is no perl, or not one whose results can be compared (exit status 3)."""


class CannotRun(ParityError):
    """This pair cannot be judged; the text says why."""


class DoesNotLoad(CannotRun):
    """A file of the pair does not load (exit status 2)."""
