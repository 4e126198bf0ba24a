"""The order of a hash's keys: Perl draws one for each process, unless the environment fixes it."""

from __future__ import annotations

OTHERS = (11111111, 22222222, 33333333)  # seeds of orders that differ from the usual one's


def environment(seed: int = 0) -> dict[str, str]:
    """The variables that fix the order, the same in every process.

    PERL_HASH_SEED alone leaves it to chance where in its bucket a key stands.
    """
    return {"PERL_HASH_SEED": str(seed), "PERL_PERTURB_KEYS": "2" if seed else "0"}
