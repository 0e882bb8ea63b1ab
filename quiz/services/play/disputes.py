"""A learner disputes a verdict; what trainers answer comes back to the question's review page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...domain.errors import BadInput, Conflict, NotFound
from ...domain.message import msg
from ...models import Comment, Player, Thread, ThreadKind
from ...storage.db import writing
from .review import reviewed_question

DISPUTE_LENGTH = (10, 1000)


class Standing(StrEnum):
    """How far a dispute is."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Dispute:
    """What a learner wrote of a question, and what was answered to them."""

    key: str
    revision_id: int | None
    text: str
    opened_at: datetime
    resolved_at: datetime | None
    answers: tuple[Comment, ...]

    @property
    def standing(self) -> Standing:
        """Closed once trainers have closed it, else whether they have answered."""
        if self.resolved_at is not None:
            return Standing.CLOSED
        return Standing.ANSWERED if self.answers else Standing.OPEN


def dispute(
    session: Session, player: Player, set_slug: str, question_id: str, text: str, now: datetime
) -> None:
    """Dispute a question, in the revision that the player answered last.

    Raises BadInput on `text` unless it has 10 to 1,000 characters, Conflict when the player has an
    open dispute on this revision, NotFound when they have not answered the question.
    """
    text = text.replace("\r\n", "\n").strip()
    low, high = DISPUTE_LENGTH
    if not low <= len(text) <= high:
        raise BadInput(
            "text", msg("Say in 10 to 1,000 characters what in the file makes you think so.")
        )
    with writing(session):
        # One at a time for each player: that is what keeps two at once from being two.
        held = select(Player.id).where(Player.id == player.id).with_for_update()
        if session.scalar(held) is None:
            raise NotFound(player.id)
        seen = reviewed_question(session, player.id, set_slug, question_id)[0].revision
        is_open = select(Thread.id).where(
            Thread.player_id == player.id,
            Thread.revision_id == seen.id,
            Thread.kind == ThreadKind.DISPUTE,
            Thread.resolved_at.is_(None),
        )
        if session.scalar(is_open.limit(1)) is not None:
            raise Conflict(msg("You have disputed this already. The answer will be shown here."))
        thread = Thread(
            kind=ThreadKind.DISPUTE,
            set_slug=set_slug,
            question_key=question_id,
            revision_id=seen.id,
            player_id=player.id,
            opened_at=now,
        )
        session.add(thread)
        session.flush()
        session.add(Comment(thread_id=thread.id, author_id=player.id, text=text, at=now))


def disputes_of(session: Session, player_id: int, key: str | None = None) -> tuple[Dispute, ...]:
    """A player's disputes, the latest first; on one question when its "set/question" is given."""
    query = (
        select(Thread, Comment)
        .join(Comment, Comment.thread_id == Thread.id)
        .where(Thread.player_id == player_id, Thread.kind == ThreadKind.DISPUTE)
        .order_by(Thread.id.desc(), Comment.id)
    )
    if key is not None:
        slug, _, question = key.partition("/")
        query = query.where(Thread.set_slug == slug, Thread.question_key == question)
    found: dict[int, tuple[Thread, list[Comment]]] = {}
    for thread, comment in session.execute(query):
        found.setdefault(thread.id, (thread, []))[1].append(comment)
    return tuple(_dispute(thread, comments) for thread, comments in found.values())


def exported_disputes(session: Session, player_id: int) -> list[dict[str, Any]]:
    """A player's disputes with their answers, ready for JSON; oldest first."""
    return [
        {
            "question": told.key,
            "text": told.text,
            "opened_at": told.opened_at.isoformat(),
            "closed_at": told.resolved_at.isoformat() if told.resolved_at else None,
            "answers": [{"text": a.text, "at": a.at.isoformat()} for a in told.answers],
        }
        for told in reversed(disputes_of(session, player_id))
    ]


def _dispute(thread: Thread, comments: Sequence[Comment]) -> Dispute:
    return Dispute(
        key=f"{thread.set_slug}/{thread.question_key}",
        revision_id=thread.revision_id,
        text=comments[0].text,
        opened_at=thread.opened_at,
        resolved_at=thread.resolved_at,
        answers=tuple(comment for comment in comments if comment.is_answer),
    )
