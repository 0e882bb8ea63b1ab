"""A trainer's sets, own and shared: made, described, filled, put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as Redirect

from ...domain.errors import BadInput
from ...domain.measures import ItemAnalysis
from ...domain.message import msg
from ...domain.question_set import LANGUAGES
from ...models import DeskDocument, DeskSet
from ...services.desk import copies, rights, sets
from ...services.desk.overview import (
    SetOverview,
    SetSummary,
    cards_of,
    overview_of,
    spare_documents,
)
from ...services.library import item_stats
from ...services.library.catalogue import StoredSet, catalogue_of
from ...storage.db import db
from ...web.access import trainer
from ...web.forms import UNSURE
from ...web.page_parts import Answer, Rendering, page_and_part
from ...web.pages import Page, render
from ...web.template_tools import taxonomy

bp = Blueprint("desk", __name__, url_prefix="/desk")


@dataclass(frozen=True, slots=True)
class DeskIndex(Page):
    """A trainer's sets, own and shared, the form for a new one, the sets to copy."""

    template: ClassVar = "desk/index.html"
    cards: Sequence[SetSummary]
    documents: Sequence[DeskDocument]
    shipped: Sequence[StoredSet]
    error: BadInput | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionList(Page):
    """A set's questions in order, by themselves; `position` is the new one of what was moved."""

    template: ClassVar = "desk/_questions.html"
    overview: SetOverview
    set: DeskSet
    figures: Mapping[str, ItemAnalysis]  # by question
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPage(QuestionList):
    """A set: its questions, its documents, its forms; what was wrong in one of them."""

    template: ClassVar = "desk/set.html"
    spare: Sequence[DeskDocument]  # that it could quote
    others: Sequence[DeskSet]  # that could be merged into it
    error: BadInput | None


@bp.get("/")
def index() -> str:
    """The sets that the trainer owns or may read, the form for a new one, the library."""
    return _index(None)


@bp.post("/sets")
def create() -> Redirect | tuple[str, int]:
    """Make a set."""
    form = request.form
    try:
        made = sets.create_set(
            db.session(),
            trainer(),
            _texts("title"),
            form.getlist("languages"),
            _ids("documents"),
            _now(),
        )
    except BadInput as error:
        return _index(error), 422
    return redirect(url_for(".show", set_id=made.id), 303)


@bp.get("/sets/<int:set_id>")
def show(set_id: int) -> str:
    """A set: its questions in order, its documents, what is wrong with it."""
    return page(set_id)


@bp.post("/sets/<int:set_id>/describe")
def describe(set_id: int) -> Redirect | tuple[str, int]:
    """Change title, summary or languages."""
    who, languages = trainer(), request.form.getlist("languages")
    texts = _texts("title"), _texts("summary")
    try:
        sets.describe(db.session(), who, set_id, *texts, languages, _now())
    except BadInput as error:
        return page(set_id, error), 422
    return _back(set_id, _("Saved."))


@bp.post("/sets/<int:set_id>/documents")
def add_documents(set_id: int) -> Redirect:
    """Let the set quote more documents."""
    for document_id in _ids("documents"):
        sets.add_document(db.session(), trainer(), set_id, document_id, _now())
    rights.set_of(db.session(), trainer(), set_id)
    return _back(set_id, anchor="documents")


@bp.post("/sets/<int:set_id>/documents/<int:document_id>/drop")
def drop_document(set_id: int, document_id: int) -> Redirect | tuple[str, int]:
    """Take a document out of the set; the document stays."""
    try:
        sets.drop_document(db.session(), trainer(), set_id, document_id, _now())
    except BadInput as error:
        return page(set_id, error), 422
    return _back(set_id, anchor="documents")


@page_and_part(bp, "/questions/<int:question_id>/move", method="POST")
def move(rendering: Rendering, question_id: int) -> Answer:
    """Move a question one place up or down."""
    set_id, position = _moved(question_id)
    there = url_for(".show", set_id=set_id, _anchor=f"question-{question_id}")
    return rendering.after(lambda: _question_list(set_id, position), there)


@page_and_part(bp, "/sets/<int:set_id>/order", method="POST")
def order(rendering: Rendering, set_id: int) -> Answer:
    """Put the questions in the order of the ids sent."""
    wanted, moved = _order(), request.form.get("moved", "")
    sets.reorder(db.session(), trainer(), set_id, wanted, _now())
    positions = {str(question_id): number for number, question_id in enumerate(wanted, start=1)}
    there = url_for(".show", set_id=set_id, _anchor="questions")
    return rendering.after(lambda: _question_list(set_id, positions.get(moved, 1)), there)


