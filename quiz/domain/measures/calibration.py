"""Confidence against results: Brier score, overconfidence and the calibration of each level."""

from __future__ import annotations

from dataclasses import dataclass

from ..scoring import Confidence
from .interval import Interval, Proportion, around
from .tally import Tally

BAR_ANSWERS = 10
"""Answers at a level of confidence from which its bar is shown."""

BLIND_GUESS = 2 / 3
"""The Brier score of (1/3, 1/3, 1/3), whatever the truth."""


@dataclass(frozen=True, slots=True)
class Level:
    """What became of the answers given at one level: promised `confidence.p`, kept `right`."""

    confidence: Confidence
    right: Proportion

    @property
    def shown(self) -> bool:
        """Whether there are answers enough for a bar."""
        return self.needed == 0

    @property
    def needed(self) -> int:
        """How many more answers at this level the bar takes."""
        return max(0, BAR_ANSWERS - self.right.total)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far confidence and results agree; a is 1 for a right answer and 0 for a wrong one.

    overconfidence: mean p − accuracy; above 0 is too sure.
    error: mean (p − a)², which is exactly reliability − resolution + uncertainty.
    reliability: Σ(n_k/N)(p_k − a_k)²; 0 is calibrated.
    resolution: Σ(n_k/N)(a_k − ā)²; how much the levels tell right from wrong.
    uncertainty: ā(1 − ā).
    Murphy (1973), "A new vector partition of the probability score".
    """

    overconfidence: float
    interval: Interval
    error: float
    reliability: float
    resolution: float
    uncertainty: float


def brier(tally: Tally) -> float | None:
    """Mean over the answers of Σ_k (p_k − o_k)² over the three verdicts: 0 best, 2 worst.

    The verdict given has p, each other one (1 − p)/2: 1.5·(1 − p)² if right, 1.5·p² + 0.5 if not.
    None without answers.
    """
    if not tally.total:
        return None
    return sum(n * _brier(kind.confidence.p, kind.right) for kind, n in tally) / tally.total


def brier_skill(tally: Tally) -> float | None:
    """1 − B/(2/3): 1 is perfect, 0 a blind guess; a hundredth of the mean points, unrounded."""
    score = brier(tally)
    return None if score is None else 1 - score / BLIND_GUESS


def calibration(tally: Tally) -> Calibration | None:
    """The calibration of a tally, or None without answers."""
    total = tally.total
    if not total:
        return None
    accuracy = tally.right / total
    weighed = [
        (level.right.total / total, level.confidence.p, level.right.value)
        for level in levels(tally)
        if level.right.value is not None
    ]
    over = sum(weight * p for weight, p, _ in weighed) - accuracy
    error = sum(n * (kind.confidence.p - kind.right) ** 2 for kind, n in tally) / total
    # Two answers more, each half a point off, keep the spread above 0 where all answers agree.
    spread = (total * max(0.0, error - over**2) + 2 * 0.25) / (total + 2)
    return Calibration(
        overconfidence=over,
        interval=around(over, (spread / total) ** 0.5, -1, 1),
        error=error,
        reliability=sum(weight * (p - share) ** 2 for weight, p, share in weighed),
        resolution=sum(weight * (share - accuracy) ** 2 for weight, _, share in weighed),
        uncertainty=accuracy * (1 - accuracy),
    )


def levels(tally: Tally) -> tuple[Level, ...]:
    """What became of the answers at each of the four levels, from guess to sure."""
    right, total = dict.fromkeys(Confidence, 0), dict.fromkeys(Confidence, 0)
    for kind, count in tally:
        total[kind.confidence] += count
        right[kind.confidence] += count * kind.right
    return tuple(Level(level, Proportion(right[level], total[level])) for level in Confidence)


def _brier(p: float, right: bool) -> float:
    return 1.5 * (1 - p) ** 2 if right else 1.5 * p**2 + 0.5
