from __future__ import annotations

import pytest

from quiz.domain.measures import Judged, Proportion, checking_gain
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNVERIFIED
SURE = Confidence.SURE


def judged(truth: Verdict, verdict: Verdict) -> Judged:
    return Judged(truth, verdict, SURE)


def test_checking_gains_what_it_corrects_less_what_it_spoils() -> None:
    first = [judged(T, F), judged(T, T), judged(F, T), judged(F, F), judged(U, T), judged(U, F)]
    final = [judged(T, T), judged(T, T), judged(F, F), judged(F, U), judged(U, U), judged(U, F)]
    gain = checking_gain(first, final)
    # Three turn right and one turns wrong: 2 of 6, then 4 of 6.
    assert (gain.before, gain.after) == (Proportion(2, 6), Proportion(4, 6))


def test_looks_at_different_items_are_not_compared() -> None:
    with pytest.raises(ValueError, match="different items"):
        checking_gain([judged(T, T)], [judged(F, T)])
    with pytest.raises(ValueError, match="shorter"):
        checking_gain([judged(T, T), judged(F, F)], [judged(T, T)])


def test_without_looks_there_is_no_gain_to_tell() -> None:
    gain = checking_gain([], [])
    assert (gain.before.value, gain.after.value) == (None, None)
