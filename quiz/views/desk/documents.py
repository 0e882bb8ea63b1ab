"""A trainer's documents: the list, a new one, what is known about one. Their texts: see texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from babel import Locale
from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as Redirect

from ...content.intake import extract
from ...content.intake.extract import Extracted
from ...content.intake.import_errors import Failed
from ...domain.document_fields import FACTS, TEXTS, read
from ...domain.errors import BadInput, NotFound, QuizError
from ...domain.message import Message, msg
from ...domain.question_set import LANGUAGES, RegionKind, SourceDocument
from ...domain.quote import Quote
from ...models import DeskDocument, DeskSet, Right
from ...services.desk import documents, rights
from ...services.desk.contents import source
from ...services.desk.documents import DocumentClash, Listed, Row
from ...services.desk.sets import add_document
from ...storage.db import db
from ...web import access, labels
from ...web.access import trainer
from ...web.errors import error_page
from ...web.forms import UNSURE
from ...web.i18n import ui_language
from ...web.pages import Page, render

bp = Blueprint("desk_documents", __name__, url_prefix="/desk/documents")


@dataclass(frozen=True, slots=True)
class OwnDocuments(Page):
    """A trainer's documents, with the sets that use them."""

    template: ClassVar = "desk/documents.html"
    documents: Sequence[Listed]


@dataclass(frozen=True, slots=True)
class BringDocument(Page):
    """The form to bring a document, perhaps for a set; why what was sent is refused."""

    template: ClassVar = "desk/bring.html"
    text: str
    error: BadInput | None
    failed: Failed | None
    file_too_large: Message
    for_set: DeskSet | None


@dataclass(frozen=True, slots=True)
class BringText(Page):
    """The form to bring a new text of a document; why what was sent is refused."""

    template: ClassVar = "desk/new_text.html"
    row: DeskDocument
    document: SourceDocument
    text: str
    error: BadInput | None
    failed: Failed | None
    file_too_large: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentText(Page):
    """A document's text with its regions, by itself."""

    template: ClassVar = "desk/_document_text.html"
    row: DeskDocument
    document: SourceDocument
    may_edit: bool
    error: BadInput | None
    has_marked: bool = False  # a region, just now


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage(DocumentText):
    """A document: its text, and the form of what is known about it."""

    template: ClassVar = "desk/document.html"
    fields: Mapping[str, str]  # as stored, or as typed if that is not saved
    published: Mapping[str, str]  # what the fields of the date show
    disclosures: Sequence[Row]
    digests: Mapping[str, str]  # of what each field holds
    spoken: Mapping[str, str]  # languages by code
    kinds: Sequence[RegionKind]
    is_own: bool
    using: Sequence[DeskSet]  # the sets with this document
    still_used: Message  # why it cannot be deleted
    for_set: DeskSet | None  # the set to go back to
    clashes: Mapping[str, str]  # what somebody else wrote, by field


TEXT_ROUTES = {f"desk_documents.{name}" for name in ("create", "look_at_text", "replace_text")}
MOST_BYTES = 21 * 1024 * 1024
"""Of a request that brings a file: MAX_UPLOAD and the form around it."""
FILE_TOO_LARGE = msg("The file is over 20 MB. Bring a smaller one, or paste the text you need.")
MOST_TEXT = 2 * 1024 * 1024
"""Of a request that brings a text: as a form sends it, a character can take three times as much."""
SPOKEN = ("fr", "en", "ar", "de", "es", "it", "ja", "nl", "pl", "pt", "ro", "ru", "tr", "uk", "zh")


@bp.url_value_preprocessor
def _allow_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let trainers send files, and nobody else more than a form; before anything reads it."""
    who = access.player() if endpoint in TEXT_ROUTES else None
    if who is not None and who.is_trainer:
        request.max_content_length = MOST_BYTES
        request.max_form_memory_size = MOST_TEXT


@bp.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    """Where a file was brought, tell it there; nothing of the form was read."""
    error = BadInput("file", FILE_TOO_LARGE)
    document_id = (request.view_args or {}).get("document_id")
    with suppress(QuizError, HTTPException):
        if request.endpoint == "desk_documents.create":
            return bring_page("", error, None), 413
        if request.endpoint in TEXT_ROUTES and document_id is not None:
            return version_page(document_id, "", error, None), 413
    return error_page(413)


@bp.get("/")
def index() -> str:
    """The trainer's documents and the sets that use them."""
    return render(OwnDocuments(documents.listed(db.session(), trainer())))


