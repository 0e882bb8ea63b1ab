"""A set at the desk goes to the players, and comes back from them: its stages and editions.

What is published is immutable: revisions of questions, versions of documents, an edition that
names them. Publishing again adds revisions for what changed only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...content.checks.draft_checks import SetLint, lint_set
from ...content.format.canonical import document_digest, draft_to_dict
from ...domain.draft import DraftSet, finished
from ...domain.errors import Conflict
from ...domain.message import msg
from ...domain.question_set import QuestionSet, SourceDocument
from ...domain.set_life import SetStage, SetStep, take
from ...domain.taxonomy import Taxonomy
from ...models import DeskSet, Player, QuestionSetRow, SetEdition
from ...storage.db import writing
from ..library.sync import SyncReport, store_documents, store_set
from .contents import documents_in, draft_set
from .rights import own_set
from .slugs import free_set_slug, one_at_a_time

_AFTER_FILES = 10_000
"""Where trainers' sets stand on the home page: after the shipped ones."""
NOTHING_CHANGED = msg("Players have exactly this already: nothing has changed since.")


class NotReady(Conflict):
    """The set has errors; `lint` names them, with their mends."""

    def __init__(self, lint: SetLint) -> None:
        super().__init__(msg("Something in the set must be mended before it can be published."))
        self.lint = lint


def step(session: Session, trainer: Player, set_id: int, wanted: SetStep, now: datetime) -> DeskSet:
    """Take a step of the set's life other than publishing. Raises IllegalStep, NotFound."""
    if wanted is SetStep.PUBLISH:
        raise ValueError("publishing takes more than a step")
    with writing(session):
        row = own_set(session, trainer, set_id, lock=True)
        row.stage = take(row.stage, wanted)
        row.updated_at = now
        on_offer = session.get(QuestionSetRow, row.slug)
        if on_offer is not None and on_offer.is_from_desk:
            on_offer.is_retired = row.stage is not SetStage.PUBLISHED
    return row


def publish(
    session: Session, trainer: Player, set_id: int, taxonomy: Taxonomy, now: datetime
) -> SetEdition:
    """Offer the set to players as it is now; gives its new edition.

    Raises NotReady while it has errors, Conflict when nothing has changed since the last edition
    on offer, IllegalStep, NotFound.
    """
    with writing(session):
        row = own_set(session, trainer, set_id, lock=True)
        stage = take(row.stage, SetStep.PUBLISH)
        one_at_a_time(session)
        last = last_edition(session, row)
        if last is None and session.get(QuestionSetRow, row.slug) is not None:
            row.slug = free_set_slug(session, row.slug)  # a file has come with this slug meanwhile
        content, documents = draft_set(session, row), documents_in(session, row)
        lint = lint_set(content, documents, taxonomy)
        if not lint.is_publishable:
            raise NotReady(lint)
        body = edition_of(content, documents)
        if last is not None and last.body == body and row.stage is SetStage.PUBLISHED:
            raise Conflict(NOTHING_CHANGED)
        report = SyncReport()
        versions = store_documents(session, documents, now, report)
        stored = store_set(session, _question_set(content), documents, versions, now, report)
        stored.position, stored.is_from_desk = _AFTER_FILES + row.id, True
        row.stage, row.updated_at = stage, now
        edition = SetEdition(
            set_id=row.id,
            number=1 + (last.number if last else 0),
            body=body,
            documents=versions,
            by_id=trainer.id,
            published_at=now,
        )
        session.add(edition)
    return edition


def last_edition(session: Session, desk_set: DeskSet) -> SetEdition | None:
    """The latest edition of a set, None when it was never published."""
    latest = (
        select(func.max(SetEdition.number)).where(SetEdition.set_id == desk_set.id)
    ).scalar_subquery()
    query = select(SetEdition).where(SetEdition.set_id == desk_set.id, SetEdition.number == latest)
    return session.scalar(query)


def editions(session: Session, desk_set: DeskSet) -> list[SetEdition]:
    """All editions of a set, the latest first."""
    query = select(SetEdition).where(SetEdition.set_id == desk_set.id)
    return list(session.scalars(query.order_by(SetEdition.number.desc())))


def edition_of(content: DraftSet, documents: Mapping[str, SourceDocument]) -> dict[str, object]:
    """The body of an edition: a set with its questions and the digests of its documents."""
    return {
        "title": dict(content.title),
        "summary": dict(content.summary),
        "languages": list(content.languages),
        "documents": {slug: document_digest(documents[slug]) for slug in content.documents},
        "questions": [draft_to_dict(question) for question in content.questions],
    }


def _question_set(content: DraftSet) -> QuestionSet:
    questions = [finished(question, content.languages) for question in content.questions]
    return QuestionSet(
        slug=content.slug,
        title=content.title,
        summary=content.summary,
        documents=content.documents,
        questions=tuple(question for question in questions if question is not None),
        languages=content.languages,
    )
