"""What is let go in time: learners' accounts or places in a class, files nobody confirmed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from ...models import Classroom, DeskUpload, Membership, Player
from ...storage.db import writing

UPLOADS_KEPT = timedelta(days=1)


def forget_members(session: Session, *chosen: ColumnElement[bool]) -> int:
    """Let the memberships go that fit the conditions; gives their number. Inside a transaction.

    An account made for its class goes with all its answers, unless its learner sits in another
    class too or has become a trainer. A record of somebody's own stays: only the place in the
    class goes.
    """
    going = session.execute(
        select(Membership.id, Membership.player_id, Membership.is_issued, Player.is_trainer)
        .join(Player, Player.id == Membership.player_id)
        .where(*chosen)
    ).all()
    ids = [row.id for row in going]
    session.execute(delete(Membership).where(Membership.id.in_(ids)))
    issued = {row.player_id for row in going if row.is_issued and not row.is_trainer}
    elsewhere = set(
        session.scalars(select(Membership.player_id).where(Membership.player_id.in_(issued)))
    )
    session.execute(delete(Player).where(Player.id.in_(issued - elsewhere)))
    return len(ids)


def erase_past_retention(session: Session, now: datetime) -> int:
    """Let go of members who have not played for as long as their class keeps answers.

    Gives how many memberships ended. Who joined lately counts as having played then.
    """
    with writing(session):
        ended = 0
        days = select(Classroom.retention_days).distinct()
        for kept in session.scalars(days).all():
            limit = now - timedelta(days=kept)
            classes = select(Classroom.id).where(Classroom.retention_days == kept)
            silent = select(Player.id).where(Player.last_played_at < limit)
            ended += forget_members(
                session,
                Membership.classroom_id.in_(classes),
                Membership.joined_at < limit,
                Membership.player_id.in_(silent),
            )
        return ended


def forget_uploads(session: Session, now: datetime) -> None:
    """Let go of files that waited a day for their trainer's word."""
    with writing(session):
        session.execute(delete(DeskUpload).where(DeskUpload.created_at < now - UPLOADS_KEPT))
