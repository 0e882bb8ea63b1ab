"""A set at the desk as domain objects: its drafts and its documents."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...content.format.canonical import document_from_dict, draft_from_dict
from ...domain.draft import DraftSet
from ...domain.question_set import Draft, SourceDocument
from ...models import DeskDocument, DeskQuestion, DeskSet, DeskSetDocument


def rows_of_documents(session: Session, desk_set: DeskSet) -> list[DeskDocument]:
    """The documents that a set quotes, in its order."""
    query = (
        select(DeskDocument)
        .join(DeskSetDocument, DeskSetDocument.document_id == DeskDocument.id)
        .where(DeskSetDocument.set_id == desk_set.id)
        .order_by(DeskSetDocument.position, DeskDocument.id)
    )
    return list(session.scalars(query))


def documents_in(session: Session, desk_set: DeskSet) -> dict[str, SourceDocument]:
    """The documents that a set quotes, by slug, in its order."""
    return {row.slug: source(row) for row in rows_of_documents(session, desk_set)}


def source(row: DeskDocument) -> SourceDocument:
    """A document at the desk as it is read and quoted; a text may lack a language."""
    return document_from_dict(row.body)


def questions_in(session: Session, desk_set: DeskSet) -> list[DeskQuestion]:
    """The questions of a set in order, as the database has them."""
    query = (
        select(DeskQuestion)
        .where(DeskQuestion.set_id == desk_set.id)
        .order_by(DeskQuestion.position, DeskQuestion.id)
    )
    return list(session.scalars(query))


def draft(row: DeskQuestion) -> Draft:
    """A question at the desk."""
    return draft_from_dict(row.body)


def draft_set(session: Session, desk_set: DeskSet) -> DraftSet:
    """The whole set as it is being written."""
    return DraftSet(
        slug=desk_set.slug,
        title=desk_set.title,
        summary=desk_set.summary,
        documents=tuple(row.slug for row in rows_of_documents(session, desk_set)),
        questions=tuple(draft(row) for row in questions_in(session, desk_set)),
        languages=tuple(desk_set.languages),
    )
