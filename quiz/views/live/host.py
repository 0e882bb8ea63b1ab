"""Hosting a live room: the projector, the controls on it or on a phone, the debrief."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from ...content.format.spreadsheet_writing import to_csv, to_xlsx
from ...domain.answer import Look
from ...domain.errors import BadInput, Conflict, NotFound
from ...domain.measures import Proportion
from ...domain.message import Message, msg
from ...domain.question_set import SourceDocument
from ...domain.room import (
    ANSWERING,
    IllegalMove,
    Leaderboard,
    Move,
    Naming,
    Phase,
    RoomMode,
    State,
    asked_look,
)
from ...domain.scoring import Scoring
from ...models import Classroom, Room, RoomQuestion, Seat
from ...server.streams import stream
from ...services.classes.classrooms import classes_of
from ...services.library.catalogue import Revision, catalogue_of
from ...services.library.passages import Passage, passages
from ...services.live import debrief, exports, results, rooms
from ...services.live.rooms import Hosted, RoomPlan
from ...storage.db import db
from ...web.access import trainer
from ...web.forms import UNSURE, choice_in, key_in
from ...web.i18n import ui_language
from ...web.page_parts import Rendering, page_and_part
from . import messages

bp = Blueprint("rooms", __name__, url_prefix="/rooms")
SCREENS = {"projector": "live/projector.html", "remote": "live/remote.html"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NO_CLASS = msg("Choose one of your classes, or anyone.")
_NO_MOVE = msg("The room cannot do that now. Go back and look where it stands.")


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
    asked = debrief.question_report(db.session(), host.room, position)
    return render_template("live/room_question.html", room=host.room, asked=asked)


@bp.get("/<room_id>/players")
def players(room_id: str) -> str:
    """Who sits in the room, for the host's eyes: rename, send out, lock."""
    host, db_session = _hosted(room_id), db.session()
    state = host.state
    return render_template(
        "live/players.html",
        host=host,
        room=host.room,
        seats=results.all_seats(db_session, room_id),
        names=results.labels_of(db_session, host.room),
        answered=results.answered_seats(
            db_session, room_id, state.position, asked_look(host.rules, host.state)
        ),
        is_asking=state.phase in ANSWERING,
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
    return render_template(
        "live/rooms.html",
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


def _counted(host: Hosted) -> tuple[int, int]:
    """How many have answered, and of how many; in a lobby everybody counts, newcomers too."""
    room, state = host.room, host.state
    position = 0 if state.phase is Phase.LOBBY else state.position
    return results.counted(db.session(), room.id, position, asked_look(host.rules, host.state))


def _lines(host: Hosted) -> str:
    state = host.state
    line = messages.line_of(state, datetime.now(UTC))
    if state.phase not in ANSWERING and state.phase is not Phase.LOBBY:
        return line
    answered, seated = _counted(host)
    return f"{line}\ncount {answered} {seated}"


class ScreenContext(TypedDict, total=False):
    """What either screen gets. What is not there has no place in this phase."""

    host: Hosted
    room: Room
    state: State
    phase: Phase
    screen: str
    left: timedelta | None
    moves: frozenset[Move]
    answered: int
    seated: int
    seats: Sequence[Seat]
    classroom: Classroom | None
    results: results.RoomResults
    debrief: debrief.Debrief
    claim: Mapping[str, str]
    pointing: bool
    files: tuple[SourceDocument, ...]
    passages_shown: tuple[Passage, ...]
    distributions: Mapping[Look, results.Distribution]
    revision: Revision
    found: Proportion | None


def _screen(rendering: Rendering, room_id: str, screen: str) -> str:
    return rendering.render(SCREENS[screen], _context(_hosted(room_id), screen))


def _context(host: Hosted, screen: str) -> ScreenContext:
    """Nothing in it depends on the verdict before the reveal, for the host either."""
    db_session, room, state = db.session(), host.room, host.state
    answered, seated = _counted(host)
    context: ScreenContext = {
        "host": host,
        "room": room,
        "state": state,
        "phase": state.phase,
        "screen": screen,
        "left": state.left(datetime.now(UTC)),
        "moves": host.moves,
        "answered": answered,
        "seated": seated,
    }
    if state.phase is Phase.LOBBY:
        context["seats"] = results.seats_of(db_session, room.id)
        context["classroom"] = db_session.get(Classroom, room.classroom_id or 0)
    elif state.phase is Phase.STANDINGS:
        context["results"] = results.results_of(db_session, room)
    elif state.phase in (Phase.DEBRIEF, Phase.FINISHED):
        context["debrief"] = debrief.debrief_of(db_session, room)
    elif state.position:
        _add_question(context, host)
    return context


def _add_question(context: ScreenContext, host: Hosted) -> None:
    db_session, room, state = db.session(), host.room, host.state
    asked = db_session.get(RoomQuestion, (room.id, state.position))
    if asked is None:
        raise NotFound(room.id)
    catalogue = catalogue_of(db_session)
    revision = catalogue.revision(db_session, asked.revision_id)
    context["claim"] = revision.question.claim
    context["pointing"] = False
    if state.phase is Phase.SECOND_LOOK:
        context["files"] = tuple(catalogue.files_of(db_session, revision).values())
    elif state.phase is Phase.QUESTION and not host.rules.has_two_looks:
        context["passages_shown"] = passages(revision)
    if state.phase in (Phase.CLOSED, Phase.REVEAL):
        context["distributions"] = {
            look: results.distribution(db_session, room.id, state.position, look)
            for look in host.rules.mode.task.looks
        }
    if state.phase is Phase.REVEAL:
        context["revision"] = revision
        reports = debrief.debrief_of(db_session, room).questions
        context["found"] = next((r.found for r in reports if r.position == state.position), None)
