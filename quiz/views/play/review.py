"""Looking back at one's own answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from ...domain.errors import BadInput, TooMany
from ...domain.question_set import Text
from ...domain.verdict import Verdict
from ...models import Player
from ...services.library.catalogue import catalogue_of
from ...services.library.history import Answer
from ...services.play import disputes
from ...services.play.review import (
    Elsewhere,
    Filters,
    ReviewPage,
    elsewhere,
    review_page,
    reviewed_question,
)
from ...storage.db import db
from ...web import rate_limits
from ...web.access import player
from ...web.pages import Page, render

bp = Blueprint("review", __name__, url_prefix="/review")
RESULTS = ("right", "wrong", "sure_wrong")


@dataclass(frozen=True, slots=True)
class Review(Page):
    """The answered questions that the filters admit; `found` is None for who has no record.

    `titles` are the sets' by slug, `answered` the keys of questions whose dispute has an answer.
    """

    template: ClassVar = "play/review.html"
    found: ReviewPage | None
    filters: Filters
    titles: Mapping[str, Text]
    answered: Set[str]


@dataclass(frozen=True, slots=True)
class ReviewedQuestion(Page):
    """A question with all one's answers to it, the `latest` first, and what one disputes."""

    template: ClassVar = "play/review_question.html"
    answers: Sequence[Answer]
    latest: Answer
    pointed: tuple[str, str] | None  # language and words of the sentence that was chosen
    disputes: Sequence[disputes.Dispute]
    may_dispute: bool
    error: BadInput | None
    elsewhere: Sequence[Elsewhere]


@bp.get("/")
def index() -> str:
    """The questions one has answered, filtered."""
    who = player()
    filters = _filters()
    if who is None:
        return render(Review(None, filters, {}, frozenset()))
    page = request.args.get("page", "1")[:6]
    number = int(page) if page.isascii() and page.isdigit() else 1
    found = review_page(db.session(), who.id, filters, number)
    titles = {s.slug: s.title for s in catalogue_of(db.session()).sets(db.session())}
    answered = {told.key for told in disputes.disputes_of(db.session(), who.id) if told.answers}
    return render(Review(found, filters, titles, answered))


@bp.get("/<set_slug>/<question_id>")
def question(set_slug: str, question_id: str) -> str:
    """One answered question: claim, one's answers, explanation, quotes in context."""
    return _page(player() or abort(404), set_slug, question_id, None)


@bp.post("/<set_slug>/<question_id>/dispute")
def dispute(set_slug: str, question_id: str) -> Redirect | tuple[str, int]:
    """Tell the trainers why one takes the verdict to be wrong."""
    who, session = player() or abort(404), db.session()
    reviewed_question(session, who.id, set_slug, question_id)  # or not found
    if not rate_limits.take(rate_limits.DISPUTES, "dispute", str(who.id)) or not rate_limits.take(
        rate_limits.DISPUTES_FROM, "disputes from", request.remote_addr or "nowhere"
    ):
        raise TooMany
    text, now = request.form.get("text", ""), datetime.now(UTC)
    try:
        disputes.dispute(session, who, set_slug, question_id, text, now)
    except BadInput as error:
        return _page(who, set_slug, question_id, error), 422
    flash(_("Sent. The answer will be shown here."), "good")
    there = url_for(".question", set_slug=set_slug, question_id=question_id, _anchor="dispute")
    return redirect(there, 303)


def _page(who: Player, set_slug: str, question_id: str, error: BadInput | None) -> str:
    session = db.session()
    answers = reviewed_question(session, who.id, set_slug, question_id)
    latest = answers[0]
    told = disputes.disputes_of(session, who.id, latest.key)
    return render(
        ReviewedQuestion(
            answers=answers,
            latest=latest,
            pointed=catalogue_of(session).pointed(session, latest.revision, latest.final.pointer),
            disputes=told,
            may_dispute=not any(
                d.resolved_at is None and d.revision_id == latest.revision.id for d in told
            ),
            error=error,
            elsewhere=elsewhere(session, who.id, latest.revision),
        )
    )


def _filters() -> Filters:
    """The filters of the address; an unknown value filters nothing."""
    verdict = request.args.get("verdict")
    result = request.args.get("result")
    return Filters(
        set_slug=request.args.get("set") or None,
        verdict=Verdict(verdict) if verdict in list(Verdict) else None,
        skill=request.args.get("skill") or None,
        result=result if result in RESULTS else None,
    )
