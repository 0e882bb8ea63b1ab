"""When a question is due for review: a player's answers replayed through FSRS.

https://github.com/open-spaced-repetition/py-fsrs. Nothing is stored: the answers are the state.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from fsrs import Card, Rating, Scheduler

from ...domain.scoring import Confidence
from ..library.history import Answer

# Without FSRS's steps of minutes every interval is a day at least: a quarter of an hour later the
# player repeats the explanation just read. Without its fuzz the same answers give the same dates.
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)

_RATING_WHEN_RIGHT = {
    Confidence.GUESS: Rating.Hard,
    Confidence.LEANING: Rating.Hard,
    Confidence.FAIRLY_SURE: Rating.Good,
    Confidence.SURE: Rating.Easy,
}


@dataclass(frozen=True, slots=True)
class Past:
    """A player's answer to a question; the key stays the same over the question's revisions."""

    question_key: str
    right: bool
    confidence: Confidence
    answered_at: datetime


def rating(right: bool, confidence: Confidence) -> Rating:
    """How FSRS takes an answer: wrong is forgotten, right is the better known the surer it was."""
    return _RATING_WHEN_RIGHT[confidence] if right else Rating.Again


def review_dates(history: Iterable[Past]) -> dict[str, datetime]:
    """When each question answered comes up again (UTC), whatever the order of the history.

    Raises ValueError for an `answered_at` without a time zone.
    """
    cards: dict[str, Card] = {}
    for past in sorted(history, key=_time):
        at = _time(past)
        # Left to itself, a card looks at the clock for its date and sleeps for a unique id.
        card = cards.get(past.question_key) or Card(card_id=0, due=at)
        verdict = rating(past.right, past.confidence)
        cards[past.question_key], _ = _SCHEDULER.review_card(card, verdict, at)
    return {key: card.due for key, card in cards.items()}


def due_questions(history: Iterable[Past], now: datetime) -> dict[str, datetime]:
    """The questions due for review at `now` with their due dates (UTC), longest overdue first.

    Raises ValueError for an `answered_at` without a time zone.
    """
    due = [(at, key) for key, at in review_dates(history).items() if at <= now]
    return {key: at for at, key in sorted(due)}


def due_keys(answers: list[Answer], now: datetime) -> set[str]:
    """Keys of the questions that the review schedule calls for again."""
    past = [Past(a.key, a.outcome.right, a.final.confidence, a.answered_at) for a in answers]
    return set(due_questions(past, now))


def _time(past: Past) -> datetime:
    if past.answered_at.tzinfo is None:
        raise ValueError(f"the answer to {past.question_key} has a time without a time zone")
    return past.answered_at.astimezone(UTC)
