"""How it works: the rubric, the skills, points and figures, privacy."""

from __future__ import annotations

from collections import defaultdict

from flask import Blueprint, abort, render_template

from ...config import ROOT
from ...content.writing.guide import writing_guide
from ...domain.scoring import POINTER_BONUS, Confidence, points
from ...services.library.catalogue import Revision, catalogue_of
from ...storage.db import db
from ...web.i18n import ui_language

bp = Blueprint("guide", __name__, url_prefix="/guide")


@bp.get("/")
def rubric() -> str:
    """The three verdicts, the order of questions to ask, and the rules, with worked examples."""
    by_rule = defaultdict(list)
    for example in _examples():
        by_rule[example.question.rule].append(example)
    return render_template("library/rubric.html", by_rule=by_rule)


@bp.get("/skills")
def skills() -> str:
    """The skills a question can train, with worked examples."""
    by_skill = defaultdict(list)
    for example in _examples():
        for skill in example.question.skills:
            by_skill[skill].append(example)
    return render_template("library/skills.html", by_skill=by_skill)


@bp.get("/points")
def points_and_figures() -> str:
    """What an answer pays and what each figure means."""
    table = [(level, points(level, True), points(level, False)) for level in Confidence]
    return render_template("library/points.html", table=table, bonus=POINTER_BONUS)


@bp.get("/about")
def about() -> str:
    """What this is, where the files come from, and what is stored of a player."""
    return render_template("library/about.html")


@bp.get("/writing")
def writing() -> str:
    """How questions are written: the guide of the shipped questions, without its file formats."""
    guide = writing_guide(ROOT / "questions", ui_language())
    if guide is None:
        abort(404)
    return render_template("library/writing.html", guide=guide)


def _examples() -> list[Revision]:
    """Worked examples: questions that no round ever serves, so that nothing is given away."""
    session = db.session()
    sets = catalogue_of(session).sets(session)
    return [r for stored in sets if stored.is_examples for r in stored.revisions]
