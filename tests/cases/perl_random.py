"""Inputs for the lesson perl_random: seeds of every size, counts up to 10,000."""

from hypothesis import strategies as st

from parity import Cases

SEEDS = st.one_of(st.integers(0, 2**32 - 1), st.integers(-(2**63), 2**64 - 1))
COUNTS = st.sampled_from([-1, 0, 1, 2, 3, 4, 5, 7, 8, 10, 16, 25])
EDGE_SEEDS = [0, 1, -1, 42, 2**32 - 1, 2**32, -(2**32) - 1, 2**63 - 1, -(2**63), 2**64 - 1]
SEED_AND_COUNT = Cases(
    st.tuples(SEEDS, COUNTS),
    examples=[*((seed, 10) for seed in EDGE_SEEDS), (42, 10_000), (42, 9_999), (42, -(2**63))],
)

check_count = Cases(examples=[(0,), (-1,), (10_000,)])
random_numbers = SEED_AND_COUNT
normal_numbers = SEED_AND_COUNT
shuffle = SEED_AND_COUNT
