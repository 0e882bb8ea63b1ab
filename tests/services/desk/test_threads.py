"""Conversations about questions, and learners' disputes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from quiz.domain.errors import BadInput, Conflict, NotFound
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.models import Comment, DeskSet, Player, Right, Thread, ThreadKind
from quiz.services.accounts import players
from quiz.services.classes import reports, rosters
from quiz.services.desk import readings, sets, sharing, threads
from quiz.services.desk.threads import ThreadVerdict
from quiz.services.play import disputes, own_record
from quiz.services.play.disputes import Standing
from tests import factories
from tests.desk import create_ready_set, ids_in
from tests.factories import NOW, create_answers, create_round

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LATER = NOW + timedelta(hours=1)
WHY = "The file says so in its third line."


@pytest.fixture
def made(session: Session, mona: Player) -> DeskSet:
    """Mona's set of three questions."""
    return create_ready_set(session, mona)


@pytest.fixture
def answered(session: Session, pupil: Player) -> Player:
    """A pupil who took a true claim of a shipped set for false."""
    played = create_round(session, pupil, keys=["harbour/h-fir"])
    create_answers(session, played, [Verdict.FALSE])
    return pupil


def dispute(session: Session, player: Player, text: str = WHY, at: Any = LATER) -> Thread:
    """Dispute the question that `answered` answered."""
    disputes.dispute(session, player, "harbour", "h-fir", text, at)
    return session.scalars(select(Thread).order_by(Thread.id.desc())).first()  # type: ignore[return-value]


def texts(found: threads.Conversation) -> list[tuple[str | None, str]]:
    return [(remark.author, remark.comment.text) for remark in found.remarks]


