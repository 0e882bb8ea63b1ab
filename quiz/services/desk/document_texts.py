"""The text of a document: its regions marked and noted, and a new text in its place.

What was published has its own version of the text, which nothing here touches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...content.intake.reanchor import Anchored, Anchoring, carry_regions, reanchor
from ...domain.differences import Segment, word_changes
from ...domain.errors import BadInput, Conflict
from ...domain.message import msg
from ...domain.question_set import LANGUAGES, Draft, Region, RegionKind, SourceDocument
from ...domain.quote import Quote, Span
from ...domain.regions import mark, note
from ...models import DeskDocument, DeskSet, DeskSetDocument, Player, Right
from ...storage.db import writing
from . import editing
from .contents import draft, questions_in, source
from .documents import FIELD_TOO_LONG, store, usable_text
from .rights import document_of, sets_of

LONGEST_NOTE = 1500


@dataclass(frozen=True, slots=True)
class QuoteFate:
    """A quote of a question, and what becomes of it in a new text."""

    question: Draft
    quote: Quote
    anchored: Anchored

    @property
    def changes(self) -> tuple[Segment, ...]:
        """What differs between the quote and the passage nearest to it."""
        return word_changes(self.quote.exact, self.anchored.nearest or "")


@dataclass(frozen=True, slots=True)
class SetFates:
    """The quotes of a set in a new text."""

    desk_set: DeskSet
    quotes: tuple[QuoteFate, ...]

    def of(self, kind: Anchoring) -> tuple[QuoteFate, ...]:
        """Those with this fate."""
        return tuple(fate for fate in self.quotes if fate.anchored.kind is kind)


@dataclass(frozen=True, slots=True)
class NewText:
    """What a new text would bring: its regions, and what becomes of every quote.

    `sets` are those the trainer can see, `elsewhere` how many quotes other sets have. `disclosures`
    are the document's own quotes; headline and disclosures may stand no more.
    """

    document: SourceDocument
    sets: tuple[SetFates, ...]
    elsewhere: int
    is_same: bool
    headline_stands: bool
    disclosures: tuple[tuple[Quote, Anchored], ...]

    def count(self, kind: Anchoring) -> int:
        """How many quotes in the sets that are seen have this fate."""
        return sum(len(fates.of(kind)) for fates in self.sets)


def mark_region(
    session: Session,
    trainer: Player,
    document_id: int,
    kind: RegionKind,
    span: Span,
    version: int,
    now: datetime,
) -> SourceDocument:
    """Give the lines that a span touches a kind. Raises Conflict for another version, NotFound."""
    with writing(session):
        row = _held(session, trainer, document_id, version)
        before = source(row)
        after = replace(before, regions=mark(before.regions, span, kind, before.text))
        store(row, after, now)
    return after


def note_region(
    session: Session,
    trainer: Player,
    document_id: int,
    start: int,
    words: Mapping[str, str],
    version: int,
    now: datetime,
) -> SourceDocument:
    """Say what the region that begins at `start` is worth; without words the note goes.

    Raises BadInput on `note`: it is too long, Conflict for another version, NotFound.
    """
    typed = {code: " ".join(words.get(code, "").split()) for code in LANGUAGES}
    if any(len(text) > LONGEST_NOTE for text in typed.values()):
        raise BadInput("note", FIELD_TOO_LONG)
    kept = {code: text for code, text in typed.items() if text}
    with writing(session):
        row = _held(session, trainer, document_id, version)
        before = source(row)
        after = replace(before, regions=note(before.regions, start, kept or None))
        store(row, after, now)
    return after


def look_at_new_text(session: Session, trainer: Player, document_id: int, text: str) -> NewText:
    """What `new_text` would do, without doing it. Raises BadInput on `text`, NotFound."""
    usable_text(text)
    row = document_of(session, trainer, document_id, Right.EDIT)
    return _new_text(session, trainer, row, text, _sets_with(session, row.id))


def new_text(
    session: Session, trainer: Player, document_id: int, text: str, version: int, now: datetime
) -> NewText:
    """Put a new text in the place of the old one; gives what became of the quotes.

    Regions go with their lines. A quote that only needs another prefix or suffix gets it, in every
    set; one that stands no more is left as it is: the set cannot be published with it. Raises
    BadInput on `text`, Conflict for another version, NotFound.
    """
    usable_text(text)
    with writing(session):
        # The sets come first: a question is never held before its set, or a set after a document.
        document_of(session, trainer, document_id, Right.EDIT)
        sets = _sets_with(session, document_id, lock=True)
        row = _held(session, trainer, document_id, version)
        old = source(row)
        found = _new_text(session, trainer, row, text, sets)
        for desk_set in sets:
            _requote_all(session, desk_set, old, text, trainer, now)
        store(row, found.document, now)
    return found


def _new_text(
    session: Session, trainer: Player, row: DeskDocument, text: str, sets: Sequence[DeskSet]
) -> NewText:
    old = source(row)
    regions: tuple[Region, ...] = carry_regions(old.text, old.regions, text)
    disclosures = tuple((d.quote, reanchor(d.quote, old.text, text)) for d in old.disclosures)
    kept = tuple(
        replace(disclosure, quote=anchored.quote or quote)
        for disclosure, (quote, anchored) in zip(old.disclosures, disclosures, strict=True)
    )
    seen = {desk_set.id for desk_set in sets_of(session, trainer)}
    fates = [SetFates(s, tuple(_fates(session, s, old, text))) for s in sets]
    return NewText(
        document=replace(old, text=text, regions=regions, disclosures=kept),
        sets=tuple(f for f in fates if f.desk_set.id in seen),
        elsewhere=sum(len(f.quotes) for f in fates if f.desk_set.id not in seen),
        is_same=text == old.text,
        headline_stands=old.headline is None or old.headline in text,
        disclosures=disclosures,
    )


def _fates(
    session: Session, desk_set: DeskSet, old: SourceDocument, text: str
) -> Iterator[QuoteFate]:
    for row in questions_in(session, desk_set):
        question = draft(row)
        for evidence in question.evidence:
            if evidence.document == old.slug:
                quote = evidence.quote
                yield QuoteFate(question, quote, reanchor(quote, old.text, text))


def _requote_all(
    session: Session, desk_set: DeskSet, old: SourceDocument, text: str, by: Player, now: datetime
) -> None:
    """Give the questions of a set the quotes that stand in the new text, where they can."""
    for row in questions_in(session, desk_set):
        question = draft(row)
        evidence = tuple(
            replace(e, quote=reanchor(e.quote, old.text, text).quote or e.quote)
            if e.document == old.slug
            else e
            for e in question.evidence
        )
        editing.store(session, row, desk_set, replace(question, evidence=evidence), by, now)


def _sets_with(session: Session, document_id: int, lock: bool = False) -> list[DeskSet]:
    """Every set that uses the document, whosever it is."""
    using = select(DeskSetDocument.set_id).where(DeskSetDocument.document_id == document_id)
    query = select(DeskSet).where(DeskSet.id.in_(using)).order_by(DeskSet.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(query))


def _held(session: Session, trainer: Player, document_id: int, version: int) -> DeskDocument:
    """The document, held to be changed. Raises Conflict when it is another version, NotFound."""
    row = document_of(session, trainer, document_id, Right.EDIT, lock=True)
    if row.version != version:
        raise Conflict(
            msg("Somebody changed the document meanwhile. Go back and look at it again.")
        )
    return row
