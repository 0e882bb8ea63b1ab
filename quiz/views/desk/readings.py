"""Second readers: asked, reading blind, compared with the author."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from ...domain.errors import BadInput, TooMany
from ...domain.verdict import Verdict
from ...models import DeskSet, Player
from ...services.desk import comparisons, readings, rights, threads
from ...services.desk.comparisons import Comparison
from ...services.desk.readings import BlindClaim, BlindReading, ReadingProgress
from ...services.desk.threads import Conversation
from ...storage.db import db
from ...web import rate_limits
from ...web.access import trainer
from ...web.forms import NO_VERDICT, choice_in
from ...web.page_parts import Answer, Rendering, page_and_part
from ...web.pages import Page, render

bp = Blueprint("desk_readings", __name__, url_prefix="/desk")


@dataclass(frozen=True, slots=True)
class ToRead(Page):
    """What a trainer was asked to read."""

    template: ClassVar = "desk/readings/index.html"
    asked: Sequence[ReadingProgress]


@dataclass(frozen=True, slots=True)
class SecondReaders(Page):
    """A set's second readers, and the open conversations about it.

    `comparisons` are those of the finished readings, by reading.
    """

    template: ClassVar = "desk/readings/set.html"
    set: DeskSet
    readings: Sequence[ReadingProgress]
    comparisons: Mapping[int, Comparison]
    conversations: Sequence[Conversation]
    may_edit: bool
    error: BadInput | None


@dataclass(frozen=True, slots=True)
class ReadingPage(Page):
    """A reading that is not finished: all its claims, or one of them `alone`.

    `typed` is what was refused with `error`, of the claim whose name is `refused`.
    """

    template: ClassVar = "desk/readings/read.html"
    reading: BlindReading
    claims: Sequence[BlindClaim]
    alone: bool
    error: BadInput | None
    refused: str
    typed: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class ClaimForm(Page):
    """The form of one claim in a list of them, after it was sent."""

    template: ClassVar = "desk/readings/_claim.html"
    reading: BlindReading
    claim: BlindClaim
    alone: bool
    error: BadInput | None
    typed: Mapping[str, str] | None
    saved: bool


@dataclass(frozen=True, slots=True)
class ComparisonPage(Page):
    """A finished reading beside the author's verdicts."""

    template: ClassVar = "desk/readings/compared.html"
    compared: Comparison


@bp.get("/readings/")
def index() -> str:
    """What the trainer was asked to read."""
    asked = readings.asked_of(db.session(), trainer())
    return render(ToRead(asked))


@bp.get("/readings/sets/<int:set_id>")
def of_set(set_id: int) -> str:
    """A set's second readers, and the open conversations about it."""
    return _of_set(trainer(), set_id, None)


@bp.post("/readings/sets/<int:set_id>")
def ask(set_id: int) -> Redirect | tuple[str, int]:
    """Ask a colleague to read the set blind."""
    who, session = trainer(), db.session()
    rights.set_of(session, who, set_id)
    try:
        if not rate_limits.take(rate_limits.NAME_TRIES, "trainer's name", str(who.id)):
            raise TooMany
        name = request.form.get("reader", "")
        readings.ask_reader(session, who, set_id, name, datetime.now(UTC))
    except BadInput as error:
        return _of_set(who, set_id, error), 422
    flash(_("Asked. The set waits on their desk, under “Readings and remarks”."), "good")
    return redirect(url_for(".of_set", set_id=set_id), 303)


@bp.post("/readings/<int:reading_id>/withdraw")
def withdraw(reading_id: int) -> Redirect:
    """Take a request back."""
    set_id = readings.withdraw(db.session(), trainer(), reading_id)
    return redirect(url_for(".of_set", set_id=set_id), 303)


@bp.post("/readings/<int:reading_id>/decline")
def decline(reading_id: int) -> Redirect:
    """Say no to a request."""
    readings.decline(db.session(), trainer(), reading_id)
    return redirect(url_for(".index"), 303)


@bp.get("/readings/<int:reading_id>")
def show(reading_id: int) -> str:
    """The reader's own page until they finish; then the comparison."""
    return _page(trainer(), reading_id, None, None)


