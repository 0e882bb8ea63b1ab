from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.measures import Confusion, Judged, Tally
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from tests.domain.tallies import tally_of

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNVERIFIED
SURE, GUESS = Confidence.SURE, Confidence.GUESS

judged = st.builds(
    Judged, st.sampled_from(Verdict), st.sampled_from(Verdict), st.sampled_from(Confidence)
)
answers = st.lists(judged, max_size=60)


def cells(tally: Tally) -> dict[Judged, int]:
    return dict(iter(tally))


def test_counts_answers_and_right_ones() -> None:
    tally = Tally.of([Judged(T, T, SURE), Judged(T, T, SURE), Judged(U, F, GUESS)])
    assert (tally.total, tally.right) == (3, 2)
    assert cells(tally) == {Judged(T, T, SURE): 2, Judged(U, F, GUESS): 1}


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 0"):
        tally_of([(T, T, SURE, -1)])


@given(answers.flatmap(lambda a: st.tuples(st.just(a), st.permutations(a))))
def test_the_order_of_answers_is_forgotten(both: tuple[list[Judged], list[Judged]]) -> None:
    assert cells(Tally.of(both[0])) == cells(Tally.of(both[1]))


@given(answers)
def test_a_tally_has_36_cells_at_most(records: list[Judged]) -> None:
    assert len(cells(Tally.of(records * 3))) <= 36


def test_the_confusion_table_has_truths_in_rows_and_verdicts_in_columns() -> None:
    records = [Judged(T, F, SURE)] * 3 + [Judged(T, T, GUESS)] * 2 + [Judged(U, F, SURE)]
    table = Confusion.of(Tally.of(records))
    assert (table.count(T, F), table.count(F, T)) == (3, 0)
    assert [table.row(v) for v in Verdict] == [5, 0, 1]
    assert [table.column(v) for v in Verdict] == [2, 4, 0]
    assert (table.accuracy.count, table.accuracy.total) == (2, 6)
    assert table.share(T, F).value == 3 / 5
    assert table.share(F, F).value is None
