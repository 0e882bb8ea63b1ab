"""The game with a stream to listen to and a way to publish, for the tests of both.

As a program, served like the game: python -m tests.server.talking PORT
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request
from sqlalchemy import text

import quiz
from quiz.server import streams
from quiz.server.events import events
from quiz.storage.db import db

bp = Blueprint("talking", __name__, url_prefix="/talking")


@bp.get("/<topic>")
def listen(topic: str) -> Response:
    """A stream of the topic. Its first text is "here", which comes from the database."""

    def here() -> str:
        return str(db.session.scalar(text("SELECT 'here'")))

    return streams.stream((topic,), request.args.get("owner", os.urandom(8).hex()), here, str)


@bp.post("/<topic>")
def say(topic: str) -> str:
    """Publish what is in the body."""
    events().publish(topic, request.get_data(as_text=True))
    return "said"


@bp.get("/")
def state() -> dict[str, object]:
    """What this process has open."""
    return {
        "process": os.getpid(),
        "streams": current_app.extensions["streams"].taken,
        "threads": threading.active_count(),
        "files": len(os.listdir("/proc/self/fd")) if Path("/proc").is_dir() else 0,
        "kilobytes": _resident(),
        "connected": events().is_connected,
    }


def create_app(**config: object) -> Flask:
    """The game, and these routes."""
    app = quiz.create_app({"WTF_CSRF_ENABLED": False, **config})
    app.register_blueprint(bp)
    return app


def _resident() -> int:
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    from quiz.server.serving import serve

    serve(create_app(), "127.0.0.1", int(sys.argv[1]))
