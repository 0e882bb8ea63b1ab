"""What has changed between two versions of a set."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.differences import Change, Version, differences, word_changes
from quiz.domain.draft import Draft, DraftEvidence, DraftSet
from quiz.domain.quote import Quote
from quiz.domain.verdict import Rule, Stance, Verdict

QUOTE = DraftEvidence("paper", Quote("the harbour froze"), Stance.SUPPORTS, {"fr": "le port gela"})
ONE = Draft(
    "one",
    {"fr": "Le port a gelé.", "en": "The harbour froze."},
    Verdict.TRUE,
    Rule.T1,
    "2026-01-15",
    2,
    ("close_reading",),
    (QUOTE,),
    {"en": "The paper says so."},
)
TWO, THREE = replace(ONE, id="two"), replace(ONE, id="three")
SET = DraftSet("s", {"fr": "Port"}, {}, ("paper",), (ONE, TWO, THREE))
OLD = Version(SET, {"paper": "d1"})


def changed(**parts: object) -> Version:
    """The set with these parts of its first question changed."""
    first = replace(ONE, **parts)  # type: ignore[arg-type]
    return Version(replace(SET, questions=(first, TWO, THREE)), OLD.documents)


def test_a_version_does_not_differ_from_itself() -> None:
    assert differences(OLD, OLD) == ()


@pytest.mark.parametrize(
    ("new", "change", "question", "field"),
    [
        (changed(claim={"fr": "Le port a dégelé.", "en": "The harbour froze."}),
         Change.CHANGED, "one", ("claim", "fr")),
        (changed(claim={"fr": "Le port a gelé."}), Change.REMOVED, "one", ("claim", "en")),
        (changed(explanation={"en": "The paper says so.", "fr": "Il le dit."}),
         Change.ADDED, "one", ("explanation", "fr")),
        (changed(verdict=Verdict.FALSE), Change.CHANGED, "one", ("verdict",)),
        (changed(rule=Rule.T2), Change.CHANGED, "one", ("rule",)),
        (changed(as_of="2026-01-16"), Change.CHANGED, "one", ("as_of",)),
        (changed(difficulty=3), Change.CHANGED, "one", ("difficulty",)),
        (changed(skills=("number_check",)), Change.CHANGED, "one", ("skills",)),
        (changed(pair="ice"), Change.ADDED, "one", ("pair",)),
        (Version(replace(SET, title={"fr": "Le port"}), OLD.documents),
         Change.CHANGED, None, ("title", "fr")),
        (Version(replace(SET, summary={"en": "Ice"}), OLD.documents),
         Change.ADDED, None, ("summary", "en")),
        (Version(replace(SET, languages=("fr",)), OLD.documents),
         Change.CHANGED, None, ("languages",)),
        (Version(SET, {"paper": "d2"}), Change.CHANGED, None, ("documents", "paper")),
        (Version(SET, {"paper": "d1", "other": "d"}), Change.ADDED, None, ("documents", "other")),
        (Version(SET, {}), Change.REMOVED, None, ("documents", "paper")),
        (Version(replace(SET, questions=(ONE, TWO)), OLD.documents), Change.REMOVED, "three", ()),
        (Version(replace(SET, questions=(THREE, ONE, TWO)), OLD.documents),
         Change.MOVED, "three", ()),
    ],
)  # fmt: skip
def test_one_change_is_one_difference(
    new: Version, change: Change, question: str | None, field: tuple[str, ...]
) -> None:
    (found,) = differences(OLD, new)
    assert (found.change, found.question, found.field) == (change, question, field)


def test_a_new_question_is_named_by_its_claim() -> None:
    new = replace(ONE, id="four", claim={"en": "A new one."})
    (found,) = differences(
        OLD, Version(replace(SET, questions=(*SET.questions, new)), {"paper": "d1"})
    )
    assert (found.change, found.question, found.after) == (Change.ADDED, "four", "A new one.")


def test_another_quote_is_one_removed_and_one_added() -> None:
    other = replace(QUOTE, quote=Quote("the ice broke"))
    found = differences(OLD, changed(evidence=(other,)))
    assert [(d.change, d.before, d.after) for d in found] == [
        (Change.REMOVED, "the harbour froze", ""),
        (Change.ADDED, "", "the ice broke"),
    ]


def test_a_stance_and_a_translation_are_named_apart() -> None:
    new = replace(QUOTE, stance=Stance.HEDGES, translation={"fr": "le port a gelé"})
    fields = [d.field[2:] for d in differences(OLD, changed(evidence=(new,)))]
    assert fields == [("stance",), ("translation", "fr")]


def test_what_was_written_stands_between_what_stayed() -> None:
    assert word_changes("the harbour froze", "the whole harbour thawed") == (
        (None, "the"),
        (Change.ADDED, " whole"),
        (None, " harbour "),
        (Change.REMOVED, "froze"),
        (Change.ADDED, "thawed"),
    )


@given(st.text(), st.text())
def test_the_pieces_make_both_texts_again(before: str, after: str) -> None:
    pieces = word_changes(before, after)
    assert "".join(words for change, words in pieces if change is not Change.ADDED) == before
    assert "".join(words for change, words in pieces if change is not Change.REMOVED) == after
