"""The trainer's desk: documents, sets and questions, readings, files."""

from __future__ import annotations

from collections.abc import Callable

from ...services.desk.threads import waiting
from ...storage.db import db
from ...web.access import trainer
from . import (
    documents,
    files,
    library,
    preview,
    questions,
    readings,
    set_life,
    sets,
    texts,
    threads,
)

BLUEPRINTS = (sets.bp, documents.bp, questions.bp, readings.bp, files.bp)

__all__ = ["BLUEPRINTS", "library", "preview", "set_life", "texts", "threads"]


def _told() -> dict[str, Callable[[], int]]:
    """What the desk's navigation tells: how much waits to be read or answered."""
    return {"waiting": lambda: waiting(db.session(), trainer())}


for _blueprint in BLUEPRINTS:
    _blueprint.context_processor(_told)
