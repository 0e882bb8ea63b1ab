"""Live rooms for the tests: opened, joined, moved on and answered in one line each.

Whatever is not said is the plainest: three questions of the harbour, one look, no timer.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from quiz.domain.answer import Look, Receipt, Submission
from quiz.domain.room import Move, Phase
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.models import Player, Room, RoomQuestion, RoomResponse
from quiz.services.library.catalogue import Revision, catalogue_of
from quiz.services.live import rooms, seat_state, seats
from quiz.services.live.rooms import RoomPlan
from quiz.services.live.seat_state import SeatState
from quiz.services.play.answers import Caller
from tests.factories import NOW, caller_of, create_player, revisions, rng

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody in a room."""

    id: int
    room_id: str
    name: str
    player: Player

    @property
    def caller(self) -> Caller:
        """The player as the session cookie names one."""
        return caller_of(self.player)


def open_room(
    session: Session,
    host: Player,
    *,
    keys: Sequence[str] = (),
    now: datetime = NOW,
    seed: int = 1,
    start_key: str = "",
    **plan: Any,
) -> str:
    """Open a lobby; gives the room's id. `plan` overrides fields of Plan.

    `keys`: the "set/question" of each question in their order, instead of drawn ones.
    """
    chosen = RoomPlan(**{"sets": ("harbour",), "size": len(keys) or 3, **plan})
    key = start_key or secrets.token_urlsafe(16)
    room_id = rooms.open_room(session, host.id, chosen, key, now, rng(seed))
    known = revisions(session)
    for position, question in enumerate(keys, start=1):
        session.execute(
            update(RoomQuestion)
            .where(RoomQuestion.room_id == room_id, RoomQuestion.position == position)
            .values(revision_id=known[question].id)
        )
    session.commit()
    return room_id


def join(
    session: Session,
    room_id: str,
    name: str = "Ann",
    *,
    player: Player | None = None,
    now: datetime = NOW,
) -> Seated:
    """Take a seat under a name: for a new guest, or for the player given."""
    player = player or create_player(session, pseudonym=name)
    seat = seats.take_seat(session, session.get_one(Room, room_id), player.id, name, now)
    return Seated(seat.id, room_id, seat.name, player)


def go(
    session: Session, host: Player, room_id: str, move: Move = Move.NEXT, now: datetime = NOW
) -> str:
    """Press a button on the projector as it stands at that moment; gives the stage after it."""
    seen = rooms.hosted(session, host.id, room_id, now).state.stage
    assert rooms.move(session, host.id, room_id, move, seen, now)
    return rooms.hosted(session, host.id, room_id, now).state.stage


def go_to(session: Session, host: Player, room_id: str, phase: Phase, now: datetime = NOW) -> str:
    """Press "next" until the room is in a phase: at least once; gives the stage then."""
    while not (stage := go(session, host, room_id, now=now)).startswith(phase):
        pass
    return stage


def ask(session: Session, host: Player, room_id: str, now: datetime = NOW) -> str:
    """Open the next question."""
    return go_to(session, host, room_id, Phase.QUESTION, now)


def reveal(session: Session, host: Player, room_id: str, now: datetime = NOW) -> str:
    """Close the question and tell its verdict."""
    return go_to(session, host, room_id, Phase.REVEAL, now)


def sat(session: Session, host: Player, player: Player, *keys: str, **plan: Any) -> Seated:
    """A player in a new room at its first question; of these "set/question" ones when given."""
    seated = join(session, open_room(session, host, keys=keys, **plan), player=player)
    ask(session, host, seated.room_id)
    return seated


def seat_state_of(session: Session, seated: Seated, now: datetime = NOW) -> SeatState:
    """The room as somebody in it finds it."""
    session.rollback()  # SQLite reads on from what it saw first, until the transaction ends
    return seat_state.seat_state(session, seated.caller, seated.room_id, now)


def answer(
    session: Session,
    seated: Seated,
    verdict: Verdict = Verdict.TRUE,
    level: int = 2,
    *,
    now: datetime = NOW,
    **form: Any,
) -> Receipt[SeatState]:
    """Answer the look that is awaited now.

    `form` overrides what the form sends: `position`, `look`, `key`, `pointer` (a sentence's id).
    """
    seat = seat_state_of(session, seated, now)
    submit = Submission(
        look=form.get("look") or seat.awaited or Look.FINAL,
        verdict=verdict,
        confidence=Confidence(level),
        sentence=form.get("pointer", "none"),
        key=form.get("key") or secrets.token_urlsafe(16),
    )
    position = form.get("position", seat.state.position)
    return seats.answer(session, seated.caller, seated.room_id, position, submit, now)


def stored(session: Session, *seated: Seated) -> list[RoomResponse]:
    """All responses in rooms as the database has them now; of these seats when asked."""
    session.rollback()
    session.expire_all()
    query = select(RoomResponse).order_by(RoomResponse.id)
    if seated:
        query = query.where(RoomResponse.seat_id.in_([s.id for s in seated]))
    return list(session.scalars(query))


def room_row(session: Session, room_id: str) -> Room:
    """The room as the database has it now."""
    session.rollback()
    return session.get_one(Room, room_id, populate_existing=True)


def asked(session: Session, room_id: str, position: int) -> RoomQuestion:
    """A question's row as the database has it now."""
    session.rollback()
    return session.get_one(RoomQuestion, (room_id, position), populate_existing=True)


def revision_at(session: Session, room_id: str, position: int) -> Revision:
    """The question at a place of a room."""
    row = asked(session, room_id, position)
    return catalogue_of(session).revision(session, row.revision_id)


def truth_at(session: Session, room_id: str, position: int) -> Verdict:
    """The verdict of the question at a place of a room."""
    return revision_at(session, room_id, position).question.verdict
