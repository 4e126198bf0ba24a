"""What a port's failure is."""

from __future__ import annotations

from typing import Any

import pytest

from parity.calls.port_caller import failure_of


class Failing(Exception):
    """An exception whose text cannot be made."""

    def __str__(self) -> str:
        return str(self.args[5])


class OfItsOwn(Exception):
    """An exception that says its text in its own way."""

    def __str__(self) -> str:
        return f"E{self.args[0]}"


@pytest.mark.parametrize(
    ("error", "value"),
    [
        (ValueError("no", 2), "no"),
        (KeyError("x"), "x"),
        (RuntimeError(), ""),
        (RuntimeError({"code": 1}), {"code": 1}),
        (OfItsOwn(1), "E1"),
        (OfItsOwn([1]), [1]),
        (Failing("no"), "no"),
        (OSError(2, "No such file"), "[Errno 2] No such file"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), None),
    ],
)
def test_what_an_exception_says(error: Exception, value: Any) -> None:
    assert failure_of(error).value == (str(error) if value is None else value)
