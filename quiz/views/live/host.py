"""Hosting a live room: the projector, the controls on it or on a phone, the debrief."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Redirect

from ...content.format.spreadsheet_writing import to_csv, to_xlsx
from ...domain.errors import BadInput, Conflict
from ...domain.message import Message, msg
from ...domain.room import (
    ANSWERING,
    IllegalMove,
    Leaderboard,
    Move,
    Naming,
    Phase,
    RoomMode,
    asked_look,
)
from ...domain.scoring import Scoring
from ...models import Room, Seat
from ...server.streams import stream
from ...services.classes.classrooms import OwnClass, classes_of
from ...services.library.catalogue import StoredSet, catalogue_of
from ...services.live import exports, results, rooms
from ...services.live.debrief import QuestionReport, question_report
from ...services.live.rooms import Hosted, RoomPlan
from ...storage.db import db
from ...web.access import trainer
from ...web.forms import UNSURE, choice_in, key_in
from ...web.i18n import ui_language
from ...web.page_parts import Rendering, page_and_part
from ...web.pages import Page, render
from . import messages
from .screens import counted, screen_page

bp = Blueprint("rooms", __name__, url_prefix="/rooms")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NO_CLASS = msg("Choose one of your classes, or anyone.")
_NO_MOVE = msg("The room cannot do that now. Go back and look where it stands.")


@dataclass(frozen=True, slots=True)
class Rooms(Page):
    """A trainer's rooms, and the form for a new one; `typed` when that was refused."""

    template: ClassVar = "live/rooms.html"
    rooms: Sequence[Room]
    sets: Sequence[StoredSet]
    classes: Sequence[OwnClass]
    sizes: Sequence[int]
    timers: Sequence[int | None]
    error: BadInput | None
    typed: MultiDict[str, str] | None
    for_class: str  # the id of the class chosen from the start
    key: str


@dataclass(frozen=True, slots=True)
class Players(Page):
    """Who sits in a room; `names` are the class's own by player, `answered` the ids of seats."""

    template: ClassVar = "live/players.html"
    host: Hosted
    room: Room
    seats: Sequence[Seat]
    names: Mapping[int, str]
    answered: Set[int]
    is_asking: bool


@dataclass(frozen=True, slots=True)
class RoomQuestionPage(Page):
    """A revealed question once more, from the debrief."""

    template: ClassVar = "live/room_question.html"
    room: Room
    asked: QuestionReport


@bp.get("/")
def index() -> str:
    """The host's rooms, and the form for a new one."""
    return _index()


@bp.post("/")
def open_room() -> Redirect | tuple[str, int]:
    """Open a room: its lobby is the first thing on the projector."""
    host, now = trainer(), datetime.now(UTC)
    try:
        room_id = rooms.open_room(db.session(), host.id, _plan(), key_in(request.form), now, _rng())
    except BadInput as error:
        return _index(error), 422
    return redirect(url_for(".projector", room_id=room_id), 303)


@page_and_part(bp, "/<room_id>", part="/<room_id>/projector/part")
def projector(rendering: Rendering, room_id: str) -> str:
    """The room as the class sees it, with the controls at the foot."""
    return _screen(rendering, room_id, "projector")


@page_and_part(bp, "/<room_id>/remote")
def remote(rendering: Rendering, room_id: str) -> str:
    """The controls alone, for the host's phone."""
    return _screen(rendering, room_id, "remote")


@bp.get("/<room_id>/state")
def state(room_id: str) -> Response:
    """The lines that the stream would send, for those who poll."""
    lines = _lines(_hosted(room_id))
    return Response(lines, content_type="text/plain; charset=utf-8")


@bp.get("/<room_id>/stream")
def listen(room_id: str) -> Response:
    """Says when to look again, and how many have answered."""
    host = trainer()
    _hosted(room_id)
    return stream(
        messages.topics_of_host(room_id),
        owner=f"host {host.id} {room_id}",
        snapshot=lambda: _lines(_hosted(room_id)),
        line=messages.heard,
    )


@page_and_part(
    bp,
    "/<room_id>/move",
    method="POST",
    part="/<room_id>/<any(projector, remote):screen>/move/part",
)
def move(rendering: Rendering, room_id: str, screen: str = "") -> str | Redirect:
    """Move the room on; its part is the screen as it is then."""
    _move(room_id)
    if rendering.is_part:
        return _screen(rendering, room_id, screen)
    screen = "remote" if request.form.get("screen") == "remote" else "projector"
    return redirect(url_for(f".{screen}", room_id=room_id), 303)


@bp.get("/<room_id>/questions/<int(max=9999):position>")
def question(room_id: str, position: int) -> str:
    """A revealed question once more, from the debrief."""
    host = _hosted(room_id)
    asked = question_report(db.session(), host.room, position)
    return render(RoomQuestionPage(host.room, asked))


@bp.get("/<room_id>/players")
def players(room_id: str) -> str:
    """Who sits in the room, for the host's eyes: rename, send out, lock."""
    host, db_session = _hosted(room_id), db.session()
    state = host.state
    return render(
        Players(
            host=host,
            room=host.room,
            seats=results.all_seats(db_session, room_id),
            names=results.labels_of(db_session, host.room),
            answered=results.answered_seats(
                db_session, room_id, state.position, asked_look(host.rules, host.state)
            ),
            is_asking=state.phase in ANSWERING,
        )
    )


