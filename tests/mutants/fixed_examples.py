"""A pytest plugin: Hypothesis tries the same examples for every mutant, and makes none smaller."""

from hypothesis import Phase, settings

settings.register_profile(
    "mutants", derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("mutants")  # the profile that conftest.py registers inherits from it
