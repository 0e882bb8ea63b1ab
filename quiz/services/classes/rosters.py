"""Who is in a class: joining, leaving, labels, and what a trainer may do with a member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...domain.errors import BadInput, NotFound
from ...domain.message import msg
from ...models import Classroom, Membership, Player
from ...storage.db import writing
from ..accounts.retention import forget_members
from .cards import check_room
from .classrooms import LARGEST_ID, VISIBLE_SIGNS

LABEL_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the trainer sees one.

    `is_issued` when the account was made for this class and is still under the trainer's hand.
    """

    id: int
    player: Player
    membership: Membership

    @property
    def label(self) -> str:
        """What the trainer calls them."""
        return self.membership.label

    @property
    def is_issued(self) -> bool:
        """Whether the trainer may give a new passphrase, or erase the account."""
        return self.membership.is_issued and not self.player.is_trainer


def roster(session: Session, classroom: Classroom) -> list[Member]:
    """The members in the order of their labels; one query."""
    rows = session.execute(_MEMBERS.where(Membership.classroom_id == classroom.id)).all()
    found = [Member(membership.id, player, membership) for membership, player in rows]
    return sorted(found, key=lambda m: (m.label.casefold(), m.id))


def member_of(session: Session, classroom: Classroom, member_id: int) -> Member:
    """A member of the class. Raises NotFound."""
    if not 0 < member_id <= LARGEST_ID:
        raise NotFound(member_id)
    row = session.execute(
        _MEMBERS.where(Membership.classroom_id == classroom.id, Membership.id == member_id)
    ).one_or_none()
    if row is None:
        raise NotFound(member_id)
    return Member(row[0].id, row[1], row[0])


_MEMBERS = select(Membership, Player).join(Player, Player.id == Membership.player_id)


def rename_member(session: Session, member: Member, label: str) -> None:
    """Set what the trainer calls a member. Raises BadInput on `label`."""
    label = " ".join(label.split())
    if not 1 <= len(label) <= LABEL_LENGTH:
        raise BadInput("label", msg("A label has 1 to 40 characters."))
    if not label.isprintable():
        raise BadInput("label", VISIBLE_SIGNS)
    with writing(session):  # nothing when the learner has left meanwhile
        session.execute(update(Membership).where(Membership.id == member.id).values(label=label))


def remove_member(session: Session, member: Member) -> None:
    """Take a member out of the class. The account and what it answered stay the learner's."""
    with writing(session):
        session.execute(delete(Membership).where(Membership.id == member.id))


def erase_member(session: Session, member: Member) -> None:
    """Let a member go as forget_members says: an account made for the class goes with its data."""
    with writing(session):
        forget_members(session, Membership.id == member.id)


def class_with_code(session: Session, code: str) -> Classroom:
    """The class that can be joined with the code, in its normal form. Raises NotFound."""
    found = session.scalar(select(Classroom).where(Classroom.code == code))
    if found is None:
        raise NotFound(code)
    return found


def join(session: Session, code: str, player: Player, now: datetime) -> Classroom:
    """Put a player with a record of their own into the class; a second time changes nothing.

    Raises NotFound when no class has the code, BadInput on `code` when the class is full.
    """
    try:
        with writing(session):
            classroom = class_with_code(session, code)
            if not _is_in(session, classroom.id, player.id):
                check_room(session, classroom.id, 1)
                session.add(
                    Membership(
                        classroom_id=classroom.id,
                        player_id=player.id,
                        label=player.display_name[:LABEL_LENGTH],
                        is_issued=False,
                        joined_at=now,
                    )
                )
    except IntegrityError:  # pressed twice, or the class or the player is gone: see which
        classroom = class_with_code(session, code)
        if not _is_in(session, classroom.id, player.id):
            raise NotFound(code) from None
    return classroom


def leave_class(session: Session, player: Player, class_id: int) -> None:
    """Take the player out of a class; what they answered stays theirs. Raises NotFound."""
    if not 0 < class_id <= LARGEST_ID:
        raise NotFound(class_id)
    with writing(session):
        left = session.scalar(
            delete(Membership)
            .where(Membership.classroom_id == class_id, Membership.player_id == player.id)
            .returning(Membership.id)
        )
        if left is None:
            raise NotFound(class_id)


def classes_joined(session: Session, player: Player) -> list[Classroom]:
    """The classes that a player is in, by name; one query."""
    return list(
        session.scalars(
            select(Classroom)
            .join(Membership, Membership.classroom_id == Classroom.id)
            .where(Membership.player_id == player.id)
            .order_by(Classroom.name, Classroom.id)
        )
    )


def is_member(session: Session, classroom: Classroom, player: Player | None) -> bool:
    """Whether the player is in the class."""
    return player is not None and _is_in(session, classroom.id, player.id)


def _is_in(session: Session, class_id: int, player_id: int) -> bool:
    found = select(Membership.id).where(
        Membership.classroom_id == class_id, Membership.player_id == player_id
    )
    return session.scalar(found) is not None
