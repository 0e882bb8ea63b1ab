"""A set goes to the players and comes back; who else has it; what it once was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from ...domain.errors import BadInput, Conflict, TooMany
from ...domain.message import Message, msg
from ...domain.set_life import IllegalStep, SetStep
from ...models import DeskSet, Right
from ...services.desk import history, publishing, readings, rights, sharing, threads
from ...services.desk.overview import SetOverview, overview_of
from ...storage.db import db
from ...web import rate_limits
from ...web.access import trainer
from ...web.forms import choice_in
from ...web.pages import Page, render
from ...web.template_tools import taxonomy
from .sets import bp, page

_STEP_PAST = msg("The set has moved on meanwhile. Go back and look where it stands.")
_NO_STEP = msg("Choose what is to happen with the set.")
_NO_RIGHT = msg("Choose whether they may read or edit it.")


@dataclass(frozen=True, slots=True)
class SetHistory(Page):
    """The editions of a set, the latest first."""

    template: ClassVar = "desk/editions.html"
    set: DeskSet
    editions: Sequence[history.Edition]


@dataclass(frozen=True, slots=True)
class PublishPage(Page):
    """What publishing would change for players; `changes` is None before the first edition."""

    template: ClassVar = "desk/publish.html"
    overview: SetOverview
    set: DeskSet
    changes: history.Changes | None
    remarks: Sequence[threads.Conversation]  # that are still open
    nothing_changed: Message  # why it cannot be published again


def _told(step: SetStep) -> str | None:
    """What a step that can be taken here has done."""
    told = {
        SetStep.SUBMIT: _("The set is in review. Now a colleague can read it blind."),
        SetStep.WITHDRAW: _("The set is a draft again."),
        SetStep.ARCHIVE: _("The set is archived. Nobody can begin a round with it."),
        SetStep.RESTORE: _("The set is a draft again. Players get it once you publish it."),
    }
    return told.get(step)


@bp.get("/sets/<int:set_id>/publish")
def ask_publish(set_id: int) -> str:
    """What publishing would change for players, before it is done."""
    return _publishing(set_id)


@bp.post("/sets/<int:set_id>/publish")
def publish(set_id: int) -> Redirect | tuple[str, int]:
    """Offer the set to players as it is now."""
    who, now = trainer(), datetime.now(UTC)
    try:
        edition = publishing.publish(db.session(), who, set_id, taxonomy(), now)
    except publishing.NotReady:
        return _publishing(set_id), 409
    except IllegalStep as error:
        raise Conflict(_STEP_PAST) from error
    flash(_("Edition %(number)s is out: everybody can play it.", number=edition.number), "good")
    return redirect(url_for(".show", set_id=set_id), 303)


@bp.post("/sets/<int:set_id>/step")
def step(set_id: int) -> Redirect:
    """Hand the set in for review, take it back, archive it, get it out again."""
    who = trainer()
    wanted = choice_in(request.form, SetStep, "step", _NO_STEP)
    told = _told(wanted)
    if told is None:
        raise BadInput("step", _NO_STEP)
    try:
        publishing.step(db.session(), who, set_id, wanted, datetime.now(UTC))
    except IllegalStep as error:
        raise Conflict(_STEP_PAST) from error
    flash(told, "good")
    return redirect(url_for(".show", set_id=set_id), 303)


@bp.get("/sets/<int:set_id>/history")
def show_history(set_id: int) -> str:
    """The editions of a set, with what changed from each to the next."""
    row = rights.set_of(db.session(), trainer(), set_id)
    found = history.history_of(db.session(), row)
    return render(SetHistory(row, found))


@bp.post("/sets/<int:set_id>/shares")
def share(set_id: int) -> Redirect | tuple[str, int]:
    """Let another trainer have the set."""
    who = trainer()
    rights.own_set(db.session(), who, set_id)
    try:
        right = choice_in(request.form, Right, "right", _NO_RIGHT)
        if not rate_limits.take(rate_limits.NAME_TRIES, "trainer's name", str(who.id)):
            raise TooMany
        sharing.share(db.session(), who, set_id, request.form.get("name", ""), right)
    except BadInput as error:
        return page(set_id, error), 422
    readings.end_seen(db.session(), who, set_id, datetime.now(UTC))
    flash(_("The set is shared."), "good")
    return _shared(set_id)


@bp.post("/sets/<int:set_id>/shares/<int:other_id>")
def change_right(set_id: int, other_id: int) -> Redirect:
    """Let another trainer do more with the set, or less."""
    who = trainer()
    right = choice_in(request.form, Right, "right", _NO_RIGHT)
    sharing.change_right(db.session(), who, set_id, other_id, right)
    return _shared(set_id)


@bp.post("/sets/<int:set_id>/shares/<int:other_id>/drop")
def take_back(set_id: int, other_id: int) -> Redirect:
    """Share the set with another trainer no longer."""
    sharing.take_back(db.session(), trainer(), set_id, other_id)
    return _shared(set_id)


@bp.post("/sets/<int:set_id>/leave")
def leave(set_id: int) -> Redirect:
    """Give back a set that somebody else shares."""
    sharing.leave_set(db.session(), trainer(), set_id)
    flash(_("You have given the set back."), "good")
    return redirect(url_for(".index"), 303)


def _publishing(set_id: int) -> str:
    who, session = trainer(), db.session()
    rights.own_set(session, who, set_id)
    overview = overview_of(session, who, set_id, taxonomy())
    changes = history.changes_since(overview.edition, overview.body)
    remarks = threads.open_on_set(session, who, set_id)
    nothing_changed = publishing.NOTHING_CHANGED
    return render(PublishPage(overview, overview.set, changes, remarks, nothing_changed))


def _shared(set_id: int) -> Redirect:
    return redirect(url_for(".show", set_id=set_id, _anchor="sharing"), 303)
