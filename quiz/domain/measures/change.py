"""Before and after: what checking brings, what is retained, what improves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .confusion import Confusion, skill
from .interval import Interval, Proportion, difference, paired_change
from .tally import Judged, Tally


@dataclass(frozen=True, slots=True)
class Change:
    """Accuracy and skill K before and after; the interval is that of the change of accuracy.

    For the same items twice, `won` of them turned right and `lost` turned wrong; else both are 0.
    """

    before: Proportion
    after: Proportion
    interval: Interval | None
    skill_before: float | None
    skill_after: float | None
    won: int = 0
    lost: int = 0

    @property
    def accuracy(self) -> float | None:
        """Accuracy after − before, −1 to 1; None where either has no answers."""
        return _minus(self.after.value, self.before.value)

    @property
    def skill(self) -> float | None:
        """K after − before; None where either is not defined."""
        return _minus(self.skill_after, self.skill_before)


@dataclass(frozen=True, slots=True)
class Retention:
    """Questions met again: what was right and still is, and what was wrong and now is right."""

    kept: Proportion
    recovered: Proportion

    @property
    def accuracy(self) -> Proportion:
        """The share of all repeats that is right."""
        right = self.kept.count + self.recovered.count
        return Proportion(right, self.kept.total + self.recovered.total)


def checking_gain(first: Sequence[Judged], final: Sequence[Judged]) -> Change:
    """First look against final look on the same items, in the same order.

    Raises ValueError if the two do not pair up.
    """
    pairs = list(zip(first, final, strict=True))
    if any(look.truth is not again.truth for look, again in pairs):
        raise ValueError("a first and a final look are paired that belong to different items")
    won = sum(again.right and not look.right for look, again in pairs)
    lost = sum(look.right and not again.right for look, again in pairs)
    interval = paired_change(lost, won, len(pairs))
    return _change(Tally.of(first), Tally.of(final), interval, won, lost)


def improvement(earlier: Tally, later: Tally) -> Change:
    """Earlier against later answers, both to questions not seen before: repeats do not belong."""
    before, after = Confusion.of(earlier).accuracy, Confusion.of(later).accuracy
    return _change(earlier, later, difference(before, after))


def retention(repeats: Iterable[tuple[bool, bool]]) -> Retention:
    """From pairs (right last time, right this time), one for each question met again."""
    again: dict[bool, list[bool]] = {True: [], False: []}
    for before, now in repeats:
        again[before].append(now)
    kept, recovered = (Proportion(sum(again[was]), len(again[was])) for was in (True, False))
    return Retention(kept, recovered)


def _change(
    before: Tally, after: Tally, interval: Interval | None, won: int = 0, lost: int = 0
) -> Change:
    old, new = Confusion.of(before), Confusion.of(after)
    return Change(old.accuracy, new.accuracy, interval, skill(old), skill(new), won, lost)


def _minus(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before