def count(session: Session, table: type[Thread | Comment]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


# Remarks


def test_a_remark_begins_a_conversation_that_others_of_the_set_answer(
    session: Session, mona: Player, igor: Player, made: DeskSet
) -> None:
    question = ids_in(session, made)[1]
    sharing.share(session, mona, made.id, "Igor", Right.READ)
    begun = threads.remark(session, igor, question, " Is this\r\nfair? ", NOW)
    threads.reply(session, mona, begun.id, "Yes.", False, None, LATER)

    (found,) = threads.on_question(session, mona, question)
    assert texts(found) == [("Igor", "Is this\nfair?"), ("Mona", "Yes.")]
    assert found.claim == {"en": "Trams used the bridge over the Lave for more than forty years."}
    assert (found.title, found.question_id) == (made.title, question)
    assert threads.on_question(session, mona, ids_in(session, made)[0]) == ()
    assert [c.thread.id for c in threads.open_on_set(session, igor, made.id)] == [begun.id]


@pytest.mark.parametrize("text", ["", " \r\n ", "x" * 2001])
def test_a_comment_has_one_to_two_thousand_characters(
    session: Session, mona: Player, made: DeskSet, text: str
) -> None:
    question = ids_in(session, made)[0]
    begun = threads.remark(session, mona, question, "x" * 2000, NOW)
    with pytest.raises(BadInput) as refused:
        threads.remark(session, mona, question, text, NOW)
    assert (refused.value.field, refused.value.message) == ("text", threads.COMMENT_SIZE)
    with pytest.raises(BadInput):
        threads.reply(session, mona, begun.id, text, False, None, NOW)


def test_a_form_sent_twice_writes_once(session: Session, mona: Player, made: DeskSet) -> None:
    begun = threads.remark(session, mona, ids_in(session, made)[0], "One.", NOW)
    for text in ("Two.", "Two.", "Three.", "Two."):
        threads.reply(session, mona, begun.id, text, False, None, LATER)

    found = threads.conversation(session, mona, begun.id)
    assert [text for _, text in texts(found)] == ["One.", "Two.", "Three.", "Two."]


def test_a_conversation_is_closed_and_opened_again_with_or_without_a_word(
    session: Session, mona: Player, made: DeskSet
) -> None:
    begun = threads.remark(session, mona, ids_in(session, made)[0], "One.", NOW)

    threads.reply(session, mona, begun.id, "Done.", False, True, LATER)
    closed = threads.conversation(session, mona, begun.id)
    assert (closed.thread.resolved_at, len(closed.remarks)) == (LATER, 2)
    threads.reply(session, mona, begun.id, "", False, True, LATER + timedelta(days=1))
    assert threads.conversation(session, mona, begun.id).thread.resolved_at == LATER
    assert threads.open_on_set(session, mona, made.id) == ()

    threads.reply(session, mona, begun.id, "", False, False, LATER)
    assert threads.conversation(session, mona, begun.id).thread.resolved_at is None


def test_a_conversation_of_others_is_not_found(
    session: Session, mona: Player, igor: Player, made: DeskSet
) -> None:
    question = ids_in(session, made)[0]
    begun = threads.remark(session, mona, question, "One.", NOW)
    before = factories.everything(session)
    for act in (
        lambda: threads.conversation(session, igor, begun.id),
        lambda: threads.reply(session, igor, begun.id, "Me too.", True, True, NOW),
        lambda: threads.on_question(session, igor, question),
        lambda: threads.remark(session, igor, question, "Me too.", NOW),
        lambda: threads.open_on_set(session, igor, made.id),
        lambda: threads.conversation(session, mona, 2**40),
        lambda: threads.conversation(session, mona, 0),
    ):
        with pytest.raises(NotFound):
            act()
    assert factories.everything(session) == before
    assert threads.inbox(session, igor, 1).total == 0


def test_a_new_set_under_the_name_of_a_deleted_one_has_none_of_its_conversations(
    session: Session, mona: Player, igor: Player, made: DeskSet
) -> None:
    threads.remark(session, mona, ids_in(session, made)[0], "Between us.", NOW)
    slug = made.slug
    sets.delete_set(session, mona, made.id)
    later = sets.create_set(session, igor, {"en": "The bridge"}, ["en"], [], LATER)

    assert later.slug == slug
    assert threads.inbox(session, igor, 1).total == 0
    assert threads.open_on_set(session, igor, later.id) == ()


def test_a_reader_keeps_the_conversations_that_their_reading_opened_and_no_others(
    session: Session, mona: Player, igor: Player, made: DeskSet
) -> None:
    asked = readings.ask_reader(session, mona, made.id, "Igor", NOW)
    found = readings.blind_reading(session, igor, asked.id)
    assert found
    for claim in found.claims:
        readings.answer(session, igor, asked.id, claim.name, Verdict.FALSE, "", claim.digest, NOW)
    readings.finish(session, igor, asked.id, False, LATER)
    threads.remark(session, mona, ids_in(session, made)[0], "Between us.", LATER)

    mine = threads.inbox(session, igor, 1)
    assert (mine.total, mine.open) == (2, 2)
    assert {c.thread.kind for c in mine.conversations} == {ThreadKind.DISAGREEMENT}
    assert {c.question_id for c in mine.conversations} == {None}
    threads.reply(session, igor, mine.conversations[0].thread.id, "I see.", False, True, LATER)
    assert threads.inbox(session, mona, 1).total == 3


# The inbox


def test_the_inbox_shows_open_ones_first_thirty_at_a_time(
    session: Session, mona: Player, made: DeskSet
) -> None:
    question = ids_in(session, made)[0]
    begun = [threads.remark(session, mona, question, f"No {n}", NOW).id for n in range(32)]
    for thread_id in begun[2:]:
        threads.reply(session, mona, thread_id, "", False, True, LATER)

    found = threads.inbox(session, mona, 1)
    assert [c.thread.id for c in found.conversations[:3]] == [begun[1], begun[0], begun[-1]]
    assert (found.open, found.total, found.pages, len(found.conversations)) == (2, 32, 2, 30)
    assert [c.thread.id for c in threads.inbox(session, mona, 9).conversations] == [
        begun[3],
        begun[2],
    ]


# Disputes


def test_a_dispute_of_a_shipped_question_reaches_every_trainer_without_a_name(
    session: Session, mona: Player, igor: Player, answered: Player
) -> None:
    thread = dispute(session, answered)

    for trainer in (mona, igor):
        (found,) = threads.inbox(session, trainer, 1).conversations
        assert texts(found) == [(None, WHY)]
        assert found.remarks[0].is_learner
        assert found.revision is not None
        assert found.revision.key == "harbour/h-fir"
        assert found.claim == found.revision.question.claim
        assert found.question_id is None
    assert threads.given_in(session, thread) == ThreadVerdict(Verdict.FALSE, Confidence.FAIRLY_SURE)


def test_a_dispute_of_a_trainers_set_reaches_its_people_only(
    session: Session, mona: Player, igor: Player, answered: Player
) -> None:
    thread = dispute(session, answered)
    own = create_ready_set(session, mona)
    own.slug, own.created_at = "harbour", NOW
    session.commit()

    assert threads.conversation(session, mona, thread.id)
    assert threads.inbox(session, igor, 1).total == 0
    with pytest.raises(NotFound):
        threads.conversation(session, igor, thread.id)
    sharing.share(session, mona, own.id, "Igor", Right.READ)
    assert threads.inbox(session, igor, 1).total == 1


def test_an_answer_reaches_the_learner_and_a_comment_among_trainers_does_not(
    session: Session, mona: Player, igor: Player, answered: Player
) -> None:
    thread = dispute(session, answered)
    key = "harbour/h-fir"
    threads.reply(session, igor, thread.id, "Nonsense.", False, None, LATER)
    (told,) = disputes.disputes_of(session, answered.id, key)
    assert (told.text, told.answers, told.standing) == (WHY, (), Standing.OPEN)

    threads.reply(session, mona, thread.id, "Look at line two.", True, None, LATER)
    (told,) = disputes.disputes_of(session, answered.id, key)
    assert [a.text for a in told.answers] == ["Look at line two."]
    assert told.standing is Standing.ANSWERED

    threads.reply(session, mona, thread.id, "", False, True, LATER)
    (told,) = disputes.disputes_of(session, answered.id)
    assert (told.standing, told.resolved_at) == (Standing.CLOSED, LATER)
    assert disputes.disputes_of(session, answered.id, "harbour/h-may") == ()


def test_who_may_only_read_a_set_neither_answers_a_learner_nor_closes(
    session: Session, mona: Player, igor: Player, made: DeskSet, pupil: Player
) -> None:
    sharing.share(session, mona, made.id, "Igor", Right.READ)
    begun = threads.remark(session, mona, ids_in(session, made)[0], "Hm.", NOW)
    begun.kind, begun.player_id = ThreadKind.DISPUTE, pupil.id
    session.commit()

    threads.reply(session, igor, begun.id, "Between us.", False, None, LATER)
    for to_learner, close in ((True, None), (False, True)):
        with pytest.raises(BadInput):
            threads.reply(session, igor, begun.id, "To the learner.", to_learner, close, LATER)
    threads.reply(session, mona, begun.id, "To the learner.", True, True, LATER)


def test_only_a_dispute_has_somebody_to_answer(
    session: Session, mona: Player, made: DeskSet
) -> None:
    begun = threads.remark(session, mona, ids_in(session, made)[0], "One.", NOW)
    threads.reply(session, mona, begun.id, "Two.", True, None, NOW)
    assert not threads.conversation(session, mona, begun.id).is_answered


@pytest.mark.parametrize("text", ["", "too short", "   x     \r\n   ", "x" * 1001])
def test_a_dispute_has_ten_to_a_thousand_characters(
    session: Session, answered: Player, text: str
) -> None:
    with pytest.raises(BadInput) as refused:
        dispute(session, answered, text)
    assert refused.value.field == "text"
    assert (
        refused.value.message
        == "Say in 10 to 1,000 characters what in the file makes you think so."
    )
    dispute(session, answered, "x" * 1000)


def test_what_one_has_not_answered_cannot_be_disputed(
    session: Session, answered: Player, outsider: Player
) -> None:
    with pytest.raises(NotFound):
        dispute(session, outsider)
    with pytest.raises(NotFound):
        disputes.dispute(session, answered, "harbour", "h-may", WHY, NOW)
    assert count(session, Thread) == 0


def test_there_is_one_open_dispute_for_each_learner_and_revision(
    session: Session, mona: Player, answered: Player, outsider: Player
) -> None:
    create_answers(session, create_round(session, outsider, keys=["harbour/h-fir"]))
    first = dispute(session, answered)
    with pytest.raises(Conflict):
        dispute(session, answered, WHY + " Again.")
    dispute(session, outsider)

    threads.reply(session, mona, first.id, "", False, True, LATER)
    dispute(session, answered, WHY + " Again.")
    assert [d.standing for d in disputes.disputes_of(session, answered.id)] == [
        Standing.OPEN,
        Standing.CLOSED,
    ]


def test_two_disputes_at_once_are_one(
    session: Session, answered: Player, at_once: Callable[..., list[Any]]
) -> None:
    player_id = answered.id
    session.rollback()

    def act(own: Session, n: int) -> str:
        try:
            disputes.dispute(
                own, own.get_one(Player, player_id), "harbour", "h-fir", f"{WHY} {n}", NOW
            )
        except Conflict:
            return "open"
        return "sent"

    assert sorted(at_once(4, act)) == ["open", "open", "open", "sent"]
    assert count(session, Thread) == count(session, Comment) == 1


# One's own data


def test_disputes_are_in_the_export_with_their_answers(
    session: Session, mona: Player, answered: Player
) -> None:
    thread = dispute(session, answered)
    threads.reply(session, mona, thread.id, "Among us.", False, None, LATER)
    threads.reply(session, mona, thread.id, "Look at line two.", True, True, LATER)

    assert own_record.export(session, answered)["disputes"] == [
        {
            "question": "harbour/h-fir",
            "text": WHY,
            "opened_at": LATER.isoformat(),
            "closed_at": LATER.isoformat(),
            "answers": [{"text": "Look at line two.", "at": LATER.isoformat()}],
        }
    ]


def test_the_record_that_a_class_may_see_has_no_disputes(
    session: Session, mona: Player, answered: Player
) -> None:
    dispute(session, answered)
    classroom = factories.create_class(session, mona)
    row = factories.create_member(session, classroom, answered, is_issued=True)
    member = rosters.member_of(session, classroom, row.id)
    assert "disputes" not in reports.record_of(session, member)


def test_disputes_go_with_the_learner_and_what_trainers_wrote_stays_without_a_name(
    session: Session, mona: Player, igor: Player, made: DeskSet, answered: Player
) -> None:
    dispute(session, answered)
    sharing.share(session, mona, made.id, "Igor", Right.READ)
    begun = threads.remark(session, mona, ids_in(session, made)[0], "One.", NOW)
    threads.reply(session, igor, begun.id, "Two.", False, None, NOW)
    players.erase(session, answered)
    players.erase(session, igor)

    assert count(session, Thread) == 1
    assert WHY not in factories.everything(session)
    found = threads.conversation(session, mona, begun.id)
    assert texts(found) == [("Mona", "One."), (None, "Two.")]
    assert not any(remark.is_learner for remark in found.remarks)


def test_a_guest_who_signs_in_brings_disputes_along(
    session: Session, mona: Player, answered: Player
) -> None:
    thread = dispute(session, answered)
    learner = factories.create_learner(session, "Lea")
    players.bring_along(session, answered, learner)

    (told,) = disputes.disputes_of(session, learner.id)
    assert told.text == WHY
    assert texts(threads.conversation(session, mona, thread.id)) == [(None, WHY)]
