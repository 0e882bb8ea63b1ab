"""A room's answers and players as tables: what was tapped, and what it was worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...content.format.spreadsheet_writing import Cell, Table
from ...domain.answer import Look, LookAnswer
from ...domain.measures import summarise
from ...models import Room, RoomQuestion
from .debrief import SURE_FROM
from .results import RoomResults, SeatAnswer, results_of

ANSWER_COLUMNS = (
    "question_number",
    "question",
    "claim_fr",
    "claim_en",
    "verdict",
    "rule",
    "player",
    "look",
    "answer",
    "confidence",
    "probability",
    "right",
    "points",
    "sentence",
    "seconds",
    "answered_at",
)
PLAYER_COLUMNS = (
    "player",
    "answered",
    "right",
    "points",
    "rank",
    "discernment",
    "overconfidence",
    "sure_wrong",
)


def tables_of(session: Session, room: Room) -> tuple[Table, Table]:
    """One row for each response, and one for each player, of what the room has revealed.

    Seconds count from the question's opening. A first look pays nothing: its points are empty.
    """
    results = results_of(session, room)
    return (
        Table("answers", ANSWER_COLUMNS, list(_answers(session, room, results))),
        Table("players", PLAYER_COLUMNS, list(_players(results))),
    )


def _answers(session: Session, room: Room, results: RoomResults) -> Iterable[list[Cell]]:
    query = select(RoomQuestion).where(RoomQuestion.room_id == room.id)
    opened = {asked.position: asked.opened_at for asked in session.scalars(query)}
    for answer in results.answers:
        name = results.by_seat[answer.seat_id].name
        for look, at in ((Look.FIRST, answer.first_at), (Look.FINAL, answer.final_at)):
            given = answer.answer_to(look)
            start = opened[answer.position]
            if given is not None and at is not None and start is not None:
                seconds = round((at - start).total_seconds(), 1)
                yield [
                    *_asked(answer),
                    name,
                    look.value,
                    *_said(answer, look, given),
                    given.pointer or "",
                    seconds,
                    at.isoformat(),
                ]


def _asked(answer: SeatAnswer) -> list[Cell]:
    question = answer.revision.question
    return [
        answer.position,
        answer.revision.key,
        question.claim.get("fr", ""),
        question.claim.get("en", ""),
        question.verdict.value,
        question.rule.value,
    ]


def _said(answer: SeatAnswer, look: Look, given: LookAnswer) -> list[Cell]:
    right = given.verdict is answer.revision.question.verdict
    worth: Cell = ""
    if look is Look.FINAL and answer.outcome is not None:
        worth = answer.outcome.total
    return [
        given.verdict.value,
        given.confidence.name.lower(),
        round(given.confidence.p, 3),
        "yes" if right else "no",
        worth,
    ]


def _players(results: RoomResults) -> Iterable[list[Cell]]:
    by_seat = defaultdict(list)
    for answer in results.answers:
        by_seat[answer.seat_id].append(answer)
    for standing in results.standings:
        judged = [a.judged for a in by_seat[standing.seat_id] if a.judged]
        figures = summarise(judged)
        yield [
            standing.name,
            standing.answered,
            standing.right,
            standing.points,
            standing.rank if standing.rank is not None else "",
            _figure(figures.discernment.value),
            _figure(figures.overconfidence.value),
            sum(not j.right and j.confidence >= SURE_FROM for j in judged),
        ]


def _figure(value: float | None) -> Cell:
    return "" if value is None else round(value, 3)
