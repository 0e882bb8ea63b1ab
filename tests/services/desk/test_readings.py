"""A second reader: asked, blind, and compared with the author once finished."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from quiz.domain.errors import BadInput, Conflict, NotFound
from quiz.domain.verdict import Verdict
from quiz.models import DeskQuestion, DeskSet, Player, Reading, ReadingAnswer, Right, Thread
from quiz.services.desk import comparisons, readings, rights, sharing, threads
from quiz.services.desk.contents import draft, questions_in
from quiz.services.desk.readings import BlindReading
from tests import factories
from tests.desk import a_draft, add_question, create_ready_set, rewrite
from tests.factories import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TRUTHS = [Verdict.TRUE, Verdict.FALSE, Verdict.UNVERIFIED]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def made(session: Session, mona: Player) -> DeskSet:
    """Mona's set of three questions."""
    return create_ready_set(session, mona)


@pytest.fixture
def asked(session: Session, mona: Player, igor: Player, made: DeskSet) -> Reading:
    """Igor is asked to read it."""
    return readings.ask_reader(session, mona, made.id, "Igor", NOW)


def shown(session: Session, reader: Player, reading: Reading) -> BlindReading:
    found = readings.blind_reading(session, reader, reading.id)
    assert found is not None
    return found


def names(session: Session, reading: Reading, made: DeskSet) -> list[str]:
    """The names of the questions within the reading, in the order of the set."""
    found = readings.items(session, reading, made, {})
    of = {item.question.id: item.name for item in found}
    return [of[row.id] for row in questions_in(session, made)]


def say(
    session: Session, reader: Player, reading: Reading, name: str, verdict: Verdict, note: str = ""
) -> None:
    """Answer the claim of this name as it stands."""
    (claim,) = [c for c in shown(session, reader, reading).claims if c.name == name]
    readings.answer(session, reader, reading.id, name, verdict, note, claim.digest, NOW)


def say_all(
    session: Session, reader: Player, reading: Reading, made: DeskSet, *verdicts: Verdict
) -> None:
    for name, verdict in zip(names(session, reading, made), verdicts, strict=True):
        say(session, reader, reading, name, verdict, f"Note on {verdict.value}")


def first(session: Session, made: DeskSet) -> DeskQuestion:
    return questions_in(session, made)[0]


# Asking


def test_whoever_may_edit_asks_a_trainer_by_name(
    session: Session, mona: Player, igor: Player, made: DeskSet
) -> None:
    eve = factories.create_trainer(session, "Eve")
    sharing.share(session, mona, made.id, "Igor", Right.EDIT)

    asked = readings.ask_reader(session, igor, made.id, "  eVe ", NOW)

    assert (asked.reader_id, asked.finished_at) == (eve.id, None)
    assert [p.reader for p in readings.readings_of(session, mona, made.id)] == ["Eve"]
    assert [p.title for p in readings.asked_of(session, eve)] == [made.title]


@pytest.mark.parametrize("name", ["Nobody", "", "Lea", "x" * 5000])
def test_nobody_and_a_learner_look_the_same(
    session: Session, mona: Player, made: DeskSet, name: str
) -> None:
    factories.create_learner(session, "Lea")
    with pytest.raises(BadInput) as refused:
        readings.ask_reader(session, mona, made.id, name, NOW)
    assert (refused.value.field, refused.value.message) == ("reader", rights.NO_TRAINER)


@pytest.mark.parametrize("right", Right)
def test_who_may_read_the_set_cannot_be_blind(
    session: Session, mona: Player, igor: Player, made: DeskSet, right: Right
) -> None:
    sharing.share(session, mona, made.id, "Igor", right)
    for name in ("Mona", "Igor"):
        with pytest.raises(BadInput) as refused:
            readings.ask_reader(session, mona, made.id, name, NOW)
        assert refused.value.message.startswith("Whoever may read this set has seen its verdicts")


def test_nobody_is_asked_twice(session: Session, mona: Player, made: DeskSet, asked: Any) -> None:
    with pytest.raises(BadInput) as refused:
        readings.ask_reader(session, mona, made.id, "Igor", NOW)
    assert refused.value.message == "This trainer has been asked already."


