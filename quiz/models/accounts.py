"""Who plays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, false
from sqlalchemy.orm import Mapped, mapped_column

from ..storage.db import Base, UtcDateTime


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
    # May have classes and open rooms.
    is_trainer: Mapped[bool] = mapped_column(default=False, server_default=false())
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
