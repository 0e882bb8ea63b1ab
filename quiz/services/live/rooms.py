"""Hosting a live room: open it, move it on, see to who sits in it. A room belongs to its host."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...domain import room as table
from ...domain.codes import new_code
from ...domain.draw import Candidate, draw
from ...domain.errors import BadInput, NotFound
from ...domain.message import msg
from ...domain.room import Leaderboard, Move, Naming, Phase, RoomMode, Rules, State
from ...domain.scoring import Scoring
from ...models import Classroom, Room, RoomQuestion, Seat
from ...storage.db import writing
from ..accounts.players import NAME_TAKEN
from ..accounts.pseudonyms import pseudonym
from ..classes.classrooms import LARGEST_ID
from ..library.catalogue import Revision, catalogue_of
from ..play.weak_skills import weak_questions
from .seats import seat_key

SIZES = (3, 5, 8, 10, 15, 20)
ROOM_SIZE = msg("Choose how many questions: 1 to 20.")
TIMERS = (None, 30, 45, 60, 90, 120, 180, 300)
ROOM_TIMER = msg("Choose no limit, or 30 to 300 seconds.")
UNATTENDED = timedelta(hours=12)
"""A room that nobody moved for so long is over: its code becomes free."""
_TRIES = 5


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """What a host chooses for a room. `sets` are slugs; none means the class's weak skills."""

    sets: tuple[str, ...]
    size: int
    mode: RoomMode = RoomMode.QUICK
    scoring: Scoring = Scoring.CONFIDENCE
    timer: int | None = None
    leaderboard: Leaderboard = Leaderboard.OFF
    naming: Naming = Naming.GENERATED
    classroom_id: int | None = None


@dataclass(frozen=True, slots=True)
class Hosted:
    """A room as its host sees it at a moment: the row, and the state that it means now."""

    room: Room
    state: State
    rules: Rules

    @property
    def moves(self) -> frozenset[Move]:
        """What the host can do now."""
        return table.moves(self.rules, self.state)


def open_room(
    session: Session,
    host_id: int,
    plan: RoomPlan,
    start_key: str,
    now: datetime,
    rng: random.Random,
) -> str:
    """Draw the questions and open the lobby; gives the room's id.

    The same `start_key` twice gives the same room. Raises BadInput on `sets`, `size`, `timer` or
    `classroom`, NotFound for a class or set that is not there for this host.
    """
    _check(session, host_id, plan)
    opened = _started(session, host_id, start_key)
    if opened:
        return opened
    revisions = _drawn(session, plan, rng)
    for _ in range(_TRIES):
        room = _room(host_id, plan, len(revisions), start_key, now)
        try:
            with writing(session):
                session.add(room)
                session.flush()
                session.add_all(
                    RoomQuestion(room_id=room.id, position=n, revision_id=r.id)
                    for n, r in enumerate(revisions, start=1)
                )
        except IntegrityError:  # the other tap of a double tap; else a code met twice, once in 10⁹
            started = _started(session, host_id, start_key)
            if started:
                return started
        else:
            return room.id
    raise NotFound(str(host_id))  # the host or the class was erased meanwhile


def rules_of(room: Room) -> Rules:
    """What of a room the moves depend on."""
    return Rules(room.size, room.mode, room.timer, room.leaderboard)


def state_of(room: Room, now: datetime) -> State:
    """The state of a room, as the clock has made it."""
    stored = State(room.phase, room.position, room.since, room.deadline, room.paused_at)
    return table.settle(rules_of(room), stored, now)


def hosted(session: Session, host_id: int, room_id: str, now: datetime) -> Hosted:
    """The host's room. Raises NotFound when it is somebody else's."""
    room = session.scalar(_own(host_id, room_id))
    if room is None:
        raise NotFound(room_id)
    return Hosted(room, state_of(room, now), rules_of(room))


def rooms_of(session: Session, host_id: int) -> Sequence[Room]:
    """The host's rooms, latest first."""
    query = select(Room).where(Room.host_id == host_id).order_by(Room.created_at.desc(), Room.id)
    return session.scalars(query).all()


def move(
    session: Session, host_id: int, room_id: str, wanted: Move, seen: str, now: datetime
) -> bool:
    """Make a move of the host; gives False, and does nothing, when the room has moved on already.

    `seen` is the stage that the host's screen showed: of two tabs that press Next at once one
    moves the room, the other finds it moved. Raises NotFound, and IllegalMove for what this stage
    does not know.
    """
    with writing(session):
        room = session.scalar(
            _own(host_id, room_id).with_for_update().execution_options(populate_existing=True)
        )
        if room is None:
            raise NotFound(room_id)
        before = state_of(room, now)
        if before.stage != seen:
            return False
        after = table.make(rules_of(room), before, wanted, now)
        _note(session, room, before, after, wanted, now)
        _put(room, after)
        room.version += 1
        if after.phase in (Phase.DEBRIEF, Phase.FINISHED):
            room.code = None  # nobody joins any more
        if after.phase is Phase.FINISHED:
            room.finished_at = now
    return True


def lock(session: Session, host_id: int, room_id: str, locked: bool) -> None:
    """Let nobody new in, or let them in again. Raises NotFound."""
    with writing(session):
        _touch(session, host_id, room_id, is_locked=locked)


def rename_seat(
    session: Session, host_id: int, room_id: str, seat_id: int, language: str, rng: random.Random
) -> None:
    """Give a player another drawn name, in the language. Raises NotFound."""
    for _ in range(20):
        name = pseudonym(language, rng)
        try:
            _change_seat(session, host_id, room_id, seat_id, name=name, name_key=seat_key(name))
        except IntegrityError:  # somebody sits there under that name
            continue
        return
    raise BadInput("name", NAME_TAKEN)


