"""Question files into the database: new revisions are added, nothing stored is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..content.canonical import digest, document_digest, document_to_dict, question_to_dict
from ..content.loader import Library
from ..db import writing
from ..domain.question_set import Question, QuestionSet, SourceDocument
from ..models import DocumentVersion, QuestionRevision, QuestionSetRow, SetEntry


@dataclass(slots=True)
class SyncReport:
    """How many things a sync added or put aside."""

    documents: int = 0
    revisions: int = 0
    sets: int = 0
    retired: int = 0


def sync(session: Session, library: Library, now: datetime) -> SyncReport:
    """Make the sets on offer those of the library, in one transaction.

    A changed question becomes a new revision; responses keep theirs. A set that the library does
    not hold is retired. Running it twice changes nothing.
    """
    report = SyncReport()
    with writing(session):
        versions = _sync_documents(session, library.documents, now, report)
        rows = {row.slug: row for row in session.scalars(select(QuestionSetRow))}
        for position, question_set in enumerate(library.sets.values()):
            _sync_set(session, question_set, position, rows, library, versions, now, report)
        for slug, row in rows.items():
            if slug not in library.sets and not row.is_retired:
                row.is_retired = True
                report.retired += 1
    return report


def _sync_documents(
    session: Session, documents: Mapping[str, SourceDocument], now: datetime, report: SyncReport
) -> dict[str, int]:
    known = {
        row.digest: row.id
        for row in session.execute(select(DocumentVersion.digest, DocumentVersion.id))
    }
    versions: dict[str, int] = {}
    for slug, document in documents.items():
        key = document_digest(document)
        if key not in known:
            row = DocumentVersion(
                slug=slug, digest=key, body=document_to_dict(document), created_at=now
            )
            session.add(row)
            session.flush()
            known[key] = row.id
            report.documents += 1
        versions[slug] = known[key]
    return versions


def _sync_set(
    session: Session,
    question_set: QuestionSet,
    position: int,
    rows: dict[str, QuestionSetRow],
    library: Library,
    versions: dict[str, int],
    now: datetime,
    report: SyncReport,
) -> None:
    slug = question_set.slug
    known = {
        (question_id, key): revision_id
        for question_id, key, revision_id in session.execute(
            select(
                QuestionRevision.question_id, QuestionRevision.digest, QuestionRevision.id
            ).where(QuestionRevision.set_slug == slug)
        )
    }
    ids = []
    for question in question_set.questions:
        key = (question.id, digest(question, library.documents))
        if key not in known:
            row = _new_revision(slug, question, key[1], versions, now)
            session.add(row)
            session.flush()
            known[key] = row.id
            report.revisions += 1
        ids.append(known[key])
    if slug not in rows:
        rows[slug] = QuestionSetRow(slug=slug, is_retired=False)
        session.add(rows[slug])
        report.sets += 1
    _describe(rows[slug], question_set, position, versions)
    if [entry.revision_id for entry in rows[slug].entries] != ids:
        rows[slug].entries = []
        session.flush()
        rows[slug].entries = [SetEntry(position=n, revision_id=i) for n, i in enumerate(ids)]


def _new_revision(
    slug: str, question: Question, key: str, versions: dict[str, int], now: datetime
) -> QuestionRevision:
    return QuestionRevision(
        set_slug=slug,
        question_id=question.id,
        digest=key,
        verdict=question.verdict,
        body=question_to_dict(question),
        documents={e.document: versions[e.document] for e in question.evidence},
        created_at=now,
    )


def _describe(
    row: QuestionSetRow, question_set: QuestionSet, position: int, versions: dict[str, int]
) -> None:
    row.position = position
    row.title = dict(question_set.title)
    row.summary = dict(question_set.summary)
    row.is_examples = question_set.is_examples
    row.documents = {slug: versions[slug] for slug in question_set.documents}
    row.is_retired = False
