from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.measures import Confusion, Lean, bias, lean, skill
from quiz.domain.measures.confusion import bias_error
from quiz.domain.verdict import Verdict

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNVERIFIED


def table(*rows: tuple[int, int, int]) -> Confusion:
    """Rows in the order true, false, unverified; so are the columns."""
    cells = {
        (truth, verdict): count
        for truth, row in zip(Verdict, rows, strict=True)
        for verdict, count in zip(Verdict, row, strict=True)
    }
    return Confusion(cells)


#            T   F  U
WORKED = [
    (6, 3, 1),  # true
    (2, 8, 0),  # false
    (1, 2, 2),  # unverified
]

rows = st.tuples(*[st.integers(0, 30)] * 3)
full_rows = rows.filter(any)
full_tables = st.builds(table, full_rows, full_rows, full_rows)
sizes = st.tuples(*[st.integers(1, 40)] * 3)


def test_skill_is_balanced_accuracy_rescaled() -> None:
    # BA = (6/10 + 8/10 + 2/5)/3 = 1.8/3 = .6; K = (.6 − 1/3)/(2/3) = .4
    assert skill(table(*WORKED)) == pytest.approx(0.4)


def test_bias_is_the_mean_share_of_a_verdict_less_a_third() -> None:
    # T: (6/10 + 2/10 + 1/5)/3 − 1/3 = 1/3 − 1/3 = 0
    # F: (3/10 + 8/10 + 2/5)/3 − 1/3 = .5 − 1/3 = 1/6
    # U: (1/10 + 0 + 2/5)/3 − 1/3 = 1/6 − 1/3 = −1/6
    found = [bias(table(*WORKED), verdict) for verdict in Verdict]
    assert found == pytest.approx([0, 1 / 6, -1 / 6], abs=1e-12)


def test_accuracy_is_not_balanced() -> None:
    assert table(*WORKED).accuracy.value == 16 / 25


@pytest.mark.parametrize("constant", Verdict)
@given(sizes=sizes)
def test_a_constant_answer_has_a_skill_of_exactly_nothing(
    constant: Verdict, sizes: tuple[int, int, int]
) -> None:
    cells = {(truth, constant): n for truth, n in zip(Verdict, sizes, strict=True)}
    assert skill(Confusion(cells)) == 0
    assert bias(Confusion(cells), constant) == pytest.approx(2 / 3)


@given(sizes)
def test_a_perfect_player_has_a_skill_of_one_and_no_bias(sizes: tuple[int, int, int]) -> None:
    confusion = Confusion({(v, v): n for v, n in zip(Verdict, sizes, strict=True)})
    assert skill(confusion) == 1
    assert [bias(confusion, v) for v in Verdict] == [0, 0, 0]
    assert lean(confusion) is Lean.NONE


@given(full_tables)
def test_biases_sum_to_nothing(confusion: Confusion) -> None:
    found = [bias(confusion, verdict) for verdict in Verdict]
    assert sum(b for b in found if b is not None) == pytest.approx(0, abs=1e-12)


@given(full_tables)
def test_skill_and_bias_stay_in_bounds(confusion: Confusion) -> None:
    k = skill(confusion)
    assert k is not None
    assert -0.5 - 1e-12 <= k <= 1 + 1e-12
    for verdict in Verdict:
        b, error = bias(confusion, verdict), bias_error(confusion, verdict)
        assert b is not None
        assert error is not None
        assert -1 / 3 - 1e-12 <= b <= 2 / 3 + 1e-12
        assert error > 0


@given(full_rows, full_rows, full_rows, st.integers(2, 9))
def test_balance_does_not_depend_on_how_often_a_truth_was_met(
    true: tuple[int, int, int],
    false: tuple[int, int, int],
    unverified: tuple[int, int, int],
    times: int,
) -> None:
    more = table((true[0] * times, true[1] * times, true[2] * times), false, unverified)
    once = table(true, false, unverified)
    assert skill(more) == pytest.approx(skill(once))
    assert bias(more, F) == pytest.approx(bias(once, F))


@pytest.mark.parametrize("missing", range(3))
def test_what_needs_all_truths_is_undefined_without_one(missing: int) -> None:
    rows = list(WORKED)
    rows[missing] = (0, 0, 0)
    confusion = table(*rows)
    assert skill(confusion) is None
    assert bias(confusion, T) is None
    assert bias_error(confusion, T) is None
    assert lean(confusion) is None


@pytest.mark.parametrize(
    ("constant", "expected"), [(T, Lean.TRUE), (F, Lean.FALSE), (U, Lean.UNVERIFIED)]
)
def test_a_constant_answer_leans_clearly(constant: Verdict, expected: Lean) -> None:
    assert lean(Confusion({(truth, constant): 5 for truth in Verdict})) is expected


def test_the_same_bias_is_a_lean_with_many_answers_and_none_with_few() -> None:
    # Both have b_F = (2/5 + 3/5 + 3/5)/3 − 1/3 = .2. With 5 of each the smoothed shares are 3/8,
    # 4/8 and 4/8, the error √((.2344 + .25 + .25)/5)/3 = .128 and b/error = 1.56 < 2.13; with 50
    # of each the error is about a third of that and b/error above 4.
    few = table((2, 2, 1), (1, 3, 1), (1, 3, 1))
    many = table((20, 20, 10), (10, 30, 10), (10, 30, 10))
    assert bias(few, F) == pytest.approx(bias(many, F))
    assert bias_error(few, F) == pytest.approx(0.1278, abs=5e-4)
    assert lean(few) is Lean.NONE
    assert lean(many) is Lean.FALSE
