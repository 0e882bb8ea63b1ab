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

    @property
    def half_width(self) -> float:
        """Half of the distance between the ends."""
        return (self.high - self.low) / 2

    def __contains__(self, value: float) -> bool:
        """Whether the value lies in it."""
        return self.low <= value <= self.high


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


def paired_change(lost: int, won: int, total: int) -> Interval | None:
    """The interval of a change (won − lost)/total, same answers before and after; None out of 0.

    Agresti & Min (2005), "Simple improved confidence intervals for comparing matched proportions":
    half an answer is added to each of the four kinds.
    """
    if total == 0:
        return None
    size = total + 2
    change = (won - lost) / size
    error = sqrt(max(0.0, won + lost + 1 - (won - lost) ** 2 / size)) / size
    return around(change, error, -1, 1)


def difference(before: Proportion, after: Proportion) -> Interval | None:
    """The interval of after − before for separate answers; None where either is empty.

    Newcombe (1998), "Interval estimation for the difference between independent proportions",
    method 10: the two Wilson intervals combined.
    """
    old, new = before.interval, after.interval
    if before.value is None or after.value is None or old is None or new is None:
        return None
    change = after.value - before.value
    down = sqrt((after.value - new.low) ** 2 + (old.high - before.value) ** 2)
    up = sqrt((new.high - after.value) ** 2 + (before.value - old.low) ** 2)
    return Interval(change - down, change + up)
