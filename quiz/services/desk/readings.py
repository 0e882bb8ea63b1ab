"""A second reader: a colleague who judges a set's claims on its documents, and sees no key.

Whoever may read the set has seen the keys, so they cannot be asked; a reading ends when its reader
is given the set.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ...content.format.canonical import canonical_json, document_digest
from ...domain.errors import BadInput, Conflict, NotFound
from ...domain.message import msg
from ...domain.question_set import SourceDocument, Text
from ...domain.verdict import Verdict
from ...models import (
    Comment,
    DeskQuestion,
    DeskSet,
    Player,
    Reading,
    ReadingAnswer,
    Right,
    SetShare,
    Thread,
    ThreadKind,
)
from ...storage.db import writing
from ..accounts.players import LONGEST_TYPED, name_key
from .contents import documents_in, draft, questions_in
from .rights import LARGEST_ID, NO_TRAINER, set_of

NOTE_LENGTH = 1000
READING_OVER = msg("This reading is finished: nothing in it changes any more.")


@dataclass(frozen=True, slots=True)
class BlindClaim:
    """A claim as its reader sees it, with what they said of it so far.

    `name` stands for the question in addresses. `digest` names the words shown; `is_stale` when
    the answer was given for others.
    """

    name: str
    claim: Text
    digest: str
    verdict: Verdict | None
    note: str
    is_stale: bool

    @property
    def is_done(self) -> bool:
        """Whether there is an answer to the words as they are now."""
        return self.verdict is not None and not self.is_stale


@dataclass(frozen=True, slots=True)
class BlindReading:
    """All that a reader gets before finishing.

    `is_blind` is False once the reader may read the set: then no answer is taken any more.
    """

    id: int
    title: Text
    documents: tuple[SourceDocument, ...]
    claims: tuple[BlindClaim, ...]
    is_blind: bool

    @property
    def left(self) -> int:
        """How many claims wait for an answer."""
        return sum(not claim.is_done for claim in self.claims)

    def following(self, name: str) -> str | None:
        """The next claim without an answer after this one, from the start again at the end."""
        names = [claim.name for claim in self.claims]
        here = names.index(name) + 1 if name in names else 0
        ahead = self.claims[here:] + self.claims[:here]
        return next((claim.name for claim in ahead if not claim.is_done), None)


@dataclass(frozen=True, slots=True)
class ReadingProgress:
    """A reading in a list: who reads what, and how far. `title` is the set's."""

    reading: Reading
    title: Text
    reader: str
    answered: int
    total: int


@dataclass(frozen=True, slots=True)
class ReadingQuestion:
    """A question of a reading: its name there, and the digest of what is read."""

    name: str
    question: DeskQuestion
    digest: str


def ask_reader(session: Session, trainer: Player, set_id: int, name: str, now: datetime) -> Reading:
    """Ask another trainer, by their exact name, to read a set blind.

    Raises BadInput on `reader` when nobody has this name as a trainer, when they may read the set,
    and so have seen the keys, or were asked before; NotFound.
    """
    with writing(session):
        row = set_of(session, trainer, set_id, Right.EDIT, lock=True)
        key = name_key(name[:LONGEST_TYPED])
        reader = session.scalar(select(Player).where(Player.name_key == key, Player.is_trainer))
        if reader is None:
            raise BadInput("reader", NO_TRAINER)
        if _has_seen(session, row, reader.id):
            raise BadInput(
                "reader",
                msg(
                    "Whoever may read this set has seen its verdicts, and cannot read it blind. "
                    "Ask somebody else."
                ),
            )
        if session.scalar(select(Reading).filter_by(set_id=row.id, reader_id=reader.id)):
            raise BadInput("reader", msg("This trainer has been asked already."))
        made = Reading(set_id=row.id, reader_id=reader.id, asked_at=now)
        session.add(made)
    return made


def withdraw(session: Session, trainer: Player, reading_id: int) -> int:
    """Take a request back with all that was answered; gives the set's id.

    Raises Conflict when the reading is finished, NotFound.
    """
    with writing(session):
        reading = _reading(session, reading_id, lock=True)
        set_of(session, trainer, reading.set_id, Right.EDIT)
        _drop(session, reading)
        return reading.set_id


def decline(session: Session, reader: Player, reading_id: int) -> None:
    """Say no to a request, or give up. Raises Conflict when it is finished, NotFound."""
    with writing(session):
        _drop(session, _own(session, reader, reading_id, lock=True))


def asked_of(session: Session, reader: Player) -> list[ReadingProgress]:
    """What a trainer was asked to read, unfinished first, the latest first."""
    query = select(Reading).where(Reading.reader_id == reader.id)
    return _progress(session, list(session.scalars(query)))


