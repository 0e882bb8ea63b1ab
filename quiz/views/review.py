"""Looking back at one's own answers."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from ..access import player
from ..db import db
from ..domain.verdict import Verdict
from ..services.catalogue import catalogue_of
from ..services.review import Filters, review_page, reviewed_question

bp = Blueprint("review", __name__, url_prefix="/review")
RESULTS = ("right", "wrong", "sure_wrong")


@bp.get("/")
def index() -> str:
    """The questions one has answered, filtered."""
    who = player()
    if who is None:
        return render_template("review/list.html", found=None)
    filters = _filters()
    page = request.args.get("page", "1")[:6]
    number = int(page) if page.isascii() and page.isdigit() else 1
    found = review_page(db.session(), who.id, filters, number)
    titles = {s.slug: s.title for s in catalogue_of(db.session()).sets(db.session())}
    return render_template("review/list.html", found=found, filters=filters, titles=titles)


@bp.get("/<set_slug>/<question_id>")
def question(set_slug: str, question_id: str) -> str:
    """One answered question: claim, one's answers, explanation, quotes in context."""
    who = player() or abort(404)
    answers = reviewed_question(db.session(), who.id, set_slug, question_id)
    latest = answers[0]
    session = db.session()
    pointed = catalogue_of(session).pointed(session, latest.revision, latest.final.pointer)
    return render_template("review/question.html", answers=answers, latest=latest, pointed=pointed)


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
