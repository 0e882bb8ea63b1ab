"""The sets, ready to play."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from flask import Blueprint, render_template

from ...services.live.seats import open_rooms
from ...services.play.home import home_of
from ...storage.db import db
from ...web.access import player

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> str:
    """Every set as a card, with one's own progress, an unfinished round and what is due."""
    who = player()
    found = home_of(db.session(), who.id if who else None, datetime.now(UTC))
    rooms = open_rooms(db.session(), who.id) if who else ()
    return render_template(
        "play/home.html", shelf=found, rooms=rooms, key=secrets.token_urlsafe(16)
    )


@bp.get("/healthz")
def health() -> tuple[str, int, dict[str, str]]:
    """Whether the database answers, for a supervisor."""
    db.session.connection().exec_driver_sql("SELECT 1")
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
