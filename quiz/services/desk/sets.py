"""Sets at the desk: made, named, filled, put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ...content.format.canonical import draft_to_dict
from ...domain.errors import BadInput, NotFound
from ...domain.message import msg
from ...domain.question_set import LANGUAGES, Draft, Text
from ...domain.set_life import SetStage
from ...models import (
    DeskEdit,
    DeskQuestion,
    DeskSet,
    DeskSetDocument,
    Player,
    QuestionRevision,
    QuestionSetRow,
    Right,
    SetEdition,
    Thread,
)
from ...storage.db import writing
from .borrowing import quotable
from .contents import draft, questions_in
from .rights import document_of, own_set, question_of, set_of
from .slugs import free_set_slug, numbered, one_at_a_time

TITLE_LENGTH = 120
SUMMARY_LENGTH = 400
MOST_SETS = 200
MOST_QUESTIONS = 300
_TOO_LONG = {
    "title": msg("A title has at most 120 characters."),
    "summary": msg("A summary has at most 400 characters."),
}
NO_TITLE = msg("Give the set a title, in one language at least.")


def create_set(
    session: Session,
    trainer: Player,
    title: Mapping[str, str],
    languages: Sequence[str],
    documents: Sequence[int],
    now: datetime,
) -> DeskSet:
    """A new, empty set on documents open to the trainer, by their ids; others' are copied.

    Raises BadInput on `title` or `languages`, NotFound on a document.
    """
    texts, codes = usable_text(title, "title", TITLE_LENGTH), usable_languages(languages)
    if not texts:
        raise BadInput("title", NO_TITLE)
    with writing(session):
        made = new_set(session, trainer, texts, {}, codes, now)
        for position, document_id in enumerate(dict.fromkeys(documents)):
            row = quotable(session, trainer, made, document_id, now)
            session.add(DeskSetDocument(set_id=made.id, document_id=row.id, position=position))
    return made


def describe(
    session: Session,
    trainer: Player,
    set_id: int,
    title: Mapping[str, str],
    summary: Mapping[str, str],
    languages: Sequence[str],
    now: datetime,
) -> DeskSet:
    """Name a set. Raises BadInput on `title`, `summary` or `languages`, NotFound."""
    titles = usable_text(title, "title", TITLE_LENGTH)
    if not titles:
        raise BadInput("title", NO_TITLE)
    with writing(session):
        row = set_of(session, trainer, set_id, Right.EDIT, lock=True)
        row.title = titles
        row.summary = usable_text(summary, "summary", SUMMARY_LENGTH)
        row.languages = usable_languages(languages)
        touch(row, now)
    return row


def add_document(
    session: Session, trainer: Player, set_id: int, document_id: int, now: datetime
) -> None:
    """Let a set quote one more document, as `quotable` gives it. Raises NotFound.

    Nothing changes when it does already.
    """
    with writing(session):
        row = set_of(session, trainer, set_id, Right.EDIT, lock=True)
        if session.get(DeskSetDocument, (set_id, document_id)) is not None:
            return
        document = quotable(session, trainer, row, document_id, now)
        if session.get(DeskSetDocument, (set_id, document.id)) is None:
            after = session.scalar(
                select(func.coalesce(func.max(DeskSetDocument.position), -1)).where(
                    DeskSetDocument.set_id == set_id
                )
            )
            position = (-1 if after is None else after) + 1
            session.add(DeskSetDocument(set_id=set_id, document_id=document.id, position=position))
            touch(row, now)


def drop_document(
    session: Session, trainer: Player, set_id: int, document_id: int, now: datetime
) -> None:
    """Take a document out of a set. Raises BadInput while a question quotes it, NotFound."""
    with writing(session):
        row = set_of(session, trainer, set_id, Right.EDIT, lock=True)
        document = document_of(session, trainer, document_id)
        quoted = {e.document for q in questions_in(session, row) for e in draft(q).evidence}
        if document.slug in quoted:
            raise BadInput(
                "document", msg("A question quotes this document. Take the quote out first.")
            )
        session.execute(
            delete(DeskSetDocument).where(
                DeskSetDocument.set_id == set_id, DeskSetDocument.document_id == document.id
            )
        )
        touch(row, now)


def append(
    session: Session,
    desk_set: DeskSet,
    drafts: Sequence[Draft],
    by: Player,
    now: datetime,
    come_back: bool = False,
) -> list[DeskQuestion]:
    """Put drafts at the end of a set. Inside a transaction that holds the set.

    An id that is or was in use is numbered; those that `come_back` out of a file of the set are
    the questions they were. Raises BadInput when the set is full.
    """
    present = questions_in(session, desk_set)
    if len(present) + len(drafts) > MOST_QUESTIONS:
        raise BadInput("questions", msg("A set has at most 300 questions."))
    taken = {row.key for row in present}
    if not come_back:
        taken |= _keys_once_used(session, desk_set)
    position = max((row.position for row in present), default=-1)
    made = []
    for start in drafts:
        key = numbered(start.id, taken)
        taken.add(key)
        position += 1
        body = draft_to_dict(start) | {"id": key}
        row = DeskQuestion(
            set_id=desk_set.id, key=key, position=position, body=body, updated_at=now
        )
        session.add(row)
        session.flush()
        session.add(DeskEdit(question_id=row.id, number=1, body=body, by_id=by.id, at=now))
        made.append(row)
    touch(desk_set, now)
    session.flush()
    return made


def _keys_once_used(session: Session, desk_set: DeskSet) -> set[str]:
    """What questions of the set were called that players answered or somebody spoke of."""
    answered = select(QuestionRevision.question_id).where(
        QuestionRevision.set_slug == desk_set.slug
    )
    spoken_of = select(Thread.question_key).where(Thread.set_slug == desk_set.slug)
    return {*session.scalars(answered), *session.scalars(spoken_of)}


def drop_question(session: Session, trainer: Player, question_id: int, now: datetime) -> int:
    """Delete a question of a set; gives the set's id. Editions keep it. Raises NotFound."""
    with writing(session):
        row = _set_around(session, trainer, question_id)
        session.execute(delete(DeskQuestion).where(DeskQuestion.id == question_id))
        touch(row, now)
        return row.id


