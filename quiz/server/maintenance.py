"""What a server does beside answering: once a day, it forgets those who are long gone."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.exc import OperationalError

from ..services.accounts.players import erase_old_guests
from ..services.accounts.retention import erase_past_retention, forget_uploads
from ..services.live.rooms import close_unattended
from ..storage.db import db

DAY = 24 * 60 * 60.0


def forget_old_records(app: Flask) -> int:
    """Let go of class members, guests and files whose time is over; end rooms that nobody moves.

    Gives the number of members and guests erased.
    """
    with app.app_context():
        now = datetime.now(UTC)
        close_unattended(db.session(), now)
        forget_uploads(db.session(), now)
        erased = erase_past_retention(db.session(), now)
        erased += erase_old_guests(db.session(), now, app.config["GUEST_DAYS"])
        db.session.remove()
    return erased


def start_forgetting(app: Flask) -> None:
    """Forget every day, in the background."""
    threading.Thread(target=_keep_forgetting, args=(app,), daemon=True).start()


def _keep_forgetting(app: Flask) -> None:
    """Once a day, for as long as the server runs."""
    while not threading.Event().wait(DAY):
        try:
            forget_old_records(app)
        except OperationalError as error:  # busy or away: tomorrow is early enough
            app.logger.warning("old records not erased: %s", error.orig)
