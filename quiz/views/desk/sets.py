"""A trainer's sets, own and shared, and the library of shipped ones."""

from __future__ import annotations

from flask import Blueprint, render_template

from ...access import trainer
from ...db import db
from ...services.desk import rights

bp = Blueprint("desk", __name__, url_prefix="/desk")


@bp.get("/")
def index() -> str:
    """The sets that the trainer owns or may read."""
    who = trainer()
    return render_template("desk/index.html", sets=rights.sets_of(db.session(), who), who=who)
