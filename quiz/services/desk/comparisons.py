"""What a finished reading tells: the reader's verdicts beside the author's, and their agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...domain.errors import NotFound
from ...domain.measures.agreement import Agreement, kappa
from ...domain.question_set import Draft
from ...domain.verdict import Verdict
from ...models import DeskQuestion, DeskSet, Player, Reading, Thread, ThreadKind
from .contents import documents_in, draft
from .readings import answers_of, items
from .rights import LARGEST_ID, question_of, set_of


@dataclass(frozen=True, slots=True)
class Compared:
    """One question read: the reader's verdict and note, the author's question as it is now.

    `is_stale` when its claim or a document has changed since it was read. `thread_id` is the
    disagreement's conversation, if there is one.
    """

    question_id: int
    draft: Draft
    said: Verdict
    note: str
    is_stale: bool
    thread_id: int | None

    @property
    def agrees(self) -> bool:
        """Whether reader and author give the same verdict."""
        return self.said is self.draft.verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """A finished reading. `agreement` leaves out what has changed since; None if nothing is left.

    `unread` counts the questions without an answer of the reader's.
    """

    reading: Reading
    desk_set: DeskSet
    reader: str
    rows: tuple[Compared, ...]
    unread: int
    agreement: Agreement | None
    is_reader: bool


def comparison(session: Session, trainer: Player, reading_id: int) -> Comparison:
    """The comparison, for the reader and for whom the set is open to.

    Raises NotFound, before the reading is finished too: nobody looks over a reader's shoulder.
    """
    reading = session.get(Reading, reading_id) if 0 < reading_id <= LARGEST_ID else None
    if reading is None or reading.finished_at is None:
        raise NotFound(reading_id)
    if reading.reader_id != trainer.id:
        set_of(session, trainer, reading.set_id)
    desk_set = session.get_one(DeskSet, reading.set_id)
    given = answers_of(session, reading)
    threads = _threads(session, reading, desk_set)
    every = items(session, reading, desk_set, documents_in(session, desk_set))
    rows = tuple(
        Compared(
            question_id=item.question.id,
            draft=draft(item.question),
            said=Verdict(row.verdict),
            note=row.note,
            is_stale=row.digest != item.digest,
            thread_id=threads.get(item.question.key),
        )
        for item in every
        if (row := given.get(item.question.id)) is not None
    )
    return Comparison(
        reading=reading,
        desk_set=desk_set,
        reader=session.get_one(Player, reading.reader_id).display_name,
        rows=rows,
        unread=len(every) - len(rows),
        agreement=_agreement(rows),
        is_reader=reading.reader_id == trainer.id,
    )


def read_alike(session: Session, trainer: Player, question_id: int) -> tuple[int, int]:
    """How many finished readings agree on a question, and how many have read it as it is now.

    Raises NotFound.
    """
    question: DeskQuestion = question_of(session, trainer, question_id)
    query = select(Reading.id).where(
        Reading.set_id == question.set_id, Reading.finished_at.is_not(None)
    )
    compared = [
        row
        for reading_id in session.scalars(query).all()
        for row in comparison(session, trainer, reading_id).rows
        if row.question_id == question_id and not row.is_stale
    ]
    return sum(row.agrees for row in compared), len(compared)


def _agreement(rows: Sequence[Compared]) -> Agreement | None:
    pairs = [
        (row.draft.verdict, row.said)
        for row in rows
        if row.draft.verdict is not None and not row.is_stale
    ]
    return kappa(pairs) if pairs else None


def _threads(session: Session, reading: Reading, desk_set: DeskSet) -> dict[str, int]:
    """The conversations that the reading opened, by the question's key."""
    query = select(Thread.question_key, Thread.id).where(
        Thread.kind == ThreadKind.DISAGREEMENT,
        Thread.set_slug == desk_set.slug,
        Thread.player_id == reading.reader_id,
        Thread.opened_at == reading.finished_at,
    )
    return dict(session.execute(query).all())
