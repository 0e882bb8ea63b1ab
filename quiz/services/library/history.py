"""Everything a player has answered: one query, from which review, progress and draws follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Label,
    Row,
    Select,
    String,
    and_,
    bindparam,
    cast,
    extract,
    literal,
    null,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from ...domain.answer import Look, LookAnswer, Looks, Outcome
from ...domain.measures import Judged
from ...domain.room import RoomMode
from ...domain.scoring import Confidence, Scoring
from ...models import (
    QuestionRevision,
    Response,
    Room,
    RoomQuestion,
    RoomResponse,
    Round,
    RoundItem,
    Seat,
)
from .catalogue import Revision, catalogue_of
from .outcome import outcome_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Looks):
    """A finally answered question, of a round or of a live room.

    `is_repeat` when the player had met the question before.
    """

    revision: Revision
    round_id: str | None
    room_id: str | None
    position: int
    final: LookAnswer
    outcome: Outcome
    answered_at: datetime
    has_opened_file: bool
    is_repeat: bool

    @property
    def key(self) -> str:
        """The question's identity over its revisions."""
        return self.revision.key

    @property
    def judged(self) -> Judged:
        """The final look as the measures read it."""
        return self.final.judged(self.revision.question.verdict)

    @property
    def judged_first(self) -> Judged | None:
        """The first look as the measures read it, None in a quick round."""
        return None if self.first is None else self.first.judged(self.revision.question.verdict)


def history(session: Session, player_id: int, round_id: str | None = None) -> list[Answer]:
    """The player's finally answered questions, oldest first; of one round when asked.

    Those of live rooms are among them once the room has revealed them, never before. One query.
    """
    if round_id is None:
        rows = session.execute(_OF_PLAYER, {"player": player_id}).all()
    else:
        rows = session.execute(_OF_ROUND, {"player": player_id, "round": round_id}).all()
    return _answers(session, sorted(rows, key=lambda row: (row.answered_at, row.id)))


def _answers(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Answer]:
    """The answers in rows of one player, in their order."""
    revisions = catalogue_of(session).revisions(session, (row.revision_id for row in rows))
    first_looks: dict[tuple[str, int], LookAnswer] = {}
    met: set[str] = set()
    answers = []
    for row in rows:
        answer = LookAnswer(row.verdict, Confidence(row.confidence), row.pointer)
        where = (row.round_id or row.room_id, row.position)
        if row.look is Look.FIRST:
            first_looks[where] = answer
            continue
        revision = revisions[row.revision_id]
        first = first_looks.get(where)
        answers.append(_answer(row, revision, first, answer, revision.key in met))
        met.add(revision.key)
    return answers


_OF_ROUNDS = select(
    Response.id,
    Response.player_id,
    Response.revision_id,
    Response.look,
    Response.verdict,
    Response.confidence,
    Response.pointer,
    Response.answered_at,
    Response.has_opened_file,
    RoundItem.round_id,
    cast(null(), String).label("room_id"),
    RoundItem.position,
    literal(Scoring.CONFIDENCE.value).label("scoring"),
).join(RoundItem, RoundItem.id == Response.item_id)
_OF_ROOMS = (
    select(
        RoomResponse.id,
        Seat.player_id,
        RoomQuestion.revision_id,
        RoomResponse.look,
        RoomResponse.verdict,
        RoomResponse.confidence,
        RoomResponse.pointer,
        RoomResponse.answered_at,
        (Room.mode != RoomMode.QUICK).label("has_opened_file"),
        cast(null(), String).label("round_id"),
        Room.id.label("room_id"),
        RoomResponse.position,
        cast(Room.scoring, String).label("scoring"),
    )
    .join(Seat, Seat.id == RoomResponse.seat_id)
    .join(Room, Room.id == RoomResponse.room_id)
    .join(
        RoomQuestion,
        and_(
            RoomQuestion.room_id == RoomResponse.room_id,
            RoomQuestion.position == RoomResponse.position,
            # The gate: before the reveal nothing of a room's question is told anywhere else.
            RoomQuestion.revealed_at.is_not(None),
            RoomQuestion.is_skipped.is_(False),
        ),
    )
)
_OF_PLAYER = union_all(
    _OF_ROUNDS.where(Response.player_id == bindparam("player")),
    _OF_ROOMS.where(Seat.player_id == bindparam("player")),
)
# Found by the round's few questions, not among all that the player ever answered.
_OF_ROUND = _OF_ROUNDS.join(Round, Round.id == RoundItem.round_id).where(
    Round.id == bindparam("round"), Round.player_id == bindparam("player")
)


