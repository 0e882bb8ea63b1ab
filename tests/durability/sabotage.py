"""Three builds of the game that lose or double answers. The harness has to catch each of them.

A build changes the game inside the server's process only, when launcher.py is told to.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Timer, local
from types import ModuleType
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask, Response, after_this_request
from sqlalchemy import Connection, create_engine, insert
from sqlalchemy.orm import Session

from quiz.domain.answer import LookAnswer, Receipt, Status
from quiz.models import Response as Answer
from quiz.services.play import answers, solo
from quiz.services.play.answers import Caller
from quiz.storage.db import WRITE, db, write_together

LATE_SECONDS = 0.15


def _replace(module: ModuleType, **parts: Callable[..., Any]) -> None:
    """Put other parts into a module that stores answers; fails when one is not there."""
    for name, part in parts.items():
        assert name in vars(module), name
        vars(module)[name] = part


def acknowledge_before_write(app: Flask) -> None:
    """The answer goes to a queue that is written a moment later; the player is thanked at once."""
    store = solo.answer

    def answer(session: Session, caller: Caller, *rest: Any) -> Receipt[solo.Item]:
        round_id, position, submit, _now = rest
        item = solo.item_state(session, caller, round_id, position)
        if item.shown_at is None or submit.look is not item.awaited:
            return store(session, caller, *rest)

        def write() -> None:
            with app.app_context():
                store(db.session(), caller, *rest)

        Timer(LATE_SECONDS, write).start()
        given = LookAnswer(submit.verdict, submit.confidence, None)
        return Receipt(Status.STORED, item.with_answer(submit.look, given))

    _replace(solo, answer=answer)


def check_then_act(_app: Flask) -> None:
    """The code looks whether there is an answer, then inserts: nothing holds in between.

    Goes with `drop_constraints`, for this is what one writes who trusts the look.
    """
    responses = Answer.metadata.tables["response"]
    plain = insert(responses)
    state, looked = solo._state, local()

    def answer(session: Session, caller: Caller, *rest: Any) -> Receipt[solo.Item]:
        found = solo.item_state(session, caller, *rest[:2])

        def write(connection: Connection) -> Receipt[solo.Item]:
            looked.item = found
            try:
                return solo._store(connection, caller, *rest)
            finally:
                looked.item = None

        return write_together(session, write)

    def state_seen(*where: Any) -> solo.Item:
        return getattr(looked, "item", None) or state(*where)

    solo._ANSWERS._inserts = dict.fromkeys(solo._ANSWERS._inserts, plain)
    _replace(solo, _state=state_seen, answer=answer)


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

    def uncommitted(_session: Session, write: Callable[[Connection], Any]) -> Any:
        connection = db.engine.execution_options(**{WRITE: True}).connect()
        connection.begin()

        def commit() -> None:
            Event().wait(LATE_SECONDS)
            connection.commit()
            connection.close()

        @after_this_request
        def _commit_later(response: Response) -> Response:
            response.call_on_close(commit)
            return response

        return write(connection)

    _replace(answers, write_together=uncommitted)


BUILDS: dict[str, Callable[[Flask], None]] = {
    "acknowledge before write": acknowledge_before_write,
    "check, then act": check_then_act,
    "commit after the response": commit_after_response,
}