def readings_of(session: Session, trainer: Player, set_id: int) -> list[ReadingProgress]:
    """The readings of a set open to the trainer, unfinished first. Raises NotFound."""
    row = set_of(session, trainer, set_id)
    return _progress(session, list(session.scalars(select(Reading).filter_by(set_id=row.id))))


def blind_reading(session: Session, reader: Player, reading_id: int) -> BlindReading | None:
    """What the reader sees while reading; None when it is finished, or not theirs to read."""
    reading = session.get(Reading, reading_id) if 0 < reading_id <= LARGEST_ID else None
    if reading is None or reading.reader_id != reader.id or reading.finished_at is not None:
        return None
    desk_set = session.get_one(DeskSet, reading.set_id)
    documents = documents_in(session, desk_set)
    given = answers_of(session, reading)
    return BlindReading(
        id=reading.id,
        title=desk_set.title,
        documents=tuple(documents.values()),
        claims=tuple(_claim(i, given) for i in items(session, reading, desk_set, documents)),
        is_blind=not _has_seen(session, desk_set, reader.id),
    )


def answer(
    session: Session,
    reader: Player,
    reading_id: int,
    name: str,
    verdict: Verdict,
    note: str,
    digest: str,
    now: datetime,
) -> None:
    """Store a verdict on a claim of the reading, or change it; `digest` names the words read.

    Raises BadInput on `verdict` when the words have changed since, on `note` when it is too long,
    Conflict when the reading is finished or not blind any more, NotFound.
    """
    note = note.replace("\r\n", "\n").strip()
    if len(note) > NOTE_LENGTH:
        raise BadInput("note", msg("A note has at most 1,000 characters."))
    with writing(session):
        reading = _own(session, reader, reading_id, lock=True)
        desk_set = session.get_one(DeskSet, reading.set_id)
        if reading.finished_at is not None or _has_seen(session, desk_set, reader.id):
            raise Conflict(READING_OVER)
        item = _item(session, reading, desk_set, name)
        if item.digest != digest:
            raise BadInput(
                "verdict", msg("The claim or a file has changed meanwhile: read it again.")
            )
        place = (reading.id, item.question.id)
        row = session.get(ReadingAnswer, place, populate_existing=True)
        if row is None:
            row = ReadingAnswer(reading_id=reading.id, question_id=item.question.id)
            session.add(row)
        row.digest, row.verdict, row.note, row.at = digest, verdict.value, note, now


def finish(session: Session, reader: Player, reading_id: int, is_sure: bool, now: datetime) -> None:
    """Finish a reading: each disagreement opens a thread. A second time changes nothing.

    Raises BadInput on `sure` when claims are left and the reader is not sure, NotFound.
    """
    with writing(session):
        reading = _own(session, reader, reading_id, lock=True)
        blind = blind_reading(session, reader, reading_id)
        if blind is None:
            return
        if blind.left and blind.is_blind and not is_sure:
            raise BadInput(
                "sure", msg("Some claims have no answer yet. Tick the box to finish all the same.")
            )
        _end(session, reading, now)


def end_seen(session: Session, trainer: Player, set_id: int, now: datetime) -> None:
    """Finish the readings of those whom a set was shared with meanwhile, with what is there.

    From the moment they have the set no answer of theirs is taken; this ends it for good, should
    the set be taken back from them. Raises NotFound.
    """
    with writing(session):
        row = set_of(session, trainer, set_id, Right.EDIT, lock=True)
        shared = select(SetShare.trainer_id).where(SetShare.set_id == row.id)
        query = select(Reading).where(
            Reading.set_id == row.id,
            Reading.finished_at.is_(None),
            Reading.reader_id.in_(shared),
        )
        held = query.order_by(Reading.id).with_for_update()
        for reading in session.scalars(held.execution_options(populate_existing=True)).all():
            _end(session, reading, now)


def items(
    session: Session,
    reading: Reading,
    desk_set: DeskSet,
    documents: Mapping[str, SourceDocument],
) -> list[ReadingQuestion]:
    """The questions of a reading that have a claim, in its own order.

    Neither the order nor a name tells where a question stands in its set: both come from a digest
    that holds the very moment of the request, which nobody is shown.
    """
    digests = {slug: document_digest(document) for slug, document in documents.items()}
    found = []
    for question in questions_in(session, desk_set):
        claim = draft(question).claim
        if claim:
            seed = f"{reading.asked_at.timestamp()}/{reading.id}/{question.id}"
            words = canonical_json({"claim": dict(claim), "documents": digests})
            found.append(ReadingQuestion(_sha256(seed)[:12], question, _sha256(words)))
    return sorted(found, key=lambda item: item.name)


