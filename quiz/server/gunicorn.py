"""How gunicorn serves the game: python -m gunicorn -c quiz/server/gunicorn.py "quiz:create_app()".

For a school: several processes with PostgreSQL, and Redis between them. Run `python -m quiz
--prepare` first. Gunicorn reads this before gevent has made the standard library cooperative, so
nothing of the game, and no driver, is imported at its top.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

worker_class = "gevent"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_connections = 4000
keepalive = 75
graceful_timeout = 2
preload_app = False  # the drivers must be imported after gevent's patches
bind = f"{os.environ.get('QUIZ_HOST') or '127.0.0.1'}:{os.environ.get('QUIZ_PORT') or 8000}"


def on_starting(server: Any) -> None:
    """Refuse what cannot work, before any worker starts."""
    if server.cfg.preload_app:
        sys.exit("Not Proven cannot start: gunicorn's --preload breaks its database driver.")
    if (os.environ.get("QUIZ_DATABASE_URL") or "sqlite").startswith("sqlite"):
        sys.exit(
            "Not Proven cannot start: gunicorn needs PostgreSQL (QUIZ_DATABASE_URL); with SQLite "
            "serve with `python -m quiz`."
        )
    if server.cfg.workers > 1 and not os.environ.get("QUIZ_REDIS_URL"):
        sys.exit(
            "Not Proven cannot start: several workers hear of each other through Redis; "
            "set QUIZ_REDIS_URL, or WEB_CONCURRENCY=1."
        )


def post_worker_init(worker: Any) -> None:
    """Check that the driver cooperates; listen for events; forget old guests now and then."""
    import psycopg.waiting

    from quiz.server.maintenance import start_forgetting  # gunicorn runs this file by its path

    if psycopg.waiting.wait is getattr(psycopg.waiting, "wait_c", None):
        sys.exit("psycopg was imported before gevent's patches: one query would stop everybody.")
    worker.wsgi.extensions["events"].start()
    start_forgetting(worker.wsgi)
    _end_streams_at_sigterm(worker)


def worker_int(worker: Any) -> None:
    """On SIGINT and SIGQUIT: end the streams."""
    worker.wsgi.extensions["events"].close()


def _end_streams_at_sigterm(worker: Any) -> None:
    """Gunicorn waits for open responses before it asks anybody: tell them to end."""
    import gevent

    def stop(number: int, frame: object) -> None:
        gevent.spawn(worker.wsgi.extensions["events"].close)  # not within whatever was interrupted
        worker.handle_exit(number, frame)

    signal.signal(signal.SIGTERM, stop)