def test_who_may_only_read_the_set_asks_nobody(
    session: Session, mona: Player, igor: Player, made: DeskSet
) -> None:
    factories.create_trainer(session, "Eve")
    with pytest.raises(NotFound):
        readings.ask_reader(session, igor, made.id, "Eve", NOW)
    sharing.share(session, mona, made.id, "Igor", Right.READ)
    with pytest.raises(NotFound):
        readings.ask_reader(session, igor, made.id, "Eve", NOW)


def test_being_asked_opens_the_reading_and_not_the_set(
    session: Session, igor: Player, made: DeskSet, asked: Reading
) -> None:
    from quiz.services.desk import rights

    assert rights.sets_of(session, igor) == []
    assert rights.documents_of(session, igor) == []
    assert shown(session, igor, asked).title == made.title


def test_a_request_is_withdrawn_or_declined_with_its_answers(
    session: Session, mona: Player, igor: Player, made: DeskSet, asked: Reading
) -> None:
    eve = factories.create_trainer(session, "Eve")
    say(session, igor, asked, names(session, asked, made)[0], Verdict.TRUE)
    for stranger in (igor, eve):
        with pytest.raises(NotFound):
            readings.withdraw(session, stranger, asked.id)
    with pytest.raises(NotFound):
        readings.decline(session, eve, asked.id)

    assert readings.withdraw(session, mona, asked.id) == made.id
    again = readings.ask_reader(session, mona, made.id, "Igor", NOW)
    readings.decline(session, igor, again.id)

    assert session.scalars(select(Reading)).all() == []
    assert session.scalars(select(ReadingAnswer)).all() == []


# Reading


def test_the_reader_gets_claims_and_documents_in_an_order_of_the_readings_own(
    session: Session, mona: Player, igor: Player, asked: Reading, made: DeskSet
) -> None:
    for number in range(3, 12):
        add_question(
            session, mona, made.id, a_draft(number % 4, "the-bridge", id=f"more-{number}"), NOW
        )
    order = names(session, asked, made)
    found = shown(session, igor, asked)

    assert sorted(order) == [c.name for c in found.claims] != order
    assert [d.slug for d in found.documents] == ["the-bridge"]
    assert shown(session, igor, asked) == found
    assert (found.left, found.is_blind) == (12, True)


def test_the_order_and_the_words_do_not_depend_on_the_key(
    session: Session, igor: Player, asked: Reading, made: DeskSet
) -> None:
    before = shown(session, igor, asked)
    for number, row in enumerate(questions_in(session, made)):
        other = a_draft((number + 1) % 3, "the-bridge")
        rewrite(session, row, replace(other, claim=draft(row).claim, id=row.key))

    assert shown(session, igor, asked) == before


def test_a_draft_without_a_claim_is_not_read(
    session: Session, igor: Player, asked: Reading, made: DeskSet
) -> None:
    rewrite(session, first(session, made), a_draft(0, claim={}))
    assert len(shown(session, igor, asked).claims) == 2


def test_an_answer_can_be_changed_until_the_reading_is_finished(
    session: Session, igor: Player, asked: Reading, made: DeskSet
) -> None:
    name = names(session, asked, made)[0]
    say(session, igor, asked, name, Verdict.FALSE, "perhaps")
    say(session, igor, asked, name, Verdict.TRUE, " line one\r\nline two ")

    (claim,) = [c for c in shown(session, igor, asked).claims if c.name == name]
    assert (claim.verdict, claim.note) == (Verdict.TRUE, "line one\nline two")
    assert (claim.is_done, shown(session, igor, asked).left) == (True, 2)

    readings.finish(session, igor, asked.id, True, LATER)
    assert readings.blind_reading(session, igor, asked.id) is None
    with pytest.raises(Conflict):
        readings.answer(session, igor, asked.id, name, Verdict.TRUE, "", claim.digest, LATER)


