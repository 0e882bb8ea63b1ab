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

from ...domain.answer import Look, LookAnswer, Looks, Outcome
from ...domain.measures import Judged
from ...domain.scoring import Confidence
from ...domain.standings import Tier, ranks, tier
from ...domain.verdict import Verdict
from ...models import Membership, Room, RoomQuestion, RoomResponse, Seat
from ...storage.db import kept_with
from ..library.catalogue import Revision, catalogue_of
from ..library.outcome import outcome_of

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


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAnswer(Looks):
    """One seat's answer to one revealed question, judged. `final` None: only a first look."""

    seat_id: int
    position: int
    revision: Revision
    first_at: datetime | None
    final_at: datetime | None
    outcome: Outcome | None

    @property
    def judged(self) -> Judged | None:
        """The final look as the measures read it."""
        return None if self.final is None else self.final.judged(self.revision.question.verdict)

    @property
    def judged_first(self) -> Judged | None:
        """The first look as the measures read it."""
        return None if self.first is None else self.first.judged(self.revision.question.verdict)


@dataclass(frozen=True, slots=True)
class SeatStanding:
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
class RoomResults:
    """All that has been revealed in a room so far."""

    answers: tuple[SeatAnswer, ...]
    standings: tuple[SeatStanding, ...]
    by_seat: Mapping[int, SeatStanding]
    answers_of: Mapping[int, tuple[SeatAnswer, ...]]


def results_of(session: Session, room: Room) -> RoomResults:
    """The room's results; one query as long as they are the same.

    Kept until the host's next move, for what is revealed cannot change before, or until somebody
    comes or goes: who was erased stands in no results.
    """
    sitting = select(func.count(), func.max(Seat.id), func.sum(Seat.id)).where(
        Seat.room_id == room.id, Seat.removed_at.is_(None)
    )
    basis = (room.version, *session.execute(sitting).one())
    latest = kept_with(session).one(_LatestResults)
    found = latest.get(room.id, basis)
    if found is None:
        found = _results(session, room)
        latest.put(room.id, basis, found)
    return found


def _results(session: Session, room: Room) -> RoomResults:
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
        SeatStanding(
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
    return RoomResults(
        answers=tuple(answers),
        standings=tuple(standings),
        by_seat={standing.seat_id: standing for standing in standings},
        answers_of=answers_of,
    )


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
    looks: dict[tuple[int, int], dict[Look, tuple[LookAnswer, datetime]]] = defaultdict(dict)
    for row in rows:
        if row.seat_id in seats:
            answer = LookAnswer(row.verdict, Confidence(row.confidence), row.pointer)
            looks[row.position, row.seat_id][row.look] = (answer, row.answered_at)
    return [
        _answer(room, seat_id, position, by_position[position], both)
        for (position, seat_id), both in looks.items()
    ]


def _answer(
    room: Room,
    seat_id: int,
    position: int,
    revision: Revision,
    looks: Mapping[Look, tuple[LookAnswer, datetime]],
) -> SeatAnswer:
    first, first_at = looks.get(Look.FIRST, (None, None))
    final, final_at = looks.get(Look.FINAL, (None, None))
    outcome = None if final is None else outcome_of(revision, first, final, room.scoring)
    return SeatAnswer(
        seat_id=seat_id,
        position=position,
        revision=revision,
        first=first,
        final=final,
        first_at=first_at,
        final_at=final_at,
        outcome=outcome,
    )


def distribution_of(answers: Iterable[LookAnswer | None]) -> Distribution:
    """The distribution of answers that are at hand."""
    return Distribution(Counter((a.verdict, a.confidence) for a in answers if a is not None))


class _LatestResults:
    """The latest results of each of the latest rooms, at most ROOMS_KEPT. Safe with threads."""

    def __init__(self) -> None:
        self._results: LRUCache[str, tuple[object, RoomResults]] = LRUCache(ROOMS_KEPT)
        self._lock = Lock()

    def get(self, room_id: str, basis: object) -> RoomResults | None:
        with self._lock:
            known, results = self._results.get(room_id, (None, None))
            return results if known == basis else None

    def put(self, room_id: str, basis: object, results: RoomResults) -> None:
        with self._lock:
            self._results[room_id] = basis, results


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