@bp.get("/new")
def bring() -> str:
    """The page to bring a document: paste it, or choose a file."""
    return bring_page("", None, None)


@bp.post("/new")
def create() -> Redirect | tuple[str, int]:
    """Make a document of what was pasted or uploaded."""
    who, text = trainer(), request.form.get("text", "")
    set_id = set_to_come_back_to()
    try:
        extracted = extracted_text()
        row = documents.create_document(
            db.session(), who, extracted, ui_language(), datetime.now(UTC)
        )
    except (BadInput, Failed) as error:
        return bring_page(text, *failure(error)), 422
    for warning in extracted.warnings:
        flash(labels.words(warning), "warning")
    if set_id is not None:
        add_document(db.session(), who, set_id, row.id, datetime.now(UTC))
    return redirect(url_for(".show", document_id=row.id, set=set_id), 303)


@bp.get("/<int:document_id>")
def show(document_id: int) -> str:
    """A document: its text with its regions, and what is known about it."""
    row = rights.document_of(db.session(), trainer(), document_id)
    return document_page(row)


@bp.post("/<int:document_id>/describe")
def describe(document_id: int) -> Redirect | tuple[str, int]:
    """Store what is known about a document."""
    who = trainer()
    row = rights.document_of(db.session(), who, document_id, Right.EDIT)
    try:
        clashes = documents.describe_document(
            db.session(), who, document_id, typed(), rows(), digests(), datetime.now(UTC)
        )
    except BadInput as error:
        return document_page(row, error), 422
    if clashes:
        db.session().refresh(row)
        return document_page(row, clashes=clashes), 409
    flash(_("Saved."), "good")
    return redirect(url_for(".show", document_id=document_id, set=set_to_come_back_to()), 303)


@bp.post("/<int:document_id>/delete")
def delete(document_id: int) -> Redirect | tuple[str, int]:
    """Delete a document that no set uses, once the box is ticked."""
    who = trainer()
    row = rights.document_of(db.session(), who, document_id, Right.EDIT)
    try:
        if not request.form.get("sure"):
            raise BadInput("document", UNSURE)
        documents.delete_document(db.session(), who, document_id)
    except BadInput as error:
        return document_page(row, error), 422
    flash(_("The document is deleted."), "good")
    return redirect(url_for(".index"), 303)


def extracted_text() -> Extracted:
    """What the form brings: the file if its button was pressed, else the text.

    Raises BadInput when there is none, Failed when the file cannot be read.
    """
    file: FileStorage | None = request.files.get("file")
    if request.form.get("way") == "file" or not request.form.get("text", "").strip():
        if file is None or not file.filename:
            raise BadInput(
                "file" if request.form.get("way") == "file" else "text", documents.DOCUMENT_EMPTY
            )
        return extract.extract(file.filename, file.read())
    return extract.paste(request.form["text"])


def failure(error: BadInput | Failed) -> tuple[BadInput | None, Failed | None]:
    """The error of a field, or why nothing came of what was pasted or uploaded."""
    return (error, None) if isinstance(error, BadInput) else (None, error)


def set_to_come_back_to() -> int | None:
    """The set that the document is for, if it is one the trainer may edit. Raises NotFound."""
    value = request.args.get("set", "")
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 10:
        raise NotFound(value)
    return rights.set_of(db.session(), trainer(), int(value), Right.EDIT).id


def bring_page(text: str, error: BadInput | None, failed: Failed | None) -> str:
    """The page to bring a document, with what was typed and what went wrong."""
    trainer()
    return render(BringDocument(text, error, failed, FILE_TOO_LARGE, _for_set()))


