"""A trainer's classes: made, renamed, opened with a code, emptied, deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...domain import codes
from ...domain.errors import BadInput, NotFound
from ...domain.message import msg
from ...models import Classroom, Membership, Player
from ...storage.db import writing
from ..accounts.retention import forget_members

RETENTION_DAYS = (30, 90, 180, 365)
"""What a trainer can choose from."""
USUAL_RETENTION = 365
NAME_LENGTH = 60
VISIBLE_SIGNS = msg("Use letters, digits, spaces and signs that can be seen.")
MOST_CLASSES = 200
LARGEST_ID = 2**31 - 1
"""PostgreSQL's INTEGER; nothing has a larger id."""
_DRAWS = 5
NO_CODE = msg("No free code was found. Try again.")


@dataclass(frozen=True, slots=True)
class OwnClass:
    """A class in its trainer's list."""

    classroom: Classroom
    members: int


def classes_of(session: Session, trainer: Player) -> list[OwnClass]:
    """The trainer's classes, newest first, with the number of members; one query."""
    rows = session.execute(
        select(Classroom, func.count(Membership.id))
        .outerjoin(Membership, Membership.classroom_id == Classroom.id)
        .where(Classroom.trainer_id == trainer.id)
        .group_by(Classroom.id)
        .order_by(Classroom.created_at.desc(), Classroom.id.desc())
    )
    return [OwnClass(classroom, members) for classroom, members in rows]


def class_of(session: Session, trainer: Player, class_id: int) -> Classroom:
    """The trainer's class. Raises NotFound when there is none, or it is another trainer's."""
    if not 0 < class_id <= LARGEST_ID:
        raise NotFound(class_id)
    found = session.scalar(
        select(Classroom).where(Classroom.id == class_id, Classroom.trainer_id == trainer.id)
    )
    if found is None:
        raise NotFound(class_id)
    return found


def create_class(
    session: Session, trainer: Player, name: str, retention: str, now: datetime
) -> Classroom:
    """A new class that can be joined at once. Raises BadInput on `name` or `retention`.

    A trainer's classes have different names, so a form sent twice makes one class.
    """
    name, days = _usable(name, retention)
    for _ in range(_DRAWS):
        made = Classroom(
            trainer_id=trainer.id,
            name=name,
            code=codes.new_code(),
            retention_days=days,
            created_at=now,
        )
        try:
            with writing(session):
                _check_free(session, trainer.id, name, None)
                session.add(made)
        except IntegrityError:  # the code is another class's
            continue
        return made
    raise BadInput("name", NO_CODE)


def change_class(session: Session, classroom: Classroom, name: str, retention: str) -> None:
    """Rename a class and set how long it keeps answers. Raises BadInput as `create_class` does."""
    name, days = _usable(name, retention, classroom.retention_days)
    with writing(session):
        _check_free(session, classroom.trainer_id, name, classroom.id)
        _set(session, classroom, name=name, retention_days=days)


def open_class(session: Session, classroom: Classroom) -> str:
    """Give the class a new code, by which one can join; the old one joins nothing any more."""
    for _ in range(_DRAWS):
        try:
            with writing(session):
                code = codes.new_code()
                _set(session, classroom, code=code)
        except IntegrityError:  # the code is another class's
            continue
        return code
    raise BadInput("code", NO_CODE)


def close_class(session: Session, classroom: Classroom) -> None:
    """Let nobody join by themselves any more."""
    with writing(session):
        _set(session, classroom, code=None)


def clear_class(session: Session, classroom: Classroom) -> int:
    """Let all members go, as forget_members says; the class stays. Gives their number."""
    with writing(session):
        return forget_members(session, Membership.classroom_id == classroom.id)


def delete_class(session: Session, classroom: Classroom) -> None:
    """Let all members go, as forget_members says, and delete the class."""
    with writing(session):
        forget_members(session, Membership.classroom_id == classroom.id)
        session.execute(delete(Classroom).where(Classroom.id == classroom.id))


def _set(session: Session, classroom: Classroom, **values: Any) -> None:
    """Write columns of the class. Inside a transaction; nothing when it is deleted meanwhile."""
    session.execute(update(Classroom).where(Classroom.id == classroom.id).values(**values))


def _usable(name: str, retention: str, present: int | None = None) -> tuple[str, int]:
    """The name without idle spaces, and the days. Raises BadInput."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH:
        raise BadInput("name", msg("The name of a class has 1 to 60 characters."))
    if not name.isprintable():
        raise BadInput("name", VISIBLE_SIGNS)
    choices = {str(days): days for days in (*RETENTION_DAYS, *([present] if present else []))}
    if retention not in choices:
        raise BadInput("retention", msg("Choose one of these times."))
    return name, choices[retention]


def _check_free(session: Session, trainer_id: int, name: str, own_id: int | None) -> None:
    """Raise BadInput when another class of the trainer has this name. Inside a transaction.

    Holding the trainer's row makes those who look at the same time wait for each other.
    """
    session.execute(select(Player.id).where(Player.id == trainer_id).with_for_update())
    rows = session.execute(
        select(Classroom.id, Classroom.name).where(Classroom.trainer_id == trainer_id)
    ).all()
    if len(rows) >= MOST_CLASSES and own_id is None:
        raise BadInput("name", msg("Delete a class that is over before making another one."))
    if any(row.name.casefold() == name.casefold() and row.id != own_id for row in rows):
        raise BadInput("name", msg("You have a class of this name already."))
