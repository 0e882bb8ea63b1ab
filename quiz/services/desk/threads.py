"""Conversations about questions: colleagues' remarks, readers' disagreements, learners' disputes.

Those of a set at the desk belong to its owner and whom it is shared with, and a disagreement to its
reader too. A dispute of a shipped question is every trainer's. Who disputes stays unnamed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from ...domain.errors import BadInput, NotFound
from ...domain.message import msg
from ...domain.question_set import Text
from ...domain.scoring import Confidence
from ...domain.verdict import Verdict
from ...models import (
    Comment,
    DeskQuestion,
    DeskSet,
    Player,
    QuestionSetRow,
    Reading,
    ReadingAnswer,
    Thread,
    ThreadKind,
)
from ...storage.db import writing
from ..library.catalogue import Revision, catalogue_of
from ..library.history import history
from .contents import draft
from .rights import LARGEST_ID, may_edit, question_of, set_of, sets_of

COMMENT_LENGTH = 2000
COMMENT_SIZE = msg("Write 1 to 2,000 characters.")
PAGE = 30


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody wrote; `author` is None when they have left, or are the learner."""

    author: str | None
    is_learner: bool
    comment: Comment


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread as a trainer sees it.

    claim: the question's, as it was disputed or as it is now at the desk; None when it is gone.
    revision: what a learner disputes. question_id: the question at the desk, None when there is
    none or it is not open to the trainer.
    """

    thread: Thread
    title: Text
    claim: Text | None
    revision: Revision | None
    question_id: int | None
    remarks: tuple[Remark, ...]

    @property
    def is_answered(self) -> bool:
        """Whether something was sent to the learner."""
        return any(remark.comment.is_answer for remark in self.remarks)


@dataclass(frozen=True, slots=True)
class ThreadVerdict:
    """The verdict that a thread is about: a learner's, with how sure they were, or a reader's."""

    verdict: Verdict
    confidence: Confidence | None


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of a trainer's conversations, open ones first, the latest first."""

    conversations: tuple[Conversation, ...]
    open: int
    total: int
    page: int
    pages: int


