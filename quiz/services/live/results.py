"""What was answered in a room: counted while it goes on, judged once it is revealed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from cachetools import LRUCache
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...domain.measures import Judged
from ...domain.scoring import Confidence
from ...domain.standings import Tier, ranks, tier
from ...domain.verdict import Verdict
from ...models import Look, Membership, Room, RoomQuestion, RoomResponse, Seat
from ...storage.db import kept_with
from ..library.catalogue import Revision, catalogue_of
from ..library.outcome import Given, Outcome, outcome_of

ROOMS_KEPT = 64


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a class answered one look: numbers by verdict and level of confidence."""

    counts: Mapping[tuple[Verdict, Confidence], int]

    @property
    def total(self) -> int:
        """Number of answers."""
        return sum(self.counts.values())

    def of(self, verdict: Verdict) -> int:
        """How many gave this verdict."""
        return sum(self.cell(verdict, level) for level in Confidence)

    def cell(self, verdict: Verdict, level: Confidence) -> int:
        """How many gave this verdict this surely."""
        return self.counts.get((verdict, level), 0)

    def share(self, verdict: Verdict) -> float:
        """The verdict's share of the answers, 0 without any."""
        return self.of(verdict) / max(1, self.total)


def distribution(session: Session, room_id: str, position: int, look: Look) -> Distribution:
    """How the class answered one look at a question; those sent out do not count. One query."""
    rows = session.execute(
        select(RoomResponse.verdict, RoomResponse.confidence, func.count())
        .join(Seat, Seat.id == RoomResponse.seat_id)
        .where(
            RoomResponse.room_id == room_id,
            RoomResponse.position == position,
            RoomResponse.look == look,
            Seat.removed_at.is_(None),
        )
        .group_by(RoomResponse.verdict, RoomResponse.confidence)
    )
    return Distribution({(verdict, Confidence(level)): n for verdict, level, n in rows})


def counted(session: Session, room_id: str, position: int, look: Look) -> tuple[int, int]:
    """How many answered a look, of how many who sit there and were in time. One query."""
    answered = (
        select(func.count())
        .select_from(RoomResponse)
        .join(Seat, Seat.id == RoomResponse.seat_id)
        .where(
            RoomResponse.room_id == room_id,
            RoomResponse.position == position,
            RoomResponse.look == look,
            Seat.removed_at.is_(None),
        )
        .scalar_subquery()
    )
    opened = (
        select(RoomQuestion.opened_at)
        .where(RoomQuestion.room_id == room_id, RoomQuestion.position == position)
        .scalar_subquery()
    )
    seated = (
        select(func.count())
        .select_from(Seat)
        .where(Seat.room_id == room_id, Seat.removed_at.is_(None))
        .where((opened.is_(None)) | (Seat.joined_at <= opened))
        .scalar_subquery()
    )
    found = session.execute(select(answered, seated)).one()
    return int(found[0]), int(found[1])


@dataclass(frozen=True, slots=True)
class SeatAnswer:
    """One seat's answer to one revealed question, judged. `final` None: only a first look."""

    seat_id: int
    position: int
    revision: Revision
    first: Given | None
    final: Given | None
    first_at: datetime | None
    final_at: datetime | None
    outcome: Outcome | None

    @property
    def judged(self) -> Judged | None:
        """The final look as the measures read it."""
        return self._judged(self.final)

    @property
    def judged_first(self) -> Judged | None:
        """The first look as the measures read it."""
        return self._judged(self.first)

    def _judged(self, given: Given | None) -> Judged | None:
        if given is None:
            return None
        return Judged(self.revision.question.verdict, given.verdict, given.confidence)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a seat stands: points, right answers, answers, rank from 1, third of the class.

    Who has not answered anything has no rank: silence must not stand above those who tried.
    """

    seat_id: int
    player_id: int
    name: str
    points: int
    right: int
    answered: int
    rank: int | None
    tier: Tier | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that has been revealed in a room so far."""

    answers: tuple[SeatAnswer, ...]
    standings: tuple[Standing, ...]
    by_seat: Mapping[int, Standing]
    answers_of: Mapping[int, tuple[SeatAnswer, ...]]


def sheet_of(session: Session, room: Room) -> Sheet:
    """The room's sheet; one query as long as it is the same.

    Kept until the host's next move, for what is revealed cannot change before, or until somebody
    comes or goes: who was erased stands on no sheet.
    """
    sitting = select(func.count(), func.max(Seat.id), func.sum(Seat.id)).where(
        Seat.room_id == room.id, Seat.removed_at.is_(None)
    )
    basis = (room.version, *session.execute(sitting).one())
    latest = kept_with(session).one(_LatestSheets)
    found = latest.get(room.id, basis)
    if found is None:
        found = _sheet(session, room)
        latest.put(room.id, basis, found)
    return found