def answers_of(session: Session, reading: Reading) -> dict[int, ReadingAnswer]:
    """A reader's answers by the question's id, as the database has them."""
    query = select(ReadingAnswer).where(ReadingAnswer.reading_id == reading.id)
    query = query.execution_options(populate_existing=True)
    return {row.question_id: row for row in session.scalars(query)}


def _claim(item: ReadingQuestion, given: Mapping[int, ReadingAnswer]) -> BlindClaim:
    row = given.get(item.question.id)
    return BlindClaim(
        name=item.name,
        claim=draft(item.question).claim,
        digest=item.digest,
        verdict=Verdict(row.verdict) if row else None,
        note=row.note if row else "",
        is_stale=row is not None and row.digest != item.digest,
    )


def _item(session: Session, reading: Reading, desk_set: DeskSet, name: str) -> ReadingQuestion:
    """The question of this name, held until the end of the transaction. Raises NotFound."""
    for item in items(session, reading, desk_set, documents_in(session, desk_set)):
        if item.name == name:
            held = select(DeskQuestion.id).where(DeskQuestion.id == item.question.id)
            if session.scalar(held.with_for_update(read=True)) is not None:
                return item
    raise NotFound(name)


def _end(session: Session, reading: Reading, now: datetime) -> None:
    """Mark a held reading as finished and open a thread for each disagreement."""
    reading.finished_at = now
    desk_set = session.get_one(DeskSet, reading.set_id)
    given = answers_of(session, reading)
    for item in items(session, reading, desk_set, documents_in(session, desk_set)):
        row, verdict = given.get(item.question.id), draft(item.question).verdict
        if row is None or row.digest != item.digest or verdict in (None, Verdict(row.verdict)):
            continue
        thread = Thread(
            kind=ThreadKind.DISAGREEMENT,
            set_slug=desk_set.slug,
            question_key=item.question.key,
            player_id=reading.reader_id,
            opened_at=now,
        )
        session.add(thread)
        session.flush()
        if row.note:
            session.add(
                Comment(thread_id=thread.id, author_id=reading.reader_id, text=row.note, at=now)
            )


def _drop(session: Session, reading: Reading) -> None:
    if reading.finished_at is not None:
        raise Conflict(READING_OVER)
    session.execute(delete(Reading).where(Reading.id == reading.id))


def _progress(session: Session, readings: Collection[Reading]) -> list[ReadingProgress]:
    """The readings with how far they are: four queries, however many."""
    sets = {r.set_id for r in readings}
    rows = {row.id: row for row in session.scalars(select(DeskSet).where(DeskSet.id.in_(sets)))}
    people = {r.reader_id for r in readings}
    names = {
        player.id: player.display_name
        for player in session.scalars(select(Player).where(Player.id.in_(people)))
    }
    questions = session.scalars(select(DeskQuestion).where(DeskQuestion.set_id.in_(sets)))
    totals = Counter(question.set_id for question in questions if draft(question).claim)
    counted = (
        select(ReadingAnswer.reading_id, func.count())
        .where(ReadingAnswer.reading_id.in_([r.id for r in readings]))
        .group_by(ReadingAnswer.reading_id)
    )
    answered = dict(session.execute(counted).all())
    ordered = sorted(readings, key=lambda r: (r.finished_at is not None, -r.asked_at.timestamp()))
    return [
        ReadingProgress(
            reading=r,
            title=rows[r.set_id].title,
            reader=names[r.reader_id],
            answered=answered.get(r.id, 0),
            total=totals[r.set_id],
        )
        for r in ordered
    ]


def _own(session: Session, reader: Player, reading_id: int, lock: bool = False) -> Reading:
    reading = _reading(session, reading_id, lock)
    if reading.reader_id != reader.id:
        raise NotFound(reading_id)
    return reading


def _reading(session: Session, reading_id: int, lock: bool = False) -> Reading:
    """The reading, whoever asks. Raises NotFound."""
    query = select(Reading).where(Reading.id == reading_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query) if 0 < reading_id <= LARGEST_ID else None
    if found is None:
        raise NotFound(reading_id)
    return found


def _has_seen(session: Session, desk_set: DeskSet, player_id: int) -> bool:
    """Whether somebody may read the set, and so the keys."""
    return desk_set.owner_id == player_id or (
        session.get(SetShare, (desk_set.id, player_id), populate_existing=True) is not None
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()
