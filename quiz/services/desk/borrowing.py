"""Documents of others in a set of one's own: copied, so that no right outlasts its share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...content.format.canonical import document_to_dict
from ...domain.errors import NotFound
from ...domain.question_set import SourceDocument
from ...models import DeskDocument, DeskSet, Player, Right
from .contents import source
from .rights import document_of
from .slugs import free_document_slug


def quotable(
    session: Session, trainer: Player, desk_set: DeskSet, document_id: int, now: datetime
) -> DeskDocument:
    """The document for a set to quote, or the trainer's copy of it. Inside a transaction.

    A document of somebody else's is quoted itself only in a set of somebody else's, and only by
    who may change it: quoting gives the right to read, and must never give more. Raises NotFound.
    """
    row = document_of(session, trainer, document_id)
    if row.owner_id == trainer.id:
        return row
    if desk_set.owner_id != trainer.id:
        try:
            return document_of(session, trainer, document_id, Right.EDIT)
        except NotFound:
            pass
    return own_copy(session, trainer, source(row), (), now)


def own_copy(
    session: Session,
    trainer: Player,
    document: SourceDocument,
    but: Iterable[DeskDocument],
    now: datetime,
) -> DeskDocument:
    """The trainer's document with these words, made when there is none `but` these.

    One with the same slug comes before others. Inside a transaction.
    """
    body, used = document_to_dict(document), {row.id for row in but}
    own = select(DeskDocument).where(DeskDocument.owner_id == trainer.id)
    same = [
        row
        for row in session.scalars(own.order_by(DeskDocument.id))
        if row.id not in used and row.body | {"slug": ""} == body | {"slug": ""}
    ]
    if same:
        return next((row for row in same if row.slug == document.slug), same[0])
    slug = free_document_slug(session, document.slug)
    made = DeskDocument(
        slug=slug,
        owner_id=trainer.id,
        body=body | {"slug": slug},
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    return made
