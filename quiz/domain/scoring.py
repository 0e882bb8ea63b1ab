"""Points for a verdict given with a confidence: a proper scoring rule, without any speed bonus."""

from __future__ import annotations

from enum import IntEnum, StrEnum

POINTER_BONUS = 20
"""Points for pointing at the passage that decides, together with the right verdict."""

SIMPLE_POINTS = 100
"""Points for a right verdict under simple scoring."""


class Confidence(IntEnum):
    """How sure the player is of the verdict given. "I don't know" is GUESS, never UNVERIFIED."""

    GUESS = 0
    LEANING = 1
    FAIRLY_SURE = 2
    SURE = 3

    @property
    def p(self) -> float:
        """The probability this level stands for: of the chosen verdict; (1 − p)/2 on each other."""
        return _PROBABILITIES[self]


class Scoring(StrEnum):
    """How a round pays. The measures are the same under both."""

    CONFIDENCE = "confidence"
    SIMPLE = "simple"


_PROBABILITIES = (1 / 3, 0.5, 0.7, 0.9)


def honest_level(chance: float) -> Confidence:
    """The level that pays best on average for a player who is right with this chance (0 to 1).

    The rule is quadratic, so the best level is the one whose p is nearest: the edges lie halfway,
    at 41.7 %, 60 % and 80 %. On an edge two levels pay the same, and the lower one is given.
    """
    return min(Confidence, key=lambda level: (abs(level.p - chance), level))


def points(confidence: Confidence, right: bool, scoring: Scoring = Scoring.CONFIDENCE) -> int:
    """What a verdict pays, in whole points; no answer pays 0 and never comes here.

    With s the Brier score of the three probabilities (p, (1 − p)/2, (1 − p)/2), between 0 and 2,
    the rule is 100·(1 − s/(2/3)): 2/3 is the score of a blind guess, which is thus worth 0.
    Brier (1950), "Verification of forecasts expressed in terms of probability".
    """
    if scoring is Scoring.SIMPLE:
        return SIMPLE_POINTS if right else 0
    p = confidence.p
    return round(100 * (1 - 2.25 * (1 - p) ** 2 if right else 0.25 - 2.25 * p**2))


STAKES = {level: (points(level, True), points(level, False)) for level in Confidence}
"""What each level of confidence pays when right, and when wrong."""


def pointer_bonus(right: bool, pointer_right: bool) -> int:
    """What the sentence pointed at pays: nothing without the right verdict, and never a loss.

    It is the same at every level of confidence, so it leaves the best level where it was.
    """
    return POINTER_BONUS if right and pointer_right else 0
