"""Other players with their rounds and responses, made by the database itself, many at a time."""

from __future__ import annotations

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
    from quiz.models import Player, Response, Round, RoundItem

    now = literal(datetime.now(UTC), Player.created_at.type)
    first_player, first_item = _after(session, Player), _after(session, RoundItem)
    answers, rounds = _numbers(responses), _numbers(-(-responses // ROUND_SIZE))
    players = _numbers(-(-responses // (ROUND_SIZE * ROUNDS_EACH)))
    of_player = _owner(answers.c.n, ROUND_SIZE * ROUNDS_EACH, first_player)
    revision = _revision(session, answers.c.n)
    _fill(
        session,
        Player,
        players,
        {
            "id": players.c.n + first_player,
            "pseudonym": literal("Other"),
            "session_token": "token-" + _word(players.c.n),
            "created_at": now,
            "last_played_at": now,
        },
    )
    _fill(
        session,
        Round,
        rounds,
        {
            "id": _round_id(first_item, rounds.c.n),
            "player_id": _owner(rounds.c.n, ROUNDS_EACH, first_player),
            "mode": literal("quick"),
            "size": literal(ROUND_SIZE),
            "start_key": _word(rounds.c.n),
            "started_at": now,
            "finished_at": now,
            "points": literal(0),
        },
    )
    _fill(
        session,
        RoundItem,
        answers,
        {
            "id": answers.c.n + first_item,
            "round_id": _round_id(first_item, answers.c.n // ROUND_SIZE),
            "position": answers.c.n % ROUND_SIZE + 1,
            "revision_id": revision,
            "shown_at": now,
        },
    )
    _fill(
        session,
        Response,
        answers,
        {
            "player_id": of_player,
            "item_id": answers.c.n + first_item,
            "revision_id": revision,
            "look": literal("final"),
            "verdict": case(
                (answers.c.n % 3 == 0, "true"), (answers.c.n % 3 == 1, "false"), else_="unverified"
            ),
            "confidence": answers.c.n % 4,
            "has_opened_file": no(),
            "shown_at": now,
            "answered_at": now,
            "key": "key-" + _word(answers.c.n),
        },
    )
    session.commit()


def _fill(
    session: Session,
    table: type[DeclarativeBase],
    numbers: CTE,
    values: dict[str, ColumnElement[Any]],
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
