"""Everything a player has answered: one query, from which review, progress and draws follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from ..domain.measures import Judged
from ..domain.scoring import Confidence
from ..models import Look, Response, Round, RoundItem
from .catalogue import Revision, catalogue_of
from .outcome import Given, Outcome, outcome_of
from .schedule import Past, due_questions


@dataclass(frozen=True, slots=True)
class Answer:
    """A finally answered question. `is_repeat` when the player had met the question before."""

    revision: Revision
    round_id: str
    position: int
    first: Given | None
    final: Given
    outcome: Outcome
    answered_at: datetime
    has_opened_file: bool
    is_repeat: bool

    @property
    def key(self) -> str:
        """The question's identity over its revisions."""
        return self.revision.key

    @property
    def judged(self) -> Judged:
        """The final look as the measures read it."""
        return Judged(self.revision.question.verdict, self.final.verdict, self.final.confidence)

    @property
    def judged_first(self) -> Judged | None:
        """The first look as the measures read it, None in a quick round."""
        if self.first is None:
            return None
        return Judged(self.revision.question.verdict, self.first.verdict, self.first.confidence)


def history(session: Session, player_id: int, round_id: str | None = None) -> list[Answer]:
    """The player's finally answered questions, oldest first; of one round when asked."""
    if round_id is None:
        rows = session.execute(_OF_PLAYER, {"player": player_id}).all()
    else:
        rows = session.execute(_OF_ROUND, {"player": player_id, "round": round_id}).all()
    revisions = catalogue_of(session).revisions(session, (row.revision_id for row in rows))
    first_looks: dict[int, Given] = {}
    met: set[str] = set()
    answers = []
    for row in rows:
        given = Given(row.verdict, Confidence(row.confidence), row.pointer)
        if row.look is Look.FIRST:
            first_looks[row.item_id] = given
            continue
        revision = revisions[row.revision_id]
        first = first_looks.get(row.item_id)
        answers.append(_answer(row, revision, first, given, revision.key in met))
        met.add(revision.key)
    return answers


_RESPONSES = (
    select(
        Response.item_id,
        Response.revision_id,
        Response.look,
        Response.verdict,
        Response.confidence,
        Response.pointer,
        Response.answered_at,
        Response.has_opened_file,
        RoundItem.round_id,
        RoundItem.position,
    )
    .join(RoundItem, RoundItem.id == Response.item_id)
    .order_by(Response.answered_at, Response.id)
)
_OF_PLAYER = _RESPONSES.where(Response.player_id == bindparam("player"))
# Found by the round's few questions, not among all that the player ever answered.
_OF_ROUND = _RESPONSES.join(Round, Round.id == RoundItem.round_id).where(
    Round.id == bindparam("round"), Round.player_id == bindparam("player")
)


def _answer(
    row: Row[*tuple[Any, ...]],
    revision: Revision,
    first: Given | None,
    final: Given,
    is_repeat: bool,
) -> Answer:
    return Answer(
        revision=revision,
        round_id=row.round_id,
        position=row.position,
        first=first,
        final=final,
        outcome=outcome_of(revision, first, final),
        answered_at=row.answered_at,
        has_opened_file=row.has_opened_file,
        is_repeat=is_repeat,
    )


def due_keys(answers: list[Answer], now: datetime) -> set[str]:
    """Keys of the questions that the review schedule calls for again."""
    past = [Past(a.key, a.outcome.right, a.final.confidence, a.answered_at) for a in answers]
    return set(due_questions(past, now))


def histories(session: Session, player_ids: Iterable[int]) -> dict[int, list[Answer]]:
    """What `history` gives, for many players at once: one query, whatever their number."""
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {player_id: [] for player_id in player_ids}
    query = _RESPONSES.add_columns(Response.player_id).where(Response.player_id.in_(found))
    rows = session.execute(query).all()
    for row in rows:
        found[row.player_id].append(row)
    revisions = catalogue_of(session).revisions(session, {row.revision_id for row in rows})
    return {player_id: _answers(own, revisions) for player_id, own in found.items()}


def _answers(
    rows: Iterable[Row[*tuple[Any, ...]]], revisions: Mapping[int, Revision]
) -> list[Answer]:
    """One player's looks, oldest first, as answers."""
    first_looks: dict[int, Given] = {}
    met: set[str] = set()
    answers = []
    for row in rows:
        given = Given(row.verdict, Confidence(row.confidence), row.pointer)
        if row.look is Look.FIRST:
            first_looks[row.item_id] = given
            continue
        revision = revisions[row.revision_id]
        first = first_looks.get(row.item_id)
        answers.append(_answer(row, revision, first, given, revision.key in met))
        met.add(revision.key)
    return answers
