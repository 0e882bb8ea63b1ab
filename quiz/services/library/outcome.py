"""What a player answered, and what it was worth: always derived, never taken from the client."""

from __future__ import annotations

from dataclasses import dataclass

from ...domain.scoring import Confidence, Scoring, pointer_bonus, points
from ...domain.verdict import Verdict
from .catalogue import Revision


@dataclass(frozen=True, slots=True)
class Given:
    """One look's answer."""

    verdict: Verdict
    confidence: Confidence
    pointer: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer was worth. `first_points` is what the first look would have paid."""

    right: bool
    points: int
    bonus: int
    pointed_right: bool | None
    first_right: bool | None
    first_points: int | None

    @property
    def total(self) -> int:
        """Points that count."""
        return self.points + self.bonus


def outcome_of(
    revision: Revision,
    first: Given | None,
    final: Given,
    scoring: Scoring = Scoring.CONFIDENCE,
) -> Outcome:
    """Judge an answered question. Only the final look counts; the first is shown beside it.

    Simple scoring pays no bonus for the sentence.
    """
    truth = revision.question.verdict
    right = final.verdict is truth
    pointed = None if final.pointer is None else revision.is_settled_by(final.pointer)
    first_right = None if first is None else first.verdict is truth
    return Outcome(
        right=right,
        points=points(final.confidence, right, scoring),
        bonus=pointer_bonus(right, bool(pointed)) if scoring is Scoring.CONFIDENCE else 0,
        pointed_right=pointed,
        first_right=first_right,
        first_points=None
        if first is None
        else points(first.confidence, first.verdict is truth, scoring),
    )
