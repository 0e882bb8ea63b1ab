"""Conversations about questions: a trainer's inbox, one of them, those of a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import request, url_for

from ...domain.errors import BadInput
from ...models import Player
from ...services.desk import comparisons, threads
from ...storage.db import db
from ...web.access import trainer
from ...web.page_parts import PAGE, Answer, Rendering, page_and_part
from ...web.pages import Page, render
from .readings import bp

_STATES = {"close": True, "open": False}


@dataclass(frozen=True, slots=True)
class InboxPage(Page):
    """A trainer's conversations, open ones first."""

    template: ClassVar = "desk/readings/inbox.html"
    found: threads.Inbox


@dataclass(frozen=True, slots=True)
class ThreadPage(Page):
    """A conversation; `given` is the verdict it is about, `typed` what was refused with `error`."""

    template: ClassVar = "desk/readings/thread.html"
    conversation: threads.Conversation
    given: threads.ThreadVerdict | None
    error: BadInput | None
    typed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QuestionThreads(Page):
    """The conversations about a question; `given` are the verdicts they are about, by thread."""

    template: ClassVar = "desk/readings/question.html"
    part: ClassVar = "desk/readings/_threads.html"
    question_id: int
    conversations: Sequence[threads.Conversation]
    given: Mapping[int, threads.ThreadVerdict | None]
    alike: tuple[int, int]  # of how many readers' verdicts are the author's, and of how many
    error: BadInput | None
    typed: Mapping[str, str]


@bp.get("/threads/")
def inbox() -> str:
    """Remarks and disputes: all that is open to the trainer, open ones first."""
    page = request.args.get("page", "1")[:6]
    number = int(page) if page.isascii() and page.isdigit() else 1
    found = threads.inbox(db.session(), trainer(), number)
    return render(InboxPage(found))


@bp.get("/threads/<int:thread_id>")
def thread(thread_id: int) -> str:
    """One conversation."""
    return _thread(PAGE, trainer(), thread_id, None)


@page_and_part(bp, "/threads/<int:thread_id>", method="POST")
def reply(rendering: Rendering, thread_id: int) -> Answer:
    """Write in it, close it, open it again."""
    who, error = trainer(), None
    try:
        _reply(who, thread_id)
    except BadInput as refused:
        error = refused
    there = url_for(".thread", thread_id=thread_id)
    return rendering.after(lambda: _thread(rendering, who, thread_id, error), there, error)


@page_and_part(bp, "/questions/<int:question_id>/threads")
def on_question(rendering: Rendering, question_id: int) -> str:
    """The conversations about a question."""
    return _question(rendering, trainer(), question_id, None)


@page_and_part(bp, "/questions/<int:question_id>/threads", method="POST")
def remark(rendering: Rendering, question_id: int) -> Answer:
    """Begin a conversation about a question."""
    who, text, error = trainer(), request.form.get("text", ""), None
    try:
        threads.remark(db.session(), who, question_id, text, datetime.now(UTC))
    except BadInput as refused:
        error = refused
    there = url_for(".on_question", question_id=question_id)
    return rendering.after(lambda: _question(rendering, who, question_id, error), there, error)


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


def _thread(rendering: Rendering, who: Player, thread_id: int, error: BadInput | None) -> str:
    session = db.session()
    found = threads.conversation(session, who, thread_id)
    given = threads.given_in(session, found.thread)
    return rendering.render(ThreadPage(found, given, error, request.form if error else {}))


def _question(rendering: Rendering, who: Player, question_id: int, error: BadInput | None) -> str:
    session = db.session()
    found = threads.on_question(session, who, question_id)
    page = QuestionThreads(
        question_id=question_id,
        conversations=found,
        given={c.thread.id: threads.given_in(session, c.thread) for c in found},
        alike=comparisons.read_alike(session, who, question_id),
        error=error,
        typed=request.form if error else {},
    )
    return rendering.render(page)
