"""Who may see and change what at the desk: own, shared to read, shared to edit, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from quiz.content.checks.draft_checks import lint_set
from quiz.domain.errors import BadInput, NotFound
from quiz.domain.taxonomy import Taxonomy
from quiz.models import Player, Right, SetShare
from quiz.services.accounts.players import erase
from quiz.services.desk import rights, sets, sharing
from quiz.services.desk.contents import (
    documents_in,
    draft,
    draft_set,
    questions_in,
    rows_of_documents,
)
from quiz.services.desk.copies import duplicate, merge
from tests import factories
from tests.desk import create_document, create_ready_set, create_set, ids_in
from tests.factories import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def share(session: Session, owner: Player, set_id: int, name: str, right: Right) -> None:
    """Share, by name."""
    sharing.share(session, owner, set_id, name, right)


def test_a_set_is_its_owners_and_nobody_elses(session: Session, mona: Player, igor: Player) -> None:
    made = create_ready_set(session, mona)
    (question,) = ids_in(session, made)[:1]
    document = rights.documents_of(session, mona)[0]

    assert rights.set_of(session, mona, made.id).id == made.id
    assert [row.id for row in rights.sets_of(session, igor)] == []
    assert rights.documents_of(session, igor) == []
    with pytest.raises(NotFound):
        rights.set_of(session, igor, made.id)
    with pytest.raises(NotFound):
        rights.question_of(session, igor, question)
    with pytest.raises(NotFound):
        rights.document_of(session, igor, document.id)


def test_shared_to_read_is_read_and_not_changed(
    session: Session, mona: Player, igor: Player
) -> None:
    made = create_ready_set(session, mona)
    share(session, mona, made.id, "Igor", Right.READ)
    document = rights.documents_of(session, mona)[0]

    assert [row.id for row in rights.sets_of(session, igor)] == [made.id]
    assert rights.document_of(session, igor, document.id).id == document.id
    assert not rights.may_edit(session, igor, made)
    with pytest.raises(NotFound):
        rights.set_of(session, igor, made.id, Right.EDIT)
    with pytest.raises(NotFound):
        rights.document_of(session, igor, document.id, Right.EDIT)
    with pytest.raises(NotFound):
        sets.drop_question(session, igor, ids_in(session, made)[0], NOW)


def test_shared_to_edit_is_changed_but_stays_its_owners(
    session: Session, mona: Player, igor: Player
) -> None:
    made = create_ready_set(session, mona)
    share(session, mona, made.id, "Igor", Right.EDIT)
    document = rights.documents_of(session, mona)[0]

    assert rights.may_edit(session, igor, made)
    assert rights.document_of(session, igor, document.id, Right.EDIT).id == document.id
    sets.drop_question(session, igor, ids_in(session, made)[0], NOW)
    with pytest.raises(NotFound):
        rights.own_set(session, igor, made.id)
    with pytest.raises(NotFound):
        sets.delete_set(session, igor, made.id)
    with pytest.raises(NotFound):
        share(session, igor, made.id, "Mona", Right.READ)


def test_quoting_a_document_in_a_set_of_ones_own_gives_no_right_to_change_it(
    session: Session, mona: Player, igor: Player
) -> None:
    theirs = create_ready_set(session, mona)
    share(session, mona, theirs.id, "Igor", Right.READ)
    document = rights.documents_of(session, mona)[0]
    own = create_set(session, igor, "Mine", [document], questions=0)

    assert rights.document_of(session, igor, document.id).id == document.id
    with pytest.raises(NotFound):
        rights.document_of(session, igor, document.id, Right.EDIT)
    share(session, igor, own.id, "Mona", Right.READ)
    assert rights.document_of(session, mona, document.id, Right.EDIT).owner_id == mona.id


def test_who_has_a_set_of_somebody_elses_cannot_change_the_documents_it_borrows(
    session: Session, mona: Player, igor: Player
) -> None:
    made = create_ready_set(session, mona)
    share(session, mona, made.id, "Igor", Right.EDIT)
    borrowed = create_document(session, igor, "borrowed")
    sets.add_document(session, igor, made.id, borrowed.id, NOW)

    assert rights.document_of(session, mona, borrowed.id).id == borrowed.id
    with pytest.raises(NotFound):
        rights.document_of(session, mona, borrowed.id, Right.EDIT)


@pytest.mark.parametrize("name", ["Nobody", "Pupil", "Mona", "", "\ufffd", "x" * 5000])
def test_an_unknown_name_a_learners_and_ones_own_are_refused_alike(
    session: Session, mona: Player, name: str
) -> None:
    factories.create_learner(session, "Pupil")
    made = create_ready_set(session, mona)

    with pytest.raises(BadInput) as refused:
        share(session, mona, made.id, name, Right.READ)

    assert (refused.value.field, refused.value.message) == ("name", rights.NO_TRAINER)


def test_sharing_again_changes_the_right_and_taking_back_ends_it(
    session: Session, mona: Player, igor: Player
) -> None:
    made = create_ready_set(session, mona)
    share(session, mona, made.id, " igor ", Right.READ)
    share(session, mona, made.id, "IGOR", Right.EDIT)

    (shared,) = sharing.shares_of(session, made)
    assert (shared.trainer.id, shared.right) == (igor.id, Right.EDIT)
    sharing.change_right(session, mona, made.id, igor.id, Right.READ)
    assert not rights.may_edit(session, igor, made)
    sharing.take_back(session, mona, made.id, igor.id)
    with pytest.raises(NotFound):
        rights.set_of(session, igor, made.id)
    with pytest.raises(NotFound):
        sharing.take_back(session, mona, made.id, igor.id)


def test_a_set_is_shared_with_so_many_whatever_other_sets_are(
    session: Session, mona: Player, igor: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MOST_SHARES", 1)
    factories.create_trainer(session, "Olga")
    one, other = (create_set(session, mona, title, questions=0) for title in ("One", "Other"))

    share(session, mona, one.id, "Igor", Right.READ)
    share(session, mona, other.id, "Igor", Right.READ)

    with pytest.raises(BadInput, match="50 trainers at most"):
        share(session, mona, one.id, "Olga", Right.READ)
    share(session, mona, one.id, "Igor", Right.EDIT)
    assert [shared.right for shared in sharing.shares_of(session, one)] == [Right.EDIT]


def test_a_shared_set_can_be_left_and_ones_own_cannot(
    session: Session, mona: Player, igor: Player
) -> None:
    made = create_ready_set(session, mona)
    share(session, mona, made.id, "Igor", Right.READ)

    sharing.leave_set(session, igor, made.id)

    assert rights.sets_of(session, igor) == []
    with pytest.raises(NotFound):
        sharing.leave_set(session, igor, made.id)
    with pytest.raises(NotFound):
        sharing.leave_set(session, mona, made.id)


@pytest.mark.parametrize("number", [0, -1, 2**31, 10**30])
def test_a_number_that_no_set_has_is_not_found(session: Session, mona: Player, number: int) -> None:
    for find in (rights.set_of, rights.question_of, rights.document_of):
        with pytest.raises(NotFound):
            find(session, mona, number)


def test_whoever_goes_takes_their_sets_and_shares_along(
    session: Session, mona: Player, igor: Player
) -> None:
    made = create_ready_set(session, mona)
    share(session, mona, made.id, "Igor", Right.EDIT)
    copy = duplicate(session, igor, made.id, NOW)

    erase(session, mona)

    assert [row.id for row in rights.sets_of(session, igor)] == [copy.id]
    assert session.query(SetShare).all() == []


def test_quoting_a_document_that_one_may_only_read_quotes_a_copy(
    session: Session, mona: Player, igor: Player
) -> None:
    """Else the right to edit any set of the owner's would be one to edit all they let one read."""
    read, edited = create_ready_set(session, mona), create_set(session, mona, "Empty", [], 0)
    share(session, mona, read.id, "Igor", Right.READ)
    share(session, mona, edited.id, "Igor", Right.EDIT)
    document = rows_of_documents(session, read)[0]

    sets.add_document(session, igor, edited.id, document.id, NOW)
    merge(session, igor, edited.id, read.id, NOW)

    with pytest.raises(NotFound):
        rights.document_of(session, igor, document.id, Right.EDIT)
    copies = rows_of_documents(session, edited)
    assert [row.owner_id for row in copies] == [igor.id]
    assert {e.document for q in questions_in(session, edited) for e in draft(q).evidence} == {
        copies[0].slug
    }


@pytest.mark.parametrize("right", list(Right))
def test_what_was_copied_stays_and_what_was_shared_goes_when_the_share_is_taken_back(
    session: Session, mona: Player, igor: Player, right: Right
) -> None:
    made = create_ready_set(session, mona)
    share(session, mona, made.id, "Igor", right)
    document = rows_of_documents(session, made)[0]
    copied = duplicate(session, igor, made.id, NOW)
    own = sets.create_set(session, igor, {"en": "Mine"}, ["en"], [document.id], NOW)

    sharing.take_back(session, mona, made.id, igor.id)

    with pytest.raises(NotFound):
        rights.document_of(session, igor, document.id)
    for kept in (copied, own):
        assert [row.owner_id for row in rows_of_documents(session, kept)] == [igor.id]
    assert lint_set(
        draft_set(session, copied), documents_in(session, copied), Taxonomy()
    ).is_publishable
