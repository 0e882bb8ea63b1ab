"""What trainers write, for the tests: a document, and questions on it that pass all checks.

In English alone: a set may be in one language.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from quiz.content.format.canonical import document_to_dict, draft_to_dict
from quiz.domain.question_set import Draft, DraftEvidence, Region, RegionKind, SourceDocument
from quiz.domain.quote import Quote, Span
from quiz.domain.verdict import Rule, Stance, Verdict
from quiz.models import DeskDocument, DeskQuestion, DeskSet, Player, Right
from quiz.services.desk import rights, sets
from quiz.services.desk.contents import questions_in
from quiz.storage.db import writing
from tests.factories import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LINES = (
    "The bridge over the Lave was opened on 4 May 1931.",
    "It carried trams until the autumn of 1958, when the line was closed.",
    "According to the town council, the paint could be renewed next year.",
    "The architect, a woman from Brest, never came to the opening.",
)
TEXT = "\n".join(LINES) + "\n"


def add_question(
    session: Session, trainer: Player, set_id: int, start: Draft, now: datetime
) -> DeskQuestion:
    """A new question at the end of a set that the trainer may edit."""
    with writing(session):
        row = rights.set_of(session, trainer, set_id, Right.EDIT, lock=True)
        return sets.append(session, row, [start], trainer, now)[0]


def a_document(slug: str = "bridge", **overrides: Any) -> SourceDocument:
    """A document about a bridge, described in English."""
    values = {
        "slug": slug,
        "text": TEXT,
        "title": {"en": "The bridge over the Lave"},
        "kind": {"en": "A short report"},
        "provenance": {"en": "The paper speaks for itself."},
        "date_note": {"en": "The page states no date."},
        "language": "en",
        "regions": (Region(RegionKind.ARTICLE, Span(0, len(TEXT))),),
    }
    return SourceDocument(**{**values, **overrides})


def a_draft(number: int, document: str = "bridge", **overrides: Any) -> Draft:
    """A question on the document: 0 is true, 1 is false, 2 is unverified, 3 is true."""
    claim, verdict, rule, stance, why, skill = _QUESTIONS[number]
    values = {
        "id": f"question-{number}",
        "claim": {"en": claim},
        "verdict": verdict,
        "rule": rule,
        "as_of": "2026-01-15",
        "difficulty": 1 + number % 3,
        "skills": (skill,),
        "evidence": (DraftEvidence(document, Quote(LINES[number]), stance),),
        "explanation": {"en": why},
    }
    return Draft(**{**values, **overrides})


_QUESTIONS = (
    (
        "The bridge over the Lave was opened in the spring of 1931.",
        Verdict.TRUE,
        Rule.T1,
        Stance.SUPPORTS,
        "The report says that the bridge “was opened on 4 May 1931”, and May is in spring.",
        "close_reading",
    ),
    (
        "Trams used the bridge over the Lave for more than forty years.",
        Verdict.FALSE,
        Rule.F1,
        Stance.REFUTES,
        "It “carried trams until the autumn of 1958”: that is less than thirty years of trams.",
        "number_check",
    ),
    (
        "The paint of the bridge will be renewed in the coming year.",
        Verdict.UNVERIFIED,
        Rule.U1,
        Stance.HEDGES,
        "The council says that “the paint could be renewed next year”: that is no decision yet.",
        "allegation",
    ),
    (
        "The woman who drew the bridge was absent when it was opened.",
        Verdict.TRUE,
        Rule.T1,
        Stance.SUPPORTS,
        "The report says of the architect that she “never came to the opening” of the bridge.",
        "close_reading",
    ),
)


def create_document(session: Session, owner: Player, slug: str = "bridge") -> DeskDocument:
    """A document at the desk."""
    row = DeskDocument(
        slug=slug,
        owner_id=owner.id,
        body=document_to_dict(a_document(slug)),
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(row)
    session.commit()
    return row


def create_set(
    session: Session,
    owner: Player,
    title: str = "The bridge",
    documents: Sequence[DeskDocument] = (),
    questions: int = 3,
) -> DeskSet:
    """A set at the desk, with questions on its first document: as they are, ready to publish."""
    made = sets.create_set(session, owner, {"en": title}, ["en"], [d.id for d in documents], NOW)
    words = {"en": title}, {"en": "What a report says of it."}, ["en"]
    sets.describe(session, owner, made.id, *words, NOW)
    for number in range(questions):
        add_question(session, owner, made.id, a_draft(number, documents[0].slug), NOW)
    return made


def create_ready_set(session: Session, owner: Player, title: str = "The bridge") -> DeskSet:
    """A set with a document of its own and three questions, ready to publish."""
    slug = title.lower().replace(" ", "-")
    return create_set(session, owner, title, [create_document(session, owner, slug)])


def ids_in(session: Session, desk_set: DeskSet) -> list[int]:
    """The ids of a set's questions, in order."""
    return [row.id for row in questions_in(session, desk_set)]


def rewrite(session: Session, row: DeskQuestion, draft: Draft) -> None:
    """Store other words for a question at the desk."""
    row.body = draft_to_dict(draft)
    session.commit()
