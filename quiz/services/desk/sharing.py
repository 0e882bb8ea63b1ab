"""A set at the desk in the hands of several trainers: shared, and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...domain.errors import BadInput, NotFound
from ...domain.message import msg
from ...models import DeskSet, Player, Right, SetShare
from ...storage.db import writing
from ..accounts.players import name_key
from .rights import LARGEST_ID, NO_TRAINER, own_set, set_of

MOST_SHARES = 50


@dataclass(frozen=True, slots=True)
class Shared:
    """Another trainer, and what they may do with a set."""

    trainer: Player
    right: Right


def share(session: Session, trainer: Player, set_id: int, name: str, right: Right) -> None:
    """Let another trainer, by their exact name, read or edit a set of one's own.

    Shared with them already, it changes the right. Raises BadInput on `name` when no other trainer
    has it, whoever else does, or when too many have the set; NotFound.
    """
    with writing(session):
        own_set(session, trainer, set_id, lock=True)
        other = session.scalar(
            select(Player).where(
                Player.name_key == name_key(name), Player.is_trainer, Player.id != trainer.id
            )
        )
        if other is None:
            raise BadInput("name", NO_TRAINER)
        present = session.get(SetShare, (set_id, other.id))
        if present is not None:
            present.right = right
            return
        shares = select(func.count()).where(SetShare.set_id == set_id)
        if (session.scalar(shares) or 0) >= MOST_SHARES:
            raise BadInput("name", msg("A set can be shared with 50 trainers at most."))
        session.add(SetShare(set_id=set_id, trainer_id=other.id, right=right))


def change_right(
    session: Session, trainer: Player, set_id: int, other_id: int, right: Right
) -> None:
    """Let somebody who has a set of one's own do more with it, or less. Raises NotFound."""
    with writing(session):
        own_set(session, trainer, set_id, lock=True)
        _shared_with(session, set_id, other_id).right = right


def take_back(session: Session, trainer: Player, set_id: int, other_id: int) -> None:
    """Share a set of one's own no longer with somebody. Raises NotFound."""
    with writing(session):
        own_set(session, trainer, set_id, lock=True)
        session.delete(_shared_with(session, set_id, other_id))


def leave_set(session: Session, trainer: Player, set_id: int) -> None:
    """Give a set of somebody else's back. Raises NotFound; one's own cannot be left."""
    with writing(session):
        set_of(session, trainer, set_id, lock=True)
        session.delete(_shared_with(session, set_id, trainer.id))


def shares_of(session: Session, desk_set: DeskSet) -> list[Shared]:
    """With whom a set is shared, by name."""
    query = (
        select(Player, SetShare.right)
        .join(SetShare, SetShare.trainer_id == Player.id)
        .where(SetShare.set_id == desk_set.id)
        .order_by(Player.name_key)
    )
    return [Shared(other, right) for other, right in session.execute(query)]


def names_of(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    """The names of trainers, by id; whoever has gone is left out. One query."""
    query = select(Player).where(Player.id.in_({i for i in ids if i is not None}))
    return {player.id: player.display_name for player in session.scalars(query)}


def _shared_with(session: Session, set_id: int, other_id: int) -> SetShare:
    found = session.get(SetShare, (set_id, other_id)) if 0 < other_id <= LARGEST_ID else None
    if found is None:
        raise NotFound(other_id)
    return found
