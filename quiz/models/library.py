"""What is asked: documents, question revisions, sets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..domain.question_set import LANGUAGES
from ..domain.verdict import Verdict
from ..storage.db import Base, UtcDateTime
from .columns import stored


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
    verdict: Mapped[Verdict] = mapped_column(stored(Verdict, "verdict"))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    documents: Mapped[dict[str, int]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("set_slug", "question_id", "digest"),)


class QuestionSetRow(Base):
    """A set on offer. One that left the files is retired, not deleted: responses refer to it.

    `is_from_desk` when a trainer published it: then the files say nothing about it.
    """

    __tablename__ = "question_set"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    summary: Mapped[dict[str, str]] = mapped_column(JSON)
    documents: Mapped[dict[str, int]] = mapped_column(JSON)
    is_examples: Mapped[bool]
    # Their codes, with a space between.
    languages: Mapped[str] = mapped_column(
        String(40), default=" ".join(LANGUAGES), server_default=" ".join(LANGUAGES)
    )
    is_retired: Mapped[bool] = mapped_column(default=False)
    is_from_desk: Mapped[bool] = mapped_column(default=False, server_default=false())
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
