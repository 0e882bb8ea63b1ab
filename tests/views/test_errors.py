"""When the database is busy or gone: a word about it, at once, and nothing lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import func, make_url, select, text

from quiz.models import Response
from quiz.storage import db as database
from quiz.storage.db import db
from tests import factories
from tests.factories import create_round
from tests.views.pages import Visitor, by_id, form_to, part, place, tree, words

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

SHORT = 0.2
"""Seconds that a writer waits here for another one; 5 in the game."""


@pytest.fixture
def app(database_url: str, questions: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The game with little patience."""
    monkeypatch.setattr(database, "BUSY_SECONDS", SHORT)
    with factories.playing(database_url, questions) as app:
        yield app


@contextmanager
def another_writer(database_url: str) -> Iterator[None]:
    """Somebody who holds the lock that every answer needs."""
    if database_url.startswith("sqlite"):
        connection = sqlite3.connect(make_url(database_url).database or "", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.close()
        return
    url = make_url(database_url).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as writer:
        writer.execute("LOCK TABLE response, round, round_item, player IN EXCLUSIVE MODE")
        yield


@contextmanager
def no_database(app: Flask, database_url: str, cluster: object) -> Iterator[None]:
    """The database cannot be reached; SQLite's file is away, PostgreSQL takes no connections."""
    with app.app_context():
        db.engine.dispose()
    if database_url.startswith("sqlite"):
        file = Path(make_url(database_url).database or "")
        away = file.rename(file.with_suffix(".away"))
        file.mkdir()
        try:
            yield
        finally:
            file.rmdir()
            away.rename(file)
        return
    name = make_url(database_url).database
    cluster.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")  # type: ignore[attr-defined]
    yield
    cluster.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")  # type: ignore[attr-defined]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("path", ["/answer", "/answer/part"])
def test_an_answer_while_another_writes_too_long_is_asked_for_again(
    database_url: str, session: Session, pupil: Visitor, path: str
) -> None:
    assert pupil.player
    played = create_round(session, pupil.player)
    form = form_to(pupil.read(place(played, 1)), "/1/answer")
    fields = {**form.fields, "verdict": "true", "confidence": "2"}
    session.rollback()

    with another_writer(database_url):
        busy = pupil.post(place(played, 1, path), **fields)

    assert busy.status_code == 503
    assert int(busy.headers["Retry-After"]) > 0
    assert "Busy for a moment" in busy.text
    if path.endswith("/part"):
        assert words(part(busy.text)).startswith("503")
        assert "<html" not in busy.text
    else:
        assert by_id(tree(busy.text), "main") is not None
    assert pupil.post(place(played, 1, path), **fields).status_code in (200, 303)
    session.rollback()
    assert session.scalar(select(func.count(Response.id))) == 1


def test_reading_goes_on_while_another_writes(
    database_url: str, session: Session, pupil: Visitor
) -> None:
    assert pupil.player
    played = create_round(session, pupil.player)
    pupil.read(place(played, 1))
    session.rollback()

    with another_writer(database_url):
        for address in ("/", "/review/", "/progress/", place(played, 1), "/documents/harbour"):
            assert pupil.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/", "/review/", "/rounds/x/1", "/rounds/x/1/part"])
def test_without_a_database_there_is_still_a_page_that_says_so(
    app: Flask,
    database_url: str,
    session: Session,
    pupil: Visitor,
    request: pytest.FixtureRequest,
    address: str,
) -> None:
    session.close()
    cluster = None if database_url.startswith("sqlite") else request.getfixturevalue("cluster")

    with no_database(app, database_url, cluster):
        gone = pupil.get(address)

    assert gone.status_code == 503
    assert gone.headers["Retry-After"]
    assert ("<html" in gone.text) is not address.endswith("/part")
    assert pupil.get("/").status_code == 200  # it is back


@pytest.mark.parametrize("address", ["/nowhere", "/rounds/x/y/part", "/review/a/b"])
def test_what_is_not_there_says_so_in_the_readers_language(pupil: Visitor, address: str) -> None:
    missing = pupil.get(address)

    assert missing.status_code == 404
    assert "Nothing here" in missing.text
    assert ("<html" in missing.text) is not address.endswith("/part")


def test_an_error_in_the_game_shows_no_detail_and_is_logged(
    app: Flask, pupil: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    def boom() -> str:
        raise RuntimeError("a secret detail")

    app.add_url_rule("/boom", view_func=boom)

    broken = pupil.get("/boom")

    assert broken.status_code == 500
    assert "That was our fault" in broken.text
    assert "secret detail" not in broken.text
    assert "a secret detail" in caplog.text


def test_a_failed_statement_leaves_the_page_that_tells_of_it_whole(
    app: Flask, pupil: Visitor
) -> None:
    """On PostgreSQL a transaction that failed must be rolled back before the next query."""

    def broken() -> str:
        return str(db.session.execute(text("SELECT * FROM no_such_table")))

    app.add_url_rule("/broken", view_func=broken)

    assert pupil.get("/broken").status_code in (500, 503)
