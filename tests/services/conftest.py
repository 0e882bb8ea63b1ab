"""The game with the small question files of the factories, on both databases, and its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING, Any

import argon2
import pytest

from quiz.db import db
from quiz.services import accounts
from tests import factories

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from quiz.models import Player


@pytest.fixture(scope="session")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of question files; not to be changed."""
    return factories.write_questions(tmp_path_factory.mktemp("questions"))


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the smallest cost: what it costs is not what these tests are about."""
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", cheap)
    monkeypatch.setattr(accounts, "_NOBODY", cheap.hash("nobody knows this"))


@pytest.fixture
def app(database_url: str, questions: Path) -> Iterator[Flask]:
    """The game with questions and without players."""
    with factories.playing(database_url, questions) as app:
        yield app


@pytest.fixture
def pupil(session: Session) -> Player:
    """A guest who plays."""
    return factories.create_player(session)


@pytest.fixture
def outsider(session: Session) -> Player:
    """Somebody else."""
    return factories.create_player(session)


@pytest.fixture
def at_once(app: Flask) -> Callable[..., list[Any]]:
    """`at_once(20, act)` calls act(session, n) in 20 threads that start together."""

    def run(times: int, act: Callable[[Session, int], Any]) -> list[Any]:
        barrier = Barrier(times)

        def one(n: int) -> Any:
            with app.app_context():
                barrier.wait(30)
                return act(db.session(), n)

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    return run
