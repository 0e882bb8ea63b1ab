"""Looking back: answered questions, filtered; one of them whole; a document with its marks."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from ...domain.errors import NotFound
from ...domain.question_set import SourceDocument
from ...domain.quote import Span, locate
from ...domain.scoring import Confidence
from ...domain.verdict import Verdict
from ..library.catalogue import Revision, catalogue_of
from ..library.history import Answer, answered_revisions, history

PAGE = 20
SURE_FROM = Confidence.FAIRLY_SURE


@dataclass(frozen=True, slots=True)
class Filters:
    """Which answers to show; None lets everything through. `result`: right, wrong, sure_wrong."""

    set_slug: str | None = None
    verdict: Verdict | None = None
    skill: str | None = None
    result: str | None = None

    def admits(self, answer: Answer) -> bool:
        """Whether the answer belongs on the filtered list."""
        question = answer.revision.question
        right = answer.outcome.right
        sure = answer.final.confidence >= SURE_FROM
        return (
            (self.set_slug is None or answer.revision.set_slug == self.set_slug)
            and (self.verdict is None or question.verdict is self.verdict)
            and (self.skill is None or self.skill in question.skills)
            and {
                None: True,
                "right": right,
                "wrong": not right,
                "sure_wrong": sure and not right,
            }[self.result]
        )


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page of a player's questions, latest first, each with its latest answer."""

    answers: tuple[Answer, ...]
    total: int
    page: int
    pages: int
    set_slugs: tuple[str, ...]
    skills: tuple[str, ...]


def review_page(session: Session, player_id: int, filters: Filters, page: int) -> ReviewPage:
    """The questions a player has answered, a page of 20. A page too far is the last one."""
    latest = {answer.key: answer for answer in history(session, player_id)}
    answered = sorted(latest.values(), key=lambda a: a.answered_at, reverse=True)
    admitted = [a for a in answered if filters.admits(a)]
    pages = max(1, -(-len(admitted) // PAGE))
    page = min(max(1, page), pages)
    return ReviewPage(
        answers=tuple(admitted[(page - 1) * PAGE : page * PAGE]),
        total=len(admitted),
        page=page,
        pages=pages,
        set_slugs=tuple(sorted({a.revision.set_slug for a in answered})),
        skills=tuple(sorted({s for a in answered for s in a.revision.question.skills})),
    )


def reviewed_question(
    session: Session, player_id: int, set_slug: str, question_id: str
) -> tuple[Answer, ...]:
    """A player's answers to one question, latest first.

    Raises NotFound when they have not answered it: the review shows the verdict.
    """
    key = f"{set_slug}/{question_id}"
    answers = [a for a in history(session, player_id) if a.key == key]
    if not answers:
        raise NotFound(key)
    return tuple(reversed(answers))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same claim on other files: with the player's latest answer, None before there is one."""

    files: tuple[SourceDocument, ...]
    answer: Answer | None


def elsewhere(session: Session, player_id: int, revision: Revision) -> tuple[Elsewhere, ...]:
    """On which other files the claim is asked today, word for word, in the order of the set.

    What the player has not answered there stays untold. No query for a claim without a group.
    """
    if revision.contrast is None:
        return ()
    catalogue = catalogue_of(session)
    latest = {answer.key: answer for answer in history(session, player_id)}
    offered = {stored.slug: stored for stored in catalogue.sets(session)}.get(revision.set_slug)
    twins = [
        other
        for other in (offered.revisions if offered else ())
        if other.contrast == revision.contrast and other.key != revision.key
    ]
    return tuple(
        Elsewhere(tuple(catalogue.files_of(session, other).values()), latest.get(other.key))
        for other in twins
        if other.question.claim == revision.question.claim
    )


@dataclass(frozen=True, slots=True)
class AnsweredQuote:
    """A quote, in a document, of a question the player has answered."""

    revision: Revision
    number: int
    span: Span


def answered_quotes(
    session: Session, player_id: int | None, document: SourceDocument
) -> tuple[AnsweredQuote, ...]:
    """The document's quotes of questions that the player has answered, in order; never others.

    A quote that no longer stands in today's version of the document is left out.
    """
    if player_id is None:
        return ()
    ids = session.scalars(answered_revisions(player_id)).all()
    latest = {r.key: r for _, r in sorted(catalogue_of(session).revisions(session, ids).items())}
    found = []
    for revision in latest.values():
        for number, anchor in enumerate(revision.anchors, start=1):
            if anchor.document.slug == document.slug:
                span = locate(anchor.evidence.quote, document.text)
                if span is not None:
                    found.append(AnsweredQuote(revision, number, span))
    return tuple(sorted(found, key=lambda quote: quote.span))
