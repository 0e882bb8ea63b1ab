"""Tallies written as a table of counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from quiz.domain.measures import Judged, Tally
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict


def tally_of(rows: Iterable[tuple[Verdict, Verdict, Confidence, int]]) -> Tally:
    """From (truth, verdict, confidence, number of answers); rows of the same kind are added up."""
    counts: Counter[Judged] = Counter()
    for truth, verdict, confidence, number in rows:
        counts[Judged(truth, verdict, confidence)] += number
    return Tally(counts)
