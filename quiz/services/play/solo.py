"""A question in a solo round: look at it, answer it, see what the answer was worth.

A question's stage is never stored: it follows from the mode and from which looks are answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Select, Table, bindparam, select, update
from sqlalchemy.orm import Session

from ...domain.answer import Look, Looks, Mode, Receipt, Stage, Status, Submission, Task
from ...domain.errors import BadInput, NotFound
from ...domain.message import msg
from ...models import Player, Response, Round, RoundItem
from ...storage.db import writing
from ..library.history import history
from .answers import AnswerTable, Caller, looks_in, submit

MOST_QUESTIONS = 10_000
"""No round has more; a place beyond it need not be looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Looks):
    """A question at its place in a round, as its player stands to it."""

    id: int
    round_id: str
    position: int
    size: int
    mode: Mode
    revision_id: int
    shown_at: datetime | None
    has_opened_file: bool

    @property
    def task(self) -> Task:
        """What there is to answer."""
        return self.mode.task

    @property
    def awaited(self) -> Look | None:
        """The look to answer next, None when the question is answered."""
        return self.task.next_look(self)

    @property
    def stage(self) -> Stage:
        """What there is to do here now."""
        awaited = self.awaited
        return Stage.REVEAL if awaited is None else self.task.stage(awaited)

    @property
    def is_answered(self) -> bool:
        """Whether any look at it is answered."""
        return self.first is not None or self.final is not None

    @property
    def is_last(self) -> bool:
        """Whether the round ends here."""
        return self.position == self.size


_ANSWERS = AnswerTable(
    Response,
    owner=Response.player_id,
    question=Response.item_id,
    revision=Response.revision_id,
)
_STATE: Select[*tuple[Any, ...]] = _ANSWERS.with_looks(
    select(
        RoundItem.id,
        RoundItem.position,
        RoundItem.revision_id,
        RoundItem.shown_at,
        RoundItem.opened_at,
        Round.id.label("round_id"),
        Round.size,
        Round.mode,
    )
    .select_from(RoundItem)
    .join(Round, Round.id == RoundItem.round_id)
    .join(Player, Player.id == Round.player_id)
    .where(
        Round.id == bindparam("round"),
        RoundItem.position == bindparam("position"),
        Player.id == bindparam("player"),
        Player.session_token == bindparam("token"),
    ),
    lambda answer: answer.item_id == RoundItem.id,
)


def item_state(session: Session, caller: Caller, round_id: str, position: int) -> Item:
    """The question at a place of the caller's round; one query.

    Raises NotFound when there is none, or it is somebody else's.
    """
    return _state(session.connection(), caller, round_id, position)


def _state(connection: Connection, caller: Caller, round_id: str, position: int) -> Item:
    if not 0 < position <= MOST_QUESTIONS:
        raise NotFound(round_id)
    which = {
        "round": round_id,
        "position": position,
        "player": caller.player_id,
        "token": caller.token,
    }
    row = connection.execute(_STATE, which).one_or_none()
    if row is None:
        raise NotFound(round_id)
    return Item(
        id=row.id,
        round_id=row.round_id,
        position=row.position,
        size=row.size,
        mode=row.mode,
        revision_id=row.revision_id,
        shown_at=row.shown_at,
        has_opened_file=row.opened_at is not None,
        **looks_in(row),
    )


def show(session: Session, item: Item, now: datetime) -> None:
    """Stamp the first showing, from which the time to answer counts."""
    if item.shown_at is None:
        with writing(session):
            session.execute(
                update(RoundItem)
                .where(RoundItem.id == item.id, RoundItem.shown_at.is_(None))
                .values(shown_at=now)
            )


def open_file(session: Session, item: Item, now: datetime) -> None:
    """Note that the player opened the whole file: a habit worth having, never charged for."""
    if not item.has_opened_file and item.final is None:
        with writing(session):
            session.execute(
                update(RoundItem)
                .where(RoundItem.id == item.id, RoundItem.opened_at.is_(None))
                .values(opened_at=now)
            )


def answer(
    session: Session,
    caller: Caller,
    round_id: str,
    position: int,
    submission: Submission,
    now: datetime,
) -> Receipt[Item]:
    """Store one look's answer, once; it is durable when this returns.

    The unique (item, look) decides: of two submissions one counts, the other is told so. Raises
    Conflict for the same key with another answer, NotFound for a question that is not the
    caller's, BadInput for one that was never shown or a pointer to no sentence.
    """

    def store(connection: Connection) -> Receipt[Item]:
        return _store(connection, caller, round_id, position, submission, now)

    return submit(session, store)


def _store(
    connection: Connection,
    caller: Caller,
    round_id: str,
    position: int,
    submission: Submission,
    now: datetime,
) -> Receipt[Item]:
    item = _state(connection, caller, round_id, position)
    if item.shown_at is None:
        raise BadInput("verdict", msg("Open the question before answering it."))
    columns = {
        "player_id": caller.player_id,
        "item_id": item.id,
        "revision_id": item.revision_id,
        "has_opened_file": item.has_opened_file,
        "shown_at": item.shown_at,
    }

    def read_again() -> Item:
        return _state(connection, caller, round_id, position)

    receipt = _ANSWERS.store(connection, item, submission, columns, now, read_again)
    if receipt.status is Status.STORED and submission.look is Look.FINAL and item.is_last:
        _finish(connection, caller.player_id, round_id, now)
    return receipt


_ROUNDS = cast(Table, Round.__table__)
_END = (
    update(_ROUNDS)
    .where(_ROUNDS.c.id == bindparam("ended"), _ROUNDS.c.finished_at.is_(None))
    .values(finished_at=bindparam("finished_at"), points=bindparam("points"))
)


def _finish(connection: Connection, player_id: int, round_id: str, now: datetime) -> None:
    """Close the round and write its total, once, from rows that never change."""
    total = sum(a.outcome.total for a in history(Session(connection), player_id, round_id))
    end = {"ended": round_id, "finished_at": now, "points": total}
    connection.execute(_END, end)
