"""Question files into the database: new revisions are added, nothing stored is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...content.format.canonical import (
    digest,
    document_digest,
    document_to_dict,
    question_to_dict,
    read_by,
)
from ...content.format.library import Library
from ...domain.question_set import Question, QuestionSet, SourceDocument
from ...models import DocumentVersion, QuestionRevision, QuestionSetRow, SetEntry
from ...storage.db import writing


@dataclass(slots=True)
class SyncReport:
    """How many things a sync added or put aside; `taken` are files whose slug a trainer has."""

    documents: int = 0
    revisions: int = 0
    sets: int = 0
    retired: int = 0
    taken: list[str] = field(default_factory=list)


def sync(session: Session, library: Library, now: datetime) -> SyncReport:
    """Make the sets on offer those of the library, in one transaction.

    A changed question becomes a new revision; responses keep theirs. A set that the library does
    not hold is retired, unless a trainer published it. Running it twice changes nothing. A file
    whose slug is a trainer's is left out: `taken` of the report names it.
    """
    report = SyncReport()
    with writing(session):
        versions = store_documents(session, library.documents, now, report)
        rows = {row.slug: row for row in session.scalars(select(QuestionSetRow))}
        for position, question_set in enumerate(library.sets.values()):
            row = rows.get(question_set.slug)
            if row is not None and row.is_from_desk:
                report.taken.append(question_set.slug)
                continue
            stored = store_set(session, question_set, library.documents, versions, now, report)
            stored.position = position
        for slug, row in rows.items():
            if slug not in library.sets and not row.is_retired and not row.is_from_desk:
                row.is_retired = True
                report.retired += 1
    return report


def store_documents(
    session: Session, documents: Mapping[str, SourceDocument], now: datetime, report: SyncReport
) -> dict[str, int]:
    """The id of the version of each document, added where its words are new.

    Inside a transaction.
    """
    digests = {slug: document_digest(document) for slug, document in documents.items()}
    query = select(DocumentVersion.digest, DocumentVersion.id)
    known = {
        row.digest: row.id
        for row in session.execute(query.where(DocumentVersion.digest.in_(digests.values())))
    }
    versions: dict[str, int] = {}
    for slug, document in documents.items():
        key = digests[slug]
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


def store_set(
    session: Session,
    question_set: QuestionSet,
    documents: Mapping[str, SourceDocument],
    versions: Mapping[str, int],
    now: datetime,
    report: SyncReport,
) -> QuestionSetRow:
    """Put a set on offer as it is now: questions that changed get a new revision, others theirs.

    `versions` are the ids of its documents. Inside a transaction.
    """
    row = session.get(QuestionSetRow, question_set.slug)
    if row is None:
        row = QuestionSetRow(
            slug=question_set.slug, position=0, is_retired=False, is_from_desk=False
        )
        session.add(row)
        report.sets += 1
    _describe(row, question_set, versions)
    ids = _store_questions(session, question_set, documents, versions, now, report)
    if [entry.revision_id for entry in row.entries] != ids:
        row.entries = []
        session.flush()
        row.entries = [SetEntry(position=n, revision_id=i) for n, i in enumerate(ids)]
    return row


def _store_questions(
    session: Session,
    question_set: QuestionSet,
    documents: Mapping[str, SourceDocument],
    versions: Mapping[str, int],
    now: datetime,
    report: SyncReport,
) -> list[int]:
    """The ids of the revisions of a set's questions, added where the words are new."""
    slug = question_set.slug
    query = select(QuestionRevision.question_id, QuestionRevision.digest, QuestionRevision.id)
    known = {
        (question_id, key): revision_id
        for question_id, key, revision_id in session.execute(
            query.where(QuestionRevision.set_slug == slug)
        )
    }
    ids = []
    for question in question_set.questions:
        key = (question.id, digest(question, documents))
        if key not in known:
            revision = _new_revision(slug, question, key[1], versions, now)
            session.add(revision)
            session.flush()
            known[key] = revision.id
            report.revisions += 1
        ids.append(known[key])
    return ids


def _new_revision(
    slug: str, question: Question, key: str, versions: Mapping[str, int], now: datetime
) -> QuestionRevision:
    return QuestionRevision(
        set_slug=slug,
        question_id=question.id,
        digest=key,
        verdict=question.verdict,
        body=question_to_dict(question),
        documents={slug: versions[slug] for slug in read_by(question)},
        created_at=now,
    )


def _describe(row: QuestionSetRow, question_set: QuestionSet, versions: Mapping[str, int]) -> None:
    row.title = dict(question_set.title)
    row.summary = dict(question_set.summary)
    row.languages = " ".join(question_set.languages)
    row.is_examples = question_set.is_examples
    row.documents = {slug: versions[slug] for slug in question_set.documents}
    row.is_retired = False
