"""What a finished round says: points, accuracy, the table, the gain from checking, what next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...domain.answer import Mode
from ...domain.errors import NotFound
from ...domain.measures import Change, Summary, checking_gain, skills_missed, summarise
from ...domain.question_set import Text
from ...models import Player, QuestionSetRow, Round
from ..library.history import Answer, history
from .answers import Caller


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """A finished round. `best` is the player's best total of the same kind before this round."""

    round_id: str
    mode: Mode
    set_slug: str | None
    set_title: Text | None
    started_at: datetime
    points: int
    best: int | None
    answers: tuple[Answer, ...]
    figures: Summary
    gain: Change | None
    skills: tuple[str, ...]

    @property
    def is_best(self) -> bool:
        """Whether this round beat all earlier ones of its kind."""
        return self.best is not None and self.points > self.best


def summary_of(session: Session, caller: Caller, round_id: str) -> RoundSummary | None:
    """The summary of the caller's round, None while it is unfinished.

    Raises NotFound when it is not the caller's.
    """
    played = session.execute(
        select(Round, QuestionSetRow.title)
        .join(Player, Player.id == Round.player_id)
        .outerjoin(QuestionSetRow, QuestionSetRow.slug == Round.set_slug)
        .where(Round.id == round_id, Player.id == caller.player_id)
        .where(Player.session_token == caller.token)
    ).one_or_none()
    if played is None:
        raise NotFound(round_id)
    row, title = played
    if row.finished_at is None:
        return None
    answers = sorted(history(session, caller.player_id, round_id), key=lambda a: a.position)
    return RoundSummary(
        round_id=round_id,
        mode=row.mode,
        set_slug=row.set_slug,
        set_title=title,
        started_at=row.started_at,
        points=row.points or 0,
        best=_best_before(session, row),
        answers=tuple(answers),
        figures=summarise(a.judged for a in answers),
        gain=gain_of(answers),
        skills=skills_missed((a.revision.question.skills, a.outcome.right) for a in answers),
    )


def gain_of(answers: Iterable[Answer]) -> Change | None:
    """What checking changed over the answers with two looks, None without any."""
    pairs = [(a.judged_first, a.judged) for a in answers if a.judged_first is not None]
    if not pairs:
        return None
    return checking_gain([first for first, _ in pairs if first], [final for _, final in pairs])


def _best_before(session: Session, row: Round) -> int | None:
    """The best total of earlier rounds of the same set, mode and length."""
    return session.scalar(
        select(Round.points)
        .where(
            Round.player_id == row.player_id,
            Round.mode == row.mode,
            Round.set_slug == row.set_slug,
            Round.size == row.size,
            Round.finished_at < row.finished_at,
        )
        .order_by(Round.points.desc())
        .limit(1)
    )
