"""What a trainer does with one member of a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from ...content.format.spreadsheet_writing import to_csv
from ...domain.errors import BadInput
from ...models import Classroom
from ...services.classes import cards, classrooms, reports, rosters
from ...services.classes.rosters import Member
from ...storage.db import db
from ...web.access import trainer
from ...web.forms import UNSURE
from ...web.i18n import ui_language
from ...web.pages import Page, render
from .classrooms import Cards

bp = Blueprint("members", __name__, url_prefix="/classes/<int:class_id>/members/<int:member_id>")


@dataclass(frozen=True, slots=True)
class OneMember(Page):
    """A member, and what can be done."""

    template: ClassVar = "classes/member.html"
    classroom: Classroom
    member: Member
    error: BadInput | None


@bp.get("")
def show(class_id: int, member_id: int) -> str:
    """A member, and what can be done."""
    return _page(*_own(class_id, member_id), None)


@bp.post("/label")
def rename(class_id: int, member_id: int) -> Redirect | tuple[str, int]:
    """Change what the trainer calls the member."""
    classroom, member = _own(class_id, member_id)
    try:
        rosters.rename_member(db.session(), member, request.form.get("label", ""))
    except BadInput as error:
        return _page(classroom, member, error), 422
    return redirect(url_for("classes.show", class_id=class_id), 303)


@bp.post("/passphrase")
def passphrase(class_id: int, member_id: int) -> str:
    """Give a new passphrase; the card is the answer, once."""
    classroom, member = _own(class_id, member_id)
    card = cards.new_card(db.session(), member.membership, ui_language())
    return render(Cards(classroom, [card]))


@bp.post("/remove")
def remove(class_id: int, member_id: int) -> Redirect:
    """Take the member out of the class; the record stays theirs."""
    _classroom, member = _own(class_id, member_id)
    rosters.remove_member(db.session(), member)
    flash(_("%(name)s is not in the class any more.", name=member.label), "good")
    return redirect(url_for("classes.show", class_id=class_id), 303)


@bp.post("/erase")
def erase(class_id: int, member_id: int) -> Redirect | tuple[str, int]:
    """Erase an account made for the class, or end the membership, once the box is ticked."""
    classroom, member = _own(class_id, member_id)
    if not request.form.get("sure"):
        return _page(classroom, member, BadInput("sure", UNSURE)), 422
    rosters.erase_member(db.session(), member)
    flash(_("%(name)s is not in the class any more.", name=member.label), "good")
    return redirect(url_for("classes.show", class_id=class_id), 303)


@bp.get("/record.json")
def record(class_id: int, member_id: int) -> Response:
    """The member's data as JSON."""
    _classroom, member = _own(class_id, member_id)
    response = jsonify(reports.record_of(db.session(), member))
    response.headers["Content-Disposition"] = 'attachment; filename="not-proven-learner.json"'
    return response


@bp.get("/answers.csv")
def answers(class_id: int, member_id: int) -> Response:
    """The member's answers as CSV."""
    _classroom, member = _own(class_id, member_id)
    table, _learners = reports.tables_for(db.session(), [member])
    disposition = 'attachment; filename="not-proven-learner.csv"'
    return Response(
        to_csv(table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": disposition},
    )


def _own(class_id: int, member_id: int) -> tuple[Classroom, Member]:
    classroom = classrooms.class_of(db.session(), trainer(), class_id)
    return classroom, rosters.member_of(db.session(), classroom, member_id)


def _page(classroom: Classroom, member: Member, error: BadInput | None) -> str:
    return render(OneMember(classroom, member, error))
