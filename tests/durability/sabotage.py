"""Three builds of the game that lose or double answers. The harness has to catch each of them.

A build changes the game inside the server's process only, when launcher.py is told to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Timer
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask, Response, after_this_request
from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from quiz.db import WRITE, db, writing
from quiz.models import Look
from quiz.models import Response as Answer
from quiz.services import solo

LATE_SECONDS = 0.15


def _replace(**parts: Callable[..., Any]) -> None:
    """Put other parts into the module that stores answers; fails when one is not there."""
    for name, part in parts.items():
        assert name in vars(solo), name
        vars(solo)[name] = part


def acknowledge_before_write(app: Flask) -> None:
    """The answer goes to a queue that is written a moment later; the player is thanked at once."""
    store = solo.answer

    def answer(session: Session, caller: solo.Caller, item: solo.Item, *rest: Any) -> solo.Answered:
        look, given, *_ = rest
        if item.shown_at is None or look is not item.awaited:
            return store(session, caller, item, *rest)

        def write() -> None:
            with app.app_context():
                store(db.session(), caller, item, *rest)

        Timer(LATE_SECONDS, write).start()
        answered = {"first" if look is Look.FIRST else "final": given}
        return solo.Answered(replace(item, **answered), already=False)

    _replace(answer=answer)


def check_then_act(_app: Flask) -> None:
    """The code looks whether there is an answer, then inserts: nothing holds in between.

    Goes with `drop_constraints`, for this is what one writes who trusts the look.
    """
    responses = Answer.metadata.tables["response"]
    plain = insert(responses).returning(responses.c.id)
    _replace(_insert=lambda _session: plain)


def drop_constraints(database_url: str) -> None:
    """Take from the responses what makes them unique."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("response") as table:
            table.drop_constraint("uq_response_item_id_look", type_="unique")
            table.drop_constraint("uq_response_player_id_key", type_="unique")
    engine.dispose()


def commit_after_response(_app: Flask) -> None:
    """The row is written, the response goes out, and only then comes the (slow) commit."""
    store = solo.answer

    @contextmanager
    def uncommitted(session: Session) -> Iterator[Session]:
        if not session.info:  # not an answer: a question is shown, a file opened
            with writing(session):
                yield session
            return
        session.commit()
        session.connection(execution_options={WRITE: True})
        yield session
        session.flush()

    def commit(own: Session) -> None:
        Event().wait(LATE_SECONDS)
        own.commit()
        own.close()

    def answer(_session: Session, *rest: Any) -> solo.Answered:
        own = Session(db.engine, expire_on_commit=False, info={"answers": True})

        @after_this_request
        def _commit_later(response: Response) -> Response:
            response.call_on_close(lambda: commit(own))
            return response

        return store(own, *rest)

    _replace(writing=uncommitted, answer=answer)


BUILDS: dict[str, Callable[[Flask], None]] = {
    "acknowledge before write": acknowledge_before_write,
    "check, then act": check_then_act,
    "commit after the response": commit_after_response,
}
