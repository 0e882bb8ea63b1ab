"""Do two readers give the same verdicts, beyond what chance would make them share?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from ..verdict import Verdict

MIN_PAIRS = 10
"""Pairs from which an interval is given; below it the normal approximation says nothing."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two readers agree.

    observed and expected: shares, 0 to 1. kappa: −1 to 1, None where both readers gave one verdict
    only, so that chance explains everything. interval: 95 %, None under MIN_PAIRS or where kappa
    is None.
    """

    pairs: int
    observed: float
    expected: float
    kappa: float | None
    interval: tuple[float, float] | None


def agreement(pairs: Sequence[tuple[Verdict, Verdict]]) -> Agreement:
    """Cohen's kappa, unweighted: κ = (p_o − p_e) / (1 − p_e) (Cohen 1960).

    The interval takes the large-sample standard error of Fleiss, Cohen & Everitt (1969). Raises
    ValueError when there are no pairs.
    """
    total = len(pairs)
    if not total:
        raise ValueError("no pairs")
    cells = Counter(pairs)
    rows = {v: sum(cells[v, w] for w in Verdict) / total for v in Verdict}
    columns = {w: sum(cells[v, w] for v in Verdict) / total for w in Verdict}
    observed = sum(cells[v, v] for v in Verdict) / total
    # In whole numbers, so that certainty is seen as certainty.
    same = sum(
        sum(cells[v, w] for w in Verdict) * sum(cells[w, v] for w in Verdict) for v in Verdict
    )
    expected = same / total**2
    if same == total**2:
        return Agreement(total, observed, expected, None, None)
    kappa = (observed - expected) / (1 - expected)
    if total < MIN_PAIRS:
        return Agreement(total, observed, expected, kappa, None)
    spread = sum(
        cells[v, v] / total * (1 - (rows[v] + columns[v]) * (1 - kappa)) ** 2 for v in Verdict
    )
    spread += (1 - kappa) ** 2 * sum(
        cells[v, w] / total * (columns[v] + rows[w]) ** 2
        for v in Verdict
        for w in Verdict
        if v is not w
    )
    spread -= (kappa - expected * (1 - kappa)) ** 2
    error = sqrt(max(0.0, spread) / total) / (1 - expected)
    low, high = kappa - 1.96 * error, kappa + 1.96 * error
    return Agreement(total, observed, expected, kappa, (max(-1.0, low), min(1.0, high)))