def test_a_note_has_at_most_a_thousand_characters(
    session: Session, igor: Player, asked: Reading, made: DeskSet
) -> None:
    name = names(session, asked, made)[0]
    say(session, igor, asked, name, Verdict.TRUE, "x" * 1000)
    with pytest.raises(BadInput) as refused:
        say(session, igor, asked, name, Verdict.TRUE, "x" * 1001)
    assert refused.value.message == "A note has at most 1,000 characters."


def test_an_answer_to_words_that_have_changed_meanwhile_is_not_taken(
    session: Session, igor: Player, asked: Reading, made: DeskSet
) -> None:
    name = names(session, asked, made)[0]
    (before,) = [c for c in shown(session, igor, asked).claims if c.name == name]
    rewrite(session, first(session, made), a_draft(0, "the-bridge", claim={"en": "Another."}))

    with pytest.raises(BadInput) as refused:
        readings.answer(session, igor, asked.id, name, Verdict.TRUE, "", before.digest, NOW)
    assert refused.value.message == "The claim or a file has changed meanwhile: read it again."


def test_an_answer_to_other_words_is_to_be_given_again(
    session: Session, igor: Player, asked: Reading, made: DeskSet
) -> None:
    name = names(session, asked, made)[0]
    say(session, igor, asked, name, Verdict.TRUE)
    rewrite(session, first(session, made), a_draft(0, "the-bridge", claim={"en": "Another."}))

    (claim,) = [c for c in shown(session, igor, asked).claims if c.name == name]
    assert (claim.is_stale, claim.is_done, claim.verdict) == (True, False, Verdict.TRUE)
    say(session, igor, asked, name, Verdict.FALSE)
    (claim,) = [c for c in shown(session, igor, asked).claims if c.name == name]
    assert (claim.is_stale, claim.is_done) == (False, True)


def test_another_text_of_a_document_makes_every_answer_stale(
    session: Session, igor: Player, asked: Reading, made: DeskSet
) -> None:
    from quiz.models import DeskDocument

    say_all(session, igor, asked, made, *TRUTHS)
    row = session.query(DeskDocument).one()
    row.body = row.body | {"publisher": "The Lave Courier"}
    session.commit()

    assert [c.is_stale for c in shown(session, igor, asked).claims] == [True] * 3


def test_names_of_another_reading_are_not_found(
    session: Session, mona: Player, igor: Player, asked: Reading, made: DeskSet
) -> None:
    eve = factories.create_trainer(session, "Eve")
    other = readings.ask_reader(session, mona, made.id, "Eve", NOW)
    with pytest.raises(NotFound):
        readings.answer(
            session, eve, other.id, names(session, asked, made)[0], Verdict.TRUE, "", "", NOW
        )
    assert readings.blind_reading(session, eve, asked.id) is None
    with pytest.raises(NotFound):
        readings.finish(session, eve, asked.id, True, NOW)


def test_the_next_claim_is_the_next_without_an_answer(
    session: Session, igor: Player, asked: Reading, made: DeskSet
) -> None:
    order = [c.name for c in shown(session, igor, asked).claims]
    say(session, igor, asked, order[1], Verdict.TRUE)

    found = shown(session, igor, asked)
    assert found.following(order[0]) == order[2]
    assert found.following(order[2]) == order[0]
    assert found.following("nothing") == order[0]
    for name in (order[0], order[2]):
        say(session, igor, asked, name, Verdict.TRUE)
    assert shown(session, igor, asked).following(order[0]) is None


# Finishing


def test_finishing_with_claims_left_asks_first(
    session: Session, igor: Player, asked: Reading
) -> None:
    with pytest.raises(BadInput) as refused:
        readings.finish(session, igor, asked.id, False, LATER)
    assert refused.value.field == "sure"
    assert refused.value.message.startswith("Some claims have no answer yet")

    readings.finish(session, igor, asked.id, True, LATER)
    assert readings.blind_reading(session, igor, asked.id) is None


