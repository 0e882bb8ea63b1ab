"""Which verdict was given to which truth, and what follows without looking at confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from math import sqrt
from statistics import NormalDist

from ..verdict import Verdict
from .interval import Proportion
from .tally import Tally


@dataclass(frozen=True, slots=True)
class Confusion:
    """The 3 × 3 table C[truth][verdict]: rows are truths, columns the verdicts given.

    `cells` maps (truth, verdict) to a number of answers; a pair left out counts 0.
    """

    cells: Mapping[tuple[Verdict, Verdict], int]

    @classmethod
    def of(cls, tally: Tally) -> Confusion:
        """The table of a tally, over all levels of confidence."""
        cells = {(truth, verdict): 0 for truth in Verdict for verdict in Verdict}
        for kind, count in tally:
            cells[kind.truth, kind.verdict] += count
        return cls(cells)

    def count(self, truth: Verdict, verdict: Verdict) -> int:
        """C[truth][verdict]: how many items of this truth got this verdict."""
        return self.cells.get((truth, verdict), 0)

    def row(self, truth: Verdict) -> int:
        """How many items had this truth: n_t."""
        return sum(self.count(truth, verdict) for verdict in Verdict)

    def column(self, verdict: Verdict) -> int:
        """How many items got this verdict."""
        return sum(self.count(truth, verdict) for truth in Verdict)

    @property
    def total(self) -> int:
        """The number of answers: N."""
        return sum(self.row(truth) for truth in Verdict)

    @property
    def accuracy(self) -> Proportion:
        """The right answers out of all: the diagonal over N."""
        return Proportion(sum(self.count(truth, truth) for truth in Verdict), self.total)

    def share(self, truth: Verdict, verdict: Verdict) -> Proportion:
        """C[truth][verdict]/n_t."""
        return Proportion(self.count(truth, verdict), self.row(truth))


class Lean(Enum):
    """The verdict that somebody gives too often, whatever the truth; NONE if none is clear."""

    TRUE = Verdict.TRUE
    FALSE = Verdict.FALSE
    UNVERIFIED = Verdict.UNVERIFIED
    NONE = None


def skill(confusion: Confusion) -> float | None:
    """Balanced skill K = (BA − 1/3)/(2/3), BA the mean over the truths t of C[t][t]/n_t.

    1 is perfect, 0 what a constant answer or a blind guess gives, −1/2 always wrong. None unless
    every truth was met.
    """
    shares = [confusion.share(truth, truth).value for truth in Verdict]
    known = [share for share in shares if share is not None]
    return (sum(known) - 1) / 2 if len(known) == len(shares) else None


def bias(confusion: Confusion, verdict: Verdict) -> float | None:
    """b_r: the mean over the truths t of C[t][r]/n_t, minus 1/3. The three biases sum to 0.

    From −1/3 (never given) to 2/3 (always given). None unless every truth was met.
    """
    shares = [confusion.share(truth, verdict).value for truth in Verdict]
    known = [share for share in shares if share is not None]
    return (sum(known) - 1) / 3 if len(known) == len(shares) else None


def bias_error(confusion: Confusion, verdict: Verdict) -> float | None:
    """The standard error of b_r, smoothed so that it is never 0; None where the bias is."""
    shares = [confusion.share(truth, verdict) for truth in Verdict]
    if any(share.total == 0 for share in shares):
        return None
    return sqrt(sum(_variance(share) for share in shares)) / 3


def lean(confusion: Confusion) -> Lean | None:
    """The verdict whose bias lies furthest above 0, if further than chance explains; None as b_r.

    One in twenty unbiased players is said to lean: the largest of three is tested (Bonferroni).
    """
    worst, furthest = Lean.NONE, NormalDist().inv_cdf(1 - 0.05 / len(Verdict))
    for verdict in Verdict:
        value, error = bias(confusion, verdict), bias_error(confusion, verdict)
        if value is None or error is None:
            return None
        if value / error > furthest:
            worst, furthest = Lean(verdict), value / error
    return worst


def _variance(share: Proportion) -> float:
    """The variance of a share out of three verdicts, after one answer more for each (Laplace)."""
    smoothed = (share.count + 1) / (share.total + len(Verdict))
    return smoothed * (1 - smoothed) / share.total
