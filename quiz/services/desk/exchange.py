"""Sets out of the desk as files, and files into it: told before it is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...content.format.archive import to_zip
from ...content.format.canonical import document_digest, document_to_dict, draft_from_dict
from ...domain.draft import DraftSet, draft_of, finished
from ...domain.errors import Conflict, NotFound
from ...domain.message import Message, msg
from ...domain.question_set import Draft, QuestionSet, SourceDocument
from ...models import DeskDocument, DeskSet, DeskSetDocument, Player, SetEdition
from ...storage.db import writing
from ..library.catalogue import catalogue_of
from . import documents as desk_documents
from .borrowing import own_copy
from .contents import documents_in, draft, draft_set, questions_in, rows_of_documents, source
from .copies import adopt_within, requoted
from .history import Changes, changes_between
from .rewriting import rewrite
from .rights import own_set, set_of
from .slugs import free_set_slug
from .uploads import use_up


class ImportEffect(StrEnum):
    """What bringing a set in would do: make one, make one under another name, change one's own."""

    NEW = "new"
    RENAMED = "renamed"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What would become of a set that was brought.

    `content` is the set as the file has it. `desk_set` is the trainer's own set that would change,
    `changes` what would be different, `missing` its questions that the file has not: they stay
    unless the trainer wants them gone.
    """

    content: DraftSet
    fate: ImportEffect
    desk_set: DeskSet | None = None
    changes: Changes | None = None
    missing: tuple[Draft, ...] = ()


class NotWhole(Conflict):
    """A set cannot be written as files yet; `questions` are the ids of those unfinished."""

    def __init__(self, message: Message, questions: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.questions = questions


def archive_of(session: Session, trainer: Player, set_id: int) -> tuple[str, bytes]:
    """The slug of a set open to the trainer, and the set as it is now as a zip file.

    Raises NotWhole while a question is unfinished or there is none, NotFound.
    """
    row = set_of(session, trainer, set_id)
    lacking = [
        question.id
        for question in questions_in(session, row)
        if finished(draft(question), tuple(row.languages)) is None
    ]
    if lacking:
        raise NotWhole(
            msg("A ZIP file holds finished questions only. These are not finished yet:"),
            tuple(lacking),
        )
    return row.slug, _zip(draft_set(session, row), documents_in(session, row))


def edition_archive(
    session: Session, trainer: Player, set_id: int, number: int
) -> tuple[str, bytes]:
    """The slug of a set open to the trainer, and one of its editions as a zip file.

    Raises NotFound.
    """
    row = set_of(session, trainer, set_id)
    query = select(SetEdition).where(SetEdition.set_id == row.id)
    edition = next((e for e in session.scalars(query) if e.number == number), None)
    if edition is None:
        raise NotFound(number)
    versions = catalogue_of(session).documents(session, edition.documents.values())
    body = edition.body
    content = DraftSet(
        slug=row.slug,
        title=body["title"],
        summary=body["summary"],
        documents=tuple(body["documents"]),
        questions=tuple(draft_from_dict(question) for question in body["questions"]),
        languages=tuple(body["languages"]),
    )
    return row.slug, _zip(content, {slug: versions[i] for slug, i in edition.documents.items()})


def dry_run(
    session: Session,
    trainer: Player,
    sets: Sequence[QuestionSet],
    documents: Mapping[str, SourceDocument],
) -> list[ImportPlan]:
    """What bringing each of the sets in would do; nothing is done."""
    return [_plan(session, trainer, _as_drafts(found), documents) for found in sets]


def bring_in(
    session: Session,
    trainer: Player,
    upload_id: str,
    sets: Sequence[QuestionSet],
    documents: Mapping[str, SourceDocument],
    now: datetime,
    *,
    is_exact: bool = False,
) -> list[DeskSet]:
    """Do what the dry run told, all of it or nothing, and let the file go.

    With `is_exact` the trainer's own sets lose the questions that the file has not. Raises
    NotFound when the file is gone, BadInput when a set is too large or there are too many.
    """
    with writing(session):
        use_up(session, trainer, upload_id)
        contents = [_as_drafts(found) for found in sets]
        # Sets are held before a name is taken: two who did it crosswise would wait for each other.
        held = {content.slug: _own(session, trainer, content.slug) for content in contents}
        for row in sorted((row for row in held.values() if row), key=lambda row: row.id):
            own_set(session, trainer, row.id, lock=True)
        together = [row.id for row in held.values() if row]
        made = []
        for content in contents:
            own = held[content.slug]
            if own is None:
                made.append(adopt_within(session, trainer, content, documents, now))
            else:
                _update(session, trainer, own, content, documents, together, is_exact, now)
                made.append(own)
    return made


def plan_for(session: Session, row: DeskSet, content: DraftSet) -> ImportPlan:
    """What making a set at the desk into `content`, on its own documents, would do."""
    digests = {slug: document_digest(d) for slug, d in documents_in(session, row).items()}
    return _compared(draft_set(session, row), content, row, digests, digests)


def _plan(
    session: Session, trainer: Player, content: DraftSet, documents: Mapping[str, SourceDocument]
) -> ImportPlan:
    row = _own(session, trainer, content.slug)
    if row is None:
        is_free = free_set_slug(session, content.slug) == content.slug
        return ImportPlan(content, ImportEffect.NEW if is_free else ImportEffect.RENAMED)
    places = _places(session, row, content, documents)
    slugs = {slug: found.slug for slug, found in places.items() if found is not None}
    old = {slug: document_digest(d) for slug, d in documents_in(session, row).items()}
    new = {
        slugs.get(slug, slug): document_digest(replace(documents[slug], slug=slugs.get(slug, slug)))
        for slug in content.documents
    }
    return _compared(draft_set(session, row), _renamed(content, slugs), row, old, new)


def _compared(
    now: DraftSet,
    content: DraftSet,
    row: DeskSet,
    old_documents: Mapping[str, str],
    new_documents: Mapping[str, str],
) -> ImportPlan:
    wanted = with_the_rest(now, content)
    changes = changes_between(now, wanted, old_documents, new_documents)
    named = {question.id for question in content.questions}
    missing = tuple(question for question in now.questions if question.id not in named)
    has_changes = changes.of_set or changes.of_questions
    fate = ImportEffect.CHANGED if has_changes else ImportEffect.UNCHANGED
    return ImportPlan(content, fate, row, changes, missing)


def with_the_rest(now: DraftSet, content: DraftSet) -> DraftSet:
    """What a file has, and after it what only the set at the desk has."""
    named = {question.id for question in content.questions}
    others = [question for question in now.questions if question.id not in named]
    return replace(
        content,
        documents=tuple(dict.fromkeys((*content.documents, *now.documents))),
        questions=(*content.questions, *others),
    )


def _update(
    session: Session,
    trainer: Player,
    row: DeskSet,
    content: DraftSet,
    documents: Mapping[str, SourceDocument],
    together: Collection[int],
    is_exact: bool,
    now: datetime,
) -> None:
    """Make a set of the trainer's own what the file says. Inside a transaction that holds it."""
    rows: dict[str, DeskDocument] = {}
    for slug, found in _places(session, row, content, documents).items():
        document = documents[slug]
        if found is not None and _is_same(found, document):
            rows[slug] = found
        elif found is not None and _may_change(session, trainer, found, together):
            desk_documents.store(found, replace(document, slug=found.slug), now)
            rows[slug] = found
        else:
            rows[slug] = own_copy(session, trainer, document, rows.values(), now)
    slugs = {slug: found.slug for slug, found in rows.items()}
    by_slug = {found.slug: found for found in (*rows_of_documents(session, row), *rows.values())}
    before = draft_set(session, row)
    wanted = _renamed(content, slugs)
    wanted = wanted if is_exact else with_the_rest(before, wanted)
    rewrite(session, trainer, row, wanted, [by_slug[slug] for slug in wanted.documents], now)


