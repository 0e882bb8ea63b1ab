"""The sets, ready to play."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import Blueprint

from ...models import Room
from ...services.live.seats import open_rooms
from ...services.play.home import Home, home_of
from ...storage.db import db
from ...web.access import player
from ...web.pages import Page, render

bp = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class HomePage(Page):
    """The sets to play, with the rooms that the player sits in."""

    template: ClassVar = "play/home.html"
    shelf: Home
    rooms: Sequence[Room]
    key: str  # what the forms' idempotency keys begin with


@bp.get("/")
def index() -> str:
    """Every set as a card, with one's own progress, an unfinished round and what is due."""
    who = player()
    found = home_of(db.session(), who.id if who else None, datetime.now(UTC))
    rooms = open_rooms(db.session(), who.id) if who else ()
    return render(HomePage(found, rooms, secrets.token_urlsafe(16)))


@bp.get("/healthz")
def health() -> tuple[str, int, dict[str, str]]:
    """Whether the database answers, for a supervisor."""
    db.session.connection().exec_driver_sql("SELECT 1")
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
