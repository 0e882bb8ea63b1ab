"""Sets and documents as files, out and in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Redirect

from ...content.format.archive import zipped
from ...content.format.problems import Problem, Severity
from ...content.format.spreadsheet_writing import to_csv, to_xlsx
from ...content.intake.archive import MAX_QUESTIONS
from ...content.intake.empty_table import template
from ...content.intake.import_errors import Failed
from ...content.intake.question_table import MAX_ROWS, TableProblem
from ...content.intake.untrusted import MAX_BYTES, read_untrusted_archive, read_untrusted_table
from ...content.intake.zips import MAX_ENTRIES
from ...domain.errors import BadInput, NotFound
from ...domain.message import msg
from ...domain.question_set import Draft
from ...models import DeskQuestion, DeskSet, DeskUpload, Right
from ...services.desk import exchange, question_tables, rights, uploads
from ...services.desk.contents import questions_in, rows_of_documents
from ...services.desk.exchange import ImportPlan, NotWhole
from ...services.library.catalogue import catalogue_of
from ...services.library.published import files_of
from ...storage.db import db
from ...web import access, labels
from ...web.access import trainer
from ...web.errors import error_page
from ...web.pages import Page, render
from ...web.template_tools import taxonomy

bp = Blueprint("desk_files", __name__, url_prefix="/desk/files")

UPLOADS = {f"desk_files.{name}" for name in ("bring", "bring_table")}
_FORM = 1_000_000  # bytes of a request around its file
_KINDS = {
    "zip": "application/zip",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class BringFile(Page):
    """The form for an archive of sets, or for a table of the questions of a `set`."""

    template: ClassVar = "desk/files/bring.html"
    set: DeskSet | None
    limits: Mapping[str, int]
    error: BadInput | None


@dataclass(frozen=True, slots=True)
class LookAtArchive(Page):
    """What bringing an archive in would do, or why a file could not be read (`failed`)."""

    template: ClassVar = "desk/files/look.html"
    upload: DeskUpload
    plans: Sequence[ImportPlan] = ()
    problems: Sequence[Problem] = ()
    error: BadInput | None = None
    failed: Failed | None = None


@dataclass(frozen=True, slots=True)
class LookAtTable(Page):
    """What bringing a table in would do; `is_refused` when it cannot be."""

    template: ClassVar = "desk/files/look_table.html"
    upload: DeskUpload
    plan: ImportPlan
    problems: Sequence[TableProblem]
    is_refused: bool
    error: BadInput | None


@dataclass(frozen=True, slots=True)
class SetNotWhole(Page):
    """Why a set cannot be written as files yet; `lacking` are unfinished questions by number."""

    template: ClassVar = "desk/files/not_whole.html"
    set: DeskSet
    lacking: Sequence[tuple[int, DeskQuestion]]
    error: NotWhole


@bp.url_value_preprocessor
def _allow_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let trainers send files, and nobody else more than a form; before anything reads it."""
    who = access.player() if endpoint in UPLOADS else None
    if who is not None and who.is_trainer:
        request.max_content_length = MAX_BYTES + _FORM


@bp.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    """Nothing of the form was read; the file is what was too big."""
    set_id = (request.view_args or {}).get("set_id")
    try:
        return _ask(set_id, BadInput("file", uploads.UPLOAD_SIZE)), 413
    except (NotFound, NoPage):  # here nobody else would turn it into a page
        return error_page(404)


@bp.get("/")
def index() -> str:
    """The form to bring an archive of sets in, and what is allowed."""
    return _ask(None, None)


@bp.post("/")
def bring() -> Redirect | tuple[str, int]:
    """Take an archive, to look at what it holds first."""
    return _kept(None)


@bp.get("/sets/<int:set_id>/table")
def ask_table(set_id: int) -> str:
    """The form to bring a table of questions into a set."""
    return _ask(set_id, None)


@bp.post("/sets/<int:set_id>/table")
def bring_table(set_id: int) -> Redirect | tuple[str, int]:
    """Take a table of questions, to look at what it holds first."""
    return _kept(set_id)


@bp.get("/uploads/<upload_id>")
def look(upload_id: str) -> str:
    """What bringing a file in would do, and what is wrong in it; nothing is done."""
    return _look(uploads.waiting(db.session(), trainer(), upload_id), None)


@bp.post("/uploads/<upload_id>")
def confirm(upload_id: str) -> Redirect | tuple[str, int]:
    """Bring in what was looked at. The file is read once more, by the rules of now."""
    upload = uploads.waiting(db.session(), trainer(), upload_id)
    take = _take_archive if upload.set_id is None else _take_table
    try:
        return take(upload)
    except BadInput as error:
        return _look(upload, error), 422
    except Failed:
        return _look(upload, None), 422


@bp.post("/uploads/<upload_id>/drop")
def drop(upload_id: str) -> Redirect:
    """Let the file go."""
    set_id = uploads.waiting(db.session(), trainer(), upload_id).set_id
    uploads.drop(db.session(), trainer(), upload_id)
    flash(_("Nothing was changed."), "good")
    back = url_for("desk.show", set_id=set_id) if set_id else url_for("desk.index")
    return redirect(back, 303)


@bp.get("/sets/<int:set_id>.zip")
def archive(set_id: int) -> Response | tuple[str, int]:
    """A set as it is now, with its documents."""
    try:
        slug, content = exchange.archive_of(db.session(), trainer(), set_id)
    except NotWhole as error:
        return _not_whole(set_id, error), 409
    return _download(content, slug, "zip")


@bp.get("/sets/<int:set_id>/editions/<int:number>.zip")
def edition(set_id: int, number: int) -> Response:
    """An edition of a set, with its documents as they were."""
    slug, content = exchange.edition_archive(db.session(), trainer(), set_id, number)
    return _download(content, f"{slug}-edition-{number}", "zip")


