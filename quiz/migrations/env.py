"""Alembic's entry point: migrates the database that the application is bound to."""

from __future__ import annotations

from typing import Literal

from alembic import context
from flask import current_app
from sqlalchemy import MetaData

import quiz.models  # noqa: F401 - the models must be known before their tables are compared
from quiz.storage.db import UtcDateTime

migrate = current_app.extensions["migrate"]
config = context.config


def _metadata() -> MetaData:
    found: MetaData = migrate.db.metadatas[None]
    return found


def _render(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Migrations name SQLAlchemy's own type: they must not change when ours does."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Apply the revisions asked for, one transaction for all of them."""
    engine = migrate.db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=_metadata(),
            transactional_ddl=True,
            render_item=_render,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
