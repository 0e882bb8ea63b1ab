"""Starts servers of the game in no time: a process that has loaded everything, and forks.

Reads orders from its standard input, one JSON object a line, and answers each with one line:

    {"do": "start", "database_url": …, "questions": …, "port": …, "sabotage": …}
        → {"pid": …}, once the server listens, or {"pid": null} when it could not
    {"do": "reap"} → {"status": …}, once the server has ended: how, as os.waitstatus_to_exitcode

One server at a time. When the input ends, so do the server and this process.

A sabotage comes with an order and with nothing else: no environment, no setting of the game can
bring one about.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from flask import Flask

from quiz import create_app
from quiz.server.serving import make_server
from quiz.storage.db import check_durability, db
from tests.durability import sabotage

SECRET_KEY = "a secret that outlives the server"


class Workshop:
    """The app at hand, and the server that runs it."""

    def __init__(self) -> None:
        self.apps: dict[str, Flask] = {}
        self.server = 0

    def start(self, order: dict[str, Any]) -> dict[str, Any]:
        """Fork a server and wait until it listens."""
        app = self._app(order["database_url"], order["questions"])
        heard, told = os.pipe()
        self.server = os.fork()
        if not self.server:
            os.close(heard)
            _serve(app, order["port"], order["sabotage"], told)
        os.close(told)
        with open(heard, "rb") as news:
            listens = news.read(1)
        if not listens:
            self.reap()
        return {"pid": self.server or None}

    def reap(self) -> dict[str, Any]:
        """Wait for the server's end."""
        _, status = os.waitpid(self.server, 0)
        self.server = 0
        return {"status": os.waitstatus_to_exitcode(status)}

    def _app(self, database_url: str, questions: str) -> Flask:
        """The app, made once for a database. It has no connection that a fork could share."""
        if database_url not in self.apps:
            app = create_app(
                {
                    "SECRET_KEY": SECRET_KEY,
                    "SQLALCHEMY_DATABASE_URI": database_url,
                    "QUESTIONS": Path(questions),
                }
            )
            for name in app.jinja_env.list_templates():
                app.jinja_env.get_template(name)  # compiled here, not again in every server
            self.apps = {database_url: app}
        return self.apps[database_url]


def _serve(app: Flask, port: int, sabotaged: str | None, told: int) -> None:
    """Be the server, as `python -m quiz` is; ends with the process."""
    try:
        with app.app_context(), db.engine.connect() as connection:
            check_durability(connection)
        if sabotaged:
            sabotage.BUILDS[sabotaged](app)
        server = make_server(app, "127.0.0.1", port)
        os.write(told, b".")
        os.close(told)
        server.run()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def main() -> None:
    """Carry out orders until there are no more."""
    workshop = Workshop()
    for line in sys.stdin:
        order = json.loads(line)
        answer = workshop.start(order) if order["do"] == "start" else workshop.reap()
        print(json.dumps(answer), flush=True)
    if workshop.server:
        os.kill(workshop.server, signal.SIGKILL)


if __name__ == "__main__":
    main()