@bp.get("/sets/<int:set_id>.<any('csv', 'xlsx'):kind>")
def table(set_id: int, kind: str) -> Response:
    """A set's questions as a table."""
    slug, questions = question_tables.table_of_set(db.session(), trainer(), set_id)
    help_sheet = template(taxonomy(), labels.words)[1]
    content = to_csv(questions) if kind == "csv" else to_xlsx([questions, help_sheet])
    return _download(content, slug, kind)


@bp.get("/template.<any('csv', 'xlsx'):kind>")
def empty_table(kind: str) -> Response:
    """The table for new questions, with two examples and, as a workbook, its help."""
    trainer()
    examples, help_sheet = template(taxonomy(), labels.words)
    content = to_csv(examples) if kind == "csv" else to_xlsx([examples, help_sheet])
    return _download(content, "questions", kind)


@bp.get("/shipped/<slug>.zip")
def shipped(slug: str) -> Response:
    """A set that comes with the game, with its documents."""
    trainer()
    stored = catalogue_of(db.session()).set(db.session(), slug)
    if stored.is_from_desk:
        raise NotFound(slug)
    return _download(zipped(files_of([stored])), slug, "zip")


def _not_whole(set_id: int, error: NotWhole) -> str:
    row = rights.set_of(db.session(), trainer(), set_id)
    numbered = enumerate(questions_in(db.session(), row), start=1)
    lacking = [(number, found) for number, found in numbered if found.id in error.questions]
    return render(SetNotWhole(row, lacking, error))


def _kept(set_id: int | None) -> Redirect | tuple[str, int]:
    who, file = trainer(), request.files.get("file")
    if set_id is not None:
        rights.set_of(db.session(), who, set_id, Right.EDIT)
    name, data = "", b""
    if file:
        with closing(file):
            name, data = file.filename or "", file.read(MAX_BYTES + 1)
    try:
        made = uploads.keep(db.session(), who, name, data, datetime.now(UTC), set_id)
    except BadInput as error:
        return _ask(set_id, error), 422
    return redirect(url_for(".look", upload_id=made.id), 303)


def _ask(set_id: int | None, error: BadInput | None) -> str:
    """The page with the form for an archive, or for a table of a set."""
    who = trainer()
    into = None if set_id is None else rights.set_of(db.session(), who, set_id, Right.EDIT)
    limits = {"megabytes": MAX_BYTES // 10**6, "files": MAX_ENTRIES}
    limits |= {"questions": MAX_QUESTIONS, "rows": MAX_ROWS}
    return render(BringFile(into, limits, error))


def _look(upload: DeskUpload, error: BadInput | None) -> str:
    show = _look_at_archive if upload.set_id is None else _look_at_table
    try:
        return show(upload, error)
    except Failed as failed:
        return render(LookAtArchive(upload, failed=failed))


def _look_at_archive(upload: DeskUpload, error: BadInput | None) -> str:
    sets, documents, problems = read_untrusted_archive(upload.data, current_app.config["QUESTIONS"])
    by_slug = {document.slug: document for document in documents}
    plans = exchange.dry_run(db.session(), trainer(), sets, by_slug)
    return render(LookAtArchive(upload, plans, problems, error))


def _look_at_table(upload: DeskUpload, error: BadInput | None) -> str:
    drafts, problems = _read_table(upload)
    plan = question_tables.dry_run_table(db.session(), trainer(), upload.set_id or 0, drafts)
    is_refused = any(problem.severity is Severity.ERROR for problem in problems)
    return render(LookAtTable(upload, plan, problems, is_refused or not drafts, error))


def _take_archive(upload: DeskUpload) -> Redirect:
    sets, documents, _problems = read_untrusted_archive(
        upload.data, current_app.config["QUESTIONS"]
    )
    wanted = set(request.form.getlist("sets"))
    chosen = [found for found in sets if found.slug in wanted]
    if not chosen:
        raise BadInput("sets", msg("Tick at least one set to bring in."))
    made = exchange.bring_in(
        db.session(),
        trainer(),
        upload.id,
        chosen,
        {document.slug: document for document in documents},
        datetime.now(UTC),
        is_exact=bool(request.form.get("exact")),
    )
    flash(_("Brought in."), "good")
    if len(made) > 1:
        return redirect(url_for("desk.index"), 303)
    return redirect(url_for("desk.show", set_id=made[0].id), 303)


def _take_table(upload: DeskUpload) -> Redirect:
    drafts, problems = _read_table(upload)
    if not drafts or any(problem.severity is Severity.ERROR for problem in problems):
        raise BadInput(
            "table", msg("This table cannot be brought in as it is. Mend it and bring it again.")
        )
    row = question_tables.import_table(
        db.session(),
        trainer(),
        upload.id,
        upload.set_id or 0,
        drafts,
        datetime.now(UTC),
        is_exact=bool(request.form.get("exact")),
    )
    flash(_("Brought in."), "good")
    return redirect(url_for("desk.show", set_id=row.id), 303)


def _read_table(upload: DeskUpload) -> tuple[tuple[Draft, ...], tuple[TableProblem, ...]]:
    """The drafts and the problems of a table. Raises Failed, NotFound."""
    row = rights.set_of(db.session(), trainer(), upload.set_id or 0, Right.EDIT)
    documents = [document.slug for document in rows_of_documents(db.session(), row)]
    ids = [question.key for question in questions_in(db.session(), row)]
    return read_untrusted_table(upload.data, upload.name, documents, ids)


def _download(content: bytes, name: str, kind: str) -> Response:
    """A file to save; the name is a slug, which needs no care."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "Cache-Control": "no-store",
    }
    return Response(content, content_type=_KINDS[kind], headers=headers)
