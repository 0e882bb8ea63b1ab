"""Conversations about questions: a trainer's inbox, one of them, those of a question."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from ...domain.errors import BadInput
from ...models import Player
from ...services.desk import comparisons, threads
from ...storage.db import db
from ...web.access import trainer
from .readings import bp

_STATES = {"close": True, "open": False}


@bp.get("/threads/")
def inbox() -> str:
    """Remarks and disputes: all that is open to the trainer, open ones first."""
    page = request.args.get("page", "1")[:6]
    number = int(page) if page.isascii() and page.isdigit() else 1
    found = threads.inbox(db.session(), trainer(), number)
    return render_template("desk/readings/inbox.html", found=found)


@bp.get("/threads/<int:thread_id>")
def thread(thread_id: int) -> str:
    """One conversation."""
    return _thread("desk/readings/thread.html", trainer(), thread_id, None)


@bp.post("/threads/<int:thread_id>")
def reply(thread_id: int) -> Redirect | tuple[str, int]:
    """Write in it, close it, open it again."""
    who = trainer()
    try:
        _reply(who, thread_id)
    except BadInput as error:
        return _thread("desk/readings/thread.html", who, thread_id, error), 422
    return redirect(url_for(".thread", thread_id=thread_id), 303)


@bp.post("/threads/<int:thread_id>/part")
def reply_part(thread_id: int) -> str | tuple[str, int]:
    """The same, and the conversation alone comes back."""
    who = trainer()
    try:
        _reply(who, thread_id)
    except BadInput as error:
        return _thread("desk/readings/_thread.html", who, thread_id, error), 422
    return _thread("desk/readings/_thread.html", who, thread_id, None)


@bp.get("/questions/<int:question_id>/threads")
def on_question(question_id: int) -> str:
    """The conversations about a question."""
    return _question("desk/readings/question.html", trainer(), question_id, None)


@bp.get("/questions/<int:question_id>/threads/part")
def on_question_part(question_id: int) -> str:
    """The same, without the page around it."""
    return _question("desk/readings/_threads.html", trainer(), question_id, None)


@bp.post("/questions/<int:question_id>/threads")
def remark(question_id: int) -> Redirect | tuple[str, int]:
    """Begin a conversation about a question."""
    who, text = trainer(), request.form.get("text", "")
    try:
        threads.remark(db.session(), who, question_id, text, datetime.now(UTC))
    except BadInput as error:
        return _question("desk/readings/question.html", who, question_id, error), 422
    return redirect(url_for(".on_question", question_id=question_id), 303)


@bp.post("/questions/<int:question_id>/threads/part")
def remark_part(question_id: int) -> str | tuple[str, int]:
    """The same, and all the question's conversations come back."""
    who, text = trainer(), request.form.get("text", "")
    try:
        threads.remark(db.session(), who, question_id, text, datetime.now(UTC))
    except BadInput as error:
        return _question("desk/readings/_threads.html", who, question_id, error), 422
    return _question("desk/readings/_threads.html", who, question_id, None)


def _reply(who: Player, thread_id: int) -> None:
    form = request.form
    threads.reply(
        db.session(),
        who,
        thread_id,
        form.get("text", ""),
        bool(form.get("to_learner")),
        _STATES.get(form.get("state", "")),
        datetime.now(UTC),
    )


def _thread(template: str, who: Player, thread_id: int, error: BadInput | None) -> str:
    session = db.session()
    found = threads.conversation(session, who, thread_id)
    return render_template(
        template,
        conversation=found,
        given=threads.given_in(session, found.thread),
        error=error,
        typed=request.form if error else {},
    )


def _question(template: str, who: Player, question_id: int, error: BadInput | None) -> str:
    session = db.session()
    found = threads.on_question(session, who, question_id)
    return render_template(
        template,
        question_id=question_id,
        conversations=found,
        given={c.thread.id: threads.given_in(session, c.thread) for c in found},
        alike=comparisons.read_alike(session, who, question_id),
        error=error,
        typed=request.form if error else {},
    )
