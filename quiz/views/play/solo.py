"""Playing alone: each question has an address; its stage follows from what is stored."""

from __future__ import annotations

import random
import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from ...domain.errors import BadInput
from ...domain.scoring import POINTER_BONUS, Confidence, points
from ...models import Mode
from ...services.accounts.players import new_guest
from ...services.library.catalogue import catalogue_of
from ...services.library.outcome import outcome_of
from ...services.library.passages import passages
from ...services.play import rounds, solo
from ...services.play.solo import Item, Stage
from ...services.play.summary import summary_of
from ...storage.db import db
from ...web.access import caller, enter, keep_signed_in, player
from ...web.forms import answer_in, choice_in, key_in
from ...web.i18n import ui_language

bp = Blueprint("solo", __name__)
SIZES = {"5": 5, "10": 10, "all": None}


@bp.post("/rounds")
def start() -> Redirect:
    """Start a round; somebody without a record becomes a guest first."""
    session, now = db.session(), datetime.now(UTC)
    mode = choice_in(request.form, Mode, "mode")
    size = request.form.get("size", "10")
    if size not in SIZES:
        raise BadInput("size", "size")
    slug = request.form.get("set") or None
    rng = random.Random(secrets.token_bytes(16))
    who = player()
    if who is None:
        rounds.check_playable(session, slug)  # nobody becomes a guest for a round that cannot be
        who = new_guest(session, ui_language(), now, rng)
        enter(who)
    keep_signed_in()
    key = key_in(request.form)
    round_id = rounds.start_round(session, who.id, slug, mode, SIZES[size], key, now, rng)
    return redirect(url_for(".resume", round_id=round_id), 303)


@bp.get("/rounds/<round_id>")
def resume(round_id: str) -> Redirect:
    """Go on where the round was left."""
    position = rounds.current_position(db.session(), caller(), round_id)
    if position is None:
        return redirect(url_for(".summary", round_id=round_id), 303)
    return redirect(url_for(".item", round_id=round_id, position=position), 303)


@bp.get("/rounds/<round_id>/<int(max=9999):position>")
def item(round_id: str, position: int) -> str | Redirect:
    """A question of the round, at the stage it has reached."""
    shown = _shown(round_id, position)
    if shown is None:
        return redirect(url_for(".resume", round_id=round_id), 303)
    return render_template("play/item.html", **_sheet(shown))


@bp.get("/rounds/<round_id>/<int(max=9999):position>/part")
def item_part(round_id: str, position: int) -> str | Redirect:
    """The question without the page around it."""
    shown = _shown(round_id, position)
    if shown is None:
        return _whole_page(round_id)
    return render_template("play/_item.html", **_sheet(shown))


@bp.get("/rounds/<round_id>/<int(max=9999):position>/file")
def item_with_file(round_id: str, position: int) -> str | Redirect:
    """The question with its whole file open."""
    shown = _shown(round_id, position)
    if shown is None or shown.stage is Stage.FIRST_LOOK:  # the claim alone, that is the point
        return redirect(url_for(".resume", round_id=round_id), 303)
    solo.open_file(db.session(), shown, datetime.now(UTC))
    return render_template("play/item.html", **_sheet(shown, file_open=True))


@bp.get("/rounds/<round_id>/<int(max=9999):position>/file/part")
def file_part(round_id: str, position: int) -> str | Redirect:
    """The whole file alone, to put in the place of the passage."""
    shown = _shown(round_id, position)
    if shown is None or shown.stage is Stage.FIRST_LOOK:  # the claim alone, that is the point
        return _whole_page(round_id)
    solo.open_file(db.session(), shown, datetime.now(UTC))
    return render_template("_shared/_sources.html", **_sheet(shown, file_open=True))


