"""A set played alone before it is published, as phone and as projector. Nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from flask import redirect, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as Redirect

from ...domain.answer import Look, LookAnswer, Looks, Mode, Stage
from ...domain.errors import BadInput, NotFound
from ...domain.question_set import SourceDocument
from ...domain.room import Leaderboard, Phase, RoomMode, Rules
from ...models import DeskSet
from ...services.desk import contents, rights
from ...services.desk.preview import Preview, preview_of
from ...services.library.outcome import outcome_of
from ...services.library.passages import passages
from ...services.live.results import Distribution
from ...storage.db import db
from ...web.access import trainer
from ...web.forms import answer_in
from ...web.fragments import uncached
from ...web.i18n import ui_language
from ...web.pages import Page, render
from ...web.question_pages import AnswerPage, Onward
from .sets import bp


@dataclass(frozen=True, slots=True)
class Position:
    """Which question of which set is previewed, `number` counting from 1 to `size`."""

    set: DeskSet
    question_id: int
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class PreviewHost:
    """What a projector asks of a host, where there is no room."""

    rules: Rules


@dataclass(frozen=True, slots=True)
class PreviewEmpty(Page):
    """There is no question to preview."""

    template: ClassVar = "desk/preview_empty.html"
    set: DeskSet


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage(AnswerPage):
    """A question as players would see it, with what it still lacks (`preview`)."""

    set: DeskSet
    position: Position
    preview: Preview
    shown_as: str  # "phone" or "projector"
    cached: Callable[..., Markup]  # in the place of the templates' own
    # What a round or a room would give
    mode: Mode
    host: PreviewHost
    phase: Phase
    distributions: Mapping[Look, Distribution] | None = None
    found: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPhone(PreviewPage):
    """A question as in a round."""

    template: ClassVar = "desk/preview_phone.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewProjector(PreviewPage):
    """A question as on a room's projector."""

    template: ClassVar = "desk/preview_projector.html"


@bp.get("/sets/<int:set_id>/preview")
def preview_set(set_id: int) -> str | Redirect:
    """The set from its first question on."""
    row = rights.set_of(db.session(), trainer(), set_id)
    if not contents.questions_in(db.session(), row):
        return render(PreviewEmpty(row))
    return redirect(url_for(".preview", set_id=set_id, position=1), 303)


@bp.get("/sets/<int:set_id>/preview/<int(max=9999):position>")
def preview(set_id: int, position: int) -> str:
    """A question as it would be asked."""
    return render(_asked(*_previewed(set_id, position), None))


@bp.post("/sets/<int:set_id>/preview/<int(max=9999):position>")
def preview_reveal(set_id: int, position: int) -> str | tuple[str, int]:
    """The reveal to the answer given, on a projector to none."""
    at, previewed, files = _previewed(set_id, position)
    final = None
    if _screen() == "phone":
        try:
            answer = answer_in(request.form)
        except BadInput as error:
            return render(_asked(at, previewed, files, error)), 422
        final = LookAnswer(answer.verdict, answer.confidence)
    return render(_revealed(at, previewed, final))


def _previewed(
    set_id: int, number: int
) -> tuple[Position, Preview, tuple[SourceDocument, ...] | None]:
    """The question, where it stands, and the whole files if they were asked for."""
    session = db.session()
    row = rights.set_of(session, trainer(), set_id)
    questions = contents.questions_in(session, row)
    if not 0 < number <= len(questions):
        raise NotFound(number)
    question = questions[number - 1]
    documents = contents.documents_in(session, row)
    found = preview_of(row.slug, contents.draft(question), documents, tuple(row.languages))
    judged_on = found.revision.files or documents
    files = tuple(judged_on.values()) if "file" in request.args else None
    return Position(row, question.id, number, len(questions)), found, files


def _screen() -> str:
    return "projector" if request.args.get("screen") == "projector" else "phone"


def _page(position: Position, previewed: Preview, phase: Phase) -> PreviewPage:
    """What surrounds a question: which screen, where it goes on, and that it is a preview."""
    shown_as = _screen()
    is_projector = shown_as == "projector"
    whole = url_for(".preview", set_id=position.set.id, position=position.number, file=1)
    return (PreviewProjector if is_projector else PreviewPhone)(
        cached=uncached,  # a preview changes with every word
        set=position.set,
        position=position,
        preview=previewed,
        shown_as=shown_as,
        screen=shown_as if is_projector else None,
        onward=_onward(position),
        mode=Mode.QUICK,
        host=PreviewHost(Rules(position.size, RoomMode.QUICK, None, Leaderboard.OFF)),
        phase=phase,
        file_open="file" in request.args,
        file_href=None if is_projector else whole,
    )


def _onward(position: Position) -> Onward:
    if position.number == position.size:
        return Onward(url_for(".show", set_id=position.set.id), _("Back to the set"))
    after = position.number + 1
    href = url_for(".preview", set_id=position.set.id, position=after, screen=_screen())
    return Onward(href, _("Next claim"))


def _asked(
    position: Position,
    previewed: Preview,
    files: tuple[SourceDocument, ...] | None,
    error: BadInput | None,
) -> PreviewPage:
    return replace(
        _page(position, previewed, Phase.QUESTION),
        stage=Stage.ASK,
        claim=previewed.revision.question.claim or {ui_language(): _("(no claim yet)")},
        files=files,
        passages_shown=passages(previewed.revision),
        error=error,
        typed=request.form if error else None,
        look=Look.FINAL,
    )


def _revealed(position: Position, previewed: Preview, final: LookAnswer | None) -> PreviewPage:
    revision = previewed.revision
    answers = {(final.verdict, final.confidence): 1} if final else {}
    return replace(
        _page(position, previewed, Phase.REVEAL),
        stage=Stage.REVEAL,
        claim=revision.question.claim,
        revision=revision,
        item=Looks(first=None, final=final),
        outcome=outcome_of(revision, None, final) if final else None,
        distributions={Look.FINAL: Distribution(answers)},
    )
