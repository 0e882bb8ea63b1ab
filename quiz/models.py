"""What is stored. Typed columns and constraints; nothing here knows of HTTP."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .db import Base, UtcDateTime
from .domain.verdict import Verdict


class Mode(StrEnum):
    """How a round is played: one look at claim and passage, or claim first and files after."""

    QUICK = "quick"
    INVESTIGATION = "investigation"


class Look(StrEnum):
    """Which pass a response belongs to. A quick round has a final look only."""

    FIRST = "first"
    FINAL = "final"


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


def _stored(kind: type[StrEnum], name: str) -> Enum:
    """A column that holds the member's value and lets the database refuse anything else."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        values_callable=_values,
        length=16,
    )


class Player(Base):
    """Somebody who plays: a guest under a pseudonym, or a learner with a name and a passphrase."""

    __tablename__ = "player"

    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(60))
    name: Mapped[str | None] = mapped_column(String(40))
    # The name as compared: NFKC, case folded. Two names that look alike cannot both be taken.
    name_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    passphrase_hash: Mapped[str | None] = mapped_column(String(200))
    session_token: Mapped[str] = mapped_column(String(43))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_played_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    __table_args__ = (
        CheckConstraint(
            "(name IS NULL) = (passphrase_hash IS NULL) AND (name IS NULL) = (name_key IS NULL)",
            name="name_with_passphrase",
        ),
    )

    @property
    def is_guest(self) -> bool:
        """Whether the record lives in this browser only."""
        return self.name is None

    @property
    def display_name(self) -> str:
        """The name shown to the player."""
        return self.name or self.pseudonym


class DocumentVersion(Base):
    """A source document as it was quoted: immutable, identified by the digest of its content."""

    __tablename__ = "document_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuestionRevision(Base):
    """One immutable version of a question; responses refer to it for ever.

    `documents` maps each quoted document's slug to the id of the version quoted. Set, question and
    verdict stand in columns of their own because statistics group by them.
    """

    __tablename__ = "question_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    set_slug: Mapped[str] = mapped_column(String(80))
    question_id: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[Verdict] = mapped_column(_stored(Verdict, "verdict"))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    documents: Mapped[dict[str, int]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("set_slug", "question_id", "digest"),)


class QuestionSetRow(Base):
    """A set on offer. One that left the files is retired, not deleted: responses refer to it."""

    __tablename__ = "question_set"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    summary: Mapped[dict[str, str]] = mapped_column(JSON)
    documents: Mapped[dict[str, int]] = mapped_column(JSON)
    is_examples: Mapped[bool]
    is_retired: Mapped[bool] = mapped_column(default=False)
    entries: Mapped[list[SetEntry]] = relationship(
        order_by="SetEntry.position", cascade="all, delete-orphan"
    )


class SetEntry(Base):
    """Which revision of which question stands where in a set today."""

    __tablename__ = "set_entry"

    set_slug: Mapped[str] = mapped_column(
        ForeignKey("question_set.slug", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"))


class Round(Base):
    """One play-through by one player. `set_slug` is None for practice across sets.

    The id is random and long: it stands in addresses. `points` is the total, written once when
    the last answer is in, derived from immutable rows.
    """

    __tablename__ = "round"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    player_id: Mapped[int] = mapped_column(ForeignKey("player.id", ondelete="CASCADE"))
    set_slug: Mapped[str | None] = mapped_column(String(80))
    mode: Mapped[Mode] = mapped_column(_stored(Mode, "mode"))
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
    look: Mapped[Look] = mapped_column(_stored(Look, "look"))
    verdict: Mapped[Verdict] = mapped_column(_stored(Verdict, "verdict"))
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
