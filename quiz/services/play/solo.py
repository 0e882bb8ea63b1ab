"""A question in a solo round: look at it, answer it, see what the answer was worth.

A question's stage is never stored: it follows from the mode and from which looks are answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Connection, Insert, Row, Select, Table, and_, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from ...domain.errors import BadInput, Conflict, NotFound, QuizError
from ...domain.scoring import Confidence
from ...domain.verdict import Verdict
from ...models import Look, Mode, Player, Response, Round, RoundItem
from ...storage.db import write_together, writing
from ..library.catalogue import NO_PASSAGE, catalogue_of
from ..library.history import history
from ..library.outcome import Given
from ..library.passages import pointer_to

MOST_QUESTIONS = 10_000
"""No round has more; a place beyond it need not be looked for."""


class Stage(StrEnum):
    """What a player does at a question now."""

    ASK = "ask"
    FIRST_LOOK = "first_look"
    SECOND_LOOK = "second_look"
    REVEAL = "reveal"


_STAGE = {
    # (mode, first look answered, final look answered)
    (Mode.QUICK, False, False): Stage.ASK,
    (Mode.QUICK, False, True): Stage.REVEAL,
    (Mode.INVESTIGATION, False, False): Stage.FIRST_LOOK,
    (Mode.INVESTIGATION, True, False): Stage.SECOND_LOOK,
    (Mode.INVESTIGATION, True, True): Stage.REVEAL,
}


_AWAITED = {
    Stage.ASK: Look.FINAL,
    Stage.FIRST_LOOK: Look.FIRST,
    Stage.SECOND_LOOK: Look.FINAL,
    Stage.REVEAL: None,
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the player's id and the token that the session cookie carries."""

    player_id: int
    token: str


@dataclass(frozen=True, slots=True)
class Item:
    """A question at its place in a round, as its player stands to it."""

    id: int
    round_id: str
    position: int
    size: int
    mode: Mode
    set_slug: str | None
    revision_id: int
    shown_at: datetime | None
    has_opened_file: bool
    first: Given | None
    final: Given | None

    @property
    def stage(self) -> Stage:
        """What there is to do here now."""
        return _STAGE[self.mode, self.first is not None, self.final is not None]

    @property
    def awaited(self) -> Look | None:
        """The look to answer next, None when the question is answered."""
        return _AWAITED[self.stage]

    @property
    def is_answered(self) -> bool:
        """Whether any look at it is answered."""
        return self.first is not None or self.final is not None

    @property
    def is_last(self) -> bool:
        """Whether the round ends here."""
        return self.position == self.size


_first = aliased(Response, name="first_look")
_final = aliased(Response, name="final_look")

_STATE: Select[*tuple[Any, ...]] = (
    select(
        RoundItem.id,
        RoundItem.position,
        RoundItem.revision_id,
        RoundItem.shown_at,
        RoundItem.opened_at,
        Round.id.label("round_id"),
        Round.size,
        Round.mode,
        Round.set_slug,
        _first.verdict.label("first_verdict"),
        _first.confidence.label("first_confidence"),
        _first.pointer.label("first_pointer"),
        _final.verdict.label("final_verdict"),
        _final.confidence.label("final_confidence"),
        _final.pointer.label("final_pointer"),
    )
    .select_from(RoundItem)
    .join(Round, Round.id == RoundItem.round_id)
    .join(Player, Player.id == Round.player_id)
    .outerjoin(_first, and_(_first.item_id == RoundItem.id, _first.look == Look.FIRST))
    .outerjoin(_final, and_(_final.item_id == RoundItem.id, _final.look == Look.FINAL))
    .where(
        Round.id == bindparam("round"),
        RoundItem.position == bindparam("position"),
        Player.id == bindparam("player"),
        Player.session_token == bindparam("token"),
    )
)


def item_state(session: Session, caller: Caller, round_id: str, position: int) -> Item:
    """The question at a place of the caller's round; one query.

    Raises NotFound when there is none, or it is somebody else's.
    """
    return _state(session.connection(), caller, round_id, position)


def _state(connection: Connection, caller: Caller, round_id: str, position: int) -> Item:
    if not 0 < position <= MOST_QUESTIONS:
        raise NotFound(round_id)
    place = {
        "round": round_id,
        "position": position,
        "player": caller.player_id,
        "token": caller.token,
    }
    row = connection.execute(_STATE, place).one_or_none()
    if row is None:
        raise NotFound(round_id)
    return _item(row)


