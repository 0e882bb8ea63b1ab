"""Shares and other figures with the uncertainty that their number of answers leaves."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

Z95 = NormalDist().inv_cdf(0.975)
"""Half-width of a 95 % interval, in standard errors: 1.96."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From where to where a figure may lie, both included, with 95 % confidence."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Proportion:
    """So many out of so many. Without any answer it has no value."""

    count: int
    total: int

    @property
    def value(self) -> float | None:
        """The share, 0 to 1, or None out of nothing."""
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> Interval | None:
        """The Wilson 95 % interval of the share, or None out of nothing."""
        return wilson(self.count, self.total)


def wilson(count: int, total: int, z: float = Z95) -> Interval | None:
    """The score interval of a share, within 0 to 1; None if total is 0.

    Wilson (1927), "Probable inference, the law of succession, and statistical inference".
    """
    if total == 0:
        return None
    share, weight = count / total, z * z / total
    middle = (share + weight / 2) / (1 + weight)
    reach = z * sqrt(share * (1 - share) / total + weight / (4 * total)) / (1 + weight)
    return Interval(max(0.0, middle - reach), min(1.0, middle + reach))


def around(value: float, error: float, low: float, high: float) -> Interval:
    """The 95 % interval of a figure with this standard error, kept within its possible range."""
    return Interval(max(low, value - Z95 * error), min(high, value + Z95 * error))
