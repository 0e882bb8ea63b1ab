"""How far two readers agree on the verdicts, beyond what chance alone would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from ..verdict import Verdict
from .interval import Interval, Proportion, around

AGREEMENT_PAIRS = 10
"""Questions read by both from which kappa is given an interval."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two readers of the same questions.

    observed: the questions on which they agree. kappa: the agreement beyond chance, −1 to 1 where
    1 is full and 0 what chance gives; None where both always give the same single verdict.
    interval: of kappa, None from too few questions.
    """

    observed: Proportion
    kappa: float | None
    interval: Interval | None


def kappa(pairs: Sequence[tuple[Verdict, Verdict]]) -> Agreement:
    """Cohen's unweighted kappa of (one reader's verdict, the other's), a pair for each question.

    κ = (observed − expected)/(1 − expected), expected = Σ of the products of the two readers'
    shares of a verdict. Cohen (1960), "A coefficient of agreement for nominal scales".
    """
    cells, agreed = Counter(pairs), sum(one is other for one, other in pairs)
    observed = Proportion(agreed, len(pairs))
    if not pairs:
        return Agreement(observed, None, None)
    rows, columns = _margins(pairs)
    expected = sum((rows[v] * columns[v] for v in Verdict), Fraction())
    if expected == 1:
        return Agreement(observed, None, None)
    value = (Fraction(agreed, len(pairs)) - expected) / (1 - expected)
    interval = None
    if len(pairs) >= AGREEMENT_PAIRS:
        variance = _variance(cells, rows, columns, expected, value)
        interval = (
            around(float(value), sqrt(variance), -1, 1)
            if variance
            else _carried_over(observed, float(expected))
        )
    return Agreement(observed, float(value), interval)


def _margins(
    pairs: Sequence[tuple[Verdict, Verdict]],
) -> tuple[dict[Verdict, Fraction], dict[Verdict, Fraction]]:
    """The shares of each verdict with the one reader and with the other."""
    one, other = Counter(p[0] for p in pairs), Counter(p[1] for p in pairs)
    return (
        {v: Fraction(one[v], len(pairs)) for v in Verdict},
        {v: Fraction(other[v], len(pairs)) for v in Verdict},
    )


def _variance(
    cells: Counter[tuple[Verdict, Verdict]],
    rows: dict[Verdict, Fraction],
    columns: dict[Verdict, Fraction],
    expected: Fraction,
    value: Fraction,
) -> Fraction:
    """The large-sample variance of kappa, in fractions so that a variance of 0 is exactly 0.

    Fleiss, Cohen & Everitt (1969), "Large sample standard errors of kappa and weighted kappa",
    equation 13.
    """
    size, short = cells.total(), 1 - value
    total = -((value - expected * short) ** 2)
    for (one, other), count in cells.items():
        if one is other:
            total += Fraction(count, size) * (1 - (rows[one] + columns[one]) * short) ** 2
        else:
            total += Fraction(count, size) * ((columns[one] + rows[other]) * short) ** 2
    return total / (size * (1 - expected) ** 2)


def _carried_over(observed: Proportion, expected: float) -> Interval | None:
    """The Wilson interval of the observed agreement as one of kappa, chance taken as known.

    Two readers who agree on everything, or one who always says the same, leave the large-sample
    formula a variance of 0, as if a dozen questions made certain; this keeps an uncertainty.
    """
    share = observed.interval
    if share is None:
        return None
    low, high = ((end - expected) / (1 - expected) for end in (share.low, share.high))
    return Interval(max(-1.0, low), min(1.0, high))
