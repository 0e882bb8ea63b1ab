"""A set played alone before it is published, as phone and as projector. Nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as Redirect

from ...domain.answer import Look, LookAnswer, Mode, Stage
from ...domain.errors import BadInput, NotFound
from ...domain.room import Leaderboard, Phase, RoomMode, Rules, State
from ...models import DeskSet
from ...services.desk import contents, rights
from ...services.desk.preview import Preview, preview_of
from ...services.library.outcome import outcome_of
from ...services.library.passages import passages
from ...services.live.results import Distribution
from ...storage.db import db
from ...web.access import trainer
from ...web.forms import answer_in
from ...web.i18n import ui_language
from .sets import bp

SCREENS = {"phone": "desk/preview_phone.html", "projector": "desk/preview_projector.html"}


@dataclass(frozen=True, slots=True)
class Position:
    """Which question of which set is previewed, `position` counting from 1."""

    set: DeskSet
    question_id: int
    position: int
    size: int


@bp.get("/sets/<int:set_id>/preview")
def preview_set(set_id: int) -> str | Redirect:
    """The set from its first question on."""
    row = rights.set_of(db.session(), trainer(), set_id)
    if not contents.questions_in(db.session(), row):
        return render_template("desk/preview_empty.html", set=row)
    return redirect(url_for(".preview", set_id=set_id, position=1), 303)


@bp.get("/sets/<int:set_id>/preview/<int(max=9999):position>")
def preview(set_id: int, position: int) -> str:
    """A question as it would be asked."""
    place, shown, files = _shown(set_id, position)
    return _render(place, shown, _asked(shown, None) | files)


@bp.post("/sets/<int:set_id>/preview/<int(max=9999):position>")
def preview_reveal(set_id: int, position: int) -> str | tuple[str, int]:
    """The reveal to the answer given, on a projector to none."""
    place, shown, files = _shown(set_id, position)
    final = None
    if _screen() == "phone":
        try:
            answer = answer_in(request.form)
        except BadInput as error:
            return _render(place, shown, _asked(shown, error) | files), 422
        final = LookAnswer(answer.verdict, answer.confidence)
    return _render(place, shown, _revealed(shown, place, final))


def _shown(set_id: int, position: int) -> tuple[Position, Preview, dict[str, Any]]:
    """The question, where it stands, and the whole files if they were asked for."""
    session = db.session()
    row = rights.set_of(session, trainer(), set_id)
    questions = contents.questions_in(session, row)
    if not 0 < position <= len(questions):
        raise NotFound(position)
    asked = questions[position - 1]
    documents = contents.documents_in(session, row)
    shown = preview_of(row.slug, contents.draft(asked), documents, tuple(row.languages))
    files = {"files": tuple(documents.values())} if "file" in request.args else {}
    return Position(row, asked.id, position, len(questions)), shown, files


def _render(place: Position, shown: Preview, sheet: dict[str, Any]) -> str:
    return render_template(
        SCREENS[_screen()], **_frame(place, sheet["phase"]), **sheet, preview=shown
    )


def _screen() -> str:
    return "projector" if request.args.get("screen") == "projector" else "phone"


def _frame(place: Position, phase: Phase) -> dict[str, Any]:
    """What surrounds a question: which screen, where it goes on, and that it is a preview."""
    screen = _screen()
    frame: dict[str, Any] = {
        "is_preview": True,
        "cached": _not_cached,
        "set": place.set,
        "place": place,
        "shown_as": screen,
        "onward": _onward(place),
        "state": State(phase, place.position, datetime.now(UTC)),
        "host": {"rules": Rules(place.size, RoomMode.QUICK, None, Leaderboard.OFF)},
        "mode": Mode.QUICK,
        "found": None,
        "pointing": False,
        "file_open": "file" in request.args,
    }
    if screen == "projector":
        return frame | {"screen": screen}
    whole = url_for(".preview", set_id=place.set.id, position=place.position, file=1)
    return frame | {"file_href": whole}


def _onward(place: Position) -> dict[str, str]:
    if place.position == place.size:
        return {"href": url_for(".show", set_id=place.set.id), "label": _("Back to the set")}
    after = place.position + 1
    href = url_for(".preview", set_id=place.set.id, position=after, screen=_screen())
    return {"href": href, "label": _("Next claim")}


def _asked(shown: Preview, error: BadInput | None) -> dict[str, Any]:
    return {
        "phase": Phase.QUESTION,
        "stage": Stage.ASK,
        "claim": shown.revision.question.claim or {ui_language(): _("(no claim yet)")},
        "passages_shown": passages(shown.revision),
        "error": error,
        "typed": request.form if error else {},
        "key": "",
        "look": Look.FINAL,
    }


def _revealed(shown: Preview, place: Position, final: LookAnswer | None) -> dict[str, Any]:
    answers = {(final.verdict, final.confidence): 1} if final else {}
    return {
        "phase": Phase.REVEAL,
        "stage": Stage.REVEAL,
        "claim": shown.revision.question.claim,
        "revision": shown.revision,
        "item": {"first": None, "final": final, "is_last": place.position == place.size},
        "outcome": final and outcome_of(shown.revision, None, final),
        "pointed": None,
        "distributions": {Look.FINAL: Distribution(answers)},
    }


def _not_cached(template: str, **given: object) -> Markup:
    """A preview changes with every word: its pieces are rendered anew, and kept in no cache."""
    return Markup(render_template(template, **given))  # it escapes by itself
