"""Where a player stands in a live room: what a seat is shown follows from this and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from ...domain.errors import NotFound
from ...domain.room import Phase, Rules, State, settle
from ...domain.scoring import Confidence, Scoring
from ...models import Look, Player, Room, RoomQuestion, RoomResponse, Seat
from ..library.outcome import Given
from ..play.solo import Caller, Stage


def asked_look(rules: Rules, state: State) -> Look:
    """Which look a room asks for in its phase, or asked for last."""
    first = state.phase is Phase.QUESTION and rules.has_two_looks
    return Look.FIRST if first else Look.FINAL


@dataclass(frozen=True, slots=True)
class Place:
    """A player's seat in a room at a moment.

    `revision_id` is the question's, None in the first lobby. `is_late` when the seat was taken
    after this question opened: it is left out of this one, and of no other.
    """

    room_id: str
    host_id: int
    classroom_id: int | None
    rules: Rules
    scoring: Scoring
    state: State
    seat_id: int
    name: str
    is_removed: bool
    revision_id: int | None
    is_late: bool
    is_skipped: bool
    first: Given | None
    final: Given | None

    @property
    def stage(self) -> Stage | None:
        """What there is to answer now, None when there is nothing."""
        awaited = self.awaited
        if awaited is None:
            return None
        if awaited is Look.FIRST:
            return Stage.FIRST_LOOK
        return Stage.SECOND_LOOK if self.rules.has_two_looks else Stage.ASK

    @property
    def awaited(self) -> Look | None:
        """The look that an answer would be taken for now, None when none would."""
        if not self.state.takes_answers or self.is_late or self.is_removed:
            return None
        look = asked_look(self.rules, self.state)
        given = self.first if look is Look.FIRST else self.final
        return look if given is None else None


_first = aliased(RoomResponse, name="first_look")
_final = aliased(RoomResponse, name="final_look")


def _of_look(response: Any, look: Look) -> Any:
    return and_(
        response.seat_id == Seat.id,
        response.position == Room.position,
        response.look == look,
    )


_PLACE: Select[*tuple[Any, ...]] = (
    select(
        Room.id.label("room_id"),
        Room.host_id,
        Room.classroom_id,
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
        RoomQuestion.is_skipped,
        _first.verdict.label("first_verdict"),
        _first.confidence.label("first_confidence"),
        _first.pointer.label("first_pointer"),
        _final.verdict.label("final_verdict"),
        _final.confidence.label("final_confidence"),
        _final.pointer.label("final_pointer"),
    )
    .select_from(Seat)
    .join(Room, Room.id == Seat.room_id)
    .join(Player, Player.id == Seat.player_id)
    .outerjoin(
        RoomQuestion,
        and_(RoomQuestion.room_id == Room.id, RoomQuestion.position == Room.position),
    )
    .outerjoin(_first, _of_look(_first, Look.FIRST))
    .outerjoin(_final, _of_look(_final, Look.FINAL))
    .where(
        Room.id == bindparam("room"),
        Player.id == bindparam("player"),
        Player.session_token == bindparam("token"),
    )
)
# An answer holds the room as it is until it is stored: a close waits for it, or comes before it.
PLACE_HELD = _PLACE.with_for_update(read=True, of=Room)


def place_of(session: Session, caller: Caller, room_id: str, now: datetime) -> Place:
    """The caller's seat in the room; one query. Raises NotFound for somebody without one."""
    return read_place(session.connection(), _PLACE, caller, room_id, now)


def read_place(
    connection: Connection,
    query: Select[*tuple[Any, ...]],
    caller: Caller,
    room_id: str,
    now: datetime,
) -> Place:
    """The seat by one of the two queries. Raises NotFound."""
    who = {"room": room_id, "player": caller.player_id, "token": caller.token}
    row = connection.execute(query, who).one_or_none()
    if row is None:
        raise NotFound(room_id)
    rules = Rules(row.size, row.mode, row.timer, row.leaderboard)
    stored = State(row.phase, row.position, row.since, row.deadline, row.paused_at)
    return Place(
        room_id=row.room_id,
        host_id=row.host_id,
        classroom_id=row.classroom_id,
        rules=rules,
        scoring=row.scoring,
        state=settle(rules, stored, now),
        seat_id=row.seat_id,
        name=row.name,
        is_removed=row.removed_at is not None,
        revision_id=row.revision_id,
        is_late=row.opened_at is not None and row.joined_at > row.opened_at,
        is_skipped=bool(row.is_skipped),
        first=_given(row, "first"),
        final=_given(row, "final"),
    )


def _given(row: Row[*tuple[Any, ...]], look: str) -> Given | None:
    verdict = getattr(row, f"{look}_verdict")
    if verdict is None:
        return None
    confidence = Confidence(getattr(row, f"{look}_confidence"))
    return Given(verdict, confidence, getattr(row, f"{look}_pointer"))
