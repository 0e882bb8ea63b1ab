"""Passphrases and QR codes for sign-in cards."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from quiz.services.accounts.passphrases import WORDS, new_passphrase, words_of
from quiz.web.qr import qr_svg


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_passphrase_is_four_plain_words_and_28_bits(language: str) -> None:
    words = words_of(language)

    assert len(set(words)) == len(words)
    assert WORDS * math.log2(len(words)) >= 28
    assert all(re.fullmatch("[a-z]{3,9}", word) for word in words)
    drawn = new_passphrase(language).split()
    assert len(drawn) == 4
    assert set(drawn) <= set(words)


def test_passphrases_differ_and_use_all_words() -> None:
    drawn = [new_passphrase("fr") for _ in range(2000)]

    assert len(set(drawn)) == len(drawn)
    assert set(" ".join(drawn).split()) == set(words_of("fr"))


def test_another_language_gets_english() -> None:
    assert words_of("de") == words_of("en")


def test_a_qr_code_is_one_svg_without_style_or_script() -> None:
    svg = qr_svg('http://localhost/account/sign-in#name=a&passphrase="<b>"')

    root = ElementTree.fromstring(svg)
    assert root.get("class") == "qr"
    assert root.get("viewBox")
    assert {element.tag for element in root.iter()} == {"svg", "path"}
    names = {name for element in root.iter() for name in element.attrib}
    assert names <= {"aria-hidden", "focusable", "viewBox", "class", "fill", "stroke", "d"}
    assert "<b>" not in svg


def test_another_text_gives_another_code() -> None:
    assert qr_svg("one") == qr_svg("one") != qr_svg("two")