def _item(row: Row[*tuple[Any, ...]]) -> Item:
    def given(look: str) -> Given | None:
        verdict = getattr(row, f"{look}_verdict")
        if verdict is None:
            return None
        confidence = Confidence(getattr(row, f"{look}_confidence"))
        return Given(verdict, confidence, getattr(row, f"{look}_pointer"))

    return Item(
        id=row.id,
        round_id=row.round_id,
        position=row.position,
        size=row.size,
        mode=row.mode,
        set_slug=row.set_slug,
        revision_id=row.revision_id,
        shown_at=row.shown_at,
        has_opened_file=row.opened_at is not None,
        first=given("first"),
        final=given("final"),
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


@dataclass(frozen=True, slots=True)
class Answered:
    """The question after a submit. `already` means that an earlier answer stands instead."""

    item: Item
    already: bool


@dataclass(frozen=True, slots=True)
class Submit:
    """What an answer's form sends.

    `look` is the look that the form was made for: a second tap on the first look's form never
    becomes a final answer. `sentence` is the id of the one pointed at, or "none".
    """

    look: Look
    verdict: Verdict
    confidence: Confidence
    sentence: str
    key: str


def answer(
    session: Session, caller: Caller, round_id: str, position: int, submit: Submit, now: datetime
) -> Answered:
    """Store one look's answer, once; it is durable when this returns.

    The unique (item, look) decides: of two submits one counts, the other is told so. Raises
    Conflict for the same key with another answer, NotFound for a question that is not the
    caller's, BadInput for one that was never shown or a pointer to no sentence.
    """

    def write(connection: Connection) -> Answered | QuizError:
        try:
            return _store(connection, caller, round_id, position, submit, now)
        except QuizError as refusal:  # before anything was written: no reason to roll back
            return refusal

    outcome = write_together(session, write)
    if isinstance(outcome, QuizError):
        raise outcome
    return outcome


def _store(
    connection: Connection,
    caller: Caller,
    round_id: str,
    position: int,
    submit: Submit,
    now: datetime,
) -> Answered:
    item = _state(connection, caller, round_id, position)
    if item.shown_at is None:
        raise BadInput("verdict", "not_shown_yet")
    look = submit.look
    given = Given(submit.verdict, submit.confidence, _pointer(connection, item, submit))
    if look is not item.awaited:
        return _already(connection, caller, item, submit, given)
    row = _row(caller, item, submit, given, now)
    # Core: the ORM would double the cost of the hottest write.
    if not connection.execute(_insert(connection), row).rowcount:
        fresh = _state(connection, caller, round_id, position)
        return _already(connection, caller, fresh, submit, given)
    if look is Look.FINAL and item.is_last:
        _finish(connection, caller.player_id, round_id, now)
    answered = replace(item, first=given) if look is Look.FIRST else replace(item, final=given)
    return Answered(answered, already=False)


def _row(caller: Caller, item: Item, submit: Submit, given: Given, now: datetime) -> dict[str, Any]:
    return {
        "player_id": caller.player_id,
        "item_id": item.id,
        "revision_id": item.revision_id,
        "look": submit.look,
        "verdict": given.verdict,
        "confidence": int(given.confidence),
        "pointer": given.pointer,
        "has_opened_file": item.has_opened_file,
        "shown_at": item.shown_at,
        "answered_at": now,
        "key": submit.key,
    }


def _pointer(connection: Connection, item: Item, submit: Submit) -> str | None:
    """The pointer to store: of an investigation's final look only."""
    if item.mode is not Mode.INVESTIGATION or submit.look is not Look.FINAL:
        return None
    if submit.sentence == NO_PASSAGE:
        return NO_PASSAGE
    session = Session(connection)
    catalogue = catalogue_of(session)
    files = catalogue.files_of(session, catalogue.revision(session, item.revision_id))
    pointer = pointer_to(tuple(files.values()), submit.sentence)
    if pointer is None:
        raise BadInput("pointer", "pointer")
    return pointer


_ROUNDS = cast(Table, Round.__table__)
_END = (
    update(_ROUNDS)
    .where(_ROUNDS.c.id == bindparam("ended"), _ROUNDS.c.finished_at.is_(None))
    .values(finished_at=bindparam("finished_at"), points=bindparam("points"))
)
_RESPONSES = cast(Table, Response.__table__)
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


def _insert(connection: Connection) -> Insert:
    return _INSERT[connection.dialect.name]


def _already(
    connection: Connection, caller: Caller, item: Item, submit: Submit, given: Given
) -> Answered:
    """An answer stands already: the same submit again is quietly fine, another one is told."""
    earlier = connection.execute(
        select(
            Response.item_id,
            Response.look,
            Response.verdict,
            Response.confidence,
            Response.pointer,
        ).where(Response.player_id == caller.player_id, Response.key == submit.key)
    ).one_or_none()
    if earlier is None:
        return Answered(item, already=True)
    sent = (item.id, submit.look, given.verdict, int(given.confidence), given.pointer)
    if tuple(earlier) != sent:
        raise Conflict("the same submission came twice with different answers")
    return Answered(item, already=False)


def _finish(connection: Connection, player_id: int, round_id: str, now: datetime) -> None:
    """Close the round and write its total, once, from rows that never change."""
    total = sum(a.outcome.total for a in history(Session(connection), player_id, round_id))
    end = {"ended": round_id, "finished_at": now, "points": total}
    connection.execute(_END, end)
