"""The text of a trainer's document: its regions, and a new text in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from ...content.intake import extract
from ...content.intake.import_errors import Failed
from ...content.intake.reanchor import Anchoring
from ...domain.errors import BadInput
from ...domain.message import Message, msg
from ...domain.question_set import LANGUAGES, RegionKind, SourceDocument
from ...domain.quote import Span
from ...models import DeskDocument, Right
from ...services.desk import document_texts, rights
from ...services.desk.contents import source
from ...services.library.passages import paragraphs
from ...storage.db import db
from ...web.access import trainer
from ...web.forms import choice_in
from ...web.page_parts import Answer, Rendering, page_and_part
from ...web.pages import Page, render
from .documents import (
    DocumentText,
    bp,
    document_page,
    extracted_text,
    failure,
    version_page,
)


@dataclass(frozen=True, slots=True)
class LookAtText(Page):
    """What a new text would do to the quotes, before it is stored."""

    template: ClassVar = "desk/look_at_text.html"
    row: DeskDocument
    document: SourceDocument
    found: document_texts.NewText
    warnings: Sequence[Message]
    Fate: type[Anchoring] = Anchoring


_NO_REGION = msg("Choose the paragraphs, from first to last, and what they are.")


@page_and_part(bp, "/<int:document_id>/regions", method="POST")
def mark(rendering: Rendering, document_id: int) -> Answer:
    """Say what some paragraphs are."""
    row, error = rights.document_of(db.session(), trainer(), document_id, Right.EDIT), None
    try:
        _mark(row)
    except BadInput as refused:
        error = refused
    there = url_for(".show", document_id=document_id, _anchor="text")
    show = _text_part if rendering.is_part else document_page
    return rendering.after(lambda: show(row, error), there, error)


@bp.post("/<int:document_id>/notes")
def note(document_id: int) -> Redirect | tuple[str, int]:
    """Say what a region is worth."""
    row = rights.document_of(db.session(), trainer(), document_id, Right.EDIT)
    try:
        document_texts.note_region(
            db.session(),
            trainer(),
            document_id,
            _number("start"),
            {code: request.form.get(f"note.{code}", "") for code in LANGUAGES},
            _number("version"),
            datetime.now(UTC),
        )
    except BadInput as error:
        return document_page(row, error), 422
    return redirect(url_for(".show", document_id=document_id, _anchor="text"), 303)


@bp.get("/<int:document_id>/text")
def new_text(document_id: int) -> str:
    """The page to bring a new text."""
    return version_page(document_id, None, None, None)


@bp.post("/<int:document_id>/text")
def look_at_text(document_id: int) -> str | tuple[str, int]:
    """What a new text would do to the quotes; nothing is stored."""
    row = rights.document_of(db.session(), trainer(), document_id, Right.EDIT)
    try:
        extracted = extracted_text()
        found = document_texts.look_at_new_text(db.session(), trainer(), row.id, extracted.text)
    except (BadInput, Failed) as error:
        return version_page(document_id, request.form.get("text", ""), *failure(error)), 422
    return render(LookAtText(row, source(row), found, extracted.warnings))


@bp.post("/<int:document_id>/text/replace")
def replace_text(document_id: int) -> Redirect | tuple[str, int]:
    """Put the new text in the place of the old one."""
    who, typed = trainer(), request.form.get("text", "")
    try:
        text = extract.paste(typed).text
        found = document_texts.new_text(
            db.session(), who, document_id, text, _number("version"), datetime.now(UTC)
        )
    except (BadInput, Failed) as error:
        return version_page(document_id, typed, *failure(error)), 422
    lost = found.count(Anchoring.LOST)
    if lost:
        flash(_("The new text is in place. Quotes that stand no more: %(lost)s.", lost=lost))
    else:
        flash(_("The new text is in place, and every quote stands in it."), "good")
    return redirect(url_for(".show", document_id=document_id), 303)


def _text_part(row: DeskDocument, error: BadInput | None) -> str:
    return render(
        DocumentText(
            row=row,
            document=source(row),
            may_edit=True,
            error=error,
            has_marked=error is None,
        )
    )


def _mark(row: DeskDocument) -> SourceDocument:
    """Mark the paragraphs that the form names by their numbers. Raises BadInput on `region`."""
    kind = choice_in(request.form, RegionKind, "region", _NO_REGION)
    every = paragraphs(source(row))
    first, last = sorted((_number("from"), _number("to")))
    if not 1 <= first <= last <= len(every):
        raise BadInput("region", _NO_REGION)
    span = Span(every[first - 1].span.start, every[last - 1].span.end)
    return document_texts.mark_region(
        db.session(), trainer(), row.id, kind, span, _number("version"), datetime.now(UTC)
    )


def _number(field: str) -> int:
    """A number of the form; -1, which nothing has, where there is none."""
    value = request.form.get(field, "").strip()
    usable = value.isascii() and value.isdigit() and len(value) < 10
    return int(value) if usable else -1