def reorder(
    session: Session, trainer: Player, set_id: int, order: Sequence[int], now: datetime
) -> None:
    """Put the questions of a set in this order of ids. Those not named follow as they were.

    Ids of other sets count for nothing. Raises NotFound.
    """
    with writing(session):
        row = set_of(session, trainer, set_id, Right.EDIT, lock=True)
        questions = questions_in(session, row)
        rank = {question_id: n for n, question_id in enumerate(dict.fromkeys(order))}
        last = len(rank)
        _number(sorted(questions, key=lambda question: rank.get(question.id, last)))
        touch(row, now)


def shift(
    session: Session, trainer: Player, question_id: int, by: int, now: datetime
) -> tuple[int, int]:
    """Move a question `by` places on, or back when negative, as far as there are places.

    Gives its set's id and its new place, counted from 1. Raises NotFound.
    """
    with writing(session):
        row = _set_around(session, trainer, question_id)
        questions = questions_in(session, row)
        place = next(n for n, question in enumerate(questions) if question.id == question_id)
        target = min(max(place + by, 0), len(questions) - 1)
        questions.insert(target, questions.pop(place))
        _number(questions)
        touch(row, now)
        return row.id, target + 1


def _number(questions: Sequence[DeskQuestion]) -> None:
    for position, question in enumerate(questions):
        question.position = position


def _set_around(session: Session, trainer: Player, question_id: int) -> DeskSet:
    """The set that a question is in, held: first the set, then its questions. Raises NotFound."""
    set_id = question_of(session, trainer, question_id, Right.EDIT).set_id
    row = set_of(session, trainer, set_id, Right.EDIT, lock=True)
    moved = question_of(session, trainer, question_id, Right.EDIT, lock=True).set_id != set_id
    if moved:  # split off meanwhile
        raise NotFound(question_id)
    return row


def delete_set(session: Session, trainer: Player, set_id: int) -> None:
    """Delete a set that was never published. Raises BadInput on `stage` otherwise, NotFound."""
    with writing(session):
        row = own_set(session, trainer, set_id, lock=True)
        if session.scalar(select(SetEdition.id).where(SetEdition.set_id == set_id).limit(1)):
            raise BadInput(
                "stage",
                msg("This set was published: archive it instead. Players keep their answers."),
            )
        if session.get(QuestionSetRow, row.slug) is None:
            session.execute(delete(Thread).where(Thread.set_slug == row.slug))
        session.execute(delete(DeskSet).where(DeskSet.id == row.id))


def usable_text(text: Mapping[str, str], field: str, longest: int) -> dict[str, str]:
    """The languages written, without idle spaces. Raises BadInput on `field`: one is too long."""
    written = {code: " ".join(text.get(code, "").split()) for code in LANGUAGES}
    if any(len(words) > longest for words in written.values()):
        raise BadInput(field, _TOO_LONG[field])
    return {code: words for code, words in written.items() if words}


def usable_languages(languages: Sequence[str]) -> list[str]:
    """The languages a set is in, in the game's order. Raises BadInput when there is none."""
    chosen = [code for code in LANGUAGES if code in languages]
    if not chosen:
        raise BadInput("languages", msg("Choose at least one language."))
    return chosen


def new_set(
    session: Session,
    trainer: Player,
    title: Text,
    summary: Text,
    languages: list[str],
    now: datetime,
    slug: str = "",
) -> DeskSet:
    """A new, empty set, with this slug or one after its title. Inside a transaction.

    A taken slug is numbered. Raises BadInput on `title` when the trainer has too many.
    """
    one_at_a_time(session)
    own = session.scalar(
        select(func.count()).select_from(DeskSet).where(DeskSet.owner_id == trainer.id)
    )
    if (own or 0) >= MOST_SETS:
        raise BadInput("title", msg("You have 200 sets. Delete one before making another."))
    made = DeskSet(
        slug=free_set_slug(session, slug or next(iter(title.values()))),
        owner_id=trainer.id,
        title=dict(title),
        summary=dict(summary),
        languages=languages,
        stage=SetStage.DRAFT,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    return made


def touch(row: DeskSet, now: datetime) -> None:
    """Note that a set has changed. Inside a transaction that holds it."""
    row.version += 1
    row.updated_at = now
