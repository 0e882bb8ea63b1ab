"""The source documents, whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, url_for

from ...domain.errors import NotFound
from ...domain.question_set import SourceDocument
from ...services.library.catalogue import catalogue_of
from ...services.library.passages import Mark
from ...services.play.review import AnsweredQuote, answered_quotes
from ...storage.db import db
from ...web.access import player
from ...web.pages import Page, render

bp = Blueprint("documents", __name__, url_prefix="/documents")


@dataclass(frozen=True, slots=True)
class Documents(Page):
    """All documents, with what each is."""

    template: ClassVar = "library/documents.html"
    documents: Sequence[SourceDocument]


@dataclass(frozen=True, slots=True)
class Document(Page):
    """A whole document; `marks` highlight the `quotes`, one each, in the same order."""

    template: ClassVar = "library/document.html"
    document: SourceDocument
    quotes: Sequence[AnsweredQuote]
    marks: Sequence[Mark]


@bp.get("/")
def index() -> str:
    """All documents, with what each is."""
    return render(Documents(tuple(_documents().values())))


@bp.get("/<slug>")
def document(slug: str) -> str:
    """A whole file with regions, provenance and the quotes of questions one has answered."""
    found = _documents().get(slug)
    if found is None:
        raise NotFound(slug)
    who = player()
    quotes = answered_quotes(db.session(), who.id if who else None, found)
    return render(Document(found, quotes, [_mark(quote) for quote in quotes]))


def _mark(quote: AnsweredQuote) -> Mark:
    """The highlight of a quote: its address on the page, and its question's review."""
    set_slug, question_id = quote.revision.set_slug, quote.revision.question.id
    return Mark(
        quote.span,
        f"{set_slug}.{question_id}.{quote.number}",
        url_for("review.question", set_slug=set_slug, question_id=question_id),
    )


def _documents() -> dict[str, SourceDocument]:
    session = db.session()
    return {
        slug: document
        for stored in catalogue_of(session).sets(session)
        for slug, document in stored.documents.items()
    }
