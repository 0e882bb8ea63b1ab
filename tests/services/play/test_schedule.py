from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone

import pytest
from fsrs import Rating
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.scoring import Confidence
from quiz.services.play.schedule import Past, due_questions, rating, review_dates

GUESS, LEANING, FAIRLY_SURE, SURE = Confidence
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def past(key: str = "q", right: bool = True, confidence: Confidence = SURE, day: float = 0) -> Past:
    return Past(key, right, confidence, START + day * DAY)


def days_until_due(*history: Past) -> float:
    return (review_dates(history)["q"] - history[-1].answered_at) / DAY


histories = st.lists(
    st.builds(
        past,
        st.sampled_from("abc"),
        st.booleans(),
        st.sampled_from(Confidence),
        st.integers(0, 900).map(lambda hours: hours / 24),
    ),
    max_size=25,
    unique_by=lambda answer: answer.answered_at,
)


@pytest.mark.parametrize("level", Confidence)
def test_a_wrong_answer_is_forgotten_however_sure(level: Confidence) -> None:
    assert rating(False, level) is Rating.Again


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (GUESS, Rating.Hard),
        (LEANING, Rating.Hard),
        (FAIRLY_SURE, Rating.Good),
        (SURE, Rating.Easy),
    ],
)
def test_a_right_answer_is_the_better_known_the_surer_it_was(
    level: Confidence, expected: Rating
) -> None:
    assert rating(True, level) is expected


def test_the_surer_a_right_answer_the_later_it_comes_again() -> None:
    # FSRS's first stabilities are .212, 1.2931, 2.3065 and 8.2956 days; rounded, at least one day.
    assert days_until_due(past(right=False)) == 1
    assert days_until_due(past(confidence=GUESS)) == 1
    assert days_until_due(past(confidence=LEANING)) == 1
    assert days_until_due(past(confidence=FAIRLY_SURE)) == 2
    assert days_until_due(past(confidence=SURE)) == 8


def test_right_again_when_due_widens_the_interval_and_wrong_narrows_it() -> None:
    once = past(confidence=FAIRLY_SURE)
    again = days_until_due(once, past(confidence=FAIRLY_SURE, day=2))
    third = days_until_due(once, past(confidence=FAIRLY_SURE, day=2), past(day=2 + again))
    forgotten = days_until_due(
        once, past(confidence=FAIRLY_SURE, day=2), past(right=False, day=2 + again)
    )
    assert 2 < again < third
    assert forgotten < again


def test_nothing_comes_again_on_the_same_day() -> None:
    history = [past(right=False), past(right=False, day=0.01), past(right=True, day=0.02)]
    assert days_until_due(*history) >= 1


def test_only_what_is_due_by_now_is_given_the_longest_overdue_first() -> None:
    history = [
        past("late", right=False, day=0),
        past("later", right=False, day=-3),
        past("not yet", confidence=SURE, day=0),
    ]
    now = START + DAY
    assert list(due_questions(history, now)) == ["later", "late"]
    assert due_questions(history, now)["late"] == now
    assert "late" not in due_questions(history, now - timedelta(seconds=1))


def test_an_answer_today_takes_a_question_off_the_list() -> None:
    history = [past(right=False), past(day=5)]
    assert due_questions(history[:1], START + 5 * DAY) != {}
    assert due_questions(history, START + 5 * DAY) == {}


@given(histories, st.randoms(use_true_random=False))
def test_the_order_in_which_answers_are_given_is_that_of_their_times(
    history: list[Past], rng: random.Random
) -> None:
    shuffled = history.copy()
    rng.shuffle(shuffled)
    assert review_dates(shuffled) == review_dates(history)


@given(histories)
def test_questions_do_not_influence_each_other(history: list[Past]) -> None:
    together = review_dates(history)
    for key in {answer.question_key for answer in history}:
        alone = review_dates(answer for answer in history if answer.question_key == key)
        assert alone == {key: together[key]}


@given(histories)
def test_every_question_answered_comes_again_a_day_later_or_more(history: list[Past]) -> None:
    dates = review_dates(history)
    last = {a.question_key: a.answered_at for a in sorted(history, key=lambda a: a.answered_at)}
    assert set(dates) == set(last)
    assert all(dates[key] >= last[key] + DAY for key in last)


def test_times_of_other_zones_are_the_same_moments() -> None:
    paris = timezone(timedelta(hours=1))
    there = Past("q", True, SURE, START.astimezone(paris))
    assert review_dates([there]) == review_dates([past()])
    assert review_dates([there])["q"].tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        review_dates([Past("q", True, SURE, START.replace(tzinfo=None))])


def test_without_answers_nothing_is_due() -> None:
    assert due_questions([], START) == {}
