"""The world of the tests: a fresh database for each, on SQLite or on PostgreSQL.

Which one, or both, for whatever uses `app`, `client`, `session` or `database_url`: that is in
tests/databases.py.

The game is imported inside the fixtures: tests of the domain need the standard library only.
"""

from __future__ import annotations

import gc
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

import run
from tests import databases, postgres, world
from tests.postgres import Cluster
from tests.world import RUN

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session


SERVERS = [
    "tests/bench",
    "tests/durability",
    "tests/server/test_many_processes.py",
    "tests/server/test_redis.py",
    "tests/server/test_serving.py",
]
"""What starts, and kills, servers in processes of their own."""
SANDBOXES = [
    "tests/content/intake/test_archive.py",
    "tests/content/intake/test_extract_hostile.py",
    "tests/content/intake/test_sandbox.py",
    "tests/views/desk/test_file_pages.py",
]
"""What has files read in processes of their own, huge and hostile ones among them."""
LONG = [*SERVERS, "tests/views/test_bad_input.py", "tests/browser", *SANDBOXES]
QUICK_EXAMPLES = 10


def pytest_addoption(parser: pytest.Parser) -> None:
    """The inner loop's option."""
    parser.addoption(
        "--quick", action="store_true", help="SQLite only, nothing long, few random examples"
    )


def pytest_configure(config: pytest.Config) -> None:
    """The process in charge makes the folder of the run; its workers find it in RUN."""
    # No test asserts a time: this machine may be busy with others.
    hypothesis.settings.register_profile("suite", deadline=None)
    hypothesis.settings.register_profile("quick", deadline=None, max_examples=QUICK_EXAMPLES)
    hypothesis.settings.load_profile("quick" if config.getoption("quick") else "suite")
    if not hasattr(config, "workerinput"):
        folder, end = postgres.open_run()
        config.add_cleanup(end)
        os.environ[RUN] = str(folder)
        os.environ["QUIZ_DATA"] = str(folder / "data")  # not the developer's own


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what is long, when it has to be quick."""
    return True if config.getoption("quick") and _rank(collection_path) < len(LONG) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long ones first, dealt out to the workers, so that none runs alone at the end.

    Each worker begins with its own stretch of the list (`--dist worksteal`).
    """
    if config.getoption("quick"):
        items[:] = [item for item in items if not _needs_postgresql(item)]
    items.sort(key=lambda item: _rank(item.path))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items[:] = [item for worker in range(workers) for item in items[worker::workers]]


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: no need to look for garbage in it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _needs_postgresql(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return callspec is not None and callspec.params.get("database_url") == databases.POSTGRESQL


def _rank(path: Path) -> int:
    """The place of a file's tests in LONG; its length for all others."""
    ranks = (n for n, known in enumerate(LONG) if path.is_relative_to(run.ROOT / known))
    return next(ranks, len(LONG))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each test that has a database the kinds that it is to run on."""
    chosen = metafunc.definition.iter_markers("parametrize")
    by_itself = any("database_url" in mark.args[0] for mark in chosen)
    if "database_url" in metafunc.fixturenames and not by_itself:
        kinds = databases.kinds(metafunc.definition.path)
        if metafunc.config.getoption("quick"):
            kinds = [databases.SQLITE]
        metafunc.parametrize("database_url", kinds, indirect=True)


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """What the workers of this run share; removed at its end."""
    return Path(os.environ[RUN])


@pytest.fixture(scope="session")
def cluster(run_folder: Path) -> Cluster:
    """PostgreSQL, started by whichever worker needs it first."""
    return postgres.shared_cluster(run_folder)


@pytest.fixture
def stock() -> Path | None:
    """The folder of question files that a test's database has from the start; none here."""
    return None


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path, stock: Path | None
) -> Iterator[str]:
    """The address of this test's own database, at the newest migration, with the stock."""
    if request.param == databases.SQLITE:
        file = tmp_path / "quiz.sqlite3"
        shutil.copyfile(databases.sqlite_template(run_folder, stock), file)
        yield f"sqlite:///{file}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    template = databases.postgresql_template(run_folder, cluster, stock)
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
