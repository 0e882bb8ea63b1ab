"""Checks across questions: balance, pairs, nearly equal claims, examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from quiz.content.checks.check import check

Builder = Callable[..., dict[str, Any]]


def sets_of(counts: tuple[int, int, int], make_question: Builder, in_both: Builder) -> list[Any]:
    """Questions with so many of each verdict and claims unlike each other."""
    kinds = [("true", "T1"), ("false", "F1"), ("unverified", "U1")]
    made: list[Any] = []
    for count, (verdict, rule) in zip(counts, kinds, strict=True):
        for _ in range(count):
            word = "abcdefghijklmnopqrst"[len(made)] * 30
            made.append(
                make_question(
                    id=f"q{len(made)}",
                    claim=in_both(word, f"{word}s"),
                    verdict=verdict,
                    rule=rule,
                )
            )
    return made


@pytest.mark.parametrize(
    ("counts", "is_good"),
    [((5, 5, 5), True), ((6, 5, 4), False), ((8, 6, 6), True), ((3, 3, 5), False)],
)
def test_each_verdict_has_between_27_and_40_percent_of_a_set(
    folder: Any, make_question: Builder, in_both: Builder, counts: Any, is_good: bool
) -> None:
    folder.write_set("bridge", sets_of(counts, make_question, in_both))
    found = [p.message for p in folder.errors() if "balance" in p.message]
    assert (not found) == is_good


def test_examples_need_no_balance(folder: Any, make_question: Builder) -> None:
    folder.write_set("bridge", [make_question()], examples="true")
    assert folder.errors() == []


def test_a_pair_of_two_verdicts_is_good(folder: Any, questions: Any) -> None:
    for question in questions[:2]:
        question["contrast"] = "bridge"
    folder.write_set("bridge", questions)
    assert folder.errors() == []


def test_a_pair_may_span_sets(folder: Any, questions: Any, make_question: Builder) -> None:
    folder.write_set("bridge", [{**questions[0], "contrast": "opening"}, *questions[1:]])
    twin = make_question(verdict="false", rule="F1", contrast="opening")
    twin["evidence"][0]["stance"] = "refutes"
    folder.write_set("other", [twin], examples="true")
    assert folder.errors() == []


def test_a_pair_id_that_only_one_question_has_is_an_error(folder: Any, questions: Any) -> None:
    folder.write_set("bridge", [*questions[:2], {**questions[2], "contrast": "alone"}])
    (problem,) = folder.errors()
    assert problem.message == "only one question is in the contrast group alone"


def test_a_pair_of_one_verdict_is_an_error(
    folder: Any, questions: Any, make_question: Builder, in_both: Builder
) -> None:
    other = make_question(id="other", claim=in_both("Le pont a été inauguré en mai par le maire."))
    folder.write_set(
        "bridge", [{**q, "contrast": "same"} for q in (questions[0], other)], examples="true"
    )
    (problem,) = folder.errors()
    assert problem.message == "all questions of the contrast group same are true, on the same files"


def test_a_claim_may_keep_its_verdict_on_other_files(
    folder: Any, questions: Any, make_question: Builder
) -> None:
    again = make_question(id="again", files=["bridge"])
    folder.write_set(
        "bridge", [{**q, "contrast": "same"} for q in (questions[0], again)], examples="true"
    )
    assert folder.errors() == []


@pytest.mark.parametrize("slug", ["bridge", "other"])
def test_nearly_equal_claims_are_an_error_in_one_set_or_two(
    folder: Any, questions: Any, make_question: Builder, in_both: Builder, slug: str
) -> None:
    claim = in_both("Le pont NEUF a été ouvert, le 4 mai !", "A bridge was opened in early May.")
    twin = make_question(id="twin", claim=claim)
    both = {"bridge": questions, slug: [*questions, twin] if slug == "bridge" else [twin]}
    for name, members in both.items():
        folder.write_set(name, members, examples="true")
    (problem,) = folder.errors()
    assert "nearly equals that of opening-day (sets/bridge.yaml:" in problem.message


def test_claims_nearly_equal_in_both_languages_are_told_once(
    folder: Any, questions: Any, make_question: Builder
) -> None:
    folder.write_set("bridge", [*questions, make_question(id="copy")], examples="true")
    (problem,) = folder.errors()
    assert "nearly equals that of opening-day" in problem.message


def test_nearly_equal_claims_of_a_pair_are_what_a_pair_is(
    folder: Any, questions: Any, in_both: Builder
) -> None:
    questions[0]["contrast"] = questions[1]["contrast"] = "day"
    questions[1]["claim"] = in_both(
        "Le pont neuf a été ouvert le 4 mai.", "The new bridge opened on 4 May."
    )
    folder.write_set("bridge", questions)
    assert folder.errors() == []


def test_rules_and_skills_without_an_example_are_told(folder: Any, questions: Any) -> None:
    folder.write_set("shown", questions, examples="true")
    rules, skills = (p for p in check(folder.load()) if p.file == "taxonomy.yaml")
    assert "shows the rules T2, T3, F2, F3, U2" in rules.message
    assert "T1" not in rules.message
    assert "shows the skills number_check" in skills.message
    assert {rules.severity, skills.severity} == {"warning"}


def test_a_long_working_title_is_an_error(folder: Any, in_both: Builder) -> None:
    folder.write_document(title=in_both("z" * 61, "z" * 60))
    (problem,) = folder.errors()
    assert problem.message == "the title has 61 characters"


def test_sets_that_are_left_out_are_checked_all_the_same(
    folder: Any, questions: Any, make_quote: Builder
) -> None:
    questions[0]["evidence"] = [make_quote("nulle part", "hedges")]
    folder.write_set("bridge", questions)
    messages = [problem.message for problem in folder.errors()]
    assert "the rule T1 needs a quote that supports" in messages
    assert "the quote is not found in bridge.txt" in messages
