"""A set goes to the players: what is published stays, publishing again adds what changed only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from quiz.content.loader import load, load_taxonomy
from quiz.domain.differences import DifferenceKind
from quiz.domain.errors import Conflict, NotFound
from quiz.domain.set_life import IllegalStep, SetStage, SetStep
from quiz.domain.taxonomy import Taxonomy
from quiz.models import (
    DeskSet,
    DocumentVersion,
    Player,
    QuestionRevision,
    QuestionSetRow,
    Response,
    SetEdition,
)
from quiz.services.accounts.players import erase
from quiz.services.desk import contents, copies, history, publishing, rights, sets
from quiz.services.library.catalogue import StoredSet, catalogue_of
from quiz.services.library.sync import sync
from quiz.services.play import rounds
from quiz.services.play.home import home_of
from quiz.services.play.review import reviewed_question
from tests.desk import a_draft, create_ready_set, create_set, ids_in, rewrite
from tests.factories import NOW, create_answers, create_round, rng

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.fixture
def taxonomy(questions: Path) -> Taxonomy:
    """The words of the rubric."""
    return load_taxonomy(questions)


@pytest.fixture
def made(session: Session, mona: Player, taxonomy: Taxonomy) -> DeskSet:
    """A published set of three questions."""
    row = create_ready_set(session, mona)
    publishing.publish(session, mona, row.id, taxonomy, NOW)
    return row


def offered(session: Session) -> dict[str, StoredSet]:
    """The sets on offer."""
    session.rollback()
    return {stored.slug: stored for stored in catalogue_of(session).sets(session)}


def change(session: Session, row: DeskSet, number: int = 0) -> None:
    """Give a question of the set another claim."""
    question = contents.questions_in(session, row)[number]
    document = contents.rows_of_documents(session, row)[0].slug
    claim = {"en": "The first bridge over the Lave was opened in the spring of 1931."}
    rewrite(session, question, a_draft(0, document, id=question.key, claim=claim))


def count(session: Session, column: Any) -> int:
    """How many rows there are."""
    return session.scalar(select(func.count(column))) or 0


def test_a_ready_set_is_offered_to_players_after_the_shipped_ones(
    session: Session, made: DeskSet
) -> None:
    found = offered(session)

    assert list(found) == ["examples", "harbour", "tower", "the-bridge"]
    stored = found["the-bridge"]
    assert stored.is_from_desk
    assert stored.languages == ("en",)
    assert [r.question.id for r in stored.revisions] == ["question-0", "question-1", "question-2"]
    assert [card.set.slug for card in home_of(session, None, NOW).cards][-1] == "the-bridge"
    assert made.stage is SetStage.PUBLISHED


def test_a_set_with_errors_is_not_published_and_its_errors_are_told(
    session: Session, mona: Player, taxonomy: Taxonomy
) -> None:
    row = create_set(session, mona, questions=0)

    with pytest.raises(publishing.NotReady) as refused:
        publishing.publish(session, mona, row.id, taxonomy, NOW)

    assert not refused.value.lint.is_publishable
    assert "the-bridge" not in offered(session)
    assert count(session, SetEdition.id) == 0


def test_nobody_but_its_owner_publishes_a_set(
    session: Session, mona: Player, igor: Player, taxonomy: Taxonomy
) -> None:
    row = create_ready_set(session, mona)
    with pytest.raises(NotFound):
        publishing.publish(session, igor, row.id, taxonomy, NOW)
    with pytest.raises(NotFound):
        publishing.step(session, igor, row.id, SetStep.ARCHIVE, NOW)


def test_publishing_what_has_not_changed_is_refused(
    session: Session, mona: Player, made: DeskSet, taxonomy: Taxonomy
) -> None:
    with pytest.raises(Conflict, match="nothing"):
        publishing.publish(session, mona, made.id, taxonomy, NOW)
    assert count(session, SetEdition.id) == 1


def test_what_is_written_after_publishing_is_not_what_players_get(
    session: Session, made: DeskSet
) -> None:
    before = offered(session)["the-bridge"].revisions[0].question.claim
    change(session, made)

    assert offered(session)["the-bridge"].revisions[0].question.claim == before


def test_publishing_again_adds_a_revision_for_what_changed_only(
    session: Session, mona: Player, made: DeskSet, taxonomy: Taxonomy
) -> None:
    before = [revision.id for revision in offered(session)["the-bridge"].revisions]
    counted = count(session, QuestionRevision.id), count(session, DocumentVersion.id)
    change(session, made)

    edition = publishing.publish(session, mona, made.id, taxonomy, NOW)

    after = [revision.id for revision in offered(session)["the-bridge"].revisions]
    assert edition.number == 2
    assert after[1:] == before[1:]
    assert after[0] not in before
    assert (count(session, QuestionRevision.id), count(session, DocumentVersion.id)) == (
        counted[0] + 1,
        counted[1],
    )


def test_an_answer_keeps_the_words_it_was_given_to(
    session: Session, mona: Player, made: DeskSet, taxonomy: Taxonomy, pupil: Player
) -> None:
    round_id = rounds.start_round(
        session, pupil.id, "the-bridge", rounds.Mode.QUICK, None, "k", NOW, rng()
    )
    assert round_id
    played = create_round(session, pupil, set_slug="the-bridge", keys=["the-bridge/question-0"])
    (row,) = create_answers(session, played, [offered_verdict(session)])
    change(session, made)
    publishing.publish(session, mona, made.id, taxonomy, NOW)

    kept = session.get_one(Response, row.id)
    revision = catalogue_of(session).revision(session, kept.revision_id)
    assert revision.question.claim == a_draft(0).claim


def offered_verdict(session: Session) -> Any:
    """The verdict of the first question of the published set."""
    return offered(session)["the-bridge"].revisions[0].question.verdict


def test_of_eight_who_publish_at_once_one_makes_an_edition(
    session: Session,
    mona: Player,
    taxonomy: Taxonomy,
    at_once: Callable[..., list[Any]],
) -> None:
    row = create_ready_set(session, mona)

    def act(session: Session, _n: int) -> int | None:
        try:
            return publishing.publish(session, mona, row.id, taxonomy, NOW).number
        except Conflict:
            return None

    outcomes = at_once(8, act)

    assert sorted(number for number in outcomes if number) == [1]
    session.rollback()
    assert count(session, SetEdition.id) == 1


def test_two_sets_on_the_same_document_are_published_at_once(
    session: Session, mona: Player, taxonomy: Taxonomy, at_once: Callable[..., list[Any]]
) -> None:
    first = create_ready_set(session, mona)
    both = [first, copies.duplicate(session, mona, first.id, NOW)]

    numbers = at_once(
        2, lambda session, n: publishing.publish(session, mona, both[n].id, taxonomy, NOW).number
    )

    assert numbers == [1, 1]
    assert {"the-bridge", "the-bridge-2"} <= set(offered(session))


def test_an_archived_set_is_gone_from_home_but_its_answers_can_be_reviewed(
    session: Session, mona: Player, made: DeskSet, pupil: Player, taxonomy: Taxonomy
) -> None:
    played = create_round(session, pupil, set_slug="the-bridge", keys=["the-bridge/question-1"])
    create_answers(session, played, [offered_verdict(session)])

    publishing.step(session, mona, made.id, SetStep.ARCHIVE, NOW)

    assert "the-bridge" not in offered(session)
    assert reviewed_question(session, pupil.id, "the-bridge", "question-1")
    publishing.step(session, mona, made.id, SetStep.RESTORE, NOW)
    assert "the-bridge" not in offered(session)  # a draft, until it is published
    publishing.publish(session, mona, made.id, taxonomy, NOW)
    assert "the-bridge" in offered(session)


def test_a_step_that_the_stage_does_not_know_is_refused(
    session: Session, mona: Player, made: DeskSet
) -> None:
    with pytest.raises(IllegalStep):
        publishing.step(session, mona, made.id, SetStep.SUBMIT, NOW)
    with pytest.raises(ValueError, match="publishing"):
        publishing.step(session, mona, made.id, SetStep.PUBLISH, NOW)


def test_a_published_set_cannot_be_deleted(session: Session, mona: Player, made: DeskSet) -> None:
    with pytest.raises(Exception, match="This set was published"):
        sets.delete_set(session, mona, made.id)


def test_loading_the_files_again_leaves_a_trainers_set_alone(
    session: Session, made: DeskSet, questions: Path
) -> None:
    before = offered(session)["the-bridge"]

    report = sync(session, load(questions), NOW)

    after = offered(session)["the-bridge"]
    assert report.retired == 0
    assert [r.id for r in after.revisions] == [r.id for r in before.revisions]


def test_a_set_whose_slug_a_file_has_taken_meanwhile_is_published_under_another(
    session: Session, mona: Player, taxonomy: Taxonomy
) -> None:
    row = create_ready_set(session, mona)
    row.slug = "harbour"  # as if the file had come after it
    session.commit()
    before = offered(session)["harbour"]

    publishing.publish(session, mona, row.id, taxonomy, NOW)

    assert row.slug == "harbour-2"
    found = offered(session)
    assert [r.id for r in found["harbour"].revisions] == [r.id for r in before.revisions]
    assert not found["harbour"].is_from_desk
    assert found["harbour-2"].is_from_desk


def test_a_set_stays_playable_when_its_trainer_has_gone(
    session: Session, mona: Player, made: DeskSet, pupil: Player
) -> None:
    erase(session, mona)
    session.expunge_all()

    assert session.get(DeskSet, made.id) is None
    assert "the-bridge" in offered(session)
    round_id = rounds.start_round(
        session, pupil.id, "the-bridge", rounds.Mode.QUICK, None, "k", NOW, rng()
    )
    assert round_id
    assert session.get_one(QuestionSetRow, "the-bridge").is_from_desk


def test_the_slug_of_a_set_whose_trainer_has_gone_is_not_given_again(
    session: Session, mona: Player, made: DeskSet, igor: Player
) -> None:
    erase(session, mona)
    session.expunge_all()

    assert create_ready_set(session, igor).slug == f"{made.slug}-2"


def test_what_an_editor_sees_in_the_history_is_what_changed(
    session: Session, mona: Player, made: DeskSet, taxonomy: Taxonomy
) -> None:
    change(session, made)
    sets.shift(session, mona, ids_in(session, made)[2], -1, NOW)
    publishing.publish(session, mona, made.id, taxonomy, NOW)

    latest, first = history.history_of(session, rights.set_of(session, mona, made.id))

    assert (first.number, first.by, first.changes) == (1, "Mona", None)
    assert latest.changes is not None
    assert latest.changes.of_set == ()
    changed, moved = latest.changes.of_questions
    assert (changed.number, changed.kind) == (1, DifferenceKind.CHANGED)
    assert [d.field for d in changed.differences] == ["claim"]
    assert moved.kind is DifferenceKind.MOVED


def test_an_edition_outlives_the_account_of_who_published_it(
    session: Session, mona: Player, igor: Player, made: DeskSet
) -> None:
    (edition,) = publishing.editions(session, made)
    edition.by_id = igor.id
    session.commit()
    erase(session, igor)

    (kept,) = history.history_of(session, made)
    assert (kept.number, kept.by) == (1, None)
