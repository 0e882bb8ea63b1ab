from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.measures import Interval, Proportion, wilson
from quiz.domain.measures.interval import difference, paired_change

counts = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        # The examples of Newcombe (1998), "Two-sided confidence intervals for the single
        # proportion: comparison of seven methods", table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(
    count: int, total: int, low: float, high: float
) -> None:
    found = wilson(count, total)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("total", "half_width"), [(10, 0.26), (60, 0.12)])
def test_wilson_is_as_wide_as_announced(total: int, half_width: float) -> None:
    found = wilson(total // 2, total)
    assert found is not None
    assert found.half_width == pytest.approx(half_width, abs=0.005)


@given(counts)
def test_wilson_holds_the_share_and_stays_within_0_and_1(pair: tuple[int, int]) -> None:
    count, total = pair
    found = wilson(count, total)
    assert found is not None
    assert 0 <= found.low < found.high <= 1
    assert found.low - 1e-12 <= count / total <= found.high + 1e-12


@given(counts)
def test_wilson_of_failures_mirrors_that_of_successes(pair: tuple[int, int]) -> None:
    count, total = pair
    one, other = wilson(count, total), wilson(total - count, total)
    assert one is not None
    assert other is not None
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low))


def test_nothing_out_of_nothing_has_no_share_and_no_interval() -> None:
    nothing = Proportion(0, 0)
    assert nothing.value is None
    assert nothing.interval is None
    assert difference(nothing, Proportion(1, 2)) is None
    assert difference(Proportion(1, 2), nothing) is None
    assert paired_change(0, 0, 0) is None


def test_an_interval_contains_its_ends() -> None:
    interval = Interval(0.25, 0.75)
    assert 0.25 in interval
    assert 0.75 in interval
    assert 0.76 not in interval


def test_the_difference_of_two_shares_has_the_published_interval() -> None:
    # Newcombe (1998), "Interval estimation for the difference between independent proportions",
    # table II, example (a), method 10: 56/70 − 48/80 is 0.2, from 0.0524 to 0.3339.
    found = difference(Proportion(48, 80), Proportion(56, 70))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_a_paired_change_counts_those_that_changed() -> None:
    # n = 20, 6 won, 1 lost: (6 − 1)/22 = .22727;
    # error √(7 + 1 − 25/22)/22 = √6.86364/22 = .11908; ± 1.95996·.11908 = .23340
    found = paired_change(lost=1, won=6, total=20)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((-0.00613, 0.46067), abs=5e-5)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_paired_change_stays_in_bounds_and_keeps_an_uncertainty(
    lost: int, won: int, same: int
) -> None:
    found = paired_change(lost, won, lost + won + same)
    if found is not None:
        assert -1 <= found.low < found.high <= 1
