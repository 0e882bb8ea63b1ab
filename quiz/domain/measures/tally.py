"""Judgements counted: what every measure of a player or a class is computed from.

Truth, verdict and confidence make 3 × 3 × 4 = 36 cells. A database can count them, and no measure
costs more for a million answers than for ten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..scoring import Confidence
from ..verdict import Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer: the question's verdict, the verdict given, and how sure the player was."""

    truth: Verdict
    verdict: Verdict
    confidence: Confidence

    @property
    def right(self) -> bool:
        """Whether the verdict given is the question's."""
        return self.verdict is self.truth


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each kind of judgement occurred. Omitted questions are not in it.

    `counts` maps to numbers of answers; kinds that did not occur are left out.
    """

    counts: Mapping[Judged, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError for a negative count."""
        if any(count < 0 for count in self.counts.values()):
            raise ValueError("a tally cannot count fewer than 0 answers")

    @classmethod
    def of(cls, records: Iterable[Judged]) -> Tally:
        """Count single answers."""
        return cls(Counter(records))

    def __iter__(self) -> Iterator[tuple[Judged, int]]:
        """The kinds of judgement that occurred, with their numbers."""
        return iter((kind, count) for kind, count in self.counts.items() if count)

    @property
    def total(self) -> int:
        """The number of answers."""
        return sum(self.counts.values())

    @property
    def right(self) -> int:
        """The number of right answers."""
        return sum(count for kind, count in self if kind.right)
