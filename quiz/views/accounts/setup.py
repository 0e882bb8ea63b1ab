"""The first trainer: a link that the start of the game prints, good once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from ...domain.errors import BadInput, NotFound
from ...services.accounts import trainers
from ...storage.db import db
from ...web.access import enter
from ...web.pages import Page, render

bp = Blueprint("setup", __name__, url_prefix="/setup")


@dataclass(frozen=True, slots=True)
class Setup(Page):
    """The form for the first trainer."""

    template: ClassVar = "accounts/setup.html"
    error: BadInput | None = None


@bp.get("/<token>")
def form(token: str) -> str:
    """The form for the first trainer's name and passphrase."""
    _check(token)
    if trainers.has_trainer(db.session()):
        raise NotFound
    return render(Setup())


@bp.post("/<token>")
def made(token: str) -> Redirect | tuple[str, int]:
    """Make the first trainer's account and sign in."""
    _check(token)
    name, passphrase = request.form.get("name", ""), request.form.get("passphrase", "")
    try:
        trainer = trainers.add_first_trainer(db.session(), name, passphrase, datetime.now(UTC))
    except BadInput as error:
        return render(Setup(error)), 422
    current_app.config["SETUP_TOKEN"] = None
    enter(trainer)
    flash(_("The trainer’s account is made. The set-up link no longer works."), "good")
    return redirect(url_for("classes.index"), 303)


def _check(token: str) -> None:
    """Raise NotFound unless this is the link that the start of the game printed."""
    expected = current_app.config.get("SETUP_TOKEN")
    if not expected or not secrets.compare_digest(
        expected.encode(), token.encode("utf-8", "replace")
    ):
        raise NotFound
