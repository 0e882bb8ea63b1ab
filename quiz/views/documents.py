"""The source documents, whole."""

from __future__ import annotations

from flask import Blueprint, render_template

from ..access import player
from ..db import db
from ..errors import NotFound
from ..services.catalogue import catalogue_of
from ..services.passages import Mark
from ..services.review import answered_quotes

bp = Blueprint("documents", __name__, url_prefix="/documents")


@bp.get("/")
def index() -> str:
    """All documents, with what each is."""
    return render_template("documents/list.html", documents=_documents().values())


@bp.get("/<slug>")
def document(slug: str) -> str:
    """A whole file with regions, provenance and the quotes of questions one has answered."""
    found = _documents().get(slug)
    if found is None:
        raise NotFound(slug)
    who = player()
    quotes = answered_quotes(db.session(), who.id if who else None, found)
    marks = [
        Mark(q.span, f"{q.revision.set_slug}.{q.revision.question.id}.{q.number}") for q in quotes
    ]
    return render_template(
        "documents/document.html", document=found, marks=marks, quotes=quotes, mark_of=zip(marks, quotes, strict=True)
    )


def _documents() -> dict[str, object]:
    session = db.session()
    return {
        slug: document
        for stored in catalogue_of(session).sets(session)
        for slug, document in stored.documents.items()
    }
