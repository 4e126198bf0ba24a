"""Hypothesis as a library: run a test with it, and draw many values fast.

Hypothesis' own `fuzz_one_input` makes a value from random bytes, and records each draw for its
shrinker. `Source` draws the same value from the same bytes without records, in a third of the time;
the bytes are kept, so that `fuzz_one_input` can shrink a failing case.

`Source` uses internals of Hypothesis, which may change; `Source.agrees` compares both ways.
"""

from __future__ import annotations

import contextlib
import importlib
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings, strategies
from hypothesis.errors import HypothesisException, StopTest, UnsatisfiedAssumption
from hypothesis.strategies import SearchStrategy

from parity.errors import CannotRun

try:
    from hypothesis.internal.conjecture.data import ConjectureData
    from hypothesis.internal.conjecture.providers import BytestringProvider
    from hypothesis.strategies._internal.lazy import unwrap_strategies
except ImportError:  # then `Source` does not work, and does not agree
    ConjectureData = BytestringProvider = object  # type: ignore[misc, assignment]

MOST_BYTES = 2**18  # what one case may take: a strategy that never ends is no case
DEEPEST = 100  # strategies inside strategies, as Hypothesis has it
ENTROPY = 4096  # random bytes for a value that cannot be drawn fast


def as_test(
    inputs: SearchStrategy[Any],
    test: Callable[[Any], None],
    number: int,
    count: int,
    phases: Sequence[Phase] = (Phase.generate,),
    database: Any = None,
) -> Any:
    """`test` as a test that Hypothesis runs on `count` inputs. number: the seed."""

    @settings(
        max_examples=count,
        database=database,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    @seed(number)
    @given(inputs)
    def run(case: Any) -> None:
        test(case)

    return run


@contextlib.contextmanager
def _without_local_constants() -> Iterator[None]:
    """Keep Hypothesis from drawing constants out of the modules that happen to be loaded.

    It takes modules outside of site-packages for the user's own, so that the same seed would draw
    other cases after an edit anywhere in them, or in a process that has loaded others.
    """
    try:
        providers: Any = importlib.import_module("hypothesis.internal.conjecture.providers")
        found, cache = providers._get_local_constants, providers.CONSTANTS_CACHE.cache
        nothing = providers.Constants()
    except (ImportError, AttributeError):  # a Hypothesis that draws none
        yield
        return
    cache.clear()
    providers._get_local_constants = lambda: nothing
    try:
        yield
    finally:
        providers._get_local_constants = found
        cache.clear()


def run_test(test: Callable[..., object], *arguments: Any) -> None:
    """Run a test. Raises CannotRun for what Hypothesis itself refuses."""
    try:
        with _without_local_constants():
            test(*arguments)
    except HypothesisException as error:
        raise CannotRun(f"no inputs can be made: {str(error).splitlines()[0]}") from None


def draw_many(
    inputs: SearchStrategy[Any], collect: Callable[[Any, bytes], None], number: int, count: int
) -> None:
    """Call `collect` with up to `count` values and the random bytes that they were made from."""
    rng = random.Random(number)
    source = Source(inputs, number)
    slowly: list[Any] = []
    slow = as_test(inputs, slowly.append, number, 1).hypothesis.fuzz_one_input

    def many(nothing: None) -> None:
        fast = source.agrees(slow, slowly)
        left = count
        for _ in range(2 * count):  # a strategy may give up a draw
            if not left:
                break
            with contextlib.suppress(StopTest, UnsatisfiedAssumption):
                if fast:
                    collect(*source.draw())
                    left -= 1
                    continue
                slowly.clear()
                entropy = rng.randbytes(ENTROPY)
                slow(entropy)
                for case in slowly:
                    collect(case, entropy)
                    left -= 1

    # Inside a test, for the surroundings that strategies need.
    run_test(as_test(strategies.none(), many, number, 1).hypothesis.fuzz_one_input, b"")


class _Bytes(BytestringProvider):
    """Random bytes, as many as are asked for."""

    def __init__(self, data: Any, /, *, chance: random.Random) -> None:
        super().__init__(data, bytestring=b"")
        self.chance = chance

    def _draw_bits(self, n: int) -> int:
        start = self.index
        self.index = end = start + (n + 7) // 8
        if end > len(self.bytestring):
            if end > MOST_BYTES:
                self._cd.mark_overrun()  # type: ignore[union-attr]
            self.bytestring += self.chance.randbytes(max(512, end - start))
        return int.from_bytes(self.bytestring[start:end], "big") & ((1 << n) - 1)


class _Data(ConjectureData):
    """What strategies draw from, without records."""

    def draw(self, strategy: Any, label: Any = None, observe_as: Any = None) -> Any:
        if self.depth > DEEPEST:
            self.mark_invalid("max depth exceeded")
        self.depth += 1
        value = unwrap_strategies(strategy).do_draw(self)  # type: ignore[no-untyped-call]
        self.depth -= 1
        return value

    def start_span(self, label: int) -> None:
        self.depth += 1

    def stop_span(self, *, discard: bool = False) -> None:
        self.depth -= 1

    def draw_integer(
        self, min_value: Any = None, max_value: Any = None, *, forced: Any = None, **others: Any
    ) -> Any:
        return self.provider.draw_integer(min_value, max_value) if forced is None else forced

    def draw_boolean(self, p: float = 0.5, *, forced: Any = None, **others: Any) -> Any:
        return self.provider.draw_boolean(p) if forced is None else forced

    def _pooled_constraints(self, choice_type: Any, constraints: Any) -> Any:
        return constraints

    def _draw(self, choice_type: Any, constraints: Any, *, observe: bool, forced: Any) -> Any:
        if forced is not None:
            return forced
        return getattr(self.provider, f"draw_{choice_type}")(**constraints)


class Source:
    """Values of a strategy, one after the other. Works only inside a test of Hypothesis'."""

    def __init__(self, strategy: SearchStrategy[Any], number: int) -> None:
        self.strategy, self.chance = strategy, random.Random(number)
        self._data: _Data | None = None

    def draw(self) -> tuple[Any, bytes]:
        """A value, and the bytes that it was made from. Raises StopTest where there is none."""
        data, self._data = self._data, None
        if data is None or data._shared_strategy_draws:
            data = _Data(random=None, provider=_Bytes, provider_kw={"chance": self.chance})
        source: Any = data.provider
        source.index, source.bytestring = 0, b""
        value = data.draw(self.strategy)
        self._data = data  # as good as new
        return value, source.bytestring

    def agrees(self, slow: Callable[[bytes], object], slowly: list[Any]) -> bool:
        """Check that Hypothesis makes the same value from the same bytes.

        slow: Hypothesis' way; it appends the value to `slowly`.
        """
        for _ in range(3):  # the second uses what the first left
            slowly.clear()
            try:
                value, entropy = self.draw()
                slow(entropy)
            except (StopTest, UnsatisfiedAssumption):
                continue
            except Exception:
                return False
            if repr(slowly) != repr([value]):
                return False
        return True
