"""An answer: which look a mode asks for, what a question's stage is, what an answer was worth."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.answer import (
    ONE_LOOK,
    TWO_LOOKS,
    TWO_LOOKS_AND_SENTENCE,
    Look,
    LookAnswer,
    Looks,
    Mode,
    Receipt,
    Stage,
    Status,
    Task,
    judge,
)
from quiz.domain.measures import Judged
from quiz.domain.room import RoomMode
from quiz.domain.scoring import POINTER_BONUS, SIMPLE_POINTS, Confidence, Scoring, points
from quiz.domain.verdict import Verdict

TRUE, FALSE = Verdict.TRUE, Verdict.FALSE
TASKS = (ONE_LOOK, TWO_LOOKS, TWO_LOOKS_AND_SENTENCE)
UNANSWERED = Looks(first=None, final=None)
ANSWER = LookAnswer(TRUE, Confidence.SURE)

verdicts = st.sampled_from(Verdict)
answers = st.builds(LookAnswer, verdicts, st.sampled_from(Confidence), st.none())
maybe_answers = st.none() | answers


# What a mode asks for


@pytest.mark.parametrize(
    ("mode", "looks", "asks_sentence"),
    [
        (Mode.QUICK, [Look.FINAL], False),
        (Mode.INVESTIGATION, [Look.FIRST, Look.FINAL], True),
        (RoomMode.QUICK, [Look.FINAL], False),
        (RoomMode.TWO_LOOKS, [Look.FIRST, Look.FINAL], False),
        (RoomMode.EVIDENCE, [Look.FIRST, Look.FINAL], True),
    ],
)
def test_each_mode_has_its_looks_and_may_ask_for_the_sentence(
    mode: Mode | RoomMode, looks: list[Look], asks_sentence: bool
) -> None:
    assert list(mode.task.looks) == looks
    assert mode.task.has_two_looks == (len(looks) == 2)
    assert mode.task.asks_sentence(Look.FINAL) == asks_sentence


@pytest.mark.parametrize("task", TASKS)
def test_no_first_look_points_at_a_sentence(task: Task) -> None:
    assert not task.asks_sentence(Look.FIRST)


@pytest.mark.parametrize(
    ("task", "awaited", "stage"),
    [
        (ONE_LOOK, Look.FINAL, Stage.ASK),
        (TWO_LOOKS, Look.FIRST, Stage.FIRST_LOOK),
        (TWO_LOOKS, Look.FINAL, Stage.SECOND_LOOK),
    ],
)
def test_the_stage_follows_from_the_task_and_the_look_awaited(
    task: Task, awaited: Look, stage: Stage
) -> None:
    assert task.stage(awaited) is stage


def test_who_looks_once_has_no_first_look() -> None:
    with pytest.raises(KeyError):
        ONE_LOOK.stage(Look.FIRST)


@pytest.mark.parametrize("task", TASKS)
def test_answering_look_after_look_ends_with_none_awaited(task: Task) -> None:
    state, asked = UNANSWERED, []

    while (look := task.next_look(state)) is not None:
        asked.append(look)
        state = state.with_answer(look, ANSWER)

    assert tuple(asked) == task.looks


@given(st.sampled_from(TASKS), maybe_answers, maybe_answers)
def test_the_look_awaited_is_one_of_the_task_without_an_answer(
    task: Task, first: LookAnswer | None, final: LookAnswer | None
) -> None:
    state = Looks(first=first, final=final)

    look = task.next_look(state)

    if look is None:
        assert all(state.answer_to(each) for each in task.looks)
    else:
        assert look in task.looks
        assert state.answer_to(look) is None


@given(maybe_answers, maybe_answers, st.sampled_from(Look), answers)
def test_an_answer_to_one_look_leaves_the_other_as_it_was(
    first: LookAnswer | None, final: LookAnswer | None, look: Look, answer: LookAnswer
) -> None:
    before = Looks(first=first, final=final)
    other = Look.FINAL if look is Look.FIRST else Look.FIRST

    after = before.with_answer(look, answer)

    assert after.answer_to(look) == answer
    assert after.answer_to(other) == before.answer_to(other)


# What becomes of it


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (Status.STORED, True),
        (Status.REPEATED, True),
        (Status.ALREADY, False),
        (Status.CLOSED, False),
    ],
)
def test_a_receipt_says_whether_what_was_sent_is_what_stands(status: Status, counts: bool) -> None:
    assert Receipt(status, UNANSWERED).counts is counts


def test_the_measures_read_an_answer_beside_the_truth() -> None:
    assert ANSWER.judged(FALSE) == Judged(FALSE, TRUE, Confidence.SURE)


# What it was worth


@given(verdicts, maybe_answers, maybe_answers, answers, st.sampled_from(Scoring))
def test_only_the_final_look_counts(
    truth: Verdict,
    first: LookAnswer | None,
    other: LookAnswer | None,
    final: LookAnswer,
    scoring: Scoring,
) -> None:
    outcome = judge(truth, first, final, None, scoring)

    assert outcome.total == judge(truth, other, final, None, scoring).total
    assert outcome.total == points(final.confidence, final.verdict is truth, scoring)


@given(verdicts, answers, answers, st.sampled_from(Scoring))
def test_the_first_look_is_valued_as_if_it_had_been_final(
    truth: Verdict, first: LookAnswer, final: LookAnswer, scoring: Scoring
) -> None:
    outcome = judge(truth, first, final, None, scoring)
    as_final = judge(truth, None, first, None, scoring)

    assert (outcome.first_right, outcome.first_points) == (as_final.right, as_final.points)
    assert (as_final.first_right, as_final.first_points) == (None, None)


@pytest.mark.parametrize(
    ("scoring", "right", "pointed_right", "bonus"),
    [
        (Scoring.CONFIDENCE, True, True, POINTER_BONUS),
        (Scoring.CONFIDENCE, True, False, 0),
        (Scoring.CONFIDENCE, True, None, 0),
        (Scoring.CONFIDENCE, False, True, 0),
        (Scoring.SIMPLE, True, True, 0),
    ],
)
def test_the_sentence_pays_only_with_the_right_verdict_and_not_under_simple_scoring(
    scoring: Scoring, right: bool, pointed_right: bool | None, bonus: int
) -> None:
    outcome = judge(TRUE if right else FALSE, None, ANSWER, pointed_right, scoring)

    assert outcome.right is right
    assert outcome.pointed_right is pointed_right
    assert outcome.bonus == bonus
    assert outcome.total == outcome.points + bonus


def test_simple_scoring_pays_the_same_however_sure_one_is() -> None:
    guess = replace(ANSWER, confidence=Confidence.GUESS)

    assert judge(TRUE, None, guess, None, Scoring.SIMPLE).total == SIMPLE_POINTS
    assert judge(TRUE, None, ANSWER, None, Scoring.SIMPLE).total == SIMPLE_POINTS
