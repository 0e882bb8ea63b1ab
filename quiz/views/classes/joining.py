"""Learners join a class with its code, with their own record or with an account made for them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from ...domain import codes
from ...domain.errors import BadInput, NotFound, TooMany
from ...domain.message import msg
from ...models import Classroom
from ...services.classes import cards, rosters
from ...storage.db import db
from ...web.access import enter, player
from ...web.i18n import ui_language
from ...web.pages import Page, render
from ...web.rate_limits import code_tries

bp = Blueprint("joining", __name__, url_prefix="/classes/join")


@dataclass(frozen=True, slots=True)
class Join(Page):
    """Where the code of a class is typed."""

    template: ClassVar = "classes/join.html"
    error: BadInput | None = None


@dataclass(frozen=True, slots=True)
class Confirm(Page):
    """Which class it is, and the button that joins; `is_in` who is in it already."""

    template: ClassVar = "classes/confirm.html"
    classroom: Classroom
    is_in: bool
    key: str
    error: BadInput | None


@dataclass(frozen=True, slots=True)
class Joined(Page):
    """The card of somebody who came without a record, shown once."""

    template: ClassVar = "classes/joined.html"
    classroom: Classroom
    card: cards.SignInCard


@bp.get("")
def ask() -> str:
    """The form for the code."""
    return render(Join())


@bp.post("")
def typed() -> Redirect | tuple[str, int]:
    """Go to the class whose code was typed."""
    found = _class_with(request.form.get("code", ""))
    if found is None:
        return _refused()
    return redirect(url_for(".confirm", code=found.code), 303)


@bp.get("/<code>")
def confirm(code: str) -> str | tuple[str, int]:
    """Which class this is, what its trainer will see, and the button that joins."""
    found = _class_with(code)
    if found is None:
        return _refused()
    return _page(found, None)


@bp.post("/<code>")
def join(code: str) -> Redirect | str | tuple[str, int]:
    """Join; somebody without a record gets an account, whose card is the answer, once."""
    found = _class_with(code)
    if found is None:
        return _refused()
    who, now, joined = player(), datetime.now(UTC), found.code or ""
    try:
        if who is None:
            key = request.form.get("key", "")
            new, card = cards.join_as_newcomer(db.session(), joined, key, ui_language(), now)
            enter(new)
            return render(Joined(found, card))
        rosters.join(db.session(), joined, who, now)
    except NotFound:  # the trainer closed the class this moment
        return _refused()
    except BadInput as error:
        return _page(found, error), 422
    flash(_("You are in the class %(name)s.", name=found.name), "good")
    return redirect(url_for("accounts.index"), 303)


def _class_with(typed_code: str) -> Classroom | None:
    """The class that can be joined with what was typed; a wrong code is counted.

    Raises TooMany after too many of those.
    """
    who = player()
    caller = who.id if who else None
    if not code_tries.allowed(caller):
        raise TooMany
    code = codes.normalise(typed_code)
    try:
        if code is None:
            raise NotFound
        return rosters.class_with_code(db.session(), code)
    except NotFound:
        code_tries.failed(caller)
        return None


def _page(found: Classroom, error: BadInput | None) -> str:
    return render(
        Confirm(
            classroom=found,
            is_in=rosters.is_member(db.session(), found, player()),
            key=secrets.token_urlsafe(16),
            error=error,
        )
    )


def _refused() -> tuple[str, int]:
    unknown = msg("No class can be joined with this code. Look at it once more, or ask for it.")
    return render(Join(BadInput("code", unknown))), 422
