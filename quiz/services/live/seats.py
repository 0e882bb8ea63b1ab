"""A player in a live room: find it, take a seat, answer.

An answer is taken only while the room's stored state and the clock say so, in the same transaction
that stores it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, Insert, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...domain.errors import BadInput, Conflict, NotFound, QuizError
from ...domain.room import Naming, Phase, RoomMode, Rules
from ...models import Look, Membership, Player, Room, RoomQuestion, RoomResponse, Seat
from ...storage.db import write_together, writing
from ..accounts.players import name_key, usable_name
from ..library.catalogue import NO_PASSAGE, catalogue_of
from ..library.outcome import Given
from ..library.passages import pointer_to
from ..play.solo import Caller, Submit
from .seat_state import PLACE_HELD, Place, read_place

NAME_LENGTH = 20
"""A name in a room has to be read from the back of it."""

NAMESAKES = 30
"""How many of one name a room of a class can tell apart."""


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
        raise BadInput("code", "room_locked")


def usable_seat_name(room: Room, name: str, offers: tuple[str, ...]) -> str:
    """The name to sit under: one of those offered, or a chosen one where the room allows it.

    Raises BadInput on `name`.
    """
    if room.naming is Naming.GENERATED and name not in offers:
        raise BadInput("name", "name_offered")
    name, _key = usable_name(name)
    if len(name) > NAME_LENGTH and name not in offers:
        raise BadInput("name", "seat_name_length")
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
        raise BadInput("name", "seat_name_taken")  # nobody plays as the teacher
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
    raise BadInput("name", "seat_name_taken")


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


@dataclass(frozen=True, slots=True)
class Taken:
    """The seat after a submit. `already` means that an earlier answer stands instead; `closed`
    that the answer came too late to count.
    """

    place: Place
    already: bool = False
    closed: bool = False


def answer(
    session: Session, caller: Caller, room_id: str, position: int, submit: Submit, now: datetime
) -> Taken:
    """Store one look's answer to question `position`, once; it is durable when this returns.

    Only stores: what the answer is worth is told after the reveal. Raises NotFound without a seat,
    Conflict for the same key with another answer, BadInput for a pointer to no sentence.
    """

    def write(connection: Connection) -> Taken | QuizError:
        try:
            return _store(connection, caller, room_id, position, submit, now)
        except QuizError as refusal:  # before anything was written: no reason to roll back
            return refusal

    outcome = write_together(session, write)
    if isinstance(outcome, QuizError):
        raise outcome
    return outcome


def _store(
    connection: Connection,
    caller: Caller,
    room_id: str,
    position: int,
    submit: Submit,
    now: datetime,
) -> Taken:
    place = read_place(connection, PLACE_HELD, caller, room_id, now)
    if place.state.position != position or not place.state.takes_answers:
        return _repeated(connection, place, position, submit) or Taken(place, closed=True)
    if submit.look is not place.awaited:
        return _repeated(connection, place, position, submit) or Taken(
            place, already=_has(place, submit.look), closed=not _has(place, submit.look)
        )
    pointer = _pointer(connection, place.rules, place.revision_id, submit)
    given = Given(submit.verdict, submit.confidence, pointer)
    row = {
        "seat_id": place.seat_id,
        "room_id": room_id,
        "position": position,
        "look": submit.look,
        "verdict": given.verdict,
        "confidence": int(given.confidence),
        "pointer": given.pointer,
        "answered_at": now,
        "key": submit.key,
    }
    if not connection.execute(_INSERT[connection.dialect.name], row).rowcount:
        fresh = read_place(connection, PLACE_HELD, caller, room_id, now)
        return _repeated(connection, fresh, position, submit) or Taken(fresh, already=True)
    first = submit.look is Look.FIRST
    return Taken(replace(place, first=given) if first else replace(place, final=given))


def _has(place: Place, look: Look) -> bool:
    return (place.first if look is Look.FIRST else place.final) is not None


def _repeated(connection: Connection, place: Place, position: int, submit: Submit) -> Taken | None:
    """The same submit again is quietly fine; with another answer it is a Conflict."""
    earlier = connection.execute(
        select(RoomResponse, RoomQuestion.revision_id).where(
            RoomResponse.seat_id == place.seat_id,
            RoomResponse.key == submit.key,
            RoomQuestion.room_id == RoomResponse.room_id,
            RoomQuestion.position == RoomResponse.position,
        )
    ).one_or_none()
    if earlier is None:
        return None
    stands = (earlier.position, earlier.look, earlier.verdict, earlier.confidence, earlier.pointer)
    pointer = _pointer(connection, place.rules, earlier.revision_id, submit)
    if stands != (position, submit.look, submit.verdict, int(submit.confidence), pointer):
        raise Conflict("the same submission came twice with different answers")
    return Taken(place)


def _pointer(
    connection: Connection, rules: Rules, revision_id: int | None, submit: Submit
) -> str | None:
    """The pointer to store: of a final look where the room asks for the sentence."""
    if rules.mode is not RoomMode.EVIDENCE or submit.look is not Look.FINAL:
        return None
    if submit.sentence == NO_PASSAGE:
        return NO_PASSAGE
    session = Session(connection)
    catalogue = catalogue_of(session)
    files = catalogue.files_of(session, catalogue.revision(session, revision_id or 0))
    pointer = pointer_to(tuple(files.values()), submit.sentence)
    if pointer is None:
        raise BadInput("pointer", "pointer")
    return pointer


_RESPONSES = cast(Table, RoomResponse.__table__)
_INSERT: Mapping[str, Insert] = {
    dialect.name: insert(_RESPONSES)
    .values({c.name: bindparam(c.name) for c in _RESPONSES.columns if c.name != "id"})
    .on_conflict_do_nothing()
    .inline()
    .execution_options(preserve_rowcount=True)
    for dialect, insert in (
        (sqlite.dialect, sqlite.insert),
        (postgresql.dialect, postgresql.insert),
    )
}
