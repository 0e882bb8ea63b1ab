"""How good a player is getting: figures on first meetings, rounds over time, sets and skills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...domain.answer import Mode
from ...domain.measures import Change, Proportion, Summary, summarise
from ...domain.question_set import Text
from ...models import QuestionSetRow, Round
from ..library.history import Answer, history
from .schedule import due_keys
from .summary import gain_of

ROUNDS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class PlayedRound:
    """A finished round with its total and its share of right answers; `mode` None: a live room."""

    id: str
    mode: Mode | None
    set_slug: str | None
    title: Text | None
    finished_at: datetime
    points: int
    accuracy: Proportion
    is_best: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A player's results on one set or one skill."""

    key: str
    right: Proportion


@dataclass(frozen=True, slots=True)
class Progress:
    """All that the progress page shows.

    `figures` is over each question's first meeting; `retention` the share right over repeats.
    """

    figures: Summary
    retention: Proportion
    gain: Change | None
    opened: Proportion
    rounds: tuple[PlayedRound, ...]
    sets: tuple[Part, ...]
    skills: tuple[Part, ...]
    titles: dict[str, Text]
    due: int


def progress_of(session: Session, player_id: int, now: datetime) -> Progress:
    """A player's progress; three queries, whatever others have stored."""
    answers = history(session, player_id)
    fresh = [a for a in answers if not a.is_repeat]
    titles = {
        row.slug: row.title
        for row in session.execute(select(QuestionSetRow.slug, QuestionSetRow.title))
    }
    quick = [a for a in answers if a.first is None and a.room_id is None]
    return Progress(
        figures=summarise(a.judged for a in fresh),
        retention=_right(a for a in answers if a.is_repeat),
        gain=gain_of(fresh),
        opened=Proportion(sum(a.has_opened_file for a in quick), len(quick)),
        rounds=_rounds(session, player_id, answers, titles),
        sets=_parts(fresh, lambda a: [a.revision.set_slug]),
        skills=_parts(fresh, lambda a: a.revision.question.skills),
        titles=titles,
        due=len(due_keys(answers, now)),
    )


def _rounds(
    session: Session, player_id: int, answers: list[Answer], titles: dict[str, Text]
) -> tuple[PlayedRound, ...]:
    """The latest finished rounds, oldest first, each marked when it beat all before it."""
    by_round = defaultdict(list)
    for answer in answers:
        by_round[answer.round_id or answer.room_id].append(answer)
    finished = session.scalars(
        select(Round)
        .where(Round.player_id == player_id, Round.finished_at.is_not(None))
        .order_by(Round.finished_at)
    ).all()
    best: dict[tuple[object, ...], int] = {}
    rounds = []
    for row in finished:
        kind, total = (row.set_slug, row.mode, row.size), row.points or 0
        beaten = kind in best and total > best[kind]
        best[kind] = max(total, best.get(kind, total))
        rounds.append(
            PlayedRound(
                id=row.id,
                mode=row.mode,
                set_slug=row.set_slug,
                title=titles.get(row.set_slug or ""),
                finished_at=row.finished_at or row.started_at,
                points=total,
                accuracy=_right(by_round[row.id]),
                is_best=beaten,
            )
        )
    rounds += [_room(own) for own in by_round.values() if own[0].room_id]
    return tuple(sorted(rounds, key=lambda r: r.finished_at)[-ROUNDS_SHOWN:])


def _room(answers: Sequence[Answer]) -> PlayedRound:
    """A live room as one of the player's rounds. No two are alike, so none is a personal best."""
    return PlayedRound(
        id=answers[0].room_id or "",
        mode=None,
        set_slug=None,
        title=None,
        finished_at=answers[-1].answered_at,
        points=sum(a.outcome.total for a in answers),
        accuracy=_right(answers),
        is_best=False,
    )


def _parts(
    answers: Iterable[Answer], keys_of: Callable[[Answer], Iterable[str]]
) -> tuple[Part, ...]:
    by_key = defaultdict(list)
    for answer in answers:
        for key in keys_of(answer):
            by_key[key].append(answer)
    return tuple(Part(key, _right(group)) for key, group in sorted(by_key.items()))


def _right(answers: Iterable[Answer]) -> Proportion:
    rights = [a.outcome.right for a in answers]
    return Proportion(sum(rights), len(rights))
