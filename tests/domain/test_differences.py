"""What changed between two versions of a set: each change is named once, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.differences import (
    Difference,
    DifferenceKind,
    Op,
    Segment,
    differences,
    word_changes,
)
from quiz.domain.draft import DraftSet, draft_of, finished
from quiz.domain.question_set import Draft, DraftEvidence, QuestionSet
from quiz.domain.quote import Quote
from quiz.domain.verdict import Rule, Stance, Verdict

ONE = DraftEvidence("port", Quote("Ten boats left."), Stance.SUPPORTS, {"fr": "Dix bateaux."})
TWO = DraftEvidence("port", Quote("It rained."), Stance.HEDGES)
ASH = Draft(
    id="ash",
    claim={"fr": "Dix bateaux sont partis.", "en": "Ten boats left."},
    verdict=Verdict.TRUE,
    rule=Rule.T1,
    as_of="2026-01-15",
    difficulty=1,
    skills=("close_reading", "number_check"),
    files=("port", "pier"),
    evidence=(ONE, TWO),
    explanation={"fr": "Le texte le dit.", "en": "The text says so."},
    contrast="boats",
)
ELM, OAK, YEW = (replace(ASH, id=name, contrast=None) for name in ("elm", "oak", "yew"))
SET = DraftSet("harbour", {"en": "The harbour"}, {"en": "Boats."}, ("port", "pier"), (ASH, ELM))


def with_ash(**changes: Any) -> DraftSet:
    return replace(SET, questions=(replace(ASH, **changes), ELM))


def with_evidence(**changes: Any) -> DraftSet:
    return with_ash(evidence=(replace(ONE, **changes), TWO))


def only(old: DraftSet, new: DraftSet) -> Difference:
    (found,) = differences(old, new)
    return found


OF_THE_SET = [
    (replace(SET, title={"en": "The port"}), "title", ("title", "en"), DifferenceKind.CHANGED),
    (
        replace(SET, title={**SET.title, "fr": "Le port"}),
        "title",
        ("title", "fr"),
        DifferenceKind.ADDED,
    ),
    (replace(SET, summary={}), "summary", ("summary", "en"), DifferenceKind.REMOVED),
    (replace(SET, languages=("fr",)), "languages", ("languages",), DifferenceKind.CHANGED),
    (replace(SET, documents=("port",)), "document", ("documents", "pier"), DifferenceKind.REMOVED),
    (
        replace(SET, documents=("port", "mast", "pier")),
        *("document", ("documents", "mast"), DifferenceKind.ADDED),
    ),
]
OF_A_QUESTION = [
    (with_ash(claim={**ASH.claim, "en": "Nine boats left."}), "claim", ("claim", "en")),
    (with_ash(verdict=Verdict.FALSE), "verdict", ("verdict",)),
    (with_ash(rule=Rule.T2), "rule", ("rule",)),
    (with_ash(as_of="2026-02-01"), "as_of", ("as_of",)),
    (with_ash(difficulty=3), "difficulty", ("difficulty",)),
    (with_ash(skills=("close_reading",)), "skills", ("skills",)),
    (with_ash(files=("port",)), "files", ("files",)),
    (with_ash(contrast="other"), "contrast", ("contrast",)),
    (
        with_ash(explanation={**ASH.explanation, "fr": "Oui."}),
        *("explanation", ("explanation", "fr")),
    ),
    (with_evidence(document="pier"), "document", ("evidence", 0, "document")),
    (with_evidence(quote=Quote("Nine boats stayed.")), "quote", ("evidence", 0, "quote")),
    (
        with_evidence(quote=Quote("Ten boats left.", prefix="Then ")),
        *("place", ("evidence", 0, "quote")),
    ),
    (with_evidence(stance=Stance.REFUTES), "stance", ("evidence", 0, "stance")),
    (
        with_evidence(translation={"fr": "Onze."}),
        *("translation", ("evidence", 0, "translation", "fr")),
    ),
]


@pytest.mark.parametrize(("new", "field", "path", "kind"), OF_THE_SET)
def test_a_change_of_the_set_is_named(
    new: DraftSet, field: str, path: tuple[str, ...], kind: DifferenceKind
) -> None:
    found = only(SET, new)
    assert (found.kind, found.field, found.question, found.path) == (kind, field, None, path)


@pytest.mark.parametrize(
    ("new", "field", "path"), OF_A_QUESTION, ids=[field for _, field, _ in OF_A_QUESTION]
)
def test_a_change_of_a_question_is_named(
    new: DraftSet, field: str, path: tuple[str | int, ...]
) -> None:
    found = only(SET, new)
    assert (found.kind, found.field, found.question, found.path) == (
        *(DifferenceKind.CHANGED, field, "ash", path),
    )
    back = only(new, SET)
    assert (back.before, back.after) == (found.after, found.before)


@pytest.mark.parametrize(
    ("name", "empty"),
    [("verdict", None), ("rule", None), ("as_of", ""), ("difficulty", None), ("skills", ())],
)
def test_what_was_missing_is_added_and_what_is_emptied_removed(name: str, empty: Any) -> None:
    added, removed = only(with_ash(**{name: empty}), SET), only(SET, with_ash(**{name: empty}))
    assert (added.kind, added.before) == (DifferenceKind.ADDED, None)
    assert (removed.kind, removed.after) == (DifferenceKind.REMOVED, None)


def test_both_values_are_given() -> None:
    found = only(SET, with_ash(verdict=Verdict.FALSE))
    assert (found.before, found.after, found.words) == (Verdict.TRUE, Verdict.FALSE, ())


def test_a_changed_text_shows_its_words() -> None:
    found = only(SET, with_ash(claim={**ASH.claim, "en": "Nine boats left."}))
    assert found.words == (
        Segment(Op.REMOVED, "Ten"),
        Segment(Op.ADDED, "Nine"),
        Segment(Op.SAME, " boats left."),
    )


def test_a_document_whose_text_changed_is_named_by_its_digests() -> None:
    (found,) = differences(SET, SET, {"port": "a", "pier": "b"}, {"port": "a", "pier": "c"})
    assert (found.field, found.path) == ("document", ("documents", "pier"))
    assert (found.kind, found.before, found.after) == (DifferenceKind.CHANGED, "b", "c")


def test_a_document_without_a_digest_is_not_compared() -> None:
    assert differences(SET, SET, {"port": "a"}, {"pier": "c"}) == ()


def test_questions_come_and_go() -> None:
    added, removed = differences(SET, replace(SET, questions=(OAK, ASH)))
    assert (added.kind, added.question, added.path, added.after) == (
        DifferenceKind.ADDED,
        "oak",
        (),
        OAK,
    )
    assert (removed.kind, removed.question, removed.before) == (DifferenceKind.REMOVED, "elm", ELM)


def test_one_question_moved_is_one_difference_however_many_it_passes() -> None:
    old = replace(SET, questions=(ASH, ELM, OAK, YEW))
    found = only(old, replace(SET, questions=(YEW, ASH, ELM, OAK)))
    assert (found.kind, found.question) == (DifferenceKind.MOVED, "yew")
    assert (found.before, found.after) == (4, 1)


def test_nothing_moves_when_one_before_it_goes() -> None:
    old = replace(SET, questions=(ASH, ELM, OAK))
    assert only(old, replace(SET, questions=(ELM, OAK))).kind is DifferenceKind.REMOVED


def test_a_moved_question_still_shows_what_else_changed() -> None:
    new = replace(SET, questions=(ELM, replace(ASH, difficulty=2)))
    kinds = {(d.kind, d.question) for d in differences(SET, new)}
    assert (DifferenceKind.CHANGED, "ash") in kinds
    assert len([kind for kind, _ in kinds if kind is DifferenceKind.MOVED]) == 1


def test_evidence_comes_and_goes_and_moves() -> None:
    three = DraftEvidence("pier", Quote("A bell rang."))
    added = only(SET, with_ash(evidence=(ONE, three, TWO)))
    removed = only(SET, with_ash(evidence=(TWO,)))
    moved = only(SET, with_ash(evidence=(TWO, ONE)))
    assert (added.kind, added.path, added.after) == (DifferenceKind.ADDED, ("evidence", 1), three)
    assert (removed.kind, removed.path, removed.before) == (
        DifferenceKind.REMOVED,
        ("evidence", 0),
        ONE,
    )
    assert (moved.kind, moved.field) == (DifferenceKind.MOVED, "evidence")


def test_evidence_that_kept_its_quote_is_known_by_it() -> None:
    """Although another from the same document went, and stood before it."""
    new = with_ash(evidence=(replace(TWO, stance=Stance.NEAREST),))
    assert [(d.kind, d.field) for d in differences(SET, new)] == [
        (DifferenceKind.CHANGED, "stance"),
        (DifferenceKind.REMOVED, "evidence"),
    ]


def test_a_published_set_is_compared_with_its_draft() -> None:
    questions = tuple(q for draft in SET.questions if (q := finished(draft)))
    published = QuestionSet(SET.slug, SET.title, SET.summary, SET.documents, questions)
    assert differences(published, SET) == differences(SET, published) == ()
    assert only(published, with_ash(difficulty=2)).field == "difficulty"  # type: ignore[arg-type]
    assert SET.questions == tuple(draft_of(question) for question in questions)


words = st.lists(st.sampled_from(["a", "bb", "l’", "boat", ".", ",", " ", "  ", "\n", "é"]))
texts = st.dictionaries(st.sampled_from(["fr", "en"]), words.map("".join).filter(len))
quotes = st.builds(Quote, *[st.sampled_from(["", "a", "b"])] * 3)
evidence = st.builds(
    DraftEvidence,
    st.sampled_from(["port", "pier"]),
    quotes,
    st.sampled_from([None, *Stance]),
    texts,
)
drafts = st.builds(
    Draft,
    id=st.sampled_from("pqrstu"),
    claim=texts,
    verdict=st.sampled_from([None, *Verdict]),
    difficulty=st.sampled_from([None, 1, 2]),
    skills=st.lists(st.sampled_from("xyz"), max_size=2).map(tuple),
    evidence=st.lists(evidence, max_size=3).map(tuple),
)
sets = st.builds(
    DraftSet,
    slug=st.just("harbour"),
    title=texts,
    summary=texts,
    documents=st.lists(st.sampled_from("mno"), unique=True).map(tuple),
    questions=st.lists(drafts, unique_by=lambda draft: draft.id, max_size=5).map(tuple),
)


@given(sets)
def test_nothing_differs_from_itself(version: DraftSet) -> None:
    digests = dict.fromkeys(version.documents, "a")
    assert differences(version, version, digests, digests) == ()


@given(sets, sets)
def test_what_is_not_the_same_has_a_difference(old: DraftSet, new: DraftSet) -> None:
    assert bool(differences(old, new)) == (old != new)


@given(sets, sets)
def test_what_comes_one_way_goes_the_other(old: DraftSet, new: DraftSet) -> None:
    def named(found: tuple[Difference, ...], kind: DifferenceKind) -> list[str]:
        return sorted(
            str((d.field, d.question, d.path))
            for d in found
            if d.kind is kind and d.field in ("question", "document")
        )

    there, back = differences(old, new), differences(new, old)
    assert named(there, DifferenceKind.ADDED) == named(back, DifferenceKind.REMOVED)


@given(sets.filter(lambda s: len(s.questions) > 1), st.data())
def test_moving_one_question_is_one_difference(version: DraftSet, data: st.DataObject) -> None:
    places = st.integers(0, len(version.questions) - 1)
    start, end = data.draw(places), data.draw(places)
    rest = [*version.questions[:start], *version.questions[start + 1 :]]
    moved = (*rest[:end], version.questions[start], *rest[end:])
    found = differences(version, replace(version, questions=moved))
    assert [d.kind for d in found] == ([DifferenceKind.MOVED] if start != end else [])


@given(words.map("".join), words.map("".join))
def test_words_run_together_give_both_texts_back(before: str, after: str) -> None:
    found = word_changes(before, after)
    assert "".join(s.words for s in found if s.op is not Op.ADDED) == before
    assert "".join(s.words for s in found if s.op is not Op.REMOVED) == after
    assert all(s.words for s in found)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Ten boats left.", "Ten boats left.", "Ten boats left."),
        ("Ten boats left.", "Ten red boats left.", "Ten +red +boats left."),
        ("Ten boats left.", "Two large ships left.", "-Ten boats-+Two large ships+ left."),
        ("l’été", "l’hiver", "l’-été-+hiver+"),
        ("", "New.", "+New.+"),
        ("Gone.", "", "-Gone.-"),
        ("", "", ""),
    ],
)
def test_words_are_shown_whole(before: str, after: str, shown: str) -> None:
    mark = {Op.SAME: "", Op.REMOVED: "-", Op.ADDED: "+"}
    found = word_changes(before, after)
    assert "".join(f"{mark[s.op]}{s.words}{mark[s.op]}" for s in found) == shown
