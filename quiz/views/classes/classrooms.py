"""A trainer's classes. Of a class that is somebody else's there is nothing to be seen."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from ...content.format.spreadsheet_writing import to_csv, to_xlsx
from ...domain.errors import BadInput, NotFound
from ...domain.measures import Summary
from ...models import Classroom
from ...services.classes import cards, classrooms, reports, rosters
from ...storage.db import db
from ...web.access import player, trainer
from ...web.charts import CalibrationChart, calibration_chart
from ...web.forms import UNSURE
from ...web.i18n import ui_language
from ...web.pages import Page, render

bp = Blueprint("classes", __name__, url_prefix="/classes")


@dataclass(frozen=True, slots=True)
class Classes(Page):
    """A trainer's classes, and the form for a new one; what answers can be kept for in days."""

    template: ClassVar = "classes/list.html"
    classes: Sequence[classrooms.OwnClass]
    choices: Sequence[int]
    usual: int
    error: BadInput | None


@dataclass(frozen=True, slots=True)
class OneClass(Page):
    """A class: its code, its members, its settings."""

    template: ClassVar = "classes/class.html"
    classroom: Classroom
    members: Sequence[rosters.Member]
    choices: Sequence[int]
    most_cards: int
    key: str
    error: BadInput | None


@dataclass(frozen=True, slots=True)
class Cards(Page):
    """Sign-in cards to print, shown once."""

    template: ClassVar = "classes/cards.html"
    classroom: Classroom
    cards: Sequence[cards.SignInCard]


@dataclass(frozen=True, slots=True)
class Report(Page):
    """What a class finds hard, and each learner's line."""

    template: ClassVar = "classes/report.html"
    classroom: Classroom
    report: reports.ClassReport
    figures: Summary
    calibration_chart: CalibrationChart


@bp.get("/")
def index() -> str:
    """The trainer's classes, and the form for a new one."""
    return _list(None)


@bp.post("/")
def create() -> Redirect | tuple[str, int]:
    """Make a class."""
    name, retention = request.form.get("name", ""), request.form.get("retention", "")
    try:
        made = classrooms.create_class(db.session(), trainer(), name, retention, datetime.now(UTC))
    except BadInput as error:
        return _list(error), 422
    return redirect(url_for(".show", class_id=made.id), 303)


@bp.get("/<int:class_id>")
def show(class_id: int) -> str:
    """A class: its code, its learners, its settings."""
    return _page(_own(class_id), None)


@bp.post("/<int:class_id>/settings")
def change(class_id: int) -> Redirect | tuple[str, int]:
    """Rename a class, or change how long it keeps answers."""
    classroom = _own(class_id)
    name, retention = request.form.get("name", ""), request.form.get("retention", "")
    try:
        classrooms.change_class(db.session(), classroom, name, retention)
    except BadInput as error:
        return _page(classroom, error), 422
    flash(_("Saved."), "good")
    return redirect(url_for(".show", class_id=class_id), 303)


@bp.post("/<int:class_id>/code")
def open_class(class_id: int) -> Redirect | tuple[str, int]:
    """Give the class a code, or another one."""
    classroom = _own(class_id)
    try:
        classrooms.open_class(db.session(), classroom)
    except BadInput as error:
        return _page(classroom, error), 422
    return redirect(url_for(".show", class_id=class_id), 303)


@bp.post("/<int:class_id>/close")
def close_class(class_id: int) -> Redirect:
    """Let nobody join by themselves."""
    classrooms.close_class(db.session(), _own(class_id))
    return redirect(url_for(".show", class_id=class_id), 303)


@bp.post("/<int:class_id>/cards")
def issue(class_id: int) -> str | tuple[str, int]:
    """Make accounts; the sheet to print is the answer, once."""
    classroom, form = _own(class_id), request.form
    try:
        made = cards.issue_cards(
            db.session(),
            classroom,
            form.get("count", ""),
            form.get("key", ""),
            ui_language(),
            datetime.now(UTC),
        )
    except BadInput as error:
        return _page(classroom, error), 422
    return render(Cards(classroom, made))


@bp.get("/<int:class_id>/report")
def report(class_id: int) -> str:
    """What the class finds hard, and each learner's line."""
    classroom = _own(class_id)
    found = reports.report_of(db.session(), classroom)
    chart = calibration_chart(found.figures.levels)
    return render(Report(classroom, found, found.figures, chart))


@bp.get("/<int:class_id>/export/<any('answers.csv', 'learners.csv', 'class.xlsx'):file>")
def export(class_id: int, file: str) -> Response:
    """All answers of the class, or its learners, as CSV; both as XLSX."""
    answers, learners = reports.tables_of(db.session(), _own(class_id))
    if file == "class.xlsx":
        return _download(to_xlsx([learners, answers]), file)
    return _download(to_csv(answers if file == "answers.csv" else learners), file)


@bp.post("/<int:class_id>/clear")
def clear(class_id: int) -> Redirect | tuple[str, int]:
    """Let all learners and their data go, once the box is ticked."""
    classroom = _own(class_id)
    if not request.form.get("sure"):
        return _page(classroom, BadInput("clear", UNSURE)), 422
    classrooms.clear_class(db.session(), classroom)
    flash(_("The class is empty."), "good")
    return redirect(url_for(".show", class_id=class_id), 303)


@bp.post("/<int:class_id>/delete")
def delete(class_id: int) -> Redirect | tuple[str, int]:
    """Delete the class with its learners' data, once the box is ticked."""
    classroom = _own(class_id)
    if not request.form.get("sure"):
        return _page(classroom, BadInput("delete", UNSURE)), 422
    classrooms.delete_class(db.session(), classroom)
    flash(_("The class %(name)s is deleted.", name=classroom.name), "good")
    return redirect(url_for(".index"), 303)


@bp.post("/<int:class_id>/leave")
def leave(class_id: int) -> Redirect:
    """A learner leaves a class."""
    who = player()
    if who is None:
        raise NotFound
    rosters.leave_class(db.session(), who, class_id)
    flash(_("You have left the class. What you answered stays yours."), "good")
    return redirect(url_for("accounts.index"), 303)


def _own(class_id: int) -> Classroom:
    return classrooms.class_of(db.session(), trainer(), class_id)


def _list(error: BadInput | None) -> str:
    own = classrooms.classes_of(db.session(), trainer())
    return render(Classes(own, classrooms.RETENTION_DAYS, classrooms.USUAL_RETENTION, error))


def _page(classroom: Classroom, error: BadInput | None) -> str:
    return render(
        OneClass(
            classroom=classroom,
            members=rosters.roster(db.session(), classroom),
            choices=sorted({*classrooms.RETENTION_DAYS, classroom.retention_days}),
            most_cards=cards.MOST_CARDS,
            key=secrets.token_urlsafe(16),
            error=error,
        )
    )


def _download(content: bytes, file: str) -> Response:
    kind = "text/csv; charset=utf-8"
    if file.endswith(".xlsx"):
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    disposition = f'attachment; filename="not-proven-{file}"'
    return Response(content, content_type=kind, headers={"Content-Disposition": disposition})
