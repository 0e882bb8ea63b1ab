"""A trainer's classes and who is in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..storage.db import Base, UtcDateTime


class Classroom(Base):
    """A class. Learners join with its code, or with a sign-in card that the trainer prints.

    `code` is None while nobody may join by themselves. What members answered is kept for
    `retention_days` after they last played.
    """

    __tablename__ = "classroom"

    id: Mapped[int] = mapped_column(primary_key=True)
    trainer_id: Mapped[int] = mapped_column(ForeignKey("player.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    code: Mapped[str | None] = mapped_column(String(6), unique=True)
    retention_days: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("retention_days BETWEEN 1 AND 730", name="retention_days"),)


class Membership(Base):
    """A player in a class. `label` is what the trainer calls them there.

    `is_issued` when the account was made for this class (a card, or a pupil who came without one):
    only of such an account may the trainer set a passphrase or erase it. `issue_key` is the key of
    the form that had accounts made, with the first of them.
    """

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    classroom_id: Mapped[int] = mapped_column(ForeignKey("classroom.id", ondelete="CASCADE"))
    player_id: Mapped[int] = mapped_column(ForeignKey("player.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(40))
    is_issued: Mapped[bool]
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issue_key: Mapped[str | None] = mapped_column(String(43))

    __table_args__ = (
        UniqueConstraint("classroom_id", "player_id"),
        UniqueConstraint("classroom_id", "issue_key"),
    )
