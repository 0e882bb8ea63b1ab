"""The trainer's desk: documents and sets being written, and what was published of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..domain.set_life import SetStage
from ..storage.db import Base, UtcDateTime
from .columns import stored


class Right(StrEnum):
    """What a trainer may do with another trainer's set."""

    READ = "read"
    EDIT = "edit"


class DeskDocument(Base):
    """A document at the desk. `body` is a document as JSON whose texts may lack a language.

    What is published of it is a DocumentVersion, which a change here never touches. `version`
    counts the changes, so that a form knows whether it shows the latest.
    """

    __tablename__ = "desk_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("player.id", ondelete="CASCADE"), index=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeskSet(Base):
    """A set at the desk: the working copy. What players get is its latest edition."""

    __tablename__ = "desk_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("player.id", ondelete="CASCADE"), index=True)
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    summary: Mapped[dict[str, str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    stage: Mapped[SetStage] = mapped_column(stored(SetStage, "stage"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    questions: Mapped[list[DeskQuestion]] = relationship(
        order_by="DeskQuestion.position, DeskQuestion.id", passive_deletes=True
    )


class DeskSetDocument(Base):
    """A document that a set at the desk quotes, in the order of the set."""

    __tablename__ = "desk_set_document"

    set_id: Mapped[int] = mapped_column(
        ForeignKey("desk_set.id", ondelete="CASCADE"), primary_key=True
    )
    document_id: Mapped[int] = mapped_column(
        ForeignKey("desk_document.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]


class DeskQuestion(Base):
    """A question being written. `body` is a draft as JSON; `key` its id within the set.

    `edit_number` says which of its edits is shown: undo and redo move it, a new edit follows it.
    """

    __tablename__ = "desk_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("desk_set.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    edit_number: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("set_id", "key"),)


class DeskEdit(Base):
    """A state that a question was in, so that one can go back to it."""

    __tablename__ = "desk_edit"

    question_id: Mapped[int] = mapped_column(
        ForeignKey("desk_question.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("player.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SetShare(Base):
    """A trainer who may read or edit another trainer's set."""

    __tablename__ = "set_share"

    set_id: Mapped[int] = mapped_column(
        ForeignKey("desk_set.id", ondelete="CASCADE"), primary_key=True
    )
    trainer_id: Mapped[int] = mapped_column(
        ForeignKey("player.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    right: Mapped[Right] = mapped_column(stored(Right, "right"))


class SetEdition(Base):
    """What was published, immutable. `body` is the set as JSON with the digests of its documents.

    `documents` maps the slug of each document to the version that was published with it.
    """

    __tablename__ = "set_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("desk_set.id", ondelete="CASCADE"))
    number: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    documents: Mapped[dict[str, int]] = mapped_column(JSON)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("player.id", ondelete="SET NULL"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("set_id", "number"),)


class Reading(Base):
    """A second reader's blind pass over a set: claims and documents, never the keys."""

    __tablename__ = "reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("desk_set.id", ondelete="CASCADE"))
    reader_id: Mapped[int] = mapped_column(ForeignKey("player.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("set_id", "reader_id"),)


class ReadingAnswer(Base):
    """A second reader's verdict on one question. `digest` tells which words were read."""

    __tablename__ = "reading_answer"

    reading_id: Mapped[int] = mapped_column(
        ForeignKey("reading.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[int] = mapped_column(
        ForeignKey("desk_question.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    digest: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ThreadKind(StrEnum):
    """What a conversation about a question began with."""

    REMARK = "remark"
    DISAGREEMENT = "disagreement"
    DISPUTE = "dispute"


class Thread(Base):
    """A conversation about a question: a remark, a reader's disagreement, a learner's dispute.

    `set_slug` and `question_key` name the question, at the desk or shipped; `revision_id` is what
    a learner disputes, `player_id` who began it.
    """

    __tablename__ = "thread"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ThreadKind] = mapped_column(stored(ThreadKind, "kind"))
    set_slug: Mapped[str] = mapped_column(String(80))
    question_key: Mapped[str] = mapped_column(String(80))
    revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("question_revision.id", ondelete="SET NULL")
    )
    player_id: Mapped[int | None] = mapped_column(
        ForeignKey("player.id", ondelete="CASCADE"), index=True
    )
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    comments: Mapped[list[Comment]] = relationship(order_by="Comment.id", passive_deletes=True)

    __table_args__ = (Index("ix_thread_set_slug_question_key", "set_slug", "question_key"),)


class Comment(Base):
    """What somebody wrote in a thread; `is_answer` when the learner who disputes reads it too."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("player.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(String(2000))
    is_answer: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeskUpload(Base):
    """A file that a trainer brought and has not confirmed yet; `set_id` is that of a table.

    A trainer has one at a time.
    """

    __tablename__ = "desk_upload"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    trainer_id: Mapped[int] = mapped_column(
        ForeignKey("player.id", ondelete="CASCADE"), unique=True
    )
    set_id: Mapped[int | None] = mapped_column(
        ForeignKey("desk_set.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