def version_page(
    document_id: int, text: str | None, error: BadInput | None, failed: Failed | None
) -> str:
    """The page to bring a new text of a document: with the present one, or what was typed."""
    row = rights.document_of(db.session(), trainer(), document_id, Right.EDIT)
    document = source(row)
    shown = document.text if text is None else text
    return render(BringText(row, document, shown, error, failed, FILE_TOO_LARGE))


def document_page(
    row: DeskDocument, error: BadInput | None = None, clashes: tuple[DocumentClash, ...] = ()
) -> str:
    """A document, with what was typed if something went wrong."""
    who, document = trainer(), source(row)
    fields = documents.shown_fields(document)
    written_rows = [Row(d.quote, d.note) for d in document.disclosures]
    if clashes or (error is not None and "language" in request.form):
        fields, written_rows = fields | typed(), rows()
    return render(
        DocumentPage(
            row=row,
            document=document,
            may_edit=documents.may_edit(db.session(), who, row),
            error=error,
            fields=fields,
            published=_published(fields, document, bool(error or clashes)),
            disclosures=[*written_rows[: documents.MOST_DISCLOSURES], Row(Quote(""), {})],
            digests=documents.digests(document),
            spoken=spoken(document.language),
            kinds=tuple(RegionKind),
            is_own=row.owner_id == who.id,
            using=documents.sets_using(db.session(), who, [row.id]).get(row.id, ()),
            still_used=documents.DOCUMENT_USED,
            for_set=_for_set(),
            clashes={clash.field: _theirs(clash) for clash in clashes},
        )
    )


def typed() -> dict[str, str]:
    """The fields of the form, apart from the disclosures."""
    form = request.form
    names = [f"{name}.{code}" for name in TEXTS for code in LANGUAGES] + list(FACTS)
    fields = {name: form[name] for name in names if name in form}
    chosen = {
        "none": "",
        "day": form.get("day", "") or "?",
        "range": f"{form.get('first', '')}/{form.get('last', '')}",
    }
    return fields | {"published": chosen.get(form.get("dated", ""), "?")}


def rows() -> list[Row]:
    """The rows of disclosures in the form."""
    found = []
    for n in range(documents.MOST_DISCLOSURES + 1):
        field = f"disclosure.{n}"
        if f"{field}.quote" not in request.form:
            break
        sides = (request.form.get(f"{field}.{side}", "") for side in ("prefix", "suffix"))
        prefix, suffix = (side.replace("\r\n", "\n") for side in sides)
        quote = Quote(request.form[f"{field}.quote"], prefix, suffix)
        found.append(Row(quote, {c: request.form.get(f"{field}.{c}", "") for c in LANGUAGES}))
    while found and not found[-1].quote.exact and not any(found[-1].note.values()):
        found.pop()  # the row to add one
    return found


def digests() -> dict[str, str]:
    """What every field held when the form was shown, as digests."""
    prefix = "base."
    return {
        name.removeprefix(prefix): value
        for name, value in request.form.items()
        if name.startswith(prefix)
    }


def spoken(own: str) -> dict[str, str]:
    """Languages a document can be in, by code, named in the reader's language."""
    names: Mapping[str, str] = Locale(ui_language()).languages
    return {code: names.get(code, code) for code in dict.fromkeys((*SPOKEN, own))}


def _published(
    fields: Mapping[str, str], document: SourceDocument, is_typed: bool
) -> dict[str, str]:
    """What the fields of the date show: which choice, and its days."""
    if is_typed and "language" in request.form:
        return {name: request.form.get(name, "") for name in ("dated", "day", "first", "last")}
    first, _slash, last = fields["published"].partition("/")
    chosen = "range" if last else "day" if first else ""
    if not first and documents.is_described(document):
        chosen = "none"
    return {
        "dated": chosen,
        "day": "" if last else first,
        "first": first if last else "",
        "last": last,
    }


def _theirs(clash: DocumentClash) -> str:
    """The other version in words."""
    if clash.field == "disclosures":
        return " · ".join(
            f"“{d.quote.exact}” {' / '.join(d.note.values())}" for d in read(clash.theirs)
        )
    return clash.theirs


def _for_set() -> DeskSet | None:
    set_id = set_to_come_back_to()
    return None if set_id is None else rights.set_of(db.session(), trainer(), set_id)
