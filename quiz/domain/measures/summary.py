"""All measures of a player or a class at once, each held back until it means something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..verdict import Verdict
from .calibration import Level, calibration, levels
from .confusion import Confusion, Lean, bias, bias_error, lean, skill
from .interval import Interval, Proportion, around
from .signal import Separation, discernment, sufficiency
from .tally import Judged, Tally

# A figure is shown once its standard error is about a fifth of its useful range or less.
ACCURACY_ANSWERS = 10
"""For accuracy: the Wilson interval reaches .26 to each side at most."""

CLASS_ANSWERS = 5
"""Of each truth a figure compares. The standard error is then at most .19 for skill, .13 for a bias
and .19 for an AUC without discernment; with 3 it would be .25, and .2 to .8 could be the same."""

CALIBRATION_ANSWERS = 20
"""For overconfidence: the standard error is about .5/√20 = .11; people are off by .1 to .2."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, or how many more answers it takes: `value` is None as long as `needed` is not 0.

    Where it takes answers to questions of a certain verdict, `needed` counts on even rounds: three
    times the answers lacking. So it is an estimate: "about 12 more answers until…".
    """

    value: float | None
    needed: int = 0
    interval: Interval | None = None

    @property
    def shown(self) -> bool:
        """Whether there is a value to show."""
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Summary:
    """What is said of a player or a class, from a tally and its confusion table.

    Every figure is worked out when asked for, from 36 cells at most.
    """

    tally: Tally
    confusion: Confusion

    @property
    def answers(self) -> int:
        """The number of answers."""
        return self.tally.total

    @property
    def accuracy(self) -> Figure:
        """The share of right answers, with its Wilson interval."""
        return _proportion(self.confusion.accuracy, self._lacking(ACCURACY_ANSWERS))

    @property
    def skill(self) -> Figure:
        """K, 1 perfect, 0 what chance or a constant answer gives."""
        return _figure(self._lacking_each(), skill(self.confusion))

    @property
    def bias(self) -> dict[Verdict, Figure]:
        """b_r for each verdict r, above 0 where it is given too often; their sum is 0."""
        return {verdict: self._bias(verdict) for verdict in Verdict}

    @property
    def lean(self) -> Lean | None:
        """The verdict clearly given too often, or None as long as biases are not shown."""
        return None if self._lacking_each() else lean(self.confusion)

    @property
    def discernment(self) -> Figure:
        """AUC_TF, the headline: true told from false, .5 not at all, 1 perfectly."""
        lacking = self._lacking_each(Verdict.TRUE, Verdict.FALSE)
        return _separation(discernment(self.tally), lacking)

    @property
    def sufficiency(self) -> Figure:
        """AUC_U: unverified told from the rest, .5 not at all, 1 perfectly."""
        found = sufficiency(self.tally)
        return _separation(found, _lacking_of(CLASS_ANSWERS, found.positives, found.negatives))

    @property
    def overconfidence(self) -> Figure:
        """Mean p − accuracy: above 0 too sure, below 0 not sure enough."""
        found, lacking = calibration(self.tally), self._lacking(CALIBRATION_ANSWERS)
        if found is None:
            return Figure(None, lacking)
        return _figure(lacking, found.overconfidence, found.interval)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The bars of the calibration chart, from guess to sure; each says whether it is shown."""
        return levels(self.tally)

    def _bias(self, verdict: Verdict) -> Figure:
        value, error = bias(self.confusion, verdict), bias_error(self.confusion, verdict)
        if value is None or error is None:
            return Figure(None, self._lacking_each())
        return _figure(self._lacking_each(), value, around(value, error, -1 / 3, 2 / 3))

    def _lacking(self, answers: int) -> int:
        return max(0, answers - self.tally.total)

    def _lacking_each(self, *truths: Verdict) -> int:
        return _lacking_of(CLASS_ANSWERS, *map(self.confusion.row, truths or Verdict))


def summarise(records: Tally | Iterable[Judged]) -> Summary:
    """Every measure of these answers. From a tally it costs the same for any number of answers."""
    tally = records if isinstance(records, Tally) else Tally.of(records)
    return Summary(tally, Confusion.of(tally))


def _lacking_of(wanted: int, *numbers: int) -> int:
    return len(Verdict) * max(0, wanted - min(numbers))


def _figure(needed: int, value: float | None, interval: Interval | None = None) -> Figure:
    return Figure(None, needed) if needed else Figure(value, 0, interval)


def _proportion(share: Proportion, needed: int) -> Figure:
    return _figure(needed, share.value, share.interval)


def _separation(found: Separation, needed: int) -> Figure:
    return _figure(needed, found.value, found.interval)
