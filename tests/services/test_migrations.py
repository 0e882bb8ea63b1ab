"""The database: migrations both ways, models and tables alike, weak durability refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, event, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from quiz.__main__ import prepare
from quiz.domain.answer import Mode
from quiz.domain.errors import WeakDurability
from quiz.models import Player, Response, Round, RoundItem
from quiz.storage.db import Base, check_durability, db, writing
from tests import factories, world
from tests.factories import NOW, create_answers, create_player, create_round

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

TABLES = {
    "player",
    "document_version",
    "question_revision",
    "question_set",
    "set_entry",
    "round",
    "round_item",
    "response",
    "classroom",
    "membership",
    "room",
    "room_question",
    "seat",
    "room_response",
    "desk_document",
    "desk_set",
    "desk_set_document",
    "desk_question",
    "desk_edit",
    "set_share",
    "set_edition",
    "reading",
    "reading_answer",
    "thread",
    "comment",
    "desk_upload",
}


@pytest.fixture
def stock(request: pytest.FixtureRequest, questions: Path) -> Path | None:
    """The questions, except in a bare database."""
    return None if "bare" in request.fixturenames else questions


@pytest.fixture
def bare(database_url: str) -> Iterator[Flask]:
    """The game on a migrated database without questions."""
    with world.running(database_url) as app, app.app_context():
        yield app
        db.session.remove()


def tables() -> set[str]:
    """The tables that the database has."""
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def differences() -> list[Any]:
    """What the models have and the database has not, or the other way round."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, Base.metadata))


def constraints() -> dict[str, set[str]]:
    """The names of the checks that each table has."""
    found = inspect(db.engine)
    return {t: {str(c["name"]) for c in found.get_check_constraints(t)} for t in tables()}


# Migrations


@pytest.mark.usefixtures("bare")
def test_an_upgraded_database_is_what_the_models_say() -> None:
    assert tables() == TABLES == set(Base.metadata.tables)
    assert differences() == []


@pytest.mark.usefixtures("bare")
def test_a_difference_would_be_found() -> None:
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE player ADD COLUMN stray INTEGER"))

    assert "stray" in str(differences())


@pytest.mark.usefixtures("bare")
def test_every_check_of_the_models_is_in_the_database() -> None:
    names = (
        db.engine.dialect.identifier_preparer
    )  # the model's short names, as the tables have them
    wanted = {
        table.name: {
            names.format_constraint(constraint)
            for constraint in table.constraints
            if isinstance(constraint, CheckConstraint)
        }
        for table in Base.metadata.tables.values()
    }

    assert sum(map(len, wanted.values())) >= 6
    assert constraints() == wanted


@pytest.mark.usefixtures("bare")
def test_down_and_up_again_is_where_it_was() -> None:
    flask_migrate.downgrade(revision="base")
    assert tables() == set()

    flask_migrate.upgrade()
    assert differences() == []


def test_going_down_one_step_and_up_again_keeps_what_was_played(
    app: Flask, session: Session, pupil: Player
) -> None:
    create_answers(session, create_round(session, pupil, mode=Mode.INVESTIGATION))
    count = session.query(Response).count()
    session.close()

    flask_migrate.downgrade(revision="0001")
    flask_migrate.upgrade()

    assert session.query(Response).count() == count > 0
    assert session.get_one(Player, pupil.id).is_trainer is False


def test_going_down_works_on_a_database_full_of_data(
    app: Flask, session: Session, pupil: Player
) -> None:
    create_answers(session, create_round(session, pupil, mode=Mode.INVESTIGATION))
    session.close()

    flask_migrate.downgrade(revision="base")
    assert tables() == set()
    flask_migrate.upgrade()

    assert differences() == []
    assert session.scalar(select(Player.id)) is None


def test_upgrading_again_leaves_the_data_alone(session: Session, pupil: Player) -> None:
    create_answers(session, create_round(session, pupil))
    before = factories.everything(session)
    session.rollback()

    flask_migrate.upgrade()

    assert factories.everything(session) == before


def test_there_is_one_newest_migration(bare: Flask) -> None:
    assert len(ScriptDirectory(f"{bare.root_path}/migrations").get_heads()) == 1


