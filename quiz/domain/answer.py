"""An answer, alone or in a room: what is asked, what is sent, what is stored, what it was worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, Self, TypeVar

from .measures import Judged
from .scoring import Confidence, Scoring, pointer_bonus, points
from .verdict import Verdict


class Look(StrEnum):
    """Which pass an answer belongs to. Who looks once has a final look only."""

    FIRST = "first"
    FINAL = "final"


class Stage(StrEnum):
    """What a player does at a question now."""

    ASK = "ask"
    FIRST_LOOK = "first_look"
    SECOND_LOOK = "second_look"
    REVEAL = "reveal"


@dataclass(frozen=True, slots=True)
class Task:
    """What a mode asks for at a question: which looks, in order; whether the last one points.

    A first look is at the claim alone, and only a final one can point at a sentence.
    """

    looks: tuple[Look, ...]
    is_pointing: bool = False

    @property
    def has_two_looks(self) -> bool:
        """Whether a question is answered twice."""
        return len(self.looks) > 1

    def asks_sentence(self, look: Look) -> bool:
        """Whether this look's answer also points at a sentence."""
        return self.is_pointing and look is Look.FINAL

    def stage(self, awaited: Look) -> Stage:
        """The stage of a question whose next answer is to this look."""
        return _STAGE[self.has_two_looks, awaited]

    def next_look(self, answered: Looks) -> Look | None:
        """The first look without an answer, None when all have one."""
        return next((look for look in self.looks if answered.answer_to(look) is None), None)


_STAGE: Mapping[tuple[bool, Look], Stage] = {
    # (two looks, look awaited)
    (False, Look.FINAL): Stage.ASK,
    (True, Look.FIRST): Stage.FIRST_LOOK,
    (True, Look.FINAL): Stage.SECOND_LOOK,
}

ONE_LOOK = Task((Look.FINAL,))
TWO_LOOKS = Task((Look.FIRST, Look.FINAL))
TWO_LOOKS_AND_SENTENCE = Task((Look.FIRST, Look.FINAL), is_pointing=True)


class Mode(StrEnum):
    """How a round is played: one look at claim and passage, or claim first and files after."""

    QUICK = "quick"
    INVESTIGATION = "investigation"

    @property
    def task(self) -> Task:
        """What it asks for."""
        return ONE_LOOK if self is Mode.QUICK else TWO_LOOKS_AND_SENTENCE


@dataclass(frozen=True, slots=True)
class Submission:
    """What a player sends.

    `look` is the look that the form was made for: a second tap on the first look's form never
    becomes a final answer. `sentence` is the id of the one pointed at, or "none". `key` is the
    same whenever the same submission is sent again.
    """

    look: Look
    verdict: Verdict
    confidence: Confidence
    sentence: str
    key: str


@dataclass(frozen=True, slots=True)
class LookAnswer:
    """The stored answer to one look.

    `pointer` is None (not asked), "none" (no passage settles it) or "slug:start-end".
    """

    verdict: Verdict
    confidence: Confidence
    pointer: str | None = None

    def judged(self, truth: Verdict) -> Judged:
        """The answer as the measures read it."""
        return Judged(truth, self.verdict, self.confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """One player's answers to a question, None for a look that is not answered."""

    first: LookAnswer | None
    final: LookAnswer | None

    def answer_to(self, look: Look) -> LookAnswer | None:
        """The answer to a look."""
        return self.first if look is Look.FIRST else self.final

    def with_answer(self, look: Look, answer: LookAnswer) -> Self:
        """The same with a look answered."""
        return replace(self, **{look.value: answer})


class Status(StrEnum):
    """What became of a submission."""

    STORED = "stored"
    """It is the answer, stored by this call."""

    REPEATED = "repeated"
    """It is the answer, stored when it came before."""

    ALREADY = "already"
    """Another answer to this look stands."""

    CLOSED = "closed"
    """This look is not asked for now; nothing is stored."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Receipt(Generic[T]):
    """What a submission is answered with: what became of it, and how the question stands then."""

    status: Status
    after: T

    @property
    def counts(self) -> bool:
        """Whether what was sent is what stands."""
        return self.status in (Status.STORED, Status.REPEATED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer was worth. `first_points` is what the first look would have paid."""

    right: bool
    points: int
    bonus: int
    pointed_right: bool | None
    first_right: bool | None
    first_points: int | None

    @property
    def total(self) -> int:
        """Points that count."""
        return self.points + self.bonus


def judge(
    truth: Verdict,
    first: LookAnswer | None,
    final: LookAnswer,
    pointed_right: bool | None,
    scoring: Scoring = Scoring.CONFIDENCE,
) -> Outcome:
    """Judge an answered question. Only the final look counts; the first is shown beside it.

    `pointed_right` says whether the final look's pointer shows what settles the claim, None where
    it has none. Simple scoring pays no bonus for it.
    """
    right = final.verdict is truth
    first_right = None if first is None else first.verdict is truth
    return Outcome(
        right=right,
        points=points(final.confidence, right, scoring),
        bonus=pointer_bonus(right, bool(pointed_right)) if scoring is Scoring.CONFIDENCE else 0,
        pointed_right=pointed_right,
        first_right=first_right,
        first_points=None
        if first is None
        else points(first.confidence, first.verdict is truth, scoring),
    )
