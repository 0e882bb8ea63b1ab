"""A player who moves on or goes: the seat comes along, or goes with all that was answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz.domain.answer import Status
from quiz.domain.errors import NotFound
from quiz.domain.verdict import Verdict
from quiz.models import Player, Room, RoomResponse, Seat
from quiz.services.accounts import players
from quiz.services.library.history import history
from quiz.services.live import rooms
from tests.factories import create_learner, everything, rng
from tests.rooms import Seated, answer, join, reveal, sat, seat_state_of, stored

TRUE, FALSE = Verdict.TRUE, Verdict.FALSE
FIR = "harbour/h-fir"


def test_a_guests_seat_comes_along_with_its_answers(
    session: Session, mona: Player, pupil: Player
) -> None:
    ann = sat(session, mona, pupil, FIR)
    answer(session, ann)
    learner = create_learner(session, "Learner")

    players.bring_along(session, pupil, learner)

    as_learner = Seated(ann.id, ann.room_id, ann.name, learner)
    assert seat_state_of(session, as_learner).name == "Ann"
    assert seat_state_of(session, as_learner).final is not None
    reveal(session, mona, ann.room_id)
    assert [a.key for a in history(session, learner.id)] == [FIR]


def test_where_both_sit_the_learners_seat_stays_and_the_guests_goes(
    session: Session, mona: Player, pupil: Player
) -> None:
    ann = sat(session, mona, pupil, FIR)
    learner = create_learner(session, "Learner")
    kept = join(session, ann.room_id, "Kept", player=learner)
    elsewhere = sat(session, mona, pupil, FIR)
    for who, verdict in ((ann, FALSE), (kept, TRUE), (elsewhere, TRUE)):
        answer(session, who, verdict)

    players.bring_along(session, pupil, learner)

    session.expunge_all()
    seats = {seat.id: seat.player_id for seat in session.scalars(select(Seat))}
    assert seats == {kept.id: learner.id, elsewhere.id: learner.id}
    assert [row.seat_id for row in stored(session)] == [kept.id, elsewhere.id]


def test_an_answer_that_is_being_stored_comes_along_too(
    session: Session, mona: Player, pupil: Player, at_once: Callable[..., list[Any]]
) -> None:
    ann = sat(session, mona, pupil, FIR)
    learner = create_learner(session, "Learner")
    guest_id, learner_id = pupil.id, learner.id

    def act(session: Session, n: int) -> bool:
        if n == 0:
            guest, owner = (session.get_one(Player, i) for i in (guest_id, learner_id))
            players.bring_along(session, guest, owner)
            return False
        try:
            return answer(session, ann, key="one form").status is not Status.CLOSED
        except NotFound:  # the guest is gone: nothing was acknowledged
            return False

    acknowledged = any(at_once(6, act))

    assert len(stored(session)) == acknowledged
    assert session.scalars(select(Seat.player_id)).all() == [learner_id]


def test_erasing_a_player_takes_seats_and_answers_and_leaves_the_others(
    session: Session, mona: Player, outsider: Player
) -> None:
    learner = create_learner(session, "Forget Me")
    ann = sat(session, mona, learner, FIR)
    rooms.rename_seat(session, mona.id, ann.room_id, ann.id, "en", rng())
    name = seat_state_of(session, ann).name
    bob = sat(session, mona, outsider, FIR)
    for who in (ann, bob):
        answer(session, who, key=f"telltale {who.id}")
    traces = [name, f"telltale {ann.id}", learner.session_token]
    assert all(trace in everything(session) for trace in traces)

    players.erase(session, learner)

    left = everything(session)
    assert [trace for trace in traces if trace in left] == []
    assert [row.seat_id for row in stored(session)] == [bob.id]
    assert session.scalar(select(func.count()).select_from(Room)) == 2


def test_erasing_a_trainer_takes_their_rooms(
    session: Session, mona: Player, igor: Player, pupil: Player
) -> None:
    for host in (mona, igor):
        answer(session, sat(session, host, pupil, FIR))

    players.erase(session, mona)

    assert session.scalars(select(Room.host_id)).all() == [igor.id]
    assert session.scalar(select(func.count()).select_from(RoomResponse)) == 1