def test_a_finished_reading_compares_and_opens_a_thread_for_each_disagreement(
    session: Session, mona: Player, igor: Player, asked: Reading, made: DeskSet
) -> None:
    say_all(session, igor, asked, made, Verdict.TRUE, Verdict.TRUE, Verdict.UNVERIFIED)
    readings.finish(session, igor, asked.id, False, LATER)
    readings.finish(session, igor, asked.id, False, LATER + timedelta(hours=1))

    for who in (mona, igor):
        found = comparisons.comparison(session, who, asked.id)
        assert found.agreement
        assert (found.agreement.observed.count, found.agreement.observed.total) == (2, 3)
        assert found.agreement.kappa == pytest.approx((2 / 3 - 1 / 3) / (1 - 1 / 3))
        assert found.agreement.interval is None
        assert sum(row.agrees for row in found.rows) == 2
        assert (found.unread, found.is_reader) == (0, who is igor)
    (thread,) = session.scalars(select(Thread)).all()
    assert thread.question_key == "question-1"
    assert [r.thread_id for r in found.rows if not r.agrees] == [thread.id]
    (told,) = threads.on_question(session, mona, questions_in(session, made)[1].id)
    assert [(r.author, r.comment.text) for r in told.remarks] == [("Igor", "Note on true")]
    assert threads.given_in(session, told.thread) == threads.ThreadVerdict(Verdict.TRUE, None)


def test_the_author_sees_how_many_are_answered_and_nothing_else_before_the_end(
    session: Session, mona: Player, igor: Player, asked: Reading, made: DeskSet
) -> None:
    say(session, igor, asked, names(session, asked, made)[1], Verdict.TRUE)

    (progress,) = readings.readings_of(session, mona, made.id)
    assert (progress.answered, progress.total) == (1, 3)
    for who in (mona, igor):
        with pytest.raises(NotFound):
            comparisons.comparison(session, who, asked.id)
    assert readings.blind_reading(session, mona, asked.id) is None
    assert threads.inbox(session, mona, 1).total == 0


def test_an_outsider_sees_no_comparison(session: Session, igor: Player, asked: Reading) -> None:
    eve = factories.create_trainer(session, "Eve")
    readings.finish(session, igor, asked.id, True, LATER)
    for number in (asked.id, 0, -1, 2**40):
        with pytest.raises(NotFound):
            comparisons.comparison(session, eve, number)


def test_a_question_without_an_answer_is_not_shown_to_the_reader_afterwards(
    session: Session, igor: Player, asked: Reading, made: DeskSet
) -> None:
    say(session, igor, asked, names(session, asked, made)[0], Verdict.TRUE)
    readings.finish(session, igor, asked.id, True, LATER)

    found = comparisons.comparison(session, igor, asked.id)
    assert [row.draft.id for row in found.rows] == ["question-0"]
    assert found.unread == 2


def test_what_changed_since_the_reading_is_marked_and_left_out_of_the_agreement(
    session: Session, mona: Player, igor: Player, asked: Reading, made: DeskSet
) -> None:
    say_all(session, igor, asked, made, *TRUTHS)
    readings.finish(session, igor, asked.id, False, LATER)
    question = first(session, made)
    assert comparisons.read_alike(session, mona, question.id) == (1, 1)

    rewrite(session, question, a_draft(0, "the-bridge", claim={"en": "Another."}))

    found = comparisons.comparison(session, mona, asked.id)
    assert [row.draft.id for row in found.rows if row.is_stale] == ["question-0"]
    assert found.agreement
    assert found.agreement.observed.total == 2
    assert comparisons.read_alike(session, mona, question.id) == (0, 0)


def test_an_author_without_a_verdict_yet_neither_agrees_nor_disagrees(
    session: Session, mona: Player, igor: Player, asked: Reading, made: DeskSet
) -> None:
    for row in questions_in(session, made):
        rewrite(session, row, replace(draft(row), verdict=None, rule=None))
    say_all(session, igor, asked, made, *TRUTHS)
    readings.finish(session, igor, asked.id, False, LATER)

    assert comparisons.comparison(session, mona, asked.id).agreement is None
    assert session.scalars(select(Thread)).all() == []


