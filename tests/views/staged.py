"""Rooms at every stage, for the tests that look at all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from quiz.domain.answer import Look, Submission
from quiz.domain.room import Leaderboard, Move, RoomMode
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.models import Room
from quiz.services.live import rooms, seats
from quiz.services.live.rooms import RoomPlan
from tests.factories import caller_of, rng

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from quiz.models import Player

QUICK = RoomPlan(sets=("tower",), size=3, leaderboard=Leaderboard.FULL)
EVIDENCE = replace(QUICK, mode=RoomMode.EVIDENCE)
TIMED = replace(EVIDENCE, timer=30)

UNREVEALED: dict[str, tuple[RoomPlan, str]] = {
    "lobby": (QUICK, ""),
    "question": (QUICK, "next"),
    "answered": (QUICK, "next answer"),
    "paused": (QUICK, "next answer pause"),
    "first": (EVIDENCE, "next"),
    "second": (EVIDENCE, "next first next"),
    "both": (EVIDENCE, "next first next answer"),
    "overtaken": (TIMED, "next"),
    "closed": (EVIDENCE, "next first next answer next"),
    "skipped": (QUICK, "next answer skip"),
    "ended": (QUICK, "next answer end"),
    "over": (QUICK, "next answer end next"),
}
"""By name: the plan, and what was done. "answer" and "first" are the pupil's, the rest the host's;
each of them leaves a question whose verdict must not show."""
REVEALED: dict[str, tuple[RoomPlan, str]] = {
    "reveal": (QUICK, "next answer next next"),
    "standings": (QUICK, "next answer next next next"),
    "reopened": (QUICK, "next answer next next lobby"),
    "debrief": (QUICK, "next answer next next end"),
    "finished": (EVIDENCE, "next first next answer next next end next"),
}


def stage(
    session: Session,
    host: Player,
    pupil: Player,
    now: datetime,
    names: dict[str, tuple[RoomPlan, str]] = UNREVEALED,
) -> dict[str, str]:
    """Open a room for each name and play it so far; gives the ids. It began five minutes ago."""
    return {
        name: _play(session, host, pupil, plan, script, now - timedelta(minutes=5))
        for name, (plan, script) in names.items()
    }


def _play(
    session: Session, host: Player, pupil: Player, plan: RoomPlan, script: str, now: datetime
) -> str:
    room_id = rooms.open_room(
        session, host.id, plan, f"{plan.mode}/{script}/{plan.timer}"[:43], now, rng(3)
    )
    room = session.get_one(Room, room_id)
    seats.take_seat(session, room, pupil.id, "Calm Otter", now)
    for word in script.split():
        now += timedelta(seconds=1)
        if word in ("answer", "first"):
            _answer(session, pupil, room_id, Look.FINAL if word == "answer" else Look.FIRST, now)
        else:
            seen = rooms.hosted(session, host.id, room_id, now).state.stage
            assert rooms.move(session, host.id, room_id, Move(word), seen, now)
    return room_id


def _answer(session: Session, pupil: Player, room_id: str, look: Look, now: datetime) -> None:
    submit = Submission(look, Verdict.TRUE, Confidence.FAIRLY_SURE, "none", f"{look}-{room_id[:8]}")
    taken = seats.answer(session, caller_of(pupil), room_id, 1, submit, now)
    assert taken.counts
