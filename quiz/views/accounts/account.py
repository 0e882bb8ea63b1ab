"""Keeping a record: a name and a passphrase, sign-in, one's own data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from ...domain.codes import normalise
from ...domain.errors import BadInput, NotFound, TooMany
from ...domain.message import msg
from ...models import Classroom, Room
from ...services.accounts import players
from ...services.classes.rosters import classes_joined
from ...services.live.seats import open_rooms
from ...services.play import own_record
from ...storage.db import db
from ...web.access import enter, leave, player
from ...web.forms import UNSURE
from ...web.pages import Page, render
from ...web.rate_limits import sign_in_tries

bp = Blueprint("accounts", __name__, url_prefix="/account")
WRONG_SIGN_IN = msg("This name and this passphrase do not go together.")


@dataclass(frozen=True, slots=True)
class Account(Page):
    """One's record, with the classes one is in."""

    template: ClassVar = "accounts/account.html"
    classes: Sequence[Classroom]
    error: BadInput | None


@dataclass(frozen=True, slots=True)
class Keep(Page):
    """The form that gives a record a name."""

    template: ClassVar = "accounts/keep.html"
    error: BadInput | None = None


@dataclass(frozen=True, slots=True)
class SignIn(Page):
    """The sign-in form, with the rooms that a guest would lose the seat in."""

    template: ClassVar = "accounts/sign_in.html"
    rooms: Sequence[Room]
    error: BadInput | None = None


@bp.get("/")
def index() -> str | Redirect:
    """One's record: keep it, sign out, take it away, erase it."""
    if player() is None:
        return redirect(url_for(".sign_in"), 303)
    return _page(None)


@bp.get("/keep")
def keep() -> str:
    """The form that gives a record a name."""
    return render(Keep())


@bp.post("/keep")
def keep_record() -> Redirect | tuple[str, int]:
    """Give the guest (or a new player) a name and a passphrase."""
    form = request.form
    try:
        kept = players.keep_record(
            db.session(),
            player(),
            form.get("name", ""),
            form.get("passphrase", ""),
            datetime.now(UTC),
        )
    except BadInput as error:
        return render(Keep(error)), 422
    enter(kept)
    flash(_("Kept. From now on, sign in with this name and passphrase anywhere."), "good")
    return redirect(url_for(".index"), 303)


@bp.get("/sign-in")
def sign_in() -> str:
    """The sign-in form."""
    return render(SignIn(_rooms()))


@bp.post("/sign-in")
def signed_in() -> Redirect | tuple[str, int]:
    """Check name and passphrase; tries are limited, a failure does not tell which was wrong."""
    name, passphrase = request.form.get("name", ""), request.form.get("passphrase", "")
    if not sign_in_tries.take(name):
        raise TooMany
    learner = players.sign_in(db.session(), name, passphrase)
    if learner is None:
        error = BadInput("passphrase", WRONG_SIGN_IN)
        return render(SignIn(_rooms(), error)), 422
    sign_in_tries.succeeded(name)
    guest, rooms = player(), _rooms()
    if guest and guest.is_guest and request.form.get("bring"):
        players.bring_along(db.session(), guest, learner)
        if rooms:
            enter(learner)
            return redirect(url_for("live.seat", room_id=rooms[0].id), 303)
    enter(learner)
    room = normalise(request.form.get("room", ""))
    if room:  # on the way to a room of the class
        return redirect(url_for("live.door", code=room), 303)
    return redirect(url_for("classes.index" if learner.is_trainer else "home.index"), 303)


@bp.post("/sign-out")
def sign_out() -> Redirect:
    """End the session in this browser, or in all of them."""
    who = player()
    if who and request.form.get("everywhere"):
        players.sign_out_everywhere(db.session(), who)
    leave()
    return redirect(url_for("home.index"), 303)


@bp.post("/passphrase")
def passphrase() -> Redirect | tuple[str, int]:
    """Change the passphrase; other browsers are signed out."""
    who = player()
    if who is None or who.is_guest:
        raise NotFound
    old, new = request.form.get("old", ""), request.form.get("passphrase", "")
    if not sign_in_tries.take(who.name or ""):
        raise TooMany
    try:
        players.change_passphrase(db.session(), who, old, new)
    except BadInput as error:
        return _page(error), 422
    sign_in_tries.succeeded(who.name or "")
    enter(who)
    flash(_("The passphrase is changed. Other browsers are signed out."), "good")
    return redirect(url_for(".index"), 303)


@bp.get("/export")
def export() -> Response:
    """All that is stored of the player, as a JSON file."""
    who = player()
    if who is None:
        raise NotFound
    response = jsonify(own_record.export(db.session(), who))
    response.headers["Content-Disposition"] = 'attachment; filename="not-proven-record.json"'
    return response


@bp.post("/erase")
def erase() -> Redirect | tuple[str, int]:
    """Delete the player with everything, once the box is ticked."""
    who = player()
    if who is None:
        raise NotFound
    if not request.form.get("sure"):
        error = BadInput("sure", UNSURE)
        return _page(error), 422
    players.erase(db.session(), who)
    leave()
    flash(_("Your record is erased."), "good")
    return redirect(url_for("home.index"), 303)


def _page(error: BadInput | None) -> str:
    who = player()
    joined = classes_joined(db.session(), who) if who else []
    return render(Account(joined, error))


def _rooms() -> Sequence[Room]:
    """The live rooms that a guest sits in: who signs in now would lose the seat."""
    who = player()
    return open_rooms(db.session(), who.id) if who and who.is_guest else ()
