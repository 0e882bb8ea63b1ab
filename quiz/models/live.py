"""Live rooms: the room, its questions, who sits in it, what they answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.answer import Look
from ..domain.room import Leaderboard, Naming, Phase, RoomMode
from ..domain.scoring import Scoring
from ..domain.verdict import Verdict
from ..storage.db import Base, UtcDateTime
from .columns import stored


class Room(Base):
    """A class playing together. Its state is `phase`, `position`, `since`, `deadline`, `paused_at`.

    What these say is read through domain.room.settle: a deadline that has passed has closed the
    question, whether or not anybody wrote so. `version` counts what the host changed; who
    decides a move holds the row until it is written. `code` is None once nobody can join.
    """

    __tablename__ = "room"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("player.id", ondelete="CASCADE"), index=True)
    classroom_id: Mapped[int | None] = mapped_column(
        ForeignKey("classroom.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str | None] = mapped_column(String(6), unique=True)
    sets: Mapped[list[str]] = mapped_column(JSON)
    size: Mapped[int]
    mode: Mapped[RoomMode] = mapped_column(stored(RoomMode, "mode"))
    scoring: Mapped[Scoring] = mapped_column(stored(Scoring, "scoring"))
    timer: Mapped[int | None]
    leaderboard: Mapped[Leaderboard] = mapped_column(stored(Leaderboard, "leaderboard"))
    naming: Mapped[Naming] = mapped_column(stored(Naming, "naming"))
    phase: Mapped[Phase] = mapped_column(stored(Phase, "phase"))
    position: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_locked: Mapped[bool]
    version: Mapped[int]
    start_key: Mapped[str] = mapped_column(String(43))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("host_id", "start_key"),
        CheckConstraint("timer BETWEEN 30 AND 300", name="timer"),
        CheckConstraint("position BETWEEN 0 AND size", name="position"),
    )


class RoomQuestion(Base):
    """A question at its place in a room.

    Until `revealed_at` is set, nothing of its answer leaves the server; a skipped one never counts.
    """

    __tablename__ = "room_question"

    room_id: Mapped[str] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"))
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_skipped: Mapped[bool] = mapped_column(default=False)


class Seat(Base):
    """A player in a room, under the name shown there. One each, however often they come back."""

    __tablename__ = "seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    player_id: Mapped[int] = mapped_column(ForeignKey("player.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(80))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("room_id", "player_id"),
        UniqueConstraint("room_id", "name_key"),
    )


class RoomResponse(Base):
    """One look's answer from a seat. Written once, before the close, and never changed.

    It stands in a table of its own: whatever reads a player's answers sees it only through
    RoomQuestion.revealed_at.
    """

    __tablename__ = "room_response"

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"))
    room_id: Mapped[str] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    position: Mapped[int]
    look: Mapped[Look] = mapped_column(stored(Look, "look"))
    verdict: Mapped[Verdict] = mapped_column(stored(Verdict, "verdict"))
    confidence: Mapped[int]
    pointer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    key: Mapped[str] = mapped_column(String(43))

    __table_args__ = (
        UniqueConstraint("seat_id", "position", "look"),
        UniqueConstraint("seat_id", "key"),
        CheckConstraint("confidence BETWEEN 0 AND 3", name="confidence"),
        Index("ix_room_response_room_id_position", "room_id", "position"),
    )
