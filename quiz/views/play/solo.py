"""Playing alone: each question has an address; its stage follows from what is stored."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar, cast

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from ...domain.answer import Look, Mode, Stage
from ...domain.errors import BadInput
from ...domain.message import msg
from ...services.accounts.players import new_guest
from ...services.library.catalogue import catalogue_of
from ...services.library.outcome import outcome_of
from ...services.library.passages import passages
from ...services.play import rounds, solo
from ...services.play.solo import Item
from ...services.play.summary import RoundSummary, summary_of
from ...storage.db import db
from ...web.access import caller, enter, keep_signed_in, player
from ...web.forms import answer_in, choice_in, key_in
from ...web.i18n import ui_language
from ...web.page_parts import Rendering, page_and_part
from ...web.pages import Page, render
from ...web.question_pages import AnswerPage, with_answer_form

bp = Blueprint("solo", __name__)
SIZES = {"5": 5, "10": 10, "all": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage(AnswerPage):
    """A question of a round; `already` when another answer came after the one that counts."""

    template: ClassVar = "play/item.html"
    item: Item
    already: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWithFile(ItemPage):
    """The same with its whole documents, which alone are its part."""

    part: ClassVar = "_shared/_sources.html"


@dataclass(frozen=True, slots=True)
class SummaryPage(Page):
    """What a round was worth, and the form to play the set again."""

    template: ClassVar = "play/summary.html"
    summary: RoundSummary
    key: str


@bp.post("/rounds")
def start() -> Redirect:
    """Start a round; somebody without a record becomes a guest first."""
    session, now = db.session(), datetime.now(UTC)
    mode = choice_in(request.form, Mode, "mode", msg("Choose a quick round or an investigation."))
    size = request.form.get("size", "10")
    if size not in SIZES:
        raise BadInput("size", msg("Choose 5, 10 or all questions."))
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


@page_and_part(bp, "/rounds/<round_id>/<int(max=9999):position>")
def item(rendering: Rendering, round_id: str, position: int) -> str | Redirect:
    """A question of the round, at the stage it has reached."""
    shown = _shown(round_id, position)
    if shown is None:
        return rendering.leave(url_for(".resume", round_id=round_id))
    return rendering.render(_page(shown))


@page_and_part(bp, "/rounds/<round_id>/<int(max=9999):position>/file")
def file(rendering: Rendering, round_id: str, position: int) -> str | Redirect:
    """The question with its whole file open; its part is the file, for the passage's place."""
    shown = _shown(round_id, position)
    if shown is None or shown.stage is Stage.FIRST_LOOK:  # the claim alone, that is the point
        return rendering.leave(url_for(".resume", round_id=round_id))
    solo.open_file(db.session(), shown, datetime.now(UTC))
    return rendering.render(_page(shown, ItemWithFile))


@page_and_part(bp, "/rounds/<round_id>/<int(max=9999):position>/answer", method="POST")
def answer(rendering: Rendering, round_id: str, position: int) -> str | Redirect | tuple[str, int]:
    """Take an answer; its part is the question's next stage at once."""
    who, session = caller(), db.session()
    try:
        sent, now = answer_in(request.form), datetime.now(UTC)
        receipt = solo.answer(session, who, round_id, position, sent, now)
    except BadInput as error:
        asked = solo.item_state(session, who, round_id, position)
        if asked.shown_at is None:  # no look at the questions to come
            return rendering.leave(url_for(".resume", round_id=round_id))
        return rendering.render(_page(asked, error=error)), 422
    if rendering.is_part:
        return rendering.render(_page(receipt.after, already=not receipt.counts))
    already = None if receipt.counts else 1
    return redirect(url_for(".item", round_id=round_id, position=position, already=already), 303)


@bp.get("/rounds/<round_id>/<int(max=9999):position>/answer")
def answered(round_id: str, position: int) -> Redirect:
    """The form's address, loaded again or reached by Back: the question as it stands."""
    solo.item_state(db.session(), caller(), round_id, position)  # or not found
    return redirect(url_for(".item", round_id=round_id, position=position), 303)


@bp.get("/rounds/<round_id>/summary")
def summary(round_id: str) -> str | Redirect:
    """What the round was worth; not before its end."""
    found = summary_of(db.session(), caller(), round_id)
    if found is None:
        return redirect(url_for(".resume", round_id=round_id), 303)
    return render(SummaryPage(found, secrets.token_urlsafe(16)))


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


def _page(
    shown: Item,
    kind: type[ItemPage] = ItemPage,
    *,
    error: BadInput | None = None,
    already: bool = False,
) -> ItemPage:
    """Before the final answer nothing in it depends on the verdict."""
    session = db.session()
    catalogue = catalogue_of(session)
    revision = catalogue.revision(session, shown.revision_id)
    claim = revision.question.claim
    told = shown.is_answered and (already or "already" in request.args)
    if shown.final is not None:  # the hot path makes one page, not three
        return kind(
            item=shown,
            stage=Stage.REVEAL,
            claim=claim,
            already=told,
            revision=revision,
            outcome=outcome_of(revision, shown.first, shown.final),
            pointed=catalogue.pointed(session, revision, shown.final.pointer),
        )
    page = kind(item=shown, claim=claim, already=told)
    awaited = cast(Look, shown.awaited)  # before the final answer there is one
    page = with_answer_form(page, shown.task, awaited, request.form, error)
    is_open = kind is ItemWithFile or (error is not None and shown.has_opened_file)
    if page.stage is Stage.SECOND_LOOK or is_open:
        files = tuple(catalogue.files_of(session, revision).values())
        return replace(page, file_open=is_open, files=files)
    if page.stage is Stage.ASK:
        return replace(page, passages_shown=passages(revision))
    return page
