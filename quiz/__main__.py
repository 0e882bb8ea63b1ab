"""python -m quiz: bring the database up to date, load the questions, serve.

With --prepare it does all but serve: what has to happen once before several processes serve.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import secrets
import sys
import threading
from datetime import UTC, datetime

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from . import create_app
from .config import BadSetting, Settings
from .content.loader import load
from .db import check_durability, db
from .services.accounts import erase_old_guests
from .services.forgetting import erase_past_retention
from .services.rooms import close_unattended
from .services.sync import sync
from .services.trainers import has_trainer
from .serving import serve

DAY = 24 * 60 * 60.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def main() -> None:
    """Serve until interrupted."""
    try:
        app = create_app()
    except BadSetting as error:
        sys.exit(f"Not Proven cannot start: {error}")
    settings: Settings = app.config["SETTINGS"]
    parser = argparse.ArgumentParser(prog="run.py", description="Serve Not Proven.")
    parser.add_argument("--host", default=settings.host)
    parser.add_argument("--port", type=int, default=settings.port)
    parser.add_argument("--prepare", action="store_true", help="prepare the database, then exit")
    chosen = parser.parse_args()
    prepare(app)
    if chosen.prepare:
        return
    if settings.profile == "http" and chosen.host not in LOOPBACK:
        print(
            "Cookies travel unencrypted: fine on a classroom's own network; "
            "elsewhere put TLS in front and set QUIZ_PROFILE=https.",
            file=sys.stderr,
        )
    start_forgetting(app)
    # A class that answers at once waits in the queue; a line for each would fill the log.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    _stay_on_one_processor()
    print(f"Not Proven is at http://{chosen.host}:{chosen.port}/", flush=True)
    offer_setup(app, chosen.host, chosen.port)
    serve(app, chosen.host, chosen.port)


def _stay_on_one_processor() -> None:
    """Keep all threads where their data is, on systems that can.

    Python runs one of them at a time. Handing over between processors made each answer twice as
    dear (measured on two, with 50 clients).
    """
    if sys.platform == "linux":
        os.sched_setaffinity(0, {random.choice(sorted(os.sched_getaffinity(0)))})


def prepare(app: Flask) -> None:
    """Migrate, check durability, load the question files, forget who is long gone."""
    library = load(app.config["QUESTIONS"])
    for problem in library.problems:
        print(problem, file=sys.stderr)
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            check_durability(connection)
        sync(db.session(), library, datetime.now(UTC))
        db.session.remove()
    forget_old_records(app)


def offer_setup(app: Flask, host: str, port: int) -> None:
    """While there is no trainer, print a link that makes one; it dies with this process."""
    with app.app_context():
        if not has_trainer(db.session()):
            app.config["SETUP_TOKEN"] = token = secrets.token_urlsafe(24)
            print(f"No trainer yet. To make one: http://{host}:{port}/setup/{token}", flush=True)
        db.session.remove()


def forget_old_records(app: Flask) -> int:
    """Let go of class members and guests whose time is over, and end rooms that nobody moves.

    Gives the number of those erased.
    """
    with app.app_context():
        now = datetime.now(UTC)
        erased = erase_past_retention(db.session(), now)
        close_unattended(db.session(), now)
        erased += erase_old_guests(db.session(), now, app.config["GUEST_DAYS"])
        db.session.remove()
    return erased


def start_forgetting(app: Flask) -> None:
    """Erase guests whose time is over every day, in the background."""
    threading.Thread(target=_keep_forgetting, args=(app,), daemon=True).start()


def _keep_forgetting(app: Flask) -> None:
    """Once a day, for as long as the server runs."""
    while not threading.Event().wait(DAY):
        try:
            forget_old_records(app)
        except OperationalError as error:  # busy or away: tomorrow is early enough
            app.logger.warning("old records not erased: %s", error.orig)


if __name__ == "__main__":
    main()
