"""Telling apart: how well answers separate true from false, and settled from unsettled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

from ..verdict import Verdict
from .interval import Z95, Interval
from .tally import Judged, Tally


@dataclass(frozen=True, slots=True)
class Separation:
    """AUC: how often an item that is one thing scores above one that is not, a tie being half.

    `value` is None without items of both kinds; `positives` and `negatives` are their numbers.
    """

    value: float | None
    positives: int
    negatives: int

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval, within 0 to 1; None where there is no value.

        Newcombe (2006), "Confidence intervals for an effect size measure based on the Mann–Whitney
        statistic. Part 2", method 5: its ends are where Hanley & McNeil's standard error, taken at
        the end and not at the estimate, just reaches the estimate. So 1.0 keeps an uncertainty.
        """
        if self.value is None:
            return None
        return Interval(self._end(0.0), self._end(1.0))

    def _end(self, limit: float) -> float:
        """Halve the stretch between the estimate, which is inside, and a limit of the range."""
        value, m, n = self.value or 0.0, self.positives, self.negatives
        inside, outside = value, limit
        for _ in range(40):
            theta = (inside + outside) / 2
            spread = 1 + ((m + n) / 2 - 1) * ((1 - theta) / (2 - theta) + theta / (1 + theta))
            error = sqrt(theta * (1 - theta) * spread / (m * n))
            if abs(theta - value) <= Z95 * error:
                inside = theta
            else:
                outside = theta
        return inside


def separation(positives: Mapping[int, int], negatives: Mapping[int, int]) -> Separation:
    """AUC = P(s₊ > s₋) + ½·P(s₊ = s₋) from numbers of items by score, exact up to the division.

    Takes O(k log k) for k different scores.
    """
    m, n = sum(positives.values()), sum(negatives.values())
    below = doubled = 0  # negatives with a lower score; twice the pairs won
    for score in sorted(set(positives) | set(negatives)):
        level = negatives.get(score, 0)
        doubled += positives.get(score, 0) * (2 * below + level)
        below += level
    return Separation(doubled / (2 * m * n) if m and n else None, m, n)


def discernment(tally: Tally) -> Separation:
    """AUC_TF: true against false items by s = p_T − p_F, the headline. .5 is none, 1 perfect."""
    return separation(
        _scores(tally, Verdict.TRUE, true_over_false),
        _scores(tally, Verdict.FALSE, true_over_false),
    )


def sufficiency(tally: Tally) -> Separation:
    """AUC_U: unverified items against the rest by s = p_U; .5 is none, 1 perfect."""
    return separation(
        _scores(tally, Verdict.UNVERIFIED, unverified),
        _scores(tally, Verdict.TRUE, unverified) + _scores(tally, Verdict.FALSE, unverified),
    )


def true_over_false(kind: Judged) -> int:
    """A whole number in the order of p_T − p_F, which is (3p − 1)/2, its negative, or 0.

    A blind guess has p = 1/3 for all three verdicts and so equals "unverified"; the order of whole
    numbers makes that tie exact.
    """
    sign = {Verdict.TRUE: 1, Verdict.FALSE: -1, Verdict.UNVERIFIED: 0}[kind.verdict]
    return sign * kind.confidence


def unverified(kind: Judged) -> int:
    """A whole number in the order of p_U, which is p for "unverified" and (1 − p)/2 otherwise."""
    sign = 1 if kind.verdict is Verdict.UNVERIFIED else -1
    return sign * kind.confidence


def _scores(tally: Tally, truth: Verdict, score: Callable[[Judged], int]) -> Counter[int]:
    """How many items of this truth got each score."""
    counts: Counter[int] = Counter()
    for kind, count in tally:
        if kind.truth is truth:
            counts[score(kind)] += count
    return counts
