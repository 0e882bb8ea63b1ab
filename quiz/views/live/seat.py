"""Playing in a live room: join with a code, then one page that shows where the room stands."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from flask import Blueprint, Response, redirect, request, session, url_for
from werkzeug.wrappers import Response as Redirect

from ...domain.answer import Look, Receipt, Stage, Status
from ...domain.codes import normalise
from ...domain.errors import BadInput, NotFound, TooMany
from ...domain.message import msg
from ...domain.room import Phase, asked_look
from ...domain.scoring import Scoring
from ...models import Room
from ...server.streams import LOOK, stream
from ...services.accounts.players import new_guest
from ...services.accounts.pseudonyms import pseudonym
from ...services.classes import rosters
from ...services.library.catalogue import catalogue_of
from ...services.library.outcome import outcome_of
from ...services.library.passages import passages
from ...services.live import results, seats
from ...services.live.results import SeatAnswer, SeatStanding
from ...services.live.seat_state import SeatState, seat_state
from ...storage.db import db
from ...web.access import caller, enter, keep_signed_in, player
from ...web.forms import answer_in
from ...web.i18n import ui_language
from ...web.page_parts import Rendering, page_and_part
from ...web.pages import Page, render
from ...web.question_pages import AnswerPage, with_answer_form
from ...web.rate_limits import code_tries
from . import messages

bp = Blueprint("live", __name__)
DRAWS = 3
WORDS = ("already", "closed", "paused")
"""What a page can say of a submission that does not count."""


@dataclass(frozen=True, slots=True)
class JoinRoom(Page):
    """Where a code is typed, and the rooms that the player sits in already."""

    template: ClassVar = "live/join.html"
    rooms: Sequence[Room] = ()
    error: BadInput | None = None


@dataclass(frozen=True, slots=True)
class Door(Page):
    """The second step, under which name; `may` whoever the room is for."""

    template: ClassVar = "live/door.html"
    room: Room
    may: bool
    offers: Sequence[str]  # names to choose from
    error: BadInput | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPage(AnswerPage):
    """Where a room stands, for one of its players."""

    template: ClassVar = "live/seat.html"
    seat: SeatState
    phase: Phase
    left: timedelta | None  # until the question closes
    word: str | None  # one of WORDS
    shows_stakes: bool = False  # what each confidence pays
    # After the last question, or between two
    standing: SeatStanding | None = None
    players: int = 0
    answers: Sequence[SeatAnswer] = ()


@bp.get("/join")
def join() -> str:
    """Where a code is typed."""
    who = player()
    rooms = seats.open_rooms(db.session(), who.id) if who else ()
    return render(JoinRoom(rooms))


@bp.post("/join")
def joined_by_code() -> Redirect | tuple[str, int]:
    """Take a typed code to the room's door, or to the class's."""
    code = normalise(request.form.get("code", ""))
    if code is None:
        error = BadInput("code", msg("A code has six letters and digits."))
        return render(JoinRoom(error=error)), 422
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


@page_and_part(bp, "/live/<room_id>")
def seat(rendering: Rendering, room_id: str) -> str:
    """Where the room stands, for this player."""
    return rendering.render(_page(_seat(room_id)))


@bp.get("/live/<room_id>/state")
def state(room_id: str) -> Response:
    """The line that the stream would send, for those who poll."""
    seat = _seat(room_id)
    line = LOOK if seat.is_removed else messages.line_of(seat.state, datetime.now(UTC))
    return Response(line, content_type="text/plain; charset=utf-8")


@bp.get("/live/<room_id>/stream")
def listen(room_id: str) -> Response:
    """Says when to look again."""
    seat = _seat(room_id)
    return stream(
        messages.topics_of_seat(room_id, seat.seat_id),
        owner=f"seat {seat.seat_id}",
        snapshot=lambda: messages.line_of(_seat(room_id).state, datetime.now(UTC)),
        line=messages.heard,
    )


@page_and_part(bp, "/live/<room_id>/<int(max=9999):position>/answer", method="POST")
def answer(rendering: Rendering, room_id: str, position: int) -> str | Redirect | tuple[str, int]:
    """Take an answer; its part is what there is to see now."""
    try:
        sent, now = answer_in(request.form), datetime.now(UTC)
        receipt = seats.answer(db.session(), caller(), room_id, position, sent, now)
    except BadInput as error:
        return rendering.render(_page(_seat(room_id), error=error)), 422
    _tell_count(receipt.after, position)
    if rendering.is_part:
        return rendering.render(_page(receipt.after, word=_word(receipt)))
    return redirect(url_for(".seat", room_id=room_id, word=_word(receipt)), 303)


@bp.get("/live/<room_id>/<int(max=9999):position>/answer")
def answered(room_id: str, position: int) -> Redirect:
    """The form's address, loaded again or reached by Back: the room as it stands."""
    _seat(room_id)  # or not found
    return redirect(url_for(".seat", room_id=room_id), 303)


