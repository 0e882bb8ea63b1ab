"""Files that wait for their trainer's word: brought, looked at, then taken in or dropped."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from ...content.intake.untrusted import MAX_BYTES
from ...domain.errors import BadInput, NotFound
from ...domain.message import msg
from ...models import DeskUpload, Player
from ...storage.db import writing

ARCHIVES = (".zip",)
TABLES = (".csv", ".xlsx")

_LONGEST_NAME = 200
UPLOAD_SIZE = msg("This file is larger than 20 MB. Split it into several.")


def keep(
    session: Session,
    trainer: Player,
    name: str,
    data: bytes,
    now: datetime,
    set_id: int | None = None,
) -> DeskUpload:
    """Keep a file in place of the one the trainer brought before, if any.

    With `set_id` it is a table of questions for that set. Raises BadInput on `file`: no file, none
    of the kinds that are read, or more than MAX_BYTES.
    """
    if not data:
        raise BadInput("file", msg("Choose a file first; an empty one holds nothing."))
    if len(data) > MAX_BYTES:
        raise BadInput("file", UPLOAD_SIZE)
    if set_id is None and not name.lower().endswith(ARCHIVES):
        raise BadInput("file", msg("Choose a ZIP file."))
    if set_id is not None and not name.lower().endswith(TABLES):
        raise BadInput("file", msg("Choose a CSV or XLSX file."))
    plain = "".join(c if c.isprintable() else " " for c in name)[-_LONGEST_NAME:]
    with writing(session):
        session.execute(select(Player.id).where(Player.id == trainer.id).with_for_update())
        session.execute(delete(DeskUpload).where(DeskUpload.trainer_id == trainer.id))
        made = DeskUpload(
            id=secrets.token_urlsafe(16),
            trainer_id=trainer.id,
            set_id=set_id,
            name=plain,
            data=data,
            created_at=now,
        )
        session.add(made)
    return made


def waiting(session: Session, trainer: Player, upload_id: str) -> DeskUpload:
    """The trainer's file with this id, with its bytes. Raises NotFound."""
    query = select(DeskUpload).options(undefer(DeskUpload.data))
    found = session.scalar(
        query.where(DeskUpload.id == upload_id, DeskUpload.trainer_id == trainer.id)
    )
    if found is None:
        raise NotFound(upload_id)
    return found


def drop(session: Session, trainer: Player, upload_id: str) -> None:
    """Let a file go that is not wanted after all. Raises NotFound."""
    with writing(session):
        use_up(session, trainer, upload_id)


def use_up(session: Session, trainer: Player, upload_id: str) -> None:
    """Let a file go; whoever does so second finds it no more: NotFound. Inside a transaction."""
    gone = session.execute(
        delete(DeskUpload)
        .where(DeskUpload.id == upload_id, DeskUpload.trainer_id == trainer.id)
        .returning(DeskUpload.id)
    ).all()
    if not gone:
        raise NotFound(upload_id)
