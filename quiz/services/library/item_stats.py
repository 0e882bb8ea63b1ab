"""How the questions of a set do with those who play them: what its author sees beside each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from ...domain.measures import ItemAnalysis, analyse_item, item_rest_pairs
from ...domain.verdict import Verdict
from ...models import QuestionRevision, SetEntry
from .history import answers_to


@dataclass(slots=True, eq=False)
class _Revision:
    """A revision and what was answered to it; `is_current` when it stands in the set today."""

    id: int
    question_id: str
    truth: Verdict
    is_current: bool
    responses: Counter[Verdict] = field(default_factory=Counter)
    seconds: list[int] = field(default_factory=list)
    rest: list[tuple[bool, float]] = field(default_factory=list)


def statistics(session: Session, set_slug: str) -> dict[str, ItemAnalysis]:
    """The questions of a set as their players found them, by id, in their order.

    Final looks count, solo and of live rooms once revealed, and of each player only the first
    meeting with a question in any of its revisions; a question begins anew with each revision. Two
    queries, whatever is stored; no question for a set never published.
    """
    # Rows as they are, without the session's care for each: there may be very many.
    rows = session.connection().execute(answers_to(set_slug)).all()
    revisions = _revisions(session, set_slug)
    scores = _distribute(rows, revisions)
    for revision_id, rest in item_rest_pairs(scores).items():
        revisions[revision_id].rest = rest
    return {
        revision.question_id: analyse_item(
            revision.truth, revision.responses, revision.rest, revision.seconds
        )
        for revision in revisions.values()
        if revision.is_current
    }


def _revisions(session: Session, set_slug: str) -> dict[int, _Revision]:
    """All revisions of the set's questions by id, those of today in their order."""
    query = (
        select(QuestionRevision.id, QuestionRevision.question_id, QuestionRevision.verdict)
        .add_columns(SetEntry.position.is_not(None))
        .outerjoin(
            SetEntry,
            and_(SetEntry.revision_id == QuestionRevision.id, SetEntry.set_slug == set_slug),
        )
        .where(QuestionRevision.set_slug == set_slug)
        .order_by(SetEntry.position)
    )
    return {row.id: _Revision(*row) for row in session.execute(query)}


def _distribute(
    rows: Iterable[Row[*tuple[Any, ...]]], revisions: Mapping[int, _Revision]
) -> dict[int, dict[int, bool]]:
    """Hand each first meeting to its revision; gives by player what was right, by revision."""
    scores: dict[int, dict[int, bool]] = {}
    met: set[tuple[int, str]] = set()
    for player, revision_id, verdict, seconds in rows:
        revision = revisions[revision_id]
        meeting = (player, revision.question_id)
        if meeting in met:
            continue
        met.add(meeting)
        scores.setdefault(player, {})[revision_id] = verdict is revision.truth
        revision.responses[verdict] += 1
        if seconds is not None:
            revision.seconds.append(seconds)
    return scores
