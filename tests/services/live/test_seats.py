"""A seat in a live room: taken once, under one name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz.domain.answer import Status
from quiz.domain.errors import BadInput, NotFound
from quiz.domain.room import Move, Naming, Phase
from quiz.models import Player, Seat
from quiz.services.accounts import players as accounts
from quiz.services.live import rooms, seat_state, seats
from tests.factories import NOW, create_class, create_member, create_player, rng
from tests.rooms import answer, ask, go, go_to, join, open_room, room_row, seat_state_of

OFFERS = ("Calm Otter 12", "Wise Seal 40", "Mésange énergique 7")


def names(session: Session, room_id: str) -> list[str]:
    """The names in a room, in the order of coming."""
    session.rollback()
    query = select(Seat.name).where(Seat.room_id == room_id).order_by(Seat.id)
    return list(session.scalars(query))


def test_a_code_opens_its_room_until_the_debrief(session: Session, mona: Player) -> None:
    room_id, other = open_room(session, mona), open_room(session, mona)
    code = room_row(session, room_id).code or ""
    assert seats.room_by_code(session, code).id == room_id

    go_to(session, mona, room_id, Phase.QUESTION)
    assert seats.room_by_code(session, code).id == room_id
    go(session, mona, room_id, Move.END)

    for gone in (code, "", "000000", other, code.lower()):
        with pytest.raises(NotFound):
            seats.room_by_code(session, gone)


def test_a_player_sits_down_in_the_lobby_and_waits(session: Session, mona: Player) -> None:
    ann = join(session, open_room(session, mona), "Ann")

    seat = seat_state_of(session, ann)

    assert (seat.name, seat.seat_id) == ("Ann", ann.id)
    assert (seat.state.phase, seat.revision_id, seat.stage) == (Phase.LOBBY, None, None)
    assert not seat.is_late
    assert not seat.is_removed


def test_the_form_tapped_twice_gives_one_seat_and_keeps_its_name(
    session: Session, mona: Player, pupil: Player
) -> None:
    room_id = open_room(session, mona)
    first = join(session, room_id, "Ann", player=pupil)

    again = join(session, room_id, "Another Name", player=pupil, now=NOW + timedelta(minutes=5))

    assert again == first
    assert names(session, room_id) == ["Ann"]
    seat = session.get_one(Seat, first.id, populate_existing=True)
    assert seat.joined_at == NOW


def test_the_form_sent_twenty_times_at_once_gives_one_seat(
    session: Session, mona: Player, pupil: Player, at_once: Callable[..., list[Any]]
) -> None:
    room_id = open_room(session, mona)

    found = at_once(20, lambda session, n: join(session, room_id, f"Ann {n}", player=pupil).id)

    assert len(set(found)) == 1
    assert len(names(session, room_id)) == 1


def test_one_player_sits_in_two_rooms(session: Session, mona: Player, pupil: Player) -> None:
    one, other = open_room(session, mona), open_room(session, mona)
    join(session, one, "Ann", player=pupil)
    join(session, other, "Ann", player=pupil, now=NOW + timedelta(minutes=1))

    assert [room.id for room in seats.open_rooms(session, pupil.id)] == [other, one]
    go(session, mona, other, Move.END)
    assert [room.id for room in seats.open_rooms(session, pupil.id)] == [one]


# Names


@pytest.mark.parametrize("other", ["Ann", "ANN", "ann", "  Ann ", "Ａnn"])
def test_a_name_that_looks_the_same_is_taken(session: Session, mona: Player, other: str) -> None:
    room_id = open_room(session, mona)
    join(session, room_id, "Ann")

    with pytest.raises(BadInput) as refused:
        join(session, room_id, other)
    assert (refused.value.field, refused.value.message) == ("name", seats.SEAT_NAME_TAKEN)
    assert names(session, room_id) == ["Ann"]


def test_the_same_name_in_another_room_is_free(session: Session, mona: Player) -> None:
    for room_id in (open_room(session, mona), open_room(session, mona)):
        join(session, room_id, "Ann")


def test_of_twenty_who_want_a_name_at_once_one_gets_it(
    session: Session, mona: Player, at_once: Callable[..., list[Any]]
) -> None:
    room_id = open_room(session, mona)
    players = [create_player(session) for _ in range(20)]

    def sit(session: Session, n: int) -> str:
        try:
            return join(session, room_id, "Ann", player=players[n]).name
        except BadInput as refused:
            return refused.message

    assert sorted(at_once(20, sit)) == ["Ann", *[seats.SEAT_NAME_TAKEN] * 19]
    assert names(session, room_id) == ["Ann"]


@pytest.mark.parametrize("name", ["Ann", "", "Calm Otter 13", "calm otter 12", "=1+1"])
def test_where_names_are_drawn_a_typed_one_is_refused(
    session: Session, mona: Player, name: str
) -> None:
    room = room_row(session, open_room(session, mona, naming=Naming.GENERATED))

    with pytest.raises(BadInput) as refused:
        seats.usable_seat_name(room, name, OFFERS)
    assert refused.value.field == "name"
    assert refused.value.message == "Choose one of the three names."
    assert [seats.usable_seat_name(room, offer, OFFERS) for offer in OFFERS] == list(OFFERS)


@pytest.mark.parametrize("name", ["Ann", "Zoé", "Ann-Marie O’Neil", "  Ann  ", OFFERS[0], "A" * 20])
def test_where_names_are_chosen_a_short_plain_one_serves(
    session: Session, mona: Player, name: str
) -> None:
    room = room_row(session, open_room(session, mona, naming=Naming.CHOSEN))

    assert seats.usable_seat_name(room, name, OFFERS) == name.strip()


@pytest.mark.parametrize(
    "name",
    ["", "A", "A" * 21, "=1+1", "<b>Ann</b>", "An\u200bn", "A\u202enn", "\u3164\u3164", "🦊🦊"],
)
def test_where_names_are_chosen_others_are_refused(
    session: Session, mona: Player, name: str
) -> None:
    room = room_row(session, open_room(session, mona, naming=Naming.CHOSEN))

    with pytest.raises(BadInput) as refused:
        seats.usable_seat_name(room, name, OFFERS)
    assert refused.value.field == "name"


# Who may come in


def test_a_locked_room_lets_nobody_new_in_and_keeps_who_is_there(
    session: Session, mona: Player
) -> None:
    room_id = open_room(session, mona)
    ann = join(session, room_id, "Ann")
    rooms.lock(session, mona.id, room_id, True)

    with pytest.raises(BadInput) as refused:
        join(session, room_id, "Bob")

    assert refused.value.field == "code"
    assert refused.value.message == "The room is locked: nobody new can come in now."
    assert join(session, room_id, "Ann", player=ann.player) == ann
    assert names(session, room_id) == ["Ann"]


def test_who_was_sent_out_cannot_come_back(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona)
    ann = join(session, room_id, "Ann")
    rooms.remove_seat(session, mona.id, room_id, ann.id, NOW)
    ask(session, mona, room_id)

    back = join(session, room_id, "Another Name", player=ann.player)

    assert back.id == ann.id
    seat = seat_state_of(session, ann)
    assert (seat.is_removed, seat.awaited, seat.stage) == (True, None, None)
    assert answer(session, ann).status is Status.CLOSED
    assert seats.open_rooms(session, ann.player.id) == []
    with pytest.raises(BadInput):  # nor does somebody else under the same name
        join(session, room_id, "Ann")


def test_a_room_of_a_class_knows_its_members_only(
    session: Session, mona: Player, pupil: Player, outsider: Player
) -> None:
    classroom, other = create_class(session, mona), create_class(session, mona, name="5A")
    create_member(session, classroom, pupil, label="Marie D.")
    create_member(session, other, outsider, label="Paul")
    room = room_row(session, open_room(session, mona, classroom_id=classroom.id))
    anyones = room_row(session, open_room(session, mona))

    assert seats.is_for(session, room, pupil.id)
    assert not seats.is_for(session, room, outsider.id)
    assert not seats.is_for(session, room, None)
    assert seats.is_for(session, anyones, pupil.id)


def test_two_members_whom_the_class_calls_the_same_both_get_in(
    session: Session, mona: Player
) -> None:
    classroom = create_class(session, mona)
    room_id = open_room(session, mona, classroom_id=classroom.id)
    members = [create_player(session) for _ in range(3)]
    for member in members:
        create_member(session, classroom, member, label="Marie")

    for _ in range(2):  # again: who sits there keeps the seat
        for member in members:
            join(session, room_id, "Marie", player=member)

    assert names(session, room_id) == ["Marie", "Marie 2", "Marie 3"]


def test_nobody_without_a_seat_finds_the_room(
    session: Session, mona: Player, outsider: Player
) -> None:
    room_id = open_room(session, mona)
    ann = join(session, room_id, "Ann")
    ask(session, mona, room_id)

    for caller in (
        seats.Caller(outsider.id, outsider.session_token),
        seats.Caller(mona.id, mona.session_token),  # a host is no player
        seats.Caller(ann.player.id, outsider.session_token),
        seats.Caller(ann.player.id, ""),
        seats.Caller(0, ""),
    ):
        with pytest.raises(NotFound):
            seat_state.seat_state(session, caller, room_id, NOW)
    with pytest.raises(NotFound):
        seat_state.seat_state(session, ann.caller, "nowhere", NOW)


def test_signing_out_everywhere_ends_the_seats_cookie(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona)
    ann = join(session, room_id, "Ann")
    stolen = ann.caller

    accounts.sign_out_everywhere(session, ann.player)

    with pytest.raises(NotFound):
        seat_state.seat_state(session, stolen, room_id, NOW)
    assert seat_state_of(session, ann).name == "Ann"


# Staying


def test_who_plays_in_rooms_only_is_not_forgotten_as_idle(session: Session, mona: Player) -> None:
    regular, gone = (create_player(session, last_played_at=NOW) for _ in range(2))
    join(session, open_room(session, mona), "Gone", player=gone)
    later = NOW + timedelta(days=29)
    join(session, open_room(session, mona, now=later), "Ann", player=regular, now=later)
    ids = {mona.id, regular.id}

    assert accounts.erase_old_guests(session, NOW + timedelta(days=31), 30) == 1

    assert set(session.scalars(select(Player.id))) == ids
    assert session.scalar(select(func.count()).select_from(Seat)) == 1


def test_a_drawn_name_is_one_that_could_be_offered(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona)
    ann = join(session, room_id, "Rude Words")

    for language in ("fr", "en"):
        rooms.rename_seat(session, mona.id, room_id, ann.id, language, rng())
        (name,) = names(session, room_id)
        assert accounts.usable_name(name)[0] == name