def test_a_finished_reading_is_neither_withdrawn_nor_declined(
    session: Session, mona: Player, igor: Player, asked: Reading
) -> None:
    readings.finish(session, igor, asked.id, True, LATER)
    with pytest.raises(Conflict):
        readings.withdraw(session, mona, asked.id)
    with pytest.raises(Conflict):
        readings.decline(session, igor, asked.id)


# Shared meanwhile


def test_a_reader_who_is_given_the_set_answers_no_more_and_finishes_with_what_is_there(
    session: Session, mona: Player, igor: Player, asked: Reading, made: DeskSet
) -> None:
    name = names(session, asked, made)[1]
    say(session, igor, asked, name, Verdict.TRUE)
    sharing.share(session, mona, made.id, "Igor", Right.READ)

    assert shown(session, igor, asked).is_blind is False
    with pytest.raises(Conflict):
        say(session, igor, asked, name, Verdict.FALSE)
    readings.finish(session, igor, asked.id, False, LATER)
    assert len(comparisons.comparison(session, mona, asked.id).rows) == 1


def test_the_end_of_such_a_reading_outlives_the_share(
    session: Session, mona: Player, igor: Player, asked: Reading, made: DeskSet
) -> None:
    readings.end_seen(session, mona, made.id, LATER)
    assert shown(session, igor, asked).is_blind

    sharing.share(session, mona, made.id, "Igor", Right.READ)
    readings.end_seen(session, mona, made.id, LATER)
    sharing.take_back(session, mona, made.id, igor.id)

    assert readings.blind_reading(session, igor, asked.id) is None
    with pytest.raises(BadInput):
        readings.ask_reader(session, mona, made.id, "Igor", LATER)


# Races


def test_answers_that_meet_the_finish_are_in_it_or_refused(
    session: Session,
    igor: Player,
    asked: Reading,
    made: DeskSet,
    at_once: Callable[..., list[Any]],
) -> None:
    found, reader_id, reading_id = shown(session, igor, asked), igor.id, asked.id
    session.rollback()

    def act(own: Session, n: int) -> str:
        reader = own.get_one(Player, reader_id)
        if n == 3:
            readings.finish(own, reader, reading_id, True, LATER)
            return "finished"
        claim = found.claims[n]
        try:
            readings.answer(
                own, reader, reading_id, claim.name, Verdict.FALSE, "", claim.digest, NOW
            )
        except Conflict:
            return "late"
        return "taken"

    outcomes = at_once(4, act)

    session.expire_all()
    stored = session.query(ReadingAnswer).count()
    assert outcomes.count("taken") == stored
    taken = {found.claims[n].name for n in range(3) if outcomes[n] == "taken"}
    order = names(session, asked, made)
    disagree = {name for name, truth in zip(order, TRUTHS, strict=True) if truth != "false"}
    assert session.query(Thread).count() == len(taken & disagree)


def test_a_reading_finished_twice_at_once_opens_its_threads_once(
    session: Session,
    igor: Player,
    asked: Reading,
    made: DeskSet,
    at_once: Callable[..., list[Any]],
) -> None:
    say_all(session, igor, asked, made, Verdict.FALSE, Verdict.TRUE, Verdict.TRUE)
    reader_id, reading_id = igor.id, asked.id
    session.rollback()

    at_once(
        4,
        lambda own, n: readings.finish(
            own, own.get_one(Player, reader_id), reading_id, False, LATER
        ),
    )

    assert session.query(Thread).count() == 3


def test_one_reader_asked_twice_at_once_has_one_reading(
    session: Session, mona: Player, igor: Player, made: DeskSet, at_once: Callable[..., list[Any]]
) -> None:
    mona_id, set_id = mona.id, made.id
    session.rollback()

    def act(own: Session, n: int) -> str:
        try:
            readings.ask_reader(own, own.get_one(Player, mona_id), set_id, "Igor", NOW)
        except BadInput as refused:
            return refused.message
        return "asked"

    twice = "This trainer has been asked already."
    assert sorted(at_once(3, act)) == [twice, twice, "asked"]
