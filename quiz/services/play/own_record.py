"""All that is stored of a player, for the player."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...domain.scoring import Confidence
from ...models import Classroom, Membership, Player, Response, RoomResponse, Round, RoundItem, Seat
from ..library.history import Answer, history
from .disputes import exported_disputes


def export(session: Session, player: Player) -> dict[str, Any]:
    """All that is stored of the player, ready for JSON. Moments are ISO 8601, UTC."""
    return {
        "pseudonym": player.pseudonym,
        "name": player.name,
        "created_at": player.created_at.isoformat(),
        "last_played_at": player.last_played_at.isoformat(),
        "answers": [exported_answer(answer) for answer in history(session, player.id)],
        "rounds": _rounds(session, player),
        "classes": _classes(session, player),
        "rooms": _rooms(session, player),
        "disputes": exported_disputes(session, player.id),
    }


def _classes(session: Session, player: Player) -> list[dict[str, Any]]:
    """The classes that the player is in, and under which label the trainer knows them."""
    rows = session.execute(
        select(Classroom.name, Membership.label, Membership.joined_at)
        .join(Membership, Membership.classroom_id == Classroom.id)
        .where(Membership.player_id == player.id)
        .order_by(Membership.joined_at, Membership.id)
    )
    return [
        {"name": name, "label": label, "joined_at": joined_at.isoformat()}
        for name, label, joined_at in rows
    ]


def exported_answer(answer: Answer) -> dict[str, Any]:
    """An answer as `export` gives it."""
    return {
        "round": answer.round_id,
        "room": answer.room_id,
        "position": answer.position,
        "question": answer.key,
        "verdict": answer.final.verdict,
        "confidence": answer.final.confidence.name.lower(),
        "pointer": answer.final.pointer,
        "first_verdict": answer.first.verdict if answer.first else None,
        "first_confidence": answer.first.confidence.name.lower() if answer.first else None,
        "right": answer.outcome.right,
        "points": answer.outcome.total,
        "opened_file": answer.has_opened_file,
        "answered_at": answer.answered_at.isoformat(),
    }


def _rounds(session: Session, player: Player) -> list[dict[str, Any]]:
    """The rounds as stored, each with its looks and their times."""
    looks = defaultdict(list)
    rows = session.execute(
        select(RoundItem.round_id, RoundItem.position, Response)
        .join(Response, Response.item_id == RoundItem.id)
        .where(Response.player_id == player.id)
        .order_by(Response.id)
    )
    for round_id, position, response in rows:
        looks[round_id].append(
            {
                "position": position,
                "look": response.look,
                "verdict": response.verdict,
                "confidence": Confidence(response.confidence).name.lower(),
                "pointer": response.pointer,
                "shown_at": response.shown_at.isoformat(),
                "answered_at": response.answered_at.isoformat(),
            }
        )
    played = select(Round).where(Round.player_id == player.id).order_by(Round.started_at)
    return [
        {
            "id": row.id,
            "set": row.set_slug,
            "mode": row.mode,
            "size": row.size,
            "started_at": row.started_at.isoformat(),
            "finished_at": row.finished_at.isoformat() if row.finished_at else None,
            "points": row.points,
            "looks": looks[row.id],
        }
        for row in session.scalars(played)
    ]


def _rooms(session: Session, player: Player) -> list[dict[str, Any]]:
    """The live rooms joined, under which name, and the looks given there."""
    looks = defaultdict(list)
    given = (
        select(RoomResponse).join(Seat).where(Seat.player_id == player.id).order_by(RoomResponse.id)
    )
    for response in session.scalars(given):
        looks[response.seat_id].append(
            {
                "position": response.position,
                "look": response.look,
                "verdict": response.verdict,
                "confidence": Confidence(response.confidence).name.lower(),
                "pointer": response.pointer,
                "answered_at": response.answered_at.isoformat(),
            }
        )
    seats = select(Seat).where(Seat.player_id == player.id).order_by(Seat.joined_at)
    return [
        {
            "id": seat.room_id,
            "name": seat.name,
            "joined_at": seat.joined_at.isoformat(),
            "looks": looks[seat.id],
        }
        for seat in session.scalars(seats)
    ]
