"""What a player's answer to a stored question was worth: always derived, never taken on trust."""

from __future__ import annotations

from ...domain.answer import LookAnswer, Outcome, judge
from ...domain.scoring import Scoring
from .catalogue import Revision


def outcome_of(
    revision: Revision,
    first: LookAnswer | None,
    final: LookAnswer,
    scoring: Scoring = Scoring.CONFIDENCE,
) -> Outcome:
    """What `domain.answer.judge` says of the looks at a revision, its evidence being at hand."""
    pointed = None if final.pointer is None else revision.is_settled_by(final.pointer)
    return judge(revision.question.verdict, first, final, pointed, scoring)
