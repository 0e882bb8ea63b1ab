"""Which test runs on which database, and the prepared databases that tests get copies of.

A test runs on SQLite. It runs on PostgreSQL as well where the two could differ: constraints, races,
inserts of a dialect, migrations, order, moments, the services' SQL. Pages, headers, forms and
translations are the same on both. This is decided here and nowhere else; a test that has sense on
one database alone says so itself (`parametrize("database_url", …, indirect=True)`).
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import run
from tests import world
from tests.postgres import Cluster, once

SQLITE, POSTGRESQL = "sqlite", "postgresql"
TWICE = {
    "tests/durability": "what is stored, and when",
    "tests/server": "news and streams beside transactions",
    "tests/services": "all SQL of the game",
    "tests/storage": "transactions",
    "tests/views/test_errors.py": "a database that is locked or gone",
    "tests/views/test_never_early.py": "rows without an order could tell a verdict",
    "tests/views/test_rooms_never_early.py": "the same of a room",
}
"""Folders and files whose tests run on both databases, and what could differ there."""


def kinds(path: Path) -> list[str]:
    """The databases for the tests of a file."""
    name = path.relative_to(run.ROOT)
    is_twice = any(name.is_relative_to(known) for known in TWICE)
    return [SQLITE, POSTGRESQL] if is_twice else [SQLITE]


def sqlite_template(folder: Path, questions: Path | None = None) -> Path:
    """A file at the newest migration, with the questions of a folder; the run's, made once."""
    file = folder / f"{_name(questions)}.sqlite3"

    def build(made: Path) -> None:
        if questions is None:
            world.migrate(f"sqlite:///{made}")
        else:
            shutil.copyfile(sqlite_template(folder), made)
            _fill(f"sqlite:///{made}", questions)

    once(file, build)
    return file


def postgresql_template(folder: Path, cluster: Cluster, questions: Path | None = None) -> str:
    """The same in PostgreSQL: the name of the database."""
    name = _name(questions)

    def build(mark: Path) -> None:
        cluster.execute(f"DROP DATABASE IF EXISTS {name}")
        if questions is None:
            cluster.execute(f"CREATE DATABASE {name}")
            world.migrate(cluster.url(name))
        else:
            template = postgresql_template(folder, cluster)
            cluster.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
            _fill(cluster.url(name), questions)
        mark.touch()

    once(folder / name, build)
    return name


def _name(questions: Path | None) -> str:
    if questions is None:
        return "template_migrated"
    return f"template_{hashlib.sha256(bytes(questions)).hexdigest()[:12]}"


def _fill(database_url: str, questions: Path) -> None:
    from tests import factories

    with factories.playing(database_url, questions):
        pass
