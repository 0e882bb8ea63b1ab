"""Passages that become a question's evidence: selected by their place, or typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from sqlalchemy.orm import Session

from ...content.checks.question_checks import MAX_SKILLS
from ...content.format.anchors import look_alikes, nearest_span, unique_context, whole_words
from ...domain.errors import BadInput
from ...domain.fields import evidence_key
from ...domain.message import Message, msg
from ...domain.question_set import Draft, DraftEvidence, SourceDocument
from ...domain.quote import Quote, Span, locate, occurrences
from ...models import DeskQuestion, DeskSet, Player, Right
from ...storage.db import writing
from .contents import documents_in, draft, questions_in
from .editing import Saved, hold, now_stored, store
from .rights import set_of
from .sets import append

SHORTEST, LONGEST = 3, 600
"""How many characters a quote has."""
QUOTE_SIZE = msg("A quote has 3 to 600 characters.")
MOST_QUOTES = 8
MOST_PLACES = 5
_AROUND = 60
QUOTE_PLACE = msg("This passage is not in a document of the set. Select it again.")


@dataclass(frozen=True, slots=True)
class QuotablePassage:
    """A passage of a document that can be quoted, with some characters around it."""

    document: SourceDocument
    span: Span

    @property
    def exact(self) -> str:
        """The passage."""
        return self.document.text[self.span.start : self.span.end]

    @property
    def before(self) -> str:
        """What stands right before it."""
        return self.document.text[max(0, self.span.start - _AROUND) : self.span.start]

    @property
    def after(self) -> str:
        """What follows it."""
        return self.document.text[self.span.end : self.span.end + _AROUND]


class UnclearQuote(BadInput):
    """A typed quote stands nowhere, or more than once; `places` are to choose from."""

    def __init__(self, message: Message, places: Sequence[QuotablePassage]) -> None:
        super().__init__("quote", message)
        self.places = tuple(places)


def add_passage(
    session: Session,
    trainer: Player,
    question_id: int,
    document_slug: str,
    span: Span,
    now: datetime,
) -> Saved:
    """Make a stretch of a document, in characters of its text, evidence of a question.

    A word that it cuts is quoted whole; white space at its ends is left out. What is quoted
    already is not quoted twice. Raises BadInput on `quote`, NotFound.
    """
    with writing(session):
        row, desk_set = hold(session, trainer, question_id)
        documents = documents_in(session, desk_set)
        return _add(session, row, desk_set, documents, (document_slug, span), trainer, now)


def add_typed(
    session: Session, trainer: Player, question_id: int, words: str, now: datetime
) -> Saved:
    """Make a typed quote evidence, verbatim as one of the set's documents has it.

    Apostrophes, quotation marks, dashes and kinds of spaces may differ. Raises UnclearQuote with
    the places to choose from when it stands more than once, or with the nearest passage when it
    stands nowhere; BadInput on `quote` when it is too short or long; NotFound.
    """
    with writing(session):
        row, desk_set = hold(session, trainer, question_id)
        documents = documents_in(session, desk_set)
        place = _found(words.replace("\r\n", "\n").strip(), documents.values())
        where = (place.document.slug, place.span)
        return _add(session, row, desk_set, documents, where, trainer, now)


def remove_evidence(
    session: Session, trainer: Player, question_id: int, key: str, now: datetime
) -> Saved:
    """Take a quote away; nothing happens when it is gone already. Raises NotFound."""
    with writing(session):
        row, desk_set = hold(session, trainer, question_id)
        before = draft(row)
        kept = tuple(e for e in before.evidence if evidence_key(e) != key)
        changed = store(session, row, desk_set, replace(before, evidence=kept), trainer, now)
        return replace(now_stored(row), has_changed=changed)


def start_question(
    session: Session,
    trainer: Player,
    set_id: int,
    now: datetime,
    passage: tuple[str, Span] | None = None,
    skills: Sequence[str] = (),
) -> DeskQuestion:
    """A new question at the end of a set, on a passage (document and span) if one is given.

    It is named q1, q2, …; its date is the document's if that states one day. Raises BadInput on
    `quote`, or on `questions` when the set is full, NotFound.
    """
    with writing(session):
        desk_set = set_of(session, trainer, set_id, Right.EDIT, lock=True)
        documents = documents_in(session, desk_set)
        evidence: tuple[DraftEvidence, ...] = ()
        source = next(iter(documents.values()), None) if len(documents) == 1 else None
        if passage is not None:
            place = _place(documents, *passage)
            evidence, source = (_evidence(place),), place.document
        start = Draft(
            id=_next_key(row.key for row in questions_in(session, desk_set)),
            as_of=_one_day(source.published) if source else "",
            skills=tuple(dict.fromkeys(skills))[:MAX_SKILLS],
            evidence=evidence,
        )
        return append(session, desk_set, [start], trainer, now)[0]


def placed(
    questions: Iterable[Draft], documents: Mapping[str, SourceDocument]
) -> Iterator[tuple[Draft, DraftEvidence, Span]]:
    """Every quote of these questions that stands in its document, with its place."""
    for question in questions:
        for evidence in question.evidence:
            document = documents.get(evidence.document)
            span = locate(evidence.quote, document.text) if document else None
            if span is not None:
                yield question, evidence, span


def _add(
    session: Session,
    row: DeskQuestion,
    desk_set: DeskSet,
    documents: Mapping[str, SourceDocument],
    where: tuple[str, Span],
    by: Player,
    now: datetime,
) -> Saved:
    before = draft(row)
    new = _evidence(_place(documents, *where))
    if evidence_key(new) in map(evidence_key, before.evidence):
        return now_stored(row)
    if len(before.evidence) >= MOST_QUOTES:
        raise BadInput("quote", msg("A question has at most 8 quotes. Remove one first."))
    evidence = _in_order((*before.evidence, new), documents)
    changed = store(session, row, desk_set, replace(before, evidence=evidence), by, now)
    return replace(now_stored(row), has_changed=changed)


def _place(documents: Mapping[str, SourceDocument], slug: str, span: Span) -> QuotablePassage:
    """The passage without white space at its ends. Raises BadInput."""
    document = documents.get(slug)
    if document is None or not 0 <= span.start < span.end <= len(document.text):
        raise BadInput("quote", QUOTE_PLACE)
    start, end = whole_words(document.text, span.start, span.end)
    if not SHORTEST <= end - start <= LONGEST:
        raise BadInput("quote", QUOTE_SIZE)
    return QuotablePassage(document, Span(start, end))


def _evidence(place: QuotablePassage) -> DraftEvidence:
    quote = Quote(place.exact)
    if locate(quote, place.document.text) is None:
        unique = unique_context(quote, place.span, place.document.text)
        if unique is None:
            raise BadInput(
                "quote", msg("This passage stands more than once. Select a few words more.")
            )
        quote = unique
    return DraftEvidence(place.document.slug, quote)


def _found(words: str, documents: Iterable[SourceDocument]) -> QuotablePassage:
    """The one place where typed words stand. Raises BadInput, UnclearQuote."""
    if not SHORTEST <= len(words) <= LONGEST:
        raise BadInput("quote", QUOTE_SIZE)
    files = list(documents)
    places = list(islice(_places(words, files), MOST_PLACES))
    if len(places) == 1:
        return places[0]
    if places:
        raise UnclearQuote(msg("These words stand in several places. Choose one."), places)
    near = [(document, nearest_span(words, document.text)) for document in files]
    offered = [QuotablePassage(document, span) for document, span in near if span is not None]
    usable = [place for place in offered if SHORTEST <= len(place.exact) <= LONGEST]
    if not usable:
        raise UnclearQuote(msg("No document of the set says anything like it."), ())
    raise UnclearQuote(msg("These words do not stand there. This passage is the nearest:"), usable)


def _places(words: str, documents: Sequence[SourceDocument]) -> Iterator[QuotablePassage]:
    """Where the words stand: exactly if anywhere, else but for signs that look alike."""
    exactly = [
        QuotablePassage(d, span) for d in documents for span in occurrences(Quote(words), d.text)
    ]
    yield from exactly
    if not exactly:
        bare = words.strip('«»“”"\u00a0\u202f ')
        for document in documents:
            yield from (
                QuotablePassage(document, span) for span in look_alikes(bare, document.text)
            )


def _in_order(
    evidence: tuple[DraftEvidence, ...], documents: Mapping[str, SourceDocument]
) -> tuple[DraftEvidence, ...]:
    """Quotes in the order of the documents and of their places; lost ones at the end."""
    order = {slug: n for n, slug in enumerate(documents)}

    def rank(one: DraftEvidence) -> tuple[int, int]:
        document = documents.get(one.document)
        span = locate(one.quote, document.text) if document else None
        return (order.get(one.document, len(order)), span.start if span else 2**31)

    return tuple(sorted(evidence, key=rank))


def _next_key(taken: Iterable[str]) -> str:
    """q1, q2, …: one more than the highest so far, so that a deleted one's does not come back."""
    numbers = [int(key[1:]) for key in taken if key[:1] == "q" and key[1:].isdecimal()]
    return f"q{max(numbers, default=0) + 1}"


def _one_day(published: str | None) -> str:
    """The date, if it is one day and no range."""
    try:
        return date.fromisoformat(published or "").isoformat()
    except ValueError:
        return ""