@bp.post("/questions/<int:question_id>/delete")
def drop_question(question_id: int) -> Redirect:
    """Delete a question."""
    set_id = sets.drop_question(db.session(), trainer(), question_id, _now())
    return _back(set_id, _("The question is deleted. What was published of it stays."))


@bp.post("/sets/<int:set_id>/split")
def split(set_id: int) -> Redirect | tuple[str, int]:
    """Move the ticked questions into a new set."""
    ids = _ids("questions")
    try:
        made = copies.split(db.session(), trainer(), set_id, ids, _texts("split_title"), _now())
    except BadInput as error:
        at = {"title": "split_title"}.get(error.field, error.field)
        return page(set_id, BadInput(at, error.message)), 422
    return _back(made.id, _("These questions are a set of their own now."))


@bp.post("/sets/<int:set_id>/merge")
def merge(set_id: int) -> Redirect | tuple[str, int]:
    """Copy the questions of another set into this one."""
    rights.set_of(db.session(), trainer(), set_id)
    try:
        other = next(iter(_ids("other")), None)
        if other is None:
            raise BadInput("other", msg("Choose a set to copy the questions from."))
        number = copies.merge(db.session(), trainer(), set_id, other, _now())
    except BadInput as error:
        return page(set_id, error), 422
    told = ngettext("%(num)s question is copied.", "%(num)s questions are copied.", number)
    return _back(set_id, told)


@bp.post("/sets/<int:set_id>/duplicate")
def duplicate(set_id: int) -> Redirect | tuple[str, int]:
    """A copy to work on, as a draft of one's own."""
    try:
        made = copies.duplicate(db.session(), trainer(), set_id, _now())
    except BadInput as error:
        return page(set_id, error), 422
    return _back(made.id, _("This is your copy. The set it was made from stays as it is."))


@bp.post("/sets/<int:set_id>/delete")
def delete(set_id: int) -> Redirect | tuple[str, int]:
    """Delete a set that was never published, once the box is ticked."""
    rights.own_set(db.session(), trainer(), set_id)
    try:
        if not request.form.get("sure"):
            raise BadInput("delete", UNSURE)
        sets.delete_set(db.session(), trainer(), set_id)
    except BadInput as error:
        return page(set_id, BadInput("delete", error.message)), 422
    flash(_("The set is deleted."), "good")
    return redirect(url_for(".index"), 303)


def page(set_id: int, error: BadInput | None = None) -> str:
    """The set's page, with what was wrong in one of its forms."""
    who, session = trainer(), db.session()
    overview = overview_of(session, who, set_id, taxonomy())
    return render(
        SetPage(
            overview=overview,
            set=overview.set,
            figures=item_stats.statistics(session, overview.set.slug),
            spare=spare_documents(session, who, overview),
            others=[row for row in rights.sets_of(session, who) if row.id != set_id],
            error=error,
        )
    )


def shipped_sets() -> tuple[StoredSet, ...]:
    """The sets that come with the game."""
    session = db.session()
    return tuple(s for s in catalogue_of(session).sets(session) if not s.is_from_desk)


def _index(error: BadInput | None) -> str:
    who, session = trainer(), db.session()
    return render(
        DeskIndex(
            cards=cards_of(session, who),
            documents=rights.documents_of(session, who),
            shipped=shipped_sets(),
            error=error,
        )
    )


def _question_list(set_id: int, position: int) -> str:
    session = db.session()
    overview = overview_of(session, trainer(), set_id, taxonomy())
    figures = item_stats.statistics(session, overview.set.slug)
    return render(
        QuestionList(overview=overview, set=overview.set, figures=figures, position=position)
    )


def _moved(question_id: int) -> tuple[int, int]:
    """Move the question as the form says; the set's id and the question's new position."""
    who, steps = trainer(), {"up": -1, "down": 1}
    wanted = request.form.get("by", "")
    if wanted not in steps:
        raise BadInput("by", msg("A question goes up or down."))
    return sets.shift(db.session(), who, question_id, steps[wanted], _now())


def _order() -> list[int]:
    ids = request.form.get("order", "").split()
    return [int(i) for i in ids if i.isascii() and i.isdigit() and len(i) < 10]


def _ids(field: str) -> list[int]:
    ids = request.form.getlist(field)
    return [int(i) for i in ids if i.isascii() and i.isdigit() and len(i) < 10]


def _texts(name: str) -> dict[str, str]:
    return {code: request.form.get(f"{name}.{code}", "") for code in LANGUAGES}


def _back(set_id: int, told: str = "", anchor: str | None = None) -> Redirect:
    if told:
        flash(told, "good")
    return redirect(url_for(".show", set_id=set_id, _anchor=anchor), 303)


def _now() -> datetime:
    return datetime.now(UTC)
