"""The sets that come with the game, to look at and to copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from ...domain.errors import NotFound
from ...services.desk import copies
from ...services.library.catalogue import StoredSet
from ...storage.db import db
from ...web.access import trainer
from ...web.pages import Page, render
from .sets import bp, shipped_sets


@dataclass(frozen=True, slots=True)
class ShippedSet(Page):
    """A set that comes with the game, with everything that is in it."""

    template: ClassVar = "desk/shipped.html"
    set: StoredSet


@bp.get("/library/<slug>")
def shipped(slug: str) -> str:
    """A shipped set with its verdicts, quotes and explanations: nothing to play any more."""
    trainer()
    return render(ShippedSet(_shipped(slug)))


@bp.post("/library/<slug>/duplicate")
def adopt(slug: str) -> Redirect:
    """A copy of a shipped set, with its documents, to edit."""
    made = copies.adopt_shipped(db.session(), trainer(), _shipped(slug), datetime.now(UTC))
    flash(_("This is your copy. The set it was made from stays as it is."), "good")
    return redirect(url_for(".show", set_id=made.id), 303)


def _shipped(slug: str) -> StoredSet:
    for stored in shipped_sets():
        if stored.slug == slug:
            return stored
    raise NotFound(slug)
