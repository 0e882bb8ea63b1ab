"""Trainers: accounts that may have classes and open rooms."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...domain.errors import BadInput, NotFound
from ...models import Membership, Player
from ...storage.db import writing
from .players import NAME_TAKEN, check_passphrase, hash_of, name_key, usable_name

_FIRST_TRAINER = 0x4E6F7450
"""PostgreSQL's advisory lock of those who want to be the first trainer: "NotP"."""


def has_trainer(session: Session) -> bool:
    """Whether there is a trainer at all."""
    return session.scalar(select(Player.id).where(Player.is_trainer).limit(1)) is not None


def is_known(session: Session, name: str) -> bool:
    """Whether somebody has this name."""
    return session.scalar(select(Player.id).where(Player.name_key == name_key(name))) is not None


def add_trainer(session: Session, name: str, passphrase: str | None, now: datetime) -> Player:
    """Make a trainer's account, or make the learner of that name a trainer; gives the trainer.

    A learner's passphrase stays as it was; only a new account needs one. Raises BadInput on `name`
    or `passphrase`.
    """
    known = session.scalar(select(Player).where(Player.name_key == name_key(name)))
    if known is not None:
        return _promoted(session, known)
    trainer = _new_trainer(name, passphrase or "", now)
    try:
        with writing(session):
            session.add(trainer)
    except IntegrityError as error:
        raise BadInput("name", NAME_TAKEN) from error
    return trainer


def add_first_trainer(session: Session, name: str, passphrase: str, now: datetime) -> Player:
    """Make the first trainer's account; of several at once one succeeds.

    Raises NotFound when there is a trainer, BadInput on `name` or `passphrase`.
    """
    trainer = _new_trainer(name, passphrase, now)
    try:
        with writing(session):
            # SQLite has one writer at a time anyway.
            if session.get_bind().dialect.name == "postgresql":
                session.execute(select(func.pg_advisory_xact_lock(_FIRST_TRAINER)))
            if has_trainer(session):
                raise NotFound("the first trainer")
            session.add(trainer)
    except IntegrityError as error:
        raise BadInput("name", NAME_TAKEN) from error
    return trainer


def _new_trainer(name: str, passphrase: str, now: datetime) -> Player:
    """A trainer's account, not stored yet. Raises BadInput on `name` or `passphrase`."""
    name, key = usable_name(name)
    check_passphrase(passphrase)
    return Player(
        pseudonym=name,
        name=name,
        name_key=key,
        passphrase_hash=hash_of(passphrase),
        session_token=secrets.token_urlsafe(16),
        is_trainer=True,
        created_at=now,
        last_played_at=now,
    )


def _promoted(session: Session, learner: Player) -> Player:
    """Make a learner a trainer. The account is their own now: no class may reset or erase it."""
    with writing(session):
        learner.is_trainer = True
        session.execute(
            update(Membership).where(Membership.player_id == learner.id).values(is_issued=False)
        )
    return learner