def inbox(session: Session, trainer: Player, page: int) -> Inbox:
    """A page of 30 of all conversations open to the trainer. A page too far is the last one."""
    mine = _is_open_to(session, trainer)
    total = session.scalar(select(func.count()).select_from(Thread).where(mine)) or 0
    waiting = select(func.count()).select_from(Thread).where(mine, Thread.resolved_at.is_(None))
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    query = (
        select(Thread)
        .where(mine)
        .order_by(Thread.resolved_at.is_not(None), Thread.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    found = _conversations(session, trainer, session.scalars(query).all())
    return Inbox(found, session.scalar(waiting) or 0, total, page, pages)


def waiting(session: Session, trainer: Player) -> int:
    """How much waits for the trainer: readings asked for, open conversations. One query."""
    readings = select(func.count()).where(
        Reading.reader_id == trainer.id, Reading.finished_at.is_(None)
    )
    threads = (
        select(func.count())
        .select_from(Thread)
        .where(_is_open_to(session, trainer), Thread.resolved_at.is_(None))
    )
    query = select(readings.scalar_subquery() + threads.scalar_subquery())
    return session.scalar(query) or 0


def open_on_set(session: Session, trainer: Player, set_id: int) -> tuple[Conversation, ...]:
    """The open conversations about a set, the latest first. Raises NotFound."""
    row = set_of(session, trainer, set_id)
    query = select(Thread).where(
        _is_open_to(session, trainer), Thread.set_slug == row.slug, Thread.resolved_at.is_(None)
    )
    rows = session.scalars(query.order_by(Thread.id.desc())).all()
    return _conversations(session, trainer, rows)


def on_question(session: Session, trainer: Player, question_id: int) -> tuple[Conversation, ...]:
    """All conversations about a question at the desk, open ones first. Raises NotFound."""
    question = question_of(session, trainer, question_id)
    slug = session.get_one(DeskSet, question.set_id).slug
    query = select(Thread).where(
        _is_open_to(session, trainer),
        Thread.set_slug == slug,
        Thread.question_key == question.key,
    )
    query = query.order_by(Thread.resolved_at.is_not(None), Thread.id.desc())
    return _conversations(session, trainer, session.scalars(query).all())


def conversation(session: Session, trainer: Player, thread_id: int) -> Conversation:
    """One conversation. Raises NotFound."""
    return _conversations(session, trainer, [_thread(session, trainer, thread_id)])[0]


def given_in(session: Session, thread: Thread) -> ThreadVerdict | None:
    """What the learner answered, or the reader; None for a remark, or when it is gone."""
    if thread.player_id is None:
        return None
    if thread.kind is ThreadKind.DISPUTE:
        answers = history(session, thread.player_id)
        before = [a for a in answers if a.answered_at <= thread.opened_at]
        for answer in reversed(before):
            if answer.revision.id == thread.revision_id:
                return ThreadVerdict(answer.final.verdict, answer.final.confidence)
        return None
    query = (
        select(ReadingAnswer.verdict)
        .join(Reading, Reading.id == ReadingAnswer.reading_id)
        .join(DeskQuestion, DeskQuestion.id == ReadingAnswer.question_id)
        .join(DeskSet, DeskSet.id == Reading.set_id)
        .where(
            Reading.reader_id == thread.player_id,
            DeskSet.slug == thread.set_slug,
            DeskQuestion.key == thread.question_key,
        )
    )
    said = session.scalar(query)
    return ThreadVerdict(Verdict(said), None) if said else None


def remark(session: Session, trainer: Player, question_id: int, text: str, now: datetime) -> Thread:
    """Begin a conversation about a question at the desk.

    Raises BadInput on `text` unless it has 1 to 2,000 characters, NotFound.
    """
    text = _usable(text)
    if not text:
        raise BadInput("text", COMMENT_SIZE)
    with writing(session):
        question = question_of(session, trainer, question_id)
        made = Thread(
            kind=ThreadKind.REMARK,
            set_slug=session.get_one(DeskSet, question.set_id).slug,
            question_key=question.key,
            player_id=trainer.id,
            opened_at=now,
        )
        session.add(made)
        session.flush()
        session.add(Comment(thread_id=made.id, author_id=trainer.id, text=text, at=now))
    return made


def reply(
    session: Session,
    trainer: Player,
    thread_id: int,
    text: str,
    to_learner: bool,
    close: bool | None,
    now: datetime,
) -> None:
    """Write in a conversation, close it (`close`) or open it again (False), or both.

    With `to_learner` the learner who disputes reads it too. The same words twice in a row by one
    author, a form sent twice, stand once. Raises BadInput on `text` when there is nothing to do or
    it is longer than 2,000 characters, or on `to_learner` when the set is another trainer's who
    lets this one only read it; NotFound.
    """
    text = _usable(text)
    if not text and close is None:
        raise BadInput("text", COMMENT_SIZE)
    with writing(session):
        thread = _thread(session, trainer, thread_id, lock=True)
        if thread.kind is ThreadKind.DISPUTE and (to_learner or close is not None):
            _check_may_answer(session, trainer, thread)
        last = session.scalar(
            select(Comment).where(Comment.thread_id == thread.id).order_by(Comment.id.desc())
        )
        is_new = last is None or (last.author_id, last.text) != (trainer.id, text)
        is_answer = to_learner and thread.kind is ThreadKind.DISPUTE
        if text and is_new:
            session.add(
                Comment(
                    thread_id=thread.id,
                    author_id=trainer.id,
                    text=text,
                    is_answer=is_answer,
                    at=now,
                )
            )
        if close is not None and close is (thread.resolved_at is None):
            thread.resolved_at = now if close else None


def _usable(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > COMMENT_LENGTH:
        raise BadInput("text", COMMENT_SIZE)
    return text


def _thread(session: Session, trainer: Player, thread_id: int, lock: bool = False) -> Thread:
    """The thread, if it is open to the trainer. Raises NotFound."""
    query = select(Thread).where(Thread.id == thread_id, _is_open_to(session, trainer))
    if lock:
        query = query.with_for_update(of=Thread).execution_options(populate_existing=True)
    found = session.scalar(query) if 0 < thread_id <= LARGEST_ID else None
    if found is None:
        raise NotFound(thread_id)
    return found


def _check_may_answer(session: Session, trainer: Player, thread: Thread) -> None:
    """Learners hear from those who may change the set. Raises BadInput."""
    desk_set = session.scalar(select(DeskSet).where(DeskSet.slug == thread.set_slug))
    if desk_set is not None and not may_edit(session, trainer, desk_set):
        raise BadInput(
            "to_learner", msg("You may read this set only: those who edit it answer the learner.")
        )


def _is_open_to(session: Session, trainer: Player) -> ColumnElement[bool]:
    """The condition for what a trainer may read and write in.

    A set of the same name that was deleted before this one began is another set.
    """
    named = select(DeskSet.id).where(DeskSet.slug == Thread.set_slug)
    mine = named.where(
        DeskSet.id.in_([row.id for row in sets_of(session, trainer)]),
        DeskSet.created_at <= Thread.opened_at,
    )
    return or_(
        mine.exists(),
        and_(Thread.kind == ThreadKind.DISPUTE, ~named.exists()),
        and_(Thread.kind == ThreadKind.DISAGREEMENT, Thread.player_id == trainer.id),
    )


def _conversations(
    session: Session, trainer: Player, threads: Sequence[Thread]
) -> tuple[Conversation, ...]:
    """The threads with all that is shown of them: a few queries, however many."""
    remarks = _remarks(session, threads)
    slugs = {thread.set_slug for thread in threads}
    shipped = select(QuestionSetRow).where(QuestionSetRow.slug.in_(slugs))
    titles: dict[str, Text] = {row.slug: row.title for row in session.scalars(shipped)}
    at_desk = session.scalars(select(DeskSet).where(DeskSet.slug.in_(slugs))).all()
    titles |= {row.slug: row.title for row in at_desk}
    names = {row.id: row.slug for row in at_desk}
    questions = {
        (names[row.set_id], row.key): row
        for row in session.scalars(select(DeskQuestion).where(DeskQuestion.set_id.in_(names)))
    }
    own = {row.id for row in sets_of(session, trainer)}
    ids = [thread.revision_id for thread in threads if thread.revision_id is not None]
    revisions = catalogue_of(session).revisions(session, ids)
    found = []
    for thread in threads:
        question = questions.get((thread.set_slug, thread.question_key))
        revision = revisions.get(thread.revision_id or 0)
        claim = draft(question).claim if question else None
        found.append(
            Conversation(
                thread=thread,
                title=titles.get(thread.set_slug, {}),
                claim=revision.question.claim if revision else claim,
                revision=revision,
                question_id=question.id if question and question.set_id in own else None,
                remarks=tuple(remarks.get(thread.id, ())),
            )
        )
    return tuple(found)


def _remarks(session: Session, threads: Sequence[Thread]) -> dict[int, list[Remark]]:
    """What was written in threads, oldest first. The first words of a dispute are the learner's."""
    disputes = {thread.id for thread in threads if thread.kind is ThreadKind.DISPUTE}
    query = (
        select(Comment, Player)
        .outerjoin(Player, Player.id == Comment.author_id)
        .where(Comment.thread_id.in_([thread.id for thread in threads]))
        .order_by(Comment.id)
    )
    found: dict[int, list[Remark]] = {}
    for comment, author in session.execute(query):
        said = found.setdefault(comment.thread_id, [])
        is_learner = comment.thread_id in disputes and not said
        name = author.display_name if author is not None and not is_learner else None
        said.append(Remark(name, is_learner, comment))
    return found