def remove_seat(session: Session, host_id: int, room_id: str, seat_id: int, now: datetime) -> None:
    """Send a player out; the seat stays taken, so that they cannot come back. Raises NotFound."""
    _change_seat(session, host_id, room_id, seat_id, removed_at=now)


def restore_seat(session: Session, host_id: int, room_id: str, seat_id: int) -> None:
    """Let a player back in who was sent out. Raises NotFound."""
    _change_seat(session, host_id, room_id, seat_id, removed_at=None)


def erase_room(session: Session, host_id: int, room_id: str) -> None:
    """Delete a room with all its answers, for good. Raises NotFound."""
    with writing(session):
        room = session.scalar(_own(host_id, room_id))
        if room is None:
            raise NotFound(room_id)
        session.delete(room)


def close_unattended(session: Session, now: datetime) -> int:
    """End the rooms that nobody moved for twelve hours; gives their number."""
    with writing(session):
        found = session.execute(
            update(Room)
            .where(Room.phase != Phase.FINISHED, Room.since < now - UNATTENDED)
            .values(phase=Phase.FINISHED, finished_at=now, code=None, deadline=None, paused_at=None)
        )
        return found.rowcount if isinstance(found, CursorResult) else 0


def _room(host_id: int, plan: RoomPlan, size: int, start_key: str, now: datetime) -> Room:
    room = Room(
        id=secrets.token_urlsafe(16),
        host_id=host_id,
        classroom_id=plan.classroom_id,
        code=new_code(),
        sets=list(plan.sets),
        size=size,
        mode=plan.mode,
        scoring=plan.scoring,
        timer=plan.timer,
        leaderboard=plan.leaderboard,
        naming=plan.naming,
        is_locked=False,
        version=0,
        start_key=start_key,
        created_at=now,
    )
    _put(room, table.opening(now))
    return room


def _own(host_id: int, room_id: str) -> Select[Room]:
    return select(Room).where(Room.id == room_id, Room.host_id == host_id)


def _started(session: Session, host_id: int, start_key: str) -> str | None:
    return session.scalar(
        select(Room.id).where(Room.host_id == host_id, Room.start_key == start_key)
    )


def _put(room: Room, state: State) -> None:
    room.phase, room.position, room.since = state.phase, state.position, state.since
    room.deadline, room.paused_at = state.deadline, state.paused_at


def _note(
    session: Session, room: Room, before: State, after: State, wanted: Move, now: datetime
) -> None:
    """Write what a move means for the questions: one opens, one is revealed or left."""
    if table.is_void(before, wanted):
        _question(session, room, before.position).is_skipped = True
    if after.phase is Phase.REVEAL:
        _question(session, room, after.position).revealed_at = now
    if after.position != before.position:
        _question(session, room, after.position).opened_at = now


def _question(session: Session, room: Room, position: int) -> RoomQuestion:
    return session.get_one(RoomQuestion, (room.id, position))


def _touch(session: Session, host_id: int, room_id: str, **values: object) -> None:
    """Change the host's room, inside a transaction. Raises NotFound."""
    touched = session.execute(
        update(Room)
        .where(Room.id == room_id, Room.host_id == host_id)
        .values(version=Room.version + 1, **values)
        .returning(Room.id)
    ).one_or_none()
    if touched is None:
        raise NotFound(room_id)


def _change_seat(
    session: Session, host_id: int, room_id: str, seat_id: int, **values: object
) -> None:
    if not 0 < seat_id <= LARGEST_ID:
        raise NotFound(room_id)
    with writing(session):
        # The room before the seat, as answers do: else the two could wait for each other.
        _touch(session, host_id, room_id)
        changed = session.execute(
            update(Seat)
            .where(Seat.id == seat_id, Seat.room_id == room_id)
            .values(**values)
            .returning(Seat.id)
        ).one_or_none()
        if changed is None:
            raise NotFound(room_id)


def _check(session: Session, host_id: int, plan: RoomPlan) -> None:
    if not 1 <= plan.size <= max(SIZES):
        raise BadInput("size", ROOM_SIZE)
    low, high = table.TIMER_SECONDS
    if plan.timer is not None and not low <= plan.timer <= high:
        raise BadInput("timer", ROOM_TIMER)
    if not plan.sets and plan.classroom_id is None:
        raise BadInput(
            "sets", msg("Choose at least one set, or a class whose weak skills to practise.")
        )
    if plan.classroom_id is not None:
        if not 0 < plan.classroom_id <= LARGEST_ID:
            raise NotFound("class")
        owner = select(func.count()).where(
            Classroom.id == plan.classroom_id, Classroom.trainer_id == host_id
        )
        if not session.scalar(owner):
            raise NotFound("class")


def _drawn(session: Session, plan: RoomPlan, rng: random.Random) -> list[Revision]:
    catalogue = catalogue_of(session)
    if plan.sets:
        chosen = [catalogue.set(session, slug) for slug in plan.sets]
        if any(s.is_examples for s in chosen):
            raise NotFound("examples")
        pool = [r for s in chosen for r in s.revisions]
    else:
        pool = weak_questions(session, plan.classroom_id or 0)
        if not pool:
            raise BadInput(
                "sets", msg("Too little is known of this class’s skills yet. Choose sets instead.")
            )
    by_key = {r.key: r for r in pool}
    candidates = [
        Candidate(
            key=key,
            verdict=r.question.verdict,
            contrast=r.contrast,
            seen=False,
            due=False,
        )
        for key, r in by_key.items()
    ]
    return [by_key[key] for key in draw(candidates, plan.size, rng)]
