"""Where a player stands in a live room: what a seat is shown follows from this and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select
from sqlalchemy.orm import Session

from ...domain.answer import Look, Looks, Stage, Task
from ...domain.errors import NotFound
from ...domain.room import Rules, State, asked_look, settle
from ...domain.scoring import Scoring
from ...models import Player, Room, RoomQuestion, RoomResponse, Seat
from ..play.answers import AnswerTable, Caller, looks_in


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatState(Looks):
    """A player's seat in a room at a moment.

    `revision_id` is the question's, None in the first lobby. `is_late` when the seat was taken
    after this question opened: it is left out of this one, and of no other.
    """

    room_id: str
    rules: Rules
    scoring: Scoring
    state: State
    seat_id: int
    name: str
    is_removed: bool
    revision_id: int | None
    is_late: bool

    @property
    def task(self) -> Task:
        """What the room asks for at a question."""
        return self.rules.mode.task

    @property
    def awaited(self) -> Look | None:
        """The look that an answer would be stored for now, None when none would."""
        if not self.state.takes_answers or self.is_late or self.is_removed:
            return None
        look = asked_look(self.rules, self.state)
        return look if self.answer_to(look) is None else None

    @property
    def stage(self) -> Stage | None:
        """What there is to answer now, None when there is nothing."""
        awaited = self.awaited
        return None if awaited is None else self.task.stage(awaited)


ANSWERS = AnswerTable(
    RoomResponse,
    owner=RoomResponse.seat_id,
    question=RoomResponse.position,
    revision=select(RoomQuestion.revision_id)
    .where(
        RoomQuestion.room_id == RoomResponse.room_id,
        RoomQuestion.position == RoomResponse.position,
    )
    .scalar_subquery(),
)
_SEAT: Select[*tuple[Any, ...]] = ANSWERS.with_looks(
    select(
        Room.id.label("room_id"),
        Room.size,
        Room.mode,
        Room.timer,
        Room.leaderboard,
        Room.scoring,
        Room.phase,
        Room.position,
        Room.since,
        Room.deadline,
        Room.paused_at,
        Seat.id.label("seat_id"),
        Seat.name,
        Seat.joined_at,
        Seat.removed_at,
        RoomQuestion.revision_id,
        RoomQuestion.opened_at,
    )
    .select_from(Seat)
    .join(Room, Room.id == Seat.room_id)
    .join(Player, Player.id == Seat.player_id)
    .outerjoin(
        RoomQuestion,
        and_(RoomQuestion.room_id == Room.id, RoomQuestion.position == Room.position),
    )
    .where(
        Room.id == bindparam("room"),
        Player.id == bindparam("player"),
        Player.session_token == bindparam("token"),
    ),
    lambda answer: and_(answer.seat_id == Seat.id, answer.position == Room.position),
)
# An answer holds the room as it is until it is stored: a close waits for it, or comes before it.
SEAT_HELD = _SEAT.with_for_update(read=True, of=Room)


def seat_state(session: Session, caller: Caller, room_id: str, now: datetime) -> SeatState:
    """The caller's seat in the room; one query. Raises NotFound for somebody without one."""
    return read_seat(session.connection(), _SEAT, caller, room_id, now)


def read_seat(
    connection: Connection,
    query: Select[*tuple[Any, ...]],
    caller: Caller,
    room_id: str,
    now: datetime,
) -> SeatState:
    """The seat by one of the two queries. Raises NotFound."""
    who = {"room": room_id, "player": caller.player_id, "token": caller.token}
    row = connection.execute(query, who).one_or_none()
    if row is None:
        raise NotFound(room_id)
    rules = Rules(row.size, row.mode, row.timer, row.leaderboard)
    stored = State(row.phase, row.position, row.since, row.deadline, row.paused_at)
    return SeatState(
        room_id=row.room_id,
        rules=rules,
        scoring=row.scoring,
        state=settle(rules, stored, now),
        seat_id=row.seat_id,
        name=row.name,
        is_removed=row.removed_at is not None,
        revision_id=row.revision_id,
        is_late=row.opened_at is not None and row.joined_at > row.opened_at,
        **looks_in(row),
    )
