"""Sets out of sets: copied, adopted, split, merged; what they were made from stays as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from quiz.domain.draft import DraftSet
from quiz.domain.errors import BadInput, NotFound
from quiz.models import DeskDocument, DeskQuestion, Player, Right
from quiz.services.desk import contents, copies, rights, sets, sharing
from quiz.services.library.catalogue import catalogue_of
from tests.desk import (
    a_document,
    a_draft,
    add_question,
    create_document,
    create_ready_set,
    create_set,
    ids_in,
)
from tests.factories import NOW, SKETCHES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TITLE = {"en": "A part"}


def test_a_copy_has_the_same_questions_on_the_same_documents(
    session: Session, mona: Player
) -> None:
    made = create_ready_set(session, mona)
    before = contents.draft_set(session, made)

    copy = copies.duplicate(session, mona, made.id, NOW)

    assert contents.draft_set(session, copy) == replace(
        before, slug="the-bridge-2", summary={"en": "What a report says of it."}
    )
    assert contents.draft_set(session, made) == before
    assert not set(ids_in(session, copy)) & set(ids_in(session, made))


def test_a_copy_of_a_set_that_may_be_read_is_ones_own(
    session: Session, mona: Player, igor: Player
) -> None:
    made = create_ready_set(session, mona)
    with pytest.raises(NotFound):
        copies.duplicate(session, igor, made.id, NOW)
    sharing.share(session, mona, made.id, "Igor", Right.READ)

    copy = copies.duplicate(session, igor, made.id, NOW)

    assert rights.own_set(session, igor, copy.id).title == made.title
    with pytest.raises(NotFound):
        rights.set_of(session, mona, copy.id)


def test_a_shipped_set_is_adopted_with_documents_of_ones_own(
    session: Session, mona: Player, igor: Player
) -> None:
    shipped = catalogue_of(session).set(session, "tower")

    made = copies.adopt_shipped(session, mona, shipped, NOW)

    content = contents.draft_set(session, made)
    documents = contents.documents_in(session, made)
    assert content.documents == ("harbour-2", "tower-2")
    assert {d.text for d in documents.values()} == {d.text for d in shipped.documents.values()}
    assert [question.id for question in content.questions] == [s.id for s in SKETCHES["tower"]]
    assert {e.document for q in content.questions for e in q.evidence} == {"tower-2"}
    # once more, and the documents are there already; another trainer gets some of their own
    copies.adopt_shipped(session, mona, shipped, NOW)
    assert len(rights.documents_of(session, mona)) == 2
    copies.adopt_shipped(session, igor, shipped, NOW)
    assert session.query(DeskDocument).count() == 4


def test_a_document_with_other_words_is_not_taken_for_ones_own(
    session: Session, mona: Player
) -> None:
    create_document(session, mona, "bridge")
    other = a_document("bridge", title={"en": "Another bridge"})
    content = DraftSet("x", TITLE, {}, ("bridge",), (a_draft(0, files=("bridge",)),), ("en",))

    made = copies.adopt(session, mona, content, {"bridge": other}, NOW)

    assert list(contents.documents_in(session, made)) == ["bridge-2"]
    (question,) = contents.draft_set(session, made).questions
    assert question.evidence[0].document == "bridge-2"
    assert question.files == ("bridge-2",)


def test_splitting_moves_the_questions_and_keeps_what_they_went_through(
    session: Session, mona: Player
) -> None:
    made = create_ready_set(session, mona)
    a, b, c = ids_in(session, made)

    part = copies.split(session, mona, made.id, [c, a, 987654], TITLE, NOW)

    assert ids_in(session, made) == [b]
    assert ids_in(session, part) == [a, c]
    assert session.get_one(DeskQuestion, a).edit_number == 1
    assert list(contents.documents_in(session, part)) == list(contents.documents_in(session, made))


def test_what_an_editor_splits_off_stays_the_owners_and_is_shared_alike(
    session: Session, mona: Player, igor: Player
) -> None:
    made = create_ready_set(session, mona)
    sharing.share(session, mona, made.id, "Igor", Right.EDIT)

    part = copies.split(session, igor, made.id, ids_in(session, made)[:1], TITLE, NOW)

    assert rights.own_set(session, mona, part.id).title == TITLE
    assert rights.may_edit(session, igor, part)
    assert part.owner_id == mona.id


@pytest.mark.parametrize("how_many", [0, 3])
def test_none_and_all_cannot_be_split_off(session: Session, mona: Player, how_many: int) -> None:
    made = create_ready_set(session, mona)
    ids = ids_in(session, made)

    with pytest.raises(BadInput, match="Tick some of the questions, not all of them"):
        copies.split(session, mona, made.id, ids[:how_many], TITLE, NOW)

    session.rollback()
    assert ids_in(session, made) == ids
    assert len(rights.sets_of(session, mona)) == 1


def test_questions_of_another_set_are_not_split_off(session: Session, mona: Player) -> None:
    made, other = create_ready_set(session, mona), create_ready_set(session, mona, "Other")

    with pytest.raises(BadInput, match="Tick some of the questions, not all of them"):
        copies.split(session, mona, made.id, ids_in(session, other), TITLE, NOW)


def test_merging_copies_questions_under_ids_that_are_free(session: Session, mona: Player) -> None:
    made, other = create_ready_set(session, mona), create_ready_set(session, mona, "Other")

    assert copies.merge(session, mona, made.id, other.id, NOW) == 3

    merged = contents.draft_set(session, made)
    assert [question.id for question in merged.questions] == [
        *("question-0", "question-1", "question-2"),
        *("question-0-2", "question-1-2", "question-2-2"),
    ]
    assert merged.documents == ("the-bridge", "other")
    assert [q.evidence[0].document for q in merged.questions] == ["the-bridge"] * 3 + ["other"] * 3
    assert len(ids_in(session, other)) == 3


def test_pairs_of_the_same_name_do_not_become_one(session: Session, mona: Player) -> None:
    document = create_document(session, mona)
    both = [create_set(session, mona, title, [document], questions=0) for title in ("One", "Two")]
    for made in both:
        for number in (0, 1):
            add_question(session, mona, made.id, a_draft(number, contrast="trams"), NOW)

    copies.merge(session, mona, both[0].id, both[1].id, NOW)

    pairs = [question.contrast for question in contents.draft_set(session, both[0]).questions]
    assert pairs == ["trams", "trams", "trams-2", "trams-2"]


def test_a_set_is_not_merged_with_itself_nor_with_one_that_cannot_be_seen(
    session: Session, mona: Player, igor: Player
) -> None:
    made, theirs = create_ready_set(session, mona), create_ready_set(session, igor, "Other")

    with pytest.raises(BadInput, match="A set cannot be merged with itself"):
        copies.merge(session, mona, made.id, made.id, NOW)
    with pytest.raises(NotFound):
        copies.merge(session, mona, made.id, theirs.id, NOW)


def test_a_set_holds_no_more_questions_than_it_may(
    session: Session, mona: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, other = create_ready_set(session, mona), create_ready_set(session, mona, "Other")
    monkeypatch.setattr(sets, "MOST_QUESTIONS", 5)

    with pytest.raises(BadInput, match="A set has at most 300 questions"):
        copies.merge(session, mona, made.id, other.id, NOW)

    session.rollback()
    assert contents.draft_set(session, made).documents == ("the-bridge",)
