"""python -m quiz: bring the database up to date, load the questions, serve.

With --prepare it does all but serve: what has to happen once before several processes serve.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import sys
from datetime import UTC, datetime

from flask import Flask
from flask_migrate import upgrade

from . import create_app
from .config import BadSetting, Settings
from .content.loader import load
from .server.maintenance import forget_old_records, start_forgetting
from .server.serving import serve
from .services.accounts.trainers import has_trainer
from .services.library.sync import sync
from .storage.db import check_durability, db

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
        for slug in sync(db.session(), library, datetime.now(UTC)).taken:
            print(f"sets/{slug}.yaml is left out: a trainer has that slug.", file=sys.stderr)
        db.session.remove()
    forget_old_records(app)


def offer_setup(app: Flask, host: str, port: int) -> None:
    """While there is no trainer, print a link that makes one; it dies with this process."""
    with app.app_context():
        if not has_trainer(db.session()):
            app.config["SETUP_TOKEN"] = token = secrets.token_urlsafe(24)
            print(f"No trainer yet. To make one: http://{host}:{port}/setup/{token}", flush=True)
        db.session.remove()


if __name__ == "__main__":
    main()
