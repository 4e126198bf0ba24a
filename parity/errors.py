"""The errors that parity raises for what its user can mend, and where an error comes from."""

from pathlib import Path


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


def error_location(error: BaseException, file: Path) -> str:
    """FILE:LINE where the code of a file failed: the last place in the folder of the file."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    location, trace = str(file), error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if Path(name).is_relative_to(file.parent):
            location = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return location