def _tell_count(seat: SeatState, position: int) -> None:
    """Tell the host's screens how many have answered, if they may be told again by now."""
    room_id = seat.room_id
    if messages.count_is_due(room_id):
        look = asked_look(seat.rules, seat.state)
        messages.tell_count(room_id, *results.counted(db.session(), room_id, position, look))


def _word(receipt: Receipt[SeatState]) -> str | None:
    """What there is to say about a submission that does not count."""
    if receipt.counts:
        return None
    if receipt.status is Status.CLOSED and receipt.after.state.paused_at:
        return "paused"
    return receipt.status.value


def _seat(room_id: str) -> SeatState:
    return seat_state(db.session(), caller(), room_id, datetime.now(UTC))


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
    unknown = BadInput("code", msg("No room has this code now. Look at the screen again."))
    return render(JoinRoom(error=unknown))


def _rng() -> random.Random:
    return random.Random(secrets.token_bytes(16))


def _door(room: Room, error: BadInput | None = None) -> str:
    who = player()
    may = seats.is_for(db.session(), room, who.id if who else None)
    if "offers" not in session or (error is not None and not request.form.get("chosen")):
        session["offers"] = _offers()
    return render(Door(room, may, session["offers"], error))


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
            raise BadInput("code", msg("This room is for a class. Sign in with your card first."))
        return who.display_name
    offers = tuple(session.get("offers", ()))
    chosen = request.form.get("chosen", "").strip() or request.form.get("name", "")
    return seats.usable_seat_name(room, chosen, offers)


def _page(seat: SeatState, *, error: BadInput | None = None, word: str | None = None) -> SeatPage:
    """Before the reveal nothing in it depends on the verdict."""
    word = word or request.args.get("word")
    page = SeatPage(
        seat=seat,
        phase=seat.state.phase,
        left=seat.state.left(datetime.now(UTC)),
        word=word if word in WORDS else None,
        error=error,
    )
    if seat.is_removed:
        return page
    if seat.state.phase in (Phase.STANDINGS, Phase.DEBRIEF, Phase.FINISHED):
        return _with_standing(page, seat)
    if seat.revision_id is not None and seat.state.phase is not Phase.LOBBY:
        return _with_question(page, seat, seat.revision_id)
    return page


def _with_question(page: SeatPage, seat: SeatState, revision_id: int) -> SeatPage:
    db_session, awaited = db.session(), seat.awaited
    catalogue = catalogue_of(db_session)
    revision = catalogue.revision(db_session, revision_id)
    if seat.state.phase is Phase.REVEAL:
        if seat.final is None:
            return replace(page, revision=revision)
        return replace(
            page,
            revision=revision,
            outcome=outcome_of(revision, seat.first, seat.final, seat.scoring),
            pointed=catalogue.pointed(db_session, revision, seat.final.pointer),
        )
    claim = revision.question.claim
    if awaited is None:
        return replace(page, claim=claim)
    page = with_answer_form(page, seat.task, awaited, request.form, page.error, seat.scoring)
    if page.stage is Stage.FIRST_LOOK:
        return replace(page, claim=claim)
    pays = seat.scoring is Scoring.CONFIDENCE
    if page.stage is Stage.SECOND_LOOK:
        files = tuple(catalogue.files_of(db_session, revision).values())
        return replace(page, claim=claim, shows_stakes=pays, files=files)
    return replace(page, claim=claim, shows_stakes=pays, passages_shown=passages(revision))


def _with_standing(page: SeatPage, seat: SeatState) -> SeatPage:
    db_session = db.session()
    found = results.results_of(db_session, db_session.get_one(Room, seat.room_id))
    return replace(
        page,
        standing=found.by_seat.get(seat.seat_id),
        players=sum(standing.rank is not None for standing in found.standings),
        answers=found.answers_of.get(seat.seat_id, ()),
    )
