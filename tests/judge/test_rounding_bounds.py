"""The bound is itself judged: it is never exceeded, and it does not excuse a mistake."""

from __future__ import annotations

import math
import random
import textwrap
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest
from conftest import Project

from parity.judge import rounding_bounds
from parity.judge.rounding_bounds import Bounded, NoBound, Undecided

# Exponents of the numbers: ordinary ones, and those whose products underflow.
RANGES = {"ordinary": (-30, 30), "underflow": (-545, -525)}


def numbers(chance: random.Random, rows: int, terms: int, exponents: tuple[int, int]) -> np.ndarray:
    """Doubles with all bits random, of both signs."""
    shape = (rows, terms)
    generator = np.random.default_rng(chance.getrandbits(64))
    mantissas = generator.uniform(1, 2, shape) * generator.choice([-1.0, 1.0], shape)
    return np.ldexp(mantissas, generator.integers(*exponents, shape))


def exact_sums(a: np.ndarray, b: np.ndarray) -> list[Fraction]:
    """The sums of the products, row by row, without any rounding."""
    scale = 2 * 1100

    def integers(values: np.ndarray) -> np.ndarray:
        mantissas, exponents = np.frexp(values)
        whole = np.ldexp(mantissas, 53).astype(np.int64).astype(object)
        return whole << (exponents - 53 + scale // 2).astype(object)

    return [Fraction(int(row), 2**scale) for row in (integers(a) * integers(b)).sum(axis=1)]


def carried(a: np.ndarray, b: np.ndarray) -> Bounded:
    """The sum of products as a loop port adds it."""
    total = Bounded.exact(0.0)
    for one, two in zip(a.tolist(), b.tolist(), strict=True):
        total = total + Bounded.exact(one) * Bounded.exact(two)
    return total


@pytest.mark.parametrize("exponents", RANGES.values(), ids=RANGES)
@pytest.mark.parametrize("terms", [1, 2, 10, 100, 1000])
def test_no_order_of_summation_exceeds_it(terms: int, exponents: tuple[int, int]) -> None:
    chance = random.Random(terms)
    rows = max(8_000 // terms, 20)
    a, b = (numbers(chance, rows, terms, exponents) for _ in range(2))
    exact = exact_sums(a, b)
    allowed = [Fraction(carried(*row).radius) for row in zip(a, b, strict=True)]
    generator = np.random.default_rng(terms)
    for turn in range(20):
        order = generator.permutation(terms)
        products = a[:, order] * b[:, order]
        ways = [products.sum(axis=1), products.cumsum(axis=1)[:, -1]]
        if turn == 0:
            ways.append(np.array([one @ two for one, two in zip(a, b, strict=True)]))
        for computed in ways:
            for value, truth, bound in zip(computed.tolist(), exact, allowed, strict=True):
                assert abs(Fraction(value) - truth) <= bound


def test_fused_multiply_add_does_not_exceed_it() -> None:
    chance = random.Random(5)
    for exponents in RANGES.values():
        a, b = (numbers(chance, 200, 10, exponents) for _ in range(2))
        for one, two, truth in zip(a, b, exact_sums(a, b), strict=True):
            total = 0.0
            for x, y in zip(one.tolist(), two.tolist(), strict=True):
                total = float(Fraction(x) * Fraction(y) + Fraction(total))  # rounds once
            assert abs(Fraction(total) - truth) <= Fraction(carried(one, two).radius)


def test_quotients_of_sums_do_not_exceed_it() -> None:
    chance = random.Random(6)
    for _ in range(2000):
        parts = [
            [chance.uniform(-1, 2) * 2.0 ** chance.randint(-9, 9) for _ in range(5)] for _ in "ab"
        ]
        over, under = (sum(map(Bounded.exact, part), Bounded.exact(0.0)) for part in parts)
        try:
            quotient = over / under
        except (Undecided, ZeroDivisionError):
            continue
        truth = Fraction(sum(map(Fraction, parts[0]))) / Fraction(sum(map(Fraction, parts[1])))
        for order in (1, -1):
            computed = sum(parts[0][::order]) / sum(parts[1][::order])
            assert abs(Fraction(computed) - truth) <= Fraction(quotient.radius)


FUNCTIONS: dict[str, tuple[Callable[[float], float], float, float]] = {
    "exp": (np.exp, -30, 30),
    "expm1": (np.expm1, -3, 3),
    "log": (np.log, 0.001, 30),
    "log1p": (np.log1p, -0.9, 30),
    "log2": (np.log2, 0.001, 30),
    "log10": (np.log10, 0.001, 30),
    "sqrt": (np.sqrt, 0.001, 30),
    "tanh": (np.tanh, -20, 20),
    "sinh": (np.sinh, -20, 20),
    "cosh": (np.cosh, -20, 20),
    "sin": (np.sin, -20, 20),
    "cos": (np.cos, -20, 20),
    "atan": (np.arctan, -20, 20),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_do_not_exceed_it(name: str) -> None:
    numpy_version, low, high = FUNCTIONS[name]
    chance = random.Random(name)
    true_function = getattr(mpmath, {"log2": "log", "log10": "log10"}.get(name, name))
    for _ in range(300):
        parts = [chance.uniform(low, high) / 4 for _ in range(4)]
        argument = sum(map(Bounded.exact, parts), Bounded.exact(0.0))
        result = rounding_bounds._FUNCTIONS[name](argument)
        with mpmath.workdps(60):
            exact = mpmath.fsum(map(mpmath.mpf, parts))
            truth = mpmath.log(exact, 2) if name == "log2" else true_function(exact)
            for order in (1, -1):
                total = 0.0
                for part in parts[::order]:
                    total += part
                for computed in (float(numpy_version(total)), getattr(math, name)(total)):
                    assert abs(mpmath.mpf(computed) - truth) <= mpmath.mpf(result.radius)


def test_what_hangs_on_rounding_is_undecided() -> None:
    near = Bounded.exact(0.1) + Bounded.exact(0.2)
    for undecided in (
        lambda: near > 0.3,
        lambda: near == 0.30000000000000004,
        lambda: int(near * 10),
        lambda: 1 / (near - Bounded.exact(0.3)),
        lambda: rounding_bounds._FUNCTIONS["sqrt"](near - Bounded.exact(0.3)),
        lambda: near * Bounded.exact(1e308) * 100,
    ):
        with pytest.raises(Undecided):
            undecided()
    assert near > 0.2
    assert Bounded.exact(0.0) <= 0.0
    with pytest.raises(NoBound, match="plain float"):
        float(near)
    with pytest.raises(NoBound, match=r"math\.gamma"):
        rounding_bounds._carrying_math().gamma(near)


# --- in a project -----------------------------------------------------------------------------

LOOPS = {
    "dot": (
        "my ($v, $w) = @_; my $t = 0; for my $i (0 .. $#$v) { $t += $v->[$i] * $w->[$i] }"
        " return $t",
        """
        def {name}(v: list[float], w: list[float]) -> float:
            t = 0.0
            for i in range(len(v)):
                t += v[i] * w[i]
            return t
        """,
    ),
    "spread": (
        "my ($v, $w) = @_; my $t = 0; for my $i (0 .. $#$v) { $t += exp(-$v->[$i] * $v->[$i]) }"
        " return $t > 1 ? 1 : $t",
        """
        def {name}(v: list[float], w: list[float]) -> float:
            t = 0.0
            for i in range(len(v)):
                t += math.exp(-v[i] * v[i])
            return 1 if t > 1 else t
        """,
    ),
}
VERSIONS = {
    "right_by_blas": ("dot", "v @ w"),
    "right_backwards": ("dot", "(v * w)[::-1].sum()"),
    "wrong_one_product_left_out": ("dot", "v[1:] @ w[1:]"),
    "wrong_single_precision": ("dot", "np.dot(v.astype(np.float32), w.astype(np.float32))"),
    "wrong_sign": ("dot", "-(v @ w)"),
    "wrong_error": ("dot", "v @ w.reshape(3, 7)"),
    "wrong_shape": ("dot", "v * w"),
    "right_with_a_function": ("spread", "min(1.0, np.exp(-v * v).sum())"),
    "wrong_with_a_function": ("spread", "min(1.0, np.exp(np.float32(-v * v)).sum())"),
}
CASES = """
from hypothesis import strategies as st
from parity import Cases

numbers = st.floats(-100, 100) | st.floats(-1e-160, 1e-160)
{name} = Cases(st.integers(1, 6).flatmap(
    lambda n: st.tuples(*[st.lists(numbers, min_size=n, max_size=n)] * 2)
))
"""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    project = Project(tmp_path_factory.mktemp("numpy"), "perl")
    project.settings('vectorized = "numpy_versions"\n')
    for name, (loop, expression) in VERSIONS.items():
        perl, python = LOOPS[loop]
        project.pair(
            f"sub {name} {{ {perl} }}",
            "import math\n" + textwrap.dedent(python).format(name=name),
            name,
        )
        project.file(
            f"numpy_versions/{name}.py",
            f"import numpy as np\n\n\ndef {name}(v, w):\n    return {expression}\n",
        )
        project.file(f"cases/{name}.py", CASES.format(name=name))
    run = project.run()
    assert run.status == 1
    assert "NumPy: 3 of 9 versions within bound" in run.out
    without = project.judge(vectorized=False)
    assert without.status == 0
    assert all("vectorized" not in pair for pair in without.report["pairs"])
    return {pair["name"].split(".")[0]: pair for pair in run.report["pairs"]}


@pytest.mark.parametrize("name", VERSIONS)
def test_numpy_versions(judged: dict[str, dict], name: str) -> None:
    assert judged[name]["verdict"] == "identical"
    second = judged[name]["vectorized"]
    if name.startswith("right"):
        assert second["verdict"] == "within bound", second
        assert 0 <= second["worst_share"] <= 1
        assert second["cases"] == 150
        assert second["undecided"] < 150
    else:
        assert second["verdict"] == "differs", second
        assert {"where", "python", "numpy", "input"} <= second.keys()


def test_a_numpy_version_that_never_returns(tmp_path: Path) -> None:
    project = Project(tmp_path, "perl")
    project.settings('vectorized = "numpy_versions"\ntimeout = 1\n')
    project.pair("sub f { return $_[0] * 2 }", "def f(x: float) -> float:\n    return x * 2\n")
    project.file("numpy_versions/unit.py", "def f(x):\n    while True:\n        pass\n")
    run = project.run()
    assert run.pair("unit.f")["verdict"] == "identical"
    second = run.pair("unit.f")["vectorized"]
    assert second["verdict"] == "could not run"
    assert "did not return within 1 s" in second["reason"]
    assert run.status == 1
