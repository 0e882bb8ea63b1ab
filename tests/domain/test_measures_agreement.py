from __future__ import annotations

from fractions import Fraction
from math import sqrt
from statistics import fmean

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quiz.domain.measures import Interval, kappa, wilson
from quiz.domain.verdict import Verdict

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNVERIFIED
Pairs = list[tuple[Verdict, Verdict]]

verdicts = st.sampled_from(Verdict)
readings = st.lists(st.tuples(verdicts, verdicts), max_size=40)


def table(rows: dict[Verdict, tuple[int, int, int]]) -> Pairs:
    """Pairs from a table: one reader's verdict in the rows, the other's in the columns."""
    return [
        (one, other)
        for one, counts in rows.items()
        for other, count in zip(Verdict, counts, strict=True)
        for _ in range(count)
    ]


def test_kappa_of_a_worked_example() -> None:
    # 25 of the 50 cases in two verdicts: agreed 20 + 15 = 35 of 50 = .7; shares of TRUE .5 and .6,
    # expected .5 · .6 + .5 · .4 = .5; kappa (.7 − .5)/.5 = .4
    found = kappa(table({T: (20, 5, 0), F: (10, 15, 0)}))
    assert (found.observed.count, found.observed.total) == (35, 50)
    assert found.kappa == pytest.approx(0.4)


def test_the_interval_of_the_worked_example() -> None:
    # Fleiss, Cohen & Everitt: 1 − κ = .6; agreeing cells .4(1 − 1.1 · .6)² + .3(1 − .9 · .6)² =
    # .04624 + .06348 = .10972; others .1 · (.6 + .5)² · .36 + .2 · (.4 + .5)² · .36 = .04356 +
    # .05832 = .10188 (columns of TRUE .6, of FALSE .4; rows .5); last (.4 − .5 · .6)² = .01.
    # Variance (.10972 + .10188 − .01)/(50 · .25) = .016128, error .12700, ± .24891
    found = kappa(table({T: (20, 5, 0), F: (10, 15, 0)})).interval
    assert found is not None
    assert (found.low, found.high) == (
        pytest.approx(0.15109, abs=1e-5),
        pytest.approx(0.64891, abs=1e-5),
    )


def test_kappa_of_three_verdicts() -> None:
    # agreed 4 + 3 + 2 = 9 of 12; rows 5, 4, 3, columns 5, 4, 3: expected 50/144; kappa
    # (108 − 50)/(144 − 50) = 58/94
    found = kappa(table({T: (4, 1, 0), F: (0, 3, 1), U: (1, 0, 2)}))
    assert found.kappa == pytest.approx(58 / 94)


def test_full_agreement_keeps_an_uncertainty() -> None:
    found = kappa(table({T: (5, 0, 0), F: (0, 5, 0)}))
    share = wilson(10, 10)
    assert share is not None
    assert found.kappa == 1
    assert found.interval == Interval(pytest.approx((share.low - 0.5) / 0.5), 1.0)


def test_a_reader_who_always_says_the_same_agrees_as_chance_does_and_no_more_is_certain() -> None:
    found = kappa(table({T: (6, 6, 0)}))
    assert found.kappa == 0
    assert found.interval is not None
    assert found.interval.high - found.interval.low > 0.4


def test_opposite_readings_are_minus_one() -> None:
    assert kappa([(T, F), (F, T)]).kappa == -1


@pytest.mark.parametrize("pairs", [[], [(T, T)], [(U, U)] * 30])
def test_nothing_is_said_where_nothing_could_have_differed(pairs: Pairs) -> None:
    found = kappa(pairs)
    assert (found.kappa, found.interval) == (None, None)


def test_few_questions_have_no_interval() -> None:
    pairs = [(T, T), (F, F), (U, T)] * 3
    assert kappa(pairs).interval is None
    assert kappa([*pairs, (F, F)]).interval is not None


def test_the_interval_is_near_that_of_the_jackknife() -> None:
    pairs = table({T: (30, 6, 4), F: (5, 28, 7), U: (3, 8, 29)})
    size = len(pairs)
    left_out = [kappa(pairs[:n] + pairs[n + 1 :]).kappa or 0 for n in range(size)]
    middle = fmean(left_out)
    error = sqrt((size - 1) / size * sum((value - middle) ** 2 for value in left_out))
    found = kappa(pairs).interval
    assert found is not None
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * error, rel=0.03)


@given(readings)
def test_kappa_is_symmetric(pairs: Pairs) -> None:
    assert kappa([(other, one) for one, other in pairs]) == kappa(pairs)


@given(readings, st.permutations(list(Verdict)))
def test_kappa_does_not_depend_on_what_the_verdicts_are_called(
    pairs: Pairs, names: list[Verdict]
) -> None:
    called = dict(zip(Verdict, names, strict=True))
    assert kappa([(called[one], called[other]) for one, other in pairs]) == kappa(pairs)


@given(readings)
def test_kappa_is_one_exactly_where_all_agree_on_more_than_one_verdict(pairs: Pairs) -> None:
    found = kappa(pairs).kappa
    assume(found is not None)
    assert -1 <= (found or 0) <= 1
    assert (found == 1) == all(one is other for one, other in pairs)


@given(readings)
def test_kappa_lies_in_its_interval(pairs: Pairs) -> None:
    found = kappa(pairs)
    if found.interval is not None and found.kappa is not None:
        assert found.interval.low - 1e-9 <= found.kappa <= found.interval.high + 1e-9
        assert -1 <= found.interval.low <= found.interval.high <= 1


@given(readings.filter(len))
def test_kappa_compares_with_the_product_of_the_shares(pairs: Pairs) -> None:
    ones, others = [one for one, _ in pairs], [other for _, other in pairs]
    shares = [Fraction(ones.count(v) * others.count(v), len(pairs) ** 2) for v in Verdict]
    expected, found = sum(shares), kappa(pairs)
    assert (found.kappa is None) == (expected == 1)
    if found.kappa is not None:
        agreed = Fraction(found.observed.count, len(pairs))
        assert found.kappa == pytest.approx(float((agreed - expected) / (1 - expected)))
