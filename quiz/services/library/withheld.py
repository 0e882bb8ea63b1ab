"""What is not asked or told elsewhere, because a room is about to ask it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...domain.room import Phase
from ...models import Room, RoomQuestion, Seat


def unrevealed(session: Session, player_id: int) -> set[int]:
    """The revisions that rooms the player sits in have still to reveal; one query."""
    query = (
        select(RoomQuestion.revision_id)
        .join(Room, Room.id == RoomQuestion.room_id)
        .join(Seat, Seat.room_id == Room.id)
        .where(Seat.player_id == player_id, Seat.removed_at.is_(None))
        .where(Room.phase.not_in((Phase.DEBRIEF, Phase.FINISHED)))
        .where(RoomQuestion.revealed_at.is_(None), RoomQuestion.is_skipped.is_(False))
    )
    return set(session.scalars(query))
