"""Sign-in cards: accounts made for a class, each with a pseudonym and a passphrase.

The passphrase is stored as a hash only, so a card is read, printed or noted down when it is made.
"""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...domain.errors import INCOMPLETE_FORM, BadInput, NotFound
from ...domain.message import msg
from ...models import Classroom, Membership, Player
from ...storage.db import writing
from ..accounts.passphrases import new_passphrase
from ..accounts.players import hash_of, name_key
from ..accounts.pseudonyms import pseudonym

MOST_CARDS = 40
"""Accounts made at a time: some two seconds of hashing."""
MOST_MEMBERS = 400
"""In a class."""
LONGEST_KEY = 43
_DRAWS = 5
NO_NAMES = msg("Too few pseudonyms are free. Try again with fewer cards.")


@dataclass(frozen=True, slots=True)
class SignInCard:
    """What a learner signs in with, and what the trainer calls them."""

    label: str
    name: str
    passphrase: str


@dataclass(frozen=True, slots=True)
class _Account:
    """An account that is not stored yet, and its card."""

    player: Player
    card: SignInCard


def issue_cards(
    session: Session, classroom: Classroom, count: str, key: str, language: str, now: datetime
) -> list[SignInCard]:
    """Make accounts for the class; gives their cards.

    `count` as typed, 1 to 40. Raises BadInput on `count`; on `key` when a form with this key has
    had its cards already.
    """
    if not count.isascii() or not count.isdigit() or not 0 < int(count[:9]) <= MOST_CARDS:
        raise BadInput("count", msg("Choose a number from 1 to 40."))
    if not 0 < len(key) <= LONGEST_KEY:
        raise BadInput("key", INCOMPLETE_FORM)
    _check_unused(session, classroom.id, key)
    accounts = _store_accounts(session, classroom.id, int(count), key, language, now)
    return [account.card for account in accounts]


def join_as_newcomer(
    session: Session, code: str, key: str, language: str, now: datetime
) -> tuple[Player, SignInCard]:
    """Make an account for somebody without one in the class with this code.

    Raises NotFound when no class has the code, BadInput on `key` as `issue_cards` does, and on
    `code` when the class is full.
    """
    class_id = session.scalar(select(Classroom.id).where(Classroom.code == code))
    if class_id is None:
        raise NotFound(code)
    if not 0 < len(key) <= LONGEST_KEY:
        raise BadInput("key", INCOMPLETE_FORM)
    _check_unused(session, class_id, key)
    (made,) = _store_accounts(session, class_id, 1, key, language, now, code)
    return made.player, made.card


def new_card(session: Session, membership: Membership, language: str) -> SignInCard:
    """A new passphrase for an account that was made for the class; its sessions end.

    Raises NotFound for an account that is somebody's own.
    """
    passphrase = new_passphrase(language)
    hashed = hash_of(passphrase)
    with writing(session):
        player = session.scalar(
            select(Player)
            .join(Membership, Membership.player_id == Player.id)
            .where(Membership.id == membership.id, Membership.is_issued)
            .where(Player.is_trainer.is_(False))
            .with_for_update()
        )
        if player is None:
            raise NotFound(membership.id)
        player.passphrase_hash = hashed
        player.session_token = secrets.token_urlsafe(16)
    return SignInCard(membership.label, player.display_name, passphrase)


def check_room(session: Session, class_id: int, newcomers: int) -> None:
    """Hold the class and raise BadInput when it cannot take so many more. In a transaction."""
    held = session.scalar(select(Classroom.id).where(Classroom.id == class_id).with_for_update())
    if held is None:
        raise NotFound(class_id)
    members = session.scalar(
        select(func.count(Membership.id)).where(Membership.classroom_id == class_id)
    )
    if (members or 0) + newcomers > MOST_MEMBERS:
        raise BadInput("code", msg("This class is full."))


def _check_unused(session: Session, class_id: int, key: str) -> None:
    """Raise BadInput when a form with this key has had its accounts."""
    used = select(Membership.id).where(
        Membership.classroom_id == class_id, Membership.issue_key == key
    )
    if session.scalar(used) is not None:
        raise BadInput(
            "key",
            msg(
                "This form was sent twice: the accounts are made, once. If the card was not "
                "seen, the trainer can give a new passphrase."
            ),
        )


def _store_accounts(
    session: Session,
    class_id: int,
    count: int,
    key: str,
    language: str,
    now: datetime,
    code: str | None = None,
) -> list[_Account]:
    """Make and store accounts; with `code`, only while the class has it.

    Names are drawn and passphrases hashed before the transaction. Where somebody takes a name
    meanwhile, all is drawn anew.
    """
    for _ in range(_DRAWS):
        accounts = _drawn(session, count, language, now)
        try:
            with writing(session):
                check_room(session, class_id, count)
                if code is not None:
                    _check_code(session, class_id, code)
                session.add_all(account.player for account in accounts)
                session.flush()
                session.add_all(_memberships(class_id, accounts, key, now))
        except IntegrityError:
            _check_unused(session, class_id, key)  # the other press of a double press was first
            continue
        return accounts
    raise BadInput("count", NO_NAMES)


def _check_code(session: Session, class_id: int, code: str) -> None:
    if session.scalar(select(Classroom.code).where(Classroom.id == class_id)) != code:
        raise NotFound(code)


def _memberships(
    class_id: int, accounts: list[_Account], key: str, now: datetime
) -> list[Membership]:
    """Places in the class; the first carries the key, which the database lets in once."""
    return [
        Membership(
            classroom_id=class_id,
            player_id=account.player.id,
            label=account.card.label,
            is_issued=True,
            joined_at=now,
            issue_key=None if n else key,
        )
        for n, account in enumerate(accounts)
    ]


def _drawn(session: Session, count: int, language: str, now: datetime) -> list[_Account]:
    """Accounts under names that nobody has, hashed."""
    accounts = []
    for name in _free_names(session, count, language):
        passphrase = new_passphrase(language)
        player = Player(
            pseudonym=name,
            name=name,
            name_key=name_key(name),
            passphrase_hash=hash_of(passphrase),
            session_token=secrets.token_urlsafe(16),
            created_at=now,
            last_played_at=now,
        )
        accounts.append(_Account(player, SignInCard(name, name, passphrase)))
    return accounts


def _free_names(session: Session, count: int, language: str) -> list[str]:
    """Pseudonyms that are nobody's name, no two alike. Raises BadInput when there are too few."""
    rng = random.SystemRandom()
    free: dict[str, None] = {}
    for _ in range(_DRAWS):
        drawn = {
            name_key(name): name for name in (pseudonym(language, rng) for _ in range(4 * count))
        }
        taken = set(session.scalars(select(Player.name_key).where(Player.name_key.in_(drawn))))
        free.update({name: None for key, name in drawn.items() if key not in taken})
        if len(free) >= count:
            return list(free)[:count]
    raise BadInput("count", NO_NAMES)
