"""What a server does beside answering: once a day, forget the guests who are long gone."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.exc import OperationalError

from .db import db
from .services.accounts import erase_old_guests

DAY = 24 * 60 * 60.0


def forget_old_guests(app: Flask) -> int:
    """Erase the guests whose time is over; gives their number."""
    with app.app_context():
        erased = erase_old_guests(db.session(), datetime.now(UTC), app.config["GUEST_DAYS"])
        db.session.remove()
    return erased


def start_forgetting(app: Flask) -> None:
    """Erase guests whose time is over every day, in the background."""
    threading.Thread(target=_keep_forgetting, args=(app,), daemon=True).start()


def _keep_forgetting(app: Flask) -> None:
    """Once a day, for as long as the server runs."""
    while not threading.Event().wait(DAY):
        try:
            forget_old_guests(app)
        except OperationalError as error:  # busy or away: tomorrow is early enough
            app.logger.warning("old guests not erased: %s", error.orig)
