"""The hint after a name that is not there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(
    word: str, names: Iterable[str], form: str = "{}", otherwise: str = "", cutoff: float = 0.6
) -> str:
    """ "; did you mean NAME?" for the closest of the names, `otherwise` where none is close.

    form: how a name is written. cutoff: the least similarity, 0 to 1.
    """
    close = difflib.get_close_matches(word, names, n=1, cutoff=cutoff)
    return f"; did you mean {form.format(close[0])}?" if close else otherwise
