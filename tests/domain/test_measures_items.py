from __future__ import annotations

from statistics import correlation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.measures import Flag, analyse_item, item_rest_correlation, item_rest_pairs
from quiz.domain.verdict import Verdict

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNVERIFIED


def test_item_rest_correlation_of_a_worked_example() -> None:
    # Right: rest .8, .6; wrong: .4, .2. Means .7 and .3, spread √((.09 + .01 + .01 + .09)/4) =
    # √.05 = .22361; (.7 − .3)/.22361 · √(½·½) = .89443
    pairs = [(True, 0.8), (True, 0.6), (False, 0.4), (False, 0.2)]
    assert item_rest_correlation(pairs) == pytest.approx(0.89443, abs=1e-5)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9).map(lambda n: n / 9)), max_size=40))
def test_item_rest_correlation_is_pearsons_or_undefined(pairs: list[tuple[bool, float]]) -> None:
    found = item_rest_correlation(pairs)
    rights, rests = [float(right) for right, _ in pairs], [rest for _, rest in pairs]
    if len(set(rights)) < 2 or len(set(rests)) < 2:
        assert found is None
    else:
        assert found == pytest.approx(correlation(rights, rests), abs=1e-9)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), max_size=20))
def test_item_rest_correlation_never_leaves_its_bounds(pairs: list[tuple[bool, float]]) -> None:
    found = item_rest_correlation(pairs)
    assert found is None or -1 <= found <= 1


def test_the_rest_leaves_the_item_itself_out() -> None:
    scores = {
        "ada": {"q1": True, "q2": True, "q3": False},
        "bob": {"q1": False, "q2": True},
        "cyd": {"q3": True},  # a single answer has no rest
    }
    assert item_rest_pairs(scores) == {
        "q1": [(True, 0.5), (False, 1.0)],
        "q2": [(True, 0.5), (True, 0.0)],
        "q3": [(False, 1.0)],
    }


def test_an_item_is_analysed() -> None:
    found = analyse_item(
        F,
        {T: 5, F: 15},
        rest=[(True, 0.9), (False, 0.1), (True, 0.7)],
        seconds=[12.0, 40.0, 20.0],
    )
    assert found.facility.value == 0.75
    assert found.responses == {T: 5, F: 15, U: 0}
    assert found.median_seconds == 20
    assert found.discrimination is not None
    assert found.discrimination > 0.9
    assert (found.flags, found.needed) == (frozenset(), 0)


def test_an_item_that_nobody_answered_is_analysed_too() -> None:
    found = analyse_item(T, {})
    assert (found.facility.value, found.discrimination, found.median_seconds) == (None, None, None)
    assert (found.flags, found.needed) == (frozenset({Flag.TOO_FEW}), 20)


BAD_REST = [(True, 0.1), (False, 0.9)]


@pytest.mark.parametrize(
    ("responses", "rest", "flags"),
    [
        ({T: 0, F: 19}, BAD_REST, {Flag.TOO_FEW}),  # and nothing else is held against it
        ({T: 20}, [], set()),
        ({T: 20}, BAD_REST, {Flag.NEGATIVE_DISCRIMINATION}),
        ({T: 9, F: 10, U: 1}, [], {Flag.WRONG_PREFERRED}),
        ({T: 10, F: 10}, [], set()),  # preferred means more often, not as often
        ({T: 10, F: 10, U: 10}, [], set()),  # at chance is not below chance
        ({T: 6, F: 7, U: 7}, [], {Flag.BELOW_CHANCE, Flag.WRONG_PREFERRED}),
    ],
)
def test_a_question_is_flagged(
    responses: dict[Verdict, int], rest: list[tuple[bool, float]], flags: set[Flag]
) -> None:
    assert analyse_item(T, responses, rest).flags == flags
