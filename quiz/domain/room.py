"""The live room as a state table: which move leads from which phase to which.

A state is what is stored; `settle` says what it means now. No timer owns it: a deadline that has
passed has closed the question, whoever looks, and whether or not anybody was there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from .answer import ONE_LOOK, TWO_LOOKS, TWO_LOOKS_AND_SENTENCE, Look, Task

TIMER_SECONDS = (30, 300)
"""The shortest and the longest time that a room can give for a look."""

EXTENSION = timedelta(seconds=30)
"""What one press on "more time" adds; it can be pressed as often as needed (WCAG 2.2.1)."""


class Phase(StrEnum):
    """What a room is doing."""

    LOBBY = "lobby"
    QUESTION = "question"
    SECOND_LOOK = "second_look"
    CLOSED = "closed"
    REVEAL = "reveal"
    STANDINGS = "standings"
    DEBRIEF = "debrief"
    FINISHED = "finished"


class Move(StrEnum):
    """What a host can do about it."""

    NEXT = "next"
    SKIP = "skip"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    LOBBY = "lobby"
    END = "end"


class RoomMode(StrEnum):
    """What a room asks for: one look, two looks, or two looks and the sentence that decides."""

    QUICK = "quick"
    TWO_LOOKS = "two_looks"
    EVIDENCE = "evidence"

    @property
    def task(self) -> Task:
        """What it asks for at a question."""
        return _TASKS[self]


_TASKS: Mapping[RoomMode, Task] = {
    RoomMode.QUICK: ONE_LOOK,
    RoomMode.TWO_LOOKS: TWO_LOOKS,
    RoomMode.EVIDENCE: TWO_LOOKS_AND_SENTENCE,
}


class Leaderboard(StrEnum):
    """How much of the ranking is shown after each question."""

    OFF = "off"
    TIERS = "tiers"
    FULL = "full"


class Naming(StrEnum):
    """Whether players choose their name or draw one."""

    GENERATED = "generated"
    CHOSEN = "chosen"


ANSWERING = frozenset({Phase.QUESTION, Phase.SECOND_LOOK})
"""The phases in which answers are taken."""


class IllegalMove(Exception):
    """The room is in a phase that does not know this move."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What of a room's settings the moves depend on; `timer` is None or seconds for each look."""

    size: int
    mode: RoomMode
    timer: int | None
    leaderboard: Leaderboard

    @property
    def has_two_looks(self) -> bool:
        """Whether a question is answered twice."""
        return self.mode.task.has_two_looks


@dataclass(frozen=True, slots=True)
class State:
    """A room at a moment: the phase, the question's number (0 before the first), since when.

    `deadline` is when the look closes, None without a timer. While `paused_at` is set, the clock
    stands still and no answer is taken.
    """

    phase: Phase
    position: int
    since: datetime
    deadline: datetime | None = None
    paused_at: datetime | None = None

    @property
    def takes_answers(self) -> bool:
        """Whether an answer sent now counts."""
        return self.phase in ANSWERING and self.paused_at is None

    @property
    def stage(self) -> str:
        """One word for all that a screen depends on, time apart: "question-3", "closed-3"."""
        paused = "-paused" if self.paused_at else ""
        return f"{self.phase.value}-{self.position}{paused}"

    def left(self, now: datetime) -> timedelta | None:
        """The time left, None without a timer; it stands still during a pause."""
        if self.deadline is None:
            return None
        return max(self.deadline - (self.paused_at or now), timedelta())


def asked_look(rules: Rules, state: State) -> Look:
    """Which look a room asks for in its phase, or asked for last."""
    first = state.phase is Phase.QUESTION and rules.has_two_looks
    return Look.FIRST if first else Look.FINAL


def opening(now: datetime) -> State:
    """The state of a new room."""
    return State(Phase.LOBBY, 0, now)


def settle(rules: Rules, state: State, now: datetime) -> State:
    """The state as the clock has made it: deadlines passed are acted upon, at their moment."""
    while state.takes_answers and state.deadline is not None and state.deadline <= now:
        state = _after_look(rules, state, state.deadline)
    return state


def moves(rules: Rules, state: State) -> frozenset[Move]:
    """The moves that the (settled) state knows."""
    return frozenset(m for m in Move if (state.phase, m) in _TABLE and _is_open(rules, state, m))