def _sheet(session: Session, room: Room) -> Sheet:
    seats = session.execute(
        select(Seat.id, Seat.player_id, Seat.name)
        .where(Seat.room_id == room.id, Seat.removed_at.is_(None))
        .order_by(Seat.id)
    ).all()
    answers = _answers(session, room, {seat.id for seat in seats})
    own: dict[int, list[Outcome]] = defaultdict(list)
    answers_of: dict[int, tuple[SeatAnswer, ...]] = {}
    for answer in answers:
        answers_of[answer.seat_id] = (*answers_of.get(answer.seat_id, ()), answer)
        if answer.outcome is not None:
            own[answer.seat_id].append(answer.outcome)
    total = {seat.id: sum(o.total for o in own[seat.id]) for seat in seats}
    rank = ranks({seat_id: points for seat_id, points in total.items() if own[seat_id]})
    standings = [
        Standing(
            seat_id=seat.id,
            player_id=seat.player_id,
            name=seat.name,
            points=total[seat.id],
            right=sum(o.right for o in own[seat.id]),
            answered=len(own[seat.id]),
            rank=rank.get(seat.id),
            tier=tier(rank[seat.id], len(rank)) if seat.id in rank else None,
        )
        for seat in seats
    ]
    standings.sort(key=lambda s: (s.rank is None, s.rank, s.name))
    return Sheet(tuple(answers), tuple(standings), {s.seat_id: s for s in standings}, answers_of)


def _answers(session: Session, room: Room, seats: set[int]) -> list[SeatAnswer]:
    revealed = session.execute(
        select(RoomQuestion.position, RoomQuestion.revision_id).where(
            RoomQuestion.room_id == room.id,
            RoomQuestion.revealed_at.is_not(None),
            RoomQuestion.is_skipped.is_(False),
        )
    ).all()
    revisions = catalogue_of(session).revisions(session, (r.revision_id for r in revealed))
    by_position = {r.position: revisions[r.revision_id] for r in revealed}
    rows = session.execute(
        select(
            RoomResponse.seat_id,
            RoomResponse.position,
            RoomResponse.look,
            RoomResponse.verdict,
            RoomResponse.confidence,
            RoomResponse.pointer,
            RoomResponse.answered_at,
        )
        .where(RoomResponse.room_id == room.id, RoomResponse.position.in_(by_position))
        .order_by(RoomResponse.position, RoomResponse.seat_id)
    )
    looks: dict[tuple[int, int], dict[Look, tuple[Given, datetime]]] = defaultdict(dict)
    for row in rows:
        if row.seat_id in seats:
            given = Given(row.verdict, Confidence(row.confidence), row.pointer)
            looks[row.position, row.seat_id][row.look] = (given, row.answered_at)
    return [
        _answer(room, seat_id, position, by_position[position], both)
        for (position, seat_id), both in looks.items()
    ]


def _answer(
    room: Room,
    seat_id: int,
    position: int,
    revision: Revision,
    looks: Mapping[Look, tuple[Given, datetime]],
) -> SeatAnswer:
    first, first_at = looks.get(Look.FIRST, (None, None))
    final, final_at = looks.get(Look.FINAL, (None, None))
    outcome = None if final is None else outcome_of(revision, first, final, room.scoring)
    return SeatAnswer(seat_id, position, revision, first, final, first_at, final_at, outcome)


def counted_of(answers: Iterable[Given | None]) -> Distribution:
    """The distribution of answers that are at hand."""
    return Distribution(Counter((g.verdict, g.confidence) for g in answers if g is not None))


class _LatestSheets:
    """The latest sheet of each of the latest rooms, at most ROOMS_KEPT. Safe with threads."""

    def __init__(self) -> None:
        self._sheets: LRUCache[str, tuple[object, Sheet]] = LRUCache(ROOMS_KEPT)
        self._lock = Lock()

    def get(self, room_id: str, basis: object) -> Sheet | None:
        with self._lock:
            known, sheet = self._sheets.get(room_id, (None, None))
            return sheet if known == basis else None

    def put(self, room_id: str, basis: object, sheet: Sheet) -> None:
        with self._lock:
            self._sheets[room_id] = basis, sheet


def seats_of(session: Session, room_id: str) -> Sequence[Seat]:
    """Who sits in the room, in the order of coming; those sent out are not among them."""
    return [seat for seat in all_seats(session, room_id) if seat.removed_at is None]


def all_seats(session: Session, room_id: str) -> Sequence[Seat]:
    """Every seat of the room, in the order of coming."""
    return session.scalars(select(Seat).where(Seat.room_id == room_id).order_by(Seat.id)).all()


def labels_of(session: Session, room: Room) -> dict[int, str]:
    """What the trainer of the room's class calls its members, by player; for the trainer's eyes."""
    members = select(Membership).where(Membership.classroom_id == room.classroom_id)
    return {member.player_id: member.label for member in session.scalars(members)}


def answered_seats(session: Session, room_id: str, position: int, look: Look) -> set[int]:
    """The seats that have answered a look."""
    return set(
        session.scalars(
            select(RoomResponse.seat_id).where(
                RoomResponse.room_id == room_id,
                RoomResponse.position == position,
                RoomResponse.look == look,
            )
        )
    )
