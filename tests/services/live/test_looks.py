"""Answering in a live room: once a look, while it is open, whatever is sent and how often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from quiz.domain.answer import Look, Receipt, Stage, Submission
from quiz.domain.errors import BadInput, Conflict, NotFound
from quiz.domain.room import Move, Phase, RoomMode
from quiz.domain.verdict import Verdict
from quiz.models import Player
from quiz.services.live import seats
from quiz.services.live.seat_state import SeatState
from quiz.services.play.answers import Caller
from tests.factories import NOW, given
from tests.rooms import (
    Seated,
    answer,
    ask,
    go,
    go_to,
    join,
    open_room,
    seat_state_of,
    stored,
)

TRUE, FALSE = Verdict.TRUE, Verdict.FALSE


def at(seconds: float) -> Any:
    return NOW + timedelta(seconds=seconds)


def outcome(taken: Receipt[SeatState]) -> str:
    """What the player is told."""
    return "taken" if taken.counts else taken.status.value


@pytest.fixture
def quick(session: Session, mona: Player) -> Seated:
    """Ann, at the first question of a room with one look and thirty seconds."""
    ann = join(session, open_room(session, mona, timer=30), "Ann")
    ask(session, mona, ann.room_id)
    return ann


@pytest.fixture
def twice(session: Session, mona: Player) -> Seated:
    """Ann, at the first question of a room with two looks of thirty seconds."""
    ann = join(session, open_room(session, mona, timer=30, mode=RoomMode.TWO_LOOKS), "Ann")
    ask(session, mona, ann.room_id)
    return ann


@pytest.fixture
def evidence(session: Session, mona: Player) -> Seated:
    """Ann, at the second look of a question that asks for the sentence."""
    keys = ["harbour/h-fir", "harbour/h-box"]
    ann = join(session, open_room(session, mona, keys=keys, mode=RoomMode.EVIDENCE), "Ann")
    go_to(session, mona, ann.room_id, Phase.SECOND_LOOK)
    return ann


# What there is to do


@pytest.mark.parametrize(
    ("mode", "phase", "stage"),
    [
        (RoomMode.QUICK, Phase.QUESTION, Stage.ASK),
        (RoomMode.QUICK, Phase.CLOSED, None),
        (RoomMode.QUICK, Phase.REVEAL, None),
        (RoomMode.TWO_LOOKS, Phase.QUESTION, Stage.FIRST_LOOK),
        (RoomMode.TWO_LOOKS, Phase.SECOND_LOOK, Stage.SECOND_LOOK),
        (RoomMode.TWO_LOOKS, Phase.CLOSED, None),
        (RoomMode.EVIDENCE, Phase.QUESTION, Stage.FIRST_LOOK),
        (RoomMode.EVIDENCE, Phase.SECOND_LOOK, Stage.SECOND_LOOK),
        (RoomMode.EVIDENCE, Phase.DEBRIEF, None),
    ],
)
def test_what_a_player_is_asked_follows_from_mode_and_phase(
    session: Session, mona: Player, mode: RoomMode, phase: Phase, stage: Stage | None
) -> None:
    ann = join(session, open_room(session, mona, mode=mode), "Ann")
    go_to(session, mona, ann.room_id, phase)

    assert seat_state_of(session, ann).stage is stage


def test_an_answered_look_asks_for_nothing_until_the_next(
    session: Session, mona: Player, twice: Seated
) -> None:
    taken = answer(session, twice, FALSE, 1, pointer="harbour:3")

    assert taken.after == seat_state_of(session, twice)
    assert (taken.after.first, taken.after.final) == (given(FALSE, 1), None)
    assert taken.after.stage is None
    go(session, mona, twice.room_id)
    assert seat_state_of(session, twice).stage is Stage.SECOND_LOOK
    taken = answer(session, twice, TRUE, 3, pointer="harbour:3")
    assert taken.after == seat_state_of(session, twice)
    assert (taken.after.first, taken.after.final) == (given(FALSE, 1), given(TRUE, 3))


def test_an_answer_is_stored_as_it_was_given(session: Session, quick: Seated) -> None:
    answer(session, quick, Verdict.UNVERIFIED, 3, now=at(12), key="a key")

    (row,) = stored(session)
    assert (row.seat_id, row.room_id, row.position) == (quick.id, quick.room_id, 1)
    assert (row.look, row.verdict, row.confidence) == (Look.FINAL, Verdict.UNVERIFIED, 3)
    assert (row.pointer, row.answered_at, row.key) == (None, at(12), "a key")


# Once


def test_a_second_answer_is_told_that_the_first_one_stands(session: Session, quick: Seated) -> None:
    answer(session, quick, TRUE, 3)

    again = answer(session, quick, FALSE, 1)

    assert outcome(again) == "already"
    assert again.after.final == given(TRUE, 3)
    assert [row.verdict for row in stored(session)] == [TRUE]


@pytest.mark.parametrize("later", [None, Move.PAUSE, Move.NEXT, Move.SKIP])
def test_the_same_form_again_is_quietly_fine_even_when_the_room_has_moved_on(
    session: Session, mona: Player, quick: Seated, later: Move | None
) -> None:
    answer(session, quick, key="one form")
    if later:
        go(session, mona, quick.room_id, later)

    again = answer(session, quick, position=1, key="one form")

    assert outcome(again) == "taken"
    assert len(stored(session)) == 1


@pytest.mark.parametrize("change", [{"verdict": FALSE}, {"level": 3}, {"look": Look.FIRST}])
@pytest.mark.parametrize("closed", [False, True])
def test_the_same_key_with_another_answer_is_a_conflict(
    session: Session, mona: Player, quick: Seated, change: dict[str, Any], closed: bool
) -> None:
    answer(session, quick, TRUE, 2, key="one form")
    if closed:
        go(session, mona, quick.room_id)

    with pytest.raises(Conflict):
        answer(session, quick, **{"verdict": TRUE, "level": 2, **change}, key="one form")
    assert [(row.verdict, row.confidence) for row in stored(session)] == [(TRUE, 2)]


def test_the_same_key_at_another_question_is_not_taken_for_stored(
    session: Session, mona: Player, quick: Seated
) -> None:
    answer(session, quick, key="one form")
    ask(session, mona, quick.room_id)

    with pytest.raises(Conflict):
        answer(session, quick, key="one form")
    assert [row.position for row in stored(session)] == [1]


def test_the_same_key_with_another_sentence_is_a_conflict(
    session: Session, mona: Player, evidence: Seated
) -> None:
    form = {"look": Look.FINAL, "position": 1, "key": "one form"}
    answer(session, evidence, pointer="harbour:3", **form)

    for moved_on in (False, True):
        if moved_on:
            ask(session, mona, evidence.room_id)
        with pytest.raises(Conflict):
            answer(session, evidence, pointer="none", **form)
        assert outcome(answer(session, evidence, pointer="harbour:3", **form)) == "taken"
    assert len(stored(session)) == 1


# In time


@pytest.mark.parametrize(
    ("second", "told"), [(0, "taken"), (29.9, "taken"), (30, "closed"), (3600, "closed")]
)
def test_an_answer_after_the_deadline_is_late_though_nobody_acted(
    session: Session, quick: Seated, second: float, told: str
) -> None:
    assert outcome(answer(session, quick, now=at(second))) == told
    assert len(stored(session)) == (told == "taken")


@pytest.mark.parametrize(
    ("second", "look", "told"),
    [
        (29.9, Look.FIRST, "taken"),
        (29.9, Look.FINAL, "closed"),
        (30, Look.FIRST, "closed"),
        (30, Look.FINAL, "taken"),
        (59.9, Look.FINAL, "taken"),
        (60, Look.FINAL, "closed"),
    ],
)
def test_the_first_deadline_takes_first_looks_no_more_and_second_ones_from_then_on(
    session: Session, twice: Seated, second: float, look: Look, told: str
) -> None:
    assert outcome(answer(session, twice, look=look, now=at(second))) == told
    assert [row.look for row in stored(session)] == ([look] if told == "taken" else [])


@pytest.mark.parametrize("move", [Move.NEXT, Move.PAUSE, Move.SKIP, Move.END])
def test_nothing_is_taken_after_the_host_closed_or_paused(
    session: Session, mona: Player, quick: Seated, move: Move
) -> None:
    go(session, mona, quick.room_id, move)

    assert outcome(answer(session, quick, position=1)) == "closed"
    assert stored(session) == []


@pytest.mark.parametrize("phase", Phase)
def test_only_open_looks_take_answers(session: Session, mona: Player, phase: Phase) -> None:
    ann = join(session, open_room(session, mona, mode=RoomMode.TWO_LOOKS, leaderboard="full"))
    if phase is not Phase.LOBBY:
        go_to(session, mona, ann.room_id, phase)

    is_open = phase in (Phase.QUESTION, Phase.SECOND_LOOK)
    assert outcome(answer(session, ann)) == ("taken" if is_open else "closed")
    assert len(stored(session)) == is_open


def test_after_a_pause_the_look_goes_on(session: Session, mona: Player, quick: Seated) -> None:
    go(session, mona, quick.room_id, Move.PAUSE, at(29))
    assert outcome(answer(session, quick, now=at(29.5))) == "closed"
    go(session, mona, quick.room_id, Move.RESUME, at(100))

    assert outcome(answer(session, quick, now=at(100.9))) == "taken"


def test_more_time_is_time_for_the_answer(session: Session, mona: Player, quick: Seated) -> None:
    go(session, mona, quick.room_id, Move.EXTEND, at(29))

    assert outcome(answer(session, quick, now=at(59.9))) == "taken"


@pytest.mark.parametrize("position", [0, 2, 3, 4, -1, 2**31, 2**63, 10**30])
def test_an_answer_to_another_place_is_not_taken(
    session: Session, quick: Seated, position: int
) -> None:
    assert outcome(answer(session, quick, position=position)) == "closed"
    assert stored(session) == []


# Which look


def test_the_first_looks_form_tapped_twice_never_becomes_a_final_answer(
    session: Session, mona: Player, twice: Seated
) -> None:
    answer(session, twice, FALSE, look=Look.FIRST, key="first tap")
    assert outcome(answer(session, twice, FALSE, look=Look.FIRST, key="other tap")) == "already"
    go(session, mona, twice.room_id)

    assert outcome(answer(session, twice, FALSE, look=Look.FIRST, key="first tap")) == "taken"
    assert outcome(answer(session, twice, FALSE, look=Look.FIRST, key="third tap")) == "already"

    assert [row.look for row in stored(session)] == [Look.FIRST]
    assert seat_state_of(session, twice).stage is Stage.SECOND_LOOK


def test_a_first_look_is_not_asked_for_where_there_is_one_look(
    session: Session, quick: Seated
) -> None:
    assert outcome(answer(session, quick, look=Look.FIRST)) == "closed"
    assert stored(session) == []


def test_the_second_look_does_not_need_the_first(
    session: Session, mona: Player, twice: Seated
) -> None:
    go(session, mona, twice.room_id)

    taken = answer(session, twice, TRUE)

    assert outcome(taken) == "taken"
    assert (taken.after.first, taken.after.final) == (None, given(TRUE))


# The sentence


@pytest.mark.parametrize("pointer", ["harbour:99999", "tower:1", "harbour:-1", "", "harbour", ":"])
def test_a_sentence_that_is_not_in_the_file_is_refused(
    session: Session, evidence: Seated, pointer: str
) -> None:
    with pytest.raises(BadInput) as refused:
        answer(session, evidence, pointer=pointer)
    assert refused.value.field == "pointer"
    assert stored(session) == []


def test_a_sentence_is_stored_as_its_place(session: Session, evidence: Seated) -> None:
    answer(session, evidence, pointer="harbour:3")

    (row,) = stored(session)
    assert (row.pointer or "").startswith("harbour:")
    assert "-" in (row.pointer or "")


def test_no_passage_is_a_pointer_too(session: Session, evidence: Seated) -> None:
    assert answer(session, evidence, pointer="none").after.final == given(pointer="none")


@pytest.mark.parametrize("mode", [RoomMode.QUICK, RoomMode.TWO_LOOKS])
def test_where_no_sentence_is_asked_for_none_is_stored(
    session: Session, mona: Player, mode: RoomMode
) -> None:
    ann = join(session, open_room(session, mona, mode=mode), "Ann")
    go_to(session, mona, ann.room_id, Phase.QUESTION)
    answer(session, ann, pointer="harbour:3")
    if mode is RoomMode.TWO_LOOKS:
        go(session, mona, ann.room_id)
        answer(session, ann, pointer="no such sentence")

    assert {row.pointer for row in stored(session)} == {None}


# Who


def test_who_comes_late_is_left_out_of_that_question_only(
    session: Session, mona: Player, twice: Seated
) -> None:
    in_time = join(session, twice.room_id, "Bob", now=NOW)
    late = join(session, twice.room_id, "Cyd", now=at(1))

    for _ in range(2):  # at both looks
        assert seat_state_of(session, late).is_late
        assert seat_state_of(session, late).stage is None
        assert outcome(answer(session, late, look=Look.FIRST)) == "closed"
        assert outcome(answer(session, late, look=Look.FINAL)) == "closed"
        assert outcome(answer(session, in_time)) == "taken"
        go(session, mona, twice.room_id)
    assert stored(session, late) == []
    ask(session, mona, twice.room_id, at(120))

    assert not seat_state_of(session, late, at(121)).is_late
    assert outcome(answer(session, late, now=at(121))) == "taken"


def test_two_rooms_at_once_stay_apart(session: Session, mona: Player, pupil: Player) -> None:
    one, other = (
        join(session, open_room(session, mona, seed=n), "Ann", player=pupil) for n in (1, 2)
    )
    for seated in (one, other):
        ask(session, mona, seated.room_id)

    answer(session, one, TRUE, key="one form")
    assert seat_state_of(session, other).final is None
    answer(session, other, FALSE, key="one form")  # a key is the seat's own

    assert [(r.room_id, r.verdict) for r in stored(session)] == [
        (one.room_id, TRUE),
        (other.room_id, FALSE),
    ]
    go(session, mona, one.room_id)
    assert seat_state_of(session, other).state.phase is Phase.QUESTION


def test_nobody_answers_without_a_seat(session: Session, quick: Seated, outsider: Player) -> None:
    submit = Submission(Look.FINAL, TRUE, given().confidence, "none", "a key")
    for caller in (Caller(outsider.id, outsider.session_token), Caller(quick.player.id, "other")):
        with pytest.raises(NotFound):
            seats.answer(session, caller, quick.room_id, 1, submit, NOW)
    assert stored(session) == []
