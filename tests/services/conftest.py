"""The game with the small question files of the factories, and its people."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import inspect

from quiz.storage.db import db
from tests import factories
from tests.small_game import app, cheap_hashing, questions, stock

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from quiz.models import Player


@pytest.fixture
def pupil(session: Session) -> Player:
    """A guest who plays."""
    return factories.create_player(session)


@pytest.fixture
def outsider(session: Session) -> Player:
    """Somebody else."""
    return factories.create_player(session)


@pytest.fixture
def mona(session: Session) -> Player:
    """A trainer who hosts."""
    return factories.create_trainer(session, "Mona")


@pytest.fixture
def igor(session: Session) -> Player:
    """Another trainer."""
    return factories.create_trainer(session, "Igor")


@pytest.fixture
def at_once(app: Flask, session: Session) -> Callable[..., list[Any]]:
    """`at_once(20, act)` calls act(session, n) in 20 threads that start together."""

    def run(times: int, act: Callable[[Session, int], Any]) -> list[Any]:
        _load_all(session)
        barrier = Barrier(times)

        def one(n: int) -> Any:
            with app.app_context():
                barrier.wait(30)
                return act(db.session(), n)

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    return run


def _load_all(session: Session) -> None:
    """Load what was expired: threads that ask such objects for an id would share the session."""
    for known in list(session):
        if inspect(known).expired_attributes:
            session.refresh(known)
    session.expire_on_commit = False
    session.commit()  # on SQLite, what it reads next would be as old
    session.expire_on_commit = True