def answered_revisions(player_id: int) -> CompoundSelect[*tuple[int]]:
    """The query for the ids of the revisions that a player has answered and may read about."""
    return union(
        _OF_ROUNDS.with_only_columns(Response.revision_id).where(
            Response.player_id == player_id, Response.look == Look.FINAL
        ),
        _OF_ROOMS.with_only_columns(RoomQuestion.revision_id).where(
            Seat.player_id == player_id, RoomResponse.look == Look.FINAL
        ),
    )


def answers_to(set_slug: str) -> Select[*tuple[Any, ...]]:
    """The query for everybody's final answers to a set's questions, of all revisions, oldest first.

    Rows have player_id, revision_id, verdict and seconds: whole, from showing to answering,
    computed where they are stored because there may be many.
    """
    of_rounds = (
        _OF_ROUNDS.with_only_columns(
            Response.id,
            Response.player_id,
            Response.revision_id,
            Response.verdict,
            Response.answered_at,
            _seconds(Response.shown_at, Response.answered_at),
        )
        .join(QuestionRevision, QuestionRevision.id == Response.revision_id)
        .where(Response.look == Look.FINAL)
    )
    of_rooms = (
        _OF_ROOMS.with_only_columns(
            RoomResponse.id,
            Seat.player_id,
            RoomQuestion.revision_id,
            RoomResponse.verdict,
            RoomResponse.answered_at,
            _seconds(RoomQuestion.opened_at, RoomResponse.answered_at),
        )
        .join(QuestionRevision, QuestionRevision.id == RoomQuestion.revision_id)
        .where(RoomResponse.look == Look.FINAL)
    )
    of_set = QuestionRevision.set_slug == set_slug
    rows = union_all(of_rounds.where(of_set), of_rooms.where(of_set)).subquery()
    told = [column for column in rows.c if column.key not in ("id", "answered_at")]
    return select(*told).order_by(rows.c.answered_at, rows.c.id)


def _seconds(start: InstrumentedAttribute[Any], end: InstrumentedAttribute[datetime]) -> Label[int]:
    seconds = extract("epoch", end) - extract("epoch", start)
    return cast(seconds, Integer).label("seconds")


def _answer(
    row: Row[*tuple[Any, ...]],
    revision: Revision,
    first: LookAnswer | None,
    final: LookAnswer,
    is_repeat: bool,
) -> Answer:
    return Answer(
        revision=revision,
        round_id=row.round_id,
        room_id=row.room_id,
        position=row.position,
        first=first,
        final=final,
        outcome=outcome_of(revision, first, final, Scoring(row.scoring)),
        answered_at=row.answered_at,
        has_opened_file=row.has_opened_file,
        is_repeat=is_repeat,
    )


def histories(session: Session, player_ids: Iterable[int]) -> dict[int, list[Answer]]:
    """What `history` gives, for many players at once: one query, whatever their number."""
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {player_id: [] for player_id in player_ids}
    query = union_all(
        _OF_ROUNDS.where(Response.player_id.in_(found)),
        _OF_ROOMS.where(Seat.player_id.in_(found)),
    )
    for row in sorted(session.execute(query), key=lambda row: (row.answered_at, row.id)):
        found[row.player_id].append(row)
    return {player_id: _answers(session, own) for player_id, own in found.items()}
