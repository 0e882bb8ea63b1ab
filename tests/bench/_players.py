"""Guests with sessions made by the game's own code, and rounds of their own to answer."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from flask import Flask

ROUND_SIZE = 10
ENCODINGS = "gzip, deflate, br"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Submit:
    """An answer ready to be sent: to which path, with which form, under which key."""

    path: str
    form: str
    key: str


@dataclass(slots=True)
class Guest:
    """A player, the cookie of their browser, the token of their forms, and what to submit."""

    id: int
    cookie: str
    csrf_token: str
    submits: list[Submit] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        """What their browser sends with every request."""
        return {"Cookie": self.cookie, "Accept-Encoding": ENCODINGS, "Accept-Language": "en"}


def new_guest(app: Flask) -> Guest:
    """A guest as the game makes one, signed in."""
    from flask import session as cookies
    from flask_wtf.csrf import generate_csrf

    from quiz.services.accounts import players
    from quiz.storage.db import db
    from quiz.web.access import enter

    with app.test_request_context():
        player = players.new_guest(db.session(), "en", datetime.now(UTC), random.Random(1))
        enter(player)
        token = generate_csrf()
        response = app.response_class()
        app.session_interface.save_session(app, cookies, response)
        return Guest(player.id, response.headers["Set-Cookie"].partition(";")[0], token)


def give_rounds(session: Session, guest: Guest, rounds: int) -> None:
    """Put quick rounds of ten questions, all shown already, before a guest."""
    from quiz.models import Round, RoundItem

    rng = random.Random(guest.id)
    revisions = playable(session)
    now = datetime.now(UTC)
    for _ in range(rounds):
        round_id = secrets.token_urlsafe(16)
        played = {
            "id": round_id,
            "player_id": guest.id,
            "set_slug": None,
            "mode": "quick",
            "size": ROUND_SIZE,
            "start_key": round_id,
            "started_at": now,
        }
        items = [
            {"round_id": round_id, "position": n, "revision_id": revision, "shown_at": now}
            for n, revision in enumerate(rng.sample(revisions, ROUND_SIZE), start=1)
        ]
        session.execute(insert(Round), [played])
        session.execute(insert(RoundItem), items)
        guest.submits += [_submit(guest, round_id, n, rng) for n in range(1, ROUND_SIZE + 1)]
    session.commit()


def teach(session: Session, trainer: Guest, learner: Guest) -> tuple[int, str]:
    """Make a guest a trainer with a class and a room, both with the learner in them.

    Gives the class's id, and that of the room, which waits for an answer to its first question.
    """
    from quiz.domain.room import Move
    from quiz.models import Classroom, Membership, Player, Room
    from quiz.services.live import rooms, seats

    now = datetime.now(UTC)
    session.get_one(Player, trainer.id).is_trainer = True
    classroom = Classroom(trainer_id=trainer.id, name="4B", retention_days=365, created_at=now)
    session.add(classroom)
    session.flush()
    place = {"classroom_id": classroom.id, "player_id": learner.id, "joined_at": now}
    session.add(Membership(**place, label="Ann", is_issued=False))
    session.commit()
    plan = rooms.RoomPlan(sets=("cancelled-strikes",), size=3)
    room_id = rooms.open_room(session, trainer.id, plan, "growth", now, random.Random(1))
    seats.take_seat(session, session.get_one(Room, room_id), learner.id, "Ann", now)
    rooms.move(session, trainer.id, room_id, Move.NEXT, "lobby-0", now)
    return classroom.id, room_id


def playable(session: Session) -> list[int]:
    """The ids of today's revisions in the sets on offer."""
    from quiz.models import QuestionSetRow, SetEntry

    query = select(SetEntry.revision_id).join(
        QuestionSetRow, QuestionSetRow.slug == SetEntry.set_slug
    )
    return list(session.scalars(query.where(QuestionSetRow.is_examples.is_(False))))


def _submit(guest: Guest, round_id: str, position: int, rng: random.Random) -> Submit:
    key = secrets.token_urlsafe(16)
    form = {
        "csrf_token": guest.csrf_token,
        "key": key,
        "look": "final",
        "verdict": rng.choice(("true", "false", "unverified")),
        "confidence": rng.randrange(4),
    }
    return Submit(f"/rounds/{round_id}/{position}/answer/part", urlencode(form), key)
