"""Confidence against results: overconfidence and the calibration of each level."""

from __future__ import annotations

from dataclasses import dataclass

from ..scoring import Confidence
from .interval import Interval, Proportion, around
from .tally import Tally

BAR_ANSWERS = 10
"""Answers at a level of confidence from which its bar is shown."""


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
    """How far confidence and results agree: mean p − accuracy with its interval; above 0 too sure.

    a is 1 for a right answer and 0 for a wrong one.
    """

    overconfidence: float
    interval: Interval


def calibration(tally: Tally) -> Calibration | None:
    """The calibration of a tally, or None without answers."""
    total = tally.total
    if not total:
        return None
    over = sum(n * kind.confidence.p for kind, n in tally) / total - tally.right / total
    error = sum(n * (kind.confidence.p - kind.right) ** 2 for kind, n in tally) / total
    # Two answers more, each half a point off, keep the spread above 0 where all answers agree.
    spread = (total * max(0.0, error - over**2) + 2 * 0.25) / (total + 2)
    return Calibration(over, around(over, (spread / total) ** 0.5, -1, 1))


def levels(tally: Tally) -> tuple[Level, ...]:
    """What became of the answers at each of the four levels, from guess to sure."""
    right, total = dict.fromkeys(Confidence, 0), dict.fromkeys(Confidence, 0)
    for kind, count in tally:
        total[kind.confidence] += count
        right[kind.confidence] += count * kind.right
    return tuple(Level(level, Proportion(right[level], total[level])) for level in Confidence)
