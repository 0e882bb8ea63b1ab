"""python -m quiz: bring the database up to date, load the questions, serve."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

import waitress
from flask import Flask
from flask_migrate import upgrade

from . import create_app
from .config import BadSetting, Settings
from .content.loader import load
from .db import check_durability, db
from .services.accounts import erase_old_guests
from .services.sync import sync

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
    chosen = parser.parse_args()
    prepare(app)
    if settings.profile == "http" and chosen.host not in LOOPBACK:
        print(
            "Cookies travel unencrypted: fine on a classroom's own network; "
            "elsewhere put TLS in front and set QUIZ_PROFILE=https.",
            file=sys.stderr,
        )
    print(f"Not Proven is at http://{chosen.host}:{chosen.port}/", flush=True)
    waitress.serve(
        app, host=chosen.host, port=chosen.port, threads=settings.threads, ident="Not Proven"
    )


def prepare(app: Flask) -> None:
    """Migrate, check durability, load the question files, forget guests who are long gone."""
    library = load(app.config["QUESTIONS"])
    for problem in library.problems:
        print(problem, file=sys.stderr)
    with app.app_context():
        upgrade()
        now = datetime.now(UTC)
        with db.engine.connect() as connection:
            check_durability(connection)
        sync(db.session(), library, now)
        erase_old_guests(db.session(), now, app.config["GUEST_DAYS"])
        db.session.remove()


if __name__ == "__main__":
    main()
