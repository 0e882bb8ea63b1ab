"""One's own figures."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from flask import Blueprint, render_template

from ...services.play.progress import progress_of
from ...storage.db import db
from ...web.access import player
from ...web.charts import calibration_chart, rounds_chart

bp = Blueprint("progress", __name__, url_prefix="/progress")


@bp.get("/")
def index() -> str:
    """Rounds over time, discernment and bias, calibration, sets and skills."""
    who = player()
    found = progress_of(db.session(), who.id, datetime.now(UTC)) if who else None
    if found is None or not found.figures.answers:
        return render_template("play/progress_empty.html")
    return render_template(
        "play/progress.html",
        progress=found,
        figures=found.figures,
        rounds_chart=rounds_chart(found.rounds),
        calibration_chart=calibration_chart(found.figures.levels),
        key=secrets.token_urlsafe(16),
    )
