"""The editor: one question beside its documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from ...models import DeskQuestion, Player
from ...services.desk import editing, quoting
from ...services.desk.rights import question_of
from ...storage.db import db
from ...web.access import trainer
from ...web.page_parts import Answer, Rendering, page_and_part
from ...web.pages import Page, render
from . import editor_form
from .editor_form import FormResult, Typed
from .editor_page import EditorPage, editor_page, field_name, with_documents

bp = Blueprint("desk_questions", __name__, url_prefix="/desk/questions")


@dataclass(frozen=True, slots=True)
class QuestionHistory(Page):
    """Who changed what of a question, and when."""

    template: ClassVar = "desk/history.html"
    row: DeskQuestion
    entries: Sequence[editing.Entry]
    field_name: Callable[[str], str]


@bp.get("/<int:question_id>")
def show(question_id: int) -> str:
    """The documents on the left, the question on the right."""
    who = trainer()
    row = question_of(db.session(), who, question_id)
    return _page(who, question_id, FormResult(editing.now_stored(row)), None)


@page_and_part(bp, "/<int:question_id>", method="POST", part="/<int:question_id>/save/part")
def save(rendering: Rendering, question_id: int) -> Answer:
    """Save the form and do what its button says; what clashes comes back with both versions."""
    who, session = trainer(), db.session()
    outcome = editor_form.carry_out(session, who, question_id, request.form, datetime.now(UTC))
    sent = editor_form.typed(request.form)
    if rendering.is_part:
        answer = rendering.render(_for_script(who, question_id, outcome, sent))
        return answer if outcome.error is None else (answer, 422)
    if outcome.error is None and not outcome.saved.clashes:
        return redirect(url_for(".show", question_id=outcome.go_to or question_id), 303)
    status = 422 if outcome.error is not None else 409
    return _page(who, question_id, outcome, sent), status


@bp.get("/<int:question_id>/history")
def history(question_id: int) -> str:
    """Who changed what, and when."""
    who, session = trainer(), db.session()
    row = question_of(session, who, question_id)
    entries = editing.history(session, who, question_id)
    return render(QuestionHistory(row, entries, field_name))


@bp.post("/new/<int:set_id>")
def start(set_id: int) -> Redirect:
    """A new question in a set; with `passage` ("slug:start-end") on a passage."""
    passage = request.form.get("passage", "")
    where = editor_form.passage_in(passage) if passage else None
    skills = request.form.get("skills", "").split()
    made = quoting.start_question(db.session(), trainer(), set_id, datetime.now(UTC), where, skills)
    return redirect(url_for(".show", question_id=made.id), 303)


def _page(who: Player, question_id: int, outcome: FormResult, sent: Typed | None) -> str:
    return render(with_documents(_editor(who, question_id, outcome, sent)))


def _for_script(who: Player, question_id: int, outcome: FormResult, sent: Typed) -> EditorPage:
    """The form again, and the documents if their marks moved."""
    page = _editor(who, question_id, outcome, sent)
    keys = {name for name in outcome.saved.fields if name.endswith(".stance")}
    if keys != {name for name in sent.bases if name.endswith(".stance")}:
        return with_documents(page)
    return page


def _editor(who: Player, question_id: int, outcome: FormResult, sent: Typed | None) -> EditorPage:
    session = db.session()
    row = question_of(session, who, question_id)
    return editor_page(session, who, row, outcome, sent)
