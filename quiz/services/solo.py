"""A question in a solo round: look at it, answer it, see what the answer was worth.

A question's stage is never stored: it follows from the mode and from which looks are answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Insert, Row, Select, Table, and_, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from ..db import writing
from ..domain.scoring import Confidence
from ..errors import BadInput, Conflict, NotFound
from ..models import Look, Mode, Player, Response, Round, RoundItem
from .history import history
from .outcome import Given

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
    if not 0 < position <= MOST_QUESTIONS:
        raise NotFound(round_id)
    place = {
        "round": round_id,
        "position": position,
        "player": caller.player_id,
        "token": caller.token,
    }
    row = session.connection().execute(_STATE, place).one_or_none()
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


def answer(
    session: Session, caller: Caller, item: Item, look: Look, given: Given, key: str, now: datetime
) -> Answered:
    """Store one look's answer, once; acknowledged only after it is durable.

    `look` is the look that the form was made for: a second tap on the first look's form never
    becomes a final answer. The unique (item, look) decides: of two submits one counts, the other
    is told so. The same key with another answer raises Conflict, an answer to a question that was
    never shown BadInput.
    """
    if item.shown_at is None:
        raise BadInput("verdict", "not_shown_yet")
    if look is not item.awaited:
        return _already(session, caller, item, look, given, key)
    row = {
        "player_id": caller.player_id,
        "item_id": item.id,
        "revision_id": item.revision_id,
        "look": look,
        "verdict": given.verdict,
        "confidence": int(given.confidence),
        "pointer": given.pointer,
        "has_opened_file": item.has_opened_file,
        "shown_at": item.shown_at,
        "answered_at": now,
        "key": key,
    }
    with writing(session):
        # Core, on the session's connection: the ORM would double the cost of the hottest write.
        stored = session.connection().execute(_insert(session), row).one_or_none()
        if stored is not None and look is Look.FINAL and item.is_last:
            _finish(session, caller.player_id, item.round_id, now)
    if stored is None:
        fresh = item_state(session, caller, item.round_id, item.position)
        return _already(session, caller, fresh, look, given, key)
    answered = replace(item, first=given) if look is Look.FIRST else replace(item, final=given)
    return Answered(answered, already=False)


_RESPONSES = cast(Table, Response.__table__)
_INSERT: Mapping[str, Insert] = {
    dialect.name: insert(_RESPONSES)
    .values({c.name: bindparam(c.name) for c in _RESPONSES.columns if c.name != "id"})
    .on_conflict_do_nothing()
    .returning(_RESPONSES.c.id)
    for dialect, insert in (
        (sqlite.dialect, sqlite.insert),
        (postgresql.dialect, postgresql.insert),
    )
}


def _insert(session: Session) -> Insert:
    return _INSERT[session.get_bind().dialect.name]


def _already(
    session: Session, caller: Caller, item: Item, look: Look, given: Given, key: str
) -> Answered:
    """An answer stands already: the same submit again is quietly fine, another one is told."""
    earlier = session.execute(
        select(
            Response.item_id,
            Response.look,
            Response.verdict,
            Response.confidence,
            Response.pointer,
        ).where(Response.player_id == caller.player_id, Response.key == key)
    ).one_or_none()
    if earlier is None:
        return Answered(item, already=True)
    if tuple(earlier) != (item.id, look, given.verdict, int(given.confidence), given.pointer):
        raise Conflict("the same submission came twice with different answers")
    return Answered(item, already=False)


def _finish(session: Session, player_id: int, round_id: str, now: datetime) -> None:
    """Close the round and write its total, once, from rows that never change."""
    total = sum(a.outcome.total for a in history(session, player_id, round_id))
    session.execute(
        update(Round)
        .where(Round.id == round_id, Round.finished_at.is_(None))
        .values(finished_at=now, points=total)
    )
