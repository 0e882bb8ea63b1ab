"""The database: base class, UTC times, SQLite made durable, one way to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError as SqliteBusy
from time import monotonic
from typing import Any, TypeVar

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, MetaData, TypeDecorator, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from ..domain.errors import WeakDurability
from .group_commit import WriteQueue
from .kept import Kept

WRITE = "quiz_write"
KEPT = "quiz_kept"
"""The engine's option that holds what a process keeps beside its database."""
BUSY_SECONDS = 5.0
RESTED_SECONDS = 1.0
T = TypeVar("T")


class Base(DeclarativeBase):
    """Base of all models. Named constraints, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware on the Python side and UTC in the database, whichever the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate(render_as_batch=True, compare_type=True)


def init_db(app: Flask) -> None:
    """Bind the database to the app, and refuse a database that could forget an answer."""
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        options: dict[str, object] = {"connect_args": {"timeout": BUSY_SECONDS}}
    else:
        # The game looks single rows up by their keys: planning that anew costs more than doing it.
        settings = f"-c lock_timeout={BUSY_SECONDS:g}s -c plan_cache_mode=force_generic_plan"
        options = {
            "connect_args": {"options": settings},
            "pool_size": 10,
            "max_overflow": 20,
        }
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    _end_quietly(app)
    migrate.init_app(app, db, directory=f"{app.root_path}/migrations")
    with app.app_context():
        db.engine.update_execution_options(**{KEPT: Kept()})
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
        else:
            _check_rested_connections(db.engine)


def _end_quietly(app: Flask) -> None:
    """Let a response stand whose reads cannot be rolled back because the database went away."""

    @app.teardown_appcontext  # runs before Flask-SQLAlchemy's own, which was registered earlier
    def _end_session(_error: BaseException | None) -> None:
        try:
            db.session.remove()
        except DBAPIError as error:  # writes are committed long before this
            app.logger.warning("database: %s", error.orig)
            db.session.registry.clear()


def check_durability(connection: Connection) -> None:
    """Raise WeakDurability when the database may lose a committed answer at a power cut."""
    if connection.dialect.name == "sqlite":
        level = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        if level is None or level < 2:
            raise WeakDurability("SQLite must run with synchronous=FULL.")
        return
    for setting in ("fsync", "synchronous_commit"):
        if connection.exec_driver_sql(f"SHOW {setting}").scalar() == "off":
            raise WeakDurability(f"PostgreSQL must run with {setting} on.")


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """One write transaction: committed at the end, rolled back on an error.

    On SQLite it takes the write lock at once (BEGIN IMMEDIATE): a transaction that starts by
    reading and writes later would fail or lose updates under two writers.
    """
    session.commit()  # ends the reads so far; loaded objects stay (expire_on_commit=False)
    queue = _queue(session)
    with queue.turn() if queue else nullcontext(), _transaction(session):
        yield session


def write_together(session: Session, write: Callable[[Connection], T]) -> T:
    """The result of `write`, which has run in a write transaction that is committed by now.

    Group commit: on SQLite, where one writes at a time, whoever has the turn runs what all others
    wait to write too, in one transaction, with one wait for the disk. So `write` may run in
    another thread, and again after a rollback: it uses nothing but its connection. What it raises
    reaches its own caller only, and undoes its own work only. On PostgreSQL, which groups commits
    itself, it is a transaction of its own.
    """
    if session.in_transaction():
        session.commit()  # ends the reads so far, so that later ones see what is written here
    engine = session.get_bind().engine
    queue = _queue(session)
    if queue is not None:
        return queue.write(engine, write)
    with engine.begin() as connection:
        return write(connection)


@contextmanager
def _transaction(session: Session) -> Iterator[None]:
    session.connection(execution_options={WRITE: True})
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


def kept_with(session: Session) -> Kept:
    """What this process keeps beside the database that the session speaks to."""
    kept: Kept = session.get_bind().engine.get_execution_options()[KEPT]
    return kept


def _queue(session: Session) -> WriteQueue | None:
    """The queue of those who write to this SQLite file; None for PostgreSQL, which needs none."""
    if session.get_bind().dialect.name != "sqlite":
        return None
    return kept_with(session).one(WriteQueue, _new_queue)


def _new_queue() -> WriteQueue:
    return WriteQueue(_write_transaction, BUSY_SECONDS)


@contextmanager
def _write_transaction(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        connection.execution_options(**{WRITE: True})
        with connection.begin():
            yield connection


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: SqliteConnection, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN, not the driver's
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-16000",
            "secure_delete=ON",  # who is erased leaves no words in free pages
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        begin = "BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITE) else "BEGIN"
        try:  # on the driver's own: SQLAlchemy's way to it costs more than the statement
            connection.connection.cursor().execute(begin)
        except SqliteBusy as error:
            raise OperationalError(begin, None, error) from error


def _check_rested_connections(engine: Engine) -> None:
    """Replace connections that broke while nobody used them.

    Like SQLAlchemy's pre-ping, without its round trip on every request of a busy class.
    """

    @event.listens_for(engine, "checkin")
    def _on_checkin(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _on_checkout(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        if monotonic() - record.info.get("rests_since", monotonic()) > RESTED_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error
