"""What the answers say of a question and of a set: is it fair, does it tell players apart?"""

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
    median_seconds: time from showing to answering, None if unknown. opened: who opened the file,
    of those of whom it is known.
    needed: how many more answers until anything is concluded from these.
    """

    truth: Verdict
    facility: Proportion
    responses: Mapping[Verdict, int]
    discrimination: float | None
    median_seconds: float | None
    opened: Proportion
    flags: frozenset[Flag]

    @property
    def needed(self) -> int:
        """How many more answers it takes to judge the question."""
        return max(0, ITEM_ANSWERS - self.facility.total)

    @property
    def tempting(self) -> Verdict | None:
        """The wrong verdict given most often, None if none was, the first of those on a par."""
        wrong = [verdict for verdict in Verdict if verdict is not self.truth]
        first = max(wrong, key=lambda verdict: self.responses[verdict])
        return first if self.responses[first] else None


def analyse_item(
    truth: Verdict,
    responses: Mapping[Verdict, int],
    rest: Iterable[tuple[bool, float]] = (),
    seconds: Iterable[float] = (),
    opened: Iterable[bool] = (),
) -> ItemAnalysis:
    """Analyse a question from how often each verdict was given (a verdict left out: 0 times).

    `rest` has for each player whether the answer was right and the score on the other questions,
    see `item_rest_pairs`; `seconds` the times taken; `opened` whether the file was opened. What is
    not known of an answer is left out of these.
    """
    counts = {verdict: responses.get(verdict, 0) for verdict in Verdict}
    facility = Proportion(counts[truth], sum(counts.values()))
    discrimination = item_rest_correlation(rest)
    times, looks = list(seconds), list(opened)
    return ItemAnalysis(
        truth=truth,
        facility=facility,
        responses=counts,
        discrimination=discrimination,
        median_seconds=median(times) if times else None,
        opened=Proportion(sum(looks), len(looks)),
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


def kr20(scores: Sequence[Sequence[bool]]) -> float | None:
    """How consistent a set is: KR-20, which is Cronbach's alpha of right-or-wrong items.

    `scores` has one row for each player and the same k items in every row:
    k/(k − 1) · (1 − Σ p(1 − p)/variance of the totals); 1 is best, and it may be below 0. None for
    fewer than two items, or where all totals are equal. Raises ValueError for rows of unequal
    length. Kuder & Richardson (1937), "The theory of the estimation of test reliability", (20).
    """
    if not scores:
        return None
    items: list[tuple[bool, ...]] = list(zip(*scores, strict=True))
    spread = _variance([sum(row) for row in scores])
    if len(items) < 2 or spread == 0:
        return None
    shares = [sum(column) / len(scores) for column in items]
    within = sum(share * (1 - share) for share in shares)
    return len(items) / (len(items) - 1) * (1 - within / spread)


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
