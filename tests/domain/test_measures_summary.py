from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.measures import Figure, Judged, Lean, Summary, summarise
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from tests.domain.tallies import tally_of

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNVERIFIED
SURE, LEANING = Confidence.SURE, Confidence.LEANING

judged = st.builds(
    Judged, st.sampled_from(Verdict), st.sampled_from(Verdict), st.sampled_from(Confidence)
)
answers = st.lists(judged, max_size=80)

FIGURES = ["accuracy", "skill", "discernment", "sufficiency", "overconfidence"]


def figures(summary: Summary) -> dict[str, Figure]:
    named = {name: getattr(summary, name) for name in FIGURES}
    return named | {f"bias {verdict}": figure for verdict, figure in summary.bias.items()}


def perfect(true: int, false: int, unverified: int) -> Summary:
    rows = zip(Verdict, (true, false, unverified), strict=True)
    return summarise(tally_of((v, v, SURE, n) for v, n in rows))


@given(answers)
def test_every_figure_has_either_a_value_or_answers_needed(records: list[Judged]) -> None:
    for figure in figures(summarise(records)).values():
        assert figure.shown == (figure.needed == 0)
        assert figure.needed >= 0
        assert figure.value is None or math.isfinite(figure.value)
        assert figure.interval is None or figure.value is not None


@given(answers)
def test_a_shown_interval_holds_its_figure(records: list[Judged]) -> None:
    for figure in figures(summarise(records)).values():
        if figure.value is not None and figure.interval is not None:
            assert figure.interval.low - 1e-9 <= figure.value <= figure.interval.high + 1e-9


@given(answers)
def test_counts_of_a_database_say_the_same_as_the_answers(records: list[Judged]) -> None:
    tally = tally_of((r.truth, r.verdict, r.confidence, 1) for r in reversed(records))
    one, other = figures(summarise(records)), figures(summarise(tally))
    for name, figure in one.items():
        assert other[name].needed == figure.needed
        assert other[name].value == pytest.approx(figure.value)


@given(answers)
def test_a_summary_of_a_hundred_times_the_answers_has_the_same_size(
    records: list[Judged],
) -> None:
    many = tally_of((r.truth, r.verdict, r.confidence, 100) for r in records)
    assert len(list(summarise(many).tally)) == len(list(summarise(records).tally)) <= 36
    assert summarise(many).answers == 100 * len(records)


def test_without_answers_each_figure_says_what_it_takes() -> None:
    summary = summarise([])
    needed = {name: figure.needed for name, figure in figures(summary).items()}
    assert needed == {
        "accuracy": 10,
        **dict.fromkeys(["skill", "discernment", "sufficiency"], 15),
        **dict.fromkeys(["bias true", "bias false", "bias unverified"], 15),
        "overconfidence": 20,
    }
    assert summary.answers == 0
    assert summary.lean is None


def test_five_answers_to_each_truth_give_the_figures_that_compare_truths() -> None:
    early, ready = perfect(5, 5, 4), perfect(5, 5, 5)
    assert (early.skill.value, early.skill.needed) == (None, 3)
    assert (early.discernment.value, early.sufficiency.needed) == (1, 3)
    assert (ready.skill.value, ready.sufficiency.value) == (1, 1)
    assert [figure.value for figure in ready.bias.values()] == [0, 0, 0]


def test_what_is_needed_counts_on_even_rounds() -> None:
    # Two more false items come with about two true and two unverified ones.
    assert perfect(5, 3, 5).discernment.needed == 6


def test_overconfidence_waits_for_twenty_answers() -> None:
    few = summarise(tally_of([(T, T, SURE, 12), (T, F, SURE, 7)]))
    assert few.overconfidence == Figure(None, 1)
    enough = summarise(tally_of([(T, T, SURE, 12), (T, F, SURE, 8)]))
    assert enough.overconfidence.value == pytest.approx(0.3)


def test_bias_is_put_in_words_once_it_is_clear() -> None:
    few = summarise(tally_of((truth, F, LEANING, 4) for truth in Verdict))
    enough = summarise(tally_of((truth, F, LEANING, 5) for truth in Verdict))
    assert few.lean is None
    assert enough.lean is Lean.FALSE
    assert perfect(9, 9, 9).lean is Lean.NONE


def test_the_bars_of_calibration_come_from_guess_to_sure() -> None:
    bars = perfect(4, 4, 4).levels
    assert [bar.confidence for bar in bars] == list(Confidence)
    assert [bar.shown for bar in bars] == [False, False, False, True]
