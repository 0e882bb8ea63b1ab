"""Apps for the tests: made on a database, closed at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


@contextmanager
def running(database_url: str, **config: object) -> Iterator[Flask]:
    """The game on the database at an address; `config` overrides the settings of the tests."""
    from quiz import create_app
    from quiz.storage.db import db

    settings: dict[str, object] = {
        "TESTING": True,
        "SECRET_KEY": "a secret for tests",
        "SQLALCHEMY_DATABASE_URI": database_url,
        # The browser tests send real tokens; a test of the protection switches it on.
        "WTF_CSRF_ENABLED": False,
    }
    app = create_app(settings | config)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def migrate(database_url: str) -> None:
    """Bring a database to the newest migration."""
    import flask_migrate

    with running(database_url) as app, app.app_context():
        flask_migrate.upgrade()
