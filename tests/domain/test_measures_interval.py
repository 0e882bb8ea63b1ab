from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.measures import Proportion, wilson

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
    assert (found.high - found.low) / 2 == pytest.approx(half_width, abs=0.005)


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