@bp.post("/rounds/<round_id>/<int(max=9999):position>/answer")
def answer(round_id: str, position: int) -> Redirect | tuple[str, int]:
    """Take an answer from the plain form."""
    try:
        done = _answer(round_id, position)
    except BadInput as error:
        asked = solo.item_state(db.session(), caller(), round_id, position)
        if asked.shown_at is None:  # no look at the questions to come
            return redirect(url_for(".resume", round_id=round_id), 303)
        return render_template("play/item.html", **_sheet(asked, error=error)), 422
    already = 1 if done.already else None
    return redirect(url_for(".item", round_id=round_id, position=position, already=already), 303)


@bp.get("/rounds/<round_id>/<int(max=9999):position>/answer")
def answered(round_id: str, position: int) -> Redirect:
    """The form's address, loaded again or reached by Back: the question as it stands."""
    solo.item_state(db.session(), caller(), round_id, position)  # or not found
    return redirect(url_for(".item", round_id=round_id, position=position), 303)


@bp.post("/rounds/<round_id>/<int(max=9999):position>/answer/part")
def answer_part(round_id: str, position: int) -> str | Redirect | tuple[str, int]:
    """Take an answer and give the question's next stage at once."""
    try:
        done = _answer(round_id, position)
    except BadInput as error:
        asked = solo.item_state(db.session(), caller(), round_id, position)
        if asked.shown_at is None:
            return _whole_page(round_id)
        return render_template("play/_item.html", **_sheet(asked, error=error)), 422
    return render_template("play/_item.html", **_sheet(done.item, already=done.already))


@bp.get("/rounds/<round_id>/summary")
def summary(round_id: str) -> str | Redirect:
    """What the round was worth; not before its end."""
    found = summary_of(db.session(), caller(), round_id)
    if found is None:
        return redirect(url_for(".resume", round_id=round_id), 303)
    return render_template("play/summary.html", summary=found, key=secrets.token_urlsafe(16))


def _whole_page(round_id: str) -> Redirect:
    """To where the round stands, by a load of the page: its place is not inside this one."""
    there = url_for(".resume", round_id=round_id)
    if "HX-Request" in request.headers:  # fetch would follow a redirect and swap a page into a page
        return Redirect(headers={"HX-Redirect": there})
    return redirect(there, 303)


def _shown(round_id: str, position: int) -> Item | None:
    """The item, stamped as shown; None when an earlier question waits."""
    session = db.session()
    found = solo.item_state(session, caller(), round_id, position)
    if found.shown_at is None:
        current = rounds.current_position(session, caller(), round_id)
        if current is None or position > current:
            return None
        solo.show(session, found, datetime.now(UTC))
    return found


def _answer(round_id: str, position: int) -> solo.Answered:
    return solo.answer(
        db.session(), caller(), round_id, position, answer_in(request.form), datetime.now(UTC)
    )


def _sheet(
    shown: Item, *, file_open: bool = False, error: BadInput | None = None, already: bool = False
) -> dict[str, Any]:
    """What the templates get. Before the final answer nothing in it depends on the verdict."""
    file_open = file_open or (error is not None and shown.has_opened_file)
    session = db.session()
    catalogue = catalogue_of(session)
    revision = catalogue.revision(session, shown.revision_id)
    stage = shown.stage
    sheet: dict[str, Any] = {
        "item": shown,
        "stage": stage,
        "claim": revision.question.claim,
        "already": shown.is_answered and (already or "already" in request.args),
    }
    if stage is Stage.REVEAL and shown.final is not None:
        return sheet | {
            "revision": revision,
            "outcome": outcome_of(revision, shown.first, shown.final),
            "pointed": catalogue.pointed(session, revision, shown.final.pointer),
        }
    if stage is Stage.SECOND_LOOK or file_open:
        sheet["files"] = tuple(catalogue.files_of(session, revision).values())
    elif stage is Stage.ASK:
        sheet["passages_shown"] = passages(revision)
    return sheet | {
        "file_open": file_open,
        "pointing": stage is Stage.SECOND_LOOK,
        "error": error,
        "typed": request.form if error else {},
        "key": secrets.token_urlsafe(16),
        "bonus": POINTER_BONUS,
        "stakes": {c: (points(c, True), points(c, False)) for c in Confidence},
        "look": shown.awaited,
    }
