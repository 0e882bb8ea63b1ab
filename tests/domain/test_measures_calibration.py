from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.measures import Judged, Tally, brier, brier_skill, calibration, levels
from quiz.domain.scoring import Confidence, points
from quiz.domain.verdict import Verdict

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNVERIFIED
GUESS, LEANING, FAIRLY_SURE, SURE = Confidence

judged = st.builds(
    Judged, st.sampled_from(Verdict), st.sampled_from(Verdict), st.sampled_from(Confidence)
)
tallies = st.lists(judged, min_size=1, max_size=60).map(Tally.of)


def answers(level: Confidence, right: int, wrong: int) -> Tally:
    return Tally.from_counts([(T, T, level, right), (T, F, level, wrong)])


# 10 sure with 6 right, 10 leaning with 6 right.
WORKED = answers(SURE, 6, 4) + answers(LEANING, 6, 4)


def test_brier_of_a_worked_example() -> None:
    # Right and sure: (.9, .05, .05): .01 + 2·.0025 = .015; wrong and sure: .81 + .9025 + .0025 =
    # 1.715. Right and leaning: .25 + 2·.0625 = .375; wrong: .25 + .5625 + .0625 = .875.
    # (6·.015 + 4·1.715 + 6·.375 + 4·.875)/20 = (.09 + 6.86 + 2.25 + 3.5)/20 = .635
    assert brier(WORKED) == pytest.approx(0.635)
    assert brier_skill(WORKED) == pytest.approx(1 - 0.635 * 1.5)


@given(tallies)
def test_brier_agrees_with_its_definition_over_three_verdicts(tally: Tally) -> None:
    total = 0.0
    for kind, count in tally:
        p = dict.fromkeys(Verdict, (1 - kind.confidence.p) / 2)
        p[kind.verdict] = kind.confidence.p
        total += count * sum((p[v] - (v is kind.truth)) ** 2 for v in Verdict)
    found = brier(tally)
    assert found == pytest.approx(total / tally.total)
    assert found is not None
    assert 0 <= found <= 2


@given(tallies)
def test_brier_skill_is_a_hundredth_of_the_mean_points(tally: Tally) -> None:
    mean = sum(n * points(kind.confidence, kind.right) for kind, n in tally) / tally.total
    assert brier_skill(tally) == pytest.approx(mean / 100, abs=0.0051)  # points are whole


def test_a_blind_guess_has_no_brier_skill() -> None:
    assert brier_skill(answers(GUESS, 3, 5)) == pytest.approx(0)


def test_calibration_of_a_worked_example() -> None:
    found = calibration(WORKED)
    assert found is not None
    # Mean p (.9 + .5)/2 = .7, accuracy 12/20 = .6.
    assert found.overconfidence == pytest.approx(0.1)
    # ½(.9 − .6)² + ½(.5 − .6)² = .045 + .005
    assert found.reliability == pytest.approx(0.05)
    assert found.resolution == pytest.approx(0)
    assert found.uncertainty == pytest.approx(0.24)
    # (6·.01 + 4·.81 + 6·.25 + 4·.25)/20 = (.06 + 3.24 + 1.5 + 1)/20 = .29 = .05 − 0 + .24
    assert found.error == pytest.approx(0.29)


def test_resolution_rewards_levels_that_differ_in_results() -> None:
    found = calibration(answers(SURE, 10, 0) + answers(GUESS, 0, 10))
    assert found is not None
    assert found.resolution == pytest.approx(0.25)  # ½·.5² + ½·.5²
    assert found.reliability == pytest.approx((0.01 + 1 / 9) / 2)


@given(tallies)
def test_the_error_splits_exactly_into_reliability_resolution_and_uncertainty(
    tally: Tally,
) -> None:
    found = calibration(tally)
    assert found is not None
    parts = found.reliability - found.resolution + found.uncertainty
    assert found.error == pytest.approx(parts, abs=1e-12)
    assert min(found.error, found.reliability, found.resolution, found.uncertainty) >= 0
    assert found.uncertainty <= 0.25 + 1e-12


@given(tallies)
def test_overconfidence_stays_in_bounds_and_in_its_interval(tally: Tally) -> None:
    found = calibration(tally)
    assert found is not None
    assert 1 / 3 - 1 - 1e-12 <= found.overconfidence <= 0.9
    assert found.interval.low < found.overconfidence < found.interval.high


def test_a_bar_is_shown_from_ten_answers_at_its_level() -> None:
    guess, leaning, fairly_sure, sure = levels(answers(SURE, 4, 6) + answers(LEANING, 9, 0))
    assert (sure.shown, sure.needed) == (True, 0)
    assert (leaning.shown, leaning.needed) == (False, 1)
    assert (guess.needed, fairly_sure.needed) == (10, 10)
    assert sure.right.value == 0.4
    assert sure.right.interval is not None
    assert sure.right.interval.low == pytest.approx(0.1682, abs=5e-5)  # Wilson for 4 of 10


def test_nothing_is_said_without_answers() -> None:
    assert brier(Tally()) is None
    assert brier_skill(Tally()) is None
    assert calibration(Tally()) is None
    assert [level.right.value for level in levels(Tally())] == [None] * 4
