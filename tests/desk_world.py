"""Sets at the desk for the tests of the editor: made in one line, on texts the test knows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from quiz.content.format.canonical import document_to_dict
from quiz.domain.question_set import Region, RegionKind, SourceDocument
from quiz.domain.quote import Span
from quiz.models import DeskDocument, DeskQuestion, Player, Right, SetShare
from quiz.services.desk import quoting, sets
from quiz.services.desk.slugs import free_document_slug
from tests.factories import NOW, both

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TEXT = (
    "Le port compte 12 bateaux 🛥️ et «\u00a0deux grues\u00a0», dit le maire.\n"
    "Personne n’a vu la cloche.\n"
    "Le port compte 12 bateaux 🛥️ le soir aussi.\n"
)
"""French, with signs beyond the first plane and no-break spaces; its beginning stands twice."""


def create_document(
    session: Session, owner: Player, text: str = TEXT, language: str = "fr", title: str = "Port"
) -> DeskDocument:
    """A document of a trainer's, one article."""
    slug = free_document_slug(session, title)
    document = SourceDocument(
        slug=slug,
        text=text,
        title=both(title),
        kind=both("A report"),
        provenance=both("The paper itself"),
        date_note=both("Stated"),
        language=language,
        regions=(Region(RegionKind.ARTICLE, Span(0, len(text))),),
        published="2026-01-15",
    )
    row = DeskDocument(
        slug=slug,
        owner_id=owner.id,
        body=document_to_dict(document),
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(row)
    session.commit()
    return row


def create_question(
    session: Session, owner: Player, text: str = TEXT, now: datetime = NOW
) -> DeskQuestion:
    """An empty question in a new set on one document."""
    document = create_document(session, owner, text)
    made = sets.create_set(session, owner, both("Harbour"), ["fr", "en"], [document.id], now)
    return quoting.start_question(session, owner, made.id, now)


def slug_of(session: Session, question: DeskQuestion) -> str:
    """The slug of the first document that a question can quote."""
    from quiz.models import DeskSet
    from quiz.services.desk.contents import documents_in

    return next(iter(documents_in(session, session.get_one(DeskSet, question.set_id))))


def share(
    session: Session, question: DeskQuestion, trainer: Player, right: Right = Right.EDIT
) -> None:
    """Let another trainer in."""
    session.add(SetShare(set_id=question.set_id, trainer_id=trainer.id, right=right))
    session.commit()
