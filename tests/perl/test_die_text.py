"""What a die says, without what perl adds."""

from __future__ import annotations

import pytest

from parity.perl.die_text import message

HERE = __file__


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"no at {HERE} line 3.\n", "no"),
        (f"no at {HERE} line 3, <STDIN> line 7.\n", "no"),
        (f"look at this at {HERE} line 3.\n", "look at this"),
        (f"failed:\n\tx 1 at {HERE} line 3.\n", "failed:\n\tx 1"),
        ("no at (eval 12) line 1.\n", "no"),
        (f"no at {HERE} line 3.\n\tmain::f(1) called at {HERE} line 9\n", "no"),
        (f"no at {HERE} line 3.\n\teval {{...}} called at {HERE} line 9\n", "no"),
        ("no\n", "no"),
        ("syntax error at app.ini line 3\n", "syntax error at app.ini line 3"),
        ("bad token at input line 3.\n", "bad token at input line 3."),
        ("look at this:\nsee line 3\n", "look at this:\nsee line 3"),
        ("bad at app.ini line 3\n\tcolumn 4\n", "bad at app.ini line 3\n\tcolumn 4"),
    ],
)
def test_what_a_die_says(text: str, said: str) -> None:
    assert message(text) == said
