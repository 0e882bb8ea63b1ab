"""The world of the tests: a fresh database for each, on SQLite and again on PostgreSQL.

Whatever uses `app`, `client`, `session` or `database_url` runs on both. `-k "not postgresql"`
leaves PostgreSQL out; nothing else does.

The game is imported inside the fixtures: tests of the domain need the standard library only.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import postgres, world
from tests.postgres import Cluster, once
from tests.world import RUN

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session


def pytest_configure(config: pytest.Config) -> None:
    """The process in charge makes the folder of the run; its workers find it in RUN."""
    # No test asserts a time: this machine may be busy with others.
    hypothesis.settings.register_profile("suite", deadline=None)
    hypothesis.settings.load_profile("suite")
    if not hasattr(config, "workerinput"):
        folder, end = postgres.open_run()
        config.add_cleanup(end)
        os.environ[RUN] = str(folder)
        os.environ["QUIZ_DATA"] = str(folder / "data")  # not the developer's own


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """What the workers of this run share; removed at its end."""
    return Path(os.environ[RUN])


@pytest.fixture(scope="session")
def cluster(run_folder: Path) -> Cluster:
    """PostgreSQL, started by whichever worker needs it first."""
    return postgres.shared_cluster(run_folder)


@pytest.fixture(scope="session")
def migrated_sqlite(run_folder: Path) -> Path:
    """An SQLite file at the newest migration, to be copied."""
    file = run_folder / "template.sqlite3"
    once(file, lambda made: world.migrate(f"sqlite:///{made}"))
    return file


@pytest.fixture(scope="session")
def migrated_postgresql(run_folder: Path, cluster: Cluster) -> str:
    """The name of a PostgreSQL database at the newest migration, to be copied."""
    name = "template_quiz"

    def build(mark: Path) -> None:
        cluster.execute(f"DROP DATABASE IF EXISTS {name}")
        cluster.execute(f"CREATE DATABASE {name}")
        world.migrate(cluster.url(name))
        mark.touch()

    once(run_folder / name, build)
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of this test's own empty database, at the newest migration."""
    if request.param == "sqlite":
        file = tmp_path / "quiz.sqlite3"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), file)
        yield f"sqlite:///{file}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    template = request.getfixturevalue("migrated_postgresql")
    name = f"test_{uuid.uuid4().hex}"
    cluster.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield cluster.url(name)
    cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """The game on an empty database."""
    with world.running(database_url) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, nobody signed in."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A database session, as the views hand it to the services."""
    from quiz.storage.db import db

    with app.app_context():
        yield db.session()
