"""What trainers write, for the tests: documents, sets, and questions that pass all checks.

The bridge is in English alone: a set may be in one language. The harbour is for the editor: its
questions are empty at first, and its text has signs that are easily miscounted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from quiz.content.format.canonical import document_to_dict, draft_to_dict
from quiz.domain.question_set import Draft, DraftEvidence, Region, RegionKind, SourceDocument
from quiz.domain.quote import Quote, Span
from quiz.domain.verdict import Rule, Stance, Verdict
from quiz.models import DeskDocument, DeskQuestion, DeskSet, Player, Right, SetShare
from quiz.services.desk import quoting, rights, sets
from quiz.services.desk.contents import documents_in, questions_in
from quiz.services.desk.slugs import free_document_slug
from quiz.storage.db import writing
from tests.factories import NOW, both

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LINES = (
    "The bridge over the Lave was opened on 4 May 1931.",
    "It carried trams until the autumn of 1958, when the line was closed.",
    "According to the town council, the paint could be renewed next year.",
    "The architect, a woman from Brest, never came to the opening.",
)
TEXT = "\n".join(LINES) + "\n"
HARBOUR = (
    "Le port compte 12 bateaux 🛥️ et «\u00a0deux grues\u00a0», dit le maire.\n"
    "Personne n’a vu la cloche.\n"
    "Le port compte 12 bateaux 🛥️ le soir aussi.\n"
)
"""French, with signs beyond the first plane and no-break spaces; its beginning stands twice."""


def add_question(
    session: Session, trainer: Player, set_id: int, start: Draft, now: datetime
) -> DeskQuestion:
    """A new question at the end of a set that the trainer may edit."""
    with writing(session):
        row = rights.set_of(session, trainer, set_id, Right.EDIT, lock=True)
        return sets.append(session, row, [start], trainer, now)[0]


def a_document(slug: str = "bridge", text: str = TEXT, **overrides: Any) -> SourceDocument:
    """A document about a bridge, described in English."""
    values = {
        "slug": slug,
        "text": text,
        "title": {"en": "The bridge over the Lave"},
        "kind": {"en": "A short report"},
        "provenance": {"en": "The paper speaks for itself."},
        "date_note": {"en": "The page states no date."},
        "language": "en",
        "regions": (Region(RegionKind.ARTICLE, Span(0, len(text))),),
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


def create_document(
    session: Session, owner: Player, slug: str = "bridge", **overrides: Any
) -> DeskDocument:
    """A document at the desk; overrides as for a_document."""
    row = DeskDocument(
        slug=slug,
        owner_id=owner.id,
        body=document_to_dict(a_document(slug, **overrides)),
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(row)
    session.commit()
    return row


def create_harbour(session: Session, owner: Player, text: str = HARBOUR) -> DeskDocument:
    """A document in French, described in both languages."""
    described = {"title": both("Port"), "kind": both("A report")}
    described |= {"provenance": both("The paper itself"), "date_note": both("Stated")}
    slug = free_document_slug(session, "Port")
    return create_document(
        session, owner, slug, text=text, language="fr", published="2026-01-15", **described
    )


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


def create_question(
    session: Session, owner: Player, text: str = HARBOUR, now: datetime = NOW
) -> DeskQuestion:
    """An empty question in a new set on one document, the harbour's."""
    document = create_harbour(session, owner, text)
    made = sets.create_set(session, owner, both("Harbour"), ["fr", "en"], [document.id], now)
    return quoting.start_question(session, owner, made.id, now)


def slug_of(session: Session, question: DeskQuestion) -> str:
    """The slug of the first document that a question can quote."""
    return next(iter(documents_in(session, session.get_one(DeskSet, question.set_id))))


def share(
    session: Session, question: DeskQuestion, trainer: Player, right: Right = Right.EDIT
) -> None:
    """Let another trainer in."""
    session.add(SetShare(set_id=question.set_id, trainer_id=trainer.id, right=right))
    session.commit()


def ids_in(session: Session, desk_set: DeskSet) -> list[int]:
    """The ids of a set's questions, in order."""
    return [row.id for row in questions_in(session, desk_set)]


def rewrite(session: Session, row: DeskQuestion, draft: Draft) -> None:
    """Store other words for a question at the desk."""
    row.body = draft_to_dict(draft)
    session.commit()
