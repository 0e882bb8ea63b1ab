"""Apps for the tests: made on a database, closed at the end.

Each test has an app of its own. What is the same in all of them is made once for each process, or
for each run: compiled routes, templates and SQL, the taxonomy. That was most of what a test cost.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest import mock

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from werkzeug.routing import Rule

    from quiz.domain.taxonomy import Taxonomy

RUN = "QUIZ_TEST_RUN"
"""Names the folder that the workers of a run share."""


@contextmanager
def running(database_url: str, **config: object) -> Iterator[Flask]:
    """The game on the database at an address; `config` overrides the settings of the tests."""
    from quiz.storage.db import db

    settings: dict[str, object] = {
        "TESTING": True,
        "SECRET_KEY": "a secret for tests",
        "SQLALCHEMY_DATABASE_URI": database_url,
        # The browser tests send real tokens; a test of the protection switches it on.
        "WTF_CSRF_ENABLED": False,
    }
    app = _create_app(settings | config)
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


def _create_app(config: dict[str, object]) -> Flask:
    """The game's own create_app, with what other apps have made before."""
    from flask import Flask

    from quiz import create_app
    from quiz.storage.db import db
    from quiz.web import template_tools

    with (
        mock.patch.object(Flask, "url_rule_class", _known_rules()),
        mock.patch.object(template_tools, "load_taxonomy", _taxonomy),
        mock.patch.object(Flask, "jinja_options", _template_options()),
    ):
        app = create_app(config)
    with app.app_context():
        db.engine.update_execution_options(compiled_cache=_STATEMENTS)
    return app


def _template_options() -> dict[str, Any]:
    from jinja2 import FileSystemBytecodeCache

    return {"bytecode_cache": FileSystemBytecodeCache(os.environ[RUN])} if RUN in os.environ else {}


class _Statements(dict[Any, Any]):
    """Compiled SQL, found by the kind of the dialect: each engine has a dialect of its own."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(self._for_all(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(self._for_all(key), compiled)

    @staticmethod
    def _for_all(key: Any) -> Any:
        dialect, *rest = key
        return (dialect.name, *rest)


_STATEMENTS = _Statements()


@cache
def _known_rules() -> type[Rule]:
    """Flask's routes, each compiled once: most of the time of making an app is spent there."""
    from werkzeug.routing import Rule

    compiled: dict[object, dict[str, Any]] = {}

    class KnownRule(Rule):
        def compile(self) -> None:
            key = (self.rule, self.subdomain, self.host, str(self.defaults), self.merge_slashes)
            if key not in compiled:
                before = dict(self.__dict__)
                super().compile()
                compiled[key] = {
                    name: value
                    for name, value in self.__dict__.items()
                    if name == "arguments" or before.get(name) is not value
                }
            self.__dict__.update(compiled[key])

    return KnownRule


def _taxonomy(folder: Path) -> Taxonomy:
    """The taxonomy of a folder, read again only when its file has changed."""
    file = folder / "taxonomy.yaml"
    return _read_taxonomy(folder, file.stat().st_mtime_ns if file.exists() else 0)


@cache
def _read_taxonomy(folder: Path, _changed: int) -> Taxonomy:
    from quiz.content.loader import load_taxonomy

    return load_taxonomy(folder)
