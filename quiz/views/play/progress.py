"""One's own figures."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import Blueprint

from ...domain.measures import Summary
from ...services.play.progress import Progress, progress_of
from ...storage.db import db
from ...web.access import player
from ...web.charts import CalibrationChart, RoundsChart, calibration_chart, rounds_chart
from ...web.pages import Page, render

bp = Blueprint("progress", __name__, url_prefix="/progress")


@dataclass(frozen=True, slots=True)
class NoProgress(Page):
    """Nothing was answered yet."""

    template: ClassVar = "play/progress_empty.html"


@dataclass(frozen=True, slots=True)
class ProgressPage(Page):
    """One's own figures, and the form that practises what is due."""

    template: ClassVar = "play/progress.html"
    progress: Progress
    figures: Summary
    rounds_chart: RoundsChart
    calibration_chart: CalibrationChart
    key: str


@bp.get("/")
def index() -> str:
    """Rounds over time, discernment and bias, calibration, sets and skills."""
    who = player()
    found = progress_of(db.session(), who.id, datetime.now(UTC)) if who else None
    if found is None or not found.figures.answers:
        return render(NoProgress())
    return render(
        ProgressPage(
            progress=found,
            figures=found.figures,
            rounds_chart=rounds_chart(found.rounds),
            calibration_chart=calibration_chart(found.figures.levels),
            key=secrets.token_urlsafe(16),
        )
    )
