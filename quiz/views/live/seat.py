"""Playing in a live room: join with a code, then one page that shows where the room stands."""

from __future__ import annotations

import random
import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as Redirect

from ...domain.codes import normalise
from ...domain.errors import BadInput, NotFound, TooMany
from ...domain.room import ANSWERING, Phase, RoomMode
from ...domain.scoring import POINTER_BONUS, Confidence, Scoring, points
from ...models import Look, Room
from ...server.streams import LOOK, stream
from ...services.accounts.players import new_guest
from ...services.accounts.pseudonyms import pseudonym
from ...services.classes import rosters
from ...services.library.catalogue import catalogue_of
from ...services.library.outcome import outcome_of
from ...services.library.passages import passages
from ...services.live import results, seats
from ...services.live.seat_state import Place, asked_look, place_of
from ...services.play.solo import Stage
from ...storage.db import db
from ...web.access import caller, enter, keep_signed_in, player
from ...web.forms import answer_in
from ...web.i18n import ui_language
from ...web.rate_limits import code_tries
from . import messages

bp = Blueprint("live", __name__)
DRAWS = 3


@bp.get("/join")
def join() -> str:
    """Where a code is typed."""
    who = player()
    rooms = seats.open_rooms(db.session(), who.id) if who else ()
    return render_template("live/join.html", error=None, rooms=rooms)


@bp.post("/join")
def joined_by_code() -> Redirect | tuple[str, int]:
    """Take a typed code to the room's door, or to the class's."""
    code = normalise(request.form.get("code", ""))
    if code is None:
        error = BadInput("code", "code_form")
        return render_template("live/join.html", error=error, rooms=()), 422
    _check_tries()
    try:  # the class's code is typed here as often as the room's
        rosters.class_with_code(db.session(), code)
        return redirect(url_for("joining.confirm", code=code), 303)
    except NotFound:
        pass
    try:
        _room(code)
    except NotFound:
        return _no_room(), 422
    return redirect(url_for(".door", code=code), 303)


@bp.get("/join/<code>")
def door(code: str) -> str | Redirect | tuple[str, int]:
    """The second step: under which name."""
    try:
        room = _room(normalise(code) or "")
    except NotFound:
        return _no_room(), 404
    who = player()
    if who and seats.seat_of(db.session(), room.id, who.id):
        return redirect(url_for(".seat", room_id=room.id), 303)
    return _door(room)


@bp.post("/join/<code>")
def take_seat(code: str) -> Redirect | tuple[str, int]:
    """Sit down; somebody without a record becomes a guest first."""
    db_session, now = db.session(), datetime.now(UTC)
    room = _room(normalise(code) or "")
    who = player()
    if who and seats.seat_of(db_session, room.id, who.id):
        return redirect(url_for(".seat", room_id=room.id), 303)
    try:
        name = _name(room)
        if who is None:
            seats.check_open(room)
            who = new_guest(db_session, ui_language(), now, _rng(), name)
            enter(who)
        seat = seats.take_seat(db_session, room, who.id, name, now)
    except BadInput as error:
        return _door(room, error), 422
    keep_signed_in()
    session.pop("offers", None)
    if messages.count_is_due(room.id):
        messages.tell_count(room.id, *results.counted(db_session, room.id, 0, Look.FINAL))
    return redirect(url_for(".seat", room_id=seat.room_id), 303)


@bp.get("/live/<room_id>")
def seat(room_id: str) -> str:
    """Where the room stands, for this player."""
    return render_template("live/seat.html", **_sheet(_place(room_id)))


@bp.get("/live/<room_id>/part")
def seat_part(room_id: str) -> str:
    """The same without the page around it."""
    return render_template("live/_seat.html", **_sheet(_place(room_id)))


@bp.get("/live/<room_id>/state")
def state(room_id: str) -> Response:
    """The line that the stream would send, for those who poll."""
    place = _place(room_id)
    line = LOOK if place.is_removed else messages.line_of(place.state, datetime.now(UTC))
    return Response(line, content_type="text/plain; charset=utf-8")


@bp.get("/live/<room_id>/stream")
def listen(room_id: str) -> Response:
    """Says when to look again."""
    place = _place(room_id)
    return stream(
        messages.topics_of_seat(room_id, place.seat_id),
        owner=f"seat {place.seat_id}",
        snapshot=lambda: messages.line_of(_place(room_id).state, datetime.now(UTC)),
        line=messages.heard,
    )


@bp.post("/live/<room_id>/<int(max=9999):position>/answer")
def answer(room_id: str, position: int) -> Redirect | tuple[str, int]:
    """Take an answer from the plain form."""
    try:
        taken = _answer(room_id, position)
    except BadInput as error:
        return render_template("live/seat.html", **_sheet(_place(room_id), error=error)), 422
    return redirect(url_for(".seat", room_id=room_id, word=_word(taken)), 303)


@bp.get("/live/<room_id>/<int(max=9999):position>/answer")
def answered(room_id: str, position: int) -> Redirect:
    """The form's address, loaded again or reached by Back: the room as it stands."""
    _place(room_id)  # or not found
    return redirect(url_for(".seat", room_id=room_id), 303)


