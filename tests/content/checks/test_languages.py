"""A set is written in both languages, or says in which one; every text of it is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from quiz.content.checks.cues import guess_verdicts, looks
from quiz.domain.verdict import Verdict

Builder = Callable[..., dict[str, Any]]


def in_french(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The questions without their English."""
    for question in questions:
        for key in ("claim", "explanation"):
            question[key] = {"fr": question[key]["fr"]}
        for evidence in question["evidence"]:
            evidence.pop("translation", None)
    return questions


FRENCH_ONLY = {"title": {"fr": "Le pont"}, "summary": {"fr": "Une brève."}}


@pytest.fixture
def french(folder: Any, questions: Any) -> Any:
    """The folder with its set and its document in French only."""
    described = {
        key: {"fr": "Un pont neuf"} for key in ("title", "kind", "provenance", "date_note")
    }
    folder.write_document(**described)
    folder.write_set("bridge", in_french(questions), **FRENCH_ONLY, languages=["fr"])
    return folder


def test_a_set_in_one_language_is_fit_to_be_served(french: Any) -> None:
    assert french.errors() == []
    assert french.warnings() == []
    assert french.load().sets["bridge"].languages == ("fr",)


def test_a_set_is_in_both_languages_unless_it_says_otherwise(folder: Any, questions: Any) -> None:
    assert folder.load().sets["bridge"].languages == ("fr", "en")
    folder.write_set("bridge", questions, languages=["en", "fr"])
    assert folder.load().sets["bridge"].languages == ("fr", "en")


@pytest.mark.parametrize("part", ["claim", "explanation"])
def test_a_question_that_lacks_a_language_of_its_set_withholds_the_set(
    folder: Any, questions: Any, part: str
) -> None:
    questions[1][part] = {"fr": questions[1][part]["fr"]}
    folder.write_set("bridge", questions)
    (problem,) = folder.errors()
    assert problem.message == f"the English {part} is missing"
    assert problem.fix == "write it, or name the set's languages"
    line = (folder.path / "sets/bridge.yaml").read_text().splitlines()[problem.line - 1]
    assert questions[1][part]["fr"] in line
    assert list(folder.load().withheld) == ["bridge"]


@pytest.mark.parametrize("part", ["title", "summary"])
def test_a_set_without_a_title_in_its_language_is_told(
    folder: Any, questions: Any, part: str
) -> None:
    folder.write_set("bridge", questions, **{part: {"en": "The bridge"}})
    (problem,) = folder.errors()
    assert problem.message == f"the French {part} is missing"


def test_a_document_that_lacks_a_language_of_a_set_is_told_there(folder: Any) -> None:
    folder.write_document(kind={"fr": "Brève"}, date_note={"fr": "En mai"})
    (problem,) = folder.errors()
    assert problem.file == "sets/bridge.yaml"
    assert problem.message == (
        "the English description of the document bridge lacks: kind, date_note"
    )


def test_a_quote_needs_no_translation_into_a_language_that_its_set_does_not_have(
    french: Any, questions: Any
) -> None:
    english = in_french(questions)
    for question in english:
        question["claim"] = {"en": question["claim"]["fr"]}
        question["explanation"] = {"en": question["explanation"]["fr"]}
    french.write_document()
    titles = {"title": {"en": "The bridge"}, "summary": {"en": "A short piece."}}
    french.write_set("bridge", english, **titles, languages=["en"])
    assert {problem.message for problem in french.errors()} == {
        "the English translation of the quote is missing"
    }


def test_texts_in_another_language_than_the_sets_are_not_looked_at(
    french: Any, questions: Any
) -> None:
    half = in_french(questions)
    half[0]["claim"]["en"] = "Short."
    half[1]["claim"]["en"] = half[2]["claim"]["en"] = "These two claims are the same."
    french.write_set("bridge", half, **FRENCH_ONLY, languages=["fr"])
    assert french.errors() == []


def test_cues_are_looked_for_where_there_are_claims(french: Any) -> None:
    questions = french.load().sets["bridge"].questions
    assert guess_verdicts(questions, "fr").total == 3
    assert guess_verdicts(questions, "en").total == 0
    assert looks(questions, "en")[Verdict.TRUE].claims == 0