# The database holds what the code promises


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("player", {"name": "half a record"}),
        ("response", {"confidence": 4}),
        ("response", {"verdict": "maybe"}),
        ("response", {"look": "third"}),
        ("round", {"mode": "slow"}),
    ],
    ids=str,
)
def test_the_database_refuses_what_makes_no_sense(
    session: Session, pupil: Player, table: str, values: dict[str, Any]
) -> None:
    create_answers(session, create_round(session, pupil))
    ((column, value),) = values.items()

    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE {table} SET {column} = :value"), {"value": value})
    session.rollback()


def test_a_player_takes_everything_along(session: Session, pupil: Player) -> None:
    create_answers(session, create_round(session, pupil))

    session.execute(text("DELETE FROM player"))
    session.commit()

    for table in (Round, RoundItem, Response):
        assert session.scalar(select(table.id)) is None


def test_moments_come_back_as_they_were_and_in_utc(session: Session) -> None:
    paris = timezone(timedelta(hours=1))
    player = create_player(session, created_at=datetime(2026, 1, 1, 12, 0, 0, 123456, paris))

    session.refresh(player)

    assert player.created_at == datetime(2026, 1, 1, 11, 0, 0, 123456, UTC)
    assert player.created_at.utcoffset() == timedelta(0)


def test_a_moment_without_a_time_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="time zone"):
        create_player(session, created_at=NOW.replace(tzinfo=None))
    session.rollback()


def test_a_write_that_fails_leaves_nothing(session: Session, pupil: Player) -> None:
    def fail() -> None:
        with writing(session):
            session.add(
                Player(pseudonym="Half Done", session_token="t", created_at=NOW, last_played_at=NOW)
            )
            session.flush()
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        fail()
    assert list(session.scalars(select(Player.pseudonym))) == [pupil.pseudonym]


# Durability


def test_the_game_runs_on_a_durable_database(session: Session) -> None:
    connection = session.connection()
    check_durability(connection)

    if connection.dialect.name == "sqlite":
        pragmas = ("synchronous", "journal_mode", "foreign_keys", "secure_delete")
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
        assert values == [2, "wal", 1, 1]


@pytest.mark.parametrize("level", ["OFF", "NORMAL"])
def test_weaker_settings_are_refused(session: Session, level: str) -> None:
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.rollback()  # type: ignore[no-untyped-call]
        raw.execute(f"PRAGMA synchronous={level}")  # type: ignore[attr-defined]
    else:
        connection.exec_driver_sql("SET synchronous_commit TO off")

    with pytest.raises(WeakDurability):
        check_durability(connection)


@pytest.mark.parametrize("weak", ["fsync", "synchronous_commit"])
def test_each_weak_setting_of_postgresql_is_refused(weak: str) -> None:
    class Answer(str):
        def scalar(self) -> str:
            return str(self)

    class Server:
        """Says that one setting is off; a real one would have to be restarted."""

        class dialect:  # noqa: N801 - as SQLAlchemy names it
            name = "postgresql"

        def exec_driver_sql(self, statement: str) -> Answer:
            return Answer("off" if statement == f"SHOW {weak}" else "on")

    with pytest.raises(WeakDurability, match=weak):
        check_durability(Server())  # type: ignore[arg-type]


def test_the_start_up_refuses_a_weak_database(database_url: str, questions: Path) -> None:
    with world.running(database_url, QUESTIONS=questions) as app:
        with app.app_context():

            @event.listens_for(db.engine, "connect")
            def _weaken(connection: Any, _record: object) -> None:
                if database_url.startswith("sqlite"):
                    connection.execute("PRAGMA synchronous=NORMAL")
                else:
                    connection.execute("SET synchronous_commit TO off")
                    connection.commit()

            db.engine.dispose()
        with pytest.raises(WeakDurability):
            prepare(app)


def test_the_start_up_migrates_loads_and_forgets(database_url: str, questions: Path) -> None:
    with world.running(database_url, QUESTIONS=questions, GUEST_DAYS=30) as app:
        with app.app_context():
            flask_migrate.downgrade(revision="base")
        prepare(app)
        with app.app_context():
            create_player(db.session(), last_played_at=datetime.now(UTC) - timedelta(days=31))
            create_player(db.session())
            db.session.get_one(Player, 2).last_played_at = datetime.now(UTC)
            db.session.commit()
            db.session.remove()
        prepare(app)
        with app.app_context():
            assert list(db.session.scalars(select(Player.id))) == [2]
            assert len(factories.revisions(db.session())) == 28
            db.session.remove()