@bp.post("/readings/<int:reading_id>/finish")
def finish(reading_id: int) -> Redirect | tuple[str, int]:
    """Finish reading; asks once more while claims are left."""
    who, is_sure = trainer(), bool(request.form.get("sure"))
    try:
        readings.finish(db.session(), who, reading_id, is_sure, datetime.now(UTC))
    except BadInput as error:
        return _page(who, reading_id, None, error), 422
    return redirect(url_for(".show", reading_id=reading_id), 303)


@bp.get("/readings/<int:reading_id>/<name>")
def claim(reading_id: int, name: str) -> str | Redirect:
    """One claim of a reading by itself."""
    who = trainer()
    if readings.blind_reading(db.session(), who, reading_id) is None:
        comparisons.comparison(db.session(), who, reading_id)  # or not found
        return redirect(url_for(".show", reading_id=reading_id), 303)
    return _page(who, reading_id, name, None)


@page_and_part(bp, "/readings/<int:reading_id>/<name>", method="POST")
def answer(rendering: Rendering, reading_id: int, name: str) -> Answer:
    """Answer one claim; `alone` when it was shown by itself, and then the next one follows."""
    who, error = trainer(), None
    try:
        _answer(who, reading_id, name)
    except BadInput as refused:
        error = refused
    if rendering.is_part:
        card = _claim_card(who, reading_id, name, error)
        return card if error is None else (card, 422)
    is_alone = bool(request.form.get("alone"))
    if error is not None:
        return _page(who, reading_id, name if is_alone else None, error, name), 422
    return redirect(_after(who, reading_id, name, is_alone), 303)


def _after(who: Player, reading_id: int, name: str, is_alone: bool) -> str:
    """Where an answered claim leads: back to it in the list, or on to the next by itself."""
    reading = readings.blind_reading(db.session(), who, reading_id)
    if not is_alone or reading is None:
        return url_for(".show", reading_id=reading_id, _anchor=f"claim-{name}")
    following = reading.following(name)
    if following:
        return url_for(".claim", reading_id=reading_id, name=following)
    return url_for(".show", reading_id=reading_id, _anchor="finish")


def _claim_card(who: Player, reading_id: int, name: str, error: BadInput | None) -> str:
    """The form of one claim."""
    reading = readings.blind_reading(db.session(), who, reading_id) or abort(404)
    found = next((c for c in reading.claims if c.name == name), None) or abort(404)
    return render(
        ClaimForm(
            reading=reading,
            claim=found,
            alone=False,
            error=error,
            typed=request.form if error else None,
            saved=error is None,
        )
    )


def _answer(who: Player, reading_id: int, name: str) -> None:
    form = request.form
    verdict, note = choice_in(form, Verdict, "verdict", NO_VERDICT), form.get("note", "")
    digest, now = form.get("digest", ""), datetime.now(UTC)
    readings.answer(db.session(), who, reading_id, name, verdict, note, digest, now)


def _of_set(who: Player, set_id: int, error: BadInput | None) -> str:
    session = db.session()
    found = readings.readings_of(session, who, set_id)
    desk_set = rights.set_of(session, who, set_id)
    return render(
        SecondReaders(
            set=desk_set,
            readings=found,
            comparisons={
                r.reading.id: comparisons.comparison(session, who, r.reading.id)
                for r in found
                if r.reading.finished_at is not None
            },
            conversations=threads.open_on_set(session, who, set_id),
            may_edit=rights.may_edit(session, who, desk_set),
            error=error,
        )
    )


def _page(
    who: Player, reading_id: int, alone: str | None, error: BadInput | None, refused: str = ""
) -> str:
    """The reading as the trainer may see it now: `alone` names the one claim to show.

    `error` belongs to the claim `refused`, or to finishing.
    """
    session = db.session()
    shown = readings.blind_reading(session, who, reading_id)
    if shown is None:
        compared = comparisons.comparison(session, who, reading_id)
        return render(ComparisonPage(compared))
    claims = [claim for claim in shown.claims if alone in (None, claim.name)]
    if alone is not None and not claims:
        abort(404)
    return render(
        ReadingPage(
            reading=shown,
            claims=claims,
            alone=alone is not None,
            error=error,
            refused=refused,
            typed=request.form if error else None,
        )
    )
