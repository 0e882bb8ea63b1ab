from __future__ import annotations

import pytest

from quiz.domain.measures import Judged, Tally, checking_gain, improvement, retention
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
    assert (gain.won, gain.lost) == (3, 1)
    # 2 of 6 right, then 4 of 6.
    assert gain.accuracy == pytest.approx(1 / 3)
    # K = ((½ + ½ + 0) − 1)/2 = 0, then ((1 + ½ + ½) − 1)/2 = ½
    assert (gain.skill_before, gain.skill_after) == (0, 0.5)
    assert gain.skill == 0.5
    assert gain.interval is not None
    assert gain.interval.low < 0 < gain.interval.high  # six items prove nothing


def test_looks_at_different_items_are_not_compared() -> None:
    with pytest.raises(ValueError, match="different items"):
        checking_gain([judged(T, T)], [judged(F, T)])
    with pytest.raises(ValueError, match="shorter"):
        checking_gain([judged(T, T), judged(F, F)], [judged(T, T)])


def test_without_looks_there_is_no_gain_to_tell() -> None:
    gain = checking_gain([], [])
    assert (gain.accuracy, gain.skill, gain.interval) == (None, None, None)


def test_improvement_compares_separate_answers() -> None:
    earlier = Tally.of([judged(T, T)] * 48 + [judged(T, F)] * 32)
    later = Tally.of([judged(T, T)] * 56 + [judged(T, F)] * 14)
    change = improvement(earlier, later)
    assert change.accuracy == pytest.approx(0.2)  # 48/80 to 56/70
    assert change.interval is not None
    assert change.interval.low == pytest.approx(0.0524, abs=5e-5)
    assert change.skill is None  # no false and no unverified items


def test_improvement_from_nothing_is_not_defined() -> None:
    change = improvement(Tally(), Tally.of([judged(T, T)]))
    assert (change.accuracy, change.interval) == (None, None)


def test_retention_tells_what_is_kept_from_what_is_recovered() -> None:
    found = retention([(True, True), (True, True), (True, False), (False, True), (False, False)])
    assert (found.kept.count, found.kept.total) == (2, 3)
    assert (found.recovered.count, found.recovered.total) == (1, 2)
    assert (found.accuracy.count, found.accuracy.total) == (3, 5)


def test_retention_without_repeats_is_not_defined() -> None:
    assert retention([]).accuracy.value is None
