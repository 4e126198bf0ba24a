"""Texts of the forms that the sources know."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from samples import array_values, made, port

from parity.inputs.strategies import make
from parity.inputs.texts import KnownTexts, mutate_text, respell


def test_texts_of_the_forms_in_the_sources() -> None:
    where = replace(port(str), patterns=(r"^[A-Z]{2}[0-9]{3}\Z", "(?", "(?<=x)(?=y)"))
    texts = [case.arguments[0] for case in make(where, 1000, 1, lambda: None)]
    exact = {text for text in texts if re.fullmatch("[A-Z]{2}[0-9]{3}", text)}
    near = {text for text in texts if re.fullmatch("[A-Z]{1,3}[0-9]{2,4}", text)} - exact
    assert len(exact) > 10 and len(near) > 5


def test_known_texts_are_drawn_in_other_cases_and_with_line_ends() -> None:
    where = port(str, constants=("Shipped",))
    drawn = array_values(where, 9000)[0]
    for texts in ([case.arguments[0] for case in make(where, 3000, 1, lambda: None)], drawn):
        for wanted in ("shipped", "SHIPPED", "sHIPPED"):
            assert wanted in texts, wanted
    known = KnownTexts(["Shipped"])
    varied = {mutate_text("Shipped", known, number) for number in range(1, 10_000)}
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
    known = KnownTexts(["20-30", "7", "12"])
    found = {mutate_text("20-30", known, number) for number in range(1, 20_000)}
    assert {"07-12", "12-07", "20-12"} <= found


NAMES = KnownTexts(["Fig", "Mr", "approx", "/"], [["No. 12"]])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("No. 12", "Fig. 12"),  # another word in the place of one
        ("a/b", "0/b"),  # what is false in Perl
        ("a/b", "/b"),
        ("Fig", "Mr/Fig"),  # others around it, with a mark of the sources
        ("x", "Fig/Mr"),
        ("x", "//"),
        ("No. 12", "NO. 12"),
    ],
)
def test_ways_to_change_a_text(text: str, wanted: str) -> None:
    assert any(wanted in mutate_text(text, NAMES, number) for number in range(40_000))


def test_a_text_stands_within_itself() -> None:
    known = KnownTexts(["&amp;", "&lt;"])
    assert "&amp;lt;" in {mutate_text("&lt;", known, number) for number in range(20_000)}


def test_no_mutation_is_the_text_itself() -> None:
    assert mutate_text("Fig", NAMES, 0) == "Fig"


def test_texts_just_as_long_as_a_number_of_the_sources() -> None:
    lengths = {len(text) for text in made(str, constants=(60,))}
    assert {59, 60, 61} <= lengths
