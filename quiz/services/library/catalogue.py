"""Question sets as they stand in the database, read once and kept as immutable values.

Revisions and document versions never change, so they are cached for good, per database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...content.format.canonical import document_from_dict, question_from_dict
from ...domain.errors import NotFound
from ...domain.question_set import Evidence, Question, SourceDocument, Text
from ...domain.quote import Span, locate
from ...domain.verdict import Stance
from ...models import DocumentVersion, QuestionRevision, QuestionSetRow, SetEntry
from ...storage.db import kept_with

NO_PASSAGE = "none"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A piece of evidence and the place in its document where the quote stands."""

    evidence: Evidence
    document: SourceDocument
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Revision:
    """A stored question with its quotes anchored.

    `files` are the documents it is judged on, by slug; none for all those of its set.
    """

    id: int
    set_slug: str
    question: Question
    anchors: tuple[Anchor, ...]
    files: Mapping[str, SourceDocument]

    @property
    def key(self) -> str:
        """The question's identity over all its revisions: "set/question"."""
        return f"{self.set_slug}/{self.question.id}"

    @property
    def contrast(self) -> str | None:
        """Its contrast group among those of all sets, if it has one."""
        name = self.question.contrast
        return None if name is None else f"{self.set_slug}/{name}"

    def is_settled_by(self, pointer: str) -> bool:
        """Whether the pointer, "none" or "slug:start-end", shows what settles the claim."""
        if pointer == NO_PASSAGE:
            return self.question.is_silent
        slug, span = parse_pointer(pointer)
        return any(
            a.document.slug == slug and a.span.overlaps(span)
            for a in self.anchors
            if a.evidence.stance is not Stance.NEAREST
        )


@dataclass(frozen=True, slots=True, eq=False)
class StoredSet:
    """A set on offer, with today's revisions in the order of the file."""

    slug: str
    title: Text
    summary: Text
    is_examples: bool
    documents: Mapping[str, SourceDocument]
    revisions: tuple[Revision, ...]
    languages: tuple[str, ...]
    is_from_desk: bool


def parse_pointer(pointer: str) -> tuple[str, Span]:
    """Document slug and span of a stored pointer "slug:start-end"."""
    slug, _, place = pointer.rpartition(":")
    start, _, end = place.partition("-")
    return slug, Span(int(start), int(end))


class Catalogue:
    """The revisions, documents and sets of one database."""

    def __init__(self) -> None:
        self._documents: dict[int, SourceDocument] = {}
        self._revisions: dict[int, Revision] = {}
        self._files: dict[int, Mapping[str, SourceDocument]] = {}

    def revisions(self, session: Session, ids: Iterable[int]) -> dict[int, Revision]:
        """The revisions with these ids; what is not cached yet costs two queries in all."""
        wanted = set(ids)
        missing = wanted - self._revisions.keys()
        if missing:
            query = select(QuestionRevision).where(QuestionRevision.id.in_(missing))
            rows = list(session.scalars(query))
            self.documents(session, (i for row in rows for i in row.documents.values()))
            for row in rows:
                self._revisions[row.id] = self._anchored(row)
        return {i: self._revisions[i] for i in wanted}

    def revision(self, session: Session, revision_id: int) -> Revision:
        """One revision; no query when it is cached."""
        cached = self._revisions.get(revision_id)
        return cached or self.revisions(session, [revision_id])[revision_id]

    def documents(self, session: Session, ids: Iterable[int]) -> dict[int, SourceDocument]:
        """The document versions with these ids; at most one query."""
        wanted = set(ids)
        missing = wanted - self._documents.keys()
        if missing:
            query = select(DocumentVersion).where(DocumentVersion.id.in_(missing))
            for row in session.scalars(query):
                self._documents[row.id] = document_from_dict(row.body)
        return {i: self._documents[i] for i in wanted}

    def sets(self, session: Session) -> tuple[StoredSet, ...]:
        """The sets on offer, in order. Two queries when all revisions are cached."""
        rows = session.scalars(
            select(QuestionSetRow)
            .where(QuestionSetRow.is_retired.is_(False))
            .order_by(QuestionSetRow.position)
        ).all()
        entries = session.execute(
            select(SetEntry.set_slug, SetEntry.revision_id).order_by(SetEntry.position)
        ).all()
        revisions = self.revisions(session, (entry.revision_id for entry in entries))
        documents = self.documents(session, (i for row in rows for i in row.documents.values()))
        return tuple(
            StoredSet(
                slug=row.slug,
                title=row.title,
                summary=row.summary,
                is_examples=row.is_examples,
                documents={slug: documents[i] for slug, i in row.documents.items()},
                revisions=tuple(
                    revisions[e.revision_id] for e in entries if e.set_slug == row.slug
                ),
                languages=tuple(row.languages.split()),
                is_from_desk=row.is_from_desk,
            )
            for row in rows
        )

    def set(self, session: Session, slug: str) -> StoredSet:
        """One set on offer. Raises NotFound."""
        for stored in self.sets(session):
            if stored.slug == slug:
                return stored
        raise NotFound(slug)

    def files_of(self, session: Session, revision: Revision) -> Mapping[str, SourceDocument]:
        """The documents a player may search for a question: its own, or all those of its set.

        A retired set's files are those the question quotes. Read once: the numbers of a file's
        sentences must mean the same when it is shown and when one is pointed at.
        """
        if revision.id not in self._files:
            self._files[revision.id] = self._read_files(session, revision)
        return self._files[revision.id]

    def _read_files(self, session: Session, revision: Revision) -> Mapping[str, SourceDocument]:
        if revision.files:
            return revision.files
        documents = session.scalar(
            select(QuestionSetRow.documents).where(QuestionSetRow.slug == revision.set_slug)
        )
        quoted = {a.document.slug: a.document for a in revision.anchors}
        if documents is None:
            return quoted
        found = self.documents(session, documents.values())
        # The version that was quoted wins over a newer one: spans are offsets into it.
        return {slug: quoted.get(slug, found[i]) for slug, i in documents.items()}

    def pointed(
        self, session: Session, revision: Revision, pointer: str | None
    ) -> tuple[str, str] | None:
        """The language and the words of the sentence that a stored pointer shows, None for none."""
        if pointer is None or pointer == NO_PASSAGE:
            return None
        slug, span = parse_pointer(pointer)
        document = self.files_of(session, revision).get(slug)
        return (document.language, document.text[span.start : span.end]) if document else None

    def _anchored(self, row: QuestionRevision) -> Revision:
        question = question_from_dict(row.body)
        anchors = []
        for evidence in question.evidence:
            document = self._documents[row.documents[evidence.document]]
            span = locate(evidence.quote, document.text)
            if span is None:
                raise LookupError(f"{row.set_slug}/{row.question_id}: a quote lost its place")
            anchors.append(Anchor(evidence, document, span))
        files = {
            slug: self._documents[row.documents[slug]]
            for slug in question.files
            if slug in row.documents  # not stored with the first ones
        }
        return Revision(row.id, row.set_slug, question, tuple(anchors), files)


def catalogue_of(session: Session) -> Catalogue:
    """The catalogue of the database the session speaks to."""
    return kept_with(session).one(Catalogue)
