"""The home page's content: sets with one's own progress, the round to go on with, what is due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...domain.answer import Mode
from ...domain.draw import unit
from ...models import Round
from ..library.catalogue import StoredSet, catalogue_of
from ..library.history import Answer, history
from .schedule import due_keys


@dataclass(frozen=True, slots=True)
class SetCard:
    """A set with what the player has done of it. `right` counts each question's latest answer."""

    set: StoredSet
    answered: int
    right: int

    @property
    def size(self) -> int:
        """Number of questions."""
        return len(self.set.revisions)

    @property
    def longest(self) -> int:
        """Number of questions in the longest round: of a contrast group it holds one."""
        return len({unit(r.key, r.contrast) for r in self.set.revisions})

    @property
    def difficulty(self) -> float:
        """Mean difficulty, 1 to 3."""
        return sum(r.question.difficulty for r in self.set.revisions) / max(1, self.size)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The round a player left in the middle."""

    round_id: str
    mode: Mode
    size: int
    set: StoredSet | None


@dataclass(frozen=True, slots=True)
class Home:
    """All that the home page shows."""

    cards: tuple[SetCard, ...]
    unfinished: Unfinished | None
    due: int

    @property
    def languages(self) -> list[str]:
        """The codes of the languages that the files are in."""
        return sorted({d.language for card in self.cards for d in card.set.documents.values()})


def home_of(session: Session, player_id: int | None, now: datetime) -> Home:
    """The sets on offer; with a player, beside what they did. Four queries at most."""
    sets = [s for s in catalogue_of(session).sets(session) if not s.is_examples]
    answers = history(session, player_id) if player_id is not None else []
    latest = {answer.key: answer for answer in answers}
    return Home(
        cards=tuple(_card(s, latest) for s in sets),
        unfinished=_unfinished(session, player_id, sets) if player_id is not None else None,
        due=len(due_keys(answers, now) & {r.key for s in sets for r in s.revisions}),
    )


def _card(stored: StoredSet, latest: dict[str, Answer]) -> SetCard:
    keys = [r.key for r in stored.revisions]
    rights = Counter(latest[key].outcome.right for key in keys if key in latest)
    return SetCard(stored, answered=rights.total(), right=rights[True])


def _unfinished(session: Session, player_id: int, sets: list[StoredSet]) -> Unfinished | None:
    latest = session.scalar(
        select(Round)
        .where(Round.player_id == player_id)
        .order_by(Round.started_at.desc(), Round.id)
        .limit(1)
    )
    if latest is None or latest.finished_at is not None:
        return None
    stored = next((s for s in sets if s.slug == latest.set_slug), None)
    return Unfinished(latest.id, latest.mode, latest.size, stored)
