"""Playing alone: rounds, their questions, responses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.answer import Look, Mode
from ..domain.verdict import Verdict
from ..storage.db import Base, UtcDateTime
from .columns import stored


class Round(Base):
    """One play-through by one player. `set_slug` is None for practice across sets.

    The id is random and long: it stands in addresses. `points` is the total, written once when
    the last answer is in, derived from immutable rows.
    """

    __tablename__ = "round"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    player_id: Mapped[int] = mapped_column(ForeignKey("player.id", ondelete="CASCADE"))
    set_slug: Mapped[str | None] = mapped_column(String(80))
    mode: Mapped[Mode] = mapped_column(stored(Mode, "mode"))
    size: Mapped[int]
    start_key: Mapped[str] = mapped_column(String(43))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    points: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("player_id", "start_key"),
        Index("ix_round_player_id_started_at", "player_id", "started_at"),
    )


class RoundItem(Base):
    """A question at its place in a round, with the server's times of showing it."""

    __tablename__ = "round_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    position: Mapped[int]
    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"))
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("round_id", "position"),)


class Response(Base):
    """One player's verdict and confidence on one look at one question. Written once, never changed.

    `pointer` is None (not asked), "none" (no passage settles it) or "slug:start-end", the sentence
    pointed at. `key` is the client's idempotency key.
    """

    __tablename__ = "response"

    id: Mapped[int] = mapped_column(primary_key=True)
    player_id: Mapped[int] = mapped_column(ForeignKey("player.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("round_item.id", ondelete="CASCADE"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"))
    look: Mapped[Look] = mapped_column(stored(Look, "look"))
    verdict: Mapped[Verdict] = mapped_column(stored(Verdict, "verdict"))
    confidence: Mapped[int]
    pointer: Mapped[str | None] = mapped_column(Text)
    has_opened_file: Mapped[bool]
    shown_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    key: Mapped[str] = mapped_column(String(43))

    __table_args__ = (
        UniqueConstraint("item_id", "look"),
        UniqueConstraint("player_id", "key"),
        CheckConstraint("confidence BETWEEN 0 AND 3", name="confidence"),
        Index("ix_response_player_id_look_revision_id", "player_id", "look", "revision_id"),
    )
