"""Other players with their rounds and responses, made by the database itself, many at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    String,
    case,
    cast,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy import false as no
from sqlalchemy.orm import DeclarativeBase, Session

from tests.bench._players import ROUND_SIZE

ROUNDS_EACH = 10
FAR = 1_000_000_000
"""Ids given here lie beyond those that the database gives: its counters are left alone."""


def add_others(session: Session, responses: int) -> None:
    """Add players who have answered ten rounds of ten questions each, so many responses in all."""
    from quiz.models import Player, RoundItem

    now = literal(datetime.now(UTC), Player.created_at.type)
    first_player, first_item = _after(session, Player), _after(session, RoundItem)
    _add_players(session, -(-responses // (ROUND_SIZE * ROUNDS_EACH)), first_player, now)
    _add_rounds(session, -(-responses // ROUND_SIZE), first_player, first_item, now)
    _add_answers(session, responses, first_player, first_item, now)
    session.commit()


Moment = ColumnElement[datetime]


def _add_players(session: Session, count: int, first: int, now: Moment) -> None:
    from quiz.models import Player

    players = _numbers(count)
    values = {
        "id": players.c.n + first,
        "pseudonym": literal("Other"),
        "session_token": "token-" + _word(players.c.n),
        "created_at": now,
        "last_played_at": now,
    }
    _fill(session, Player, players, values)


def _add_rounds(session: Session, count: int, player: int, part: int, now: Moment) -> None:
    from quiz.models import Round

    rounds = _numbers(count)
    values = {
        "id": _round_id(part, rounds.c.n),
        "player_id": _owner(rounds.c.n, ROUNDS_EACH, player),
        "mode": literal("quick"),
        "size": literal(ROUND_SIZE),
        "start_key": _word(rounds.c.n),
        "started_at": now,
        "finished_at": now,
        "points": literal(0),
    }
    _fill(session, Round, rounds, values)


def _add_answers(session: Session, count: int, player: int, item: int, now: Moment) -> None:
    from quiz.models import Response, RoundItem

    answers = _numbers(count)
    number = answers.c.n
    revision = _revision(session, number)
    shown = {
        "id": number + item,
        "round_id": _round_id(item, number // ROUND_SIZE),
        "position": number % ROUND_SIZE + 1,
        "revision_id": revision,
        "shown_at": now,
    }
    verdict = case((number % 3 == 0, "true"), (number % 3 == 1, "false"), else_="unverified")
    answered = {
        "player_id": _owner(number, ROUND_SIZE * ROUNDS_EACH, player),
        "item_id": number + item,
        "revision_id": revision,
        "look": literal("final"),
        "verdict": verdict,
        "confidence": number % 4,
        "has_opened_file": no(),
        "shown_at": now,
        "answered_at": now,
        "key": "key-" + _word(number),
    }
    _fill(session, RoundItem, answers, shown)
    _fill(session, Response, answers, answered)


def _fill(
    session: Session,
    table: type[DeclarativeBase],
    numbers: CTE,
    values: Mapping[str, Any],
) -> None:
    session.execute(
        insert(table).from_select(
            list(values), select(*values.values()).select_from(numbers), include_defaults=False
        )
    )


def _numbers(count: int) -> CTE:
    """The numbers from 0 below count, as rows."""
    numbers = select(literal(0, Integer).label("n")).cte("numbers", recursive=True)
    return numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < count - 1))


def _after(session: Session, table: Any) -> int:
    return max(FAR, 1 + (session.scalar(select(func.max(table.id))) or 0))


def _owner(number: ColumnElement[int], each: int, first: int) -> ColumnElement[int]:
    return number // each + first


def _revision(session: Session, number: ColumnElement[int]) -> ColumnElement[int]:
    """Some revision for every number. In a database just filled, their ids have no gaps."""
    from quiz.models import QuestionRevision

    ids = select(func.min(QuestionRevision.id), func.max(QuestionRevision.id))
    low, high = session.execute(ids).one()
    return number % (high - low + 1) + low


def _round_id(part: int, number: ColumnElement[int]) -> ColumnElement[str]:
    return f"{part}-" + _word(number)


def _word(number: ColumnElement[int]) -> ColumnElement[str]:
    return cast(number, String)