@bp.post("/live/<room_id>/<int(max=9999):position>/answer/part")
def answer_part(room_id: str, position: int) -> str | tuple[str, int]:
    """Take an answer, and give what there is to see now."""
    try:
        taken = _answer(room_id, position)
    except BadInput as error:
        return render_template("live/_seat.html", **_sheet(_place(room_id), error=error)), 422
    return render_template("live/_seat.html", **_sheet(taken.place, word=_word(taken)))


def _answer(room_id: str, position: int) -> seats.Taken:
    db_session = db.session()
    taken = seats.answer(
        db_session, caller(), room_id, position, answer_in(request.form), datetime.now(UTC)
    )
    if messages.count_is_due(room_id):
        look = asked_look(taken.place.rules, taken.place.state)
        messages.tell_count(room_id, *results.counted(db_session, room_id, position, look))
    return taken


def _word(taken: seats.Taken) -> str | None:
    """What there is to say about a submit that was not taken."""
    if taken.already:
        return "already"
    if taken.closed:
        return "paused" if taken.place.state.paused_at else "closed"
    return None


def _place(room_id: str) -> Place:
    return place_of(db.session(), caller(), room_id, datetime.now(UTC))


def _check_tries() -> None:
    """Raise TooMany after too many wrong codes, before any code is looked up."""
    who = player()
    if not code_tries.allowed(who.id if who else None):
        raise TooMany


def _room(code: str) -> Room:
    """The room of a code. A wrong one is counted; too many, and no code is tried any more."""
    _check_tries()
    try:
        return seats.room_by_code(db.session(), code)
    except NotFound:
        who = player()
        code_tries.failed(who.id if who else None)
        raise


def _no_room() -> str:
    unknown = BadInput("code", "code_unknown")
    return render_template("live/join.html", error=unknown, rooms=())


def _rng() -> random.Random:
    return random.Random(secrets.token_bytes(16))


def _door(room: Room, error: BadInput | None = None) -> str:
    who = player()
    may = seats.is_for(db.session(), room, who.id if who else None)
    if "offers" not in session or (error is not None and not request.form.get("chosen")):
        session["offers"] = _offers()
    return render_template(
        "live/door.html", room=room, may=may, offers=session["offers"], error=error
    )


def _offers() -> list[str]:
    """Three names to choose from."""
    rng, names = _rng(), dict[str, None]()
    while len(names) < DRAWS:
        names[pseudonym(ui_language(), rng)] = None
    return list(names)


def _name(room: Room) -> str:
    """Under which name to sit; in a room of a class the player's own, never the trainer's label."""
    if room.classroom_id is not None:
        who = player()
        if who is None or not seats.is_for(db.session(), room, who.id):
            raise BadInput("code", "room_of_class")
        return who.display_name
    offers = tuple(session.get("offers", ()))
    chosen = request.form.get("chosen", "").strip() or request.form.get("name", "")
    return seats.usable_seat_name(room, chosen, offers)


def _sheet(
    place: Place, *, error: BadInput | None = None, word: str | None = None
) -> dict[str, Any]:
    """What the templates get. Before the reveal nothing in it depends on the verdict."""
    db_session, now = db.session(), datetime.now(UTC)
    word = word or request.args.get("word")
    sheet: dict[str, Any] = {
        "place": place,
        "phase": place.state.phase,
        "left": place.state.left(now),
        "word": word if word in ("already", "closed", "paused") else None,
        "error": error,
    }
    if place.is_removed:
        return sheet
    if place.state.phase in (Phase.STANDINGS, Phase.DEBRIEF, Phase.FINISHED):
        return sheet | _own_standing(place)
    if place.revision_id is None or place.state.phase is Phase.LOBBY:
        return sheet
    catalogue = catalogue_of(db_session)
    revision = catalogue.revision(db_session, place.revision_id)
    sheet["claim"] = revision.question.claim
    if place.state.phase is Phase.REVEAL:
        sheet["revision"] = revision
        if place.final is not None:
            sheet["outcome"] = outcome_of(revision, place.first, place.final, place.scoring)
            sheet["pointed"] = catalogue.pointed(db_session, revision, place.final.pointer)
    elif place.state.phase in ANSWERING and place.stage is not None:
        sheet |= _form(place, error)
        if place.stage is Stage.SECOND_LOOK:
            sheet["files"] = tuple(catalogue.files_of(db_session, revision).values())
        elif place.stage is Stage.ASK:
            sheet["passages_shown"] = passages(revision)
    return sheet


def _form(place: Place, error: BadInput | None) -> dict[str, Any]:
    stage = place.stage
    return {
        "stage": stage,
        "look": place.awaited,
        "typed": request.form if error else {},
        "key": secrets.token_urlsafe(16),
        "pointing": stage is Stage.SECOND_LOOK and place.rules.mode is RoomMode.EVIDENCE,
        "bonus": POINTER_BONUS if place.scoring is Scoring.CONFIDENCE else 0,
        "shows_stakes": stage is not Stage.FIRST_LOOK and place.scoring is Scoring.CONFIDENCE,
        "stakes": {c: (points(c, True), points(c, False)) for c in Confidence},
    }


def _own_standing(place: Place) -> dict[str, Any]:
    db_session = db.session()
    room = db_session.get_one(Room, place.room_id)
    sheet = results.sheet_of(db_session, room)
    return {
        "standing": sheet.by_seat.get(place.seat_id),
        "players": sum(standing.rank is not None for standing in sheet.standings),
        "answers": sheet.answers_of.get(place.seat_id, ()),
    }
