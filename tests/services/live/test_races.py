"""Many at once in a live room: one answer each, all of them before the close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.domain.answer import Look, Receipt, Status, Submission
from quiz.domain.room import Move, RoomMode
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.models import Player, RoomResponse
from quiz.services.live import rooms, seats
from quiz.services.live.seat_state import SeatState
from quiz.storage.db import db
from tests.factories import NOW
from tests.rooms import Seated, answer, ask, go, join, open_room, seat_state_of, stored

if TYPE_CHECKING:
    from flask import Flask

ROUNDS = 7
"""Rooms of twenty questions each: 140 closes raced against."""


def test_of_fifty_submits_at_once_one_counts_and_all_are_told_so(
    session: Session, mona: Player, at_once: Callable[..., list[Any]]
) -> None:
    ann = join(session, open_room(session, mona))
    ask(session, mona, ann.room_id)
    verdicts = list(Verdict)

    def submit(session: Session, n: int) -> tuple[bool, Verdict]:
        form = Submission(Look.FINAL, verdicts[n % 3], Confidence.SURE, "", f"key {n}")
        taken = seats.answer(session, ann.caller, ann.room_id, 1, form, NOW)
        assert taken.after.final is not None
        assert taken.counts or taken.status is Status.ALREADY
        return taken.counts, taken.after.final.verdict

    outcomes = at_once(50, submit)

    (row,) = stored(session)
    assert [counts for counts, _ in outcomes].count(True) == 1
    assert {verdict for _, verdict in outcomes} == {row.verdict}  # all see the one that counts


def test_fifty_copies_of_one_submit_are_one_answer_and_all_are_acknowledged(
    session: Session, mona: Player, at_once: Callable[..., list[Any]]
) -> None:
    ann = join(session, open_room(session, mona))
    ask(session, mona, ann.room_id)
    form = Submission(Look.FINAL, Verdict.FALSE, Confidence.SURE, "", "one key")

    done = at_once(
        50, lambda session, _: seats.answer(session, ann.caller, ann.room_id, 1, form, NOW)
    )

    assert len(stored(session)) == 1
    assert all(taken.counts for taken in done)


def test_a_class_that_answers_at_once_is_all_there(
    session: Session, mona: Player, at_once: Callable[..., list[Any]]
) -> None:
    room_id = open_room(session, mona)
    seated = [join(session, room_id, f"Ann {n}") for n in range(40)]
    ask(session, mona, room_id)

    done = at_once(40, lambda session, n: answer(session, seated[n]))

    assert all(taken.counts for taken in done)
    assert sorted(row.seat_id for row in stored(session)) == [s.id for s in seated]


def test_whoever_answers_against_the_close_is_stored_before_it_or_told_too_late(
    app: Flask, session: Session, mona: Player
) -> None:
    """Six players send their answers while the host presses; 140 times."""
    told: Counter[bool] = Counter()
    for n in range(ROUNDS):
        told += _raced(app, session, mona, n)

    assert told[True] > 20, "the close never came first: nothing was tested"
    assert told[False] > 20, "the close always came first: nothing was tested"


def _raced(app: Flask, session: Session, host: Player, seed: int) -> Counter[bool]:
    """Race through one room's questions; gives how often who answered was told "too late"."""
    room_id = open_room(session, host, sets=("harbour", "tower"), size=20, seed=seed)
    seated = [join(session, room_id, f"Ann {n}") for n in range(6)]
    go(session, host, room_id)
    together = Barrier(1 + len(seated))
    seen_at_close: list[set[int]] = []

    def press() -> None:
        """Close each question, by "next" or by leaving it, and see what is stored by then."""
        for position in range(1, 21):
            move = Move.NEXT if position % 3 else Move.SKIP
            together.wait(60)
            for _ in range(position % 5):  # a little later each time, measured in work
                seat_state_of(db.session(), seated[0])
            assert rooms.move(db.session(), host.id, room_id, move, f"question-{position}", NOW)
            seen_at_close.append(_answered(db.session(), room_id, position))
            together.wait(60)
            if move is Move.NEXT:
                go(db.session(), host, room_id, Move.SKIP)

    def send(who: Seated) -> list[bool]:
        """Answer each question; gives for each whether it was too late."""
        late = []
        for position in range(1, 21):
            form = Submission(Look.FINAL, Verdict.TRUE, Confidence.SURE, "", f"key {position}")
            together.wait(60)
            for _ in range(who.id % 3):
                seat_state_of(db.session(), who)
            late.append(_sent(db.session(), who, position, form).status is Status.CLOSED)
            together.wait(60)
        return late

    def in_context(act: Callable[..., Any], *arguments: Any) -> Any:
        with app.app_context():
            return act(*arguments)

    with ThreadPoolExecutor(1 + len(seated)) as pool:
        host_done = pool.submit(in_context, press)
        late = list(pool.map(lambda who: in_context(send, who), seated))
        host_done.result()

    for position in range(1, 21):
        in_time = {who.id for who, each in zip(seated, late, strict=True) if not each[position - 1]}
        assert _answered(session, room_id, position) == in_time == seen_at_close[position - 1]
    return Counter(each for row in late for each in row)


def _sent(session: Session, who: Seated, position: int, form: Submission) -> Receipt[SeatState]:
    taken = seats.answer(session, who.caller, who.room_id, position, form, NOW)
    assert taken.status is not Status.ALREADY
    return taken


def _answered(session: Session, room_id: str, position: int) -> set[int]:
    """The seats that have an answer to a question by now."""
    session.rollback()
    query = select(RoomResponse.seat_id).where(
        RoomResponse.room_id == room_id, RoomResponse.position == position
    )
    return set(session.scalars(query))


def test_no_answer_is_lost_when_everybody_answers_two_looks_through_a_whole_room(
    session: Session, mona: Player, at_once: Callable[..., list[Any]]
) -> None:
    room_id = open_room(session, mona, size=3, mode=RoomMode.TWO_LOOKS)
    seated = [join(session, room_id, f"Ann {n}") for n in range(10)]

    for _ in range(3):
        ask(session, mona, room_id)
        at_once(10, lambda session, n: answer(session, seated[n]))
        go(session, mona, room_id)
        at_once(10, lambda session, n: answer(session, seated[n]))

    assert Counter(row.seat_id for row in stored(session)) == {who.id: 6 for who in seated}
