"""Codes that join: what is drawn, and what a typed one means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.codes import ALPHABET, LENGTH, new_code, normalise

codes = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_the_alphabet_has_32_signs_without_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_a_new_code_is_six_signs_of_it_and_another_one_each_time() -> None:
    drawn = {new_code() for _ in range(200)}

    assert len(drawn) == 200
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in drawn)
    assert set("".join(drawn)) == set(ALPHABET)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("A1B2C3", "A1B2C3"),
        ("a1b2c3", "A1B2C3"),
        (" a1b-2c3 ", "A1B2C3"),
        ("a1b\u00a02c\u20113", "A1B2C3"),
        ("oIlObU", "0110BV"),
        ("Ａ１Ｂ２Ｃ３", "A1B2C3"),
        ("A1B2C", None),
        ("A1B2C34", None),
        ("A1B2C!", None),
        ("A1B2CÉ", None),
        ("", None),
        ("A" * 100_000, None),
    ],
)
def test_what_a_typed_code_means(typed: str, code: str | None) -> None:
    assert normalise(typed) == code


@given(codes)
def test_a_code_means_itself_in_any_case(code: str) -> None:
    assert normalise(code) == normalise(code.lower()) == code


@given(codes, st.lists(st.sampled_from(" -\t\u00a0–"), max_size=20), st.randoms())
def test_spaces_and_hyphens_anywhere_do_not_count(code: str, idle: list[str], rng: object) -> None:
    signs = list(code)
    for sign in idle:
        signs.insert(rng.randint(0, len(signs)), sign)  # type: ignore[attr-defined]

    assert normalise("".join(signs)) == code


@given(st.text())
def test_whatever_is_typed_gives_a_code_or_none(typed: str) -> None:
    code = normalise(typed)

    assert code is None or (len(code) == LENGTH and set(code) <= set(ALPHABET))
    assert code is None or normalise(code) == code