def _places(
    session: Session,
    row: DeskSet,
    content: DraftSet,
    documents: Mapping[str, SourceDocument],
) -> dict[str, DeskDocument | None]:
    """Which of a set's documents each of the file's is: of the same name, or of the same words."""
    present = rows_of_documents(session, row)
    places = {
        slug: next((found for found in present if found.slug == slug), None)
        for slug in content.documents
    }
    for slug, found in places.items():
        if found is None:
            taken = {other.id for other in places.values() if other is not None}
            places[slug] = next(
                (p for p in present if p.id not in taken and _is_same(p, documents[slug])), None
            )
    return places


def _may_change(
    session: Session, trainer: Player, found: DeskDocument, together: Collection[int]
) -> bool:
    """Whether a document is the trainer's, and no set quotes it but those that the file has."""
    quoting = session.scalars(
        select(DeskSetDocument.set_id).where(DeskSetDocument.document_id == found.id)
    )
    return found.owner_id == trainer.id and set(quoting) <= set(together)


def _is_same(row: DeskDocument, document: SourceDocument) -> bool:
    return document_to_dict(source(row)) == document_to_dict(replace(document, slug=row.slug))


def _own(session: Session, trainer: Player, slug: str) -> DeskSet | None:
    query = select(DeskSet).where(DeskSet.slug == slug, DeskSet.owner_id == trainer.id)
    return session.scalar(query)


def _as_drafts(found: QuestionSet) -> DraftSet:
    return DraftSet(
        slug=found.slug,
        title=found.title,
        summary=found.summary,
        documents=found.documents,
        questions=tuple(draft_of(question) for question in found.questions),
        languages=found.languages,
    )


def _renamed(content: DraftSet, slugs: Mapping[str, str]) -> DraftSet:
    """The set with its documents under the names that they have at the desk."""
    return replace(
        content,
        documents=tuple(slugs.get(slug, slug) for slug in content.documents),
        questions=tuple(requoted(question, slugs) for question in content.questions),
    )


def _zip(content: DraftSet, documents: Mapping[str, SourceDocument]) -> bytes:
    questions = [finished(question, content.languages) for question in content.questions]
    if not questions or not documents:
        raise NotWhole(msg("The set needs a document and a question first."))
    whole = QuestionSet(
        slug=content.slug,
        title=content.title,
        summary=content.summary,
        documents=content.documents,
        questions=tuple(question for question in questions if question is not None),
        languages=content.languages,
    )
    try:
        return to_zip([whole], documents)
    except ValueError as error:
        raise NotWhole(
            msg("Some text of the set cannot be written to a file: look for odd signs.")
        ) from error
