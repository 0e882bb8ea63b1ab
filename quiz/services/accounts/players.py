"""Players: guests under a pseudonym, learners with a name and a passphrase."""

from __future__ import annotations

import random
import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import String, cast, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...domain.errors import BadInput, NotFound
from ...domain.message import msg
from ...models import Classroom, Comment, Membership, Player, Response, Round, Seat, Thread
from ...storage.db import writing
from .offload import blocking
from .pseudonyms import pseudonym
from .retention import forget_members

NAME_LENGTH = (2, 40)
LONGEST_TYPED = 1000
"""Characters of a name that are looked at: typed, it can be longer than what it comes to."""
PASSPHRASE_LENGTH = (8, 128)
NAME_SIZE = msg("A name has 2 to 40 characters.")
NAME_SIGNS = msg("Use letters, digits, spaces and - _ . ' only.")
NAME_TAKEN = msg("Somebody has this name already. Choose another one.")
ALREADY_KEPT = msg("This record already has a name.")
PASSPHRASE_SHORT = msg("A passphrase has at least 8 characters. Three or four words do well.")
PASSPHRASE_LONG = msg("A passphrase has at most 128 characters.")
# Letters and marks that are drawn as nothing (Unicode's Default_Ignorable_Code_Point).
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# More marks on one letter than any script needs: they would rise into the lines above.
_TOWER = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0]{4}")
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# Verified when the name is unknown, so that a wrong name takes as long as a wrong passphrase.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def new_guest(
    session: Session, language: str, now: datetime, rng: random.Random, name: str | None = None
) -> Player:
    """A player with a pseudonym, stored: the one given, or a random one in the language."""
    with writing(session):
        guest = Player(
            pseudonym=name or pseudonym(language, rng),
            session_token=secrets.token_urlsafe(16),
            created_at=now,
            last_played_at=now,
        )
        session.add(guest)
    return guest


def player_by_session(session: Session, player_id: int, token: str) -> Player | None:
    """The player whom a session cookie names, None when it was signed out everywhere."""
    player = session.get(Player, player_id)
    if player is None or not secrets.compare_digest(player.session_token, token):
        return None
    return player


def keep_record(
    session: Session, player: Player | None, name: str, passphrase: str, now: datetime
) -> Player:
    """Give a guest (or, with None, a new player) a name and a passphrase; gives the learner.

    Older cookies of the guest stop working. Raises BadInput on `name` or `passphrase`.
    """
    name, key = usable_name(name)
    check_passphrase(passphrase)
    hashed = hash_of(passphrase)
    try:
        with writing(session):
            if player is None:
                player = Player(
                    pseudonym=name, session_token="", created_at=now, last_played_at=now
                )
                session.add(player)
            else:
                _hold(session, player)
                if not player.is_guest:
                    raise BadInput("name", ALREADY_KEPT)
            player.name, player.name_key, player.passphrase_hash = name, key, hashed
            player.session_token = secrets.token_urlsafe(16)
    except IntegrityError as error:
        raise BadInput("name", NAME_TAKEN) from error
    return player


def sign_in(session: Session, name: str, passphrase: str) -> Player | None:
    """The learner with this name and passphrase, else None, after the same time."""
    key = name_key(name[:LONGEST_TYPED])
    player = session.scalar(select(Player).where(Player.name_key == key))
    hashed = player.passphrase_hash if player else None
    if len(passphrase) > PASSPHRASE_LENGTH[1]:
        hashed, passphrase = None, ""
    try:
        blocking(_hasher.verify, hashed or _NOBODY, passphrase)
    except (VerificationError, InvalidHashError):
        return None
    return player


def bring_along(session: Session, guest: Player, learner: Player) -> None:
    """Move a guest's rounds to the learner who signed in here, and forget the guest.

    The keys of their forms are spent, and become new ones: the learner may have used the same.
    """
    spent = f"{secrets.token_urlsafe(8)}/"
    moved: tuple[tuple[type[Round | Response], dict[str, Any]], ...] = (
        (Round, {"start_key": spent + Round.id}),
        (Response, {"key": spent + cast(Response.id, String)}),
    )
    with writing(session):
        _hold(session, guest)
        for table, keys in moved:
            session.execute(
                update(table)
                .where(table.player_id == guest.id)
                .values(player_id=learner.id, **keys)
            )
        taken = select(Seat.room_id).where(Seat.player_id == learner.id)  # one seat a room
        session.execute(
            update(Seat)
            .where(Seat.player_id == guest.id, Seat.room_id.not_in(taken))
            .values(player_id=learner.id)
        )
        _bring_memberships(session, guest, learner)
        for column in (Thread.player_id, Comment.author_id):
            session.execute(
                update(column.class_).where(column == guest.id).values({column: learner.id})
            )
        session.execute(delete(Player).where(Player.id == guest.id))


