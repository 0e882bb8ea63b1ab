"""Sets at the desk out of other sets: copied, adopted from elsewhere, split, merged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ...domain.draft import DraftSet, draft_of
from ...domain.errors import BadInput
from ...domain.message import msg
from ...domain.question_set import Draft, SourceDocument
from ...models import DeskDocument, DeskSet, DeskSetDocument, Player, Right, SetShare
from ...storage.db import writing
from ..library.catalogue import StoredSet
from .borrowing import own_copy, quotable
from .contents import documents_in, draft, draft_set, questions_in, rows_of_documents
from .rights import set_of
from .sets import NO_TITLE, TITLE_LENGTH, append, new_set, touch, usable_text
from .slugs import numbered


def duplicate(session: Session, trainer: Player, set_id: int, now: datetime) -> DeskSet:
    """A copy of a set open to the trainer, as a draft of their own. Raises NotFound.

    Of another trainer's set the documents are copied too.
    """
    with writing(session):
        row = set_of(session, trainer, set_id)
        if row.owner_id != trainer.id:
            content, documents = draft_set(session, row), documents_in(session, row)
            return adopt_within(session, trainer, content, documents, now)
        drafts = [draft(question) for question in questions_in(session, row)]
        made = new_set(session, trainer, row.title, row.summary, list(row.languages), now)
        _quote_same_documents(session, made, set_id)
        append(session, made, drafts, trainer, now)
    return made


def adopt(
    session: Session,
    trainer: Player,
    content: DraftSet,
    documents: Mapping[str, SourceDocument],
    now: datetime,
) -> DeskSet:
    """A set that comes from elsewhere (shipped, a file) as a draft of the trainer's own.

    It keeps its slug where that is free. Its documents become the trainer's, except those they
    have already with the same words; taken slugs are numbered, and the quotes follow.
    """
    with writing(session):
        return adopt_within(session, trainer, content, documents, now)


def adopt_within(
    session: Session,
    trainer: Player,
    content: DraftSet,
    documents: Mapping[str, SourceDocument],
    now: datetime,
) -> DeskSet:
    """What `adopt` does, inside a transaction. Raises BadInput when something is too many."""
    texts = content.title, content.summary, list(content.languages)
    made = new_set(session, trainer, *texts, now, slug=content.slug)
    rows: dict[str, DeskDocument] = {}
    for slug in content.documents:
        rows[slug] = own_copy(session, trainer, documents[slug], rows.values(), now)
    quote_documents(session, made, list(rows.values()))
    slugs = {slug: row.slug for slug, row in rows.items()}
    drafts = [requoted(question, slugs) for question in content.questions]
    append(session, made, drafts, trainer, now)
    return made


def adopt_shipped(session: Session, trainer: Player, shipped: StoredSet, now: datetime) -> DeskSet:
    """A set on offer as a draft of the trainer's own: "duplicate to edit"."""
    content = DraftSet(
        slug=shipped.slug,
        title=shipped.title,
        summary=shipped.summary,
        documents=tuple(shipped.documents),
        questions=tuple(draft_of(revision.question) for revision in shipped.revisions),
        languages=shipped.languages,
    )
    return adopt(session, trainer, content, shipped.documents, now)


def requoted(question: Draft, slugs: Mapping[str, str]) -> Draft:
    """The question with the documents it goes by under their new slugs."""
    return replace(
        question,
        files=tuple(slugs.get(slug, slug) for slug in question.files),
        evidence=tuple(
            replace(evidence, document=slugs.get(evidence.document, evidence.document))
            for evidence in question.evidence
        ),
    )


