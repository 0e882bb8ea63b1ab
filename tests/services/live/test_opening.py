"""Opening a live room: drawn in balance, opened once, with what the host may use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz.domain.errors import BadInput, NotFound
from quiz.domain.room import Phase
from quiz.models import Player, Room, RoomQuestion
from quiz.services.accounts.players import erase
from quiz.services.live import rooms
from quiz.services.live.rooms import RoomPlan
from tests.factories import (
    NOW,
    VERDICTS,
    create_answers,
    create_class,
    create_member,
    create_player,
    create_round,
    rng,
    wrong,
)
from tests.rooms import open_room, revision_at, room_row

NOWHERE = [0, -1, 10**6, 2**31, 2**63, 10**30]


def questions_of(session: Session, room_id: str) -> list[str]:
    """The "set/question" of each question of a room, in order."""
    query = select(RoomQuestion.position).where(RoomQuestion.room_id == room_id)
    positions = sorted(session.scalars(query))
    assert positions == list(range(1, len(positions) + 1))
    return [revision_at(session, room_id, n).key for n in positions]


@pytest.mark.parametrize("size", [1, 3, 5, 8, 10])
def test_a_room_has_as_many_questions_as_asked_in_balance_and_one_of_a_pair(
    session: Session, mona: Player, size: int
) -> None:
    for seed in range(5):
        room_id = open_room(session, mona, size=size, seed=seed)
        keys = questions_of(session, room_id)

        assert room_row(session, room_id).size == len(set(keys)) == size
        counts = Counter(VERDICTS[key] for key in keys)
        assert max(counts.values()) <= (size + 1) // 3 + 1
        assert not {"harbour/h-ash", "harbour/h-elm"} <= set(keys)
        assert not {"harbour/h-fig", "harbour/h-oak"} <= set(keys)


def test_a_room_of_two_sets_draws_from_both(session: Session, mona: Player) -> None:
    keys = questions_of(session, open_room(session, mona, sets=("harbour", "tower"), size=15))

    assert {key.split("/")[0] for key in keys} == {"harbour", "tower"}


def test_a_set_that_is_too_small_gives_what_it_has(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona, size=20)

    assert room_row(session, room_id).size == len(questions_of(session, room_id)) == 10


def test_a_new_room_is_an_open_lobby_with_a_code_of_its_own(session: Session, mona: Player) -> None:
    made = [room_row(session, open_room(session, mona)) for _ in range(10)]

    assert len({room.code for room in made}) == len({room.id for room in made}) == 10
    assert {(r.phase, r.position, r.is_locked, r.version) for r in made} == {
        (Phase.LOBBY, 0, False, 0)
    }


def test_the_form_tapped_twice_opens_one_room(session: Session, mona: Player) -> None:
    first = open_room(session, mona, start_key="one form", seed=1)

    assert open_room(session, mona, start_key="one form", seed=2) == first
    assert len(rooms.rooms_of(session, mona.id)) == 1
    assert len(questions_of(session, first)) == 3


def test_the_form_sent_twenty_times_at_once_opens_one_room(
    session: Session, mona: Player, at_once: Callable[..., list[Any]]
) -> None:
    plan = RoomPlan(("harbour",), 5)

    def send(session: Session, n: int) -> str:
        return rooms.open_room(session, mona.id, plan, "one form", NOW, rng(n))

    assert len(set(at_once(20, send))) == 1
    assert session.scalar(select(func.count()).select_from(Room)) == 1
    assert session.scalar(select(func.count()).select_from(RoomQuestion)) == 5


def test_two_trainers_may_use_the_same_key(session: Session, mona: Player, igor: Player) -> None:
    one, other = (open_room(session, host, start_key="a key") for host in (mona, igor))

    assert one != other


def test_a_room_for_a_host_who_was_erased_meanwhile_is_not_opened(
    session: Session, mona: Player
) -> None:
    gone = mona.id
    erase(session, mona)

    with pytest.raises(NotFound):
        rooms.open_room(session, gone, RoomPlan(("harbour",), 3), "a key", NOW, rng())


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ({"size": 0}, "size"),
        ({"size": -1}, "size"),
        ({"size": 21}, "size"),
        ({"size": 10**30}, "size"),
        ({"timer": 0}, "timer"),
        ({"timer": 29}, "timer"),
        ({"timer": 301}, "timer"),
        ({"sets": ()}, "sets"),
    ],
)
def test_what_no_room_can_have_is_refused(
    session: Session, mona: Player, plan: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        open_room(session, mona, **plan)

    assert refused.value.field == field
    assert rooms.rooms_of(session, mona.id) == []


@pytest.mark.parametrize("sets", [("nowhere",), ("harbour", "nowhere"), ("examples",), ("",)])
def test_unknown_sets_and_worked_examples_are_not_found(
    session: Session, mona: Player, sets: tuple[str, ...]
) -> None:
    with pytest.raises(NotFound):
        open_room(session, mona, sets=sets)


def test_another_trainers_class_is_not_found(session: Session, mona: Player, igor: Player) -> None:
    theirs = create_class(session, igor)

    for classroom_id in (theirs.id, *NOWHERE):
        with pytest.raises(NotFound):
            open_room(session, mona, classroom_id=classroom_id)
        with pytest.raises(NotFound):
            open_room(session, mona, sets=(), classroom_id=classroom_id)


def test_a_class_of_which_too_little_is_known_has_no_weak_skills(
    session: Session, mona: Player
) -> None:
    classroom = create_class(session, mona)
    pupil = create_player(session)
    create_member(session, classroom, pupil)
    create_answers(session, create_round(session, pupil), [wrong(VERDICTS["harbour/h-ash"])])

    with pytest.raises(BadInput) as refused:
        open_room(session, mona, sets=(), classroom_id=classroom.id)
    assert refused.value.field == "sets"
    assert refused.value.message.startswith("Too little is known of this class’s skills yet")
