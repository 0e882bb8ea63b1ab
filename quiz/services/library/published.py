"""The sets on offer as question files: what players have, as `questions sync` reads it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from ...content.format.archive import to_files
from ...domain.errors import NotFound
from ...domain.question_set import QuestionSet, SourceDocument
from .catalogue import StoredSet, catalogue_of


class TwoVersions(Exception):
    """Two sets quote different versions of a document, for which a folder has one place only."""

    def __init__(self, document: str, sets: tuple[str, str]) -> None:
        super().__init__(document, sets)
        self.document = document
        self.sets = sets


def sets_on_offer(session: Session, slugs: Collection[str] = ()) -> tuple[StoredSet, ...]:
    """The sets on offer with these slugs, all when there are none. Raises NotFound(slug)."""
    found = catalogue_of(session).sets(session)
    missing = sorted(set(slugs) - {stored.slug for stored in found})
    if missing:
        raise NotFound(missing[0])
    return tuple(stored for stored in found if not slugs or stored.slug in slugs)


def files_of(sets: Sequence[StoredSet]) -> dict[str, bytes]:
    """The files of the sets and their documents, by name. Raises TwoVersions."""
    documents: dict[str, SourceDocument] = {}
    first: dict[str, str] = {}
    for stored in sets:
        for slug, document in stored.documents.items():
            if documents.setdefault(slug, document) != document:
                raise TwoVersions(slug, (first[slug], stored.slug))
            first.setdefault(slug, stored.slug)
    return to_files([as_set(stored) for stored in sets], documents)


def as_set(stored: StoredSet) -> QuestionSet:
    """A set on offer as the files have it."""
    return QuestionSet(
        slug=stored.slug,
        title=stored.title,
        summary=stored.summary,
        documents=tuple(stored.documents),
        questions=tuple(revision.question for revision in stored.revisions),
        is_examples=stored.is_examples,
        languages=stored.languages,
    )
