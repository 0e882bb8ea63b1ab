"""Each check of a question finds its fault, at the line of the fault, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from quiz.domain.question_set import LANGUAGES

Builder = Callable[..., dict[str, Any]]
HEDGE = "Le pont serait fermé en hiver"
FACT = "Le pont mesure 120 mètres"


def test_good_questions_have_no_problems(folder: Any) -> None:
    assert folder.errors() == []
    assert folder.warnings() == []


@pytest.fixture
def errors_of(folder: Any, questions: Any, make_question: Builder) -> Callable[..., list[str]]:
    """The errors of a set in which one question is changed."""

    def check(**overrides: Any) -> list[str]:
        folder.write_set("bridge", [make_question(**overrides), *questions[1:]])
        return [problem.message for problem in folder.errors()]

    return check


@pytest.mark.parametrize(
    ("rule", "verdict", "stances", "message"),
    [
        ("T1", "true", ["supports"], None),
        ("T1", "true", ["supports", "nearest"], None),
        ("T2", "true", ["hedges"], "the rule T2 needs a quote that supports"),
        ("T3", "true", ["nearest"], "all quotes are `nearest`, but the rule is T3"),
        ("F1", "false", ["refutes"], None),
        ("F3", "false", ["supports"], "the rule F3 needs a quote that refutes"),
        ("U1", "unverified", ["hedges"], None),
        ("U2", "unverified", ["supports"], "the rule U2 needs a quote that hedges"),
        ("U3", "unverified", ["supports", "hedges"], None),
        ("U4", "unverified", ["refutes"], "the rule U4 needs a quote that hedges"),
        ("U5", "unverified", ["nearest"], None),
        ("U5", "unverified", ["nearest", "hedges"], "has a quote that is not `nearest`"),
        ("U5", "unverified", ["hedges"], "has a quote that is not `nearest`"),
        ("U6", "unverified", ["supports", "refutes"], None),
        ("U6", "unverified", ["supports", "hedges"], None),
        ("U6", "unverified", ["supports", "nearest"], "needs quotes of two different stances"),
        ("U6", "unverified", ["refutes", "refutes"], "needs quotes of two different stances"),
        ("U7", "unverified", ["nearest"], "all quotes are `nearest`, but the rule is U7"),
        ("U8", "unverified", ["refutes"], "the rule U8 needs a quote that hedges"),
        ("T1", "false", ["refutes", "supports"], "the rule T1 leads to true, not false"),
        ("U1", "true", ["hedges"], "the rule U1 leads to unverified, not true"),
    ],
)
def test_the_stances_fit_the_rule_and_the_rule_the_verdict(
    folder: Any,
    make_question: Builder,
    make_quote: Builder,
    rule: str,
    verdict: str,
    stances: list[str],
    message: str | None,
) -> None:
    evidence = [make_quote(q, s) for q, s in zip((FACT, HEDGE), stances, strict=False)]
    question = make_question(rule=rule, verdict=verdict, evidence=evidence)
    folder.write_set("bridge", [question], examples="true")
    messages = [problem.message for problem in folder.errors()]
    assert len(messages) == (message is not None)
    assert all(message in found for found in messages if message)


def test_a_question_without_quotes_is_an_error(errors_of: Any) -> None:
    assert errors_of(evidence=[]) == ["there is no quote"]


def test_a_true_question_with_a_quote_that_refutes_asks_for_a_second_look(
    folder: Any, questions: Any, make_question: Builder, make_quote: Builder
) -> None:
    evidence = [make_quote(FACT, "supports"), make_quote(HEDGE, "refutes")]
    folder.write_set("bridge", [make_question(evidence=evidence), *questions[1:]])
    (warning,) = folder.warnings()
    assert "a quote refutes the claim although the rule is T1" in warning.message


def test_more_than_three_quotes_ask_for_a_second_look(
    folder: Any, questions: Any, make_question: Builder, make_quote: Builder
) -> None:
    passages = ("Le maire", "le 3 mai", "en hiver", "120 mètres")
    evidence = [make_quote(passage, "supports") for passage in passages]
    folder.write_set("bridge", [make_question(evidence=evidence), *questions[1:]])
    (warning,) = folder.warnings()
    assert warning.message == "there are 4 quotes"


@pytest.mark.parametrize(
    ("skills", "message"),
    [
        ([], "the question has 0 skills"),
        (["close_reading", "telepathy"], "the skill telepathy is not in the taxonomy"),
        (["close_reading", "close_reading"], "the skill close_reading stands twice"),
    ],
)
def test_skills_are_one_to_three_known_ones(errors_of: Any, skills: Any, message: str) -> None:
    assert errors_of(skills=skills) == [message]


def test_more_than_three_skills_are_an_error(errors_of: Any) -> None:
    codes = ["close_reading", "number_check", "a", "b"]
    assert "the question has 4 skills" in errors_of(skills=codes)


def test_without_a_taxonomy_no_skill_is_called_unknown(folder: Any) -> None:
    folder.write("taxonomy.yaml", "")
    assert {problem.file for problem in folder.errors()} == {"taxonomy.yaml"}


@pytest.mark.parametrize(
    ("key", "shortest", "longest"), [("claim", 20, 220), ("explanation", 80, 600)]
)
def test_texts_are_neither_too_short_nor_too_long(
    errors_of: Any, in_both: Builder, key: str, shortest: int, longest: int
) -> None:
    fits = {shortest - 1: False, shortest: True, longest: True, longest + 1: False}
    for length, is_good in fits.items():
        text = "z" * length
        messages = errors_of(**{key: in_both(text, text[1:] + "é")})
        assert len(messages) == (0 if is_good else len(LANGUAGES))
        assert all(f"{key} has {length} characters" in message for message in messages)


def test_the_same_text_in_both_languages_asks_for_a_second_look(
    folder: Any, questions: Any, make_question: Builder, in_both: Builder
) -> None:
    same = "Le pont neuf a été ouvert en mai."
    folder.write_set("bridge", [make_question(claim=in_both(same, same)), *questions[1:]])
    (warning,) = folder.warnings()
    assert warning.message == "the claim is the same in all languages"


def test_a_missing_translation_is_an_error(errors_of: Any, make_quote: Builder) -> None:
    assert errors_of(evidence=[make_quote(FACT, "supports", translation=None)]) == [
        "the English translation of the quote is missing"
    ]


def test_a_translation_into_the_documents_own_language_is_an_error(
    errors_of: Any, make_quote: Builder
) -> None:
    translation = {"fr": "Le pont fait 120 mètres", "en": "The bridge is 120 metres long"}
    assert errors_of(evidence=[make_quote(FACT, "supports", translation=translation)]) == [
        "the quote is French already and needs no French translation"
    ]


def test_a_readers_comment_is_never_quoted(errors_of: Any, make_quote: Builder) -> None:
    for quote in ("ce pont est laid", "cette page\nCommentaires"):
        (message,) = errors_of(rule="T3", evidence=[make_quote(quote, "supports")])
        assert "from the comments" in message


def test_a_quote_from_the_page_needs_a_claim_about_the_page(
    folder: Any, questions: Any, make_question: Builder, make_quote: Builder, in_both: Builder
) -> None:
    evidence = [make_quote("Partager cette page", "supports")]
    about_page = in_both("La page invite à la partager.", "The page invites to share it.")
    for change, expected in (
        ({}, ["the quote is from the page (furniture), but the claim is not about the page"]),
        ({"rule": "T3"}, []),
        ({"claim": about_page}, []),
    ):
        question = make_question(**{"evidence": evidence, **change})
        folder.write_set("bridge", [question, *questions[1:]])
        assert [problem.message for problem in folder.warnings()] == expected


def test_problems_stand_where_their_values_stand(
    folder: Any, questions: Any, make_question: Builder
) -> None:
    folder.write_set(
        "bridge", [make_question(skills=["close_reading", "telepathy"]), *questions[1:]]
    )
    (problem,) = folder.errors()
    lines = (folder.path / "sets/bridge.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[problem.line - 1][problem.column - 1 :] == '"telepathy"'


@pytest.mark.parametrize(
    ("files", "message", "fix"),
    [
        (["bridge"], None, None),
        ([], None, None),
        (["gone"], "gone is not one of the documents of this set", "add it to `documents:`"),
        (["bridge", "bridge"], "the document bridge stands twice", "delete one"),
    ],
)
def test_a_question_is_judged_on_documents_of_its_set(
    folder: Any, questions: Any, files: list[str], message: str | None, fix: str | None
) -> None:
    folder.write_set("bridge", [{**questions[0], "files": files}, *questions[1:]])
    (first, *_) = folder.load().all_sets["bridge"].questions
    assert first.files == tuple(files)
    found = {problem.message: problem.fix for problem in folder.errors()}
    assert (message in found) == bool(message)
    assert fix is None or fix in found[message]