def split(
    session: Session,
    trainer: Player,
    set_id: int,
    question_ids: Collection[int],
    title: Mapping[str, str],
    now: datetime,
) -> DeskSet:
    """Move questions of a set into a new one on the same documents.

    The new set belongs to whom the old one belongs to, shared as it is. Raises
    BadInput on `title`, or on `questions` when none or all are chosen, NotFound.
    """
    titles = usable_text(title, "title", TITLE_LENGTH)
    if not titles:
        raise BadInput("title", NO_TITLE)
    with writing(session):
        row = set_of(session, trainer, set_id, Right.EDIT, lock=True)
        present = questions_in(session, row)
        moving = [question for question in present if question.id in set(question_ids)]
        if not moving or len(moving) == len(present):
            raise BadInput("questions", msg("Tick some of the questions, not all of them."))
        owner = session.get_one(Player, row.owner_id)
        made = new_set(session, owner, titles, {}, list(row.languages), now)
        _quote_same_documents(session, made, set_id)
        _share_alike(session, made, set_id)
        for position, question in enumerate(moving):
            question.set_id, question.position = made.id, position
        touch(row, now)
    return made


def merge(session: Session, trainer: Player, set_id: int, other_id: int, now: datetime) -> int:
    """Copy the questions and documents of another set into this one; gives how many questions.

    The other set stays as it is. Raises BadInput on `other` when it is the same set, NotFound.
    """
    if set_id == other_id:
        raise BadInput("other", msg("A set cannot be merged with itself."))
    with writing(session):
        row = set_of(session, trainer, set_id, Right.EDIT, lock=True)
        other = set_of(session, trainer, other_id)
        slugs = _quote_documents_of(session, trainer, row, other, now)
        taken = {draft(question).contrast or "" for question in questions_in(session, row)}
        drafts = [requoted(draft(question), slugs) for question in questions_in(session, other)]
        append(session, row, _contrasted_anew(drafts, taken), trainer, now)
        return len(drafts)


def _quote_documents_of(
    session: Session, trainer: Player, target: DeskSet, other: DeskSet, now: datetime
) -> dict[str, str]:
    """Let a set quote what another one quotes; gives the slugs under which it does."""
    rows = rows_of_documents(session, target)
    slugs = {}
    for row in rows_of_documents(session, other):
        found = row if row in rows else quotable(session, trainer, target, row.id, now)
        slugs[row.slug] = found.slug
        if found not in rows:
            rows.append(found)
    quote_documents(session, target, rows)
    return slugs


def _contrasted_anew(drafts: Sequence[Draft], taken: Collection[str]) -> list[Draft]:
    """The drafts with their contrast groups numbered where one of that name is there already."""
    names = {d.contrast: numbered(d.contrast, taken) for d in drafts if d.contrast is not None}
    return [
        replace(d, contrast=names[d.contrast] if d.contrast is not None else None) for d in drafts
    ]


def _share_alike(session: Session, target: DeskSet, source_id: int) -> None:
    """Share a new set with whom another one is shared. Inside a transaction."""
    for share in session.scalars(select(SetShare).where(SetShare.set_id == source_id)):
        session.add(SetShare(set_id=target.id, trainer_id=share.trainer_id, right=share.right))


def _quote_same_documents(session: Session, target: DeskSet, source_id: int) -> None:
    """Let a set quote all documents of another one, after its own. Inside a transaction."""
    query = (
        select(DeskSetDocument.document_id, DeskSetDocument.set_id)
        .where(DeskSetDocument.set_id.in_((target.id, source_id)))
        .order_by(DeskSetDocument.position)
    )
    rows = session.execute(query).all()
    present = {row.document_id for row in rows if row.set_id == target.id}
    position = len(present)
    for row in rows:
        if row.document_id not in present:
            present.add(row.document_id)
            session.add(
                DeskSetDocument(set_id=target.id, document_id=row.document_id, position=position)
            )
            position += 1


def quote_documents(session: Session, desk_set: DeskSet, rows: Sequence[DeskDocument]) -> None:
    """Let a set quote these documents, in this order, and no others. Inside a transaction."""
    session.execute(delete(DeskSetDocument).where(DeskSetDocument.set_id == desk_set.id))
    session.add_all(
        DeskSetDocument(set_id=desk_set.id, document_id=row.id, position=position)
        for position, row in enumerate(rows)
    )
    session.flush()
