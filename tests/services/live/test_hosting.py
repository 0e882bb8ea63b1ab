"""Hosting a live room: moved once, ended in time, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.domain.errors import BadInput, NotFound
from quiz.domain.room import IllegalMove, Leaderboard, Move, Phase, RoomMode
from quiz.models import Player, Room, RoomQuestion, RoomResponse, Seat
from quiz.services.live import rooms
from tests.factories import (
    NOW,
    rng,
)
from tests.rooms import (
    answer,
    ask,
    asked,
    go,
    go_to,
    join,
    open_room,
    reveal,
    room_row,
    stored,
)

NOWHERE = [0, -1, 10**6, 2**31, 2**63, 10**30]


# Moving


def test_a_room_goes_through_its_questions_to_the_end(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona, size=2, mode=RoomMode.TWO_LOOKS, leaderboard="full")
    stages = []

    for minute in range(12):
        stages.append(go(session, mona, room_id, now=NOW + timedelta(minutes=minute)))

    assert stages == [
        *(f"{phase}-1" for phase in ("question", "second_look", "closed", "reveal", "standings")),
        *(f"{phase}-2" for phase in ("question", "second_look", "closed", "reveal", "standings")),
        *("debrief-2", "finished-2"),
    ]
    assert room_row(session, room_id).finished_at == NOW + timedelta(minutes=11)
    assert [asked(session, room_id, n).opened_at for n in (1, 2)] == [
        NOW,
        NOW + timedelta(minutes=5),
    ]
    assert [asked(session, room_id, n).revealed_at for n in (1, 2)] == [
        NOW + timedelta(minutes=3),
        NOW + timedelta(minutes=8),
    ]


def test_a_move_from_a_screen_that_shows_an_earlier_stage_does_nothing(
    session: Session, mona: Player
) -> None:
    room_id = open_room(session, mona)
    assert go(session, mona, room_id) == "question-1"

    for seen in ("lobby-0", "closed-1", "question-2", "question-1-paused", "", "x" * 10_000):
        assert not rooms.move(session, mona.id, room_id, Move.NEXT, seen, NOW)

    room = room_row(session, room_id)
    assert (room.phase, room.position, room.version) == (Phase.QUESTION, 1, 1)


@pytest.mark.parametrize("move", [Move.NEXT, Move.SKIP, Move.PAUSE])
def test_of_ten_tabs_that_press_at_once_one_moves_the_room(
    session: Session, mona: Player, at_once: Callable[..., list[Any]], move: Move
) -> None:
    room_id = open_room(session, mona)
    ask(session, mona, room_id)

    def press(session: Session, _: int) -> bool:
        return rooms.move(session, mona.id, room_id, move, "question-1", NOW)

    assert at_once(10, press).count(True) == 1
    room = room_row(session, room_id)
    assert room.version == 2
    expected = {Move.NEXT: (Phase.CLOSED, 1), Move.SKIP: (Phase.QUESTION, 2)}
    assert (room.phase, room.position) == expected.get(move, (Phase.QUESTION, 1))


@pytest.mark.parametrize("move", [Move.SKIP, Move.PAUSE, Move.RESUME, Move.EXTEND, Move.LOBBY])
def test_a_move_that_the_stage_does_not_know_is_illegal_and_changes_nothing(
    session: Session, mona: Player, move: Move
) -> None:
    room_id = open_room(session, mona)

    with pytest.raises(IllegalMove):
        rooms.move(session, mona.id, room_id, move, "lobby-0", NOW)
    assert room_row(session, room_id).version == 0


def test_what_the_clock_has_overtaken_is_no_longer_the_stage(
    session: Session, mona: Player
) -> None:
    room_id = open_room(session, mona, timer=30)
    ask(session, mona, room_id)
    late = NOW + timedelta(seconds=30)

    assert not rooms.move(session, mona.id, room_id, Move.PAUSE, "question-1", late)
    assert not rooms.move(session, mona.id, room_id, Move.SKIP, "question-1", late)
    assert rooms.move(session, mona.id, room_id, Move.NEXT, "closed-1", late)
    assert room_row(session, room_id).phase is Phase.REVEAL


def test_a_pause_and_more_time_are_stored(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona, timer=60)
    ask(session, mona, room_id)

    go(session, mona, room_id, Move.EXTEND, NOW + timedelta(seconds=10))
    go(session, mona, room_id, Move.PAUSE, NOW + timedelta(seconds=20))
    go(session, mona, room_id, Move.EXTEND, NOW + timedelta(hours=1))
    go(session, mona, room_id, Move.RESUME, NOW + timedelta(hours=2))

    room = room_row(session, room_id)
    assert room.deadline == NOW + timedelta(hours=2, seconds=60 + 30 + 30 - 20)
    assert room.paused_at is None


@pytest.mark.parametrize("move", [Move.SKIP, Move.END])
@pytest.mark.parametrize("phase", [Phase.QUESTION, Phase.SECOND_LOOK, Phase.CLOSED])
def test_a_question_left_before_its_reveal_is_marked(
    session: Session, mona: Player, phase: Phase, move: Move
) -> None:
    room_id = open_room(session, mona, mode=RoomMode.TWO_LOOKS)
    go_to(session, mona, room_id, phase)

    go(session, mona, room_id, move)

    left = asked(session, room_id, 1)
    assert (left.is_skipped, left.revealed_at) == (True, None)


def test_an_end_after_the_reveal_leaves_the_question_counted(
    session: Session, mona: Player
) -> None:
    room_id = open_room(session, mona)
    reveal(session, mona, room_id)
    go(session, mona, room_id, Move.END)

    assert not asked(session, room_id, 1).is_skipped
    assert asked(session, room_id, 1).revealed_at == NOW
    assert asked(session, room_id, 2).opened_at is None


def test_from_the_lobby_between_questions_the_next_one_follows(
    session: Session, mona: Player
) -> None:
    room_id = open_room(session, mona, leaderboard=Leaderboard.TIERS)
    go_to(session, mona, room_id, Phase.STANDINGS)

    assert go(session, mona, room_id, Move.LOBBY) == "lobby-1"
    assert room_row(session, room_id).code is not None
    assert go(session, mona, room_id) == "question-2"


@pytest.mark.parametrize("phase", [Phase.LOBBY, Phase.QUESTION])
def test_the_code_dies_with_the_last_question(session: Session, mona: Player, phase: Phase) -> None:
    room_id = open_room(session, mona)
    if phase is not Phase.LOBBY:
        go_to(session, mona, room_id, phase)
    assert room_row(session, room_id).code is not None

    go(session, mona, room_id, Move.END)

    assert room_row(session, room_id).code is None


# Who sits there


def test_locking_and_unlocking(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona)

    rooms.lock(session, mona.id, room_id, True)
    with pytest.raises(BadInput):
        join(session, room_id, "Ann")
    rooms.lock(session, mona.id, room_id, False)
    join(session, room_id, "Ann")

    assert room_row(session, room_id).version == 2


def test_a_renamed_player_keeps_seat_and_answers_and_frees_the_name(
    session: Session, mona: Player
) -> None:
    room_id = open_room(session, mona)
    ann = join(session, room_id, "Rude Words")
    ask(session, mona, room_id)
    answer(session, ann)

    rooms.rename_seat(session, mona.id, room_id, ann.id, "en", rng(1))

    session.expire_all()
    seat = session.get_one(Seat, ann.id)
    assert seat.name != "Rude Words"
    assert seat.name_key == seat.name.casefold()
    assert session.scalar(select(RoomResponse.seat_id)) == ann.id
    join(session, room_id, "Rude Words")


def test_a_drawn_name_that_somebody_has_is_drawn_again(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona)
    ann, bob = join(session, room_id, "Ann"), join(session, room_id, "Bob")

    for seated in (ann, bob):
        rooms.rename_seat(session, mona.id, room_id, seated.id, "en", rng(1))

    assert len({session.get_one(Seat, s.id, populate_existing=True).name for s in (ann, bob)}) == 2


def test_erasing_a_room_leaves_nothing_of_it(session: Session, mona: Player) -> None:
    room_id, other = open_room(session, mona), open_room(session, mona)
    for each in (room_id, other):
        ask(session, mona, each)
        answer(session, join(session, each, "Ann"))

    rooms.erase_room(session, mona.id, room_id)

    assert session.scalars(select(Room.id)).all() == [other]
    for table in (RoomQuestion, Seat, RoomResponse):
        assert set(session.scalars(select(table.room_id))) == {other}


def test_players_are_renamed_while_they_answer(
    session: Session, mona: Player, at_once: Callable[..., list[Any]]
) -> None:
    room_id = open_room(session, mona)
    seated = [join(session, room_id, f"Ann {n}") for n in range(12)]
    ask(session, mona, room_id)

    def act(session: Session, n: int) -> None:
        who = seated[n // 2]
        if n % 2:
            rooms.rename_seat(session, mona.id, room_id, who.id, "en", rng(n))
        else:
            assert answer(session, who).counts

    at_once(24, act)

    assert len(stored(session)) == 12
    assert not any(seat.name.startswith("Ann") for seat in session.scalars(select(Seat)))


# Rooms that nobody ends


def test_a_room_that_nobody_moved_for_twelve_hours_is_over(session: Session, mona: Player) -> None:
    idle, busy, done = (open_room(session, mona, timer=30) for _ in range(3))
    ask(session, mona, idle)
    go(session, mona, done, Move.END)
    ask(session, mona, busy, NOW + timedelta(hours=1))
    late = NOW + timedelta(hours=12, seconds=1)

    assert rooms.close_unattended(session, late) == 1
    assert rooms.close_unattended(session, late) == 0

    room = room_row(session, idle)
    assert (room.phase, room.code, room.finished_at) == (Phase.FINISHED, None, late)
    assert asked(session, idle, 1).revealed_at is None
    assert rooms.hosted(session, mona.id, idle, late).moves == frozenset()
    assert room_row(session, busy).phase is Phase.QUESTION
    assert room_row(session, done).finished_at == NOW


# Whose it is


def test_another_trainers_room_is_not_found(session: Session, mona: Player, igor: Player) -> None:
    room_id = open_room(session, mona)
    ann = join(session, room_id, "Ann")
    attempts: list[Callable[[str, int], object]] = [
        lambda room, _: rooms.hosted(session, igor.id, room, NOW),
        lambda room, _: rooms.move(session, igor.id, room, Move.NEXT, "lobby-0", NOW),
        lambda room, _: rooms.lock(session, igor.id, room, True),
        lambda room, seat: rooms.rename_seat(session, igor.id, room, seat, "en", rng()),
        lambda room, seat: rooms.remove_seat(session, igor.id, room, seat, NOW),
        lambda room, _: rooms.erase_room(session, igor.id, room),
    ]

    for attempt in attempts:
        for room in (room_id, "nowhere", ""):
            with pytest.raises(NotFound):
                attempt(room, ann.id)

    room = room_row(session, room_id)
    seat = session.get_one(Seat, ann.id, populate_existing=True)
    assert (room.phase, room.is_locked, room.version) == (Phase.LOBBY, False, 0)
    assert (seat.name, seat.removed_at) == ("Ann", None)
    assert rooms.rooms_of(session, igor.id) == []


def test_a_seat_of_another_room_is_not_found(session: Session, mona: Player, igor: Player) -> None:
    mine, theirs = open_room(session, mona), open_room(session, igor)
    bob = join(session, theirs, "Bob")

    for seat_id in (bob.id, *NOWHERE):
        with pytest.raises(NotFound):
            rooms.remove_seat(session, mona.id, mine, seat_id, NOW)
        with pytest.raises(NotFound):
            rooms.rename_seat(session, mona.id, mine, seat_id, "en", rng())
    assert session.get_one(Seat, bob.id, populate_existing=True).removed_at is None