def _bring_memberships(session: Session, guest: Player, learner: Player) -> None:
    """Let the learner sit in the guest's classes; one where both were keeps the learner's place."""
    known = select(Membership.classroom_id).where(Membership.player_id == learner.id)
    session.execute(
        update(Membership)
        .where(Membership.player_id == guest.id, Membership.classroom_id.not_in(known))
        .values(player_id=learner.id)
        .execution_options(synchronize_session=False)
    )


def _hold(session: Session, player: Player) -> None:
    """Read the player anew and let nothing of them change until the end of this transaction.

    An answer that is being stored keeps the row too, so this waits for it. Raises NotFound for a
    player erased meanwhile.
    """
    row = select(Player).where(Player.id == player.id).with_for_update()
    if session.scalar(row.execution_options(populate_existing=True)) is None:
        raise NotFound(player.pseudonym)


def change_passphrase(session: Session, player: Player, old: str, new: str) -> None:
    """Set a new passphrase; all other sessions end. Raises BadInput on `old` or `passphrase`."""
    if sign_in(session, player.name or "", old) is None:
        raise BadInput("old", msg("This is not the passphrase used so far."))
    check_passphrase(new)
    hashed = hash_of(new)
    with writing(session):
        player.passphrase_hash = hashed
        player.session_token = secrets.token_urlsafe(16)


def sign_out_everywhere(session: Session, player: Player) -> None:
    """Make every cookie of the player worthless."""
    with writing(session):
        player.session_token = secrets.token_urlsafe(16)


def erase(session: Session, player: Player) -> None:
    """Delete the player with rounds and responses, for good.

    A trainer's classes go too, with the accounts that were made for them.
    """
    with writing(session):
        if player.is_trainer:
            own = select(Classroom.id).where(Classroom.trainer_id == player.id)
            forget_members(session, Membership.classroom_id.in_(own))
        session.execute(delete(Player).where(Player.id == player.id))
    session.expunge(player)


def erase_old_guests(session: Session, now: datetime, days: int) -> int:
    """Delete guests who have not played for that many days; gives their number.

    One in a class stays for as long as the class keeps what its members answered.
    """
    with writing(session):
        old = delete(Player).where(
            Player.name.is_(None),
            Player.last_played_at < now - timedelta(days=days),
            Player.id.not_in(select(Membership.player_id)),
        )
        return len(session.scalars(old.returning(Player.id)).all())


def hash_of(passphrase: str) -> str:
    """What is stored of a passphrase. Takes some 40 ms by design: keep it out of transactions."""
    return blocking(_hasher.hash, passphrase)


def check_passphrase(passphrase: str) -> None:
    """Raise BadInput unless the passphrase has a usable length, counted in characters."""
    low, high = PASSPHRASE_LENGTH
    if len(passphrase) < low:
        raise BadInput("passphrase", PASSPHRASE_SHORT)
    if len(passphrase) > high:
        raise BadInput("passphrase", PASSPHRASE_LONG)


def name_key(name: str) -> str:
    """The name as compared: compatible forms, cases and spaces are the same."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("\x00", "\ufffd")
    return " ".join(folded.split())[:80]


def usable_name(name: str) -> tuple[str, str]:
    """The name as shown and as compared. Raises BadInput on `name`."""
    name = " ".join(unicodedata.normalize("NFKC", name).split())
    low, high = NAME_LENGTH
    if not low <= len(name) <= high:
        raise BadInput("name", NAME_SIZE)
    # Letters, marks and digits of any script, and a few joining signs: nothing invisible,
    # nothing that changes the direction of the text around it.
    if not all(unicodedata.category(c)[0] in "LMN" or c in " -_.'’·" for c in name):
        raise BadInput("name", NAME_SIGNS)
    if _INVISIBLE.search(name) or _TOWER.search(unicodedata.normalize("NFD", name)):
        raise BadInput("name", NAME_SIGNS)
    return name, name_key(name)
