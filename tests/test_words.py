"""What the question checker says, in the reader's language: template and values."""

from __future__ import annotations

import pytest

from quiz.content.format.problems import listed, percent
from quiz.domain.message import msg
from quiz.web import labels

FRENCH = {
    "the {language} claim has {length} characters": "l’affirmation en {language} : {length} signes",
    "French": "français",
    "{number}%": "{number} %",
    "{some}, {more}": "{some} puis {more}",
}


@pytest.fixture(autouse=True)
def _translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "gettext", lambda text: FRENCH.get(text, text))


def test_the_values_are_filled_into_the_translation_and_translated_themselves() -> None:
    words = msg("the {language} claim has {length} characters", language=msg("French"), length=7)
    assert words == "the French claim has 7 characters"
    assert labels.words(words) == "l’affirmation en français : 7 signes"


def test_words_within_words_within_words_are_translated() -> None:
    words = listed([msg("French"), percent(0.27), "a {brace}"])
    assert words == "French, 27%, a {brace}"
    assert labels.words(words) == "français puis 27 % puis a {brace}"


def test_plain_text_and_words_without_values_stay_as_they_are() -> None:
    assert labels.words("a {brace} and 5 %") == "a {brace} and 5 %"
    assert labels.words(msg("delete {this}")) == "delete {this}"