@bp.post("/<room_id>/lock")
def lock(room_id: str) -> Redirect:
    """Let nobody new in, or let them in again."""
    rooms.lock(db.session(), trainer().id, room_id, request.form.get("locked") == "1")
    messages.tell_host(room_id)
    return redirect(url_for(".players", room_id=room_id), 303)


@bp.post("/<room_id>/seats/<int:seat_id>/rename")
def rename(room_id: str, seat_id: int) -> Redirect:
    """Give a player another drawn name."""
    rooms.rename_seat(db.session(), trainer().id, room_id, seat_id, ui_language(), _rng())
    messages.tell_seat(room_id, seat_id)
    messages.tell_host(room_id)
    return redirect(url_for(".players", room_id=room_id), 303)


@bp.post("/<room_id>/seats/<int:seat_id>/remove")
def remove(room_id: str, seat_id: int) -> Redirect:
    """Send a player out."""
    rooms.remove_seat(db.session(), trainer().id, room_id, seat_id, datetime.now(UTC))
    messages.tell_seat(room_id, seat_id)
    messages.tell_host(room_id)
    return redirect(url_for(".players", room_id=room_id), 303)


@bp.post("/<room_id>/seats/<int:seat_id>/restore")
def restore(room_id: str, seat_id: int) -> Redirect:
    """Let a player back in."""
    rooms.restore_seat(db.session(), trainer().id, room_id, seat_id)
    messages.tell_seat(room_id, seat_id)
    messages.tell_host(room_id)
    return redirect(url_for(".players", room_id=room_id), 303)


@bp.post("/<room_id>/erase")
def erase(room_id: str) -> Redirect:
    """Delete the room with its answers, once the box is ticked."""
    _hosted(room_id)
    if not request.form.get("sure"):
        raise BadInput("sure", UNSURE)
    rooms.erase_room(db.session(), trainer().id, room_id)
    flash(_("The room and its answers are erased."), "good")
    return redirect(url_for(".index"), 303)


@bp.get("/<room_id>/<any('answers.csv', 'players.csv', 'room.xlsx'):file>")
def export(room_id: str, file: str) -> Response:
    """The answers, one row each, or the players, one row each, or both as sheets."""
    host = _hosted(room_id)
    answers, players = exports.tables_of(db.session(), host.room)
    if file == "room.xlsx":
        content, kind = to_xlsx([answers, players]), XLSX
    else:
        table = answers if file == "answers.csv" else players
        content, kind = to_csv(table), "text/csv; charset=utf-8"
    name = f"not-proven-{host.room.created_at:%Y-%m-%d}-{file}"
    disposition = f'attachment; filename="{name}"'
    return Response(content, content_type=kind, headers={"Content-Disposition": disposition})


def _hosted(room_id: str) -> Hosted:
    return rooms.hosted(db.session(), trainer().id, room_id, datetime.now(UTC))


def _move(room_id: str) -> None:
    """Make the move and tell the room; a room that has moved on already is left as it is."""
    wanted = choice_in(request.form, Move, "move", _NO_MOVE)
    host, seen = trainer(), request.form.get("stage", "")
    try:
        moved = rooms.move(db.session(), host.id, room_id, wanted, seen, datetime.now(UTC))
    except IllegalMove as error:
        raise Conflict(_NO_MOVE) from error
    if moved:
        messages.tell_room(room_id, _hosted(room_id).state)


def _rng() -> random.Random:
    return random.Random(secrets.token_bytes(16))


def _plan() -> RoomPlan:
    """What the form asks for. Raises BadInput on the field that is wrong."""
    form = request.form
    who = form.get("classroom", "")
    return RoomPlan(
        sets=tuple(dict.fromkeys(form.getlist("sets"))) if form.get("draw") != "weak" else (),
        size=_number("size", rooms.ROOM_SIZE),
        mode=choice_in(form, RoomMode, "room_mode", msg("Choose how it is played.")),
        scoring=choice_in(form, Scoring, "scoring", msg("Choose how points are given.")),
        timer=None if form.get("timer", "off") == "off" else _number("timer", rooms.ROOM_TIMER),
        leaderboard=choice_in(
            form, Leaderboard, "leaderboard", msg("Choose what the leaderboard shows.")
        ),
        naming=choice_in(form, Naming, "naming", msg("Choose whether names are drawn or chosen.")),
        classroom_id=_number("classroom", _NO_CLASS) if who else None,
    )


def _number(field: str, message: Message) -> int:
    raw = request.form.get(field, "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise BadInput(field, message)
    return int(raw)


def _index(error: BadInput | None = None) -> str:
    host, db_session = trainer(), db.session()
    return render(
        Rooms(
            rooms=rooms.rooms_of(db_session, host.id),
            sets=[s for s in catalogue_of(db_session).sets(db_session) if not s.is_examples],
            classes=classes_of(db_session, host),
            sizes=rooms.SIZES,
            timers=rooms.TIMERS,
            error=error,
            typed=request.form if error else None,
            for_class=request.args.get("classroom", ""),
            key=secrets.token_urlsafe(16),
        )
    )


def _lines(host: Hosted) -> str:
    state = host.state
    line = messages.line_of(state, datetime.now(UTC))
    if state.phase not in ANSWERING and state.phase is not Phase.LOBBY:
        return line
    answered, seated = counted(host)
    return f"{line}\ncount {answered} {seated}"


def _screen(rendering: Rendering, room_id: str, screen: str) -> str:
    return rendering.render(screen_page(_hosted(room_id), screen))
