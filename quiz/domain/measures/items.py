"""What the answers say of a question: is it fair, does it tell players apart?"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import fmean, median
from typing import TypeVar

from ..verdict import Verdict
from .interval import Proportion

ITEM_ANSWERS = 20
"""Answers from which anything is said of a question: its facility is then known to ± .2."""

CHANCE = 1 / len(Verdict)

Player = TypeVar("Player", bound=Hashable)
Item = TypeVar("Item", bound=Hashable)


class Flag(StrEnum):
    """Why an author should look at a question again: the key may be wrong."""

    TOO_FEW = "too_few"
    BELOW_CHANCE = "below_chance"
    NEGATIVE_DISCRIMINATION = "negative_discrimination"
    WRONG_PREFERRED = "wrong_preferred"


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """A question as its players found it.

    facility: the right answers. responses: how often each verdict was given.
    discrimination: corrected item–rest correlation, −1 to 1, or None where it is not defined.
    median_seconds: time from showing to answering, None if unknown.
    needed: how many more answers until anything is concluded from these.
    """

    truth: Verdict
    facility: Proportion
    responses: Mapping[Verdict, int]
    discrimination: float | None
    median_seconds: float | None
    flags: frozenset[Flag]

    @property
    def needed(self) -> int:
        """How many more answers it takes to judge the question."""
        return max(0, ITEM_ANSWERS - self.facility.total)


def analyse_item(
    truth: Verdict,
    responses: Mapping[Verdict, int],
    rest: Iterable[tuple[bool, float]] = (),
    seconds: Iterable[float] = (),
) -> ItemAnalysis:
    """Analyse a question from how often each verdict was given (a verdict left out: 0 times).

    `rest` has for each player whether the answer was right and the score on the other questions,
    see `item_rest_pairs`; `seconds` the times taken, as far as known.
    """
    counts = {verdict: responses.get(verdict, 0) for verdict in Verdict}
    facility = Proportion(counts[truth], sum(counts.values()))
    discrimination = item_rest_correlation(rest)
    times = list(seconds)
    return ItemAnalysis(
        truth=truth,
        facility=facility,
        responses=counts,
        discrimination=discrimination,
        median_seconds=median(times) if times else None,
        flags=_flags(truth, counts, discrimination),
    )


def item_rest_pairs(
    scores: Mapping[Player, Mapping[Item, bool]],
) -> dict[Item, list[tuple[bool, float]]]:
    """For each item, whether each player had it right and the share right of the player's others.

    Players need not have answered the same items; who answered a single one has no rest and is
    left out. Takes time linear in the number of answers.
    """
    pairs: dict[Item, list[tuple[bool, float]]] = {}
    for answers in scores.values():
        right, others = sum(answers.values()), len(answers) - 1
        if others:
            for item, is_right in answers.items():
                pairs.setdefault(item, []).append((is_right, (right - is_right) / others))
    return pairs


def item_rest_correlation(pairs: Iterable[tuple[bool, float]]) -> float | None:
    """The corrected point-biserial: Pearson's r of being right with the score on the rest.

    "Corrected" is leaving the item out of the score it is compared with. None where all are right,
    all are wrong or all have the same rest. Lord & Novick (1968), ch. 15.
    """
    right: list[float] = []
    wrong: list[float] = []
    for is_right, score in pairs:
        (right if is_right else wrong).append(score)
    spread = _variance(right + wrong)
    if not right or not wrong or spread == 0:
        return None
    share = len(right) / (len(right) + len(wrong))
    r = (fmean(right) - fmean(wrong)) * sqrt(share * (1 - share) / spread)
    return max(-1.0, min(1.0, r))


def _variance(values: Sequence[float]) -> float:
    """The mean square distance from the mean, exactly 0 where all are equal or there is none."""
    if not values or min(values) == max(values):
        return 0.0
    middle = fmean(values)
    return fmean((value - middle) ** 2 for value in values)


def _flags(
    truth: Verdict, counts: Mapping[Verdict, int], discrimination: float | None
) -> frozenset[Flag]:
    """Nothing is held against a question before it has answers enough."""
    total = sum(counts.values())
    if total < ITEM_ANSWERS:
        return frozenset({Flag.TOO_FEW})
    raised = {
        Flag.BELOW_CHANCE: counts[truth] < CHANCE * total,
        Flag.NEGATIVE_DISCRIMINATION: discrimination is not None and discrimination < 0,
        Flag.WRONG_PREFERRED: max(counts.values()) > counts[truth],
    }
    return frozenset(flag for flag, is_raised in raised.items() if is_raised)
