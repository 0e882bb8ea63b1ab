from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.measures import Judged, Tally, calibration, levels
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from tests.domain.tallies import tally_of

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNVERIFIED
GUESS, LEANING, FAIRLY_SURE, SURE = Confidence

judged = st.builds(
    Judged, st.sampled_from(Verdict), st.sampled_from(Verdict), st.sampled_from(Confidence)
)
tallies = st.lists(judged, min_size=1, max_size=60).map(Tally.of)


def answers(*levels: tuple[Confidence, int, int]) -> Tally:
    """So many right and wrong answers at each level."""
    rows = [((T, T, level, right), (T, F, level, wrong)) for level, right, wrong in levels]
    return tally_of(row for both in rows for row in both)


# 10 sure with 6 right, 10 leaning with 6 right.
WORKED = answers((SURE, 6, 4), (LEANING, 6, 4))


def test_calibration_of_a_worked_example() -> None:
    found = calibration(WORKED)
    assert found is not None
    # Mean p (.9 + .5)/2 = .7, accuracy 12/20 = .6.
    assert found.overconfidence == pytest.approx(0.1)
    # Mean (p − a)² = (6·.01 + 4·.81 + 6·.25 + 4·.25)/20 = (.06 + 3.24 + 1.5 + 1)/20 = .29; spread
    # (20·(.29 − .1²) + .5)/22 = 6.1/22 = .27727; ± 1.95996·√(.27727/20) = .23078
    assert found.interval.low == pytest.approx(-0.13078, abs=5e-5)
    assert found.interval.high == pytest.approx(0.33078, abs=5e-5)


@given(tallies)
def test_overconfidence_stays_in_bounds_and_in_its_interval(tally: Tally) -> None:
    found = calibration(tally)
    assert found is not None
    assert 1 / 3 - 1 - 1e-12 <= found.overconfidence <= 0.9
    assert found.interval.low < found.overconfidence < found.interval.high


def test_a_bar_is_shown_from_ten_answers_at_its_level() -> None:
    guess, leaning, fairly_sure, sure = levels(answers((SURE, 4, 6), (LEANING, 9, 0)))
    assert (sure.shown, sure.needed) == (True, 0)
    assert (leaning.shown, leaning.needed) == (False, 1)
    assert (guess.needed, fairly_sure.needed) == (10, 10)
    assert sure.right.value == 0.4
    assert sure.right.interval is not None
    assert sure.right.interval.low == pytest.approx(0.1682, abs=5e-5)  # Wilson for 4 of 10


def test_nothing_is_said_without_answers() -> None:
    assert calibration(Tally()) is None
    assert [level.right.value for level in levels(Tally())] == [None] * 4
