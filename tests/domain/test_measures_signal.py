from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.measures import Judged, Tally, discernment, separation, sufficiency
from quiz.domain.measures.signal import true_over_false, unverified
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from tests.domain.tallies import tally_of

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNVERIFIED
GUESS, LEANING, FAIRLY_SURE, SURE = Confidence

judged = st.builds(
    Judged, st.sampled_from(Verdict), st.sampled_from(Verdict), st.sampled_from(Confidence)
)
scores = st.lists(st.integers(-3, 3), min_size=1, max_size=25)

# The levels as fractions, so that ties are exact.
P = {
    GUESS: Fraction(1, 3),
    LEANING: Fraction(1, 2),
    FAIRLY_SURE: Fraction(7, 10),
    SURE: Fraction(9, 10),
}


def probabilities(kind: Judged) -> dict[Verdict, Fraction]:
    p = P[kind.confidence]
    return {v: p if v is kind.verdict else (1 - p) / 2 for v in Verdict}


def test_auc_counts_pairs_won_and_half_of_those_tied() -> None:
    # Positives 3, 1, 1 against negatives 1, 0: 3 wins twice; each 1 ties once and wins once.
    # (2 + 1.5 + 1.5)/6 = 5/6
    assert separation({3: 1, 1: 2}, {1: 1, 0: 1}).value == pytest.approx(5 / 6)


@given(scores, scores)
def test_auc_agrees_with_comparing_every_pair(pos: list[int], neg: list[int]) -> None:
    won = sum((a > b) + 0.5 * (a == b) for a, b in product(pos, neg))
    found = separation(Counter(pos), Counter(neg))
    assert found.value == pytest.approx(won / (len(pos) * len(neg)))
    swapped = separation(Counter(neg), Counter(pos))
    assert swapped.value == pytest.approx(1 - (found.value or 0))


@given(scores, scores)
def test_an_auc_lies_in_its_interval_and_never_looks_certain(
    pos: list[int], neg: list[int]
) -> None:
    found = separation(Counter(pos), Counter(neg))
    assert found.value is not None
    assert found.interval is not None
    assert 0 <= found.interval.low <= found.value <= found.interval.high <= 1
    assert found.interval.low < found.interval.high


def test_more_items_narrow_the_interval_of_an_auc() -> None:
    # With m = n = 10 the end .7265 solves (θ − .5)² = 3.8415·V(θ):
    # V = .7265·.2735·(1 + 9·(.2735/1.2735 + .7265/1.7265))/100 = .1987·6.720/100 = .013352;
    # √(3.8415·.013352) = .2265
    wide = separation({1: 5, 0: 5}, {1: 5, 0: 5}).interval
    narrow = separation({1: 50, 0: 50}, {1: 50, 0: 50}).interval
    assert wide is not None
    assert narrow is not None
    assert (wide.low, wide.high) == pytest.approx((0.2735, 0.7265), abs=2e-4)
    assert narrow.high - narrow.low < (wide.high - wide.low) / 2


@pytest.mark.parametrize(("pos", "neg"), [({}, {1: 2}), ({1: 2}, {}), ({}, {})])
def test_an_auc_needs_items_of_both_kinds(pos: dict[int, int], neg: dict[int, int]) -> None:
    found = separation(pos, neg)
    assert found.value is None
    assert found.interval is None


@given(judged, judged)
def test_scores_are_in_the_order_of_the_probabilities(one: Judged, other: Judged) -> None:
    p, q = probabilities(one), probabilities(other)
    for score, s, t in (
        (true_over_false, p[T] - p[F], q[T] - q[F]),
        (unverified, p[U], q[U]),
    ):
        assert (score(one) > score(other), score(one) == score(other)) == (s > t, s == t)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("level", Confidence)
@given(sizes=st.tuples(*[st.integers(1, 30)] * 3))
def test_a_constant_answer_tells_nothing_apart(
    verdict: Verdict, level: Confidence, sizes: tuple[int, int, int]
) -> None:
    rows = [(truth, verdict, level, n) for truth, n in zip(Verdict, sizes, strict=True)]
    tally = tally_of(rows)
    assert discernment(tally).value == 0.5
    assert sufficiency(tally).value == 0.5


@given(st.lists(judged, max_size=40))
def test_calling_true_false_and_false_true_mirrors_discernment(records: list[Judged]) -> None:
    swap = {T: F, F: T, U: U}
    mirrored = [Judged(r.truth, swap[r.verdict], r.confidence) for r in records]
    value = discernment(Tally.of(records)).value
    mirror = discernment(Tally.of(mirrored)).value
    assert (value is None and mirror is None) or mirror == pytest.approx(1 - (value or 0))


def test_discernment_of_a_worked_example() -> None:
    # True items: T sure (+3), T guess (0), F leaning (−1). False items: F sure (−3), U sure (0).
    # +3 beats both; 0 beats −3 and ties 0; −1 beats −3: (2 + 1.5 + 1)/6 = .75
    records = [
        Judged(T, T, SURE),
        Judged(T, T, GUESS),
        Judged(T, F, LEANING),
        Judged(F, F, SURE),
        Judged(F, U, SURE),
    ]
    assert discernment(Tally.of(records)).value == 0.75
    # Unverified items do not count.
    assert discernment(Tally.of([*records, Judged(U, T, SURE)])).value == 0.75


def test_sufficiency_of_a_worked_example() -> None:
    # Unverified items: U leaning (p_U .5), T leaning (.25). The rest: F sure (.05), T guess (1/3).
    # .5 beats both; .25 beats .05: 3/4
    records = [
        Judged(U, U, LEANING),
        Judged(U, T, LEANING),
        Judged(F, F, SURE),
        Judged(T, T, GUESS),
    ]
    assert sufficiency(Tally.of(records)).value == 0.75