def make(rules: Rules, state: State, move: Move, now: datetime) -> State:
    """The state after a move of the host. Raises IllegalMove, also for what time has overtaken."""
    state = settle(rules, state, now)
    if move not in moves(rules, state):
        raise IllegalMove(f"{move.value} in {state.stage}")
    return _TABLE[state.phase, move](rules, state, now)


def _is_open(rules: Rules, state: State, move: Move) -> bool:
    """What beside the phase a move needs."""
    if move is Move.PAUSE:
        return state.paused_at is None
    if move is Move.RESUME:
        return state.paused_at is not None
    return move is not Move.EXTEND or state.deadline is not None


def _to(phase: Phase) -> Callable[[Rules, State, datetime], State]:
    return lambda _rules, state, now: State(phase, state.position, now)


def _onward(rules: Rules, state: State, now: datetime) -> State:
    """The next question, or the debrief after the last."""
    if state.position >= rules.size:
        return State(Phase.DEBRIEF, state.position, now)
    return State(Phase.QUESTION, state.position + 1, now, _deadline(rules, now))


def _after_look(rules: Rules, state: State, now: datetime) -> State:
    if state.phase is Phase.QUESTION and rules.has_two_looks:
        return State(Phase.SECOND_LOOK, state.position, now, _deadline(rules, now))
    return State(Phase.CLOSED, state.position, now)


def _after_reveal(rules: Rules, state: State, now: datetime) -> State:
    if rules.leaderboard is not Leaderboard.OFF:
        return State(Phase.STANDINGS, state.position, now)
    return _onward(rules, state, now)


def _end_lobby(_rules: Rules, state: State, now: datetime) -> State:
    return State(Phase.DEBRIEF if state.position else Phase.FINISHED, state.position, now)


def _pause(_rules: Rules, state: State, now: datetime) -> State:
    return replace(state, paused_at=now)


def _resume(_rules: Rules, state: State, now: datetime) -> State:
    left = state.left(now)
    return replace(state, paused_at=None, deadline=None if left is None else now + left)


def _extend(_rules: Rules, state: State, _now: datetime) -> State:
    return replace(state, deadline=state.deadline and state.deadline + EXTENSION)


def _deadline(rules: Rules, now: datetime) -> datetime | None:
    return None if rules.timer is None else now + timedelta(seconds=rules.timer)


_WHILE_ANSWERING: Mapping[Move, Callable[[Rules, State, datetime], State]] = {
    Move.NEXT: _after_look,
    Move.SKIP: _onward,
    Move.PAUSE: _pause,
    Move.RESUME: _resume,
    Move.EXTEND: _extend,
    Move.END: _to(Phase.DEBRIEF),
}
_TABLE: Mapping[tuple[Phase, Move], Callable[[Rules, State, datetime], State]] = {
    (Phase.LOBBY, Move.NEXT): _onward,
    (Phase.LOBBY, Move.END): _end_lobby,
    **{(phase, move): to for phase in ANSWERING for move, to in _WHILE_ANSWERING.items()},
    (Phase.CLOSED, Move.NEXT): _to(Phase.REVEAL),
    (Phase.CLOSED, Move.SKIP): _onward,
    (Phase.CLOSED, Move.END): _to(Phase.DEBRIEF),
    (Phase.REVEAL, Move.NEXT): _after_reveal,
    (Phase.REVEAL, Move.LOBBY): _to(Phase.LOBBY),
    (Phase.REVEAL, Move.END): _to(Phase.DEBRIEF),
    (Phase.STANDINGS, Move.NEXT): _onward,
    (Phase.STANDINGS, Move.LOBBY): _to(Phase.LOBBY),
    (Phase.STANDINGS, Move.END): _to(Phase.DEBRIEF),
    (Phase.DEBRIEF, Move.NEXT): _to(Phase.FINISHED),
}


def is_void(before: State, move: Move) -> bool:
    """Whether the move leaves the current question without a reveal, so that it never counts."""
    unrevealed = before.phase in ANSWERING or before.phase is Phase.CLOSED
    return unrevealed and move in (Move.SKIP, Move.END)
