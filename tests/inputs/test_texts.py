"""Texts of the forms that the sources know."""

from __future__ import annotations

import re
import signal
from dataclasses import replace

import numpy as np
import pytest
from samples import (
    array_values,
    port,
)

from parity.inputs.strategies import make
from parity.inputs.texts import MOST_LETTERS, mutate_text, respell


def test_texts_of_the_forms_in_the_sources() -> None:
    where = replace(port(str), patterns=(r"^[A-Z]{2}[0-9]{3}\Z", "(?", "(?<=x)(?=y)"))
    texts = [case.arguments[0] for case in make(where, 1000, 1, lambda: None)]
    exact = {text for text in texts if re.fullmatch("[A-Z]{2}[0-9]{3}", text)}
    near = {text for text in texts if re.fullmatch("[A-Z]{1,3}[0-9]{2,4}", text)} - exact
    assert len(exact) > 20 and len(near) > 5


@pytest.mark.parametrize("pattern", [r"\b(\w+\s*)*\b:", "(?:(?:a{50}){50}){50}", "(?", "(?!)"])
def test_patterns_that_are_of_no_use(pattern: str) -> None:
    before = signal.getsignal(signal.SIGALRM)
    assert all(len(text) <= MOST_LETTERS for text in replace(port(str), patterns=[pattern]).texts)
    assert signal.getsignal(signal.SIGALRM) == before


def test_known_texts_are_drawn_in_other_cases_and_with_line_ends() -> None:
    where = port(str, constants=("Shipped",))
    drawn = array_values(where, 9000)[0]
    for texts in ([case.arguments[0] for case in make(where, 3000, 1, lambda: None)], drawn):
        for wanted in ("shipped", "SHIPPED", "sHIPPED"):
            assert wanted in texts, wanted
    varied = {mutate_text("Shipped", ["Shipped"], number) for number in range(1, 2000)}
    assert {"\nhipped", "Shi\nped", "Shippe\n"} <= varied


def test_a_form_of_texts_has_many_digits_and_letters() -> None:
    texts = [b"2026-01-31 Ab", b"", "\u3042 1".encode()] * 500
    found = respell(np.random.default_rng(1), texts)
    forms = {re.sub(rb"[0-9]", b"0", one.lower()) for one in found[::3]}
    assert b"0000-00-00 ab" in forms and len(forms) > 20
    assert len(set(found[::3])) > 200 and set(found[1::3]) == {b""}
    assert {one[:4] for one in found[2::3]} == {"\u3042 ".encode()}


def test_texts_of_a_form_are_not_the_same_few() -> None:
    (drawn,) = array_values(port(str, constants=("20:30", "7", "12")), 20_000)
    assert len({text for text in drawn if re.fullmatch(r"\d\d:\d\d", text)}) > 100


def test_numbers_of_the_sources_fit_into_a_form() -> None:
    texts = ["20-30", "7", "12"]
    found = {mutate_text("20-30", texts, number) for number in range(1, 2000)}
    assert {"07-12", "12-07", "20-12"} <= found
