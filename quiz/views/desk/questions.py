"""The editor: one question beside its documents."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from ...models import Player
from ...services.desk import editing, quoting
from ...services.desk.rights import question_of
from ...storage.db import db
from ...web.access import trainer
from ...web.page_parts import Answer, Rendering, page_and_part
from . import editor_form, editor_page
from .editor_form import FormResult, Typed

bp = Blueprint("desk_questions", __name__, url_prefix="/desk/questions")


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
        answer = _for_script(who, question_id, outcome, sent)
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
    return render_template(
        "desk/history.html", row=row, entries=entries, field_name=editor_page.field_name
    )


@bp.post("/new/<int:set_id>")
def start(set_id: int) -> Redirect:
    """A new question in a set; with `passage` ("slug:start-end") on a passage."""
    passage = request.form.get("passage", "")
    where = editor_form.passage_in(passage) if passage else None
    skills = request.form.get("skills", "").split()
    made = quoting.start_question(db.session(), trainer(), set_id, datetime.now(UTC), where, skills)
    return redirect(url_for(".show", question_id=made.id), 303)


def _page(who: Player, question_id: int, outcome: FormResult, sent: Typed | None) -> str:
    shown = _shown(who, question_id, outcome, sent)
    return render_template("desk/question.html", **shown, **editor_page.beside(shown))


def _for_script(who: Player, question_id: int, outcome: FormResult, sent: Typed) -> str:
    """The form again, and the documents if their marks moved."""
    shown = _shown(who, question_id, outcome, sent)
    keys = {name for name in outcome.saved.fields if name.endswith(".stance")}
    if keys != {name for name in sent.bases if name.endswith(".stance")}:
        shown |= editor_page.beside(shown)
    return render_template("desk/_answer.html", **shown)


def _shown(
    who: Player, question_id: int, outcome: FormResult, sent: Typed | None
) -> dict[str, Any]:
    session = db.session()
    row = question_of(session, who, question_id)
    return editor_page.context(session, who, row, outcome, sent)
