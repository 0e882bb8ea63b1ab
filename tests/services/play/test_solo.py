"""A question in a solo round: shown, answered once, worth what the stored rows say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz.domain.answer import Look, LookAnswer, Mode, Receipt, Stage, Status, Submission
from quiz.domain.errors import BadInput, Conflict, NotFound
from quiz.domain.verdict import Stance, Verdict
from quiz.models import Player, Response, Round
from quiz.services.accounts import players
from quiz.services.library.catalogue import catalogue_of
from quiz.services.library.outcome import outcome_of
from quiz.services.play import solo
from quiz.services.play.rounds import current_position
from quiz.services.play.solo import Item
from quiz.services.play.summary import summary_of
from quiz.storage.db import write_together
from tests.factories import (
    NOW,
    VERDICTS,
    caller_of,
    create_answers,
    create_round,
    given,
    items_of,
    revisions,
    wrong,
)

TABLE = {
    # (verdict right, level): points, as MEASURES.md prints them
    (True, 0): 0,
    (True, 1): 44,
    (True, 2): 80,
    (True, 3): 98,
    (False, 0): 0,
    (False, 1): -31,
    (False, 2): -85,
    (False, 3): -157,
}


def item(session: Session, player: Player, played: Round, position: int = 1) -> Item:
    """The question as the player stands to it."""
    return solo.item_state(session, caller_of(player), played.id, position)


def shown(session: Session, player: Player, played: Round, position: int = 1) -> Item:
    """The question, shown."""
    solo.show(session, item(session, player, played, position), NOW)
    return item(session, player, played, position)


def answer(
    session: Session, player: Player, asked: Item, what: LookAnswer, **other: Any
) -> Receipt[Item]:
    """Answer the look that was awaited, unless `look` says another, with `key`.

    The answer's pointer is the id of a sentence, as the form sends it.
    """
    look = other.get("look") or asked.awaited or Look.FINAL
    key = other.get("key", f"key {asked.position} {look}")
    submit = Submission(look, what.verdict, what.confidence, what.pointer or "", key)
    return solo.answer(session, caller_of(player), asked.round_id, asked.position, submit, NOW)


def stored(session: Session) -> list[Response]:
    """All responses, as the database has them now."""
    session.rollback()  # SQLite reads on from what it saw first, until the transaction ends
    return list(session.scalars(select(Response).order_by(Response.id)))


# Stages


@pytest.mark.parametrize(
    ("mode", "answers", "stage", "awaited"),
    [
        (Mode.QUICK, 0, Stage.ASK, Look.FINAL),
        (Mode.QUICK, 1, Stage.REVEAL, None),
        (Mode.INVESTIGATION, 0, Stage.FIRST_LOOK, Look.FIRST),
        (Mode.INVESTIGATION, 1, Stage.SECOND_LOOK, Look.FINAL),
        (Mode.INVESTIGATION, 2, Stage.REVEAL, None),
    ],
)
def test_the_stage_follows_from_what_is_stored(
    session: Session, pupil: Player, mode: Mode, answers: int, stage: Stage, awaited: Look | None
) -> None:
    played = create_round(session, pupil, mode=mode)

    for _ in range(answers):
        answer(session, pupil, shown(session, pupil, played), given(pointer="none"))

    found = item(session, pupil, played)
    assert (found.stage, found.awaited) == (stage, awaited)


def test_the_answer_given_back_has_reached_the_next_stage(session: Session, pupil: Player) -> None:
    played = create_round(session, pupil, mode=Mode.INVESTIGATION)

    first = answer(session, pupil, shown(session, pupil, played), given(Verdict.FALSE))
    final = answer(session, pupil, first.after, given(pointer="none"))

    assert (first.after.stage, final.after.stage) == (Stage.SECOND_LOOK, Stage.REVEAL)
    assert final.after == item(session, pupil, played)


# Showing


def test_the_first_showing_is_stamped_and_later_ones_are_not(
    session: Session, pupil: Player
) -> None:
    played = create_round(session, pupil)
    fresh = item(session, pupil, played)

    solo.show(session, fresh, NOW)
    solo.show(session, fresh, NOW + timedelta(minutes=5))  # a second tab with the older state

    assert item(session, pupil, played).shown_at == NOW


def test_opening_the_file_is_noted_once_and_goes_into_the_answer(
    session: Session, pupil: Player
) -> None:
    played = create_round(session, pupil)
    solo.open_file(session, shown(session, pupil, played), NOW)
    solo.open_file(session, shown(session, pupil, played), NOW + timedelta(minutes=1))

    answer(session, pupil, item(session, pupil, played), given())

    session.expire_all()
    assert items_of(session, played)[0].opened_at == NOW
    assert stored(session)[0].has_opened_file is True


def test_an_answer_without_opening_the_file_says_so(session: Session, pupil: Player) -> None:
    played = create_round(session, pupil)
    asked = shown(session, pupil, played)

    answer(session, pupil, asked, given())
    solo.open_file(session, item(session, pupil, played), NOW)  # only now, at the reveal

    assert stored(session)[0].has_opened_file is False
    assert items_of(session, played)[0].opened_at is None


# Once


def test_a_question_never_shown_cannot_be_answered(session: Session, pupil: Player) -> None:
    played = create_round(session, pupil)

    with pytest.raises(BadInput, match="Open the question before answering it"):
        answer(session, pupil, item(session, pupil, played), given())
    assert stored(session) == []


def test_the_same_submit_again_is_quietly_fine(session: Session, pupil: Player) -> None:
    asked = shown(session, pupil, create_round(session, pupil))

    answers = [answer(session, pupil, asked, given(), key="one key") for _ in range(3)]

    assert [done.status for done in answers] == [Status.STORED, *[Status.REPEATED] * 2]
    assert len(stored(session)) == 1


def test_a_second_answer_does_not_count_and_is_told_so(session: Session, pupil: Player) -> None:
    asked = shown(session, pupil, create_round(session, pupil))
    answer(session, pupil, asked, given(Verdict.TRUE), key="this tab")

    late = answer(session, pupil, asked, given(Verdict.FALSE), key="that tab")

    assert late.status is Status.ALREADY
    assert late.after.final == given(Verdict.TRUE)
    assert [row.verdict for row in stored(session)] == [Verdict.TRUE]


@pytest.mark.parametrize(
    "other",
    [given(Verdict.FALSE), given(level=3), given(pointer="harbour:0")],
    ids=["verdict", "confidence", "pointer"],
)
def test_the_same_key_with_another_body_is_a_conflict(
    session: Session, pupil: Player, other: LookAnswer
) -> None:
    played = create_round(session, pupil, mode=Mode.INVESTIGATION)
    second = answer(session, pupil, shown(session, pupil, played), given()).after
    answer(session, pupil, second, given(pointer="none"), key="one key")

    if other.pointer is None:
        other = LookAnswer(other.verdict, other.confidence, "none")
    with pytest.raises(Conflict):
        answer(session, pupil, second, other, key="one key")
    assert stored(session)[-1].pointer == "none"


def test_the_same_key_at_another_question_is_a_conflict(session: Session, pupil: Player) -> None:
    played = create_round(session, pupil)
    answer(session, pupil, shown(session, pupil, played, 1), given(), key="one key")

    with pytest.raises(Conflict):
        answer(session, pupil, shown(session, pupil, played, 2), given(), key="one key")
    assert len(stored(session)) == 1


def test_a_final_answer_under_the_first_looks_key_is_not_taken_for_stored(
    session: Session, pupil: Player
) -> None:
    played = create_round(session, pupil, mode=Mode.INVESTIGATION)
    second = answer(session, pupil, shown(session, pupil, played), given(), key="one key").after

    with pytest.raises(Conflict):
        answer(session, pupil, second, given(pointer="none"), key="one key")
    assert [row.look for row in stored(session)] == [Look.FIRST]


def test_the_first_looks_form_tapped_twice_never_becomes_a_final_answer(
    session: Session, pupil: Player
) -> None:
    played = create_round(session, pupil, mode=Mode.INVESTIGATION)
    asked = shown(session, pupil, played)
    answer(session, pupil, asked, given(), look=Look.FIRST, key="first tap")

    for key in ("first tap", "second tap"):
        for seen in (asked, item(session, pupil, played)):  # before and after the first tap
            answer(session, pupil, seen, given(), look=Look.FIRST, key=key)

    assert [row.look for row in stored(session)] == [Look.FIRST]
    assert item(session, pupil, played).stage is Stage.SECOND_LOOK


def test_the_second_looks_form_sent_too_early_stores_nothing(
    session: Session, pupil: Player
) -> None:
    played = create_round(session, pupil, mode=Mode.INVESTIGATION)

    answer(session, pupil, shown(session, pupil, played), given(pointer="none"), look=Look.FINAL)

    assert stored(session) == []


def test_of_two_hundred_submits_at_once_exactly_one_counts(
    session: Session, pupil: Player, at_once: Callable[..., list[Any]]
) -> None:
    asked = shown(session, pupil, create_round(session, pupil))
    verdicts = list(Verdict)

    def submit(session: Session, n: int) -> tuple[bool, Verdict]:
        done = answer(session, pupil, asked, given(verdicts[n % 3]), key=f"key {n}")
        assert done.after.final is not None
        return done.counts, done.after.final.verdict

    outcomes = at_once(200, submit)

    (row,) = stored(session)
    assert [counts for counts, _ in outcomes].count(True) == 1
    assert {verdict for _, verdict in outcomes} == {row.verdict}  # all see the one that counts


def test_a_hundred_copies_of_one_submit_are_one_answer_and_all_are_acknowledged(
    session: Session, pupil: Player, at_once: Callable[..., list[Any]]
) -> None:
    asked = shown(session, pupil, create_round(session, pupil))

    done = at_once(100, lambda session, _: answer(session, pupil, asked, given(), key="one key"))

    assert len(stored(session)) == 1
    assert all(receipt.counts for receipt in done)


# The end of a round


@pytest.mark.parametrize("mode", Mode)
def test_the_last_answer_finishes_the_round_with_the_sum_of_its_points(
    session: Session, pupil: Player, mode: Mode
) -> None:
    keys = ["harbour/h-box", "harbour/h-fir", "harbour/h-rue", "harbour/h-may"]
    played = create_round(session, pupil, mode=mode, keys=keys)
    silent_or_right = [Verdict.UNVERIFIED, Verdict.TRUE, Verdict.TRUE, Verdict.FALSE]

    for position, verdict in enumerate(silent_or_right, start=1):
        assert session.get_one(Round, played.id, populate_existing=True).finished_at is None
        asked = shown(session, pupil, played, position)
        while asked.awaited:
            pointer = "none" if asked.awaited is Look.FINAL and mode is not Mode.QUICK else None
            what = given(verdict, position - 1, pointer)
            asked = answer(session, pupil, asked, what).after

    session.expire_all()
    finished = session.get_one(Round, played.id)
    bonus = 20 if mode is Mode.INVESTIGATION else 0  # "none" is right for the silent one only
    recount = sum(
        TABLE[row.verdict is VERDICTS[keys[n]], row.confidence]
        for n, row in enumerate(r for r in stored(session) if r.look is Look.FINAL)
    )
    assert finished.points == recount + bonus == 0 + 44 - 85 - 157 + bonus
    assert finished.finished_at == NOW
    assert current_position(session, caller_of(pupil), played.id) is None


def test_a_late_second_submit_does_not_change_the_total(session: Session, pupil: Player) -> None:
    played = create_round(session, pupil, keys=["harbour/h-fir"])
    asked = shown(session, pupil, played)
    answer(session, pupil, asked, given(Verdict.TRUE, 3), key="in time")

    answer(session, pupil, asked, given(Verdict.FALSE, 3), key="too late")

    session.expire_all()
    assert session.get_one(Round, played.id).points == 98


def test_the_summary_waits_for_the_end(session: Session, pupil: Player) -> None:
    played = create_round(session, pupil, keys=["harbour/h-fir"])
    assert summary_of(session, caller_of(pupil), played.id) is None

    answer(session, pupil, shown(session, pupil, played), given())
    session.expire_all()

    assert summary_of(session, caller_of(pupil), played.id) is not None


# Pointing


@pytest.mark.parametrize(
    ("key", "pointer", "right"),
    [
        ("harbour/h-fir", "quote", True),
        ("harbour/h-fir", "elsewhere", False),
        ("harbour/h-fir", "none", False),
        ("harbour/h-fir", None, None),
        ("harbour/h-box", "none", True),
        ("harbour/h-box", "quote", False),  # the nearest passage does not settle it
    ],
)
def test_what_a_pointer_is_worth(
    session: Session, key: str, pointer: str | None, right: bool | None
) -> None:
    revision = revisions(session)[key]
    (anchor,) = revision.anchors
    places = {
        "quote": f"harbour:{anchor.span.start + 3}-{anchor.span.end - 3}",
        "elsewhere": f"harbour:{anchor.span.end + 1}-{anchor.span.end + 9}",
    }
    sentence = places.get(pointer or "", pointer)

    for verdict in Verdict:
        outcome = outcome_of(revision, None, given(verdict, 2, sentence))
        assert outcome.pointed_right is right
        assert outcome.bonus == (20 if right and verdict is VERDICTS[key] else 0)


def test_silent_questions_quote_the_nearest_passage_only(session: Session) -> None:
    silent = {k: r for k, r in revisions(session).items() if r.question.is_silent}

    assert {key.split("-")[1] for key in silent} == {"box", "yew"}
    assert all(a.evidence.stance is Stance.NEAREST for r in silent.values() for a in r.anchors)


def test_a_first_look_pays_nothing_and_is_valued_beside(session: Session) -> None:
    revision = revisions(session)["harbour/h-fir"]

    outcome = outcome_of(revision, given(Verdict.FALSE, 3), given(Verdict.TRUE, 1, "none"))

    assert (outcome.first_right, outcome.first_points, outcome.total) == (False, -157, 44)


# Whose it is


def test_somebody_elses_question_is_not_found(
    session: Session, pupil: Player, outsider: Player
) -> None:
    played = create_round(session, pupil)

    with pytest.raises(NotFound):
        item(session, outsider, played)
    with pytest.raises(NotFound):
        summary_of(session, caller_of(outsider), played.id)


def test_a_place_that_no_round_has_is_not_found(session: Session, pupil: Player) -> None:
    played = create_round(session, pupil)

    for position in (0, 4, -1, 2**31, 2**63, 10**30):
        with pytest.raises(NotFound):
            item(session, pupil, played, position)


def test_signing_out_everywhere_makes_a_cookie_worthless_for_answers_too(
    session: Session, pupil: Player
) -> None:
    played = create_round(session, pupil)
    create_answers(session, played, [wrong(Verdict.TRUE)])
    stolen = caller_of(pupil)

    players.sign_out_everywhere(session, pupil)

    with pytest.raises(NotFound):
        solo.item_state(session, stolen, played.id, 1)
    with pytest.raises(NotFound):
        current_position(session, stolen, played.id)
    with pytest.raises(NotFound):
        summary_of(session, stolen, played.id)
    assert players.player_by_session(session, stolen.player_id, stolen.token) is None


def test_only_final_answers_to_the_pupils_own_items_count_for_the_round(
    session: Session, pupil: Player, outsider: Player
) -> None:
    mine = create_round(session, pupil, keys=["harbour/h-fir"])
    theirs = create_round(session, outsider, keys=["harbour/h-fir"])
    answer(session, outsider, shown(session, outsider, theirs), given(level=3))

    session.expire_all()
    assert session.get_one(Round, theirs.id).points == 98
    assert session.get_one(Round, mine.id).points is None
    assert session.scalar(select(func.count(Response.id))) == 1


def test_an_answer_reads_the_same_catalogue_as_a_page(session: Session) -> None:
    """Sentences are numbered in the catalogue's files: two of them could number differently."""
    other = write_together(session, lambda connection: catalogue_of(Session(connection)))

    assert other is catalogue_of(session)
