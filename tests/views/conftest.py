"""The game with the small question files of the factories, and its people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from quiz.storage.db import db
from tests import factories
from tests.small_game import app, cheap_hashing, questions, stock
from tests.views.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A database session apart from those of the requests.

    The one of tests/conftest.py holds an application context open, which the requests of a test
    would share, and with it whom the game takes them to come from.
    """
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def nobody(app: Flask) -> Visitor:
    """A browser that has no record."""
    return Visitor(app.test_client(), None)


@pytest.fixture
def pupil(app: Flask, session: Session) -> Visitor:
    """A learner, signed in."""
    return Visitor(app.test_client(), factories.create_learner(session, "Pupil"))


@pytest.fixture
def outsider(app: Flask, session: Session) -> Visitor:
    """Another learner, signed in."""
    return Visitor(app.test_client(), factories.create_learner(session, "Outsider"))


@pytest.fixture
def trainer(app: Flask, session: Session) -> Visitor:
    """A trainer, signed in."""
    return Visitor(app.test_client(), factories.create_trainer(session, "Teacher"))


@pytest.fixture
def other_trainer(app: Flask, session: Session) -> Visitor:
    """Another trainer, signed in."""
    return Visitor(app.test_client(), factories.create_trainer(session, "Other teacher"))


@pytest.fixture
def guest(app: Flask, session: Session) -> Visitor:
    """Somebody who plays without a name."""
    return Visitor(app.test_client(), factories.create_player(session))
