"""How it works: the rubric, the skills, points and figures, privacy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, abort

from ...config import ROOT
from ...content.writing.guide import Guide, writing_guide
from ...domain.scoring import POINTER_BONUS, Confidence, points
from ...domain.verdict import Rule
from ...services.library.catalogue import Revision, catalogue_of
from ...storage.db import db
from ...web.i18n import ui_language
from ...web.pages import Page, render

bp = Blueprint("guide", __name__, url_prefix="/guide")


@dataclass(frozen=True, slots=True)
class Rubric(Page):
    """The verdicts and their rules, with worked examples."""

    template: ClassVar = "library/rubric.html"
    by_rule: Mapping[Rule, Sequence[Revision]]


@dataclass(frozen=True, slots=True)
class Skills(Page):
    """The skills, with worked examples."""

    template: ClassVar = "library/skills.html"
    by_skill: Mapping[str, Sequence[Revision]]


@dataclass(frozen=True, slots=True)
class Points(Page):
    """Each confidence with its points when right and when wrong; the bonus for the sentence."""

    template: ClassVar = "library/points.html"
    table: Sequence[tuple[Confidence, int, int]]
    bonus: int


@dataclass(frozen=True, slots=True)
class About(Page):
    """What this is, where the files come from, what is stored."""

    template: ClassVar = "library/about.html"


@dataclass(frozen=True, slots=True)
class Writing(Page):
    """How questions are written, in the reader's language."""

    template: ClassVar = "library/writing.html"
    guide: Guide


@bp.get("/")
def rubric() -> str:
    """The three verdicts, the order of questions to ask, and the rules, with worked examples."""
    by_rule = defaultdict(list)
    for example in _examples():
        by_rule[example.question.rule].append(example)
    return render(Rubric(by_rule))


@bp.get("/skills")
def skills() -> str:
    """The skills a question can train, with worked examples."""
    by_skill = defaultdict(list)
    for example in _examples():
        for skill in example.question.skills:
            by_skill[skill].append(example)
    return render(Skills(by_skill))


@bp.get("/points")
def points_and_figures() -> str:
    """What an answer pays and what each figure means."""
    table = [(level, points(level, True), points(level, False)) for level in Confidence]
    return render(Points(table, POINTER_BONUS))


@bp.get("/about")
def about() -> str:
    """What this is, where the files come from, and what is stored of a player."""
    return render(About())


@bp.get("/writing")
def writing() -> str:
    """How questions are written: the guide of the shipped questions, without its file formats."""
    guide = writing_guide(ROOT / "questions", ui_language())
    if guide is None:
        abort(404)
    return render(Writing(guide))


def _examples() -> list[Revision]:
    """Worked examples: questions that no round ever serves, so that nothing is given away."""
    session = db.session()
    sets = catalogue_of(session).sets(session)
    return [r for stored in sets if stored.is_examples for r in stored.revisions]
