"""A player in a live room: find it, take a seat, answer.

An answer is taken only while the room's stored state and the clock say so, in the same transaction
that stores it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...domain.answer import Receipt, Status, Submission
from ...domain.errors import BadInput, NotFound
from ...domain.message import msg
from ...domain.room import Naming, Phase
from ...models import Membership, Player, Room, Seat
from ...storage.db import writing
from ..accounts.players import name_key, usable_name
from ..play.answers import Caller, submit
from .seat_state import ANSWERS, SEAT_HELD, SeatState, read_seat

NAME_LENGTH = 20
"""A name in a room has to be read from the back of it."""

NAMESAKES = 30
"""How many of one name a room of a class can tell apart."""
SEAT_NAME_TAKEN = msg("Somebody in this room has this name already. Choose another one.")


# Joining


def room_by_code(session: Session, code: str) -> Room:
    """The room that this code opens. Raises NotFound for a code that opens none, or no longer."""
    room = session.scalar(select(Room).where(Room.code == code))
    if room is None:
        raise NotFound(code)
    return room


def seat_of(session: Session, room_id: str, player_id: int) -> Seat | None:
    """The seat that a player has in a room, None without one."""
    return session.scalar(select(Seat).where(Seat.room_id == room_id, Seat.player_id == player_id))


def open_rooms(session: Session, player_id: int) -> Sequence[Room]:
    """The rooms that the player sits in and that go on, latest first."""
    query = (
        select(Room)
        .join(Seat, Seat.room_id == Room.id)
        .where(Seat.player_id == player_id, Seat.removed_at.is_(None))
        .where(Room.phase != Phase.FINISHED)
        .order_by(Seat.joined_at.desc())
    )
    return session.scalars(query).all()


def is_for(session: Session, room: Room, player_id: int | None) -> bool:
    """Whether the room is open to this player: to anyone, or to those in its class."""
    if room.classroom_id is None:
        return True
    membership = select(Membership.id).where(
        Membership.classroom_id == room.classroom_id, Membership.player_id == player_id
    )
    return session.scalar(membership) is not None


def check_open(room: Room) -> None:
    """Raise BadInput on `code` when the room lets nobody new in."""
    if room.is_locked:
        raise BadInput("code", msg("The room is locked: nobody new can come in now."))


def usable_seat_name(room: Room, name: str, offers: tuple[str, ...]) -> str:
    """The name to sit under: one of those offered, or a chosen one where the room allows it.

    Raises BadInput on `name`.
    """
    if room.naming is Naming.GENERATED and name not in offers:
        raise BadInput("name", msg("Choose one of the three names."))
    name, _key = usable_name(name)
    if len(name) > NAME_LENGTH and name not in offers:
        raise BadInput("name", msg("A name in a room has 2 to 20 characters."))
    return name


def take_seat(session: Session, room: Room, player_id: int, name: str, now: datetime) -> Seat:
    """Sit down; who sits there already keeps the seat and its name.

    Raises BadInput on `name` when somebody else in the room has it, on `code` when it is locked.
    """
    seated = seat_of(session, room.id, player_id)
    if seated is not None:
        return seated
    check_open(room)
    host = session.get_one(Player, room.host_id)
    if player_id != host.id and seat_key(name) == seat_key(host.display_name):
        raise BadInput("name", SEAT_NAME_TAKEN)  # nobody plays as the teacher
    played = update(Player).where(Player.id == player_id).values(last_played_at=now)
    for shown in _names(room, name):
        seat = Seat(room_id=room.id, player_id=player_id, joined_at=now)
        seat.name, seat.name_key = shown, seat_key(shown)
        try:
            with writing(session):
                session.execute(played)
                session.add(seat)
        except IntegrityError:
            seated = seat_of(session, room.id, player_id)
            if seated is not None:  # the other tap of a double tap was first
                return seated
        else:
            return seat
    raise BadInput("name", SEAT_NAME_TAKEN)


def seat_key(name: str) -> str:
    """A name as compared in a room: read from afar, "Élodie" and "elodie" are one."""
    plain = unicodedata.normalize("NFD", name_key(name))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _names(room: Room, name: str) -> Iterator[str]:
    """The names to try: in a room of a class, which may call two the same, also numbered ones."""
    yield name
    if room.classroom_id is not None:
        yield from (f"{name} {number}" for number in range(2, NAMESAKES + 1))


# Answering


def answer(
    session: Session,
    caller: Caller,
    room_id: str,
    position: int,
    submission: Submission,
    now: datetime,
) -> Receipt[SeatState]:
    """Store one look's answer to question `position`, once; it is durable when this returns.

    Only stores: what the answer is worth is told after the reveal. Raises NotFound without a seat,
    Conflict for the same key with another answer, BadInput for a pointer to no sentence.
    """

    def store(connection: Connection) -> Receipt[SeatState]:
        return _store(connection, caller, room_id, position, submission, now)

    return submit(session, store)


def _store(
    connection: Connection,
    caller: Caller,
    room_id: str,
    position: int,
    submission: Submission,
    now: datetime,
) -> Receipt[SeatState]:
    seat = read_seat(connection, SEAT_HELD, caller, room_id, now)
    columns = {"seat_id": seat.seat_id, "room_id": room_id, "position": position}
    if seat.state.position != position or not seat.state.takes_answers:
        repeated = ANSWERS.repeated(connection, seat, submission, columns)
        return repeated or Receipt(Status.CLOSED, seat)

    def read_again() -> SeatState:
        return read_seat(connection, SEAT_HELD, caller, room_id, now)

    return ANSWERS.store(connection, seat, submission, columns, now, read_again)
