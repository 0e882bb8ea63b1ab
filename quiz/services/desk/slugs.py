"""Slugs for what a trainer names: readable, and free."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ...content.format.schema import MAX_SLUG, SLUG
from ...models import DeskDocument, DeskSet, DocumentVersion, QuestionSetRow, Thread

_LONGEST = 60
_SLUG = re.compile(SLUG)
_NAMING = 0x4465736B
"""PostgreSQL's advisory lock of those who name or publish something at the desk: "Desk"."""


def one_at_a_time(session: Session) -> None:
    """Let nobody else name or publish anything at the desk until this transaction ends.

    Whoever holds a set takes this lock after it. SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_NAMING)))


def slug_of(title: str, fallback: str) -> str:
    """A title in small ASCII letters, digits and hyphens, at most 60, else `fallback`.

    What is a slug already stays as it is: files keep theirs.
    """
    if len(title) <= MAX_SLUG and _SLUG.fullmatch(title):
        return title
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:_LONGEST].strip("-") or fallback


def numbered(base: str, taken: Container[str]) -> str:
    """`base`, or the first of base-2, base-3, … that is not taken; at most MAX_SLUG characters."""
    slug, number = base, 1
    while slug in taken:
        number += 1
        end = f"-{number}"
        slug = base[: MAX_SLUG - len(end)].rstrip("-") + end
    return slug


def free_set_slug(session: Session, title: str) -> str:
    """A slug that no set has or had, at the desk or on offer. Inside a transaction.

    What was said of a set that is gone must not come up with a new one.
    """
    base = slug_of(title, "set")
    return numbered(
        base, _taken(session, base, [DeskSet.slug, QuestionSetRow.slug, Thread.set_slug])
    )


def free_document_slug(session: Session, title: str) -> str:
    """A slug that no document has, at the desk or published. Inside a transaction."""
    base = slug_of(title, "document")
    return numbered(base, _taken(session, base, [DeskDocument.slug, DocumentVersion.slug]))


def _taken(session: Session, base: str, columns: list[InstrumentedAttribute[str]]) -> set[str]:
    one_at_a_time(session)
    start = base[: MAX_SLUG - 4].rstrip("-")  # of all that `numbered` may make of it
    return {
        slug
        for column in columns
        for slug in session.scalars(select(column).where(column.startswith(start, autoescape=True)))
    }
